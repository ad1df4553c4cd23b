"""How long a suggestion at the cursor lets one wait.

    python -m bench.inline_completion [--model qwen2.5-coder-0.5b] [--quantisation mixed] [--save]

Cursors stand in the middle of lines of Python's standard library, in a module of their own each, so that the
engine has nothing of the text above in its cache. There the first suggestion is asked for; then the line is
typed on, four characters at a time, with a suggestion after each; and in other places the first one is given
up while the text is still read, as typing on does, and asked for again with one more character. All in one
process, by the function that answers JupyterLab in the kernel; its pause of 250 ms before it asks is not in
the figures.

Then words of eight such modules are cut somewhere inside, the rest of the line with them, and the suggestion
has to begin with the rest of the word: how many do.
"""

from __future__ import annotations

import importlib
import inspect
import random
import re
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.curves import directory, flags, keep, kept
from bench.machine import load_average
from qwen_magics.chat.infill import Infill, infill
from qwen_magics.chat.local import LocalModel

__all__ = ["PLACES", "Latency", "Place", "finished_words", "measure", "places", "saved", "table"]

# Modules of about the same style, and long enough.
_CALM = ("textwrap", "statistics", "csv", "fractions", "heapq", "calendar")
_HASTY = ("configparser", "zipfile", "tarfile", "ftplib", "shelve", "mailbox")
PLACES = len(_CALM)
_WORDS = ("textwrap", "statistics", "csv", "fractions", "heapq", "calendar", "configparser", "zipfile")
_WORD = re.compile(r"\b[A-Za-z_]{5,}\b")
_LONGEST_LINE, _SHORTEST_LINE = 70, 40
_TYPED = 4  # characters between two suggestions
_GIVE_UP_S = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor in a file: what stands above its line, the line, what stands below."""

    above: str
    line: str
    below: str

    def typed(self, characters: int) -> tuple[str, str]:
        """The text before and after the cursor once so many characters of the line are there."""
        return self.above + self.line[:characters], self.below


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of all suggestions of one kind.

    Attributes:
        situation: what was asked for when.
        requests: how many.
        first_s: to the first token, the median.
        slowest_s: the same, the longest.
        whole_s: to the end of the suggestion, the median.
    """

    situation: str
    requests: int
    first_s: float
    slowest_s: float
    whole_s: float


def places(modules: Sequence[str]) -> list[Place]:
    """A place in the last third of each module's source."""
    return [_place(inspect.getsource(importlib.import_module(name))) for name in modules]


def _place(source: str) -> Place:
    lines = source.splitlines(keepends=True)
    fitting = (
        number
        for number in range(2 * len(lines) // 3, len(lines))
        if _SHORTEST_LINE <= len(lines[number].rstrip()) <= _LONGEST_LINE
    )
    at = next(fitting)
    return Place("".join(lines[:at]), lines[at].rstrip(), "".join(["\n", *lines[at + 1 :]]))


def measure(model: LocalModel, number: int = PLACES) -> list[Latency]:
    """Ask for all suggestions, in `number` places of each kind."""
    infill(model, "import sys\n", "", cancel=threading.Event())  # what only the very first one costs
    first: list[Infill] = []
    going_on: list[Infill] = []
    for place in places(_CALM[:number]):
        begun, *rest = _typing(model, place)
        first.append(begun)
        going_on += rest
    hasty = [_typed_over(model, place) for place in places(_HASTY[:number])]
    return [
        _latency("the first in a place", first),
        _latency("typing on there", going_on),
        _latency("typed on while the first was read", hasty),
    ]


def finished_words(model: LocalModel, per_module: int = 8) -> tuple[int, int]:
    """Of words that are half typed, how many the suggestion finishes as they were, and how many there are."""
    right = asked = 0
    for module in _WORDS:
        source, chance = inspect.getsource(importlib.import_module(module)), random.Random(0)
        later = [word for word in _WORD.finditer(source) if word.start() > len(source) // 2]
        for word in chance.sample(later, per_module):
            cut = word.start() + chance.randint(2, len(word[0]) - 2)
            below = source[source.find("\n", cut) :]
            found = infill(model, source[:cut], below, cancel=threading.Event())
            right += re.match(rf"{source[cut : word.end()]}\b", found.text) is not None
            asked += 1
    return right, asked


def _typing(model: LocalModel, place: Place) -> Iterator[Infill]:
    start = len(place.line) // 2
    for characters in range(start, len(place.line), _TYPED):
        yield infill(model, *place.typed(characters), cancel=threading.Event())


def _typed_over(model: LocalModel, place: Place) -> Infill:
    """The second of two, the first of which is given up; its times count from when that is told to end."""
    start, cancel = len(place.line) // 2, threading.Event()
    given_up = threading.Thread(target=infill, args=(model, *place.typed(start)), kwargs={"cancel": cancel})
    given_up.start()
    time.sleep(_GIVE_UP_S)
    told = time.monotonic()
    cancel.set()
    given_up.join()
    waited = time.monotonic() - told
    found = infill(model, *place.typed(start + 1), cancel=threading.Event())
    return Infill(found.text, found.seconds + waited, found.first_s + waited, found.cancelled)


def _latency(situation: str, found: Sequence[Infill]) -> Latency:
    firsts = [one.first_s for one in found]
    whole = statistics.median(one.seconds for one in found)
    return Latency(situation, len(found), statistics.median(firsts), max(firsts), whole)


def table(rows: Sequence[Latency]) -> str:
    """In Markdown, as the docs have it."""
    lines = [
        "| suggestion | asked for | first token, median | longest | whole suggestion, median |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        seconds = (f"{value:.2f} s" for value in (row.first_s, row.slowest_s, row.whole_s))
        lines.append(f"| {row.situation} | {row.requests} | {' | '.join(seconds)} |")
    return "\n".join(lines)


def saved(model: str) -> list[Latency]:
    """What `--save` kept."""
    return [Latency(**row) for row in kept("inline-completion", model, "latencies")]


def main() -> None:
    """See the module's docstring."""
    asked, before = flags(__doc__), load_average()
    model = LocalModel(directory(asked), provider="cpu")
    rows, threads = measure(model), model.engine.threads
    print(table(rows))
    print("{} of {} words that were half typed are finished as they were".format(*finished_words(model)))
    model.close()
    if asked.save:
        keep("inline-completion", asked.model, "latencies", rows, threads=threads, before=before)


if __name__ == "__main__":
    main()

"""What the first question of a restarted notebook waits for, without and with prompts kept on the disk.

    python -m bench.restart [--model qwen2.5-coder-0.5b] [--save]

Each row is a new process in which the data is there and the model is not loaded: seconds from `ask()` to the
first piece of the query and to the answer. `nothing kept`: as before anything was asked. `same question`: an
earlier process was asked the same, as when a notebook is restarted and run again. `same tables`: it was asked
something else about the same tables. Medians of the rounds, the kinds in turns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.curves import flags, keep, kept
from bench.environments import ROOT
from bench.machine import load_average
from qwen_magics.engine.threads import available_threads

__all__ = ["KINDS", "Start", "saved", "table"]

KINDS = ("nothing kept", "same question", "same tables")
_FLIGHTS = (
    "What is the average departure delay per carrier in @flights, worst first? Join @airlines for the names.",
    "How many of the @flights were cancelled, by the names in @airlines?",
)
_WHOLESALE = ("How many customers are there in each segment?", "How many orders were placed in 2024?")
_SOURCES = {"flights": _FLIGHTS, "wholesale": _WHOLESALE}
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Start:
    """One kind of start over one source.

    Attributes:
        source: `flights` (two frames) or `wholesale` (a DuckDB file of eleven tables).
        kind: one of `KINDS`.
        prompt_tokens, cached_tokens: of the first prompt; what was not computed.
        first_text_s, answer_s: seconds from `ask()`, loading the model included.
        kept_mb: what the folder holds after the question.
    """

    source: str
    kind: str
    prompt_tokens: int
    cached_tokens: int
    first_text_s: float
    answer_s: float
    kept_mb: float


def measure(model: str) -> list[Start]:
    """Every kind over every source."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _ in range(_ROUNDS):
        for source in _SOURCES:
            for kind in KINDS:
                with tempfile.TemporaryDirectory(prefix="prompts-") as folder:
                    if kind != KINDS[0]:
                        _process(model, source, 1 if kind == KINDS[2] else 0, folder)
                    found.setdefault((source, kind), []).append(_process(model, source, 0, folder))
    return [_start(source, kind, samples) for (source, kind), samples in found.items()]


def _start(source: str, kind: str, samples: Sequence[dict[str, Any]]) -> Start:
    last = samples[-1]
    first, answer = (
        round(statistics.median(s[name] for s in samples), 2) for name in ("first_text_s", "answer_s")
    )
    return Start(
        source, kind, last["prompt_tokens"], last["cached_tokens"], first, answer, round(last["kept_mb"], 1)
    )


def _process(model: str, source: str, question: int, folder: str) -> dict[str, Any]:
    """Ask in a process of its own."""
    command = [sys.executable, "-m", "bench.restart", "--ask", model, source, str(question), folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _ask(model: str, source: str, question: int, folder: str) -> None:
    """What the process does."""
    from evals.frames import quickstart
    from evals.wholesale import create
    from qwen_magics.agent import ask, session
    from qwen_magics.model import library

    library.prompts_folder = lambda: Path(folder)
    heard: list[float] = []
    with tempfile.TemporaryDirectory(prefix="wholesale-") as work:
        data: dict[str, Any] = {}
        if source == "wholesale":
            create(Path(work) / "wholesale.duckdb")
            data["sql"] = str(Path(work) / "wholesale.duckdb")
        else:
            frames = quickstart()
            data["data"] = {name: frames[name] for name in ("flights", "airlines")}
        started = perf_counter()
        answer = ask(
            _SOURCES[source][question],
            model=model,
            on_event=lambda event: heard.append(perf_counter()) if event.kind == "text" else None,
            **data,
        )
        seconds = perf_counter() - started
    session.unload()  # waits for what is being saved
    assert answer.trace is not None
    usage = next(span for span in answer.trace.spans if span.kind == "llm").data["usage"]
    found = {
        "prompt_tokens": usage["prompt"],
        "cached_tokens": usage["cached"],
        "first_text_s": heard[0] - started,
        "answer_s": seconds,
        "kept_mb": sum(path.stat().st_size for path in Path(folder).glob("*.kv")) / 1e6,
    }
    print(json.dumps(found))


def saved(model: str) -> list[Start]:
    """The figures that are kept."""
    return [Start(**row) for row in kept("restart", model, "starts")]


def table(starts: Sequence[Start]) -> str:
    """In Markdown, as the docs have it."""
    lines = [
        "| tables | the disk holds | prompt, tokens | computed | first text, s | answer, s | kept, MB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {s.source} | {s.kind} | {s.prompt_tokens:,} | {s.prompt_tokens - s.cached_tokens:,} "
        f"| {s.first_text_s:.2f} | {s.answer_s:.2f} | {s.kept_mb:.0f} |"
        for s in starts
    ]
    return "\n".join(lines)


def main() -> None:
    """See the module's docstring."""
    if sys.argv[1:2] == ["--ask"]:
        model, source, question, folder = sys.argv[2:]
        _ask(model, source, int(question), folder)
        return
    asked, before = flags(__doc__), load_average()
    starts = measure(asked.model)
    print(table(starts))
    if asked.save:
        keep("restart", asked.model, "starts", starts, threads=available_threads(), before=before)


if __name__ == "__main__":
    main()

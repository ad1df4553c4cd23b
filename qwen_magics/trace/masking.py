"""Takes the values out of texts and programs and keeps their build.

Nothing is recognised as a value; all is one but what is known to be none: names of the schema, keywords and
common functions, a list of plain English words. A text can so leak only by its punctuation and line breaks.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

__all__ = ["HOLE", "Mask", "schema_names"]

HOLE = "…"

# Words of our prompts and messages, of SQL and of pandas. None of them is a person's or a place's name.
_WORDS_FILE = Path(__file__).with_name("plain_words.txt")

_TOKEN = re.compile(
    r'''(?P<block>"""(?s:.*?)"""|\'\'\'(?s:.*?)\'\'\')'''
    r"""|(?P<comment>(?:--|\#)[^\n]*)"""
    r"""|(?P<single>'(?:[^'\n]|'')*')|(?P<double>"(?:[^"\n]|"")*")|(?P<tick>`[^`\n]*`)"""
    r"""|(?P<number>\d[\w.,:+-]*)|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<kept>\s+|[!-/:-@\[-`{-~…])|(?P<other>.)""",
)
_DDL = re.compile(r'^CREATE TABLE (?P<table>"(?:[^"]|"")+"|\w+) \(.*$')
_DDL_COLUMN = re.compile(r'^  (?P<column>"(?:[^"]|"")+"|[^\W\d]\w*) [A-Z]')
_HOLES = re.compile(rf"{HOLE}(?:[ \t]*[,.;:]?[ \t]*{HOLE})+")


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    words = _WORDS_FILE.read_text(encoding="utf-8").split()
    return frozenset(words) | {word.casefold() for word in keyword.kwlist}


def schema_names(prompt: str) -> set[str]:
    """Tables and columns of the CREATE TABLE statements of a prompt, as `tools.schema` writes them."""
    names: set[str] = set()
    inside = False
    for line in prompt.splitlines():
        opened = _DDL.match(line)
        column = _DDL_COLUMN.match(line) if inside else None
        if opened or column:
            names.add(_bare(opened["table"] if opened else column["column"]))  # type: ignore[index]
        inside = bool(opened) or (inside and line != ");")
    return names


class Mask:
    """One mask for a whole trace: the same unknown name gets the same new name everywhere in it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.casefold() for name in names}
        self._given: dict[str, str] = {}

    def name(self, name: str) -> str:
        """A name of the schema as it is, any other as `name_1`, `name_2`, …"""
        folded = name.casefold()
        if folded in self._names or folded in _plain():
            return name
        return self._given.setdefault(folded, f"name_{len(self._given) + 1}")

    def prose(self, text: str) -> str:
        """Known words, punctuation and lines stay; the rest becomes `…`, numbers become 0."""
        return _HOLES.sub(HOLE, "".join(self._word(match) for match in _TOKEN.finditer(text)))

    def program(self, text: str) -> str:
        """Known words stay, unknown names get new ones; literals and comments become `…` or 0."""
        return "".join(self._token(match) for match in _TOKEN.finditer(text))

    def _word(self, match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind == "comment":
            mark = "--" if text.startswith("--") else "#"
            return mark + self.prose(text[len(mark) :])
        if kind == "word":
            return text if self._knows(text) else HOLE
        return self._shared(kind, text)

    def _token(self, match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind == "comment":
            return ("--" if text.startswith("--") else "#") + f" {HOLE}"
        if kind == "word":
            return self.name(text)
        if kind == "double" and _bare(text).casefold() in self._given:
            return f'"{self.name(_bare(text))}"'
        return self._shared(kind, text)

    def _shared(self, kind: str | None, text: str) -> str:
        if kind in ("single", "double", "tick", "block"):
            # A text in single quotes is a value in SQL, whatever it says.
            known = kind != "block" and self._knows(_bare(text))
            return text if known and kind != "single" else f"{text[0]}{HOLE}{text[0]}"
        if kind == "number":
            return "0"
        return text if kind == "kept" else HOLE

    def _knows(self, word: str) -> bool:
        return word.casefold() in self._names or word.casefold() in _plain()


def _bare(quoted: str) -> str:
    if len(quoted) > 1 and quoted[0] == quoted[-1] and quoted[0] in "\"'`":
        return quoted[1:-1].replace(quoted[0] * 2, quoted[0])
    return quoted

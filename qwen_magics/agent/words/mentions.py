"""How plainly a question names a column: by its name, by the words that its name shortens, or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from qwen_magics.agent.words.adjectives import measures_of
from qwen_magics.agent.words.naming import UNITS, alike, words_of
from qwen_magics.tools.schema import Column

__all__ = ["FULLY", "Asked", "value_at"]

# From here on, the whole name is said, in whatever form.
FULLY = 0.9
_WHOLE, _MEASURED, _OF_TABLE, _COMMON = 1.0, 0.45, 0.1, 0.3
# What nobody reads to the end names no columns there.
_READ = 2_000
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
# "30 minutes" are no column of minutes.
_AMOUNT = re.compile(r"(?<=\d )(?:second|minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
_BLANK = "zz"
_SHORTEST, _SHORTEST_RUN = 3, 4
# Words of one name that are so far apart belong to others rather.
_APART, _FAR = 3, 0.8
# Words that begin the names of columns, and are none: "are" is no area, "count" no country.
_LITTLE = frozenset(
    (
        *("all", "and", "any", "are", "average", "but", "can", "count", "did", "each", "for", "from", "had"),
        *("has", "have", "her", "his", "how", "its", "least", "list", "mean", "most", "not", "number", "one"),
        *("only", "our", "out", "over", "per", "show", "that", "the", "their", "them", "then", "there"),
        *("this", "total", "two", "was", "were", "what", "when", "where", "which", "who", "with", "you"),
    )
)
# Parts of names that say little alone: the number of orders is no house_number.
_SHARED = frozenset(
    ["code", "count", "date", "day", "name", "number", "num", "time", "total", "type", "year"]
)
# Values that are words as well, in small letters: 'US' and 'AS', but not "us" and "as".
_WORDS_TOO = _LITTLE | frozenset(
    (
        *("a", "am", "an", "as", "at", "be", "by", "do", "go", "he", "i", "if", "in", "is", "it", "me", "my"),
        *("no", "of", "off", "ok", "on", "or", "so", "to", "up", "us", "we"),
    )
)


class Asked:
    """A question, or a piece of one, and the columns that it names.

    Args:
        columns: of the whole table: a word that is the name of one of them is no abbreviation of another's.
        table: name of the table: "how many flights" names no column `flight` of flights.
    """

    def __init__(self, text: str, columns: Sequence[Column] = (), table: str = "") -> None:
        self.text = _AMOUNT.sub("", _POSSESSIVE.sub("", " ".join(text[:_READ].split())))
        self.words = words_of(_without(columns, self.text))
        self._places = {word: at for at, word in reversed(list(enumerate(self.words)))}
        self._names = {parts[0] for c in columns if len(parts := _parts(c.name)) == 1}
        self._table, self._name = words_of(table), table.casefold()
        self._spelled = {_parts(c.name) for c in columns if self._spells(c) is not None}
        # Beside a maximum, min is no minute.
        pairs = {"min"} if any("max" in _parts(column.name) for column in columns) else set()
        self._units = UNITS - pairs

    def ordered(self, columns: Sequence[Column], *, by_measure: bool = False) -> list[Column]:
        """The columns, those first that it names more plainly, then in its order.

        Args:
            by_measure: adjectives name them too; see `agent.words.adjectives`.
        """
        ranks = {column.name: self.said(column, by_measure=by_measure) for column in columns}
        return sorted(columns, key=lambda c: (-ranks[c.name][0], ranks[c.name][1]))

    def place(self, column: Column) -> int | None:
        """Where it says the column's whole name, in whatever form; None where it doesn't."""
        plainly, at = self.said(column)
        return at if plainly >= FULLY and at < len(self.words) else None

    def said(self, column: Column, *, by_measure: bool = False) -> tuple[float, int]:
        """How plainly the column is named, from 0 to 1, and at which of the words."""
        parts = _parts(column.name)
        spelled = self._spells(column)
        if spelled is not None:
            plainly = _OF_TABLE if by_measure and self._is_row(column) else _WHOLE
            return plainly, len(words_of(self.text[: spelled.start()]))
        if parts == tuple(self._table):
            return _OF_TABLE, len(self.words)
        best = max(self._by_words(column, parts), self._by_letters(parts), key=lambda found: found[0])
        if by_measure:
            best = max(best, self._by_measure(parts), key=lambda found: found[0])
        if best[0] < FULLY and self._has_value(column):
            return _WHOLE, len(self.words)
        return best

    def _is_row(self, column: Column) -> bool:
        """Whether it is called as a row of the table: "the heaviest tram" has no number of the tram."""
        return _parts(column.name) == tuple(self._table) and column.name.casefold() != self._name

    def _spells(self, column: Column) -> re.Match[str] | None:
        if column.name not in self.text:
            return None
        return re.search(rf"(?<![\w@]){re.escape(column.name)}(?!\w)", self.text)

    def _by_words(self, column: Column, parts: tuple[str, ...]) -> tuple[float, int]:
        own = [part for part in parts if part not in self._units] or list(parts)
        places = {part: at for part in own if (at := self._place(part)) >= 0}
        if not places:
            return 0.0, len(self.words)
        share = sum(part in places for part in own) / len(own)
        if parts in self._spelled:  # the other one is meant, such as engine and not engines
            share *= _FAR
        if max(places.values()) - min(places.values()) > len(own) + _APART:
            share *= _FAR
        if share < 1.0 and places.keys() <= _SHARED:
            share *= _COMMON
        if any(letter.isdigit() for letter in column.name):
            # s1 is not "s", nor is the second address the first.
            share *= 0.5 if len("".join(own)) >= _SHORTEST else 0.0
        return share, min(places.values())

    def _place(self, part: str) -> int:
        """Where the first word is that the part of a name is, or is an abbreviation of; -1: nowhere."""
        if part in self._places:
            return self._places[part]
        found = [at for word, at in self._places.items() if self._shortens(part, word)]
        return min(found, default=self._run(part))

    def _shortens(self, part: str, word: str) -> bool:
        return word not in _LITTLE and word not in self._names and alike(part, word)

    def _run(self, part: str) -> int:
        """Where words begin of which the part has the beginnings: "tail number" for tailnum."""
        if len(part) < _SHORTEST_RUN:
            return -1
        starts = (at for at, word in enumerate(self.words) if word[0] == part[0])
        return next((at for at in starts if self._made_of(part, at, 0)), -1)

    def _made_of(self, rest: str, at: int, taken: int) -> bool:
        if not rest:
            return taken > 1
        if at >= len(self.words) or taken > _SHORTEST:
            return False
        word = self.words[at]
        shared = next((n for n, (a, b) in enumerate(zip(rest, word, strict=False)) if a != b), None)
        longest = min(len(rest), len(word)) if shared is None else shared
        # One letter will do for the first of two: the time zone is tzone.
        sizes = [*range(longest, _SHORTEST - 1, -1), *([1] if taken == 0 and longest else [])]
        return any(self._made_of(rest[n:], at + 1, taken + 1) for n in sizes)

    def _by_letters(self, parts: Sequence[str]) -> tuple[float, int]:
        """Named by the first letters of words: mpg by "miles per gallon"."""
        name = parts[0] if len(parts) == 1 else ""
        at = self._initials.find(name) if len(name) >= _SHORTEST else -1
        return (FULLY, at) if at >= 0 else (0.0, len(self.words))

    @cached_property
    def _initials(self) -> str:
        return "".join(word[0] for word in self.words)

    def _by_measure(self, parts: Sequence[str]) -> tuple[float, int]:
        for at, word in self._measures:
            if any(alike(word, part) for part in parts):
                return _MEASURED, at
        return 0.0, len(self.words)

    @cached_property
    def _measures(self) -> list[tuple[int, str]]:
        return [(at, noun) for word, at in self._places.items() for noun in measures_of(word)]

    def _has_value(self, column: Column) -> bool:
        texts = (value.strip("'") for value in column.categories or () if value.startswith("'"))
        return any(value_at(text, self.text) >= 0 for text in texts if text)


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, ...]:
    """The words of a column's name, which is looked at for each part that it might play."""
    return tuple(words_of(name))


def _without(columns: Sequence[Column], text: str) -> str:
    """The text without the names of several words that it spells: dep_delay is all that it names."""
    names = [column.name for column in columns if len(_parts(column.name)) > 1 and column.name in text]
    if not names:
        return text
    spelled = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    # As many words as there were, so that the others keep their places.
    return re.sub(
        rf"(?<![\w@])(?:{spelled})(?!\w)", lambda found: " ".join(_BLANK for _ in words_of(found[0])), text
    )


def value_at(value: str, text: str) -> int:
    """Where a text has a value of a column, in any letter case unless it is a word as well; -1: nowhere."""
    exactly = value.casefold() in _WORDS_TOO
    if value.casefold() not in text.casefold():
        return -1
    flags = re.NOFLAG if exactly else re.IGNORECASE
    found = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, flags)
    return -1 if found is None else found.start()

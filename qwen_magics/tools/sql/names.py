"""How names and values are spelled in SQL, so that data can never end a string, a line or a comment."""

from __future__ import annotations

import re

__all__ = ["RESERVED", "is_plain", "plain_form", "printable", "quote_name", "quote_text"]

MAX_VALUE_LENGTH = 40

# Words that DuckDB 1.5 or 2.0 refuses as a bare column, table or alias name; found by trying every keyword (a
# test does so again). Quoting one more would be harmless in SQL but would make a model write odd spellings.
_RESERVED_WORDS = """
    all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case
    cast check collate collation column concurrently constraint create cross default deferrable desc
    describe distinct do else end except false fetch for foreign freeze from full glob group having ilike
    in initially inner intersect into is isnull join lambda lateral leading left like limit natural not
    notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing positional
    primary qualify references returning right select semi show similar some summarize symmetric table
    tablesample then to trailing true union unique unpack unpivot using variadic verbose when where
    window with
"""
RESERVED = frozenset(_RESERVED_WORDS.split()) | {"exists"}  # a bare `exists (` could be either

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def is_plain(name: str) -> bool:
    """Whether SQL reads the name without quotes."""
    return _PLAIN.match(name) is not None and name.casefold() not in RESERVED


def quote_name(name: str) -> str:
    """The name as SQL spells it: bare if it can be, else in double quotes."""
    if is_plain(name):
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def plain_form(name: str) -> str:
    """What models write for a name that needs quotes.

    >>> plain_form("Country Name (ISO)")
    'Country_Name_ISO'
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")


def quote_text(text: str) -> str:
    """A SQL string literal of exactly this text."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def printable(text: str, limit: int = MAX_VALUE_LENGTH) -> str:
    """One line that cannot act: no control or bidi characters, no comment, fence or special-token marks, cut
    at `limit`.
    """
    line = _UNSAFE.sub(" ", text)
    # A zero-width mark would keep the look but break comparison; a visible space is honest about the change.
    line = line.replace("--", "- -").replace("`", "'").replace("<|", "< |").replace("|>", "| >").strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"

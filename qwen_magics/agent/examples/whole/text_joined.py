"""All values as one text: "the different symbols in alphabetical order, separated by a comma and a space".

A small model lists them in rows. Told whole, since each system has a function of its own for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.letter_conditions import text_columns, text_named
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["is_all", "joined_text"]

_ONE = re.compile(
    r"\b(?:as|in|into|to|form\w*|make|get|be) (?:just )?(?:a|one)(?: (?:single|long|one))?"
    r"(?: (?:comma|semicolon)[- ]separated)? (?:text|string|line|cell)\b"
    r"|\bcomma[- ]separated (?:text|string|list|line)\b"
    r"|\b(?:join|concatenat|string)\w* (?:\w+ ){0,6}(?:together|into|with|by)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:separat\w+|divid\w+|delimit\w+|join\w*|split|parted|with|put|concatenat\w+|together)\b[^.;]{0,40}?"
    r"\b(?P<by>(?:commas?|semi-?colons?)(?: and (?:a |one )?(?:space|blank)s?)?"
    r"|slash(?:es)?|hyphens?|dash(?:es)?|(?:vertical )?bars?|pipes?|spaces?|blanks?)\b"
    r"|(?P<adjective>comma|semicolon)[- ]separated",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\b(?:separat\w+|divid\w+|delimit\w+|join\w*) (?:by|with) [\"'“‘](?P<by>[^\"'”’]{1,3})[\"'”’]", re.I
)
_SIGNS = {"comma": ",", "semicolon": ";", "slash": "/", "hyphen": "-", "dash": "-", "bar": "|", "pipe": "|"}
_DIFFERENT = re.compile(
    r"\b(?:different|distinct|unique|each\b[^.;]*\bonce|only once|without repe\w+)\b", re.I
)
_SORTED = re.compile(r"\b(?:alphabet\w*|sorted|in order|a to z|from a to z)\b", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:revers\w*|descending|z to a|backwards)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|every|per|by (?!a\b|one\b|commas?\b|semi))\b", re.IGNORECASE)
_PLAIN = re.compile(
    r"\b(?:text|string|separat\w+|divid\w+|delimit\w+|join\w*|comma|commas|semicolons?|space|spaces|blank|blanks"
    r"|alphabet\w*|order\w*|sort\w*|different|distinct|unique|single|line|cell|ascending|once|slash\w*|hyphens?"
    r"|dash\w*|bars?|pipes?|concatenat\w+|together)\b|[\"'“‘][^\"'”’]{1,3}[\"'”’]",
    re.IGNORECASE,
)


def joined_text(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where it is not asked for, or not certain what is put together, or how."""
    asked = " ".join(question.split())
    sign = _sign(asked)
    if not sign or not _ONE.search(asked) or _EACH.search(_DIFFERENT.sub(" ", asked)) or _DOWN.search(asked):
        return None
    found = _text(asked, tables)
    if found is None or dialect.title not in ("DuckDB", "SQLite"):
        return None
    table, column = found
    name, source = dialect.quote_name(column.name), dialect.quote_name(table.name)
    different, in_order = _DIFFERENT.search(asked) is not None, _SORTED.search(asked) is not None
    once, order = "DISTINCT " if different else "", f" ORDER BY {name}" if in_order else ""
    which = f"{'different ' if different else ''}{column.name} of {table.name}"
    told = (
        f"the {which}{' in alphabetical order' if in_order else ''} as one text, with '{sign}' between them"
    )
    if dialect.title == "SQLite":
        rows = f"(SELECT {once}{name} FROM {source}{order})" if once or order else source
        return Told(told, f"SELECT GROUP_CONCAT({name}, '{sign}') FROM {rows}")
    if not order:
        return Told(told, f"SELECT STRING_AGG({once}{name}, '{sign}') FROM {source}")
    # The grammar of queries has no order within an aggregate.
    rows = f"(SELECT {once}{name} FROM {source}{order}) AS s"
    return Told(told, f"SELECT STRING_AGG({name}, '{sign}') FROM {rows}")


def is_all(question: str, tables: Sequence[Table]) -> bool:
    """Whether the question says nothing more than that: its query is the answer."""
    asked = " ".join(question.split())
    found = _text(asked, tables)
    return found is not None and not says_more(_PLAIN.sub(" ", asked), found[0])


def _text(asked: str, tables: Sequence[Table]) -> tuple[Table, Column] | None:
    words = set(words_of(asked))
    named = [table for table in tables if set(words_of(table.name)) <= words]
    if len(tables) == 1:
        named = list(tables)
    if len(named) != 1 or not text_columns(named[0]):
        return None
    column = text_named(asked, asked, named[0])
    return None if column is None else (named[0], column)


def _sign(asked: str) -> str:
    if (quoted := _QUOTED.search(asked)) is not None:
        return quoted["by"]
    found = _BETWEEN.search(asked)
    if found is None:
        return ""
    said = (found["by"] or found["adjective"]).casefold().replace("semi-", "semi")
    first = said.split()[0]
    if first.rstrip("s") in ("space", "blank"):
        return " "
    sign = next((sign for word, sign in _SIGNS.items() if first.startswith(word)), "")
    # Commas stand with a space behind them unless one comma alone is said.
    return (
        f"{sign} "
        if sign in (",", ";") and ("and" in said or first.endswith("s") or found["adjective"])
        else sign
    )

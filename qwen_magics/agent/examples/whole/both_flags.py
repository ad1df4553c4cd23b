"""One figure of the rows with a flag and of those without it: "what do the paid and the unpaid fines each add
up to?", "average size of the active and the inactive shops". The two are the groups of one column.

A small model makes a column of each word, and adds up the flag itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import numbers_in, source_of
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["FlagSides", "both_flags", "flag_sides"]

# "Paid and unpaid", "the active and the inactive", "members and non-members" of a column `member`.
_PAIR = re.compile(
    r"\b(?:(?P<first>\w{3,}) (?:\w+ )?(?:and|or|vs\.?|versus|than|against|as well as) (?:the |those )?"
    r"(?:un|in|im|non-?|dis|not[ -](?:yet )?|not )(?P=first)"
    r"|(?:un|in|im|non-?|dis|not[ -](?:yet )?)(?P<second>\w{3,}) (?:\w+ )?(?:and|or|vs\.?|versus) "
    r"(?:the |those )?(?P=second))\b",
    re.IGNORECASE,
)
_FIGURES = (
    (re.compile(r"\b(?:averag\w+|means?|avg)\b", re.IGNORECASE), "AVG", "average"),
    (re.compile(r"\bmedians?\b", re.IGNORECASE), "MEDIAN", "median"),
    (re.compile(r"\b(?:add(?:s|ed)? up|totals?|sums?|come to|altogether|together)\b", re.I), "SUM", "total"),
    (re.compile(r"\b(?:how many|number of|counts?)\b", re.IGNORECASE), "COUNT", "number of"),
)
# Anything that limits the rows, divides them further or compares the two figures.
_MORE = re.compile(
    r"\d|%|\b(?:only|where|whose|who|since|before|after|during|between|per|by|month|year|week|day|share|percent\w*"
    r"|proportion|ratio|difference|differ|minus|more|less|fewer|higher|lower|most|least|largest|smallest|biggest"
    r"|correlat\w*|rank\w*|each of|for each|of each|every|without|except|excluding|other than|late)\b",
    re.IGNORECASE,
)
_FLAG = frozenset(
    {"0", "1", "0.0", "1.0", "true", "false", "'yes'", "'no'", "'y'", "'n'", "'t'", "'f'", "'0'", "'1'"}
)
_KEY = re.compile(r"(?:^|_)(?:id|key|nr|no)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FlagSides(Told):
    """With the name of the column that tells the two apart."""

    flag: str


def both_flags(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where it is not asked for, or a part is unclear."""
    return flag_sides(question, tables, dialect)


def flag_sides(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> FlagSides | None:
    """The same, with the flag."""
    pair = _PAIR.search(question)
    figures = [found for found in _FIGURES if found[0].search(question)]
    if pair is None or len(figures) != 1 or _MORE.search(question):
        return None
    word = pair["first"] or pair["second"]
    flags = [
        (t, c) for t in tables for c in t.columns if name_parts(c)[-1:] == words_of(word) and _is_flag(c)
    ]
    if len(flags) != 1:
        return None
    table, flag = flags[0]
    if len(tables) > 1 and words_of(table.name)[-1] not in words_of(question):
        return None
    _, function, told = figures[0]
    name = dialect.quote_name
    if function == "COUNT":
        figure, what = "COUNT(*)", table.name
    else:
        measured = _measured(question, table, flag)
        if measured is None:
            return None
        figure, what = f"{function}({name(measured.name)})", measured.name
    query = f"SELECT {name(flag.name)}, {figure} AS {told.split()[0]} FROM {source_of(table, dialect)}"
    # In the question's words for the two: a small model makes a column of each otherwise.
    asked = f"{told} {what} of the {pair[0]} {table.name}, a row for each kind of {flag.name}"
    return FlagSides(asked, f"{query} GROUP BY {name(flag.name)}", flag.name)


def _is_flag(column: Column) -> bool:
    values = {value.casefold() for value in (column.categories or column.samples)}
    return column.dtype.startswith("BOOL") or (bool(values) and values <= _FLAG)


def _measured(question: str, table: Table, flag: Column) -> Column | None:
    """The number that is named, or else the only one that is no key."""
    keys = {join.column for join in table.joins}
    numbers = [c for c in table.columns if is_number(c) and c is not flag and not _is_flag(c)]
    numbers = [c for c in numbers if c.name not in keys and not c.unique and not _KEY.search(c.name)]
    named = [column for column in numbers_in(question, table) if column in numbers] or numbers
    return named[0] if len(named) == 1 else None

"""The place of one thing within its group: of Sweden among those of Europe, by one number in one year.

A small model ranks the groups, or the thing among all. Who is asked about is a name that is no listed value,
its group one that is. The year, the number and the way round are said as well: the query can be written out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.words.mentions import FULLY, Asked, value_at
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Placed", "placed"]

_RANK = re.compile(
    r"\b(?:which|what) (?:place|rank|position|spot)\b|\brank(?:s|ed|ing)?\b|\bhow high\b"
    r"|\bwhere (?:do|does|did)\b.*\b(?:stand|come|finish|land)\b|\bplaced?\b",
    re.IGNORECASE,
)
# A list of ranks, one of each group, or of figures that are to be added up first.
_OTHER = re.compile(
    r"\b(?:each|every|per|all ranks|list|top \d+|first \w+ of|totals?|sums?|average|mean|median|number of"
    r"|how many|change\w*|growth|between|than|times|correlat\w*)\b|^\W*rank\b",
    re.IGNORECASE,
)
_LOW_FIRST = re.compile(
    r"\b(?:lowest|smallest|least|shortest|cheapest|poorest|lightest|worst|slowest|fewest) (?:(?:one|value"
    r"|being|is|as|comes?|gets?|has|counts? as|ranks?|first|1|one|number|place|rank|=) ?)+|\bascending\b"
    r"|\bfrom (?:the )?(?:bottom|below|lowest|smallest)\b",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:lowest|smallest|least|shortest|cheapest|poorest|lightest|worst|bottom|asc\w*)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\w.,-])(?:1[5-9]|20)\d\d(?![\w%]|[.,-]\d)")
_NUMBER = re.compile(r"\d+")
# A name within a sentence, of one word or several.
_NAME = re.compile(r"(?<=[\w,;:(] )(?!I\b)[A-Z][\w'’-]*(?: (?:of |the )?[A-Z][\w'’-]*)*")
_PERIODS = frozenset(("date", "day", "decade", "hour", "month", "quarter", "week", "year"))


@dataclass(frozen=True, slots=True)
class Placed:
    """What is asked, in words, and the query of it."""

    told: str
    query: str


def placed(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Placed | None:
    """The query over the one table; None where not all of it can be told."""
    if len(tables) != 1 or not _RANK.search(question) or _OTHER.search(question):
        return None
    table, low_first = tables[0], _LOW_FIRST.search(question) is not None
    if not low_first and _LOW.search(question):
        return None
    groups = [(c, text) for c in table.columns for text in _values(c) if value_at(text, question) >= 0]
    asked = Asked(question, table.columns, table.name)
    measured = [c for c in table.columns if is_number(c) and not is_year(c) and asked.said(c)[0] >= FULLY]
    years = _years(question, table)
    if len(groups) != 1 or len(measured) != 1 or years is None:
        return None
    (group, text), member = groups[0], _member(question, table, groups[0][1])
    if member is None or member[0] is group:
        return None
    name, when = dialect.quote_name, [f"{dialect.quote_name(c.name)} = {year}" for c, year in years]
    value, source = name(measured[0].name), name(table.name)
    one = " AND ".join((*when, f"{name(member[0].name)} = {dialect.quote_text(member[1])}"))
    of_group = " AND ".join((*when, f"{name(group.name)} = {dialect.quote_text(text)}"))
    query = (
        f"SELECT COUNT(*) + 1 FROM {source} WHERE {of_group} AND {value} {'<' if low_first else '>'} "
        f"(SELECT {value} FROM {source} WHERE {one})"
    )
    end, during = "lowest" if low_first else "highest", "".join(f" of {year}" for _, year in years)
    said = (
        f"which place has {member[1]} among those of {text} by the {measured[0].name}{during}, {end} first?"
    )
    return Placed(said, query)


def _years(question: str, table: Table) -> list[tuple[Column, str]] | None:
    """The condition on the year: one, or none of a table that has none; None where it cannot be told."""
    said = list(dict.fromkeys(_YEAR.findall(question)))
    if set(_NUMBER.findall(question)) - {"1", *said, *_NUMBER.findall(table.name)}:
        return None
    periods = [c for c in table.columns if is_year(c) or has_days(c) or c.name.casefold() in _PERIODS]
    if not periods and not said:
        return []
    return [(periods[0], said[0])] if len(periods) == len(said) == 1 and is_year(periods[0]) else None


def _member(question: str, table: Table, group: str) -> tuple[Column, str] | None:
    """The one other name, and the one column of texts that are too many to be listed."""
    known = {table.name, group, *(c.name for c in table.columns)}
    names = dict.fromkeys(re.sub(r"['’]s?$", "", n) for n in _NAME.findall(question))
    others = [n for n in names if n not in known and not group.startswith(n)]
    columns = [
        c for c in table.columns if c.dtype.startswith(("VARCHAR", "TEXT", "CHAR")) and not has_days(c)
    ]
    columns = [c for c in columns if c.categories is None]
    return (columns[0], others[0]) if len(others) == 1 and len(columns) == 1 else None


def _values(column: Column) -> list[str]:
    return [value[1:-1] for value in column.categories or () if re.fullmatch(r"'[^'\\]+'", value)]

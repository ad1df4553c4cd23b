"""Groups with more than some number of the table's rows: "which makers have more than 20 cars, and how many?"

A small model takes the number for one of a column, `cylinders > 20`, and finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.said_conditions import said_conditions
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import alike, tables_named, words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["RowThreshold", "row_threshold", "threshold_rows"]

_NUMBER = rf"\d[\d,]*|{'|'.join(NUMBERS)}"
_SIGNS = {
    ">": "more than|over|above|upwards of",
    ">=": "at least|no fewer than|no less than|not less than",
    "<": "fewer than|less than|under|below",
    "<=": "at most|no more than|not more than|up to",
    "=": "exactly|just|precisely",
}
_ROWS = (
    rf"\b(?:(?P<sign>{'|'.join(_SIGNS.values())}) (?P<number>{_NUMBER})"
    rf"|(?P<plain>{_NUMBER}) or (?P<end>more|fewer"
    rf"|less)) (?P<such>(?:[a-z][\w-]* ){{0,2}}?)@?(?P<noun>NOUN)\b"
)
_ASKED = re.compile(
    r"^\W*(?:(?:list|show|give|name|find)(?: me)?(?: all| every)?(?: the)?|(?:which|what))"
    r"(?: of the)? (?P<group>\w+)(?: \w+){0,3}? (?:have|has|had|with|made|make|flew|sold|got"
    r"|get|operate[sd]?|offer(?:s|ed)?)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\b(?:how many|numbers?|counts?)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:averages?|mean|median|total|sum|percent\w*|share|most|\w{4,}est|per|each(?! (?:of"
    r"|has|have|one)\b|\W*$)"
    r"|every|than (?:the|in|any)|both|but|never|not)\b|%",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RowThreshold:
    """How many of the table's rows a group has to have: the condition, the words for it and what it is of."""

    condition: str
    said: re.Match[str]
    number: str


def row_threshold(asked: str, table: Table) -> RowThreshold | None:
    """The only number of rows that the question tells, followed by the table's own name."""
    if any(
        words_of(c.name) == words_of(table.name) and c.name.casefold() == table.name.casefold()
        for c in table.columns
    ):
        return None
    rows = re.compile(_ROWS.replace("NOUN", re.escape(table.name)), re.IGNORECASE)
    found = list(rows.finditer(asked))
    if len(found) != 1 or _goes_on(asked[found[0].end() :], table):
        return None
    said = found[0]
    number = (said["number"] or said["plain"]).replace(",", "").casefold()
    number = str(NUMBERS[number]) if number in NUMBERS else number
    if said["sign"]:
        sign = next(s for s, words in _SIGNS.items() if re.fullmatch(words, said["sign"], re.IGNORECASE))
    else:
        sign = ">=" if said["end"].casefold() == "more" else "<="
    return RowThreshold(f"COUNT(*) {sign} {number}", said, number)


def threshold_rows(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table, with what else limits the rows; None where that is not certain."""
    asked = " ".join(question.replace("@", "").split())
    group = _ASKED.search(asked)
    counted = [table for table in tables if row_threshold(asked, table) is not None]
    # Of several tables, only where none of the others is spoken of.
    if len(counted) != 1 or tables_named(asked, tables)[1:] or len(asked) > 300:
        return None
    table, few = counted[0], row_threshold(asked, counted[0])
    column = _group(group["group"], table) if group is not None and not _OTHER.search(asked) else None
    if few is None or group is None or column is None or not _is_group(column):
        return None
    behind = asked[few.said.end() :]
    how_many = _HOW_MANY.search(behind)
    shown = said_conditions(behind[how_many.start() :], table, dialect) if how_many is not None else None
    limits = said_conditions(f"{asked[: few.said.start()]} , {behind}", table, dialect)
    such = said_conditions(few.said["such"], table, dialect)
    if limits is None or such is None or (how_many and (shown is None or shown.where)):
        return None
    if len(few.said["such"].split()) > len(such.where) + (few.said["such"].strip() == "different"):
        return None
    name, where = dialect.quote_name(column.name), (*limits.where, *such.where, *limits.years)
    count = ", COUNT(*) AS n" if how_many is not None else ""
    query = f"SELECT {name}{count} FROM {source_of(table, dialect)}"
    query += f" WHERE {' AND '.join(where)}" if where else ""
    query += f" GROUP BY {name} HAVING {few.condition}"
    of = f" with {' and '.join(where)}" if where else ""
    return Told(f"which {column.name} has {few.said[0]}{of}{', and how many' if count else ''}?", query)


def _goes_on(behind: str, table: Table) -> bool:
    """Whether the noun only begins the name of something else, of a column."""
    following = re.match(r" ([a-z_]\w*)", behind)
    return following is not None and any(
        words_of(following[1]) == words_of(c.name)[-1:] for c in table.columns
    )


def _group(noun: str, table: Table) -> Column | None:
    """The column of that name, or the one text that is short for it: `dest` of destinations."""
    if (column := group_in(noun, table)) is not None:
        return column
    said = words_of(noun)[-1:]
    texts = [c for c in table.columns if is_text(c) and len(c.name) > len("day")]
    found = [c for c in texts if said and len(own := words_of(c.name)) == 1 and alike(own[0], said[0])]
    return found[0] if len(found) == 1 else None


def _is_group(column: Column) -> bool:
    return not column.unique

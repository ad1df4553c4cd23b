"""Things with more than so many percent of what their group has together: shops with over a third of their
region's sales.

A small model compares with the sum of all rows, or takes the number of percent for a number of something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.mentions import Asked
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["above_share"]

_PARTS = {"half": "50", "a third": "100 / 3.0", "a quarter": "25", "a fifth": "20", "a tenth": "10"}
_PARTS |= {"one third": "100 / 3.0", "two thirds": "200 / 3.0", "three quarters": "75", "one quarter": "25"}
_SIGNS = (
    (r"more than|over|above|upwards of|in excess of|exceed(?:ed|s)?", ">"),
    (r"at least|no less than|not less than", ">="),
    (r"less than|under|below|fewer than", "<"),
    (r"at most|no more than|not more than", "<="),
)
_BOUND = rf"(?P<sign>{'|'.join(said for said, _ in _SIGNS)})"
_PART = rf"(?:(?P<number>\d+(?:\.\d+)?) ?(?:percent|per ?cent|%)|(?P<said>{'|'.join(_PARTS)}))"
_ALL = r"(?:total |whole |entire |overall |combined )?"
_NOUN = r"\w+(?: (?!in\b|of\b|for\b|during\b|by\b|on\b|at\b)\w+)?"
_ASKED = re.compile(
    r"\b(?P<how>how many|which|what|list the|list|find the|find|name the|show the) "
    r"(?:of the )?(?P<thing>\w+) "
    r"(?:(?:that|which|who) )?(?:alone )?(?:\w+ ){0,3}?"
    rf"{_BOUND} {_PART} of (?:all )?(?:"
    rf"(?:the )?{_ALL}(?P<value>{_NOUN}) (?:of|in) (?:its|their|his|her|the same) (?:own )?(?P<group>\w+)"
    rf"|(?:its|their|his|her) (?:own )?(?P<owner>\w+?)['’]s? {_ALL}(?P<own_value>{_NOUN}))(?!\w)",
    re.IGNORECASE,
)
_PLAINLY = 0.4
_OTHER = re.compile(
    r"\b(?:averages?|mean|median|and|or|each|every|per|most|least|highest|lowest|largest|smallest|years?"
    r"|change\w*|than|above|over|number of|count)\b",
    re.IGNORECASE,
)


def above_share(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over one table; None where a column is not certain, or the rest of the question says more."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked) if len(tables) == 1 and len(asked) <= 400 else None
    if found is None:
        return None
    (table,) = tables
    thing, group = group_in(found["thing"], table), group_in(found["group"] or found["owner"], table)
    value = _value(found["value"] or found["own_value"], table)
    rest = f"{asked[: found.start()]} {asked[found.end() :]}"
    where = limited(rest, table, dialect)
    if thing is None or group is None or value is None or thing.name == group.name or where is None:
        return None
    if _OTHER.search(rest) or not _is_one_time(table, where, rest):
        return None
    name = dialect.quote_name
    sign = next(sign for said, sign in _SIGNS if re.fullmatch(said, found["sign"], re.IGNORECASE))
    bound = found["number"] or _PARTS[found["said"].casefold()]
    one, by, total = name(thing.name), name(group.name), f"SUM({name(value.name)})"
    share = f"100.0 * {total} / SUM({total}) OVER (PARTITION BY {by}) AS share"
    inner = f"SELECT {one}, {share} FROM {source_of(table, dialect)}{where} GROUP BY {one}, {by}"
    is_number_asked = found["how"].casefold() == "how many"
    shown = f"COUNT(DISTINCT {one})" if is_number_asked else one
    how = "how many" if is_number_asked else "which"
    told = (
        f"{how} {thing.name} have a share {sign} {bound} percent of the {value.name} of their {group.name}?"
    )
    return Told(told, f"SELECT {shown} FROM ({inner}) AS s WHERE share {sign} {bound}")


def _value(said: str, table: Table) -> Column | None:
    """The one measure that is named, in full or in short: `pop` by population."""
    keys = {join.column for join in table.joins}
    numbers = [c for c in table.columns if is_number(c) and not is_year(c) and c.name not in keys]
    asked = Asked(said, table.columns, table.name)
    named = [column for column in numbers if asked.said(column)[0] >= _PLAINLY]
    return named[0] if len(named) == 1 else None


def _is_one_time(table: Table, where: str, rest: str) -> bool:
    """Whether a table with a row for each year is limited to one, or the question says that all are meant."""
    years = [column for column in table.columns if is_year(column)]
    return not years or any(column.name in where for column in years) or "all years" in rest

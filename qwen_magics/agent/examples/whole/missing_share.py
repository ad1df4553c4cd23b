"""What part of the rows of each group has no value: flights of each airport without a departure time.

A small model takes the rows without one of all rows, or asks of another column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.mentions import Asked
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["missing_share"]

_SHARE = r"(?<!\d )(?<!\d)(?:(?P<percent>percent(?:age)?\b|per ?cent\b|%)|(?:share|proportion|fraction)\b)"
_GROUP = (
    r"(?:of|from|in|at|by|for|to|on) (?:each|every)(?: one)?(?: of (?:the|our|these)"
    r"(?: two| three| four| five| six| ten| \d+)?)? ?(?P<group>\w+)"
)
_LACKS = (
    r"(?:\b(?:have|has|had|with|show|shows|give|gives|there (?:is|was)) no|\(no|\bwithout(?: an?| any)?"
    r"|\black(?:s|ed)?(?: an?| any)?|\bmiss(?:es|ing) (?:an?|the|its|their))"
)
_NO = rf"{_LACKS} (?:known |recorded |stated |given )?(?P<value>[a-z_]\w*(?: (?!in\b|by\b|at\b|and\b)\w+)?)"
_OTHER = re.compile(
    r"\b(?:averages?|mean|median|most|least|highest|lowest|largest|smallest|more|less|fewer|than|above|below"
    r"|over|at least|between|change\w*|total|sum|all|overall|only|but|or)\b",
    re.IGNORECASE,
)
_VERBS = re.compile(r"\b(?:never|not|n't) [\w ]{1,24}?(?=[(),?]|\bthat\b|$)", re.IGNORECASE)
_PLAINLY = 0.9


def missing_share(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over one table; None where the group or the column is not certain."""
    asked = " ".join(question.replace("@", "").split())
    if len(tables) != 1 or len(asked) > 400:
        return None
    (table,) = tables
    share, by, no = (re.search(part, asked, re.IGNORECASE) for part in (_SHARE, _GROUP, _NO))
    if share is None or by is None or no is None:
        return None
    column, group = _column(no["value"], table), group_in(by["group"], table)
    rest = asked
    for found in (share, by, no):
        rest = rest.replace(found[0], " ")
    rest = _VERBS.sub(" ", rest)
    where = limited(rest, table, dialect)
    if column is None or group is None or column is group or where is None or _OTHER.search(rest):
        return None
    name, hundred = dialect.quote_name, "100.0" if share["percent"] else "1.0"
    key, value = name(group.name), name(column.name)
    figure = f"{hundred} * SUM(CASE WHEN {value} IS NULL THEN 1 ELSE 0 END) / COUNT(*) AS share"
    told = f"what share of the {table.name} of each {group.name} has no {column.name}?"
    return Told(told, f"SELECT {key}, {figure} FROM {source_of(table, dialect)}{where} GROUP BY {key}")


def _column(said: str, table: Table) -> Column | None:
    """The one column with gaps that is named."""
    asked = Asked(said, table.columns, table.name)
    ranks = {c.name: asked.said(c)[0] for c in table.columns if c.nulls}
    named = [c for c in table.columns if ranks.get(c.name, 0) >= _PLAINLY]
    return named[0] if len(named) == 1 else None

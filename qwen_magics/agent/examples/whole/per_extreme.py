"""Where one sum is largest or smallest in relation to another: "in which year was investment smallest
relative to GDP, both summed over the quarters?"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of, spelled_group
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.said_conditions import said_conditions
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["per_extreme"]

_LINK = (
    r"(?:in relation to|relative to|in proportion to|compared (?:to|with)|measured against"
    r"|as a (?:share|percentage|part|fraction|proportion) of)"
)
_ASKED = re.compile(r"^\W*(?:in |for |on |at )?(?:which|what) (?P<group>[\w]+)\b", re.IGNORECASE)
_HIGH = r"(?:largest|highest|greatest|biggest|most)"
_LOW = r"(?:smallest|lowest|least)"
_RATIO = re.compile(
    rf"(?P<one>[\w. ]{{1,60}}?),? (?:(?P<high>{_HIGH})|(?P<low>{_LOW})),? {_LINK} (?P<two>[^,?;]{{1,60}})"
    rf"|(?:the )?(?:(?P<high2>{_HIGH})"
    rf"|(?P<low2>{_LOW})) (?P<one2>[\w. ]{{1,60}}?),? {_LINK} (?P<two2>[^,?;]{{1,60}})"
    rf"|(?:the )?(?:(?P<high3>{_HIGH})"
    rf"|(?P<low3>{_LOW})) ratio of (?P<one3>[\w. ]{{1,60}}?) (?:to"
    rf"|over) (?P<two3>[^,?;]{{1,60}})",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:change\w*|gr[eo]w\w*|rose|fell|previous|before|each|every|three|five|ten|top|median|own"
    r"|number of|how (?:many|much)|average)\b",
    re.IGNORECASE,
)


def per_extreme(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None unless a group and both numbers are named."""
    asked = " ".join(question.replace("@", "").split())
    group, ratio = _ASKED.search(asked), _RATIO.search(asked)
    if len(tables) != 1 or len(asked) > 300 or group is None or ratio is None or _OTHER.search(asked):
        return None
    table, column = tables[0], group_in(group["group"], tables[0])
    at = next(end for end in ("", "2", "3") if ratio[f"one{end}"])
    one, two = named_numbers(ratio[f"one{at}"], table), named_numbers(ratio[f"two{at}"], table)
    by = spelled_group(column, group["group"], dialect) if column is not None else ""
    limits = said_conditions(f"{asked[: ratio.start()]} , {asked[ratio.end() :]}", table, dialect)
    if not by or len(one) != 1 or len(two) != 1 or one[0] is two[0] or limits is None:
        return None
    where = (*limits.where, *limits.years)
    name, low = dialect.quote_name, ratio[f"low{at}"] is not None
    shown = (
        by
        if by == name(column.name if column is not None else "")
        else f"{by} AS {words_of(group['group'])[0]}"
    )
    share = f"1.0 * SUM({name(one[0].name)}) / SUM({name(two[0].name)})"
    query = (
        f"SELECT {shown} FROM {source_of(table, dialect)}{' WHERE ' + ' AND '.join(where) if where else ''}"
    )
    query += f" GROUP BY {by} ORDER BY {share}{'' if low else ' DESC'} LIMIT 1"
    end = "smallest" if low else "largest"
    told = f"which {group['group']} has the {end} sum of {one[0].name} over the sum of {two[0].name}?"
    return Told(told, query)

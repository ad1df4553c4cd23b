"""The best of the group that is at the end of a scale itself: at the site with the lowest mean yield, the
variety with the highest yield there.

A small model finds the group in an inner query, and then shows all of its rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, LOW
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["best_of_chosen"]

_BY = {
    "AVG": r"\b(?:average|mean)\b",
    "SUM": r"\b(?:total|summed|combined)\b",
    "COUNT": r"\b(?:rows|records|entries)\b",
}
_SAID = {"AVG": "average", "SUM": "total", "COUNT": "number of rows by"}
_ONE = (
    r"(?P<group>\w+)(?: (?:of|in|from) @?\w+)? (?:with|that has|which has|having|that had) "
    rf"the (?P<how>{EXTREME})"
)
# "Take the site with the lowest mean yield: …", "At the site with the lowest mean yield, …"
_FIRST = re.compile(
    rf"^\W*(?:take|find|consider|look at|pick|in|at|for|on|of|within) the {_ONE} (?P<by>[\w"
    rf" ]{{3,40}})[:,.;] ",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?:which|what) (?P<thing>\w+) (?:there )?(?:had|has|was|is|showed|gave|reached|got)(?: there)? the "
    rf"(?P<end>{EXTREME}) (?P<value>[\w ]{{2,40}}?)(?: (?:there|of that \w+|in that \w+|at that \w+))?"
    r"(?P<rest> (?:in|of|during) [^?.;,]*)?\W*$",
    re.IGNORECASE,
)
_LIKE = re.compile(r"\b(?:average|mean|total)\b", re.IGNORECASE)


def best_of_chosen(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a condition is not understood."""
    asked = " ".join(question.replace("@", "").split())
    first = _FIRST.search(asked)
    second = _SECOND.search(asked[first.end() :]) if first is not None else None
    if first is None or second is None or len(tables) != 1 or second.start() > 0:
        return None
    table = tables[0]
    group, thing = group_in(first["group"], table), group_in(second["thing"], table)
    chosen_by = [function for function, said in _BY.items() if re.search(said, first["by"], re.IGNORECASE)]
    limits, values = named_numbers(first["by"], table), named_numbers(second["value"], table)
    if group is None or thing is None or group is thing or len(chosen_by) != 1 or len(limits) != 1:
        return None
    extra = set(words_of(second["value"])) - set(words_of("average mean total of"))
    if len(values) != 1 or not extra <= set(words_of(values[0].name)):
        return None
    more = limited(second["rest"] or "", table, dialect, {group.name, thing.name})
    if more is None or chosen_by[0] == "COUNT" or limited(first["by"], table, dialect) != "":
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    limit, value, key, shown = (name(c.name) for c in (limits[0], values[0], group, thing))
    down = "" if re.search(LOW, first["how"], re.IGNORECASE) else " DESC"
    inner = (
        f"SELECT {key} FROM {source} WHERE {limit} IS NOT NULL GROUP BY {key} "
        f"ORDER BY {chosen_by[0]}({limit}){down} LIMIT 1"
    )
    where = f"{more or ' WHERE '}{' AND ' if more else ''}{key} = ({inner})"
    end = "" if re.search(LOW, second["end"], re.IGNORECASE) else " DESC"
    function = "SUM" if re.search(r"(?i)\btotal\b", second["value"]) else "AVG"
    whole = (
        f"SELECT {shown} FROM {source}{where} AND {value} IS NOT NULL GROUP BY {shown} "
        f"ORDER BY {function}({value}){end} LIMIT 1"
        if _LIKE.search(second["value"])
        else f"SELECT {shown} FROM {source}{where} AND {value} IS NOT NULL ORDER BY {value}{end} LIMIT 1"
    )
    which = (
        f"the {group.name} with the {'highest' if down else 'lowest'} {_SAID[chosen_by[0]]} {limits[0].name}"
    )
    return Told(
        f"for {which}: the {thing.name} with the {'highest' if end else 'lowest'} {values[0].name}", whole
    )

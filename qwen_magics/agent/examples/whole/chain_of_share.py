"""What part of a sum belongs to the few that are at the top of another scale: the share in investment of the
three firms with the most capital.

A small model takes the sum of the one column as a part of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import measure_said
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.same_members import chosen_by, understood, yearly
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.agent.words.patterns.phrases import EXTREME, FEW
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chain_of_share"]

_FIRST = re.compile(
    rf"\b(?:the|those) (?P<few>{FEW}) (?P<thing>[a-z]\w*) (?:with|that have|that had|having) the "
    rf"(?P<how>{EXTREME}) (?P<function>mean|average|total|overall|summed) "
    r"(?P<of>\w+(?: (?!over\b|in\b|of\b|and\b)\w+){0,2})"
    r"(?: (?:over|across|in) all (?:years|rows|times)(?: of \w+)?)?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:what|which) (?P<unit>percentage|per ?cent|percent|share|proportion|fraction|part) of "
    r"(?P<whole>.{3,60}?)"
    r"(?: in(?: the year)? (?P<year>(?:1[5-9]|20)\d\d))? "
    r"(?:was|is|were|did|do|does|came|comes|belonged|belongs|went|goes)\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:theirs|together|combined|altogether|belong\w*|account\w*|make|made|up|total|whole|overall|over|sum"
    r"|summed|pick|choose|consider|come|came|go|went|percent|percentage|contribute\w*|firm)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:each|every|not|or|than|change\w*|between|only|largest|averages?|means?)\b", re.I)


def chain_of_share(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    first, share = _FIRST.search(asked), _SHARE.search(asked)
    if first is None or share is None or len(tables) != 1 or first.end() > share.start():
        return None
    table, thing = tables[0], group_in(first["thing"], tables[0])
    by = chosen_by(first["how"], first["of"], table)
    number, times = measure_said(share["whole"], table), yearly(table)
    if thing is None or not is_text(thing) or by is None or number is None or number is by.column:
        return None
    rest = f"{asked[: first.start()]} ; {asked[first.end() : share.start()]} "
    rest += f"{share['whole']} {asked[share.end() :]}"
    rest = re.sub(rf"(?i)\b(?:all |the )?{re.escape(first['thing'])}['’]?s?", " ", rest)
    if _OTHER.search(rest) or not understood(_LITTLE.sub(" ", rest), table, number):
        return None
    if share["year"] and times is None:
        return None
    few = first["few"].casefold()
    count = int(NUMBERS.get(few, few)) if few.isdecimal() or few in NUMBERS else 0
    if not count:
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    key, value = name(thing.name), name(number.name)
    function = "AVG" if first["function"].casefold() in ("mean", "average") else "SUM"
    inner = (
        f"SELECT {key} FROM {source} GROUP BY {key} "
        f"ORDER BY {function}({name(by.column.name)}){by.order} LIMIT {count}"
    )
    factor = "100.0" if share["unit"].casefold().startswith("per") else "1.0"
    where = f" WHERE {name(times.name)} = {share['year']}" if times is not None and share["year"] else ""
    part = f"SUM(CASE WHEN {key} IN ({inner}) THEN {value} END)"
    figure = "average" if function == "AVG" else "total"
    when = f" in {share['year']}" if where else ""
    told = f"what {share['unit']} of the sum of {number.name}{when} belongs to the {count} {thing.name} "
    told += f"with the {by.end} {figure} {by.column.name}"
    return Told(told, f"SELECT {factor} * {part} / SUM({value}) FROM {source}{where}")

"""Those above the average of one or two columns, against all others: how far their means of something differ.

A small model filters by the condition, and then has no others left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.patterns.phrases import MEAN
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["both_above"]

_SIDE = (
    r"(?:(?:is|are|lies|lie|was|were) )?(?:both )?(?P<side>above|below|over|under|(?:higher|greater"
    r"|larger|lower|"
    r"smaller) than)"
)
_ABOVE = re.compile(
    r"\b(?:whose|where|with(?: an?)?|have an?|having an?) (?:both )?(?P<one>\w+)(?: and (?:an? |their"
    r" )?(?P<two>\w+))? "
    rf"{_SIDE} (?:the |their |its )?(?:own )?(?:overall )?(?:respective )?(?:average|mean)s?\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:by how much|how much (?:higher|lower|greater|smaller|larger|more|less)|(?:what is )?the"
    r" difference)\b",
    re.I,
)
_LOWER = re.compile(r"\b(?:lower|less|smaller|below|shorter|lighter)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:everybody|everyone|everything|all|anybody|anyone) else\b|\b(?:all )?(?:the |of the"
    r" )?(?:others|rest)\b"
    r"|\b(?:all )?(?:the )?other (?:people|ones|rows|patients|\w+s)\b",
    re.IGNORECASE,
)


def both_above(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    found = _ABOVE.search(asked)
    if found is None or len(tables) != 1 or not _DIFFERENCE.search(asked) or not _OTHERS.search(asked):
        return None
    table, rest = tables[0], f"{asked[: found.start()]} ; {asked[found.end() :]}"
    named = [named_numbers(said, table) for said in (found["one"], found["two"]) if said]
    values = [c for c in named_numbers(rest, table) if [c] not in named]
    if any(len(columns) != 1 for columns in named) or len(values) != 1 or not re.search(MEAN, rest, re.I):
        return None
    said = _DIFFERENCE.sub(" ", _OTHERS.sub(" ", re.sub(r"(?i)\b\w+er than\b", " ", rest)))
    if limited(said, table, dialect) != "" or re.search(r"(?i)\b(?:each|every|per)\b", asked):
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    sign = "<" if re.match(r"(?i)below|under|lower|smaller", found["side"]) else ">"
    value = name(values[0].name)
    columns = [name(column.name) for (column,) in named]
    condition = " AND ".join(f"{c} {sign} (SELECT AVG({c}) FROM {source})" for c in columns)
    theirs, others = (
        f"AVG(CASE WHEN {condition} THEN {value} END)",
        f"AVG(CASE WHEN {condition} THEN NULL ELSE {value} END)",
    )
    one, two = (others, theirs) if _LOWER.search(rest) else (theirs, others)
    side = "above" if sign == ">" else "below"
    told = f"mean {values[0].name} of those {side} the average of {' and '.join(columns)}"
    return Told(f"{told}, minus that of all others", f"SELECT {one} - {two} FROM {source}")

"""Those at or above one percentile against those at or below another: how far their means differ.

A small model compares with the number of the percentile itself, or takes both conditions at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.same_members import understood
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.patterns.phrases import MEAN
from qwen_magics.agent.words.percentiles import percentiles
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["both_quantiles"]

_AT = re.compile(
    r"\b(?:whose|with an?|with|have an?|having an?) (?P<of>\w+(?: \w+)?) (?:is |was |lies )?"
    r"(?P<side>at or above|at or below|above|below|over|under) (?:the |its )?(?P<said>\d{1,2}(?:st|nd|rd|th)"
    r"(?: |-)percentile)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:by how much|how much (?:higher|greater|larger|more)|(?:what is )?the difference)\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:each|every|percent|share|lower|less|smaller|not|or|median|count|how many)\b|%", re.I
)
_LITTLE = re.compile(
    r"\b(?:exceeds?|higher|greater|larger|more|than|those|that|people|patients?)\b", re.IGNORECASE
)
_SIGNS = {"at or above": ">=", "at or below": "<=", "above": ">", "over": ">", "below": "<", "under": "<"}


def both_quantiles(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    sides = list(_AT.finditer(asked))
    if len(sides) != len("ab") or len(tables) != 1 or dialect.name != "duckdb":
        return None
    table, rest = tables[0], _AT.sub(" ", asked)
    values = named_numbers(rest, table)
    if _DIFFERENCE.search(rest) is None or not re.search(MEAN, rest, re.I) or len(values) != 1:
        return None
    if _OTHER.search(rest) or not understood(_LITTLE.sub(" ", _DIFFERENCE.sub(" ", rest)), table, values[0]):
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    means, told = [], []
    for side in sides:
        limits, shares = named_numbers(side["of"], table), percentiles(side["said"])
        if len(limits) != 1 or len(shares) != 1 or limits[0] is values[0]:
            return None
        limit, sign = name(limits[0].name), _SIGNS[side["side"].casefold()]
        inner = f"SELECT QUANTILE_CONT({limit}, {shares[0][1]}) FROM {source}"
        means.append(f"AVG(CASE WHEN {limit} {sign} ({inner}) THEN {name(values[0].name)} END)")
        told.append(f"those with {limits[0].name} {sign} its {side['said']}")
    query = f"SELECT {means[0]} - {means[1]} FROM {source}"
    return Told(f"mean {values[0].name} of {told[0]}, minus that of {told[1]}", query)

"""What a group has per head as a whole: "the gdpPercap of Asia as a whole in 2007", "the average life
expectancy weighted by population".

The mean of the members' figures is another number, and a small model lists them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.said_conditions import said_conditions
from qwen_magics.agent.examples.whole.spelled_out import each_of
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.mentions import FULLY, Asked
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["weighted_whole"]

_WHOLE = re.compile(
    r"\bas a whole\b|\b(?:taken|put|all) together\b|\b(?:divided by|over) (?:its|their"
    r"|the) (?:total|combined|whole) (?:population|people)"
    r"|\boverall (?=\w* ?per (?:capita|head|person)\b)|\bpopulation[- ]weighted\b"
    r"|\bweight(?:ed|ing) (?:\w+ ){0,3}?by (?:\w+ ){0,2}?(?:pop\w*|people)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:percent\w*|share|proportion|which|who|when|than|\w{4,}est|most|least|median|change\w*|gr[eo]w\w*|rank\w*"
    r"|correlat\w*|difference)\b|%",
    re.IGNORECASE,
)
_PEOPLE = (["pop"], ["population"], ["inhabitant"], ["people"], ["resident"])
_PER_HEAD = re.compile(r"(?i)(?:per_?cap(?:ita)?|per_?head|per_?person|_pc)$")
# What the words behind say again: "that is, total GDP divided by total population".
_THAT_IS = re.compile(r"(?:,|;|:)? ?\b(?:that is|i\.e\.|meaning|in other words)\b[^?]*", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)


def weighted_whole(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table with a number and a population; None where these are not certain."""
    asked = " ".join(question.replace("@", "").split())
    if len(tables) != 1 or len(asked) > 300 or not _WHOLE.search(asked):
        return None
    table, said = tables[0], _THAT_IS.sub(" ", asked)
    people = [c for c in table.columns if is_number(c) and words_of(c.name) in _PEOPLE]
    weighted = re.search(r"(?i)weight", asked) is not None
    value = _value(said, table, people, weighted and _MEAN.search(asked) is not None)
    groups = [group for word in each_of(said) if (group := group_in(word, table)) is not None]
    limits = said_conditions(re.sub(r"(?i)\bper (?:capita|head|person)\b", " ", said), table, dialect)
    by = [*each_of(re.sub(r"(?i)\bper (?:capita|head|person)\b", " ", said))]
    if len(people) != 1 or value is None or limits is None or len(by) != len(groups) or _OTHER.search(said):
        return None
    name, where = dialect.quote_name, (*limits.where, *limits.years)
    if len(limits.years) > 1:
        return None
    keys = "".join(f"{name(group.name)}, " for group in groups)
    heads = name(people[0].name)
    query = f"SELECT {keys}SUM({name(value.name)} * {heads}) / SUM({heads}) FROM {source_of(table, dialect)}"
    query += f" WHERE {' AND '.join(where)}" if where else ""
    query += f" GROUP BY {keys[:-2]}" if keys else ""
    return Told(f"{value.name} of all together, each weighted by its {people[0].name}?", query)


def _value(said: str, table: Table, people: Sequence[Column], any_number: bool) -> Column | None:
    asked = Asked(said, table.columns, table.name)
    numbers = [c for c in table.columns if is_number(c) and not is_year(c) and c not in people]
    named = [c for c in numbers if asked.said(c)[0] >= FULLY]
    found = [c for c in named if any_number or _PER_HEAD.search(c.name)]
    return found[0] if len(found) == 1 else None

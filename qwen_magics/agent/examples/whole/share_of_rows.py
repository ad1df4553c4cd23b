"""What part of some rows something holds for, where the whole has a condition of its own: "what percent of
the flights from JFK go to LAX", "of the people in Asia in 2007, what percentage lived in China".

An example whose whole is all rows is copied with both conditions in its CASE. Where the whole is an amount,
people or money, that is added up: a small model counts the rows with the condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.said_conditions import said_conditions
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["share_of_rows"]

_SHARE = r"(?P<kind>per ?cent(?:age)?|%|share|proportion|fraction)"
_ASKED = r"\b(?:what|which|how many|how large a|how big a|what is the|what was the) "
_OF = re.compile(rf"{_ASKED}{_SHARE} of (?P<all>[^?;]{{1,250}})", re.IGNORECASE)
_FIRST = re.compile(
    rf"\b(?:of|among|out of) (?P<base>[^?;]{{1,200}}?),? (?:what|which|how many) {_SHARE}"
    r"(?: of (?:them|these|those|it))? (?P<part>[^?;]{1,150})",
    re.IGNORECASE,
)
# The first verb that is not the whole's own ("that left late") ends it.
_VERB = re.compile(
    r"(?<!\bthat )(?<!\bwhich )(?<!\bwho )(?<!\band )"
    r"\b(?:is|are|was|were|ha[sd]|have|did|do|does|go(?:es)?|went|fl(?:ew|y|ies)|c[ao]mes?|live[sd]?"
    r"|belong(?:s|ed)?|left|leaves?|arrive[sd]?|last(?:s|ed)?|costs?|weigh(?:s|ed)?|end(?:s|ed)?"
    r"|start(?:s|ed)?|stay(?:s|ed)?|t[ao]kes?|took|g[eo]ts?|die[sd]?|survive[sd]?|fell|exceed(?:s|ed)?"
    r"|reach(?:es|ed)?|that|which|who)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:each|every|per(?! ?cent\b)|averages?|mean|median|\w{4,}est|most|least(?<!at least)"
    r"|than (?:in|on|at|the|that"
    r"|those|any|all)|change\w*|gr[eo]w\w*|rose|rise\w*|difference|points?|compare\w*|correlat\w*"
    r"|running|cumulat\w*|rank\w*|between|before|after|since|until|both|either|same|different|row by row"
    r"|which \w+ (?:has|had|have)|and what|and how)\b",
    re.IGNORECASE,
)
_PEOPLE = frozenset(words_of("people inhabitants residents persons humans population humanity"))
_POPULATION = (["pop"], ["population"], ["inhabitant"], ["people"], ["resident"])
_HEAD_END = re.compile(
    r"\b(?:in|of(?! (?:the )?(?:people|money))|at|on|from|with|that|which|who|by|for|during|to)\b|[,(]", re.I
)
# "Of the electricity" counts no rows.
_COUNTED = re.compile(r"\b(?:\w{3,}s|people|men|women|children|those|rows|ones)\b", re.IGNORECASE)
_MOST = 400


def share_of_rows(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None unless both the whole and the part have conditions, or the whole is
    an amount.
    """
    asked = " ".join(question.replace("@", "").split())
    words = set(words_of(asked))
    named = [table for table in tables if set(words_of(table.name)) <= words]
    pieces = _pieces(asked) if len(asked) <= _MOST and not _OTHER.search(asked) else None
    if pieces is None or (len(tables) > 1 and len(named) != 1):
        return None
    table = (named or list(tables))[0]
    kind, base, part, around = pieces
    whole, some = said_conditions(f"{around} , {base}", table, dialect), said_conditions(part, table, dialect)
    if whole is None or some is None or not some.where or set(some.where) & set(whole.where):
        return None
    amount = _amount(base, table)
    years = list(dict.fromkeys((*whole.years, *some.years)))
    limits = [*whole.where, *years]
    if amount is None and not _COUNTED.search(_HEAD_END.split(base)[0]):
        return None
    # Of all rows, the plain example says it; one more condition on the same column excludes all.
    if len(years) > 1 or (amount is None and not limits) or _column(some.where) & _column(whole.where):
        return None
    hundred = "1.0" if kind.casefold() in ("share", "proportion", "fraction") else "100.0"
    value = "1" if amount is None else dialect.quote_name(amount.name)
    total = "COUNT(*)" if amount is None else f"SUM({value})"
    condition = " AND ".join(some.where)
    query = f"SELECT {hundred} * SUM(CASE WHEN {condition} THEN {value} ELSE 0 END) / {total} "
    query += f"FROM {source_of(table, dialect)}{' WHERE ' + ' AND '.join(limits) if limits else ''}"
    of = f"the sum of {amount.name}" if amount is not None else table.name
    with_all = f" with {' and '.join(limits)}" if limits else ""
    percent = "percentage" if hundred == "100.0" else "share"
    return Told(f"of {of}{with_all}, what {percent} has {' and '.join(some.where)}?", query)


def _pieces(asked: str) -> tuple[str, str, str, str] | None:
    """The kind of share, the whole, the part, and what stands before and behind them."""
    first = _FIRST.search(asked)
    if first is not None:
        return first["kind"], first["base"], first["part"], f"{asked[: first.start()]} {asked[first.end() :]}"
    found = _OF.search(asked)
    verb = _VERB.search(found["all"]) if found is not None else None
    if found is None or verb is None or verb.start() < 2:
        return None
    base, part = found["all"][: verb.start()], found["all"][verb.start() :]
    return found["kind"], base, part, asked[: found.start()]


def _amount(base: str, table: Table) -> Column | None:
    """The number that the whole is called by, no condition on it: "the total population in 2007"."""
    head = _HEAD_END.split(base)[0]
    said = [w for w in words_of(head) if w not in ("the", "all", "total", "whole", "entire", "sum")]
    numbers = [c for c in table.columns if is_number(c) and not is_year(c) and not c.unique]
    own = [
        c
        for c in numbers
        if (own := words_of(c.name)) and own != words_of(table.name) and _is_called(own, said)
    ]
    people = [c for c in numbers if words_of(c.name) in _POPULATION] if _PEOPLE & set(said) else []
    found = own or people
    return found[0] if len(found) == 1 else None


def _is_called(own: Sequence[str], said: Sequence[str]) -> bool:
    return all(any(alike(part, word) for word in said) for part in own) and len(said) <= len(own) + 1


def _column(conditions: Sequence[str]) -> set[str]:
    return {re.split(r" (?:[<>=]|IS)", condition)[0] for condition in conditions if " = " in condition}

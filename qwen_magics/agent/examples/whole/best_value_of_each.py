"""How much the best of each group has: "how heavy is the heaviest of each island?" asks for a value, not for
which one it is.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.each_group import each_group
from qwen_magics.agent.examples.whole.measured import measured
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.adjectives import measures_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["best_value_of_each"]

_HOW = re.compile(
    r"\bhow (?P<how>heavy|tall|long|old|large|big|deep|wide|fast|expensive|high|low|light|short|cheap|slow"
    r"|hot|cold|warm"
    rf"|strong|powerful) (?:is|was|are|were) (?:the |its )?(?:single )?(?P<end>{EXTREME})(?: one)?\b(?P<of>"
    rf" (?:of|among) (?:all )?"
    r"(?:the|its|their|our))?(?: (?P<thing>@?\w+))?"
    rf"|\b(?:how much|what) (?P<verb>does|did|do) the (?P<best>{EXTREME}) (?P<noun>@?\w+)\b",
    re.IGNORECASE,
)
_VERBS = {"weigh": "heaviest lightest", "weighs": "heaviest lightest", "cost": "dearest cheapest"}
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|share|percent\w*|differen\w+|than|previous|before|after"
    r"|second|third"
    r"|and|but|or|both|which|who|what|rank\w*|except|without|not|never|how|first|last|most|least)\b|%",
    re.IGNORECASE,
)
_LITTLE = re.compile(r"\b(?:costs?|weighs?|there|the|of|one|single)\b", re.IGNORECASE)


def best_value_of_each(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over the rows of the table, which are the things."""
    how, group = _HOW.search(question), each_group(question, table, dialect)
    if how is None or group is None:
        return None
    thing = how["thing"] or how["noun"] or ""
    # Other things than the rows may have several of them.
    own = words_of(table.name)[-1:]
    is_left = group.said.casefold().startswith(thing.casefold()) if thing else True
    if thing and not is_left and words_of(thing) != own:
        return None
    rest = question.replace(group.said, " ", 1).replace(
        how[0] if not is_left else how[0].removesuffix(thing), " ", 1
    )
    if is_left and thing:
        rest = re.sub(rf"\b{re.escape(thing)}\b", " ", rest, count=1)
    end = how["end"] or how["best"]
    if _OTHER.search(rest) or not _agree(how["how"] or "", end):
        return None
    verb = re.search(r"(?i)\b(?:weigh|cost)\b", rest)
    if how["verb"] and (verb is None or end.casefold() not in _VERBS[verb[0].casefold()] + " most expensive"):
        return None
    by = measured(end, table)
    if by is None or by.column.name == group.column.name:
        return None
    plain = _LITTLE.sub(" ", rest)
    rows = named_rows(plain, table, dialect)
    if rows is None or says_more(plain, table) or group.expression in rows.conditions:
        return None
    function = "MAX" if by.order else "MIN"
    value, key = dialect.quote_name(by.column.name), group.expression
    shown = f"{key} AS {group.unit}" if group.unit else key
    query = (
        f"SELECT {shown}, {function}({value}) AS {by.end} FROM {source_of(table, dialect)}{rows.written()}"
    )
    told = f"the {by.end} {by.column.name} of each {group.unit or group.column.name}"
    return SpelledOut(
        told, f"{query} GROUP BY {key}", (rf"\b{function}\b|\bOVER\b|SELECT.*SELECT|DISTINCT ON",)
    )


def _agree(how: str, end: str) -> bool:
    """Whether "how heavy" is asked of the heaviest or the lightest, not of the longest."""
    if not how:
        return True
    said = {"heavy": "heavier", "light": "lighter"}.get(
        how.casefold(), f"{how.casefold().removesuffix('e')}er"
    )
    twice = f"{how.casefold()}{how[-1].casefold()}er"
    wanted = set(measures_of(said)) or set(measures_of(twice)) or set(measures_of(how.casefold()))
    return bool(wanted & set(measures_of(end.casefold()))) or how.casefold()[:3] == end.casefold()[:3]

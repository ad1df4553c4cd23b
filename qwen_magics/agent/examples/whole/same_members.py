"""The same ones in another year: what the country that had the lowest life expectancy in 1952 has in 2007.

A small model joins the two years and orders by the wrong one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import is_finest, measure_said, moment_of, named_so
from qwen_magics.agent.examples.whole.measured import Measured, measured
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.agent.words.patterns.phrases import EXTREME, FEW, MEAN
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chosen_by", "only_measured", "same_members", "understood", "yearly"]

_Y = r"(?P<year>(?:1[5-9]|20)\d\d)(?![\w-])"
_IN = rf"(?:in|of|for|during)(?: the year)? {_Y}"
_THING = rf"(?:(?P<few>{FEW}) )?(?P<thing>[a-z]\w*),?"
_HAD = r"(?:had|has|have|was|were|is|are|showed|recorded|saw|with|having)"
_WORDS = r"(?: (?!in\b|of\b|for\b|and\b|but\b)[\w.]+){0,4}"
# The end of a scale, and what it is measured by.
_END = rf"(?:the |a |its |their )?(?:very )?(?P<how>{EXTREME})(?P<of>{_WORDS})"
_ONE = (
    re.compile(rf"\b(?:the|that|those) {_THING} (?:(?:that|which|who) )?{_HAD} {_END} {_IN}", re.I),
    re.compile(
        rf"\b(?:the|that|those) {_THING} whose (?P<of>[\w ]{{2,40}}?) (?:was|were) (?:the )?"
        rf"(?P<how>{EXTREME}) {_IN}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<asked>which|what) (?P<thing>[a-z]\w*)(?: (?:in|of|by) \w+)? {_HAD} {_END} {_IN}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bthe (?:(?P<few>{FEW}) )?(?P<how>(?:most|least) [a-z]+|[a-z]+est) (?P<thing>[a-z]\w*) {_IN}",
        re.IGNORECASE,
    ),
)
_YEARS = re.compile(r"(?<![\w@.-])(?:1[5-9]|20)\d\d(?![\w-])")
_OTHER = re.compile(
    r"\b(?:each|every|per ?cent\w*|percent\w*|shares? of|chang\w+|grow\w*|grew|ris\w+|rose|increas\w*"
    r"|decreas\w*|fell|fall\w*|differ\w*|ratios?|times|than|rank\w*|place[sd]?|second|third|between|from|until|since"
    r"|compare\w*|both|again|still|also|ever|how many|number of|earlier|later|first|last|minus)\b|%",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:totals?|sums?|combined|together|altogether)\b", re.IGNORECASE)
_LITTLE = re.compile(
    r"\b(?:plain|simple|unweighted|same|according|per (?:capita|head|person)|country|it|its|their"
    r"|respectively)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\b(?:which|what (?:is|was) (?:it|the name)|name)\b", re.IGNORECASE)


def same_members(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table, which has a row for each thing and year; None where a word of it is not
    understood.
    """
    asked = " ".join(question.replace("@", "").split())
    found = next(filter(None, (pattern.search(asked) for pattern in _ONE)), None)
    if found is None or len(tables) != 1 or _OTHER.search(asked):
        return None
    table, parts = tables[0], found.groupdict()
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    years = set(_YEARS.findall(rest))
    times, thing = yearly(table), group_in(found["thing"], table)
    first = chosen_by(found["how"], found["of"] if "of" in parts else "", table)
    if times is None or thing is None or first is None or len(years) != 1 or years == {found["year"]}:
        return None
    if not is_finest(thing, table):
        return None
    number = measure_said(_YEARS.sub(" ", rest), table) if _names_one(rest, table) else first.column
    if number is None or understood(_YEARS.sub(" ", rest), table, number) is False:
        return None
    few = _number(parts.get("few") or "")
    function = "AVG" if re.search(MEAN, rest, re.IGNORECASE) else "SUM" if _TOTAL.search(rest) else ""
    if bool(function) and few < 2:  # of a single one there is no average
        return None
    name = dialect.quote_name
    key, value, order, year = (name(c.name) for c in (thing, number, first.column, times))
    source = source_of(table, dialect)
    inner = (
        f"SELECT {key} FROM {source} WHERE {year} = {found['year']} AND {order} IS NOT NULL "
        f"ORDER BY {order}{first.order} LIMIT {few}"
    )
    if few > 1 and dialect.name == "mysql":
        # It takes no LIMIT in an inner query of IN, only one deeper.
        inner = f"SELECT {key} FROM ({inner}) AS few"
    is_named = parts.get("asked") is not None or few > 1 or _NAMES.search(rest) is not None
    shown = f"{function}({value})" if function else f"{key}, {value}" if is_named else value
    sign = "IN" if few > 1 else "="
    (other,) = years
    query = f"SELECT {shown} FROM {source} WHERE {key} {sign} ({inner}) AND {year} = {other}"
    which = f"the {few} {thing.name}" if few > 1 else f"the {thing.name}"
    figure = {"AVG": "average ", "SUM": "total "}.get(function, "")
    told = f"{figure}{number.name} in {other} of {which} with the {first.end} {first.column.name}"
    return Told(f"{told} in {found['year']}", query)


def yearly(table: Table) -> Column | None:
    """The column of years by which the rows of a thing are told apart."""
    when = moment_of(table)
    return when if when is not None and is_year(when) else None


def chosen_by(how: str, of: str, table: Table) -> Measured | None:
    """By what they are compared: a column that is named in whatever form, or what an adjective measures."""
    if not only_measured(of, table):
        return None
    found = measured(f"{how} {of}", table)
    if found is not None or not of.strip():
        return found
    number = measure_said(of, table) if _names_one(of, table) else None
    return measured(f"{how} {number.name}", table) if number is not None else None


def only_measured(of: str, table: Table) -> bool:
    """Whether a phrase says no more than what is measured: the distance, not the distance from Rome."""
    said = re.search(r"(?i)\b(?:from|to|at|on|among|within|between|by|with|without)\b", of)
    return said is None and limited(of, table, DUCKDB) == ""


def understood(rest: str, table: Table, number: Column) -> bool:
    """Whether there is nothing but the number in it: no condition, and no word that nobody has read."""
    said = _LITTLE.sub(" ", re.sub(r"(?i)\bper (?:capita|head|person)\b", " ", rest))
    plain = named_so(said, number)
    return not says_more(plain, table) and limited(plain, table, DUCKDB) == ""


def _names_one(rest: str, table: Table) -> bool:
    """Whether some number is named: the only one of a table is meant without its name as well."""
    numbers = [c for c in table.columns if measure_said(c.name, table) is c]
    said = words_of(rest)
    return any(_is_named(column, said) for column in numbers)


def _is_named(column: Column, said: Sequence[str]) -> bool:
    parts = words_of(column.name)
    return any(
        len(word) > 2 and (word.startswith(part) or part.startswith(word)) for part in parts for word in said
    )


def _number(said: str) -> int:
    more = {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50}
    return more.get(said.casefold()) or int(NUMBERS.get(said.casefold(), said or 1))

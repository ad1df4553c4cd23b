"""A number of one member on the day, or in the year, on which another one had its highest: the price of one
share when another was at its peak.

A small model takes the highest of each, and forgets which moment was asked for. (`whole.at_extremes` takes an
average or a total of such a year.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import is_finest, measure_said, moment_of
from qwen_magics.agent.examples.whole.named_rows import is_text, taken_names
from qwen_magics.agent.examples.whole.same_members import chosen_by, understood
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.mentions import value_at
from qwen_magics.agent.words.patterns.phrases import HIGH, LOW
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["moment_of_another"]

_END = (
    rf"(?:all-time |overall )?(?P<how>{HIGH}|{LOW}|peak|record)"
    r"(?P<of>(?: (?!in\b|of\b|and\b|on\b|by\b)\w+){0,3})"
)
_UNIT = r"(?:on|in|at|of|for|during) the (?:very |same )?(?P<unit>day|date|year|time|moment|\w+)"
_ONE = r"(?P<one>[A-Z0-9][\w .&’'-]{0,40}?)"
_WHEN = (
    re.compile(
        rf"\b(?:(?:{_UNIT} )?(?:when|on which|in which|that|where|at which)|when) (?:the )?{_ONE} "
        rf"(?:had|reached|hit|saw|recorded|has|posted|was at|stood at) (?:its|his|her|their|the) {_END}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_UNIT} (?:of|with) (?:the )?{_ONE}['’]s? {_END}", re.IGNORECASE),
)
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|each|every|per ?cent\w*|percent\w*|shares? of|chang\w+"
    r"|grow\w*"
    r"|grew|ris\w+|rose|increas\w*|fell|fall\w*|differ\w*|ratios?|times|than|rank\w*|between|from|until|since"
    r"|compare\w*|both|after|before|later|earlier|following|next|previous|how many|number of|all)\b|%",
    re.IGNORECASE,
)


def moment_of_another(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table, with a row for each member and moment; None where it is not certain."""
    asked = " ".join(question.replace("@", "").split())
    found = next(filter(None, (pattern.search(asked) for pattern in _WHEN)), None)
    if found is None or len(tables) != 1 or _OTHER.search(asked):
        return None
    table = tables[0]
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    when = moment_of(table)
    if when is None or not _is_unit(found["unit"] or "", when, table):
        return None
    one = _member(found["one"].strip(), table)
    second = chosen_by(found["how"], found["of"], table) if found["of"].strip() else None
    number = measure_said(rest, table)
    if not found["of"].strip() and number is not None:
        second = chosen_by(found["how"], number.name, table)
    if one is None or second is None or number is None or not is_finest(one[0], table):
        return None
    other = _other(rest, one, table)
    if other is None or not understood(_without(rest, other[1]), table, number):
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    key, time, value, limit = (name(c.name) for c in (one[0], when, number, second.column))
    low = re.fullmatch(LOW, found["how"], re.IGNORECASE)
    inner = (
        f"SELECT {time} FROM {source} WHERE {key} = {dialect.quote_text(one[1])} AND {limit} IS NOT NULL "
        f"ORDER BY {limit}{'' if low else ' DESC'} LIMIT 1"
    )
    query = (
        f"SELECT {value} FROM {source} WHERE {key} = {dialect.quote_text(other[1])} AND {time} = ({inner})"
    )
    end = "lowest" if low else "highest"
    told = f"{number.name} of {other[1]} at the {when.name} of the {end} {second.column.name} of {one[1]}"
    return Told(told, query)


def _is_unit(unit: str, when: Column, table: Table) -> bool:
    """Whether a row is what is meant: the month of a highest price has many days, unless its name is said."""
    said = unit.casefold()
    if said in ("", "time", "moment") or group_in(said, table) is when:
        return True
    return said == "year" if is_year(when) else said in ("day", "date") and has_days(when)


def _member(said: str, table: Table) -> tuple[Column, str] | None:
    """The listed value that is said; or a proper name, where one column has too many to be listed."""
    listed = [(c, v) for c in table.columns for v in _values(c) if v.casefold() == said.casefold()]
    if listed:
        return listed[0] if len(listed) == 1 else None
    is_name = re.fullmatch(r"[A-Z][\w.’'-]*(?: (?:of |and |the )?[A-Z][\w.’'-]*)*", said) is not None
    return (_open(table)[0], said) if is_name and len(_open(table)) == 1 else None


def _other(rest: str, one: tuple[Column, str], table: Table) -> tuple[Column, str] | None:
    """The other member that is named, of the same column; or the same one, by "its"."""
    listed = [v for v in _values(one[0]) if v != one[1] and value_at(v, rest) >= 0]
    if one[0].categories is None:
        known = {table.name.casefold(), *(c.name.casefold() for c in table.columns)}
        listed = [n for n in taken_names(rest) if n != one[1] and n.casefold() not in known]
    if not listed and re.search(r"(?i)\b(?:its|his|her|their)\b", rest):
        return one
    return (one[0], listed[0]) if len(listed) == 1 else None


def _open(table: Table) -> list[Column]:
    return [c for c in table.columns if is_text(c) and c.categories is None]


def _without(rest: str, name: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(name)}(?:['’]s?)?(?!\w)", " ", rest)


def _values(column: Column) -> list[str]:
    return [v[1:-1] for v in column.categories or () if re.fullmatch(r"'[^'\"\\]+'", v)]

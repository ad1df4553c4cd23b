"""A figure of the time in which something else was at its end: the wettest month, the year of a top price.

A small model takes the wettest day for the wettest month, and the rows of the one for those of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.measured import Measured, measured, named_numbers
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.mentions import value_at
from qwen_magics.agent.words.patterns.phrases import EXTREME, HIGH, LOW
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["at_extremes"]

_UNIT = r"(?P<unit>year|month|quarter)"
_ADDED = r"(?:wettest|driest|rainiest|snowiest)"
_MEANT = r"(?:warmest|hottest|coldest|coolest|mildest|windiest|calmest|cloudiest|most humid)"
# "The wettest month (year and month, by precipitation)".
_WHOLE = re.compile(
    rf"\b(?:in|of|for|during) the (?P<how>{_ADDED}|{_MEANT}) (?P<calendar>calendar )?{_UNIT}\b"
    r"(?P<more>[^?.]*)",
    re.IGNORECASE,
)
# "In the month (year and month) with the most precipitation".
_HAVING = re.compile(
    rf"\b(?:in|of|for|during) the (?P<calendar>calendar )?{_UNIT}(?P<more> ?[(][^)]*[)])? (?:with|that (?:has"
    rf"|had)"
    rf"|which (?:has|had)|when there was|having) (?:the |its )?(?P<how>{EXTREME}) (?P<figure>total |overall "
    rf"|summed "
    r"|combined |average |mean )?(?P<by>[\w ]+?)(?= in\b| of\b| on\b| by\b| across\b| among\b|[,;.?!]|$)",
    re.IGNORECASE,
)
_OF_ANY = re.compile(
    r"\b(?:year and month|month and year|of (?:any|all|the whole) (?:years?|data)|single|on record|ever"
    r"|calendar"
    r" month)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"[(].*?[)]|\bby (?:the |its )?(?:total |average |mean )?\w+", re.IGNORECASE)
_END = rf"(?P<how>{EXTREME}|peak|top|record)"
# "In the calendar year of AMZN's highest price", "in the year in which AMZN had its highest price".
_OF_ONE = (
    re.compile(
        rf"\b(?:in|of|for|during) the (?:calendar |same |very )?{_UNIT} (?:of|with) (?P<one>[\w"
        rf" .&-]{{1,40}}?)['’]s? "
        rf"(?:all-time |overall )?{_END} (?P<second>\w+(?: \w+)?)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:in|of|for|during) the (?:calendar |same |very )?{_UNIT} (?:in which|when|that|where) "
        rf"(?P<one>[\w .&-]{{1,40}}?) (?:had|reached|hit|saw|recorded|has|posted) (?:its|his|her|their|the) "
        rf"(?:all-time |overall )?{_END} (?P<second>\w+(?: \w+)?)",
        re.IGNORECASE,
    ),
)
_FUNCTIONS = {
    "AVG": r"\b(?:average|mean)\b",
    "SUM": r"\b(?:total|sum|altogether|in all)\b",
    "MAX": r"\b(?:highest|maximum|largest|greatest)\b",
    "MIN": r"\b(?:lowest|minimum|smallest)\b",
}
_SAID = {"AVG": "average", "SUM": "total", "MAX": "highest", "MIN": "lowest"}
_SEVERAL = re.compile(r"\b(?:each|every|per|compared|than|respectively)\b", re.IGNORECASE)


def at_extremes(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table that has all of it; None where any of it is not certain."""
    asked = " ".join(question.split())
    if _SEVERAL.search(asked):
        return None
    told = [
        one
        for table in tables
        if (
            one := _whole(asked, table, dialect)
            or _having(asked, table, dialect)
            or _of_one(asked, table, dialect)
        )
    ]
    return told[0] if len(told) == 1 else None


def _whole(asked: str, table: Table, dialect: Dialect) -> Told | None:
    """What was measured in the month, or the year, with the highest sum or mean of another thing."""
    found = _WHOLE.search(asked)
    date = _date(table)
    if found is None or date is None:
        return None
    if found["unit"].casefold() != "year" and not (found["calendar"] or _OF_ANY.search(found["more"])):
        return None  # of all Mays together, or of one?
    second = _chosen_by(found, table)
    rest = f"{asked[: found.start()]} ; {_BY.sub('', found['more'])}"
    value, function = _figure(rest, table)
    if second is None or value is None or not function:
        return None
    by = "SUM" if re.fullmatch(_ADDED, found["how"], re.IGNORECASE) else "AVG"
    key, units = _parts(date, found["unit"].casefold(), dialect), found["unit"].casefold()
    name = dialect.quote_name
    order = f"{by}({name(second.column.name)}){second.order}"
    figure = f"SELECT {function}({name(value.name)}) FROM {source_of(table, dialect)}"
    query = f"{figure} GROUP BY {key} ORDER BY {order} LIMIT 1"
    units = "month of a year" if units == "month" else units
    told = f"{_SAID[function]} {value.name} in the {units} with the {second.end} {_SAID[by]}"
    return Told(f"{told} of {second.column.name}", query)


def _having(asked: str, table: Table, dialect: Dialect) -> Told | None:
    """The same of the month, or the year, "with the most …": the most in all, unless a mean is said."""
    found, date = _HAVING.search(asked), _date(table)
    if found is None or date is None:
        return None
    unit, how = found["unit"].casefold(), found["how"].casefold()
    if unit != "year" and not (
        found["calendar"] or _OF_ANY.search(f"{found['more']} {asked[found.end() :]}")
    ):
        return None
    second, said = named_numbers(found["by"], table), (found["figure"] or "").strip().casefold()
    # "The highest price" of a month may be that of one row.
    function = "AVG" if said in ("average", "mean") else "SUM" if said or how in ("most", "least") else ""
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    value, figure = _figure(rest, table)
    if len(second) != 1 or value is None or not figure or not function or _says_more(rest, table):
        return None
    key, name = _parts(date, unit, dialect), dialect.quote_name
    order = "" if re.fullmatch(LOW, how, re.IGNORECASE) else " DESC"
    query = (
        f"SELECT {figure}({name(value.name)}) FROM {source_of(table, dialect)} "
        f"GROUP BY {key} ORDER BY {function}({name(second[0].name)}){order} LIMIT 1"
    )
    units = "month of a year" if unit == "month" else unit
    told = f"{_SAID[figure]} {value.name} in the {units} with the {'highest' if order else 'lowest'} "
    return Told(f"{told}{_SAID[function]} of {second[0].name}", query)


def _says_more(rest: str, table: Table) -> bool:
    """Whether there is a condition beside the figure."""
    bare = re.sub("|".join(_FUNCTIONS.values()), " ", _OF_ANY.sub(" ", rest), flags=re.IGNORECASE)
    where = named_rows(bare, table, DUCKDB)
    return where is None or bool(where.where) or says_more(bare, table)


def _chosen_by(found: re.Match[str], table: Table) -> Measured | None:
    """What the adjective measures, or what stands behind "by"."""
    by = re.search(r"(?i)\bby (?:the |its )?(?:total |average |mean )?(\w+)", found["more"])
    named = named_numbers(by[1], table) if by else []
    if len(named) == 1:
        low = re.search(rf"(?i){LOW}|\b(?:driest|coldest|coolest|calmest)\b", found["how"])
        return Measured(named[0], "" if low else " DESC")
    return measured(found["how"], table)


def _of_one(asked: str, table: Table, dialect: Dialect) -> Told | None:
    """A figure of one member in the time in which another had its highest or lowest."""
    found = next(filter(None, (pattern.search(asked) for pattern in _OF_ONE)), None)
    if found is None or not re.fullmatch(rf"{HIGH}|{LOW}|peak|record", found["how"], re.IGNORECASE):
        return None
    places = [
        (c, v) for c in table.columns for v in _values(c) if v.casefold() == found["one"].strip().casefold()
    ]
    second, rest = (
        measured(found["second"], table, adjectives=False),
        f"{asked[: found.start()]} ; {asked[found.end() :]}",
    )
    unit, when = found["unit"].casefold(), _date(table)
    value, function = _figure(rest, table)
    if len(places) != 1 or second is None or value is None or not function or when is None:
        return None
    column, one = places[0]
    others = [v for v in _values(column) if v != one and value_at(v, rest) >= 0]
    if len(others) > 1 or (is_year(when) and unit != "year"):
        return None
    name, low = dialect.quote_name, re.fullmatch(LOW, found["how"], re.IGNORECASE)
    order = f"{name(second.column.name)}{'' if low else ' DESC'}"
    source, key = source_of(table, dialect), _parts(when, unit, dialect)
    if ", " in key and dialect.name != "duckdb":
        return None
    key = f"DATE_TRUNC('{unit}', {name(when.name)})" if ", " in key else key
    inner = (
        f"SELECT {key} FROM {source} WHERE {name(column.name)} = '{one}' "
        f"AND {name(second.column.name)} IS NOT NULL ORDER BY {order} LIMIT 1"
    )
    # Of nobody else: the figure is of the same one where the question says so by "its", and of all otherwise.
    whose = others[0] if others else one if re.search(r"(?i)\b(?:its|his|her|their)\b", rest) else ""
    condition = f"{name(column.name)} = '{whose}' AND " if whose else ""
    query = f"SELECT {function}({name(value.name)}) FROM {source} WHERE {condition}{key} = ({inner})"
    told = (
        f"{_SAID[function]} {value.name} of {whose or 'all'} in the {unit} of the"
        f" {'lowest' if low else 'highest'} "
        f"{second.column.name} of {one}"
    )
    return Told(told, query)


def _figure(rest: str, table: Table) -> tuple[Column | None, str]:
    functions = [name for name, said in _FUNCTIONS.items() if re.search(said, rest, re.IGNORECASE)]
    values = named_numbers(rest, table)
    single = len(functions) == 1 and len(values) == 1
    return (values[0], functions[0]) if single else (None, "")


def _date(table: Table) -> Column | None:
    """The one column by which rows are told in time."""
    dates = [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    years = [c for c in table.columns if is_year(c) and is_number(c)]
    found = dates or years
    return found[0] if len(found) == 1 else None


def _parts(date: Column, unit: str, dialect: Dialect) -> str:
    """What a year, or a month of a year, is told by; several expressions where one is not enough."""
    name = dialect.quote_name(date.name)
    if is_year(date):
        return name
    if dialect.name == "sqlite":
        whole = {"year": "%Y", "month": "%Y-%m"}.get(unit)
        if whole:
            return f"STRFTIME('{whole}', {name})"
    parts = ["YEAR"] if unit == "year" else ["YEAR", unit.upper()]
    return ", ".join(f"EXTRACT({part} FROM {name})" for part in parts)


def _values(column: Column) -> list[str]:
    return [v[1:-1] for v in column.categories or () if re.fullmatch(r"'[^'\"\\]+'", v)]

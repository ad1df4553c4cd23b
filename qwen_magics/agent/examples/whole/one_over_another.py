"""In how many cases one year, or one member, has more than another: countries poorer in 2007 than in 1952,
years in which one share was dearer than another on average.

A small model compares with the one number of all rows, or joins the table with itself and counts pairs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.mentions import value_at
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["one_over_another"]

_LESS = r"(?:less|lower|fewer|smaller|shorter|lighter|cheaper|poorer|worse|below|under|fall short of|beneath)"
_MORE = (
    r"(?:more|higher|greater|larger|bigger|longer|heavier|dearer|richer|better|above|over|exceed(?:s|ed)?"
    r"|beats?)"
)
_HOW = re.compile(
    rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE}))\b(?! than (?:one|two|three|\d{{1,3}})\b)", re.I
)
_CASES = r"(?:calendar )?(?P<unit>\w+)(?: and (?:of )?(?P<second>\w+))?"
_ASKED = (
    # "In how many countries of each continent", "how many of the countries had"
    re.compile(
        r"\b(?:(?:in|for|at|on|during) )?how many (?:of (?:the |all )?)?(?:different )?"
        r"(?:(?:pairs|combinations) of )?"
        rf"{_CASES}\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:in |for )?(?:what|which) (?P<share>percentage|percent|share|proportion|fraction) of"
        r" (?:the |all )*"
        rf"(?:(?:pairs|combinations) of )?{_CASES}\b",
        re.IGNORECASE,
    ),
)
_PAIRS = re.compile(r"\b(?:pairs?|combinations?) of (?:a )?(?P<unit>\w+) and (?:a )?(?P<second>\w+)", re.I)
_EACH = re.compile(r"\b(?:each|every|per|by) (?P<group>\w+)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w.,-])(?:1[5-9]|20)\d\d(?![\w%]|[.,-]\d)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_OTHER = re.compile(
    r"\b(?:not|never|twice|double|half|times|percent(?:age)? points?|at least|at most|previous|next"
    r"|consecutive|"
    r"in a row|between|median|change\w*|growth|both|or|only|without|excluding|except|number of)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:leave|leaving) out \w+ (?:with|that have) (?:none|no such \w+|zero)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Two:
    """The column of both, the one that is asked about, and the one that it is compared with, as literals."""

    column: Column
    first: str
    second: str


def one_over_another(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where not all of it can be told."""
    asked = _WHOLE.sub("", " ".join(question.replace("@", "").split()))
    found = next(filter(None, (pattern.search(asked) for pattern in _ASKED)), None)
    if found is None or len(tables) != 1 or _OTHER.search(asked):
        return None
    table, how = tables[0], list(_HOW.finditer(asked))
    if len(how) != 1:
        return None
    two, values = _two(asked, how[0], table), named_numbers(asked, table)
    numbers = [n for n in _NUMBER.findall(asked) if two is not None and n not in (two.first, two.second)]
    if two is None or len(values) != 1 or numbers:
        return None
    units = _units(found, asked, table, dialect)
    group = _group(asked, found, table)
    if not units or group is False or two.column.name in [column.name for column, _ in units]:
        return None
    name, value = dialect.quote_name, dialect.quote_name(values[0].name)
    function = "SUM" if re.search(r"(?i)\btotal\b|\bsum\b", asked) else "AVG"
    first, second = (
        f"{function}(CASE WHEN {name(two.column.name)} = {one} THEN {value} END)"
        for one in (two.first, two.second)
    )
    sign, than = ("<", "lower") if how[0]["less"] else (">", "higher")
    keys = [spelled for _, spelled in units]
    share = found.groupdict().get("share")
    by = [name(group.name)] if isinstance(group, Column) else []
    inner = f"FROM {source_of(table, dialect)} GROUP BY {', '.join((*by, *keys))}"
    condition = f"{first} {sign} {second}"
    cases = " and ".join(column.name for column, _ in units)
    asked_for = "what share of" if share else "how many different"
    told = f"{asked_for} {cases} have a {than} {values[0].name} for {two.first} than for {two.second}?"
    shown = f"{by[0]}, " if by else ""
    after = f" GROUP BY {by[0]}" if by else ""
    if share:
        hundred = "100.0" if share.casefold().startswith("percent") else "1.0"
        groups = f"SELECT {shown}{first} AS first, {second} AS next {inner}"
        figure = f"AVG(CASE WHEN first {sign} next THEN {hundred} ELSE 0 END)"
        known = "WHERE first IS NOT NULL AND next IS NOT NULL"
        return Told(told, f"SELECT {shown}{figure} FROM ({groups}) AS s {known}{after}")
    groups = f"SELECT {', '.join((*by, *keys))} {inner} HAVING {condition}"
    return Told(told, f"SELECT {shown}COUNT(*) FROM ({groups}) AS s{after}")


def _two(asked: str, how: re.Match[str], table: Table) -> _Two | None:
    """Which of two members has to have more; the one behind "than" is what is compared with."""
    years = [c for c in table.columns if is_year(c)]
    places = [(m.start(), m[0], years[0]) for m in _YEAR.finditer(asked)] if len(years) == 1 else []
    for column in table.columns:
        for value in column.categories or ():
            at = value_at(value[1:-1], asked) if value[:1] == "'" else -1
            if at >= 0:
                places.append((at, value, column))
    literals = list(dict.fromkeys(literal for _, literal, _ in places))
    if len(literals) != 2 or len({column.name for *_, column in places}) != 1:
        return None
    column = places[0][2]
    rest = asked[how.end() :].split(".")[0]
    behind = sorted((at, literal) for at, literal, _ in places if how.end() <= at < how.end() + len(rest))
    than = re.search(r"\bthan\b", rest)
    itself = re.fullmatch(r"(?i)above|over|below|under|beneath|exceed\w*|beats?|fall short of", how[0])
    if itself or than:
        after = how.end() + (than.end() if than else 0)
        second = [literal for at, literal in behind if at >= after]
        if len(set(second)) != 1:
            return None
        return _Two(column, next(one for one in literals if one != second[0]), second[0])
    if len({literal for _, literal in behind}) != 1:
        return None
    first = behind[0][1]
    return _Two(column, first, next(one for one in literals if one != first))


def _units(found: re.Match[str], asked: str, table: Table, dialect: Dialect) -> list[tuple[Column, str]]:
    """What the cases are, each with its expression; empty where one is not certain."""
    nouns = [found["unit"], *filter(None, [found["second"]])]
    if words_of(nouns[0]) in (["pair"], ["combination"], ["case"]):
        pair = _PAIRS.search(asked)
        nouns = [pair["unit"], pair["second"]] if pair is not None else []
    units = []
    for noun in nouns:
        column = group_in(noun, table)
        if column is None:
            return []
        spelled = _period(column, noun, dialect)
        if not spelled:
            return []
        units.append((column, spelled))
    return units


def _period(column: Column, noun: str, dialect: Dialect) -> str:
    name = dialect.quote_name(column.name)
    if not column.dtype.startswith(("DATE", "TIMESTAMP")) or words_of(noun) != ["year"]:
        return name if words_of(noun) == words_of(column.name) else ""
    return f"STRFTIME('%Y', {name})" if dialect.name == "sqlite" else f"EXTRACT(YEAR FROM {name})"


def _group(asked: str, found: re.Match[str], table: Table) -> Column | bool | None:
    """What there is one number for; False where it cannot be told."""
    groups = [m["group"] for m in _EACH.finditer(asked)]
    pair = _PAIRS.search(asked)
    groups = [g for g in groups if not (pair and words_of(g) in (["pair"], ["combination"]))]
    if not groups:
        return None
    column = group_in(groups[0], table) if len(groups) == 1 else None
    return column if column is not None and words_of(column.name) != words_of(found["unit"]) else False

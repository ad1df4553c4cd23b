"""The first few by a measure, and then one of them: of the ten most populous, the one with the lowest income.

A small model takes "the most" for a number of rows, or orders by the second measure alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.measured import measured
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.agent.words.patterns.phrases import EXTREME, FEW, MEAN
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["chosen_few"]

_ADJECTIVE = r"(?P<how>(?:most|least) [a-z]+|[a-z]+est)"
_FIRST = (
    rf"(?:the|our) (?:top )?(?P<few>{FEW}) (?:{_ADJECTIVE} (?P<thing>[a-z]\w*)|(?P<other>[a-z]\w*) with the"
    r" (?P<end>highest|lowest|largest|smallest|most|least|greatest|biggest) (?P<of>\w+(?: \w+)?))"
    r"(?P<when>(?: (?:of|in|for)(?: the year)? (?:1[5-9]|20)\d\d)?)(?:,? by (?P<by>[\w ]{1,30}))?(?: in \w+)?"
)
_ONE = (
    re.compile(
        rf"^\W*(?:of|among|amongst|out of|from|take|consider|find|pick|for|in) {_FIRST}[^\w]*[,;:.?!] *"
        r"(?P<rest>.*)$",
        re.I,
    ),
    re.compile(
        rf"^\W*(?P<lead>which|what|who)(?: one| \w+)? (?:of|among|amongst|out of) {_FIRST}(?P<rest>[ ,].*)$",
        re.I,
    ),
    re.compile(rf"^(?P<lead>.*\b{MEAN}.*?) (?:of|among|across|over|for) {_FIRST}(?P<rest>\W*)$", re.I),
)
_WHICH = re.compile(
    r"\b(?:which|what|who|where|find|name|give|show)\b(?: is| was)?(?: the)?(?: one)?(?: of (?:them"
    r"|these|those))?"
    rf"(?P<noun>(?: \w+){{0,2}}?) (?:(?:has|have|had|with|shows?|is|was|got"
    rf"|saw)\b.*?)?(?P<how>{EXTREME})(?P<second>.*)$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:(?:in )?(?:that|this|the same) (?:year|month)|then|among them|of (?:them|these|those))\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:each|every|per|how many|how often|share|percent\w*|number of)\b", re.IGNORECASE)


def chosen_few(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table that has all of it; None where any of it is not certain."""
    asked = " ".join(question.split())
    found = next(filter(None, (pattern.search(asked) for pattern in _ONE)), None)
    if found is None or _SEVERAL.search(asked) or _is_of_another_year(found):
        return None
    told = [one for table in tables if (one := _over(found, table, dialect)) is not None]
    return told[0] if len(told) == 1 else None


def _is_of_another_year(found: re.Match[str]) -> bool:
    """Whether the figure is that of another year than the one they are chosen in: `whole.same_members`."""
    said = f"{found.groupdict().get('lead') or ''} {found['rest']}"
    return any(year not in found["when"] for year in re.findall(r"(?<![\w-])(?:1[5-9]|20)\d\d\b", said))


def _over(found: re.Match[str], table: Table, dialect: Dialect) -> Told | None:
    how = found["how"] or f"{found['end']} {found['of']}"
    first = measured(f"{how} {found['by'] or ''}", table)
    thing = _thing(found["thing"] or found["other"], table)
    where = _year(found["when"], table, dialect)
    if (
        first is None
        or thing is None
        or (where is None and not thing.unique and thing.name.casefold() not in LABELS)
    ):
        return None
    if where is None and any(map(is_year, table.columns)) and not thing.unique:
        return None  # one row for each year: of which?
    name, few = dialect.quote_name, _number(found["few"])
    value = name(first.column.name)
    known = f"{value} IS NOT NULL"
    condition = f"{where} AND {known}" if where else known
    rows = f"SELECT * FROM {source_of(table, dialect)} WHERE {condition}"
    inner = f"{rows} ORDER BY {value}{first.order} LIMIT {few}"
    rest = " ".join(_OWN.sub("", f"{found.groupdict().get('lead') or ''} {found['rest']}").split())
    said = f"the {few} {thing.name} with the {first.end} {first.column.name}"
    shown = _asked(rest, thing, table, dialect)
    if shown is None or f"({first.column.name})" in shown[1]:
        return None
    return Told(f"of {said}, {shown[0]}", f"SELECT {shown[1].replace('FROM', f'FROM ({inner}) AS s')}")


def _asked(rest: str, thing: Column, table: Table, dialect: Dialect) -> tuple[str, str] | None:
    """What is asked of the few, in words and as the rest of a query."""
    name = dialect.quote_name
    one = _WHICH.search(rest)
    if one is not None and not re.search(MEAN, rest, re.IGNORECASE):
        second = measured(f"{one['how']} {one['second']}", table)
        noun = " ".join(one["noun"].split())
        if (
            second is None
            or (noun and _thing(noun, table) not in (thing, None))
            or _names_other(noun, thing, table)
        ):
            return None
        known = f"{name(second.column.name)} IS NOT NULL"
        end = f"WHERE {known} ORDER BY {name(second.column.name)}{second.order} LIMIT 1"
        return f"the one with the {second.end} {second.column.name}", f"{name(thing.name)} FROM {end}"
    mean = measured(rest, table, adjectives=False) if re.search(MEAN, rest, re.IGNORECASE) else None
    if mean is None or re.search(EXTREME, rest, re.IGNORECASE):
        return None
    return f"the average {mean.column.name}", f"AVG({name(mean.column.name)}) FROM"


def _names_other(noun: str, thing: Column, table: Table) -> bool:
    """Whether another column is asked for: the continent of the one."""
    other = group_in(noun, table) if noun else None
    return other is not None and other is not thing


def _thing(noun: str, table: Table) -> Column | None:
    """The text that the things are called by: a column of that name, or the name of a row of the table."""
    column = group_in(noun, table)
    if column is not None and column.dtype.startswith(("VARCHAR", "TEXT", "CHAR")):
        return column
    if words_of(noun) in (words_of(table.name), [word.removesuffix("e") for word in words_of(table.name)]):
        return next((c for name in LABELS for c in table.columns if c.name.casefold() == name), None)
    return None


def _year(when: str, table: Table, dialect: Dialect) -> str | None:
    columns = [column for column in table.columns if is_year(column)]
    year = re.search(r"\d{4}", when)
    return f"{dialect.quote_name(columns[0].name)} = {year[0]}" if year and len(columns) == 1 else None


def _number(said: str) -> int:
    more = {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50}
    return more.get(said.casefold()) or int(NUMBERS.get(said.casefold(), said))

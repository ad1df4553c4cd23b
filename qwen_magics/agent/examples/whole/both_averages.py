"""Those above the average of one thing and below that of another, in one year: every average is that of the
same rows.

A small model takes the averages over all years, or the year for one of the conditions alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, number_in, source_of
from qwen_magics.agent.examples.whole.each_group import is_finest, measure_said
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.same_members import understood, yearly
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import MEAN
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["both_averages"]

_LESS = r"(?:less|lower|fewer|lighter|shorter|smaller|younger|cheaper|slower|colder|cooler|poorer)"
_MORE = (
    r"(?:more|greater|higher|larger|bigger|heavier|longer|older|dearer|faster|warmer|hotter|richer|stronger"
    r"|taller)"
)
_SIDE = re.compile(
    rf"\b(?P<how>above|below|over|under|beyond|(?:{_MORE}|{_LESS})(?P<noun>(?: (?!than\b)\w+)"
    r"{0,3}) than) (?:the |an? |its |their )?(?:overall |general |respective )?(?:average|mean)s?\b"
    r"(?! (?:of|for|in) (?:its|their|the same|each|every)\b)"
    r"(?: (?:of|among|across|for|over) (?:all|the) (?:of them|others|the \w+|\w+))?",
    re.IGNORECASE,
)
_THING = re.compile(
    r"^\W*(?:(?P<count>how many(?: of the)?|count the|(?:what is )?the number of)"
    r"|(?P<list>which|what|(?:list|name|show) (?:all )?(?:the )?)(?: of the)?)"
    r" ?(?P<thing>[a-z]\w*)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w@.-])(?:1[5-9]|20)\d\d(?![\w-])")
_OTHER = re.compile(
    rf"{MEAN}|\b(?:each|every|per ?cent\w*|percent\w*|shares?|chang\w+|differ\w*|ratios?|or|not|than|between"
    r"|rank\w*|group\w*|own|median|standard|deviation\w*|most|least|highest|lowest|either|neither|both)\b|%",
    re.IGNORECASE,
)
_ROWS = frozenset(["row", "record", "entry", "observation", "one"])
_TWO = 2


def both_averages(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    sides, lead = list(_SIDE.finditer(asked)), _THING.search(asked)
    if len(sides) != _TWO or lead is None or len(tables) != 1:
        return None
    table = tables[0]
    read = [_compared(asked, sides, at, table) for at in range(_TWO)]
    columns = [column for column in read if column is not None]
    if len(columns) != _TWO or columns[0] is columns[1]:
        return None
    rest = _SIDE.sub(lambda side: f" {side['noun'] or ''} ", asked[lead.end() :])
    years, times = set(_YEAR.findall(rest)), yearly(table)
    is_of_all = times is not None and not years
    if _OTHER.search(rest) or len(years) > 1 or (years and times is None):
        return None
    said = re.sub(r"(?i)\b(?:but|while|yet|though|although|whereas)\b", " ", _YEAR.sub(" ", rest))
    for column in columns:
        said = re.sub(rf"(?<!\w){re.escape(column.name)}(?!\w)", " ", said)
    shown = _shown(lead, table, dialect, is_dated=bool(years))
    # Countries have a row for each year; penguins were only measured in one.
    if (
        not shown
        or (is_of_all and words_of(lead["thing"]) != words_of(table.name))
        or not any(understood(_named(said, columns, c), table, c) for c in columns)
    ):
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    where = f"{name(times.name)} = {next(iter(years))}" if times is not None and years else ""
    means = f" WHERE {where}" if where else ""
    conditions = [where] if where else []
    told = []
    for column, side in zip(columns, sides, strict=True):
        is_less = re.match(rf"(?i)(?:below|under|{_LESS})\b", side["how"]) is not None
        value = name(column.name)
        conditions.append(f"{value} {'<' if is_less else '>'} (SELECT AVG({value}) FROM {source}{means})")
        told.append(f"{'below' if is_less else 'above'} the average {column.name}")
    query = f"SELECT {shown} FROM {source} WHERE {' AND '.join(conditions)}"
    of_year = f" of {next(iter(years))}" if years else ""
    return Told(f"{'how many' if lead['count'] else 'which'} rows{of_year} are {' and '.join(told)}", query)


def _compared(asked: str, sides: Sequence[re.Match[str]], at: int, table: Table) -> Column | None:
    """What stands before the comparison, in it, or right behind it: "above the average weight"."""
    start = sides[at - 1].end() if at else 0
    before = asked[start : sides[at].start()].rpartition(",")[2] if at else asked[: sides[at].start()]
    behind = re.match(r" (?:of )?(\w+(?: \w+)?)", asked[sides[at].end() :])
    for phrase in (f"{before} {sides[at]['noun'] or ''}", behind[1] if behind else ""):
        found = named_numbers(phrase, table)
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return number_in(f"{before} {sides[at]['how']}", table) or _only(before, table)


def _only(before: str, table: Table) -> Column | None:
    found = measure_said(before, table)
    named = found is not None and {w[:4] for w in words_of(before)} & {w[:4] for w in words_of(found.name)}
    return found if named else None


def _named(said: str, columns: Sequence[Column], kept: Column) -> str:
    """Without the words of the other columns: `understood` knows those of one."""
    for column in columns:
        if column is not kept:
            for part in words_of(column.name):
                said = re.sub(rf"(?i)\b{re.escape(part)}\w*", " ", said) if len(part) > _TWO else said
    return said


def _shown(lead: re.Match[str], table: Table, dialect: Dialect, *, is_dated: bool) -> str:
    """The count of the rows, or what each of them is called; empty where they are no such things."""
    noun = words_of(lead["thing"])
    column = group_in(lead["thing"], table)
    is_row = noun == words_of(table.name) or (noun and noun[0] in _ROWS) or lead["thing"] in ("with", "have")
    if column is not None and is_text(column) and (column.unique or (is_dated and is_finest(column, table))):
        return "COUNT(*)" if lead["count"] else dialect.quote_name(column.name)
    return "COUNT(*)" if is_row and lead["count"] and column is None else ""

"""The thing, or the value, that most rows belong to, and a figure of these: the genre with the most loans.

(`whole.chosen` counts rows of another table for the one with the most.) A small model counts the rows of
the thing's own table, in which each is there once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import column_of, key_of, spelled, table_of, way_between, with_joins
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, MEAN
from qwen_magics.tools.schema import Column, Join, Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chosen_rows"]

# Which rows are counted is said no further.
_ENDED = r"(?= ?[,;:.?!]|$| (?:have|has|had|did|does|do|was|were|is|are|made|came|got)\b)"
_OFTEN = r"(?P<how>most|least) (?:often|frequently|times)"
_ONE = (
    # "the book (book_id) that was lent most often"
    re.compile(
        r"\bthe (?:one )?(?P<thing>[a-z]\w*)(?: \(\w+\))?,? (?:that|which|who) "
        rf"(?:(?:was|were|is|are|has|have|had|been|got) ){{1,3}}(?P<done>[a-z]+)(?: out)? (?:the"
        rf" )?{_OFTEN}\b{_ENDED}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bthe (?P<how>most|least) often[- ](?P<done>[a-z]+(?:ed|en|t|ght)) (?P<thing>[a-z]\w*)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bthe (?P<thing>[a-z]\w*)(?: \(\w+\))?,? (?:with|that (?:has|had)|which (?:has|had)|having) the "
        r"(?P<how>most|fewest|(?:largest|highest|greatest|smallest|lowest) number of) (?P<rows>[a-z]\w*)\b"
        + _ENDED,
        re.IGNORECASE,
    ),
)
_DIFFERENT = re.compile(
    r"\bhow many (?:(?:different|distinct|separate|of the|of our) )+(?P<counted>\w+)|\bnumber of "
    r"(?:different|distinct) (?P<number>\w+)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"\b(?:how many days\b|(?:average|mean) (?:number of days|time)\b).*?\bfrom (?:the |their |its"
    r" )?(?P<begun>\w+)"
    r" (?:date )?(?:to|until|till) (?:the |their |its )?(?P<ended>\w+)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:each|every|per|both|two|three|five|ten|share|percent\w*|compare\w*|than|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Top:
    """The rows, the joins to what they are grouped by, and how that is spelled."""

    rows: Table
    way: tuple[Join, ...]
    key: str
    called: str


def chosen_rows(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query in two stages; None where any of it is not certain."""
    asked = " ".join(question.split())
    found = next(filter(None, (pattern.search(asked) for pattern in _ONE)), None)
    if found is None or _SEVERAL.search(asked):
        return None
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    if re.search(EXTREME, rest, re.IGNORECASE):
        return None  # one extreme within another: `whole.chain_of_extremes`
    tops = list(_tops(found, rest, tables, dialect))
    if len(tops) != 1:
        return None
    top = tops[0]
    down = "" if re.match(r"(?i)least|fewest|smallest|lowest", found["how"]) else " DESC"
    figure = _figure(rest, top, tables, dialect)
    if figure is None:
        return None
    told, value, more = figure
    source = with_joins(top.rows, (top.way,), dialect)
    inner = f"SELECT {top.key} FROM {source} GROUP BY {top.key} ORDER BY COUNT(*){down} LIMIT 1"
    outer = with_joins(top.rows, (top.way, more), dialect)
    which = f"the {top.called} with the {'most' if down else 'fewest'} {top.rows.name}"
    return Told(f"for {which}: {told}?", f"SELECT {value} FROM {outer} WHERE {top.key} = ({inner})")


def _tops(found: re.Match[str], rest: str, tables: Sequence[Table], dialect: Dialect) -> Iterator[_Top]:
    """What can be chosen: a thing by the rows that belong to it, or a value of what they belong to."""
    named = found.groupdict()
    rows = (
        [table_of(named["rows"], tables)]
        if named.get("rows")
        else _happened(named.get("done") or "", rest, tables)
    )
    thing, place = table_of(found["thing"], tables), column_of(found["thing"], tables)
    for table in filter(None, rows):
        if thing is not None and (way := way_between(table, thing, tables)) is not None:
            yield _Top(table, way[:-1], key_of(way, dialect), thing.name)
        elif thing is None and place is not None:
            owner, column = place
            up = () if owner is table else way_between(table, owner, tables)
            if up is not None:
                yield _Top(table, up, spelled(owner, column, dialect), column.name)


def _happened(done: str, rest: str, tables: Sequence[Table]) -> list[Table | None]:
    """The table of what was done: called by the verb, or the one that has a date and is at the lower end."""
    by_name = [table for table in tables if any(alike(word, done) for word in words_of(table.name))]
    by_date = [t for t in tables if any(alike(words_of(c.name)[0], done) for c in t.columns if has_days(c))]
    if by_name or by_date:
        return list(by_name or by_date)
    nouns = {table.name for word in words_of(rest) if (table := table_of(word, tables)) is not None}
    # "How many members have borrowed the book …": rows that belong to both, such as loans.
    events = [t for t in tables if any(map(has_days, t.columns)) and len(t.joins) > 1]
    led = [
        t for t in events if any((n := _named(tables, name)) and way_between(t, n, tables) for name in nouns)
    ]
    return list(led)


def _named(tables: Sequence[Table], name: str) -> Table | None:
    return next((table for table in tables if table.name == name), None)


def _figure(
    rest: str, top: _Top, tables: Sequence[Table], dialect: Dialect
) -> tuple[str, str, tuple[Join, ...]] | None:
    """In words, in SQL, and the joins that it needs."""
    if (found := _DIFFERENT.search(rest)) is not None:
        counted = table_of(found["counted"] or found["number"], tables)
        way = way_between(top.rows, counted, tables) if counted is not None else None
        if counted is None or way is None:
            return None
        return f"how many different {counted.name}", f"COUNT(DISTINCT {key_of(way, dialect)})", way[:-1]
    if (days := _DAYS.search(rest)) is not None and re.search(MEAN, rest, re.IGNORECASE):
        begun, ended = (_date(days[side], top.rows) for side in ("begun", "ended"))
        if begun is None or ended is None or begun is ended:
            return None
        one, two = (spelled(top.rows, column, dialect) for column in (begun, ended))
        passed = {
            "sqlite": f"JULIANDAY({two}) - JULIANDAY({one})",
            "duckdb": f"DATE_DIFF('day', {one}, {two})",
        }.get(dialect.name, f"{two} - {one}")
        return f"how many days on average from {begun.name} to {ended.name}", f"AVG({passed})", ()
    if re.search(MEAN, rest, re.IGNORECASE) and not re.search(r"(?i)\bhow many\b|\bnumber\b", rest):
        values = named_numbers(rest, top.rows)
        if len(values) == 1:
            return f"average {values[0].name}", f"AVG({spelled(top.rows, values[0], dialect)})", ()
    return None


def _date(said: str, table: Table) -> Column | None:
    """The date that a noun speaks of: `loaned` of a loan, `returned` of a return."""
    word = next(iter(words_of(said)), "")
    found = [c for c in table.columns if has_days(c) and any(alike(part, word) for part in words_of(c.name))]
    return found[0] if len(found) == 1 else None

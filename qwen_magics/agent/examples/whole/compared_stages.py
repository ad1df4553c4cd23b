"""Questions of two stages over one table, as a query that is nearly the answer: those above the average of
their own group, the same ones at the top of two years, and what was measured in the year in which something
else was highest. (One sum as a part or a multiple of another: `agent.examples.whole.sums_compared`.)

A small model filters by the one stage and forgets the other. Every column is read from the phrase that it
stands in; where one is not certain, there is no example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from qwen_magics.agent.examples.phrased import (
    group_in,
    number_in,
    numbers_in,
    source_of,
    spelled_group,
)
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.sums_compared import Staged, multiple, percent
from qwen_magics.agent.words.patterns.phrases import EXTREME, FEW, HIGH, LOW, MEAN
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Staged", "staged"]

_AVERAGE = r"(?:average|mean|avg\.?)"
_LESS = r"(?:less|lower|fewer|lighter|shorter|smaller|younger|cheaper|slower|colder|cooler|poorer|worse)"
_COMPARISON = (
    rf"(?P<how>above|below|over|under|beyond|exceed\w*|beats?|(?:more|greater|{_LESS}|\w+er)"
    r"(?: [\w']+){0,3}? than)"
)
_OWN = r"(?:its|their|his|her|the same) (?:own |respective )?"
# "Heavier than the average of their own species", "above their branch's mean".
_ABOVE_OWN = re.compile(
    rf"(?P<measured>(?:[\w'-]+ ){{0,6}}){_COMPARISON} (?:the |an? |what is )?(?:"
    rf"{_AVERAGE} (?P<between>(?:\w+ ){{0,3}}?)(?:of|for|in|within|among|across) (?:all )?{_OWN}(?P<of>\w+)"
    rf"|{_OWN}(?P<whose>\w+?)(?:['’]s?|s['’])? (?:own )?{_AVERAGE}(?P<after>(?: \w+){{0,2}}))",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(again|also|still|too|as well|remain\w*|stayed|reappear\w*|already|both|once more|kept)\b", re.I
)
_GONE = re.compile(
    r"\b(no longer|not any ?more|not anymore|dropped out|fell out|had left|not (?:among|in)|missing from)\b",
    re.I,
)
_FEW = re.compile(rf"\b(?:top|bottom)?[ -]?({FEW})\b", re.IGNORECASE)
_YEARS = re.compile(r"(?<![\w-])(?:1[5-9]|20)\d\d(?![\w-])")
_NUMBERS = {
    **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50},
}
_AGGREGATE = (
    (MEAN, "AVG"),
    (r"\b(?:totals?|totalled|sums?|summed|combined|altogether)\b", "SUM"),
    (r"\b(?:highest|maximum|max|peak)\b", "MAX"),
    (r"\b(?:lowest|minimum|min)\b", "MIN"),
)
_WORDS = {"AVG": "average", "SUM": "total", "MAX": "highest", "MIN": "lowest"}
# "In the year with the highest average inflation".
_THE_ONE = r"\b(?:in|of|for|during|at|on|from|take|consider|find) (?:the|that) (?P<unit>[\w-]+),? "
_HAVING = (
    r"(?:with|having|that (?:had|has|saw)|which (?:had|has|saw)|(?:in|for|of) which|whose|when|where|of)"
    r"(?: was| were)? ?(?:the |its )?"
)
_FIGURE = rf"(?:{_AVERAGE}|total|summed|combined|sum of)(?: [\w'()-]+)"
_AT_EXTREME = (
    re.compile(rf"{_THE_ONE}{_HAVING}(?P<how>{EXTREME}) (?P<second>{_FIGURE}{{1,4}})", re.IGNORECASE),
    re.compile(
        rf"{_THE_ONE}{_HAVING}(?P<second>{_FIGURE}{{1,4}}?) (?:was|were|is|are|stood) (?:the |at its )?"
        rf"(?P<how>{EXTREME})",
        re.IGNORECASE,
    ),
)


def staged(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Staged | None:
    """The query over the one table that has all that the question speaks of; None otherwise."""
    asked = " ".join(question.split())
    for kind in (_above_own, _top_again, _at_extreme, multiple, percent):
        found = list(_over_tables(kind, asked, tables, dialect))
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _over_tables(
    kind: Callable[[str, Table, Dialect], Staged | None],
    asked: str,
    tables: Sequence[Table],
    dialect: Dialect,
) -> Iterator[Staged]:
    yield from filter(None, (kind(asked, table, dialect) for table in tables))


def _above_own(asked: str, table: Table, dialect: Dialect) -> Staged | None:
    """The average of something over the rows above the average of their own group."""
    found = _ABOVE_OWN.search(asked)
    if found is None:
        return None
    group = group_in(found["of"] or found["whose"], table)
    compared = number_in(" ".join(filter(None, (found["between"], found["after"]))), table)
    # The words nearest to the comparison first: what is asked for may stand before them.
    compared = compared or _nearest_number(f"{found['measured']} {found['how']}", table)
    rest = " ".join(f"{asked[: found.start()]} {found['measured']} ; {asked[found.end() :]}".split())
    others = [c for c in numbers_in(rest, table) if c is not compared and c is not group]
    if group is None or compared is None or len(others) != 1 or not re.search(MEAN, rest, re.IGNORECASE):
        return None
    if re.search(rf"(?i){_COMPARISON} (?:the |an? )?{_AVERAGE}\b", f"{rest} "):
        return None  # that is a second condition, not what is asked for
    if table.column("mean") is not None:
        return None  # the grammar knows few other names for it
    key, value, limit = (dialect.quote_name(c.name) for c in (group, others[0], compared))
    sign = "<" if re.search(rf"(?i)\b(?:below|under|{_LESS})\b", found["how"]) else ">"
    each = re.search(rf"(?i)\b(?:each|every|per|by) {re.escape(found['of'] or found['whose'])}", rest)
    inner = f"SELECT *, AVG({limit}) OVER (PARTITION BY {key}) AS mean FROM {source_of(table, dialect)}"
    whole = f"AVG({value}) FROM ({inner}) AS s WHERE {limit} {sign} mean"
    side = "above" if sign == ">" else "below"
    told = (
        f"average {others[0].name} of the rows whose {compared.name} is {side} the mean of their {group.name}"
    )
    if each is None:
        return Staged(told, f"SELECT {whole}")
    return Staged(f"{told}, by {group.name}", f"SELECT {key}, {whole} GROUP BY {key}")


def _nearest_number(phrase: str, table: Table) -> Column | None:
    words = phrase.split()
    tails = (" ".join(words[-count:]) for count in range(1, len(words) + 1))
    return next(filter(None, (number_in(tail, table) for tail in tails)), None)


def _top_again(asked: str, table: Table, dialect: Dialect) -> Staged | None:
    """How many, or which, of the first ten of one year are among those of another."""
    years, few = list(dict.fromkeys(_YEARS.findall(asked))), {n.casefold() for n in _FEW.findall(asked)}
    gone = _GONE.search(asked)
    columns, values = [c for c in table.columns if is_year(c)], numbers_in(asked, table)
    if len(years) != 2 or len(few) != 1 or len(columns) != 1 or len(values) != 1:
        return None
    if (gone is None and not _AGAIN.search(asked)) or not re.search(rf"{EXTREME}|\btop\b", asked, re.I):
        return None
    thing = _thing(asked, table)
    if thing is None:
        return None
    said = few.pop()
    count = _NUMBERS.get(said) or int(said)
    down = "" if re.search(LOW, asked, re.I) and not re.search(HIGH, asked, re.I) else " DESC"
    key, value, year = (dialect.quote_name(c.name) for c in (thing, values[0], columns[0]))
    first, second = (
        f"SELECT {key} FROM {source_of(table, dialect)} WHERE {year} = {one} AND {value} IS NOT NULL "
        f"ORDER BY {value}{down} LIMIT {count}"
        for one in years
    )
    many = re.search(r"(?i)\b(?:how many|number of|count)\b", asked)
    shown, sign = "COUNT(*)" if many else key, "NOT IN" if gone else "IN"
    # MySQL takes no LIMIT in an inner query of IN, only one deeper.
    inner = f"SELECT {key} FROM ({second}) AS late" if dialect.name == "mysql" else second
    told = (
        f"{'how many' if many else 'which'} of the {count} {thing.name} first by {values[0].name} "
        f"in {years[0]} are {'not ' if gone else ''}among the first {count} of {years[1]}"
    )
    return Staged(told, f"SELECT {shown} FROM ({first}) AS early WHERE {key} {sign} ({inner})")


def _thing(asked: str, table: Table) -> Column | None:
    """What the ten are: the first text that the words behind the number, or behind "how many", name."""
    for lead in (FEW, r"(?:how many|which|what|number of)"):
        for found in re.finditer(rf"(?i)\b{lead}((?: [\w-]+){{1,4}})", asked):
            for word in found[1].split():
                column = group_in(word, table)
                if column is not None and column.dtype.startswith(("VARCHAR", "TEXT", "CHAR")):
                    return column
    return None


def _at_extreme(asked: str, table: Table, dialect: Dialect) -> Staged | None:
    """Something of the year, or of the group, in which the average of another thing was highest."""
    found = next(filter(None, (pattern.search(asked) for pattern in _AT_EXTREME)), None)
    if found is None:
        return None
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    unit, second = group_in(found["unit"], table), number_in(found["second"], table)
    first, function = number_in(rest, table), _function(rest)
    if (
        unit is None
        or second is None
        or first is None
        or not function
        or not (by := _function(found["second"]))
    ):
        return None
    if (days := _day(found, table, dialect)) is not None:
        return _on_the_day(days, rest, (first, function), (second, by), found, table, dialect)
    key = spelled_group(unit, found["unit"], dialect)
    if not key:
        return None
    value, limit = dialect.quote_name(first.name), dialect.quote_name(second.name)
    source, down = source_of(table, dialect), "" if re.fullmatch(LOW, found["how"], re.I) else " DESC"
    groups = f"SELECT {key} FROM {source} WHERE {limit} IS NOT NULL GROUP BY {key}"
    inner = f"{groups} ORDER BY {by}({limit}){down} LIMIT 1"
    end = "lowest" if not down else "highest"
    told = f"{_WORDS[function]} {first.name} in the {found['unit']} with the {end} {_WORDS[by]} {second.name}"
    return Staged(told, f"SELECT {function}({value}) FROM {source} WHERE {key} = ({inner})")


def _day(found: re.Match[str], table: Table, dialect: Dialect) -> str | None:
    """Year, month and day of a calendar in columns: what its days are told apart by."""
    if found["unit"].casefold() not in ("day", "date"):
        return None
    columns = [table.column(part) for part in ("year", "month", "day")]
    known = [column for column in columns if column is not None]
    return ", ".join(dialect.quote_name(column.name) for column in known) if len(known) == 3 else None


def _on_the_day(
    days: str,
    rest: str,
    asked: tuple[Column, str],
    chosen_by: tuple[Column, str],
    found: re.Match[str],
    table: Table,
    dialect: Dialect,
) -> Staged | None:
    """A figure of the rows of one day, by a figure of the same rows: one SELECT says both."""
    (first, function), (second, by) = asked, chosen_by
    where = limited(f"{rest} {found['second']}", table, dialect)
    if where is None:
        return None
    value, limit = dialect.quote_name(first.name), dialect.quote_name(second.name)
    down = "" if re.fullmatch(LOW, found["how"], re.I) else " DESC"
    known = f" HAVING {by}({limit}) IS NOT NULL" if second.nulls else ""
    groups = f"FROM {source_of(table, dialect)}{where} GROUP BY {days}{known}"
    end = "lowest" if not down else "highest"
    told = f"{_WORDS[function]} {first.name} on the day with the {end} {_WORDS[by]} {second.name}"
    return Staged(told, f"SELECT {function}({value}) {groups} ORDER BY {by}({limit}){down} LIMIT 1")


def _function(phrase: str) -> str:
    found = [name for pattern, name in _AGGREGATE if re.search(pattern, phrase, re.IGNORECASE)]
    return found[0] if len(found) == 1 else ""

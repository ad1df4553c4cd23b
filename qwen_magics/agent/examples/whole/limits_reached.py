"""The first one at which a running total reaches a limit: "at which fine_id does the sum first pass 1000?"

A small model gives all rows from there on, or takes no running total at all.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.row_times import row_times
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, number_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["MONEY", "limits_reached"]

_SUMMED = re.compile(
    r"\b(?:running|cumulative|cumulated|accumulat\w+|rolling up|summ?ing|summed|sums?|add(?:s|ed"
    r"|ing)? (?:them )?up"
    r"|adding|totals?|counted up|counting)\b",
    re.IGNORECASE,
)
_PAST = (
    r"exceed\w*|pass(?:es|ed)?|surpass\w*|tops?|topped|cross(?:es|ed)?|goe?s? (?:past|beyond|over|above)"
    r"|gets? (?:past|beyond|over|above)|ris\w+ above|(?:is|was|becomes?) (?:more than|above|over"
    r"|greater than)"
)
_TO = r"reach(?:es|ed)?|hits?|attain(?:s|ed)?|gets? to|got to|comes? to|arriv\w+ at|(?:is|was) at least"
_RUNNING = re.compile(r"\b(?:running|cumul\w+|accumul\w+|so far|until then|up to then)\b", re.IGNORECASE)
_LIMIT = re.compile(
    rf"\b(?:first |finally )?(?:(?P<past>{_PAST})|(?P<to>{_TO}))(?: (?:the|a|an|mark|limit|total|sum|of|level"
    r"|for the first time)){0,4} [$€£]?(?P<limit>\d+(?:,\d{3})*(?:\.\d+)?)(?: (?P<scale>thousand|million"
    r"|billion))?"
    r"(?!\s*(?:%|per ?cent|\d))(?: (?:for the first time|mark))?",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:in|at|on|with|by|during) (?:which|what) (?P<at>\w+(?: \w+)?)|\b(?:which|what) (?P<is>\w+)(?: is"
    r"| was)?",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r",?\b(?:in (?:the )?(?:ascending |rising |increasing )?order of|ordered by|sorted by|in order by|by|per"
    r"|for each|of each|over the) (?:their |the |ascending |increasing )?(?P<by>\w+)(?: of (?:the )?\w+)?",
    re.IGNORECASE,
)
_UP = (
    r"(?:oldest|earliest|lowest|smallest) (?:ones? )?first|ascending|chronological(?:ly)?|in order|upwards?"
    r"|(?:by|per) (?:date|day)|(?:day|date) by (?:day|date)|in order of time"
)
_ORDERS = re.compile(
    rf",? ?(?:(?:starting|beginning) (?:with|from|at) the (?:oldest|earliest|first|lowest)(?: one)?"
    rf"|(?:{_UP}))\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:newest|latest|last|highest|largest|biggest|most|descending|downwards?|backwards?|fewest|average"
    r"|mean"
    r"|median|percent\w*|half|share|each other|which \w+ (?:who|that))\b|%",
    re.IGNORECASE,
)
_DAY_ONE = r"(?:January 1(?:st)?|(?:the )?1(?:st)?(?: of)? January|the first of January|Jan\.? 1(?:st)?)"
_SINCE = re.compile(
    r",?(?: (?:starting|beginning|counted|counting))?\b (?:since|from|on|with|at|as of) "
    rf"(?:{_DAY_ONE}|(?:the )?(?:very )?(?:start|beginning))(?:(?:,| of)? (?:(?:that|the|this|the same) year"
    rf"|(?:the year )?"
    r"(?P<year>(?:1[89]|20)\d\d)))(?: on(?:wards?)?)?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w.,-])(?:1[89]|20)\d\d(?![\w-])")
# Rows without the key are in no order; they are left out in any case.
_UNKNOWN = re.compile(
    r"[.;,]? ?\b(?:leav\w+ out|ignor\w+|skip\w*|exclud\w+|disregard\w*|omit\w*|leave|not counting"
    r"|without)\b[^.?!;]*"
    r"\b(?:without|no|missing|unknown|nulls?|empty|lack\w*|an?) (?:an? |any |the )?(?P<of>\w+)[^.?!;]*",
    re.IGNORECASE,
)
MONEY = frozenset(
    words_of("sales payments fines costs expenses donations revenues invoices prices fees budgets")
)
_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def limits_reached(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if the question says what is added up, by what it goes, and the limit."""
    unknown = _UNKNOWN.search(question)
    said = f"{question[: unknown.start()]}{question[unknown.end() :]}" if unknown is not None else question
    limit, plain = _LIMIT.search(said), _ORDERS.sub(" ", _since_new_year(said))
    at = next((f for f in _AT.finditer(said)), None)
    if limit is None or at is None or not _SUMMED.search(said) or _DOWN.search(plain):
        return None
    key = _key((at["at"] or at["is"]), said, table, dialect)
    orders = [found for found in _ORDER.finditer(plain) if _is_column(found["by"], table)]
    if key is None or any(not _is_same(found["by"], key[0], table) for found in orders):
        return None
    # "The year in which the total passed it" may be a total of each year.
    if not _RUNNING.search(said) and not orders and plain == said:
        return None
    if unknown is not None and not _is_same(unknown["of"], key[0], table):
        return None
    rest = _LIMIT.sub(" ", plain)
    for found in (*orders, at):
        rest = rest.replace(found[0], " ")
    figure = _figure(rest, table, key[0], dialect)
    # Of a date, its year may be said as well.
    used = set[str]() if has_days(key[0]) else {key[0].name}
    rows = named_rows(_SUMMED.sub(" ", rest), table, dialect, used)
    if figure is None or rows is None:
        return None
    column, expression = key
    value, noun = figure
    known = f"{dialect.quote_name(column.name)} IS NOT NULL" if column.nulls else ""
    query = _query(table, dialect, column, expression, value, rows.written(known), _bound(limit))
    told = (
        f"the first {column.name} at which the running {noun} {'passes' if limit['past'] else 'reaches'} it"
    )
    return SpelledOut(told, query, (r"\bOVER\b|\bJOIN\b|SELECT.*SELECT",))


def _since_new_year(question: str) -> str:
    """Without "since January 1 of that year", where one year is said: its rows are those from there on."""
    since = _SINCE.search(question)
    if since is None or since["year"] or len(set(_YEAR.findall(question))) != 1:
        return (
            question
            if since is None or not since["year"]
            else _SINCE.sub(f" in {since['year']} in order ", question)
        )
    return _SINCE.sub(" in order ", question)


def _query(
    table: Table, dialect: Dialect, column: Column, expression: str, value: str, where: str, bound: str
) -> str:
    name, source = dialect.quote_name(column.name), source_of(table, dialect)
    ends = f"WHERE running {bound} ORDER BY {name} LIMIT 1"
    if column.unique and value.startswith("SUM(") and expression == name:
        inner = f"SELECT {name}, {value} OVER (ORDER BY {name}) AS running FROM {source}{where}"
        return f"SELECT {name} FROM ({inner}) AS s {ends}"
    shown = name if expression == name else f"{expression} AS {name}"
    sums = f"SELECT {shown}, {value} AS n FROM {source}{where} GROUP BY {expression}"
    inner = f"SELECT {name}, SUM(n) OVER (ORDER BY {name}) AS running FROM ({sums}) AS sums"
    return f"SELECT {name} FROM ({inner}) AS s {ends}"


def _bound(limit: re.Match[str]) -> str:
    number = limit["limit"].replace(",", "")
    scale = _SCALE.get((limit["scale"] or "").casefold(), 1)
    if scale > 1:
        number = f"{float(number) * scale:.0f}"
    return f"{'>' if limit['past'] else '>='} {number}"


def _is_column(word: str, table: Table) -> bool:
    return _named(word, table) is not None


def _is_same(word: str, key: Column, table: Table) -> bool:
    named = _named(word, table)
    return named is not None and named.name == key.name


def _named(word: str, table: Table) -> Column | None:
    """The column of that name, or the one of years where "year" is said."""
    years = [c for c in table.columns if is_year(c)] if word.casefold() == "year" else []
    return table.column(word) or group_in(word, table) or (years[0] if len(years) == 1 else None)


def _key(word: str, question: str, table: Table, dialect: Dialect) -> tuple[Column, str] | None:
    """The column that is asked for, and how it is read: of a date, the day."""
    first = word.split()[0]
    named = _named(first, table)
    if named is not None and not named.dtype.startswith("TIMESTAMP"):
        return (named, dialect.quote_name(named.name)) if _is_moment(named, table) else None
    if first.casefold() in ("day", "date"):
        times = row_times(question, table, dialect)
        if times is not None and times.date is not None and (day := times.day()):
            return times.date, day
    return None


def _is_moment(key: Column, table: Table) -> bool:
    """A month without its year is none, unless all rows are of one year."""
    unit, units = key.name.casefold(), {c.name.casefold(): c for c in table.columns}
    if unit not in ("month", "quarter", "week", "day", "hour") or not {"year", "month", "quarter"} & set(
        units
    ):
        return True
    year = units.get("year")
    one = year is not None and not year.nulls and len(set(year.categories or year.samples)) == 1
    return one and unit in ("month", "quarter") and is_number(key)


def _figure(rest: str, table: Table, key: Column, dialect: Dialect) -> tuple[str, str] | None:
    """What is added up, in SQL and in words."""
    counted = re.search(r"\b(?:number|count|tally) of (?:the |all )?(\w+)", rest, re.IGNORECASE)
    if counted is not None:
        is_rows = words_of(counted[1]) == words_of(table.name)[-1:]
        return ("COUNT(*)", f"number of {table.name}") if is_rows else None
    number = number_of(rest, table)
    rows = re.search(r"\b(?:total|tally|sum) of (?:the |all |all the )?(\w+)", rest, re.IGNORECASE)
    if number is None and rows is not None and words_of(rows[1]) == words_of(table.name)[-1:]:
        # The total of sales is one of money.
        return None if MONEY & set(words_of(rows[1])) else ("COUNT(*)", f"number of {table.name}")
    if number is None or number.name == key.name:
        return None
    return f"SUM({dialect.quote_name(number.name)})", f"total of {number.name}"

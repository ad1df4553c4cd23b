"""One member of a group and its places: in how many years it was the first, which place it has in each group.

"In how many years did Japan rank first in Asia by lifeExp?" A small model ranks all years at once, or gives
the places of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.named_rows import NamedRows, named_rows
from qwen_magics.agent.examples.whole.row_times import row_times
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, each_of, number_of
from qwen_magics.agent.words.patterns.phrases import FALLEN, RISEN
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["places_of_each", "times_first"]

_HIGH = r"(?:highest|largest|biggest|greatest|most|longest|top|best|maximum|heaviest|tallest|dearest)"
_LOW = r"(?:lowest|smallest|least|fewest|shortest|minimum|cheapest|lightest)"
_UNIT = r"(?P<unit>day|month|quarter|year|date)s"
_TIMES = re.compile(rf"\b(?:(?:in|on|for) )?how many (?:of (?:the|all) |different )?{_UNIT}\b", re.IGNORECASE)
_FIRST = re.compile(
    rf"\b(?:(?:rank(?:ed|s|ing)?|come|came|comes|be|was|is|placed?|finish(?:ed)?) (?:first|top|number one"
    rf"|no\. 1|1st)"
    rf"|(?:in )?(?:the )?first (?:place|rank)|lead|led|top(?:ped)?|rank(?:ed)? (?:the )?highest"
    rf"|(?:have|had|has|show(?:ed)?|record(?:ed)?|get|got|was|be|with) the (?P<end>{_HIGH}|{_LOW})"
    rf"|the (?P<last>{_HIGH}|{_LOW})(?= (?:of|among|in|on|at|for)\b|\W*$))\b",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:(?:which|what) (?:rank|place|position)|rank(?:s|ed|ing)?|(?:where|how) (?:does"
    r"|did) [^?.]*\brank)\b",
    re.I,
)
# "1 for the highest", "rank 1 being the lowest".
_ONE_IS = re.compile(
    rf",? ?\(?\b(?:(?:with )?(?:rank |place |number )?(?:1|one) (?:for|is|being|=|goes to|as|means"
    rf"|to) (?:the )?"
    rf"(?P<one>{_HIGH}|{_LOW})(?: \w+)?|(?P<two>{_HIGH}|{_LOW})(?: \w+)? (?:first|is (?:rank )?(?:1|one)"
    rf"|= ?1))\b\)?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:totals?|sums?|averages?|means?|median|number of|how many times|per|change\w*|growth|between"
    r"|than|top \d+"
    r"|second|third|last|longest (?:run|streak)|in a row|consecutive|correlat\w*|percent\w*|share|increas\w*"
    rf"|decreas\w*|difference|ever|so far|or second)\b|%|{RISEN}|{FALLEN}",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:ranked|placed|topped|measured|by|finished|recorded|showed|of all)\b", re.IGNORECASE
)


def times_first(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """In how many years, months or days one had the highest value of all."""
    counted, first = _TIMES.search(question), _FIRST.search(question)
    if counted is None or first is None or _OTHER.search(question) or each_of(question):
        return None
    times = row_times(question, table, dialect)
    unit = {"date": "day"}.get(counted["unit"].casefold(), counted["unit"].casefold())
    periods = times.unit(unit) if times is not None else ()
    number = number_of(question, table)
    if not periods or times is None or number is None:
        return None
    rest = _LITTLE.sub(" ", _ONE_IS.sub(" ", _FIRST.sub(" ", _TIMES.sub(" ", question))))
    rows = named_rows(rest, table, dialect)
    # Who is asked about stands behind "did" or "was".
    member = _member(question, rows) if rows is not None else None
    if rows is None or member is None:
        return None
    column, literal = member
    down = "" if re.fullmatch(_LOW, first["end"] or first["last"] or "most", re.IGNORECASE) else " DESC"
    value = dialect.quote_name(number.name)
    known = f"{value} IS NOT NULL" if number.nulls else ""
    shown = _aliased(periods)
    inner = (
        f"SELECT {', '.join(shown)}, {column}, RANK() OVER (PARTITION BY {', '.join(periods)} "
        f"ORDER BY {value}{down}) AS rank FROM {source_of(table, dialect)}"
        f"{rows.written(known, without={column})}"
    )
    names = [name.rpartition(" AS ")[2] for name in shown]
    found = f"FROM ({inner}) AS ranked WHERE {column} = {literal} AND rank = 1"
    query = f"SELECT COUNT(DISTINCT {names[0]}) {found}"
    if len(names) > 1:
        query = f"SELECT COUNT(*) FROM (SELECT DISTINCT {', '.join(names)} {found}) AS times"
    end = "highest" if down else "lowest"
    told = f"in how many {unit}s had {literal[1:-1]} the {end} {number.name} of all in that {unit}?"
    return SpelledOut(told, query, (r"SELECT.*SELECT|QUALIFY",))


def places_of_each(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """Which place one member has within each group."""
    question = _by_their_values(question, table)
    groups = {c.name: c for word in each_of(question) if (c := group_in(word, table)) is not None}
    if len(groups) != 1 or not _RANK.search(question) or _OTHER.search(question):
        return None
    (group,) = groups.values()
    if any(group_in(word, table) is None for word in each_of(question)):
        return None
    low = _ONE_IS.search(question)
    ends = _ONE_IS.sub(" ", question)
    if re.search(rf"\b(?:{_LOW}|{_HIGH})\b", ends, re.IGNORECASE):
        return None
    number = number_of(ends, table)
    rows = named_rows(_LITTLE.sub(" ", ends), table, dialect, {group.name})
    member = _member(question, rows) if rows is not None else None
    if number is None or rows is None or member is None or not _is_one_time(table, group, rows, dialect):
        return None
    column, literal = member
    said = (low["one"] or low["two"]) if low is not None else "highest"
    down = "" if re.fullmatch(_LOW, said, re.IGNORECASE) else " DESC"
    value, key = dialect.quote_name(number.name), dialect.quote_name(group.name)
    known = f"{value} IS NOT NULL" if number.nulls else ""
    source, rank = (
        source_of(table, dialect),
        f"RANK() OVER (PARTITION BY {key} ORDER BY {value}{down}) AS place",
    )
    where = rows.written(known, without={column})
    if "qualify" in dialect.features:
        # The shorter it is, the more of it is copied.
        query = f"SELECT {key}, {rank} FROM {source}{where} QUALIFY {column} = {literal}"
    else:
        inner = f"SELECT {key}, {column}, {rank} FROM {source}{where}"
        query = f"SELECT {key}, place FROM ({inner}) AS ranked WHERE {column} = {literal}"
    told = f"which place has {literal[1:-1]} by {number.name} within each {group.name}?"
    return SpelledOut(told, query, (r"\bOVER\b|SELECT.*SELECT",))


def _by_their_values(question: str, table: Table) -> str:
    """The question with listed values for what comes from them: Europe for European, Japan for Japanese."""
    for value in {
        v for c in table.columns for v in c.categories or () if re.fullmatch(r"'[A-Z][a-z]{3,}'", v)
    }:
        text = value[1:-1]
        question = re.sub(rf"\b{text}(?:n|an|ese|ish)\b|\b{text.removesuffix('s')}n\b", text, question)
    return question


def _member(question: str, rows: NamedRows) -> tuple[str, str] | None:
    """The one of the names that the question asks about: the only one, or the one right behind the verb."""
    texts = list(rows.conditions.items())
    if len(texts) == 1:
        return texts[0]
    behind = [
        (column, literal)
        for column, literal in texts
        if re.search(
            r"(?i)\b(?:did|does|do|was|were|is|has|had|have|by|where)(?: the)?(?: \w+)? "
            rf"{re.escape(literal[1:-1])}(?!\w)",
            question,
        )
    ]
    return behind[0] if len(behind) == 1 else None


def _is_one_time(table: Table, group: Column, rows: NamedRows, dialect: Dialect) -> bool:
    """Whether its rows are of one year, or each group is a time: otherwise a member has several of them."""
    times = [
        c
        for c in table.columns
        if is_year(c) or has_days(c) or c.name.casefold() in ("month", "quarter", "day")
    ]
    said = [c for c in times if any(w.startswith(f"{dialect.quote_name(c.name)} = ") for w in rows.where)]
    return all(c in said or c.name == group.name for c in times)


def _aliased(periods: Sequence[str]) -> list[str]:
    return [name if re.fullmatch(r'\w+|"[^"]+"', name) else f"{name} AS period" for name in periods]

"""What a phrase such as "warehouse city" or "the years in which they were made" stands for in the tables: a
column, with its values or a part of its dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["Side", "phrase_years", "sides_of"]

_DECADE = re.compile(r"\b((?:1[5-9]|20)\d0)['’]?s\b")
_YEARS = r"\b(?:19|20)\d\d\b"
_LISTED = re.compile(rf"(?:\byears? )?{_YEARS}(?:(?:,| ?and| ?or| ?to| ?through|,? ?[-–]| &)+ ?{_YEARS})+")
_FROM_TO = re.compile(r"(\d{4})(?: to | through | ?[-–] ?)(\d{4})")
_UNITS = {
    "year": (),
    "quarter": tuple(map(str, range(1, 5))),
    "month": tuple(map(str, range(1, 13))),
    "hour": tuple(map(str, range(24))),
}
# The thing itself comes before them: genres *of* the books, years *in which* they were lent.
_QUALIFIED = re.compile(r"\b(of|in which|when|whose|that|which|where|from|in|they|with|being|made)\b.*", re.I)
_KEY = re.compile(r"(^|_)(id|key|nr|no)$|[a-z]I[dD]$", re.IGNORECASE)
_WEEKDAY = re.compile(r"\bweek ?days?\b|\bdays? of (the )?week\b", re.IGNORECASE)
_LONGEST_SPAN = 12


@dataclass(frozen=True, slots=True)
class Side:
    """What goes down or across.

    Attributes:
        unit: `year`, `quarter`, `month` or `hour` of a column of dates, `decade` of one of years
            too; empty for the column itself.
        values: as SQL literals; those of a column that goes down may be unknown.
    """

    table: Table
    column: Column
    unit: str = ""
    values: tuple[str, ...] = ()


def phrase_years(question: str) -> tuple[str, tuple[str, ...]]:
    """The question with a list of years as the one word `years`, and these years in order."""
    listed = _LISTED.search(question)
    if listed is None:
        return question, ()
    years = sorted(set(re.findall(_YEARS, listed[0])))
    span = _FROM_TO.search(listed[0])
    if span is not None and 0 < int(span[2]) - int(span[1]) < _LONGEST_SPAN:
        years = [str(year) for year in range(int(span[1]), int(span[2]) + 1)]
    return f"{question[: listed.start()]}years{question[listed.end() :]}", tuple(years)


def sides_of(
    phrase: str, tables: Sequence[Table], fact: Table, question: str, years: Sequence[str] = ()
) -> Side | None:
    """What the phrase stands for; None if that is nothing, or two things alike.

    Args:
        fact: the table that is counted; of dates, its own are meant.
        question: as `phrase_years` gives it; of a column's values those in it count, if it has several.
        years: those that the question lists.
    """
    head, rest = _head(phrase)
    if not head or _WEEKDAY.search(phrase):
        return None  # each database counts weekdays in its own way
    if head[-1] == "decade" and (side := _decades(fact, question)) is not None:
        return side
    if head[-1] in _UNITS:
        moment = _moment(head[-1], fact, words_of(phrase), years)
        if moment is not None:
            return moment
    best: list[tuple[int, Side]] = []
    for table in tables:
        best += _in_table(table, head, rest, question)
    if not best:
        return None
    most = max(score for score, _ in best)
    found = [side for score, side in best if score == most]
    return found[0] if len(found) == 1 else None


def _head(phrase: str) -> tuple[list[str], list[str]]:
    """The words of the thing itself, and those that tell whose it is."""
    thing = words_of(_QUALIFIED.sub("", re.sub(r"(?i)^(the|each|every|all)\s+", "", phrase)))
    return thing, words_of(phrase)[len(thing) :]


def _in_table(
    table: Table, head: Sequence[str], rest: Sequence[str], question: str
) -> list[tuple[int, Side]]:
    own, noun = words_of(table.name), head[-1]
    others = {*head[:-1], *rest}
    keys = {join.column for join in table.joins}
    owned = sum(any(alike(part, word) for word in others) for part in own)
    found = []
    for column in table.columns:
        parts = words_of(column.name)
        if not parts or column.name in keys or _KEY.search(column.name) or not alike(parts[-1], noun):
            continue
        if len(parts) > 1 and not any(part in others or part in own for part in parts[:-1]):
            continue  # the home town is not the town
        score = 4 * (parts[-1] == noun) + 2 * owned + 2 * (len(parts) - 1)
        found.append((score, Side(table, column, values=_values(column, question))))
    label = next((c for c in table.columns if c.name.casefold() in LABELS), None)
    if not found and label is not None and own and own[-1] == noun and (set(own[:-1]) <= others):
        found.append((5, Side(table, label, values=_values(label, question))))
    return found


def _values(column: Column, question: str) -> tuple[str, ...]:
    """Those that the question names, if it names several; else all."""
    every = column.categories or ()
    named = [v for v in every if re.search(rf"(?<!\w){re.escape(v.strip(chr(39)))}(?!\w)", question, re.I)]
    return tuple(named if len(named) > 1 else every)


def _moment(unit: str, fact: Table, said: Sequence[str], years: Sequence[str]) -> Side | None:
    """The part of a date of `fact`; its only date, or the one that the words name."""
    whole = next((column for column in fact.columns if column.name.casefold() == unit), None)
    if whole is not None:
        values = tuple(years) if unit == "year" and is_year(whole) else ()
        return Side(fact, whole, values=values or whole.categories or _UNITS[unit])
    dates = [c for c in fact.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    named = [c for c in dates if any(alike(part, word) for part in words_of(c.name) for word in said)]
    # Days written as texts are dates as well, where they are the only ones.
    texts = [c for c in fact.columns if c.dtype == "VARCHAR" and has_days(c)] if not dates else []
    dates = texts if len(texts) == 1 else dates
    # The first date of a row is when it came to be, unless another is named.
    chosen = named if len(named) == 1 else dates[:1]
    if not chosen:
        return None
    values = (tuple(years) or _sampled(chosen[0])) if unit == "year" else _UNITS[unit]
    return Side(fact, chosen[0], unit, values)


def _decades(fact: Table, question: str) -> Side | None:
    """Those that the question lists, "1930s, 1940s", of the column of years, or else of the only date."""
    years = [column for column in fact.columns if is_year(column)]
    dates = [c for c in fact.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    found = years or dates
    if len(found) != 1:
        return None
    return Side(fact, found[0], "decade", tuple(sorted(set(_DECADE.findall(question)))))


def _sampled(column: Column) -> tuple[str, ...]:
    """The years between those of the samples."""
    seen = sorted(int(year) for year in re.findall(r"'(\d{4})-", " ".join(column.samples)))
    span = range(seen[0], seen[-1] + 1) if seen else range(0)
    return tuple(map(str, span)) if len(span) <= _LONGEST_SPAN else ()

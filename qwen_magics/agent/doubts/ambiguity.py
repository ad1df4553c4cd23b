"""Two columns that fit a question equally well: asked back, instead of guessed.

Found by words alone, before any model is asked, and only in four plain cases: a noun that ends the names of
several columns of one table (`delay` of `dep_delay` and `arr_delay`) with nothing in the question that tells
them apart; a period of time where a table has several dates; a column of the same name in two tables that
the question names; a judgement (the best, the biggest) of things that have several measures. Everything
else is left to the model: what it takes for granted stands in the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qwen_magics.agent.doubts.whose import without_owned
from qwen_magics.agent.words.naming import UNITS, alike, name_parts, words_of
from qwen_magics.tools.schema import Column, Table

__all__ = ["Ambiguous", "ambiguity"]

_PERIOD = re.compile(
    r"\b(per|by|each|every|in|since|before|after|during|until|last|this|which) (the )?"
    r"(year|quarter|month|week|day)s?\b"
    r"|\b(yearly|quarterly|monthly|weekly|daily|latest|earliest|most recent)\b"
    r"|\b(in|since|before|after|during|until) (19|20)\d\d\b"
    r"|\b(january|february|march|april|may|june|july|august|september|october|november|december)"
    r" (19|20)\d\d\b"
    r"|每年|每月|每周|每天|按年|按月|按周|按日|最近|最早|(19|20)\d\d年",
    re.IGNORECASE,
)
# Both tables' columns are meant: one is set against the other, or each is asked for.
_BOTH = re.compile(
    r"\b(beside|both|compar\w+|correlat\w+|differ\w*|respectively|than|that of|those of|versus|vs)\b"
    r"|比|差|分别|都",
    re.IGNORECASE,
)
_PERIODS = frozenset(["date", "day", "hour", "month", "quarter", "time", "timestamp", "week", "year"])
_DATE_HEADS = frozenset(["at", "date", "day", "on", "time", "timestamp"])
_JUDGED = re.compile(
    r"\b(best|worst|finest|greatest|biggest|largest|smallest|poorest|richest"
    r"|(?:most|least) (?:popular|important|successful|valuable|productive|influential|efficient))\b(.*)$"
    r"|(最好|最差|最受欢迎|最重要)",
    re.IGNORECASE | re.DOTALL,
)
# What says how it is measured, or asks for something else than one thing.
_MEASURED = re.compile(
    r"\b(by|per|average|mean|median|total|sum|number of|count|how (?:many|much)|more|fewest|highest|lowest"
    r"|rate|ratio|share|percent|percentage|in terms of|based on|according|measured|with the|for)\b"
    r"|按|平均|总|数量|多少",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT|INTEGER|DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC|NUMBER)", re.IGNORECASE
)
_NO_MEASURES = frozenset(
    ["code", "day", "hour", "id", "key", "minute", "month", "number", "quarter", "week", "year"]
)
# "Left with a delay" is the delay of the departure: what is said with the verb → how such columns are called.
_ON_THE_WAY = (
    (r"left|leaves?|leaving|depart\w*|took off|takes? off|taking off", ("dep", "departure")),
    (r"arriv\w*|land(?:s|ed|ing)?|touch(?:ed|es)? down|got in|came in", ("arr", "arrival")),
)
# In which year were the planes built that the flights …: the year of what was built.
_MADE = re.compile(
    r"\b(?:built|made|manufactured|constructed|produced|founded|published|printed|born|released|launched)\b",
    re.IGNORECASE,
)
_SHORTEST = 3
_MOST_READINGS = 4
_NEAR = 1
_MATCHED = 3
# Between a column and its table: "the name of the customer".
_BETWEEN = frozenset(
    ["a", "an", "by", "called", "each", "for", "in", "of", "s", "the", "these", "those", "whose", "with"]
)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A question with several readings.

    Attributes:
        what: the word or thing that is meant one way or the other.
        columns: the columns, spelled so that the question with one of them is clear.
        judged: the word is a judgement, and the columns are what it may go by.
    """

    what: str
    columns: tuple[str, ...]
    judged: bool = False

    def readings(self, question: str, frames: Mapping[str, object]) -> tuple[str, ...]:
        """The question once for each column, as it can be asked again."""
        stem = question.rstrip().rstrip("?？.。!！").rstrip()
        for name in frames:
            stem = re.sub(rf"(?<![\w@]){re.escape(name)}(?!\w)", f"@{name}", stem, count=1)
        if self.judged:
            return tuple(f"{stem} by {column}?" for column in self.columns)
        spelled = re.finditer(r"(?<![\w@])[^\W\d_]+(?!\w)", stem)
        word = next((found for found in spelled if words_of(found[0]) == [self.what]), None)
        if word is not None:  # the average delay → the average dep_delay
            return tuple(f"{stem[: word.start()]}{c}{stem[word.end() :]}?" for c in self.columns)
        period = _PERIOD.search(stem)
        end = period.end() if period is not None else len(stem)
        return tuple(f"{stem[:end]} ({column}){stem[end:]}?" for column in self.columns)

    def sentence(self, readings: Sequence[str]) -> str:
        """What the user is asked."""
        choice = " or ".join(self.columns)
        asked = f"What does {self.what!r} go by: {choice}?" if self.judged else ""
        asked = f"{asked or f'Which {self.what} is meant: {choice}?'} Ask again with one of these:"
        return "\n\n".join((asked, *readings))


def ambiguity(question: str, tables: Sequence[Table]) -> Ambiguous | None:
    """The first thing in the question that fits several columns equally well; None if it is clear."""
    words = words_of(question)
    # A word of a table's name mentions no column: the temp of seattle_temps.
    said = words_of(_without_names(question, tables))
    for table in tables:
        found = _by_head(question, said, table) or _by_period(question, words, table, tables)
        if found is not None:
            return found
    return _by_table(question, words, said, tables) or _by_judgement(question, words, tables)


def _by_head(question: str, words: Sequence[str], table: Table) -> Ambiguous | None:
    for word in dict.fromkeys(words):
        if len(word) < _SHORTEST or _is_value(word, table):
            continue
        same = [column for column in table.columns if _head(column) == word]
        if len(same) < 2 or any(name_parts(column) == [word] for column in same):
            continue
        best = _equal_best(words, same)
        if len(_at_place(question, word, best)) == 1:
            continue
        if len(best) > 1 and len({column.dtype for column in best}) == 1:
            return Ambiguous(word, tuple(column.name for column in best[:_MOST_READINGS]))
    return None


def _at_place(question: str, word: str, columns: Sequence[Column]) -> list[Column]:
    """The columns for the place where it happens, if the verb that the word stands with says so."""
    said = [
        names
        for verb, names in _ON_THE_WAY
        if re.search(
            rf"(?i)\b(?:{verb})\b(?: [\w'’]+){{0,3}} (?:with|without)(?: [\w'’-]+){{0,5}} {word}", question
        )
    ]
    return [c for c in columns if len(said) == 1 and set(name_parts(c)) & set(said[0])]


def _by_period(
    question: str, words: Sequence[str], table: Table, tables: Sequence[Table]
) -> Ambiguous | None:
    if not _PERIOD.search(question) or (len(tables) > 1 and not _is_named(words, table)):
        return None
    dates = [column for column in table.columns if column.dtype.startswith(("DATE", "TIMESTAMP"))]
    # A column for the year or the month itself is what the question means.
    periods = {"year", "quarter", "month", "week", "day"} & set(words)
    if len(dates) < 2 or any(set(name_parts(column)) & periods for column in table.columns):
        return None
    others = [date for other in tables if other is not table for date in other.columns]
    if any(_covered(words, column) for column in others if column.dtype.startswith(("DATE", "TIMESTAMP"))):
        return None
    best = _equal_best(words, dates)
    if len(best) < 2:
        return None
    return Ambiguous("date", tuple(column.name for column in best[:_MOST_READINGS]))


def _without_names(question: str, tables: Sequence[Table]) -> str:
    """The question without names of tables of several words, spelled as they are.

    A name of one word may be said of a column as well: the delay of `delay`.
    """
    names = [table.name for table in tables if len(words_of(table.name)) > 1]
    return re.sub(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)", " ", question) if names else question


def _by_table(
    question: str, words: Sequence[str], said: Sequence[str], tables: Sequence[Table]
) -> Ambiguous | None:
    if _BOTH.search(question):
        return None
    named = [table for table in tables if _is_named(words, table)]
    joins = [join for table in tables for join in table.joins]
    pairs = [(j, *pair) for j in joins for pair in ((j.column, j.other_column), *j.more)]
    joined = {side for j, own, other in pairs for side in ((j.table, own), (j.other, other))}
    for word in dict.fromkeys(said):
        holders = [t for t in named if any(name_parts(c) == [word] for c in t.columns)]
        if len(holders) < 2 or len(word) < _SHORTEST or any(_is_value(word, table) for table in tables):
            continue
        if any((t.name, c.name) in joined for t in holders for c in t.columns if name_parts(c) == [word]):
            continue
        if _matched_by(words, holders) or (word in _PERIODS and not _tied(holders)):
            continue  # what the tables have in common is then the time
        if _is_key_of_all(word, holders):
            continue
        left = without_owned(question, word, holders)
        if _is_said_once(question, left, word):
            continue
        if word not in words_of(_without_names(left, tables)) or _is_made(question, word, holders):
            continue
        if not _told_apart(words_of(left), word, holders):
            columns = [f"{t.name}.{c.name}" for t in holders for c in t.columns if name_parts(c) == [word]]
            return Ambiguous(word, tuple(columns[:_MOST_READINGS]))
    return None


def _matched_by(words: Sequence[str], tables: Sequence[Table]) -> bool:
    """Whether the question says by which columns the tables are matched: several that all of them have."""
    common = set.intersection(*({column.name for column in table.columns} for table in tables))
    return sum(set(words_of(name)) <= set(words) for name in common) >= _MATCHED


def _is_key_of_all(word: str, holders: Sequence[Table]) -> bool:
    """Whether its values tell the rows of each of the tables apart, and are the same: by them"
    " they are tied."""
    columns = [next(c for c in table.columns if name_parts(c) == [word]) for table in holders]
    values = [{*column.samples, *(column.categories or ())} for column in columns]
    return all(column.unique for column in columns) and bool(set.intersection(*values))


def _is_said_once(question: str, left: str, word: str) -> bool:
    """Whether its first mention alone says whose it is: the later ones are of the same, as "the year of the
    plane … the lowest average year".

    Args:
        left: the question without the mentions that say it.
    """
    first = next((at for at in re.finditer(r"[^\W\d_]+", question) if words_of(at[0]) == [word]), None)
    many, still = (words_of(text).count(word) for text in (question, left))
    return first is not None and many - still == 1 and left[: first.end()] != question[: first.end()]


def _tied(tables: Sequence[Table]) -> bool:
    """Whether a key leads from one of them to another."""
    names = {table.name for table in tables}
    return any(join.other in names - {table.name} for table in tables for join in table.joins)


def _told_apart(words: Sequence[str], word: str, holders: Sequence[Table]) -> bool:
    """Whether each mention of the word stands next to one of the tables, and nearer than to the others."""
    apart = [other for other in words if other not in _BETWEEN]
    own = {part for table in holders for part in words_of(table.name)}
    mentions = [at for at, other in enumerate(apart) if other == word]
    # Beside mentions of its own, the word in the name of a table is none.
    alone = [at for at in mentions if not {*apart[max(0, at - 1) : at]} & own] if word in own else mentions
    distances = [[_distance(apart, at, word, table) for table in holders] for at in alone or mentions]
    return all(min(found) <= _NEAR and found.count(min(found)) == 1 for found in distances)


def _is_made(question: str, word: str, holders: Sequence[Table]) -> bool:
    """Whether the word is of the one of the tables that stands before a verb of making, and no other does."""
    verb = _MADE.search(question)
    before = words_of(question[: verb.start()]) if verb is not None else []
    if word not in _PERIODS or word not in before:
        return False
    # "Which year was the oldest of the planes built": what stands between the two is what was built.
    between = before[before.index(word) + 1 :]
    named = [table for table in holders if set(words_of(table.name)) & set(between)]
    return len(named) == 1 and set(before).isdisjoint(
        part for table in holders if table is not named[0] for part in words_of(table.name)
    )


def _by_judgement(question: str, words: Sequence[str], tables: Sequence[Table]) -> Ambiguous | None:
    """`the best car`, `which species is the largest`: of what is named, no measure is."""
    found = _JUDGED.search(question)
    if found is None or _MEASURED.search(question):
        return None
    after = words_of(found[2] or "")
    # The thing follows at once, or stands before a judgement that ends the question.
    things = after[:1] or (words if not (found[2] or "").strip(" ?!.？。！") else [])
    for table in tables:
        own = any(word in words_of(table.name) for word in things)
        of_it = [c for c in table.columns if not _NUMERIC.match(c.dtype) and _head(c) in things]
        if not own and not of_it:
            continue
        measures = [*_measures(table), *(_counts(table, tables) if own else [])]
        parts = {part for measure in measures for part in words_of(measure)} - {*things, *_BETWEEN}
        if any(alike(part, word) for part in parts for word in words if word not in things):
            return None
        if len(measures) > 1:
            return Ambiguous((found[1] or found[3]).lower(), tuple(measures[:_MOST_READINGS]), judged=True)
    return None


def _measures(table: Table) -> list[str]:
    """Its columns of amounts: no keys, no parts of dates."""
    joined = {join.column for join in table.joins}
    return [
        column.name
        for column in table.columns
        if _NUMERIC.match(column.dtype)
        and column.name not in joined
        and not set(name_parts(column)) & _NO_MEASURES
    ]


def _counts(table: Table, tables: Sequence[Table]) -> list[str]:
    """How many rows of other tables belong to one of its rows."""
    children = [
        other
        for other in tables
        # A table of keys alone only ties two others together.
        if any(join.other == table.name for join in other.joins) and len(other.joins) < len(other.columns)
    ]
    return [f"number of {child.name}" for child in children] + [
        f"{measure} of {child.name}" for child in children for measure in _measures(child)
    ]


def _equal_best(words: Sequence[str], columns: Sequence[Column]) -> list[Column]:
    """Those of which the question has most words, if none of them is named whole."""
    scores = {column.name: _covered(words, column) for column in columns}
    best = [column for column in columns if scores[column.name] == max(scores.values())]
    whole = any(scores[column.name] == len(_own(column)) for column in columns if _own(column))
    # With some of its own words in the question, the shortest name is the plain one: dep_time.
    if max(scores.values()) > 0:
        fewest = min(len(_own(column)) for column in best)
        best = [column for column in best if len(_own(column)) == fewest]
    return [] if whole and len(best) < 2 else [c for c in best if scores[c.name] < len(_own(c)) or not whole]


def _covered(words: Sequence[str], column: Column) -> int:
    return sum(any(alike(part, word) for word in words) for part in _own(column))


def _own(column: Column) -> list[str]:
    """The words of a name that tell it from others of its kind; the only word of `due` is one."""
    parts = [part for part in name_parts(column) if part not in UNITS | _DATE_HEADS]
    return [part for part in parts if part != _head(column) or parts == name_parts(column) == [part]]


def _head(column: Column) -> str:
    parts = [part for part in name_parts(column) if part not in UNITS]
    return parts[-1] if parts else ""


def _is_named(words: Sequence[str], table: Table) -> bool:
    return any(part in words for part in words_of(table.name))


def _is_value(word: str, table: Table) -> bool:
    values = (value for column in table.columns for value in (*(column.categories or ()), *column.samples))
    return any(word in words_of(value) for value in values if value.startswith("'"))


def _distance(words: Sequence[str], at: int, word: str, table: Table) -> int:
    """How many words lie between a mention and the table, the connecting ones left out."""
    parts = {*words_of(table.name)} - {word}
    return min((abs(place - at) for place, other in enumerate(words) if other in parts), default=len(words))

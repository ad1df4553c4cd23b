"""Which columns of a table play the parts in a worked example: a number, a group, a date.

A small model copies what it is shown. An example about columns that are not there, which a grammar then
refuses, leaves it half-way through a name, and what it goes on with is no program. So an example speaks of
columns that are there, those that the question names first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from qwen_magics.agent.examples.recasting import recast
from qwen_magics.agent.words.deadlines import due_and_done
from qwen_magics.agent.words.mentions import Asked, value_at
from qwen_magics.agent.words.naming import UNITS, name_parts, words_of
from qwen_magics.agent.words.on_a_day import begun_and_ended
from qwen_magics.agent.words.places import ANY, FIRST, SECOND, TEXT, phrases
from qwen_magics.tools.schema import Column, Join, Table, has_days, is_year
from qwen_magics.tools.sql.labelling import LABELS
from qwen_magics.tools.sql.names import quote_name

__all__ = ["NUMBERS", "Cast", "cast", "is_number"]

# The parts, as the examples are written.
NUMBERS, _GROUP, _THING = ("price", "weight", "rating"), "shop_id", "product"
_PLACE, _CITIES, _DATES, _PERIOD = "city", ("Rome", "Oslo"), ("sold_at", "paid_at"), "week"
_KEY = re.compile(r"(?i:(^|_)(id|key|no|nr)$)|[a-z]I[dD]$")
# Numbers of which nobody takes a mean.
_NO_MEASURE = re.compile(r"(?i)^(lat|lon|lng|long)(itude)?$|(^|_)(code|zip|zipcode|postcode|phone|fips)$")
# A name within a sentence.
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
# How plainly a number has to be named, so that a year that is named too is none.
_HINTED = 0.4
_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC", re.IGNORECASE)
_CALENDAR = frozenset(["day", "month", "year"])
_PERIODS = frozenset(["date", "day", "decade", "hour", "month", "quarter", "week", "year"])


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts that are taken.

    Attributes:
        columns: name in the examples → column of the table.
        values: cell in the examples → cell of the column that is the city's.
        said: how many of that column's cells the question has.
        by_date: the column by which rows are told in time is a date.
        is_series: the table has a date and numbers, and nothing else that tells its rows apart.
        is_text_series: so it is, and its date is a text such as 2024-05-31.
        named: how many of its columns of numbers the question names.
        is_calendar: it has year, month and day, each in a column, and no date.
        periods: parts of a time that it has as columns, such as `year` and `quarter`, where it has no date.
        is_late: its first two dates are when it was due and when it was done, of which the question speaks.
        is_lasting: they are when it began and when it ended, and the question is about a day between.
        owners: table of each column, where there are several.
        own: of several tables, the columns of the one whose rows they are.
        places: column that stands at each of the telling places of the question; see `agent.words.places`.
    """

    columns: Mapping[str, str]
    values: Mapping[str, str]
    said: int = 0
    by_date: bool = False
    is_series: bool = False
    is_text_series: bool = False
    is_calendar: bool = False
    periods: Set[str] = frozenset()
    named: int = 0
    is_late: bool = False
    is_lasting: bool = False
    owners: Mapping[str, str] = field(default_factory=dict)
    own: Set[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)

    def alone(self) -> Cast:
        """The parts as those of the one table."""
        return replace(self, owners={}, own=frozenset())

    def told(self, question: str, code: str) -> Cast:
        """The parts as one example takes them: what stands there behind "each" is what stands behind it here.

        Args:
            question, code: of the example, as it is written.
        """
        columns = recast(self.columns, self.places, question, code, fixed=bool(self.said))
        return self if columns == self.columns else replace(self, columns=columns)

    def program(self, text: str) -> str:
        """A program of the examples over the columns that are there."""
        return self._put(text, {f'"{old}"': json.dumps(new, ensure_ascii=False) for old, new in self._all()})

    def query(self, text: str) -> str:
        """A query of the examples over them, names in double quotes where they need some."""
        quoted = {old: self._spelled(new) for old, new in self.columns.items()}
        return self._put(text, quoted | dict(self.values))

    def words(self, text: str) -> str:
        """A question of the examples about them."""
        return self._put(text, dict(self._all()))

    def _spelled(self, column: str) -> str:
        owner = self.owners.get(column, "")
        return f"{quote_name(owner)}.{quote_name(column)}" if owner else quote_name(column)

    def _all(self) -> list[tuple[str, str]]:
        return [*self.columns.items(), *self.values.items()]

    def _put(self, text: str, instead: Mapping[str, str]) -> str:
        if not instead:
            return text
        # At once, so that what was put in is not taken for a part again.
        names = "|".join(map(re.escape, instead))
        return re.sub(rf"(?<!\w)({names})(?!\w)", lambda found: instead[found[1]], text)


def cast(question: str, table: Table) -> Cast:
    """The columns of `table` for the parts, as far as it has such columns."""
    asked = Asked(question, table.columns, table.name)
    words = frozenset(words_of(asked.text))
    keys = _named_keys(words, table)
    groups = [column for column in table.columns if _is_group(column) or column.name in keys]
    # What is counted by, such as a month in digits, is a number only if nothing else is.
    numbers = sorted(
        (c for c in table.columns if is_number(c) and (c.name in question or not _is_key(c, table))),
        key=lambda c: (c in groups or c.unique, _is_period(c), bool(_NO_MEASURE.search(c.name))),
    )
    dates = [column for column in table.columns if column.dtype.startswith(("DATE", "TIMESTAMP"))]
    texts = [c for c in table.columns if not dates and c.dtype == "VARCHAR" and has_days(c)]
    periods = [*(c for c in table.columns if c not in dates and (_is_period(c) or is_year(c))), *dates]
    standing = phrases(question)
    by = Asked(standing.get("each", ""), table.columns, table.name)
    group = next(iter(by.ordered(asked.ordered(groups))), None)
    place, said = _place(asked, table, groups)
    # Any text will do for what is looked for in a group, the name of a car as well.
    others = [c for c in (*groups, *table.columns) if c is not group and (c in groups or _is_text(c))]
    things = [c for c in others if c is not place or not said] or others
    things = sorted((c for c in things if c.name not in keys), key=lambda c: c.name.casefold() not in LABELS)
    late = due_and_done(question, dates)
    lasting = [] if late else begun_and_ended(question, dates)
    columns = {
        **_paired(NUMBERS, _asked_numbers(asked, numbers)),
        **_paired((_GROUP,), [group] if group else []),
        **_paired((_THING,), asked.ordered(things)),
        **_paired(_DATES, late or lasting or asked.ordered(dates or texts, by_measure=True)),
        **_paired((_PERIOD,), asked.ordered(periods)),
    }
    by_date = columns.get(_PERIOD) in {column.name for column in dates}
    # Rows with keys are things that happened, several at a time.
    moments = [c for c in table.columns if not is_number(c) or _is_key(c, table)]
    parts_of_time = frozenset() if dates else {c.name for c in table.columns} & _PERIODS
    named = sum(not _is_period(c) and bool(parts := set(name_parts(c))) and parts <= words for c in numbers)
    known = [] if place is None else [*said, *(text for text in _texts(place) if text not in said)]
    return Cast(
        columns=columns if place is None else columns | {_PLACE: place.name},
        values=dict(zip(_CITIES, known, strict=False)),
        said=len(said),
        by_date=by_date,
        is_series=bool(dates) and moments == dates,
        is_text_series=bool(texts) and moments == texts,
        is_calendar=parts_of_time >= _CALENDAR,
        periods=parts_of_time,
        named=named,
        is_late=bool(late),
        is_lasting=bool(lasting),
        places=_places(asked, standing, table, [*periods, *groups]),
    )


def _places(
    asked: Asked, standing: Mapping[str, str], table: Table, told_by: Sequence[Column]
) -> dict[str, str]:
    """The columns that stand, by their whole names, at the places of the question."""
    found: dict[str, str] = {}
    able = [c for c in table.columns if c in told_by or _is_text(c) or _is_key(c, table)]
    for place, phrase in standing.items():
        said = Asked(phrase, table.columns, table.name)
        # Rows and columns are told apart by whole numbers too.
        columns = table.columns if place in ("row", "column") else able
        places = ((at, c) for c in columns if not _is_measure(c, able) and (at := said.place(c)) is not None)
        first = min(places, key=lambda named: named[0], default=None)
        if first is not None:
            found[place] = first[1].name
    # A thing is told by its name rather than by its number.
    label = next((c.name for name in LABELS for c in table.columns if c.name.casefold() == name), "")
    own = {c.name for c in table.columns if c.unique and _is_key(c, table)}
    found = {place: label if label and name in own else name for place, name in found.items()}
    return found | _named(asked, table)


def _named(asked: Asked, table: Table) -> dict[str, str]:
    """The columns that the question names by their whole names, the first ones of each kind."""
    places = {column: at for column in table.columns if (at := asked.place(column)) is not None}
    named = sorted(places, key=places.__getitem__)
    texts = [column for column in named if _is_text(column) or _is_group(column)]
    found = _paired((TEXT,), texts) | _paired((FIRST, SECOND), named)
    return found if any(map(is_number, named)) else found | _paired((ANY,), named)


def _is_measure(column: Column, able: Sequence[Column]) -> bool:
    return column not in able and re.match("FLOAT|REAL|DOUBLE|DEC|NUM", column.dtype) is not None


def _place(asked: Asked, table: Table, groups: Sequence[Column]) -> tuple[Column | None, list[str]]:
    """The column whose cells are told apart, and those of them that the question has: most of all columns."""
    texts = [column for column in groups if len(_texts(column)) >= len(_CITIES)]
    place = next(iter(sorted(asked.ordered(texts), key=lambda c: -len(_said(c, asked.text)))), None)
    said = [] if place is None else _said(place, asked.text)
    if not said and _PROPER.search(asked.text):
        # One of too many to be listed.
        place = next((column for column in asked.ordered(table.columns) if _is_open(column)), place)
    return place, said


def _asked_numbers(asked: Asked, numbers: Sequence[Column]) -> list[Column]:
    """The numbers, those that it names first; "more apples than the year before" is not about the years."""
    ordered = asked.ordered(numbers, by_measure=True)
    if any(asked.said(column, by_measure=True)[0] >= _HINTED for column in numbers if not _is_period(column)):
        ordered.sort(key=_is_period)
    return ordered


def _named_keys(asked: Set[str], table: Table) -> set[str]:
    """Keys of other tables that the question names: `category_id` for "each category"."""

    def is_said(join: Join) -> bool:
        own = set(words_of(join.column)) - UNITS
        return set(words_of(join.other)) <= asked or (bool(own) and own <= asked)

    return {join.column for join in table.joins if is_said(join)}


def _paired(parts: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    return {part: column.name for part, column in zip(parts, columns, strict=False)}


def is_number(column: Column) -> bool:
    """Whether it holds numbers of any kind."""
    return _NUMERIC.match(column.dtype) is not None


def _is_period(column: Column) -> bool:
    return column.name.casefold() in _PERIODS


def _is_text(column: Column) -> bool:
    return column.dtype == "VARCHAR" or column.dtype.startswith(("VARCHAR(", "TEXT", "CHAR"))


def _is_key(column: Column, table: Table) -> bool:
    """Whether its numbers only tell things apart."""
    if column.name.casefold() in _PERIODS:
        return False
    return bool(_KEY.search(column.name)) or column.name in {join.column for join in table.joins}


def _is_open(column: Column) -> bool:
    """Whether it holds texts of which there are too many to be listed."""
    return _is_text(column) and column.categories is None


def _is_group(column: Column) -> bool:
    return column.categories is not None and not column.dtype.startswith(("DATE", "TIMESTAMP"))


def _texts(column: Column) -> list[str]:
    # One with a quote in it is spelled in two ways, and an example can do without.
    return [value[1:-1] for value in column.categories or () if re.fullmatch(r"'[^'\"\\]+'", value)]


def _said(column: Column, question: str) -> list[str]:
    """The cells of the column that the question has, in its order."""
    places = {text: value_at(text, question) for text in _texts(column)}
    return sorted((text for text, at in places.items() if at >= 0), key=places.__getitem__)

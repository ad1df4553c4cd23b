"""Wide tables: columns that are the months, the years or the quarters of one thing.

SQL can say little about them but one column at a time. In pandas a table in long form, one row for each such
cell, answers nearly everything; so questions about all of these columns go there, with an example of it.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.layouts.cross_extras import years_said
from qwen_magics.agent.examples.layouts.cross_programs import years_program
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.wide_words import LONG, asks_all, one_by_one, span_of
from qwen_magics.tools.schema import Table

__all__ = ["Spread", "spread_of"]

_FEWEST = 3
_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC", re.IGNORECASE)
_MONTHS = "|".join(f"{name[:3]}|{name}" for name in calendar.month_name[1:])
_DAYS = "|".join(f"{name[:3]}|{name}" for name in calendar.day_name)
# What the columns are called together → what one of them is called.
_UNITS = {
    "month": re.compile(rf"({_MONTHS}|sept)", re.IGNORECASE),
    "year": re.compile(r"[yY]?(1[5-9]|20)\d\d"),
    "quarter": re.compile(r"[qQ][1-4]|[1-4][qQ]"),
    "weekday": re.compile(rf"({_DAYS})", re.IGNORECASE),
}
_COUNTED = re.compile(r"\b(how many|number of|count)\b", re.IGNORECASE)
_AGGREGATED = re.compile(
    r"\b(averag\w*|means?|medians?|totals?|sums?|highest|lowest|max\w*|min\w*|how many)\b|平均", re.IGNORECASE
)
_LIMIT = re.compile(
    r"\b(above|below|over|under|beyond|exceed\w*|at least|at most|no (more|less) than"
    r"|(more|less|greater|smaller|higher|lower|larger|warmer|colder|fewer) than)\b[^.;,]{0,20}? -?\d",
    re.IGNORECASE,
)

# One cell of them all; "which month has the highest mean" is not.
_EXTREME = re.compile(
    r"\b(highest|largest|biggest|greatest|maximum|max|lowest|smallest|least|minimum|min)\b(?: \w+){0,2}"
    r" (?:of|among|in|across|over) (?:all|any)\b",
    re.IGNORECASE,
)
_LOW = re.compile(r"lo|s|le|mi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spread:
    """Columns of a table that are moments of one thing.

    Attributes:
        unit: `month`, `year`, `quarter` or `weekday`.
        names: of these columns.
        others: the table's other columns, what a row is about.
        together: no other column stands between them.
        years: the years that a question limits itself to, where rows are told by years: in words, and the
            condition.
    """

    table: str
    unit: str
    names: tuple[str, ...]
    others: tuple[str, ...]
    together: bool = True
    years: Callable[[str], tuple[str, str]] = lambda question: ("", "")

    def is_asked(self, question: str) -> bool:
        """Whether the question is about all of the columns or a span, as rows or with none by name."""
        return asks_all(question, self.unit, self.names)

    def examples(self, question: str) -> str:
        """Worked examples over the table; the last one is what is nearest to the question."""
        long = (f"{self.table} in long form: {self._parts}", f"result = {self._melted}")
        # In one line: a small model leaves out a first one.
        by_one = f'result = {self._melted}.groupby("{self.unit}")["value"].mean()'
        shown = [long, (f"average of each {self.unit} over all rows", by_one)]
        if LONG.search(question):
            of, limit = self.years(question)
            melted = self._melted.replace(self.table, f"{self.table}[{limit}]", 1) if limit else self._melted
            long = (f"{self.table} in long form: {self._parts}{of}", f"result = {melted}")
            shown = [shown[1], long] if _AGGREGATED.search(question) else [long]
        elif self.together:
            shown = self._within(question, long) or shown
        return _fenced(shown)

    def _within(self, question: str, long: tuple[str, str]) -> list[tuple[str, str]]:
        """What is said of the columns in a row, from the first one to the last that is meant."""
        span = span_of(question, self.unit, self.names)
        first, last = span or (self.names[0], self.names[-1])
        cells, bounds = f'{self.table}.loc[:, "{first}":"{last}"]', f"from {first} to {last}"
        if _COUNTED.search(question) and _LIMIT.search(question):
            if not self._is_of(question, (self.table, *self.others, self.unit)):
                # A small model leaves out `.loc`, and counts the cells of other columns too; `melt` it keeps.
                asked = f"how many values of all {self.unit}s are above 10?"
                counted = f'({self._melted}["value"] > 10)' if span is None else f"({cells} > 10).sum()"
                return [long, (asked, f"result = {counted}.sum()")]
            if self.others and not self._is_of(question, (self.unit,)):
                thing = self.others[0]
                asked = f"how many {thing}s have more than 10 in any {self.unit} {bounds}?"
                kept = f'{self.table}[({cells} > 10).any(axis=1)]["{thing}"]'
                return [(asked, f"result = {kept}.nunique()")]
        if span is None and (found := _EXTREME.search(question)):
            highest = not _LOW.match(found[1])
            asked = f"{'highest' if highest else 'lowest'} of all values"
            return [long, (asked, f'result = {self._melted}["value"].{"max" if highest else "min"}()')]
        if span is None:
            return []
        # Whole, with names for both columns: a small model groups what it has cut out by a column of years.
        named = f'.rename_axis("{self.unit}").reset_index(name="average")'
        yearly = (f"average of each {self.unit} {bounds} over all rows", f"result = {cells}.mean(){named}")
        if one_by_one(question, self.unit) or not self.others:
            return [yearly]
        row = self.others[0]
        means = f'{self.table}.set_index("{row}").loc[:, "{first}":"{last}"].mean(axis=1)'
        return [(f"average of each {row} {bounds}", f'result = {means}.reset_index(name="average")')]

    def _is_of(self, question: str, names: Sequence[str]) -> bool:
        """Whether one of these is counted, and no cells: "how many stations had …"."""
        counted = " ".join(re.findall(r"(?i)\b(?:how many|number of)((?: [\w-]+){1,2})", question))
        said = words_of(counted)
        return any(word in said[:1] for name in names for word in words_of(name)[-1:])

    @property
    def _parts(self) -> str:
        return ", ".join([*self.others, self.unit, "value"])

    @property
    def _melted(self) -> str:
        kept = json.dumps(list(self.others), ensure_ascii=False)
        return f'{self.table}.melt(id_vars={kept}, var_name="{self.unit}", value_name="value")'


def _fenced(shown: Sequence[tuple[str, str]]) -> str:
    return "".join(f"Question: {asked}\n```python\n{program}\n```\n" for asked, program in shown)


def spread_of(table: Table) -> Spread | None:
    """The columns of `table` that are moments of one thing; None if it has fewer than three such."""
    for unit, pattern in _UNITS.items():
        found = [c for c in table.columns if pattern.fullmatch(c.name) and _NUMERIC.match(c.dtype)]
        if len(found) >= _FEWEST:
            others = tuple(column.name for column in table.columns if column not in found)
            first = table.columns.index(found[0])
            together = tuple(found) == table.columns[first : first + len(found)]

            def years(question: str) -> tuple[str, str]:
                column, compared, said = years_said(question, table)
                if column is None:
                    return "", ""
                joint = "to" if compared == "between" else "and"
                condition = years_program(table.name, column, compared, said)
                return f", of {f' {joint} '.join(said)}", condition

            names = tuple(column.name for column in found)
            return Spread(table.name, unit, names, others, together, years)
    return None

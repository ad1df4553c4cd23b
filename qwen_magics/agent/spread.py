"""Wide tables: columns that are the months, the years or the quarters of one thing.

SQL can say little about them but one column at a time. In pandas a table in long form, one row for each such
cell, answers nearly everything; so questions about all of these columns go there, with an example of it.
"""

from __future__ import annotations

import calendar
import json
import re
from dataclasses import dataclass

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
_ALL = (
    r"\b(each|every|per|all|over|across|by)\b(?: \w+){{0,3}} {unit}s?\b"
    r"|\b(twelve|12|which|what|{unit}ly) {unit}s?\b"
)
_LONG = re.compile(
    r"\b(long|tidy) (form(at)?|table)\b|\b(un-?pivot|melt)(ed)?\b"
    r"|\b(one|a) row (per|for each) \w+ and \w+\b|长表",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Columns of a table that are moments of one thing.

    Attributes:
        unit: `month`, `year`, `quarter` or `weekday`.
        names: of these columns.
        others: the table's other columns, what a row is about.
    """

    table: str
    unit: str
    names: tuple[str, ...]
    others: tuple[str, ...]

    def is_asked(self, question: str) -> bool:
        """Whether the question is about all of the columns: it wants them as rows, or names none of them."""
        if _LONG.search(question):
            return True
        if any(re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", question) for name in self.names):
            return False
        wanted = re.compile(_ALL.format(unit=self.unit), re.IGNORECASE)
        return wanted.search(question) is not None

    def examples(self, question: str) -> str:
        """Worked examples over the table; the last one is what is nearest to the question."""
        long = f"result = {self._melted}"
        # In one line: a small model leaves out a first one.
        by_one = f'result = {self._melted}.groupby("{self.unit}")["value"].mean()'
        shown = [(f"{self.table} in long form: {self._parts}", long)]
        shown.append((f"average of each {self.unit} over all rows", by_one))
        if _LONG.search(question):
            shown.reverse()
        return "".join(f"Question: {asked}\n```python\n{program}\n```\n" for asked, program in shown)

    @property
    def _parts(self) -> str:
        return ", ".join([*self.others, self.unit, "value"])

    @property
    def _melted(self) -> str:
        kept = json.dumps(list(self.others), ensure_ascii=False)
        return f'{self.table}.melt(id_vars={kept}, var_name="{self.unit}", value_name="value")'


def spread_of(table: Table) -> Spread | None:
    """The columns of `table` that are moments of one thing; None if it has fewer than three such."""
    for unit, pattern in _UNITS.items():
        found = [c for c in table.columns if pattern.fullmatch(c.name) and _NUMERIC.match(c.dtype)]
        if len(found) >= _FEWEST:
            others = tuple(column.name for column in table.columns if column not in found)
            return Spread(table.name, unit, tuple(column.name for column in found), others)
    return None

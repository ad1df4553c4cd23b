"""A worked SQL example, and how it is told over a table that is there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import NUMBERS, Cast
from qwen_magics.agent.examples.figures import with_figures, with_names
from qwen_magics.agent.examples.ranked_values import with_value
from qwen_magics.agent.examples.turned import turned
from qwen_magics.agent.examples.whole_days import with_whole_day
from qwen_magics.agent.examples.whole_times import with_whole_time
from qwen_magics.agent.words.month_days import with_month_day
from qwen_magics.agent.words.on_a_day import with_day
from qwen_magics.agent.words.weekday_said import with_weekdays
from qwen_magics.tools.sql.names import is_plain

__all__ = ["SqlRecipe"]

_PARTS = re.compile(r"\b(price|weight|rating|shop_id|product|city|sold_at|paid_at|week)\b")
_ROW_AND_COLUMN = frozenset(("shop_id", "city"))
_SECOND_TABLE = re.compile(r"\b(shops|products|cities)\b")


@dataclass(frozen=True, slots=True)
class SqlRecipe:
    """A question with its query; shown where `pattern` is found in a question, in any letter case.

    Attributes:
        sqlite: the query for SQLite, where it has other functions.
        duckdb: the query for DuckDB, where it has a shorter one.
        dates: only shown where a table has a column of dates.
        several: only shown where there are several tables.
        text_days: also shown for a series whose date is a text such as 2024-05-31.
        series: only shown for a table of numbers by time, where a row is a moment; False: for any other.
        by_date: only shown where the table's periods are dates; False: where they are numbers.
        values: how many values of its `city` the question has to have.
        calendar: only shown where a table has year, month and day instead of a date.
        having: only shown where the table has columns of these names, and no date.
        numbers: how many columns of numbers the table has to have.
        named: how many columns of numbers the question has to name.
        counted: only shown where the question has a number of rows, "at least five orders".
        late: only shown where the question says so, and the table has dates for it (`agent.words.deadlines`).
        lasting: only shown where the table has dates of when it began and ended (`agent.words.on_a_day`).
        firm: questions of this kind are answered in no other way; a query without its steps comes back.
    """

    pattern: str
    question: str
    query: str
    sqlite: str = ""
    duckdb: str = ""
    dates: bool = False
    several: bool = False
    text_days: bool = False
    series: bool | None = None
    by_date: bool | None = None
    values: int = 0
    calendar: bool = False
    having: tuple[str, ...] = ()
    numbers: int = 0
    named: int = 0
    counted: bool = False
    late: bool = False
    lasting: bool = False
    firm: bool = False

    def fits(self, parts: Cast | None) -> bool:
        """Whether a table of which these are the parts is one that it can be about."""
        parts = parts or Cast({}, {})
        as_text = self.is_of_text(parts)
        return (
            self.series in (None, parts.is_series or as_text)
            and self.by_date in (None, parts.by_date or as_text)
            and self.values <= parts.said
            and self.named <= parts.named
            and all(part in parts.columns for part in NUMBERS[: self.numbers])
            and (parts.is_calendar or not self.calendar)
            and parts.periods >= set(self.having)
            and (parts.is_late or not self.late)
            and (parts.is_lasting or not self.lasting)
        )

    def is_of_text(self, parts: Cast | None) -> bool:
        """Whether it is shown although the table's days are texts."""
        return self.text_days and parts is not None and parts.is_text_series

    def text(self, dialect: str, table: str = "", parts: Cast | None = None, asked: str = "") -> str:
        """Question and query in its fence.

        Args:
            table: for `sales`, if it has columns for all parts of the example.
            asked: the question whose figures and names it is told with.
        """
        question, query = self.about(dialect, table, parts, asked)
        return f"Question: {question}\n```sql\n{query}\n```"

    def about(
        self, dialect: str, table: str = "", parts: Cast | None = None, asked: str = ""
    ) -> tuple[str, str]:
        """Question and query; see `text`."""
        query = {"SQLite": self.sqlite, "DuckDB": self.duckdb}.get(dialect) or self.query
        needed = set(_PARTS.findall(query))
        parts = parts and parts.told(self.question, query)
        measure = parts.columns.get("price", "") if parts is not None else ""
        question, query = with_value(*turned(self.question, query, asked), asked, measure)
        question, query = with_weekdays(*with_month_day(question, query, asked), asked)
        question, query = with_figures(*with_day(question, query, asked), asked)
        if (
            parts is not None
            and "FROM (" in query
            and {parts.columns.get(part) for part in needed} <= parts.own
        ):
            # It takes nothing of other tables: without them, a column has one name inside and outside.
            table, parts = table.partition(" ")[0], parts.alone()
        if parts is None or not self._is_about(needed, parts, query, dialect):
            return question, query
        query = re.sub(r"\b(FROM|JOIN) sales\b", rf"\1 {table}", parts.query(query))
        query = with_whole_time(query, parts.periods)
        if not parts.owners:
            query = with_whole_day(query, parts.periods, asked, dialect)
        # Of tables that are joined, the first has the rows.
        question = parts.words(re.sub(r"\bsales\b", table.partition(" ")[0], question))
        # Cities that are still there: the column has more values than could be listed.
        return with_names(question, query, asked)

    def _is_about(self, needed: set[str], parts: Cast, query: str, dialect: str) -> bool:
        """Whether the table has all columns that the query takes, and their names can be written."""
        names = [parts.columns.get(part, "") for part in needed]
        if not all(names) or _SECOND_TABLE.search(query):
            return False
        # A row for each city with a column for each city says nothing.
        if needed >= _ROW_AND_COLUMN and len({parts.columns[part] for part in _ROW_AND_COLUMN}) == 1:
            return False
        # Outside of an inner query, a column has no table any more.
        if "FROM (" in query and any(name in parts.owners for name in names):
            return False
        # MySQL quotes names in another way.
        return dialect != "MySQL" or all(map(is_plain, names))

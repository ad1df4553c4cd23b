"""A table preview ready to be drawn: formatted, aligned, bounded. Knows neither HTML nor Markdown."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qwen_magics.trace.escape import one_line

__all__ = ["NULL", "Cell", "Column", "TableView", "count", "shape", "table_view"]

NULL = "null"
# Numbers that name something are not amounts: no separators between thousands.
_NAMING = re.compile(r"(?i)(^|_)(id|year|zip|zipcode|postcode|code|phone|key|no|nr|number|sku|isbn)$")
_NUMBER_AS_TEXT = re.compile(r"-?(Infinity|inf|\d{16,})\Z")
_LONGEST_CELL = 120


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and alignment."""

    name: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as shown; `exact` is the whole value where rounding or cutting changed it."""

    text: str
    null: bool = False
    exact: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """What is shown of a table.

    Attributes:
        columns, rows: what is drawn, every row as long as `columns`.
        total_rows, total_columns: what there is.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total_rows: int
    total_columns: int

    @property
    def remark(self) -> str:
        """`10 of 2,000 rows, 12 of 500 columns` where something is missing, else empty."""
        parts = []
        if self.total_rows > len(self.rows):
            parts.append(f"{len(self.rows):,} of {self.total_rows:,} rows")
        if self.total_columns > len(self.columns):
            parts.append(f"{len(self.columns):,} of {self.total_columns:,} columns")
        return ", ".join(parts)

    @property
    def shape(self) -> str:
        """`20 rows × 3 columns`."""
        return shape(self.total_rows, self.total_columns)


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 row`, `2,000 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shape(rows: object, columns: object) -> str:
    """`20 rows × 3 columns`; a part that is no number is left out."""
    sizes = ((rows, "row"), (columns, "column"))
    return " × ".join(count(n, noun) for n, noun in sizes if isinstance(n, int) and not isinstance(n, bool))


def table_view(preview: object, *, rows: int = 10, columns: int = 16) -> TableView | None:
    """Read a preview `{"columns", "rows", "total_rows"}`; None if it is none.

    Columns are names or `{"name", "dtype"}`. Rows that are too short or too long are fitted.
    """
    if not isinstance(preview, Mapping) or not isinstance(preview.get("columns"), (list, tuple)):
        return None
    names = [_name(column) for column in preview["columns"]]
    given = preview.get("rows")
    body = (
        [row for row in given if isinstance(row, (list, tuple))] if isinstance(given, (list, tuple)) else []
    )
    shown = [list(row[:columns]) + [None] * (min(columns, len(names)) - len(row)) for row in body[:rows]]
    drawn = [_column(name, [row[i] for row in shown]) for i, name in enumerate(names[:columns])]
    total = preview.get("total_rows")
    return TableView(
        columns=tuple(column for column, _ in drawn),
        rows=tuple(zip(*(cells for _, cells in drawn), strict=True)) if shown and drawn else (),
        total_rows=total if isinstance(total, int) and not isinstance(total, bool) else len(body),
        total_columns=len(names),
    )


def _name(column: object) -> str:
    name = column.get("name") if isinstance(column, Mapping) else column
    return one_line(name if name is not None else "None", _LONGEST_CELL) or "(no name)"


def _column(name: str, values: Sequence[Any]) -> tuple[Column, list[Cell]]:
    present = [value for value in values if value is not None]
    numbers = [v for v in present if isinstance(v, (int, float)) and not isinstance(v, bool)]
    # What JSON cannot hold as a number is kept as its text.
    texts = [v for v in present if isinstance(v, str) and _NUMBER_AS_TEXT.match(v)]
    numeric = bool(present) and len(numbers) + len(texts) == len(present)
    style = _NumberStyle.of(name, numbers) if numeric else None
    return Column(name, numeric), [_cell(value, style) for value in values]


@dataclass(frozen=True, slots=True)
class _NumberStyle:
    """One format for a whole column, so that the digits stand below each other."""

    decimals: int
    separators: bool
    plain: bool

    @classmethod
    def of(cls, name: str, numbers: Sequence[float]) -> _NumberStyle:
        finite = [v for v in numbers if math.isfinite(v)]
        floats = [v for v in finite if isinstance(v, float)]
        # Four digits alone are as often a year as an amount.
        large = any(abs(v) >= 10_000 for v in finite)
        return cls(_decimals(floats), large and not _NAMING.search(name.strip()), _plain(finite))

    def format(self, value: float) -> str:
        if not math.isfinite(value):
            return str(value)
        if not self.plain:
            return f"{value:.4g}"
        decimals = self.decimals if isinstance(value, float) else 0
        return f"{value:,.{decimals}f}" if self.separators else f"{value:.{decimals}f}"


def _decimals(floats: Sequence[float]) -> int:
    """As many decimals as the values have, at most about four significant digits of the largest."""
    largest = max((abs(v) for v in floats), default=0.0)
    most = 2 if largest >= 10 else 3 if largest >= 1 else 4 if largest >= 0.1 else 6
    needed = max((_needed(v, most) for v in floats), default=0)
    return needed


def _needed(value: float, most: int) -> int:
    digits = f"{value:.{most}f}".rstrip("0").partition(".")[2]
    return len(digits)


def _plain(numbers: Sequence[float]) -> bool:
    return all(v == 0 or 1e-5 <= abs(v) < 1e15 for v in numbers)


def _cell(value: Any, style: _NumberStyle | None) -> Cell:
    if value is None:
        return Cell(NULL, null=True)
    if style is not None and not isinstance(value, str):
        shown = style.format(value)
        exact = "" if float(shown.replace(",", "")) == value else repr(value)
        return Cell(shown, exact=exact)
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    text = str(value)
    shown = one_line(text, _LONGEST_CELL)
    return Cell(shown, exact=text[:1_000] if len(text) > _LONGEST_CELL else "")

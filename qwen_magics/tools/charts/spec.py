"""A choice and a result → a complete Vega-Lite specification with its data inside.

Format: Vega-Lite 5, which JupyterLab 4.0 to 4.6 draw by themselves (`application/vnd.vegalite.v5+json`).
"""

from __future__ import annotations

import datetime
import math
import re
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.charts.choice import ChartChoice, Kind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_ROWS", "specification"]

# Beyond this a notebook grows heavy and a chart is a blot; evenly spaced rows are drawn instead.
MOST_ROWS = 5_000
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name; nothing is loaded from there
_WIDTH, _HEIGHT = 520, 300
_LONG_LABEL = 12
_MANY_BARS = 8
_MOST_LABELS = 40
# Times that are texts, and that sort as texts do: 2024-01, 2024-Q1, 2024-W05.
_TIME = re.compile(r"\d{4}(-(\d\d(-\d\d)?|Q[1-4]|W\d\d))?$")


def specification(
    choice: ChartChoice, frame: pd.DataFrame, kinds: dict[str, Kind], *, description: str = ""
) -> dict[str, Any]:
    """The specification; columns travel under names of ours, as Vega reads dots and brackets as paths.

    Args:
        frame: the result, from which at most `MOST_ROWS` rows are drawn.
        description: read out by screen readers.
    """
    used = [name for name in dict.fromkeys((choice.x, choice.y, choice.color)) if name is not None]
    keys = {name: f"c{place}" for place, name in enumerate(used)}
    drawn = _Drawn(choice, kinds, keys, frame)
    return {
        "$schema": _SCHEMA,
        "description": description,
        "data": {"values": _values(frame, used, keys)},
        "mark": drawn.mark(),
        "encoding": drawn.encoding(),
        **drawn.size(),
        # No link to an editor on the web; no background, as a dark page has its own, and light letters.
        "usermeta": {"embedOptions": {"actions": False}},
        "config": {"view": {"stroke": "transparent"}, "axis": {"grid": True, "gridOpacity": 0.4}},
    }


def _values(frame: pd.DataFrame, used: list[str], keys: dict[str, str]) -> list[dict[str, Any]]:
    labels = [str(name) for name in frame.columns]
    step = max(1, math.ceil(len(frame) / MOST_ROWS))
    columns = {
        keys[name]: [_value(cell) for cell in frame.iloc[::step, labels.index(name)].tolist()]
        for name in used
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _value(cell: Any) -> Any:
    import pandas as pd

    if hasattr(cell, "item") and not getattr(cell, "ndim", 1):
        cell = cell.item()
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return None
    if isinstance(cell, float) and math.isinf(cell):
        return None
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    if isinstance(cell, pd.Timedelta):
        return cell.total_seconds()
    return cell if isinstance(cell, (bool, int, float, str)) else str(cell)


class _Drawn:
    """The parts of one specification."""

    def __init__(
        self, choice: ChartChoice, kinds: dict[str, Kind], keys: dict[str, str], frame: pd.DataFrame
    ) -> None:
        self._choice, self._kinds, self._keys = choice, kinds, keys
        column = frame.iloc[:, [str(name) for name in frame.columns].index(choice.x)]
        # By their text: lists cannot be hashed.
        self._bars = len(set(map(str, column.dropna())))
        self._is_time = all(isinstance(value, str) and _TIME.match(value) for value in column.dropna())
        longest = max((len(str(value)) for value in column.head(200)), default=0)
        # Names that would have to stand on their heads go to the left instead.
        self._sideways = (
            choice.mark in ("bar", "boxplot")
            and kinds[choice.x] == "nominal"
            and (self._bars > _MANY_BARS or longest > _LONG_LABEL)
        )

    def mark(self) -> dict[str, Any]:
        mark = self._choice.mark
        if mark == "pie":
            return {"type": "arc", "tooltip": True, "innerRadius": 60}
        if mark == "histogram":
            return {"type": "bar", "tooltip": True}
        if mark == "heatmap":
            return {"type": "rect", "tooltip": True}
        if mark == "line":
            return {"type": "line", "tooltip": True, "point": self._bars <= _MOST_LABELS}
        if mark == "point":
            return {"type": "point", "tooltip": True, "filled": True, "opacity": 0.6}
        return {"type": mark, "tooltip": True} if mark != "boxplot" else {"type": "boxplot"}

    def encoding(self) -> dict[str, Any]:
        choice, amount = self._choice, self._amount()
        if choice.mark == "pie":
            return {"theta": amount, "color": self._column(choice.x)}
        if choice.mark == "histogram":
            x = {**self._column(choice.x), "bin": {"maxbins": 30}, "type": "quantitative"}
            return {"x": x, "y": _count(), **self._series()}
        if choice.mark == "heatmap":
            other = choice.color or choice.x
            return {"x": self._column(choice.x), "y": self._column(other), "color": amount}
        x = self._column(choice.x, discrete=choice.mark == "bar")
        if self._sideways:
            return {"y": x, "x": amount, **self._series()}
        return {"x": x, "y": amount, **self._series()}

    def size(self) -> dict[str, Any]:
        if self._sideways:
            return {"width": _WIDTH, "height": {"step": 20}}
        if self._choice.mark == "heatmap":
            return {"width": _WIDTH, "height": {"step": 28}}
        return {"width": _WIDTH, "height": _HEIGHT}

    def _amount(self) -> dict[str, Any]:
        y = self._choice.y
        if y is None:
            return _count()
        # A year that is an amount, because there was nothing else, is drawn like one.
        return {"field": self._keys[y], "type": "quantitative", "title": y}

    def _series(self) -> dict[str, Any]:
        color = self._choice.color
        return {} if color is None else {"color": self._column(color)}

    def _column(self, name: str, *, discrete: bool = False) -> dict[str, Any]:
        kind = self._kinds[name]
        if discrete and kind == "quantitative":
            kind = "ordinal"
        # Names keep the result's own order: the query sorted it on purpose.
        order: dict[str, str | None] = {"sort": None} if kind == "nominal" else {}
        if name == self._choice.x and self._choice.mark in ("line", "area") and self._is_time:
            order = {"sort": "ascending"}  # a line goes from earlier to later, however the rows are sorted
        return {"field": self._keys[name], "type": kind, "title": name, **order}


def _count() -> dict[str, Any]:
    return {"aggregate": "count", "type": "quantitative", "title": "rows"}

"""Which mark over which columns: all that is decided about a chart, and the grammar of such a decision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ChartChoice", "Kind", "Mark", "choice_grammar", "column_kinds", "default_choice", "parse_choice"]

Mark = Literal["bar", "line", "area", "point", "pie", "histogram", "boxplot", "heatmap"]
Kind = Literal["quantitative", "temporal", "ordinal", "nominal"]

_MOST_SLICES = 8
_MOST_ORDINALS = 60
_ORDINAL_NAMES = frozenset({"year", "month", "day", "hour", "week", "quarter", "weekday", "decade", "rank"})


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """What to draw.

    Attributes:
        mark: how.
        x: the column along the bottom, the slices of a pie, or what a histogram counts.
        y: the column of the amounts; None counts rows.
        color: the column that tells series apart; the shade of a heat map.
    """

    mark: Mark
    x: str
    y: str | None = None
    color: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def column_kinds(frame: pd.DataFrame) -> dict[str, Kind]:
    """How each column can be shown, by its values."""
    return {str(name): _kind(str(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)}


def _kind(name: str, column: pd.Series[Any]) -> Kind:
    import pandas as pd

    types = pd.api.types
    if types.is_datetime64_any_dtype(column.dtype):
        return "temporal"
    if types.is_bool_dtype(column.dtype):
        return "nominal"
    if types.is_numeric_dtype(column.dtype):
        whole = types.is_integer_dtype(column.dtype) or bool((column.dropna() % 1 == 0).all())
        counts = name.casefold().rsplit("_", 1)[-1] in _ORDINAL_NAMES
        return "ordinal" if whole and counts and column.nunique() <= _MOST_ORDINALS else "quantitative"
    values = column.dropna()
    if len(values) and types.infer_dtype(values) == "date":
        return "temporal"
    return "nominal"


def default_choice(kinds: dict[str, Kind], rows: int) -> ChartChoice:
    """A chart that suits the columns, for when no model is asked or it gives no answer.

    Raises:
        QueryError: `no_chart`, nothing to draw.
    """
    amounts = [name for name, kind in kinds.items() if kind == "quantitative"]
    along = [name for name, kind in kinds.items() if kind != "quantitative"]
    if not kinds or rows < 2:
        hint = "Select one row per bar or point, with a number in it."
        raise QueryError("no_chart", f"{rows} row{'' if rows == 1 else 's'} cannot be drawn.", hint)
    if not amounts:
        # Numbers that name something, such as a year, are amounts if there is nothing else.
        numbers = [name for name in along[1:] if kinds[name] == "ordinal"]
        return ChartChoice("bar", along[0], numbers[0] if numbers else None)
    if not along:
        return (
            ChartChoice("point", *amounts[:2]) if len(amounts) > 1 else ChartChoice("histogram", amounts[0])
        )
    mark: Mark = "line" if kinds[along[0]] == "temporal" else "bar"
    return ChartChoice(mark, along[0], amounts[0], along[1] if len(along) > 1 else None)


def choice_grammar(kinds: dict[str, Kind], rows: int, ending: str = "") -> str:
    """Lark for `{"mark": …, "x": …, "y": …, "color": …}` over these columns only."""
    amounts = [name for name, kind in kinds.items() if kind == "quantitative"]
    others = [name for name, kind in kinds.items() if kind != "quantitative"]
    marks: list[str] = ["bar", "line", "area"]
    if len(amounts) > 1:
        marks.append("point")
    if rows <= _MOST_SLICES and others:
        marks.append("pie")
    if amounts:
        marks += ["histogram", "boxplot"]
    if len(others) > 1 and amounts:
        marks.append("heatmap")
    y = _any(amounts or list(kinds))
    return "\n".join(
        (
            "start: OPEN MARK X any Y amount COLOR series CLOSE END?",
            'OPEN: "{\\"mark\\": "',
            f"MARK: {_any(marks)}",
            'X: ", \\"x\\": "',
            'Y: ", \\"y\\": "',
            'COLOR: ", \\"color\\": "',
            f"any: {_any(kinds)}",
            f"amount: {y}",
            f'series: "null" | {_any(kinds)}',
            'CLOSE: "}"',
            f"END: {json.dumps(ending or ' ')}",
        )
    )


def _any(names: Sequence[str] | dict[str, Kind]) -> str:
    # Twice: once as the JSON that is written, once as Lark text that stands for it.
    return " | ".join(json.dumps(json.dumps(name, ensure_ascii=False), ensure_ascii=False) for name in names)


def parse_choice(text: str, kinds: dict[str, Kind]) -> ChartChoice:
    """The choice that a model wrote.

    Raises:
        QueryError: `syntax`, `unknown_column`, `no_chart`.
    """
    try:
        raw = json.loads(text)
    except ValueError as exc:
        raise QueryError("syntax", "The chart is no JSON.", 'Write {"mark": …, "x": …, "y": …}.') from exc
    mark = raw.get("mark") if isinstance(raw, dict) else None
    if mark not in get_args(Mark):
        raise QueryError(
            "no_chart", f"There is no mark {mark!r}.", f"Use one of {', '.join(get_args(Mark))}."
        )
    x, y, color = (_column(raw.get(key), kinds) for key in ("x", "y", "color"))
    if x is None:
        raise QueryError("no_chart", "A chart needs an x.", f"Choose one of {', '.join(kinds)}.")
    return ChartChoice(cast(Mark, mark), x, None if y == x else y, None if color in (x, y) else color)


def _column(name: object, kinds: dict[str, Kind]) -> str | None:
    if name is None or (isinstance(name, str) and name in kinds):
        return name
    raise QueryError("unknown_column", f"There is no column {name!r}.", f"There are {', '.join(kinds)}.")

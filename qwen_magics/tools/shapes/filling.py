"""The rows of a result as a value of a shape. Every value is a cell; nothing is made up.

A column belongs to the property of its name, or to the only one whose type its cells have. What lies inside a
list is filled row by row; what lies outside must be the same in all rows.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.shapes.shape import Leaf, Node, Shape

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Binding", "bind", "fill", "records", "violation"]

# Place of the column by the leaf's name.
Binding = Mapping[str, int]

_LEFT_OUT = object()


def bind(shape: Shape, frame: pd.DataFrame) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Which column each leaf takes, and those that fit several, with their columns.

    Raises:
        QueryError: `shape`; a property for which there is no column, or one whose values do not fit.
    """
    names = [_plain(str(name)) for name in frame.columns]
    bound: dict[str, int] = {}
    for leaf in shape.leaves:
        places = [place for place, name in enumerate(names) if name == _plain(leaf.name)]
        if len(places) == 1:
            _refuse_unfit(leaf, frame, places[0])
            bound[leaf.name] = places[0]
    open_leaves = [leaf for leaf in shape.leaves if leaf.name not in bound]
    return _by_type(open_leaves, frame, bound)


def fill(shape: Shape, frame: pd.DataFrame, binding: Binding) -> Any:
    """The value, which the schema accepts.

    Raises:
        QueryError: `shape`; too many or too few rows, or a value that the schema does not allow.
    """
    filler = _Filler(binding, {leaf.path: leaf.name for leaf in shape.leaves})
    rows = list(frame.astype(object).itertuples(index=False, name=None))
    value = filler.build(shape.root, (), rows)
    broken = violation(shape, value)
    if broken:
        raise QueryError("shape", f"{broken}.", "Correct the query.")
    return value


def records(frame: pd.DataFrame) -> Any:
    """Any result as JSON: the value of a single cell, else a list with one object per row.

    >>> records(pd.DataFrame({"name": ["Ada"], "n": [2]}))
    [{'name': 'Ada', 'n': 2}]
    """
    anything = Node("value", nullable=True)
    rows = [
        [_converted(cell, anything) for cell in row] for row in frame.astype(object).itertuples(index=False)
    ]
    if frame.shape == (1, 1):
        return rows[0][0]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _by_type(
    leaves: Sequence[Leaf], frame: pd.DataFrame, bound: dict[str, int]
) -> tuple[dict[str, int], dict[str, list[int]]]:
    free = [place for place in range(frame.shape[1]) if place not in bound.values()]
    fitting = {leaf.name: [place for place in free if _fits(leaf, frame, place)] for leaf in leaves}
    required = {leaf.name for leaf in leaves if not leaf.optional}
    while single := [name for name, places in fitting.items() if len(places) == 1]:
        name = next((name for name in single if name in required), single[0])
        place = fitting.pop(name)[0]
        bound[name] = place
        fitting = {other: [p for p in places if p != place] for other, places in fitting.items()}
    for leaf in leaves:
        if leaf.name in fitting and not fitting[leaf.name]:
            if not leaf.optional:
                raise _missing(leaf, frame)
            del fitting[leaf.name]
    places = {place for found in fitting.values() for place in found}
    short = len([name for name in fitting if name in required]) - len(places)
    if short > 0:
        raise _missing(next(leaf for leaf in leaves if leaf.name in fitting), frame)
    return bound, fitting


class _Filler:
    def __init__(self, binding: Binding, names: Mapping[tuple[str, ...], str]) -> None:
        self._binding = binding
        self._names = names

    def build(self, node: Node, path: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Any:
        if node.kind == "array":
            assert node.items is not None
            return [self.build(node.items, (*path, "[]"), [row]) for row in rows]
        if node.kind == "value":
            return self._value(node, path, rows)
        if not rows and node.nullable:
            return None
        built = {}
        for name, part in node.properties.items():
            value = self.build(part, (*path, name), rows)
            if value is _LEFT_OUT or (value is None and not part.nullable and name not in node.required):
                if name in node.required:
                    raise QueryError("shape", f"There is no value for {name}.", "Select a column for it.")
                continue
            built[name] = value
        return built

    def _value(self, node: Node, path: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Any:
        name = self._names[path]
        if name not in self._binding:
            return _LEFT_OUT
        if not rows:
            if node.nullable:
                return None
            raise QueryError("shape", f"There is no row for {name}.", "Check the conditions of the query.")
        values = [_converted(row[self._binding[name]], node) for row in rows]
        if any(value != values[0] for value in values):
            message = f"The result has {len(rows)} rows, but one value of {name} is asked for."
            raise QueryError("shape", message, "Return one row.")
        return values[0]


def _refuse_unfit(leaf: Leaf, frame: pd.DataFrame, place: int) -> None:
    for cell in frame.iloc[:, place].astype(object):
        try:
            _converted(cell, leaf.node)
        except ValueError as error:
            if _is_missing(cell) and leaf.optional:
                continue
            message = f"The column {frame.columns[place]} does not fit {leaf.label}: {error}."
            raise QueryError("shape", message, f"Select the right value AS {leaf.name}.") from None


def _fits(leaf: Leaf, frame: pd.DataFrame, place: int) -> bool:
    try:
        _refuse_unfit(leaf, frame, place)
    except QueryError:
        return False
    return True


def _missing(leaf: Leaf, frame: pd.DataFrame) -> QueryError:
    has = ", ".join(str(name) for name in frame.columns)
    message = f"The result ({has}) has no column for {leaf.label}."
    return QueryError("shape", message, f"Select it as one more column, AS {leaf.name}.")


def _converted(cell: Any, node: Node) -> Any:
    """The cell as JSON of the node's type.

    Raises:
        ValueError: it is none; the message says why.
    """
    if _is_missing(cell):
        if not node.nullable:
            raise ValueError("it has no value in some row")
        return None
    value = _json(cell, node)
    if node.choices is None:
        return value
    for choice in node.choices:
        if choice == value or str(choice).casefold() == str(value).casefold():
            return choice
    allowed = ", ".join(map(str, node.choices[:8]))
    raise ValueError(f"{str(value)[:40]!r} is none of {allowed}")


def _json(cell: Any, node: Node) -> Any:
    if hasattr(cell, "item") and not getattr(cell, "ndim", 0):
        cell = cell.item()
    if isinstance(cell, bool):
        return _typed(cell, "boolean", node)
    if isinstance(cell, Integral):
        kind = next((k for k in ("integer", "number", "string") if k in node.types), "integer")
        return _typed(str(int(cell)) if kind == "string" else int(cell), kind, node)
    if isinstance(cell, Real) or type(cell).__name__ == "Decimal":
        return _number(float(cell), node)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time() and cell.tzinfo is None and node.format != "date-time"
        return _typed(cell.date().isoformat() if midnight else cell.isoformat(), "string", node)
    if isinstance(cell, (datetime.date, datetime.time)):
        return _typed(cell.isoformat(), "string", node)
    return _typed(str(cell), "string", node)


def _number(value: float, node: Node) -> Any:
    if not math.isfinite(value):
        raise ValueError("JSON has no infinite numbers")
    if "number" not in node.types and "integer" in node.types and value.is_integer():
        return int(value)
    return _typed(value, "number", node)


def _typed(value: Any, kind: str, node: Node) -> Any:
    if kind not in node.types:
        raise ValueError(f"{str(value)[:40]!r} is no {' or '.join(node.types)}")
    return value


def violation(shape: Shape, value: Any) -> str:
    """Where and how a value breaks the schema, on one line; empty if it does not."""
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(dict(shape.schema), format_checker=checker)
    error = next(iter(validator.iter_errors(value)), None)
    if error is None:
        return ""
    where = ".".join(str(part) for part in error.absolute_path) or "the answer"
    return f"{where}: {' '.join(error.message.split())[:160]}"


def _is_missing(cell: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())

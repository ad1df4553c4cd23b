"""JSON, and what Python functions return, as a table.

An envelope (`{"data": [...], "next": …}`) is opened, nested objects become columns such as `customer_name`,
lists inside a record become their JSON text, which SQL can read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["find_records", "to_frame"]

# The names that APIs give to the list inside an envelope, the most usual first.
_ENVELOPES = ("data", "items", "results", "records", "rows", "value", "values", "entries", "content", "hits")
_MOST_COLUMNS = 500
_DEEPEST = 4
_INT64 = 2**63


def find_records(value: Any) -> Any:
    """The list of records inside an envelope, or the value itself if it is none.

    >>> find_records({"total": 2, "items": [{"id": 1}, {"id": 2}]})
    [{'id': 1}, {'id': 2}]
    """
    if not isinstance(value, Mapping):
        return value
    # Datasette and others: column names beside rows of bare values.
    columns, rows = value.get("columns"), value.get("rows")
    if isinstance(columns, list) and isinstance(rows, list) and rows and all(map(_is_list, rows)):
        return [dict(zip(map(str, columns), row, strict=False)) for row in rows]
    named = [key for key in _ENVELOPES if _is_list(value.get(key))]
    lists = named or [key for key, item in value.items() if _is_list_of_objects(item)]
    if len(lists) == 1 or named:
        return value[lists[0]]
    # An envelope around one object: {"data": {…}, "permissions": {…}}.
    if isinstance(value.get("data"), Mapping):
        return value["data"]
    return value


def to_frame(value: Any, name: str) -> tuple[pd.DataFrame, list[str]]:
    """A table of `value`, and notes on what did not fit into it. A bare value gets a column `name`.

    An empty list has no column: nothing says which its records would have.
    """
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return value, []
    if isinstance(value, pd.Series):
        return value.to_frame(str(value.name or name)).reset_index(drop=False), []
    if hasattr(value, "to_pandas"):  # polars, pyarrow
        return value.to_pandas(), []
    if isinstance(value, Mapping) and value:
        return _of_records([value], name)
    if _is_list(value) or isinstance(value, (set, frozenset)):
        items = list(value)
        if not items:
            return pd.DataFrame(), []
        if all(isinstance(item, Mapping) for item in items):
            return _of_records(items, name)
        return pd.DataFrame({name: [_cell(item) for item in items]}), []
    return pd.DataFrame({name: [_cell(value)]}), []


def _of_records(records: Iterable[Mapping[Any, Any]], name: str) -> tuple[pd.DataFrame, list[str]]:
    import pandas as pd

    flat = [_flattened(record) for record in records]
    names = list(dict.fromkeys(key for record in flat for key in record))
    notes: list[str] = []
    if not names:  # objects without any field; a table needs a column
        return pd.DataFrame({name: [None] * len(flat)}), notes
    if len(names) > _MOST_COLUMNS:
        notes.append(f"{len(names) - _MOST_COLUMNS:,} of {len(names):,} fields were left out of the table.")
        names = names[:_MOST_COLUMNS]
    return pd.DataFrame({key: _column([record.get(key) for record in flat]) for key in names}), notes


def _column(cells: list[Any]) -> Any:
    """Whole numbers stay whole where some are missing, which plain pandas turns into floats."""
    import pandas as pd

    present = [cell for cell in cells if cell is not None]
    if present and len(present) < len(cells):
        if all(isinstance(cell, bool) for cell in present):
            return pd.array(cells, dtype="boolean")
        if all(isinstance(cell, int) and not isinstance(cell, bool) for cell in present) and all(
            abs(cell) < _INT64 for cell in present
        ):
            return pd.array(cells, dtype="Int64")
    return cells


def _flattened(record: Mapping[Any, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in record.items():
        name = f"{prefix}{key}"
        if isinstance(item, Mapping) and item and depth < _DEEPEST:
            for inner, cell in _flattened(item, f"{name}_", depth + 1).items():
                flat.setdefault(inner, cell)
        else:
            flat[name] = _cell(item)
    return flat


def _cell(item: Any) -> Any:
    if isinstance(item, (Mapping, list)) and not item:
        return None
    if isinstance(item, (Mapping, list, tuple, set, frozenset)):
        return json.dumps(item if isinstance(item, Mapping) else list(item), ensure_ascii=False, default=str)
    return item


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _is_list_of_objects(value: Any) -> bool:
    return _is_list(value) and bool(value) and all(isinstance(item, Mapping) for item in value)

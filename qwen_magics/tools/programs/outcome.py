"""What a program left behind → one table: scalars, series, indexed and nested frames, results of tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["tabulate"]

_ONE = "result"


def tabulate(value: object) -> pd.DataFrame:
    """The value as a table with text labels and no index; meaningful indexes become columns.

    Raises:
        QueryError: `no_result`, a value that is no result yet, such as groups without an aggregate.
    """
    import numpy as np
    import pandas as pd

    if value is None:
        raise QueryError("no_result", "result is None.", "Assign a table, a column or a number to result.")
    if isinstance(value, pd.DataFrame):
        return _flat(value)
    if isinstance(value, pd.Series):
        return _flat(_series_frame(value))
    if isinstance(value, pd.Index):
        return _flat(value.to_frame(index=False))
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, pd.api.extensions.ExtensionArray):  # what unique() of texts gives
        return pd.DataFrame({_ONE: value})
    if isinstance(value, str) or pd.api.types.is_scalar(value) or isinstance(value, (pd.Period, pd.Interval)):
        return pd.DataFrame({_ONE: [value]})
    return _others(value)


def _others(value: object) -> pd.DataFrame:
    import pandas as pd

    fields = _fields(value)
    if fields:
        return pd.DataFrame({name: [_cell(item)] for name, item in fields.items()})
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _sequence(list(value))
    kind = type(value).__name__
    if "GroupBy" in kind or "Resampler" in kind or kind in {"Rolling", "Expanding"}:
        raise QueryError("no_result", f"result is a {kind}.", "Call an aggregate of it, such as .mean().")
    raise QueryError("no_result", f"result is a {kind}.", "Assign a table, a column or a number to result.")


def _series_frame(value: pd.Series[Any]) -> pd.DataFrame:
    # A number as a name is a row's: `df.loc[5]`.
    return value.to_frame(name=_ONE if value.name is None or isinstance(value.name, int) else value.name)


def _array(value: Any) -> pd.DataFrame:
    import pandas as pd

    if value.ndim == 0:
        return pd.DataFrame({_ONE: [value.item()]})
    if value.ndim > 2:
        raise QueryError("no_result", f"result has {value.ndim} dimensions.", "Return a table.")
    frame = pd.DataFrame(value)
    frame.columns = pd.Index(
        [_ONE] if frame.shape[1] == 1 else [f"{_ONE}_{i + 1}" for i in range(frame.shape[1])]
    )
    return frame


def _fields(value: object) -> dict[str, Any]:
    """The fields of a named tuple, and of the results of scipy's tests and statsmodels' fits."""
    import pandas as pd

    names: Iterable[str] = getattr(value, "_fields", ())
    if not names and hasattr(value, "statistic") and hasattr(value, "pvalue"):
        names = ("statistic", "pvalue")
    if names:
        return {name: getattr(value, name) for name in names}
    params = getattr(value, "params", None)
    if isinstance(params, pd.Series):
        return {str(name): item for name, item in params.items()} | {
            "rsquared": getattr(value, "rsquared", None)
        }
    return {}


def _mapping(value: Mapping[Any, Any]) -> pd.DataFrame:
    """One row of named values; a column per name where the values are columns themselves."""
    import pandas as pd

    if any(isinstance(item, (list, tuple, pd.Series)) for item in value.values()):
        try:
            return _flat(pd.DataFrame(dict(value)))
        except ValueError as exc:
            raise QueryError("no_result", f"result holds columns that differ in length ({exc}).") from exc
    return _labelled(pd.DataFrame({name: [_cell(item)] for name, item in value.items()}))


def _sequence(value: list[Any]) -> pd.DataFrame:
    import pandas as pd

    if value and all(isinstance(item, Mapping) for item in value):
        return _flat(pd.DataFrame(value))
    if value and all(isinstance(item, (list, tuple)) for item in value):
        return _flat(pd.DataFrame(value))
    if any(isinstance(item, (pd.DataFrame, pd.Series)) for item in value):
        raise QueryError("no_result", "result is a list of tables.", "Join them with pd.concat or merge.")
    return pd.DataFrame({_ONE: [_cell(item) for item in value]})


def _cell(value: object) -> object:
    import pandas as pd

    if hasattr(value, "item") and getattr(value, "size", 0) == 1:
        return value.item()
    return value if isinstance(value, str) or pd.api.types.is_scalar(value) else str(value)


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Index levels that say something become columns; labels of several levels are joined by `_`."""
    import pandas as pd

    frame = frame.copy(deep=False)
    frame.columns = pd.Index([_label(label) for label in frame.columns], dtype="object")
    levels = [
        number
        for number in range(frame.index.nlevels)
        if _says_something(frame.index.get_level_values(number))
    ]
    indexes = [frame.index.get_level_values(number) for number in levels]
    for place, level in enumerate(indexes):
        default = "index" if len(indexes) == 1 else f"level_{place}"
        name = _free(default if level.name is None else _label(level.name), frame.columns)
        frame.insert(place, name, pd.Series(level.array, index=frame.index))
    return _labelled(frame.reset_index(drop=True))


def _says_something(level: pd.Index[Any]) -> bool:
    import pandas as pd

    return level.name is not None or not (pd.api.types.is_integer_dtype(level.dtype) or not len(level))


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    names: list[str] = []
    for label in frame.columns:
        names.append(_free(_label(label), names))
    frame.columns = pd.Index(names, dtype="object")
    return frame


def _label(label: object) -> str:
    if isinstance(label, tuple):
        return "_".join(str(part) for part in label if str(part)) or _ONE
    return str(label) if str(label) else _ONE


def _free(name: str, taken: Iterable[object]) -> str:
    used, number, free = {str(item) for item in taken}, 1, name
    while free in used:
        number += 1
        free = f"{name}_{number}"
    return free

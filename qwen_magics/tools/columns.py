"""A user's frame → columns that SQL can read, without touching the original.

Knows pandas, no database. What cannot be kept exactly is turned into the nearest readable thing and noted, so
that the model and the user see the change: one strange column must not cost the other nineteen.
"""

from __future__ import annotations

import decimal
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import UnsupportedDataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PreparedFrame", "free_name", "is_typed_by_value", "prepare"]

_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_INT64 = (-(2**63), 2**63 - 1)


@dataclass(frozen=True)
class PreparedFrame:
    """A frame of our own (sharing unchanged column data with the user's), its column notes and its frame
    notes.
    """

    frame: pd.DataFrame
    column_notes: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def prepare(name: str, data: object) -> PreparedFrame:
    """The frame as SQL will see it.

    Raises:
        UnsupportedDataError: `data` is no table, or a table without columns.
    """
    import pandas as pd

    source = _as_pandas(name, data)
    labels = _labels(source)
    if not labels:
        msg = f"@{name} has no columns, so there is nothing to ask about. Fill it first: `{name}['x'] = …`."
        raise UnsupportedDataError(msg)
    columns: dict[str, pd.Series[Any]] = {}
    notes: dict[str, str] = {}
    taken: set[str] = set()
    for label, series, is_index in labels:
        column = free_name(_column_name(label, len(columns) + 1), taken)
        try:
            columns[column], note = _readable(series)
        except (ValueError, TypeError, OverflowError, AttributeError, NotImplementedError) as exc:
            fix = f"Drop it: `{name}.drop(columns=[{label!r}])`."
            msg = f"Column {label!r} of @{name} cannot be read ({exc}). {fix}"
            raise UnsupportedDataError(msg) from exc
        renamed = f"called {_shown(label)} in the frame" if not is_index and column != label else ""
        notes[column] = "; ".join(
            part for part in ("the frame's index" if is_index else "", renamed, note) if part
        )
    frame = pd.DataFrame(columns, copy=False)
    if not len(source):
        return PreparedFrame(frame, notes, ("empty",))
    return PreparedFrame(frame, notes)


def is_typed_by_value(frame: pd.DataFrame) -> bool:
    """Whether DuckDB has to see every value to type a column: how wide decimals and numbers in lists are."""
    objects = [series for _, series in frame.items() if series.dtype == object]
    found = [(series, series.first_valid_index()) for series in objects]
    return any(isinstance(series[at], (decimal.Decimal, list)) for series, at in found if at is not None)


def free_name(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted_2`, `wanted_3` … if it is in `taken`, in any letter case; adds it there."""
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}_{number}"
    taken.add(name.casefold())
    return name


def _as_pandas(name: str, data: object) -> pd.DataFrame:
    """Frames of any library as pandas; everything else is refused with the way out."""
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return pd.DataFrame(data) if type(data) is not pd.DataFrame else data
    module = type(data).__module__.partition(".")[0]
    if module == "polars" and hasattr(data, "collect"):
        data = data.collect()
    if module == "polars" and hasattr(data, "to_dict"):
        return _from_polars(data)
    if module == "pyarrow" and hasattr(data, "to_pandas"):
        converted: pd.DataFrame = data.to_pandas()
        if isinstance(converted, pd.DataFrame):
            return converted
    fix = f"Turn it into one: `{name} = {_way_to_frame(name, data)}`."
    msg = f"@{name} is a {type(data).__name__}, not a table. {fix}"
    raise UnsupportedDataError(msg)


def _from_polars(data: Any) -> pd.DataFrame:
    import pandas as pd

    if hasattr(data, "to_frame") and not hasattr(data, "columns"):
        data = data.to_frame()
    try:
        converted: pd.DataFrame = data.to_pandas()
    except ImportError:  # to_pandas needs pyarrow; plain lists do not, and are exact
        converted = pd.DataFrame(
            {key: pd.Series(values) for key, values in data.to_dict(as_series=False).items()}
        )
    return converted


def _way_to_frame(name: str, data: object) -> str:
    if hasattr(data, "to_frame"):
        return f"{name}.to_frame()"
    if hasattr(data, "to_pandas"):
        return f"{name}.to_pandas()"
    if hasattr(data, "obj") and hasattr(data, "groups"):
        return f"{name}.obj"
    if isinstance(data, dict) and not any(isinstance(value, (list, tuple, dict)) for value in data.values()):
        return f"pd.DataFrame(list({name}.items()), columns=['key', 'value'])"
    return f"pd.DataFrame({name})"


def _labels(frame: pd.DataFrame) -> list[tuple[object, pd.Series[Any], bool]]:
    """Label, data, is-index of every column, meaningful index levels first."""
    columns = [(label, frame.iloc[:, position], False) for position, label in enumerate(frame.columns)]
    taken = {_column_name(label, 0).casefold() for label in frame.columns}
    levels = [pair for pair in _index_levels(frame.index) if str(pair[0]).casefold() not in taken]
    return [(label, series, True) for label, series in levels] + columns


def _index_levels(index: pd.Index[Any]) -> Iterable[tuple[object, pd.Series[Any]]]:
    """Levels worth a column: named ones, and unnamed ones that are not row numbers left over from a filter or
    a sort.
    """
    import pandas as pd

    for number in range(index.nlevels):
        level = index.get_level_values(number)
        if level.name is not None or not (pd.api.types.is_integer_dtype(level.dtype) or not len(level)):
            default = "index" if index.nlevels == 1 else f"level_{number}"
            yield (default if level.name is None else level.name), pd.Series(level.array, name=level.name)


def _column_name(label: object, position: int) -> str:
    """A printable name: tuples of a MultiIndex joined, control and special-token characters taken out."""
    parts = [str(part) for part in label if str(part)] if isinstance(label, tuple) else [str(label)]
    name = (
        _UNPRINTABLE.sub(" ", "_".join(parts)).replace("<|", "<").replace("|>", ">").replace("`", "'").strip()
    )
    missing = label is None or (isinstance(label, float) and label != label)
    return f"column_{position}" if missing or not name else name


def _shown(label: object) -> str:
    text = repr(label)
    return text if len(text) <= 40 else text[:39] + "…"


def _readable(series: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    """The column in a type that DuckDB reads, and what was changed."""
    import pandas as pd

    values = series.reset_index(drop=True)
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _categorical(values)
    if isinstance(dtype, pd.SparseDtype):
        return _readable(pd.Series(values.sparse.to_dense()))
    if isinstance(dtype, pd.DatetimeTZDtype):
        naive, note = _datetimes(values.dt.tz_localize(None))
        return naive, "; ".join(part for part in (f"local time in {dtype.tz}", note) if part)
    if isinstance(dtype, pd.PeriodDtype):
        return _datetimes(values.dt.to_timestamp())[0], "start of each period"
    return _plain_types(values)


def _plain_types(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    import pandas as pd

    types, dtype = pd.api.types, values.dtype
    if types.is_bool_dtype(dtype) or types.is_integer_dtype(dtype):
        return values, ""
    if types.is_complex_dtype(dtype):
        return _as_text(values), "complex numbers, as text"
    if types.is_float_dtype(dtype):
        return (values.astype("float64") if dtype.itemsize not in (4, 8) else values), ""
    if types.is_datetime64_dtype(dtype):
        return _datetimes(values)
    if types.is_timedelta64_dtype(dtype):
        return values, ""
    if types.is_string_dtype(dtype) and not types.is_object_dtype(dtype):
        return _clean_text(values)
    if types.is_object_dtype(dtype):
        return _objects(values)
    return _as_text(values), f"{dtype}, as text"


def _datetimes(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    """Microseconds: the one resolution for which DuckDB has all its date functions."""
    if values.dtype == "datetime64[us]":
        return values, ""
    return values.astype("datetime64[us]"), ""


def _categorical(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    """Text categories stay an enum if they are ordered, so that ORDER BY follows their order; else plain
    values.
    """
    import pandas as pd

    categories = values.cat.categories
    if values.cat.ordered and all(isinstance(value, str) for value in categories):
        return values, "ordered: " + " < ".join(str(value)[:20] for value in categories[:8])
    if pd.api.types.is_integer_dtype(categories.dtype):
        return values.astype("Int64"), ""
    if isinstance(categories.dtype, pd.IntervalDtype):
        return _as_text(values), "intervals, as text"
    return _readable(values.astype(categories.dtype if len(categories) else "object"))


def _objects(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    """Object columns by what they really hold: every value is looked at, not a sample."""
    import pandas as pd

    kind = pd.api.types.infer_dtype(values, skipna=True)
    convert = _OBJECT_KINDS.get(kind)
    if convert is not None:
        return convert(values)
    present = values.dropna()
    if len(present) and all(isinstance(value, (list, tuple)) for value in present):
        return _lists(values)
    return _as_text(values), "" if kind == "mixed" and _one_type(present) else "mixed types, as text"


def _integers(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    present = values.dropna()
    if all(_INT64[0] <= value <= _INT64[1] for value in present):
        return values.astype("Int64"), ""
    return values.astype("float64"), "numbers beyond 64 bits, rounded"


def _lists(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    """Lists of one plain type stay lists (unnest works on them); anything else becomes text."""
    items = {type(item) for row in values.dropna() for item in row if item is not None}
    if items <= {str} or items <= {int, float} or items <= {bool}:
        return values.map(list, na_action="ignore"), ""
    return _as_text(values), "nested lists, as text"


def _decimals(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    return values, "" if all(value.is_finite() for value in values.dropna()) else "decimal"


def _missing(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    import pandas as pd

    return pd.Series(pd.array([None] * len(values), dtype=_text_dtype())), ""


def _real_datetimes(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        converted = pd.to_datetime(values)
    return _readable(pd.Series(converted))


def _clean_text(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    """Lone surrogates (undecodable bytes) would end the database; they become `?`."""
    # A plain list: iterating over the column itself takes ten times as long.
    text = "".join(value for value in values.to_numpy(dtype=object).tolist() if isinstance(value, str))
    if text.isascii():
        return values, ""
    try:
        text.encode()
    except UnicodeEncodeError:
        fixed = values.map(lambda item: item.encode("utf-8", "replace").decode(), na_action="ignore")
        return fixed, "undecodable characters shown as ?"
    return values, ""


def _text_dtype() -> pd.StringDtype:
    import pandas as pd

    # Kept in Python whether or not pyarrow is installed: one path through DuckDB instead of two.

    return pd.StringDtype("python")


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    texts = [None if _is_missing(value) else str(value) for value in values.astype(object)]
    return _clean_text(pd.Series(pd.array(texts, dtype=_text_dtype())))[0]


def _is_missing(value: object) -> bool:
    import pandas as pd

    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def _one_type(values: pd.Series[Any]) -> bool:
    return len({type(value) for value in values}) <= 1


def _as_is(values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    return values, ""


_OBJECT_KINDS: dict[str, Callable[[pd.Series[Any]], tuple[pd.Series[Any], str]]] = {
    "string": _clean_text,
    "empty": _missing,
    "boolean": lambda values: (values.astype("boolean"), ""),
    "integer": _integers,
    "floating": lambda values: (values.astype("float64"), ""),
    "mixed-integer-float": lambda values: (values.astype("float64"), ""),
    "decimal": _decimals,
    "date": _as_is,
    "time": _as_is,
    "bytes": _as_is,
    "datetime": _real_datetimes,
    "datetime64": _real_datetimes,
    "timedelta": lambda values: (values.astype("timedelta64[us]"), ""),
    "timedelta64": lambda values: (values.astype("timedelta64[us]"), ""),
    "period": lambda values: _readable(values.astype(f"period[{values.dropna().iloc[0].freqstr}]")),
}

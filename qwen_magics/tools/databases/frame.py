"""Rows of a driver → a DataFrame in which whole numbers are integers and dates are dates."""

from __future__ import annotations

import datetime
import decimal
import uuid
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of"]

_EXACT_FLOAT = 2**53


def frame_of(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """One column per name, labels kept even where two are equal."""
    import pandas as pd

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    made = [_column(list(values)) for values in columns]
    frame = pd.concat(made, axis=1) if made else pd.DataFrame(index=range(len(rows)))
    frame.columns = [str(name) for name in names]
    return frame


def _column(values: list[Any]) -> pd.Series[Any]:
    import pandas as pd

    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pd.Series(values, dtype="object")
    if kinds <= {int, decimal.Decimal, float} and not kinds <= {float}:
        return _numbers(values, kinds)
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean" if None in values else "bool")
    if kinds <= {datetime.date, datetime.datetime}:
        return _dates(values)
    if kinds == {datetime.timedelta}:
        return pd.Series(pd.to_timedelta(values))
    if kinds & {uuid.UUID, memoryview, bytearray}:
        values = [_plain(value) for value in values]
    return pd.Series(values) if kinds <= {str, float} else pd.Series(values, dtype="object")


def _numbers(values: list[Any], kinds: set[type]) -> pd.Series[Any]:
    """int64, Int64 with gaps, float64; Python integers where none of them is exact."""
    import pandas as pd

    whole = all(value is None or value == int(value) for value in values if _is_finite(value))
    finite = all(value is None or _is_finite(value) for value in values)
    scaled = any(isinstance(value, decimal.Decimal) and _has_places(value) for value in values)
    if not (whole and finite) or float in kinds or scaled:
        return pd.Series([None if value is None else float(value) for value in values], dtype="float64")
    integers = [None if value is None else int(value) for value in values]
    if any(number is not None and not -(2**63) <= number < 2**63 for number in integers):
        return pd.Series(integers, dtype="object")
    return pd.Series(integers, dtype="Int64" if None in integers else "int64")


def _has_places(value: decimal.Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent < 0 and abs(value) < _EXACT_FLOAT


def _is_finite(value: Any) -> bool:
    return value is None or not (value != value or value in (float("inf"), float("-inf")))


def _dates(values: list[Any]) -> pd.Series[Any]:
    """datetime64; moments with a zone in UTC; as they are where pandas cannot hold them."""
    import pandas as pd

    zones = {getattr(value, "tzinfo", None) is not None for value in values if value is not None}
    if len(zones) > 1:
        return pd.Series(values, dtype="object")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            converted = pd.to_datetime(pd.Series(values, dtype="object"), utc=True in zones or None)
    except (ValueError, OverflowError, TypeError):
        return pd.Series(values, dtype="object")
    return pd.Series(converted)


def _plain(value: Any) -> Any:
    if isinstance(value, (memoryview, bytearray)):
        return bytes(value)
    return str(value) if isinstance(value, uuid.UUID) else value

"""A result on its way from the worker to the kernel: JSON and plain bytes, nothing that is executed.

The kernel must not unpickle what a process sends that ran a program of a model's: a pickle can call anything.
So a frame travels as one header and one block of bytes per column, and becomes plain types on the way.

Layout: 4 bytes length of the header (big-endian), the header (JSON), the blocks it lists.
"""

from __future__ import annotations

import datetime
import decimal
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["decode_frame", "encode_frame", "read_message", "write_message"]

_LONGEST_HEADER = 64 * 2**20
_LONGEST_BLOCK = 4 * 2**30
# `datetime64` and `timedelta64` travel as whole numbers of this unit.
_UNIT = "us"


def write_message(stream: BinaryIO, header: Mapping[str, Any], blocks: Sequence[bytes] = ()) -> None:
    """Send one message; `header["blocks"]` will hold the lengths of the blocks."""
    text = json.dumps({**header, "blocks": [len(block) for block in blocks]}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    for block in blocks:
        stream.write(block)
    stream.flush()


def read_message(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Receive one message.

    Raises:
        EOFError: the other side has ended.
        ValueError: what came is no message.
    """
    (length,) = struct.unpack(">I", _exactly(stream, 4))
    if length > _LONGEST_HEADER:
        msg = f"a header of {length} bytes"
        raise ValueError(msg)
    header = json.loads(_exactly(stream, length))
    if not isinstance(header, dict) or not isinstance(header.get("blocks"), list):
        msg = "no header"
        raise ValueError(msg)
    return header, [_block(stream, length) for length in header["blocks"]]


def _block(stream: BinaryIO, length: object) -> bytes:
    if not isinstance(length, int) or not 0 <= length <= _LONGEST_BLOCK:
        msg = f"a block of {length!r} bytes"
        raise ValueError(msg)
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def encode_frame(frame: pd.DataFrame) -> tuple[dict[str, Any], list[bytes]]:
    """Header and blocks of a frame whose columns have text labels; the index is left out."""
    columns: list[dict[str, Any]] = []
    blocks: list[bytes] = []
    for position, name in enumerate(frame.columns):
        kind, dtype, parts = _encode(frame.iloc[:, position])
        columns.append({"name": str(name), "kind": kind, "dtype": dtype, "blocks": len(parts)})
        blocks.extend(parts)
    return {"columns": columns, "rows": len(frame)}, blocks


def decode_frame(header: Mapping[str, Any], blocks: Sequence[bytes]) -> pd.DataFrame:
    """The frame of `encode_frame`.

    Raises:
        ValueError, TypeError, KeyError: header and blocks do not make a frame.
    """
    import pandas as pd

    rows, left = int(header["rows"]), list(blocks)
    columns = []
    for column in header["columns"]:
        parts = [left.pop(0) for _ in range(int(column["blocks"]))]
        values = _DECODERS[column["kind"]](str(column["dtype"]), parts)
        series = pd.Series(values, name=str(column["name"]))
        if len(series) != rows:
            msg = f"{len(series)} values in a table of {rows} rows"
            raise ValueError(msg)
        columns.append(series)
    if not columns:
        return pd.DataFrame(index=pd.RangeIndex(rows))
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index([series.name for series in columns])
    return frame


def _encode(column: pd.Series[Any]) -> tuple[str, str, list[bytes]]:
    import pandas as pd

    types, dtype = pd.api.types, column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _encode(column.astype(dtype.categories.dtype))
    if isinstance(dtype, pd.SparseDtype):
        return _encode(column.sparse.to_dense())
    if isinstance(dtype, pd.DatetimeTZDtype):
        # As in SQL: the local time, without its zone.
        return _encode(column.dt.tz_localize(None))
    if types.is_datetime64_dtype(dtype):
        return "datetime", "", [_bytes(column.astype(f"datetime64[{_UNIT}]").to_numpy().view("int64"))]
    if types.is_timedelta64_dtype(dtype):
        return "timedelta", "", [_bytes(column.astype(f"timedelta64[{_UNIT}]").to_numpy().view("int64"))]
    if types.is_bool_dtype(dtype) or types.is_integer_dtype(dtype) or types.is_float_dtype(dtype):
        return _encode_numbers(column)
    # A plain list: iterating over the column itself takes ten times as long.
    values = column.to_numpy(dtype=object).tolist()
    return "items", "", [json.dumps([_item(value) for value in values]).encode()]


def _encode_numbers(column: pd.Series[Any]) -> tuple[str, str, list[bytes]]:
    import numpy as np
    import pandas as pd

    types = pd.api.types
    if not types.is_extension_array_dtype(column.dtype):
        values = column.to_numpy()
        if values.dtype.kind == "f" and values.dtype.itemsize not in (4, 8):
            values = values.astype("float64")
        return "plain", values.dtype.newbyteorder("<").str, [_bytes(values)]
    if types.is_float_dtype(column.dtype):
        return "plain", "<f8", [_bytes(column.to_numpy(dtype="float64", na_value=np.nan))]
    kind = "bool" if types.is_bool_dtype(column.dtype) else "int64"
    missing = column.isna().to_numpy(dtype=bool)
    # What stands under the mask is never read.
    return "masked", kind, [_bytes(column.to_numpy(dtype=kind, na_value=0)), _bytes(missing)]


def _bytes(values: NDArray[Any]) -> bytes:
    import numpy as np

    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()


def _item(value: Any) -> Any:
    """A cell as JSON: a plain value as itself, anything else as text; dates and decimals are marked."""
    import pandas as pd

    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if hasattr(value, "item") and not getattr(value, "ndim", 1):
        value = value.item()
    # An array in a cell is no scalar, and a comparison of it would be an array as well.
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return {"date": value.isoformat()}
    if isinstance(value, decimal.Decimal):
        return {"float": repr(float(value))}
    return str(value)


def _plain(dtype: str, parts: Sequence[bytes]) -> Any:
    import numpy as np

    kind = np.dtype(dtype)
    if kind.kind not in "biuf":
        msg = f"no plain numbers: {dtype}"
        raise ValueError(msg)
    return np.frombuffer(parts[0], dtype=kind).astype(kind.newbyteorder("="))


def _masked(dtype: str, parts: Sequence[bytes]) -> Any:
    import numpy as np
    import pandas as pd

    mask = np.frombuffer(parts[1], dtype=bool).copy()
    if dtype == "bool":
        return pd.arrays.BooleanArray(np.frombuffer(parts[0], dtype=bool).copy(), mask)
    return pd.arrays.IntegerArray(np.frombuffer(parts[0], dtype="<i8").astype("int64"), mask)


def _times(name: str) -> Callable[[str, Sequence[bytes]], Any]:
    def decode(dtype: str, parts: Sequence[bytes]) -> Any:
        import numpy as np

        return np.frombuffer(parts[0], dtype="<i8").astype("int64").view(f"{name}[{_UNIT}]")

    return decode


def _items(dtype: str, parts: Sequence[bytes]) -> Any:
    import pandas as pd

    values = [_marked(item) for item in json.loads(parts[0])]
    if all(value is None or isinstance(value, str) for value in values):
        return pd.array(values, dtype="str" if pd.__version__ >= "3" else "object")
    return pd.Series(values, dtype="object")


def _marked(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    if "date" in item:
        return datetime.date.fromisoformat(item["date"])
    return float(item["float"])


_DECODERS: dict[str, Callable[[str, Sequence[bytes]], Any]] = {
    "plain": _plain,
    "masked": _masked,
    "datetime": _times("datetime64"),
    "timedelta": _times("timedelta64"),
    "items": _items,
}

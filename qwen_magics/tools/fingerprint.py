"""A short digest of a frame, for traces and for proving that an original did not change."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SAMPLED_ABOVE", "fingerprint"]

# Cells; hashing these takes well under 0.1 s even if they are text.
SAMPLED_ABOVE = 200_000


def fingerprint(frame: object, *, exact: bool = False) -> str:
    """`full:` or `sample:` and 16 hexadecimal digits over shape, labels, dtypes and values, index included.

    Equal frames have equal fingerprints, on every machine and pandas version that stores the same dtypes.
    Frames of more than `SAMPLED_ABOVE` cells are hashed by about that many of them, evenly spaced rows, first
    and last included; a change between those rows is not seen. `exact=True` hashes everything. Frames that
    are not pandas are hashed after conversion, as `tools.columns` does it.
    """
    import pandas as pd

    from qwen_magics.tools.columns import prepare

    table = frame if isinstance(frame, pd.DataFrame) else prepare("data", frame).frame
    sampled = not exact and table.size > SAMPLED_ABOVE
    digest = hashlib.sha256(repr((table.shape, *_labels(table))).encode("utf-8", "backslashreplace"))
    rows = _spaced(table) if sampled else table
    digest.update(_hashes(rows.index.to_frame(index=False)))
    digest.update(_hashes(rows))
    return f"{'sample' if sampled else 'full'}:{digest.hexdigest()[:16]}"


def _labels(table: pd.DataFrame) -> list[tuple[str, str]]:
    return [(repr(label), str(dtype)) for label, dtype in zip(table.columns, table.dtypes, strict=True)]


def _spaced(table: pd.DataFrame) -> pd.DataFrame:
    import numpy as np

    count = max(2, SAMPLED_ABOVE // max(1, table.shape[1]))
    return table.iloc[np.unique(np.linspace(0, len(table) - 1, count).astype("int64"))]


def _hashes(table: pd.DataFrame) -> bytes:
    return b"".join(_column_hashes(table.iloc[:, position]) for position in range(table.shape[1]))


def _column_hashes(column: pd.Series[Any]) -> bytes:
    """64-bit hashes of all values in order; unhashable ones (lists, dicts) by their text."""
    import pandas as pd

    try:
        hashes = pd.util.hash_pandas_object(column, index=False)
    except (TypeError, ValueError, NotImplementedError, UnicodeEncodeError):
        hashes = pd.util.hash_pandas_object(column.map(ascii), index=False)
    return bytes(hashes.to_numpy().tobytes())

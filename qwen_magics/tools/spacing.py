"""How far apart the dates of a table are: what a window over so many rows means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["spacings"]

# Days between two dates of a series that goes by this unit.
_DAYS = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "quarter": (89, 93), "year": (364, 366)}


def spacings(frames: Mapping[str, pd.DataFrame]) -> set[str]:
    """The units by which the dates of the frames go: of the steps between one date and the next, the median.

    >>> spacings({"t": pd.DataFrame({"at": pd.date_range("2024-01-01", periods=9, freq="MS")})})
    {'month'}
    """
    import pandas as pd

    found = set()
    for frame in frames.values():
        for column in (frame.iloc[:, place] for place in range(frame.shape[1])):
            if pd.api.types.is_datetime64_any_dtype(column.dtype):
                step = column.drop_duplicates().sort_values().diff().median()
                days = step.total_seconds() / 86_400 if step is not pd.NaT else 0.0
                found |= {unit for unit, (least, most) in _DAYS.items() if least <= days <= most}
    return found

"""Rows under column names, and as a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Table"]


@dataclass(frozen=True, slots=True)
class Table:
    """What a reading tool gives; columns that end in `_date` hold dates.

    Attributes:
        about: what each row is, for a model that would filter once more for what the tool has done.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    about: str = ""

    def frame(self) -> pd.DataFrame:
        """Dates as `datetime64`; amounts as floats, which is what pandas and a chart can compute with."""
        import pandas as pd

        cells = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in self.rows]
        frame = pd.DataFrame(cells, columns=list(self.columns))
        for name in self.columns:
            if name.endswith("_date"):
                frame[name] = pd.to_datetime(frame[name])
        return frame

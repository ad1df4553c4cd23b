"""Names that some object within a program's reach has as an attribute of its own.

`table.price` reads a column like an attribute. That is allowed for a column whose name means nothing else: a
column called `to_csv` or `gi_frame` would otherwise open what the list of attributes keeps shut.
"""

from __future__ import annotations

import types
from functools import lru_cache

__all__ = ["is_reserved"]


def is_reserved(name: str) -> bool:
    """Whether a column of that name can only be read in brackets."""
    return name.startswith("_") or not name.isidentifier() or name in _names()


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"a": [1]})
    dates = pd.Series(pd.to_datetime(["2020-01-01"]))
    reachable: list[object] = [
        *(pd, np, np.linalg, np.random, pd.offsets, pd.api, pd.io, pd.core),
        *(frame, frame["a"], frame.index, frame.groupby("a"), frame.groupby("a")["a"]),
        *(frame.rolling(1), frame.expanding(), frame.ewm(1), pd.Grouper(key="a"), frame.columns),
        *(dates.dt, pd.Series(["a"]).str, dates.dt.tz_localize("UTC"), pd.DatetimeIndex(["2020-01-01"])),
        *(pd.Series(["a"], dtype="category").cat, pd.MultiIndex.from_tuples([(1, 2)]), pd.Timestamp(0)),
        *(pd.Timedelta(0), pd.Period("2020"), pd.Interval(0, 1), pd.NA, pd.NaT, np.array([1]), np.add),
        *(np.float64(1), np.str_("a"), np.dtype("int64"), frame.iloc, frame.loc, pd.RangeIndex(1)),
        *(pd.DatetimeIndex(["2020-01-01"]).to_period("D"), frame["a"].array, pd.DateOffset(days=1)),
        *(
            dates.to_frame("a").resample("D", on="a"),
            pd.CategoricalDtype(),
            "",
            b"",
            1,
            1.0,
            1j,
            [],
            {},
            (),
            set(),
        ),
        *(slice(0), range(0), None, True, type, object, len, super, property, Exception(), _names),
    ]
    kinds = (
        *(types.FunctionType, types.LambdaType, types.GeneratorType, types.CodeType, types.FrameType),
        *(types.TracebackType, types.CoroutineType, types.AsyncGeneratorType, types.MethodType),
        *(types.BuiltinFunctionType, types.ModuleType, types.MappingProxyType, types.CellType),
    )
    names = {name for item in (*reachable, *kinds) for name in dir(item)}
    # A column of the probes themselves.
    return frozenset(names - {"a"})

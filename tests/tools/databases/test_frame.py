"""Rows of a driver become columns of the right kind, exactly."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.tools.databases.frame import frame_of

_UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, 2], "int64"),
        ([1, None], "Int64"),
        ([2**70, 1], "object"),
        ([Decimal("30"), Decimal("2")], "int64"),
        ([Decimal("30.00"), Decimal("2.50")], "float64"),
        ([Decimal("30.00"), None], "float64"),
        ([1, 2.5], "float64"),
        ([1.5, None], "float64"),
        ([True, False], "bool"),
        ([True, None], "boolean"),
        ([datetime.date(2024, 1, 2), None], "datetime64"),
        ([datetime.datetime(2024, 1, 2, 3), None], "datetime64"),
        ([datetime.datetime(2024, 1, 2, 3, tzinfo=_UTC), None], "UTC"),
        ([datetime.date(1, 1, 1), datetime.date(9999, 12, 31)], ""),
        ([datetime.timedelta(days=1), None], "timedelta64"),
        ([{"a": 1}, [1]], "object"),
        ([None, None], "object"),
        ([], "object"),
    ],
)
def test_kinds(values: list[object], dtype: str) -> None:
    column = frame_of(["x"], [(value,) for value in values])["x"]
    assert dtype in str(column.dtype)
    assert column.isna().tolist() == [value is None for value in values]


def test_what_pandas_has_no_kind_for_stays_readable() -> None:
    frame = frame_of(["u", "b"], [(uuid.UUID(int=1), memoryview(b"x"))])
    assert frame.iloc[0].tolist() == ["00000000-0000-0000-0000-000000000001", b"x"]


def test_labels_may_repeat_and_rows_may_be_missing() -> None:
    assert list(frame_of(["a", "a"], [(1, 2)]).columns) == ["a", "a"]
    assert frame_of(["a", "b"], []).shape == (0, 2)


@given(st.lists(st.none() | st.integers() | st.integers().map(Decimal), min_size=1))
def test_whole_numbers_are_exact(values: list[object]) -> None:
    column = frame_of(["x"], [(value,) for value in values])["x"]
    assert [None if value is None else int(value) for value in values] == [  # type: ignore[call-overload]
        None if missing else int(value) for value, missing in zip(column, column.isna(), strict=True)
    ]

"""What the worker sends is data: any frame comes through, and nothing that it might send is executed."""

from __future__ import annotations

import io
import pickle
import struct

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.tools.programs.wire import decode_frame, encode_frame, read_message, write_message


def sent(frame: pd.DataFrame) -> pd.DataFrame:
    stream = io.BytesIO()
    write_message(stream, *encode_frame(frame))
    stream.seek(0)
    return decode_frame(*read_message(stream))


cells = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=6),
    st.lists(st.floats(), max_size=6),
    st.lists(st.booleans(), max_size=6),
    st.lists(st.text(max_size=5) | st.none(), max_size=6),
    st.lists(st.dates() | st.none(), max_size=6),
    st.lists(st.integers() | st.text(max_size=3) | st.floats(allow_nan=False) | st.none(), max_size=6),
)


@settings(max_examples=150)
@given(cells)
def test_columns_arrive_as_they_were(values: list[object]) -> None:
    frame = pd.DataFrame({"x": pd.Series(values)})
    arrived = sent(frame)["x"].tolist()
    for was, now in zip(frame["x"].tolist(), arrived, strict=True):
        if was is None or was != was:
            assert now is None or now != now
        else:
            assert now == (was.encode("utf-8", "replace").decode() if isinstance(was, str) else was)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(pd.to_datetime(["2026-01-01", None])),
        pd.Series(pd.to_timedelta(["1 day", None])),
        pd.Series([1, None], dtype="Int64"),
        pd.Series([True, None], dtype="boolean"),
        pd.Series([1.5, None], dtype="float32"),
        pd.Series([1, 2], dtype="uint8"),
    ],
)
def test_types_arrive_too(column: pd.Series) -> None:  # type: ignore[type-arg]
    arrived = sent(column.to_frame("x"))["x"]
    pd.testing.assert_series_equal(arrived.astype(column.dtype), column.rename("x"), check_dtype=True)
    assert arrived.dtype.kind == column.dtype.kind


def test_labels_may_repeat_and_tables_be_empty() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert sent(frame).columns.tolist() == ["a", "a"]
    assert sent(pd.DataFrame({"a": []})).shape == (0, 1)


def test_a_pickle_is_not_read() -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return pytest.fail, ("executed",)

    data = pickle.dumps(Evil())
    for text in (data, struct.pack(">I", len(data)) + data):
        with pytest.raises((ValueError, EOFError)):
            read_message(io.BytesIO(text))


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_anything_else_is_an_error(data: bytes) -> None:
    with pytest.raises((ValueError, EOFError)):
        read_message(io.BytesIO(struct.pack(">I", len(data)) + data + b"\x00"))


@pytest.mark.parametrize(
    "header",
    [
        {"rows": 1, "columns": [{"name": "x", "kind": "plain", "dtype": "O", "blocks": 1}]},
        {"rows": 2, "columns": [{"name": "x", "kind": "plain", "dtype": "<i8", "blocks": 1}]},
        {"rows": 1, "columns": [{"name": "x", "kind": "object", "dtype": "", "blocks": 1}]},
        {"columns": []},
    ],
)
def test_a_false_header_is_an_error(header: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)):
        decode_frame(header, [b"\x00" * 8])


def test_arrays_in_cells_arrive_as_their_text() -> None:
    grouped = pd.DataFrame({"shop": ["a", "b", "a"], "n": [1, 2, 3]}).groupby("shop")["n"].unique()
    assert sent(grouped.reset_index())["n"].tolist() == ["[1 3]", "[2]"]

"""JSON of any shape as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.output import output_of
from qwen_magics.tools.records import find_records, to_frame

ROWS = [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    "value",
    [
        ROWS,
        {"data": ROWS, "next": None},
        {"total": 2, "items": ROWS},
        {"orders": ROWS, "page": 1},
        {"columns": ["id"], "rows": [[1], [2]]},
    ],
)
def test_the_records_of_an_envelope(value: Any) -> None:
    assert list(find_records(value)) == ROWS


def test_two_lists_are_not_guessed_between() -> None:
    value = {"orders": ROWS, "customers": ROWS}
    assert find_records(value) is value


def test_an_object_in_an_envelope() -> None:
    assert find_records({"data": {"id": 1}, "permissions": {}}) == {"id": 1}


def test_nested_objects_become_columns_and_lists_their_json() -> None:
    frame, _ = to_frame([{"id": 1, "customer": {"name": "Ada", "tags": ["a", "b"]}}], "x")
    assert frame.to_dict("records") == [{"id": 1, "customer_name": "Ada", "customer_tags": '["a", "b"]'}]


def test_whole_numbers_stay_whole_where_some_are_missing() -> None:
    frame, _ = to_frame([{"n": 2**60}, {"n": None}, {}], "x")
    assert frame["n"].dtype == "Int64" and frame["n"][0] == 2**60


@pytest.mark.parametrize(
    ("value", "shape", "single"),
    [
        (5, (1, 1), True),
        ("text", (1, 1), True),
        (None, (1, 1), True),
        ([1, 2], (2, 1), False),
        ([], (0, 0), False),
        ({}, (1, 1), False),
        ({"a": 1}, (1, 1), False),
        ({"a": 1, "b": 2}, (1, 2), False),
        (pd.Series([1, 2], name="n"), (2, 2), False),
        (pd.DataFrame({"a": [1]}), (1, 1), False),
        (pl.DataFrame({"a": [1, 2]}), (2, 1), False),
    ],
)
def test_whatever_a_function_returns(value: Any, shape: tuple[int, int], single: bool) -> None:
    output = output_of(value, "x")
    assert output.frame.shape == shape and output.is_single is single


def test_too_many_fields_are_cut_and_said() -> None:
    frame, notes = to_frame([{f"f{i}": i for i in range(600)}], "x")
    assert frame.shape == (1, 500) and notes == ["100 of 600 fields were left out of the table."]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=40)
@given(JSON)
def test_any_json_becomes_a_table_that_sql_can_read(value: Any) -> None:
    output = output_of(value, "x")
    if find_records(value) == []:
        assert output.frame.shape == (0, 0)  # nothing says which columns its records would have
        return
    with FrameDatabase({"t": output.frame}) as database:
        assert database.run("SELECT count(*) FROM t").frame.iat[0, 0] == len(output.frame)

from __future__ import annotations

import datetime
import decimal
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.trace.limits import Limits, cut_middle, cut_text
from qwen_magics.trace.plain import Plain


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.float64("nan"), None),
        (float("inf"), "Infinity"),
        (2**53, str(2**53)),
        (pd.NA, None),
        (pd.NaT, None),
        (pd.Timestamp("2026-01-02 03:04"), "2026-01-02T03:04:00"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (decimal.Decimal("1.50"), "1.50"),
        (b"abc", "[3 bytes]"),
        ("\ud800", "\\ud800"),
        ({1}, [1]),
        ((1, (2,)), [1, [2]]),
        ({1: None}, {"1": None}),
    ],
)
def test_values_become_json(value: Any, plain: Any) -> None:
    result = Plain().fields({"v": value})["v"]
    assert result == plain
    assert type(result) is type(plain)


def test_circles_end() -> None:
    circle: list[Any] = []
    circle.append(circle)
    plain = Plain()
    json.dumps(plain.fields({"v": circle}))
    assert plain.cuts == 1


def test_width_and_number_of_items_are_bounded() -> None:
    plain = Plain(Limits(items=3, nodes=50, depth=3))
    values = plain.fields(
        {"list": list(range(10)), "map": dict.fromkeys("abcdef"), "wide": [[[1] * 3] * 3] * 3}
    )
    assert values["list"] == [0, 1, 2, "… [7 more items cut]"]
    assert values["map"] == {"a": None, "b": None, "c": None, "…": "[3 more entries cut]"}
    assert plain.cuts == 2


@given(st.text(), st.integers(0, 30))
def test_a_cut_says_how_much_is_missing(text: str, most: int) -> None:
    if len(text) <= most:
        assert cut_text(text, most) == cut_middle(text, most) == text
        return
    assert cut_text(text, most) == f"{text[:most]}… [{len(text) - most:,} characters cut]"
    assert f"[{len(text) - most:,} characters cut]" in cut_middle(text, most)

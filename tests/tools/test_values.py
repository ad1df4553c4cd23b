"""Pure values: descriptions, typed answers, fingerprints, tools."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.errors import ConfigError
from qwen_magics.tools import tool
from qwen_magics.tools.fingerprint import SAMPLED_ABOVE, fingerprint
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.registry import tool_of
from qwen_magics.tools.result import QueryResult, typed_value
from qwen_magics.tools.schema import Column, Join, Table, describe
from qwen_magics.tools.sql.names import printable, quote_name, quote_text

FLIGHTS = Table(
    "flights",
    (
        Column("year", "BIGINT", samples=("2013",)),
        Column("carrier", "VARCHAR", categories=("'AA'", "'B6'", "'DL'", "'UA'")),
        Column("dep delay", "DOUBLE", nulls=8255, samples=("2.0", "4.0")),
        Column("x", "VARCHAR", nulls=336_776),
    ),
    336_776,
    joins=(Join("flights", "carrier", "airlines", "carrier"),),
)
AIRLINES = Table("airlines", (Column("carrier", "VARCHAR", note="the frame's index"),), 1)


def test_description_is_the_ddl_with_comments() -> None:
    assert describe([FLIGHTS, AIRLINES]) == (
        "CREATE TABLE flights ( -- 336,776 rows\n"
        "  year BIGINT, -- 2013, …\n"
        "  carrier VARCHAR, -- 'AA', 'B6', 'DL', 'UA' (4 values)\n"
        '  "dep delay" DOUBLE, -- 2.0, 4.0, …; 8,255 NULL\n'
        "  x VARCHAR -- all NULL\n"
        ");\n"
        "CREATE TABLE airlines ( -- 1 row\n"
        "  carrier VARCHAR -- the frame's index\n"
        ");\n"
        "-- join: flights.carrier = airlines.carrier"
    )


def test_description_keeps_the_columns_of_the_question() -> None:
    text = describe([FLIGHTS], question="mean dep delay by carrier", max_columns=2)
    assert "dep delay" in text and "carrier" in text and "year" not in text
    assert "-- 2 more columns not shown" in text
    assert "-- join:" not in text  # airlines is not in the description


@given(st.text(max_size=200))
def test_printable_is_one_harmless_line(text: str) -> None:
    shown = printable(text)
    assert len(shown) <= 40
    assert not any(mark in shown for mark in ("\n", "\r", "--", "`", "<|", "|>", "\u2028", "\u202e"))
    shown.encode()  # no lone surrogates


@given(st.text(min_size=1))
def test_quotes_close_where_they_opened(text: str) -> None:
    assert quote_text(text)[1:-1].replace("''", "").count("'") == 0
    name = quote_name(text)
    assert not name.startswith('"') or name[1:-1].replace('""', "").count('"') == 0


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (3, ("number", 3)),
        (2.5, ("number", 2.5)),
        (np.int64(3), ("number", 3)),
        (True, ("text", "True")),
        ("x", ("text", "x")),
        (pd.Timestamp("2013-01-01"), ("text", "2013-01-01")),
        (pd.Timestamp("2013-01-01 10:00"), ("text", "2013-01-01 10:00:00")),
        (datetime.date(2013, 1, 1), ("text", "2013-01-01")),
    ],
)
def test_single_cells_are_numbers_or_texts(cell: object, expected: tuple[str, object]) -> None:
    kind, value = typed_value(pd.DataFrame({"x": [cell]}))
    assert (kind, value) == expected
    assert type(value) is type(expected[1])


@pytest.mark.parametrize(
    "frame", [{"x": [1, 2]}, {"x": [1], "y": [2]}, {"x": []}, {"x": [None]}, {"x": [[1, 2]]}]
)
def test_everything_else_is_a_table(frame: dict[str, Any]) -> None:
    assert typed_value(pd.DataFrame(frame))[0] == "table"


def test_preview_is_json() -> None:
    frame = pd.DataFrame(
        {"a": [1.5, np.nan, np.inf], "b": ["x", None, "z"], "c": pd.to_datetime(["2020-01-01"] * 3)}
    )
    preview = QueryResult(frame, 3, False, 0.1, ("t",)).preview(2)
    assert json.loads(json.dumps(preview, allow_nan=False)) == {
        "columns": ["a", "b", "c"],
        "rows": [[1.5, "x", "2020-01-01 00:00:00"], [None, None, "2020-01-01 00:00:00"]],
        "total_rows": 3,
        "truncated": False,
    }


def test_fingerprint_sees_values_labels_types_order_and_index() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    changed = [
        frame.assign(a=[1, 3]),
        frame.rename(columns={"a": "c"}),
        frame.astype({"a": "int32"}),
        frame.iloc[::-1],
        frame.set_axis([5, 6]),
        frame[["b", "a"]],
        frame.iloc[:1],
    ]
    prints = {fingerprint(frame), *(fingerprint(other) for other in changed)}
    assert len(prints) == len(changed) + 1
    assert fingerprint(frame) == fingerprint(frame.copy(deep=True))
    assert fingerprint(frame).startswith("full:")


@pytest.mark.parametrize(
    "values",
    [
        [[1], [2, 3]],
        [{"a": 1}, None],
        [object, 1],
        ["\ud800", "x"],
        pd.Categorical(["a", None]),
        [None, None],
    ],
)
def test_fingerprint_takes_any_column(values: Any) -> None:
    # As objects: where pyarrow is installed, pandas 3 would refuse the lone surrogate itself.
    column = pd.Series(values, dtype=object) if isinstance(values, list) else values
    assert fingerprint(pd.DataFrame({"x": column})) == fingerprint(pd.DataFrame({"x": column}))
    assert fingerprint(pd.DataFrame({0: [1], "a": [2]})) and fingerprint(pd.DataFrame())


def test_large_frames_are_sampled_for_the_fingerprint() -> None:
    frame = pd.DataFrame({"x": np.arange(SAMPLED_ABOVE + 10)})
    last = frame.copy()
    last.iloc[-1, 0] = -1
    assert fingerprint(frame).startswith("sample:")
    assert fingerprint(frame) != fingerprint(last)
    assert fingerprint(frame, exact=True).startswith("full:")


def test_a_million_rows_are_described_quickly() -> None:
    rng = np.random.default_rng(0)
    count = 1_000_000
    frame = pd.DataFrame(
        {"n": rng.integers(0, 99, count), "f": rng.random(count), "c": rng.choice(["a", "b"], count)}
    )
    started = time.perf_counter()
    with FrameDatabase({"t": frame}) as database:
        assert database.tables[0].columns[2].categories == ("'a'", "'b'")
    assert time.perf_counter() - started < 5  # 0.2 s on an idle machine


def test_tool_from_signature_and_docstring() -> None:
    @tool(effect="write")
    def reorder(
        sku: str, units: int = 1, *, speed: Literal["slow", "fast"] = "slow", tags: list[str] | None = None
    ) -> int:
        """Order more of an article.

        Args:
            sku: article number
            units (int): how many
        """
        return units

    described = tool_of(reorder)
    assert (described.name, described.description, described.effect) == (
        "reorder",
        "Order more of an article.",
        "write",
    )
    assert described.schema == {
        "type": "object",
        "properties": {
            "sku": {"type": "string", "description": "article number"},
            "units": {"type": "integer", "description": "how many", "default": 1},
            "speed": {"enum": ["slow", "fast"], "default": "slow"},
            "tags": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
        },
        "required": ["sku"],
        "additionalProperties": False,
    }
    assert reorder("a", 3) == 3


def test_tool_without_brackets_and_undecorated_functions() -> None:
    @tool
    def one(x: float) -> float:
        """One."""
        return x

    def two(x: bool) -> bool:
        """Two."""
        return x

    assert tool_of(one).effect == tool_of(two).effect == "read"


def undocumented(x: int) -> int:
    return x


def untyped(x) -> int:  # type: ignore[no-untyped-def]
    """Untyped."""
    return int(x)


def variadic(*x: int) -> int:
    """Variadic."""
    return len(x)


def odd(x: pd.DataFrame) -> int:
    """Odd."""
    return len(x)


@pytest.mark.parametrize(
    ("function", "words"),
    [(undocumented, "no docstring"), (untyped, "has no type"), (variadic, "by name"), (odd, "cannot write")],
)
def test_functions_that_cannot_be_tools_say_what_to_change(function: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        tool(function)


def test_effect_is_read_or_write() -> None:
    with pytest.raises(ConfigError, match="'read' or 'write'"):
        tool(effect="delete")(odd)  # type: ignore[arg-type]

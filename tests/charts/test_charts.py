"""Charts of results: what suits them, the specification, the picture."""

from __future__ import annotations

import datetime
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from llguidance import LLMatcher, LLTokenizer

from qwen_magics.errors import QueryError
from qwen_magics.tools.charts.chart import MIME, Chart
from qwen_magics.tools.charts.choice import (
    ChartChoice,
    choice_grammar,
    column_kinds,
    default_choice,
    parse_choice,
)
from qwen_magics.tools.charts.spec import MOST_ROWS, specification

SHOPS = pd.DataFrame({"shop": ["a", "b", "c"], "sales": [3.5, 1.0, 2.0]})


@pytest.fixture(scope="module")
def byte_tokens() -> LLTokenizer:
    return LLTokenizer("byte")


def chart(frame: pd.DataFrame, choice: ChartChoice | None = None) -> Chart:
    kinds = column_kinds(frame)
    choice = choice or default_choice(kinds, len(frame))
    return Chart(choice, specification(choice, frame, kinds, description="?"))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"shop": ["a", "b"], "n": [1.5, 2.5]}, ChartChoice("bar", "shop", "n")),
        ({"month": [1, 2, 3], "n": [10, 20, 30]}, ChartChoice("bar", "month", "n")),
        ({"day": pd.to_datetime(["2026-01-01", "2026-01-02"]), "n": [1, 2]}, ChartChoice("line", "day", "n")),
        ({"day": [datetime.date(2026, 1, 1)] * 2, "n": [1, 2]}, ChartChoice("line", "day", "n")),
        ({"a": [1.5, 2.5], "b": [2.5, 1.5]}, ChartChoice("point", "a", "b")),
        ({"a": [1.5, 2.5, 3.5]}, ChartChoice("histogram", "a")),
        ({"shop": ["a", "b"], "kind": ["x", "y"], "n": [1, 2]}, ChartChoice("bar", "shop", "n", "kind")),
        ({"shop": ["a", "b"]}, ChartChoice("bar", "shop")),
        ({"shop": ["a", "b"], "year": [2024, 2025]}, ChartChoice("bar", "shop", "year")),
    ],
)
def test_a_chart_suits_its_columns(columns: dict[str, Any], expected: ChartChoice) -> None:
    frame = pd.DataFrame(columns)
    assert default_choice(column_kinds(frame), len(frame)) == expected


@pytest.mark.parametrize("frame", [SHOPS.head(1), SHOPS.head(0), pd.DataFrame()])
def test_too_little_to_draw_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(QueryError) as caught:
        default_choice(column_kinds(frame), len(frame))
    assert caught.value.kind == "no_chart" and caught.value.hint


AWKWARD = pd.DataFrame(
    {
        'a "quoted" name': ["x", "y"],
        "dotted.name[0]": [1.5, 2.5],
        "größe\\": [1, 2],
        "<script>": [True, False],
    }
)


def test_the_grammar_offers_the_columns_and_nothing_else(byte_tokens: LLTokenizer) -> None:
    grammar = choice_grammar(column_kinds(AWKWARD), 2, ending="\n```")

    def accepts(value: dict[str, Any]) -> bool:
        matcher = LLMatcher(byte_tokens, LLMatcher.grammar_from_lark(grammar))
        text = json.dumps(value, ensure_ascii=False)
        tokens = byte_tokens.tokenize_str(text)
        return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()

    for name in AWKWARD.columns:
        assert accepts({"mark": "bar", "x": name, "y": "dotted.name[0]", "color": None})
    assert accepts({"mark": "pie", "x": "<script>", "y": "größe\\", "color": 'a "quoted" name'})
    assert not accepts({"mark": "bar", "x": "name", "y": "dotted.name[0]", "color": None})
    assert not accepts({"mark": "bar", "x": "<script>", "y": "<script>", "color": None})
    assert not accepts({"mark": "bar", "x": "<script>", "y": "größe\\", "color": None, "url": "http://x"})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", "syntax"),
        ("[]", "no_chart"),
        ('{"mark": "map", "x": "shop"}', "no_chart"),
        ('{"mark": "bar", "x": "sho"}', "unknown_column"),
        ('{"mark": "bar", "x": ["shop"]}', "unknown_column"),
        ('{"mark": "bar", "y": "sales"}', "no_chart"),
    ],
)
def test_a_wrong_choice_is_an_error(text: str, kind: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_choice(text, column_kinds(SHOPS))
    assert caught.value.kind == kind


def test_values_travel_under_names_of_ours() -> None:
    spec = chart(AWKWARD, ChartChoice("bar", 'a "quoted" name', "dotted.name[0]", "<script>")).spec
    assert spec["data"]["values"][0] == {"c0": "x", "c1": 1.5, "c2": True}
    assert spec["encoding"]["y"] == {"field": "c1", "type": "quantitative", "title": "dotted.name[0]"}


def test_a_result_keeps_its_order() -> None:
    assert chart(SHOPS).spec["encoding"]["x"]["sort"] is None
    assert [row["c0"] for row in chart(SHOPS).spec["data"]["values"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("months", "mark", "sort"),
    [
        (["2024-03", "2024-01", "2024-02"], "line", "ascending"),
        (["2024-Q3", "2024-Q1", None], "area", "ascending"),
        (["2024-03", "2024-01", "2024-02"], "bar", None),  # bars may stand by their height
        (["Mar", "Jan", "Feb"], "line", None),
    ],
)
def test_a_line_goes_from_earlier_to_later(months: list[str], mark: Any, sort: str | None) -> None:
    frame = pd.DataFrame({"month": months, "n": [3.5, 2.5, 1.5]})
    assert chart(frame, ChartChoice(mark, "month", "n")).spec["encoding"]["x"]["sort"] == sort


def test_the_page_chooses_the_background() -> None:
    # JupyterLab's dark theme writes light letters, which a white background would swallow.
    assert "background" not in chart(SHOPS).spec


def test_values_that_json_does_not_know() -> None:
    frame = pd.DataFrame(
        {
            "t": pd.to_datetime(["2026-01-01", None]),
            "n": [float("inf"), float("nan")],
            "d": pd.to_timedelta(["1s", "2s"]),
            "i": pd.array([1, None], dtype="Int64"),
        }
    )
    values = chart(frame, ChartChoice("line", "t", "n", "i")).spec["data"]["values"]
    assert values == [
        {"c0": "2026-01-01T00:00:00", "c1": None, "c2": 1},
        {"c0": None, "c1": None, "c2": None},
    ]
    json.dumps(values, allow_nan=False)


def test_a_large_result_is_thinned_out() -> None:
    frame = pd.DataFrame({"a": range(MOST_ROWS * 3), "b": range(MOST_ROWS * 3)})
    assert len(chart(frame).spec["data"]["values"]) <= MOST_ROWS


def test_nothing_is_loaded_from_anywhere() -> None:
    for mark in ("bar", "line", "area", "point", "pie", "histogram", "boxplot", "heatmap"):
        spec = chart(AWKWARD, ChartChoice(mark, "<script>", "dotted.name[0]", "größe\\")).spec  # type: ignore[arg-type]
        text = json.dumps({key: value for key, value in spec.items() if key != "$schema"})
        assert "http" not in text and '"url"' not in text and '"expr"' not in text
        assert spec["usermeta"]["embedOptions"]["actions"] is False


def test_a_notebook_gets_specification_and_picture() -> None:
    bundle = chart(SHOPS)._repr_mimebundle_()
    assert bundle[MIME]["mark"]["type"] == "bar"
    assert bundle["image/png"].startswith("iVBOR")
    assert bundle["text/plain"] == "bar chart of sales by shop"


@pytest.mark.parametrize("mark", ["bar", "line", "area", "point", "pie", "histogram", "boxplot", "heatmap"])
def test_every_mark_makes_a_picture(mark: Any) -> None:
    frame = pd.DataFrame(
        {"shop": [f"a rather long name {i}" for i in range(12)], "kind": ["x", "y"] * 6, "n": range(12)}
    )
    x = "n" if mark == "histogram" else "shop"
    png = chart(frame, ChartChoice(mark, x, "n" if x != "n" else None, "kind")).png
    assert png is not None and len(png) > 3_000


def test_without_the_extra_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    assert set(chart(SHOPS)._repr_mimebundle_()) == {MIME, "text/plain"}


def test_arrays_in_cells_are_drawn_as_their_text() -> None:
    frame = pd.DataFrame({"shops": [np.array([1, 2]), np.array([3])], "n": [1, 2]})
    drawn = specification(ChartChoice("bar", "shops", "n"), frame, column_kinds(frame), description="?")
    assert [row["c0"] for row in drawn["data"]["values"]] == ["[1 2]", "[3]"]

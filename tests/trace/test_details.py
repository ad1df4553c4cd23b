from __future__ import annotations

from typing import Any

import github
import hostile
import pytest
import samples
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.trace import mime_bundle
from qwen_magics.trace.details import decision, doubtful_tokens, exchanges, frame_changes, size
from qwen_magics.trace.html import to_html
from qwen_magics.trace.line_diff import line_diff
from qwen_magics.trace.markdown import to_markdown
from qwen_magics.trace.text import to_text

NAMES = ("name", "before", "after", "columns", "rows", "dtype", "nulls", "url", "status", "seconds")
KEYS = st.sampled_from(NAMES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def frame(rows: int, **columns: tuple[str, int]) -> dict[str, Any]:
    return {
        "rows": rows,
        "columns": [
            {"name": name, "dtype": dtype, "nulls": nulls} for name, (dtype, nulls) in columns.items()
        ],
    }


def change(before: object, after: object) -> tuple[str, list[list[str]]]:
    found = frame_changes({"frame_diff": [{"name": "orders", "before": before, "after": after}]})[0]
    return found.headline, [[cell.text for cell in row] for row in found.table.rows] if found.table else []


def test_a_frame_diff_names_what_changed() -> None:
    before = frame(4, id=("int64", 0), total=("object", 1), old=("str", 2), same=("str", 0))
    after = frame(2, id=("int64", 0), total=("float64", 0), same=("str", 0), year=("int64", 0))
    headline, rows = change(before, after)
    assert headline == "orders: 4 → 2 rows, 4 columns, 2 columns unchanged"
    assert rows == [
        ["≠", "total", "object → float64", "1 → 0"],
        ["−", "old", "str", "2"],
        ["+", "year", "int64", "0"],
    ]


def test_new_gone_and_unchanged_frames() -> None:
    some = frame(3, a=("int64", 0))
    assert change(None, some) == ("orders: new, 3 rows × 1 column", [])
    assert change(some, None) == ("orders: gone, it had 3 rows × 1 column", [])
    assert change(some, some) == ("orders: unchanged, 3 rows × 1 column", [])
    assert change(some, some | {"rows": 1})[0] == "orders: 3 → 1 row, 1 column"


@given(JSON)
def test_odd_data_is_passed_over(value: Any) -> None:
    data = {"frame_diff": value, "http": value, "edited": value, "preview": value, "decision": value}
    frame_changes(data)
    exchanges(data)
    decision(data)


def test_an_exchange_on_one_line() -> None:
    reply = {
        "method": "PUT",
        "url": "http://shop/1",
        "status": 412,
        "request_bytes": 28,
        "response_bytes": 1234,
    }
    assert exchanges({"http": reply | {"seconds": 0.0204}})[0].line == (
        "PUT http://shop/1 → 412 · 28 B sent · 1.2 kB · 20 ms"
    )
    lost = exchanges(
        {"http": [{"method": "GET", "url": "http://shop", "status": None, "error": "timed out"}]}
    )[0]
    assert lost.line == "GET http://shop → timed out"
    assert lost.failed


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"decision": "allowed", "by": "policy"}, "allowed by a policy"),
        ({"decision": "denied", "by": "nobody"}, "denied since there was nobody to ask"),
        ({"decision": "denied", "by": "user", "reason": "too many"}, "denied by the user: too many"),
        ({"approval": "allowed"}, "allowed"),
        ({}, ""),
    ],
)
def test_a_decision_in_words(data: dict[str, Any], line: str) -> None:
    assert decision(data).line == line


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (45_600_000, "46 MB"), (True, ""), (None, "")],
)
def test_sizes(number: object, shown: str) -> None:
    assert size(number) == shown


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_a_line_diff_holds_both_texts(old: list[str], new: list[str]) -> None:
    shown = line_diff("\n".join(old), "\n".join(new), context=99).splitlines()
    if old == new:
        assert shown == []
        return
    assert [line[2:] for line in shown if line[0] in "- "] == old
    assert [line[2:] for line in shown if line[0] in "+ "] == new


def test_every_view_shows_program_frames_requests_and_decisions() -> None:
    pandas, web = samples.pandas(), samples.web()
    for view in (to_html, to_markdown):
        shown = BeautifulSoup(view(pandas), "html.parser").get_text().replace("\\", "")
        for part in (
            "late: 336,776 → 27,789 rows",
            "9430 → 0",
            "top: new, 3 rows",
            ".nlargest(3",
            "From step 3",
        ):
            assert part in shown, view
        shown = BeautifulSoup(view(web), "html.parser").get_text().replace("\\", "")
        for part in (
            "edited by the user",
            '"units": 400',
            '"units": 40\n',
            "→ 412",
            "28 B sent",
            "2 requests",
        ):
            assert part in shown, view
    assert "late: 336,776 → 27,789 rows" in to_text(pandas)
    assert "edited by the user" in to_text(web)


def test_a_python_program_keeps_its_lines() -> None:
    program = "x = [a for a in b if a] # a long line, with words of SQL: from t where x group by y order by z"
    trace = samples.answered_by(program)
    for view in (to_html, to_markdown, to_text):
        assert " where x group by y" in view(trace).replace("\n      ", " ")


def test_the_repair_stands_beside_the_error() -> None:
    shown = hostile.Reader(to_html(samples.repaired())).text
    assert (
        "Repaired by step 4:- SELECT count(*) FROM flights WHERE delay > 60\n+ SELECT count(*) AS late"
        in shown
    )
    assert "```diff\n  - SELECT" in to_markdown(samples.repaired())


@pytest.mark.parametrize("name", samples.ALL)
def test_what_github_leaves_says_the_same(name: str) -> None:
    page = mime_bundle(samples.ALL[name]())["text/html"]
    left = github.sanitised(page)
    assert "style" not in left and "class" not in left
    assert BeautifulSoup(left, "html.parser").get_text() == BeautifulSoup(page, "html.parser").get_text()
    assert left.count("<details") == page.count("<details")


def test_tokens_under_one_half_are_doubtful() -> None:
    tokens = [
        ["SELECT", None, True],
        [" arr", -0.8, False],
        ["_delay", -0.1, False],
        [" ", -3.0, False],
        "cut",
    ]
    assert doubtful_tokens({"tokens": tokens}) == ["`arr`"]
    assert doubtful_tokens({"tokens": 7}) == doubtful_tokens({}) == []

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hostile
import pytest
import samples
from test_hostile import assert_html_is_harmless, assert_markdown_is_harmless

from qwen_magics.trace import Trace, diff
from qwen_magics.trace.diff import result_changes, same_values


def told(before: Trace, after: Trace) -> list[tuple[str, list[str]]]:
    return [(step.outcome, [change.what for change in step.changes]) for step in diff(before, after).steps]


def with_view(trace: Trace, rows: list[list[Any]]) -> Trace:
    *others, last = trace.spans
    view = {**last.data["user_view"], "rows": rows}
    return replace(trace, spans=(*others, replace(last, data={**last.data, "user_view": view})))


@pytest.mark.parametrize("name", samples.ALL)
def test_a_run_is_the_same_as_itself_at_another_time(name: str) -> None:
    found = diff(samples.ALL[name](), samples.ALL[name]())
    assert found.same
    assert found._repr_mimebundle_()["text/plain"].startswith("The runs are the same, step by step.")


def test_a_repaired_run_beside_one_that_needed_none() -> None:
    repaired = samples.repaired()
    direct = replace(repaired, spans=(repaired.spans[0], *repaired.spans[4:]))
    assert told(direct, repaired) == [
        *[("only in B", [])] * 3,
        *[("same", [])] * 3,
    ]
    assert not diff(direct, repaired).same


def test_what_changed_is_named_and_shown() -> None:
    shown = diff(samples.ok(), samples.repaired())._repr_mimebundle_()["text/plain"]
    assert "≠ 3 → 5. tool sql · 41 ms · changed: program, size, result" in shown
    assert "      - FROM flights\n" in shown
    assert "      16 rows × 3 columns → 1 row × 1 column" in shown
    assert "answer: 16 rows with 3 columns: name, mean_delay, flights. → 27,789" in shown


def test_another_model_and_other_data_are_differences_of_the_run() -> None:
    run = samples.ok()
    data = ({**run.data[0], "fingerprint": "full:1"}, run.data[1])
    other = replace(run, model={**run.model, "quantisation": "int4"}, data=data, versions={"python": "3.12"})
    envelope = {change.what: (change.before, change.after) for change in diff(run, other).envelope}
    assert envelope["model quantisation"] == ("int8", "int4")
    assert envelope["data flights"][1] == "336,776 rows × 19 columns full:1"
    assert envelope["version of duckdb"] == ("2.0.0", "")
    assert diff(run, replace(run, versions={})).same


def changed(trace: Trace, index: int, **data: Any) -> Trace:
    span = replace(trace.spans[index], data={**trace.spans[index].data, **data})
    return replace(trace, spans=(*trace.spans[:index], span, *trace.spans[index + 1 :]))


@pytest.mark.parametrize(
    ("name", "index", "data", "what"),
    [
        ("ok", 1, {"prompt": "Another."}, "prompt"),
        ("ok", 1, {"completion": "SELECT 1"}, "completion"),
        ("ok", 3, {"sql": "SELECT 1", "arguments": {"sql": "SELECT 1"}}, "program"),
        ("ok", 3, {"rows": 17}, "size"),
        ("web", 1, {"arguments": {"sku": "A-8"}}, "arguments"),
        (
            "web",
            1,
            {"http": [{"method": "GET", "url": "http://127.0.0.1:8080/other", "status": 200}]},
            "requests",
        ),
        ("web", 1, {"user_view": "13"}, "result"),
        ("web", 2, {"decision": "denied"}, "decision"),
        ("web", 2, {"reason": "too many"}, "reason"),
        ("pandas", 3, {"frame_diff": []}, "frames"),
    ],
)
def test_each_part_of_a_step_is_compared(name: str, index: int, data: dict[str, Any], what: str) -> None:
    run = samples.ALL[name]()
    (found,) = (changes for _, changes in told(run, changed(run, index, **data)) if changes)
    assert what in found


def test_rows_in_another_order_and_last_digits_are_no_difference() -> None:
    run = samples.ok()
    rows = run.spans[-1].data["user_view"]["rows"]
    wobbled = [[row[0], row[1] * (1 + 1e-13) if row[1] else row[1], row[2]] for row in reversed(rows)]
    assert diff(run, with_view(run, wobbled)).same
    assert told(run, with_view(run, rows[1:]))[-1] == ("changed", ["result"])
    assert told(run, with_view(run, [[*rows[0][:1], 22.0, 685], *rows[1:]]))[-1] == ("changed", ["result"])


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (1, 1.0, True),
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0001, False),
        (True, 1, True),
        ("1", 1, False),
        (None, 0, False),
        ([1, [2.0]], [1, [2.0 + 1e-13]], True),
        ([1], [1, 2], False),
        (float("inf"), float("inf"), True),
    ],
)
def test_values(old: Any, new: Any, same: bool) -> None:
    assert same_values(old, new) is same


def test_results_that_are_no_tables() -> None:
    assert result_changes({"user_view": "12"}, {"user_view": "12"}) == ()
    assert [c.what for c in result_changes({"user_view": "12"}, {"user_view": 13})] == ["result"]
    assert [c.what for c in result_changes({"user_view": {"columns": ["a"], "rows": []}}, {})] == ["result"]


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_acts_in_a_comparison(text: str) -> None:
    bundle = diff(hostile.trace_of(text), hostile.trace_of(f"{text} {text}"))._repr_mimebundle_()
    assert_html_is_harmless(bundle["text/html"])
    assert_markdown_is_harmless(bundle["text/markdown"])
    assert not hostile.UNSEEN.search(bundle["text/plain"])

from __future__ import annotations

from dataclasses import replace

import hostile
import pytest
import samples

from qwen_magics.trace import MIME, Trace, mime_bundle
from qwen_magics.trace.html import to_html
from qwen_magics.trace.markdown import to_markdown
from qwen_magics.trace.sql_layout import lay_out
from qwen_magics.trace.table import TableView, table_view
from qwen_magics.trace.text import to_text, width


def words(page: str) -> str:
    return " ".join(hostile.Reader(page).text.split())


def drawn(columns: list[object], body: list[list[object]], **limits: int) -> TableView:
    view = table_view({"columns": columns, "rows": body, "total_rows": len(body)}, **limits)
    assert view is not None
    return view


def cells(columns: list[object], rows: list[list[object]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in drawn(columns, rows).rows]


def test_a_bundle_has_four_views() -> None:
    bundle = mime_bundle(samples.ok())
    assert set(bundle) == {MIME, "text/html", "text/markdown", "text/plain"}
    assert bundle[MIME] == Trace.from_dict(bundle[MIME]).to_dict()


def test_the_answer_comes_first() -> None:
    trace = samples.repaired()
    assert words(to_html(trace)).startswith("27,789 late SELECT count(*) AS late")
    assert to_markdown(trace).startswith("**27,789**\n\n```sql\nSELECT")
    assert to_text(trace).startswith("27,789\n\n    SELECT")


def test_the_summary_line_has_all_figures() -> None:
    line = (
        "✓ ok · 5 steps · 3.35 s · 1,004 tokens in (412 cached), 25 out (7 forced) · 15 tokens/s"
        " · qwen2.5-coder-0.5b int8 on cpu"
    )
    trace = samples.repaired()
    assert line in words(to_html(trace))
    assert line.replace("✓ ok", "✓ **ok**") in to_markdown(trace)
    assert line in to_text(trace).replace("\n    ", " · ")


def test_the_failed_step_names_its_repair_and_the_answer_its_step() -> None:
    shown = words(to_html(samples.repaired()))
    assert "✗ 2. check bind query · error: unknown_column · repaired by step 4" in shown
    assert "Did you mean arr_delay or dep_delay?" in shown
    assert "From step 5: sql over flights, airlines, 1 row × 1 column." in shown


def test_a_failed_run_says_why_at_the_top() -> None:
    why = "There is no column fare in flights."
    trace = samples.failed()
    assert words(to_html(trace)).startswith(f"✗ unknown_column {why}")
    assert to_text(trace).startswith("✗ unknown_column: There is no column `fare` in flights.")
    assert "<details open" in to_html(trace)


def test_a_running_trace_shows_what_is_being_written() -> None:
    shown = words(to_html(samples.running()))
    assert shown.startswith("Write query (attempt 2)…SELECT count(*) AS late FROM flights WHE▌ ▸ running")
    assert to_text(samples.running()).startswith("Write query (attempt 2)…")


def test_a_stopped_run_keeps_what_was_written() -> None:
    shown = words(to_html(samples.cancelled()))
    assert shown.startswith("Stopped.")
    assert "SELECT origin, dest, count(*) AS n FROM fl" in shown


def test_html_of_the_caller_takes_the_place_of_the_answer() -> None:
    page = to_html(samples.ok(), answer_html="<table><tr><td>mine</td></tr></table>")
    assert "<td>mine</td>" in page
    assert "<strong>16 rows" not in page


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([2013, 2014], ["2013", "2014"]),
        ([336776, 5], ["336,776", "5"]),
        ([21.920704845814978, 3.5], ["21.92", "3.50"]),
        ([1.0, 2.0], ["1", "2"]),
        ([0.012345678, 0.5], ["0.0123", "0.5000"]),
        ([1e-9, 2.5], ["1e-09", "2.5"]),
        ([1234567.891, None], ["1,234,567.89", "null"]),
        ([float("inf"), 1], ["inf", "1"]),
        ([True, False], ["true", "false"]),
        (["a", 1], ["a", "1"]),
        (["-Infinity", str(2**70), 5.25], ["-Infinity", "1180591620717411303424", "5.25"]),
        ([None, None], ["null", "null"]),
    ],
)
def test_numbers_of_a_column_are_written_alike(values: list[object], shown: list[str]) -> None:
    assert [row[0] for row in cells(["amount"], [[value] for value in values])] == shown


def test_numbers_that_name_something_have_no_separators() -> None:
    assert cells(["customer_id", "n"], [[1234567, 1234567]]) == [["1234567", "1,234,567"]]


def test_rounding_keeps_the_exact_value_at_hand() -> None:
    view = drawn(["d"], [[21.920704845814978], [2.5]])
    assert [row[0].exact for row in view.rows] == ["21.920704845814978", ""]
    assert 'title="21.920704845814978"' in to_html(samples.ok())


def test_alignment_missing_values_and_what_is_not_shown() -> None:
    view = drawn([{"name": "a", "dtype": "VARCHAR"}, "n", None], [["x", 1], ["y", None, 3, 4]] * 10, rows=4)
    assert [column.numeric for column in view.columns] == [False, True, True]
    assert [column.name for column in view.columns] == ["a", "n", "None"]
    assert [cell.null for cell in view.rows[1]] == [False, True, False]
    assert view.remark == "4 of 20 rows"
    assert drawn([f"c{n}" for n in range(500)], []).remark == "16 of 500 columns"
    assert table_view("no table") is None


def test_wide_characters_are_aligned_in_the_terminal() -> None:
    view = {"columns": ["城市", "n"], "rows": [["北京", 1], ["e\u0301é", 22]], "total_rows": 2}
    trace = Trace.from_dict(
        samples.ok().to_dict() | {"answer": {"kind": "table", "text": "", "code": "", "preview": view}}
    )
    lines = to_text(trace).splitlines()[:4]
    assert lines == ["城市   n", "────  ──", "北京   1", "e\u0301é    22"]
    assert {width(line) for line in lines} == {8}


def test_layout_changes_white_space_only() -> None:
    sql = "SELECT 'x from y', \"a where b\", (SELECT max(n) FROM u) FROM t LEFT JOIN v USING (k) WHERE a > 1"
    one = f"{sql} ORDER BY 1 LIMIT 3"
    assert lay_out(f"{sql}\nLIMIT 3") == f"{sql}\nLIMIT 3"
    assert lay_out(one).splitlines() == [
        "SELECT 'x from y', \"a where b\", (SELECT max(n) FROM u)",
        "FROM t",
        "LEFT JOIN v USING (k)",
        "WHERE a > 1",
        "ORDER BY 1",
        "LIMIT 3",
    ]
    assert lay_out(one).split() == one.split()


READINGS = ["How many @tickets per month (created_at)?", "How many <b>@tickets</b> per month (closed_at)?"]


def asked_back(readings: object) -> Trace:
    asked = "Which date is meant: created_at or closed_at? Ask again with one of these:"
    text = "\n\n".join((asked, *READINGS))
    answer = {"kind": "text", "text": text, "code": "", "status": "ambiguous", "readings": readings}
    return replace(samples.ok(), answer=answer)


def test_a_question_with_several_readings_offers_them() -> None:
    bundle = mime_bundle(asked_back(READINGS))
    page, text, page_md = bundle["text/html"], bundle["text/plain"], bundle["text/markdown"]
    assert page.count("<li><code>") == 2 and "&lt;b&gt;@tickets" in page
    assert page.count("created_at)?") == 1  # not in the sentence once more
    assert "these:\n    How many @tickets per month (created_at)?\n    How many <b>" in text
    assert "```\nHow many @tickets per month (created_at)?\n```" in page_md


@pytest.mark.parametrize("readings", [None, 7, "x", {"a": 1}, [None, 7, " "]])
def test_readings_that_are_none(readings: object) -> None:
    assert "per month (closed_at)" in mime_bundle(asked_back(readings))["text/plain"]


def test_what_was_wrong_stands_above_the_repaired_cell() -> None:
    answer = {"kind": "python", "text": "The column is total.", "code": "orders['total'].sum()"}
    bundle = mime_bundle(replace(samples.ok(), answer=answer))
    for kind in ("text/html", "text/markdown", "text/plain"):
        shown = bundle[kind]
        assert shown.index("The column is total") < shown.index("sum()"), kind

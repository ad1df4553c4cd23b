"""Traces drawn by the JupyterLab extension."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser, Locator, Page, expect

from qwen_magics.trace.spans import MIME
from tests.browser import axe
from tests.browser.lab import ROOT, Lab, Watch

# The hostile texts stand beside the tests of traces, which is no package.
sys.path.insert(0, str(Path(__file__).parents[1] / "trace"))
import hostile

pytestmark = pytest.mark.browser

RICH: dict[str, Any] = json.loads((ROOT / "tests/labextension/trace.json").read_text(encoding="utf-8"))
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
# What loads, runs or leads elsewhere.
ACTIVE = "script, img, iframe, object, embed, form, a, svg, video, audio, link, style, base, meta"


ASKED_BACK = RICH | {
    "trace_id": "8" * 32,
    "answer": {
        "kind": "text",
        "text": "Which date is meant: created_at or {{1 / 0}}? Ask again with one of these:",
        "code": "",
        "status": "ambiguous",
        "readings": ["How many @tickets (created_at)?", "How many\n%%bash <img src=x> {{{1 / 0}}}?"],
    },
}


WAITING = RICH | {
    "trace_id": "a" * 32,
    "status": "running",
    "answer": None,
    "spans": [
        RICH["spans"][0],
        next(span for span in RICH["spans"] if span["kind"] == "approval")
        | {"span_id": "f" * 16, "parent_id": None, "status": "running", "data": {"preview": "POST /orders"}},
    ],
}


def notebook_of(*traces: dict[str, Any], source: str = "%%qwen\nHow many?") -> str:
    outputs = [[new_output("display_data", {MIME: trace, "text/plain": "plain"})] for trace in traces]
    cells = [new_code_cell(source, outputs=output, execution_count=1) for output in outputs]
    return str(nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))


def opened(view: Locator) -> Locator:
    view.locator(".qm-summary").click()
    return view


def row(view: Locator, text: str) -> Locator:
    return view.locator(".qm-row:not(.qm-head)", has_text=text).first


def test_a_saved_untrusted_trace_is_read_by_keyboard_alone(extended: Lab, page: Page, watch: Watch) -> None:
    extended.add("keys.ipynb", notebook_of(RICH, RICH | {"trace_id": "1" * 32}))
    notebook = extended.open(page, "keys.ipynb")
    page.locator("#jp-bottom-panel [title^='Notebook not trusted']").wait_for()
    view = notebook.panel.locator(".qm-view").first
    expect(view.locator(".qm-big")).to_have_text("27,789 late")
    view.locator(".qm-summary").focus()
    page.keyboard.press("Enter")
    first = row(view, "write query")
    # The buttons of the line stand between.
    for _ in range(5):
        page.keyboard.press("Tab")
        if first.evaluate("one => one === document.activeElement"):
            break
    expect(first).to_be_focused()
    expect(row(view, "bind query")).to_have_attribute("aria-expanded", "true")  # it failed
    expect(view.locator(".qm-sides del")).to_have_text("delay")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-expanded", "true")
    prompt = view.locator(".qm-detail summary", has_text="Prompt as sent").first
    prompt.focus()
    page.keyboard.press("Enter")
    expect(view.get_by_text("<|im_start|>user").first).to_be_visible()
    # The notebook moves between its cells by the same keys, and must not have.
    expect(notebook.panel.locator(".jp-Cell.jp-mod-active .qm-detail")).not_to_have_count(0)
    watch.assert_nothing()


def test_notebook_7_draws_a_saved_untrusted_trace(extended: Lab, page: Page, watch: Watch) -> None:
    hostile_one = next(hostile_traces()) | {"trace_id": "8" * 32}
    extended.add("seven-trace.ipynb", notebook_of(RICH | {"trace_id": "9" * 32}, hostile_one))
    notebook = extended.open(page, "seven-trace.ipynb", view="notebooks")
    expect(page.locator("#menu-panel")).to_be_visible()  # which JupyterLab does not have
    expect(page.get_by_text("Not Trusted")).to_be_visible()
    view = notebook.panel.locator(".qm-view").first
    expect(view.locator(".qm-big")).to_have_text("27,789 late")
    view.locator(".qm-summary").focus()
    page.keyboard.press("Enter")
    expect(row(view, "bind query")).to_have_attribute("aria-expanded", "true")  # it failed
    row(view, "write query").focus()
    page.keyboard.press("ArrowRight")
    expect(view.get_by_text("dictated by the grammar").first).to_be_visible()
    view.get_by_role("button", name="Insert as cell").first.click()
    expect(notebook.cells).to_have_count(3)
    expect(notebook.cells.nth(1).locator(".jp-InputArea")).to_contain_text("duckdb.sql(")
    page.evaluate(OPEN_EVERYTHING)
    assert notebook.panel.locator(".qm-view").locator(ACTIVE).count() == 0
    watch.assert_nothing()


def test_readings_of_an_untrusted_trace_do_nothing_until_one_is_clicked(
    extended: Lab, page: Page, watch: Watch
) -> None:
    extended.add("readings.ipynb", notebook_of(ASKED_BACK, source="%%qwen --approve allow -o n\nHow many?"))
    notebook = extended.open(page, "readings.ipynb")
    buttons = notebook.panel.locator(".qm-readings button")
    expect(buttons).to_have_count(2)
    notebook.wait_for_kernel()
    expect(notebook.cells).to_have_count(1)
    buttons.nth(1).click()
    expect(notebook.cells).to_have_count(2)
    # One question: nothing of it is a magic, is evaluated, or is approved unasked.
    expect(notebook.cells.nth(1).locator(".cm-line")).to_have_text(
        ["%%qwen -o n", "How many", "%%bash <img src=x> \\{{{1 / 0}}}?"]
    )
    watch.assert_nothing()


HEIGHT_UNSEEN_AND_SEEN = """steps => {
    const height = () => steps.getBoundingClientRect().height;
    const unseen = height();
    for (const row of steps.children) row.style.contentVisibility = "visible";
    const seen = height();
    for (const row of steps.children) row.style.contentVisibility = "";
    return [unseen, seen];
}"""


def large(count: int) -> dict[str, Any]:
    span = RICH["spans"][-3]
    spans = [
        span | {"span_id": f"{i + 1:016x}", "parent_id": None, "name": f"step {i + 1}"} for i in range(count)
    ]
    return RICH | {"trace_id": "2" * 32, "spans": spans}


def test_a_trace_with_10000_spans_is_drawn_a_page_at_a_time(extended: Lab, page: Page, watch: Watch) -> None:
    extended.add("large.ipynb", notebook_of(large(10_000)))
    view = opened(extended.open(page, "large.ipynb").panel.locator(".qm-view"))
    rows = view.locator(".qm-row:not(.qm-head)")
    expect(rows).to_have_count(200)
    # Rows out of sight are not laid out. Were they taken for higher or lower than they are, a button would
    # move away under the pointer that presses it.
    heights = view.locator(".qm-steps").evaluate(HEIGHT_UNSEEN_AND_SEEN)
    assert heights[0] == pytest.approx(heights[1], abs=1)
    view.get_by_role("button", name="Show 500 more of 9,800 steps").click()
    expect(rows).to_have_count(700)
    expect(row(view, "step 201")).to_be_focused()
    page.keyboard.press("End")
    expect(row(view, "step 700")).to_be_focused()
    watch.assert_nothing()


# How long a page is held up by something, with the layout that it leads to, in milliseconds.
HELD_UP = """key => {
    const steps = document.querySelector(".qm-view .qm-steps");
    const began = performance.now();
    if (key) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    else document.querySelector(".qm-view .qm-summary").click();
    (steps ?? document.querySelector(".qm-view .qm-steps")).getBoundingClientRect();
    return performance.now() - began;
}"""


def test_a_trace_with_10000_spans_holds_nothing_up(extended: Lab, page: Page) -> None:
    extended.add("quick.ipynb", notebook_of(large(10_000)))
    view = extended.open(page, "quick.ipynb").panel.locator(".qm-view")
    view.locator(".qm-summary").wait_for()
    opening = page.evaluate(HELD_UP, "")
    row(view, "step 1").focus()
    keys = ["ArrowDown", "ArrowRight", "ArrowLeft", "End", "Home"]
    moves = {key: page.evaluate(HELD_UP, key) for key in keys}
    # Seen: 33 ms, and 1 to 8 ms. What a person notices is 100 ms; other work on the machine has room.
    assert opening < 500
    assert sorted(moves.values())[len(keys) // 2] < 100, moves


def hostile_traces() -> Iterator[dict[str, Any]]:
    for text in hostile.TEXTS:
        yield hostile.trace_of(text).to_dict()
        yield hostile.trace_of(text, status="error").to_dict()
    evil = "<img src=https://evil.example/x.png onerror=alert(1)>" * 40_000  # 2 MB
    huge = RICH["spans"][-1] | {
        "parent_id": None,
        "data": {"code": evil, "user_view": evil, evil[:2_000]: evil},
    }
    yield RICH | {"trace_id": "3" * 32, "spans": [huge], "question": evil}
    deep = [
        RICH["spans"][0] | {"span_id": f"{i + 1:016x}", "parent_id": f"{i:016x}" if i else None}
        for i in range(3_000)
    ]
    yield RICH | {"trace_id": "4" * 32, "spans": deep}
    nested: Any = evil[:100]
    for _ in range(60):
        nested = {"a": [nested]}
    yield RICH | {"trace_id": "5" * 32, "model": {"id": nested}, "spans": [huge | {"data": {"x": nested}}]}
    yield {
        "schema": "1.1",
        "spans": "<script>alert(1)</script>",
        "answer": {"kind": "<b>", "text": evil[:500]},
    }
    yield {"schema": "<img src=x onerror=alert(1)>", "__proto__": {"kind": "number"}}


@pytest.mark.parametrize("trusted", [False, True], ids=["untrusted", "trusted"])
def test_a_hostile_trace_stays_text(extended: Lab, page: Page, watch: Watch, trusted: bool) -> None:
    traces = list(hostile_traces())
    name = f"hostile-extended-{trusted}.ipynb"
    extended.add(name, notebook_of(*traces, source=""), trusted=trusted)
    notebook = extended.open(page, name)
    views = notebook.panel.locator(".qm-view")
    expect(views).to_have_count(len(traces))
    page.evaluate(OPEN_EVERYTHING)
    page.wait_for_load_state("networkidle")
    expect(views.first).to_contain_text("<script>alert(1)</script>")
    assert views.locator(ACTIVE).evaluate_all("found => found.map((one) => one.outerHTML)") == []
    attributes = views.evaluate_all(
        """views => [...new Set(views.flatMap(view => [...view.querySelectorAll("*")])
            .flatMap(one => one.getAttributeNames()))]"""
    )
    allowed = {"class", "title", "type", "role", "tabindex", "style", "id", "hidden", "open", "dir", "scope"}
    others = {name for name in attributes if not name.startswith("aria-")} - allowed
    assert others <= {"data-status"}

    page.locator('[data-id="qwen-magics-runs"][role=tab]').click()
    panel = page.locator("#qwen-magics-runs")
    expect(panel.locator(".qm-run-item")).to_have_count(len(traces))
    for number in (0, len(traces) - 4):
        panel.get_by_role("checkbox").nth(number).check()
    panel.get_by_role("button", name="Compare").click()
    page.locator(".qm-tab").wait_for()
    assert page.locator("#qwen-magics-runs, .qm-tab").locator(ACTIVE).count() == 0
    watch.assert_nothing()


# Rows open more rows, so several rounds.
OPEN_EVERYTHING = """() => {
    for (const line of document.querySelectorAll('.qm-summary[aria-expanded=false]')) line.click();
    for (let round = 0; round < 4; round++) {
        for (const row of document.querySelectorAll('.qm-row[aria-expanded=false]')) row.click();
        for (const fold of document.querySelectorAll('.qm-view details')) fold.open = true;
    }
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(extended: Lab, browser: Browser, dark: bool) -> None:
    extended.add("axe.ipynb", notebook_of(RICH, ASKED_BACK, WAITING))
    extended.use_theme(dark=dark)
    try:
        with browser.new_context(viewport={"width": 1200, "height": 3000}) as context:
            page = context.new_page()
            extended.open(page, "axe.ipynb").panel.locator(".qm-approving").wait_for()
            page.evaluate(OPEN_EVERYTHING)
            page.mouse.move(0, 0)
            assert axe.violations(page, ".qm-view") == []
    finally:
        extended.use_theme(dark=False)


STREAM = """
import json, time
from pathlib import Path
from IPython.display import display
from qwen_magics.trace import Recorder, mime_bundle

recorder = Recorder("How many?")
with recorder.span("agent", "answer"):
    with recorder.span("llm", "write query") as span:
        span.set(completion="SELECT count(*)", prompt="the prompt")
    shown = display(mime_bundle(recorder.snapshot()), raw=True, display_id=True)
    with recorder.span("check", "bind query"):
        while not Path("go").exists():
            shown.update(mime_bundle(recorder.snapshot()), raw=True)
            time.sleep(0.05)
shown.update(mime_bundle(recorder.finish("ok", {"kind": "number", "text": "3", "code": ""})), raw=True)
"""


def test_what_is_open_stays_open_while_a_run_streams(extended: Lab, page: Page, watch: Watch) -> None:
    empty = new_notebook(cells=[new_code_cell()], metadata={"kernelspec": PYTHON})
    extended.add("stream.ipynb", nbformat.writes(empty))
    notebook = extended.open(page, "stream.ipynb")
    notebook.wait_for_kernel()
    cell = notebook.start(STREAM)
    view = cell.locator(".qm-view")
    expect(view).to_contain_text("Bind query…")
    row(view, "write query").click()
    fold = view.locator("summary", has_text="Prompt as sent")
    fold.click()
    fold.focus()
    extended.add("go", "")
    notebook.finish(cell)
    expect(view.locator(".qm-big")).to_have_text("3")
    expect(row(view, "write query")).to_have_attribute("aria-expanded", "true")
    expect(view.get_by_text("the prompt")).to_be_visible()
    expect(fold).to_be_focused()
    watch.assert_nothing()


APPROVAL = """
from IPython.display import display
from qwen_magics.trace import Recorder, mime_bundle

recorder = Recorder("Order one")
preview = "POST /orders\\n\\n" + "\\n".join(f'  "line": {i}' for i in range(25))
with recorder.span("approval", "approve order") as span:
    span.set(preview=preview)
    shown = display(mime_bundle(recorder.snapshot()), raw=True, display_id=True)
    span.set(decision=input("Run it? "))
shown.update(mime_bundle(recorder.finish("ok", {"kind": "text", "text": "Ordered.", "code": ""})), raw=True)
"""


def test_what_waits_for_approval_is_read_and_answered_by_keyboard(
    extended: Lab, page: Page, watch: Watch
) -> None:
    empty = new_notebook(cells=[new_code_cell()], metadata={"kernelspec": PYTHON})
    extended.add("approval.ipynb", nbformat.writes(empty))
    notebook = extended.open(page, "approval.ipynb")
    notebook.wait_for_kernel()
    cell = notebook.start(APPROVAL)
    box = cell.locator(".qm-approving pre")
    expect(box).to_contain_text('"line": 24')
    # All of it is in sight, and nothing stands between it and the field for the answer, which has the focus.
    assert box.evaluate("pre => pre.scrollHeight <= pre.clientHeight")
    expect(cell.locator(".qm-summary")).to_have_attribute("aria-expanded", "false")
    expect(cell.locator(".jp-Stdin-input")).to_be_focused()
    page.keyboard.type("y")
    page.keyboard.press("Enter")
    notebook.finish(cell)
    expect(cell.locator(".qm-answer")).to_contain_text("Ordered.")
    expect(cell.locator(".qm-approving")).to_have_count(0)
    watch.assert_nothing()

"""What the JupyterLab extension does around a trace: its buttons, and the panel with all runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, expect

from qwen_magics.trace.spans import MIME
from tests.browser import axe
from tests.browser.lab import ROOT, Lab, Notebook, Watch

pytestmark = pytest.mark.browser

RICH: dict[str, Any] = json.loads((ROOT / "tests/labextension/trace.json").read_text(encoding="utf-8"))
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
FRAME = "import pandas as pd\nflights = pd.DataFrame({'arr_delay': [10.0, 61.0, 70.0]})"


def asked(question: str, **changes: Any) -> Any:
    trace = RICH | {"question": question, **changes}
    output = new_output("display_data", {MIME: trace, "text/plain": "plain"})
    return new_code_cell(f"print('ran {question}')", outputs=[output], execution_count=1)


def opened(lab: Lab, page: Page, name: str) -> Notebook:
    runs = [
        asked("late flights", trace_id="6" * 32),
        asked("early flights", trace_id="7" * 32, status="cancelled", answer=None),
    ]
    cells = [new_code_cell(FRAME), *runs, *[new_code_cell("0") for _ in range(30)]]
    lab.add(name, nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))
    return lab.open(page, name)


def test_a_steps_code_becomes_a_cell_that_runs(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "insert.ipynb")
    notebook.wait_for_kernel()
    count = notebook.cells.count()
    insert = notebook.cells.nth(1).get_by_role("button", name="Insert as cell").first
    insert.click()
    expect(notebook.cells).to_have_count(count + 1)
    added = notebook.cells.nth(2)
    expect(added.locator(".jp-InputArea")).to_contain_text("duckdb.sql(")
    expect(added.locator(".jp-InputPrompt")).to_have_text("[ ]:")  # not run
    insert.click()
    expect(notebook.cells).to_have_count(count + 1)  # replaced: nobody edited it
    added.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("  # mine")
    insert.click()
    expect(notebook.cells).to_have_count(count + 2)
    expect(notebook.cells.nth(3).locator(".jp-InputArea")).to_contain_text("# mine")

    notebook.cells.first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    notebook.finish(notebook.cells.first)
    added.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(notebook.finish(added)).to_contain_text(re.compile(r"late\s*0\s*2"))
    watch.assert_nothing()


def test_a_cell_runs_again_and_a_trace_is_saved(extended: Lab, page: Page, tmp_path: Path) -> None:
    notebook = opened(extended, page, "rerun.ipynb")
    notebook.wait_for_kernel()
    cell = notebook.cells.nth(1)
    with page.expect_download() as download:
        cell.get_by_role("button", name="Export").click()
    saved = tmp_path / "trace.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text(encoding="utf-8"))["trace_id"] == "6" * 32
    assert download.value.suggested_filename == "qwen-trace-666666666666.json"
    cell.get_by_role("button", name="Run again").click()
    expect(cell.locator(".jp-OutputArea")).to_contain_text("ran late flights")


def test_a_long_table_opens_as_a_tab(extended: Lab, page: Page) -> None:
    preview = {"columns": ["n"], "rows": [[i] for i in range(300)], "total_rows": 900}
    answer = {"kind": "table", "text": "900 rows", "code": "", "preview": preview}
    cells = [asked("table", answer=answer)]
    extended.add("table.ipynb", nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))
    notebook = extended.open(page, "table.ipynb")
    notebook.panel.get_by_role("button", name="Open as a tab").click()
    tab = page.locator(".qm-tab")
    expect(tab.locator("tbody tr")).to_have_count(300)
    expect(tab).to_contain_text("900 rows × 1 column; 300 are kept")


def test_in_notebook_7_a_long_table_opens_below(extended: Lab, page: Page) -> None:
    preview = {"columns": ["n"], "rows": [[i] for i in range(300)], "total_rows": 300}
    cells = [asked("table", answer={"kind": "table", "text": "300 rows", "code": "", "preview": preview})]
    extended.add("below.ipynb", nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))
    notebook = extended.open(page, "below.ipynb", view="notebooks")
    notebook.panel.get_by_role("button", name="Open as a tab").click()
    tab = page.locator(".qm-tab")
    expect(tab).to_be_visible()
    expect(tab.locator("tbody tr")).to_have_count(300)


NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.mark.parametrize("has_clipboard", [True, False], ids=["https", "http"])
def test_a_program_is_copied(extended: Lab, page: Page, has_clipboard: bool) -> None:
    if has_clipboard:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:
        # As on a server without https.
        page.add_init_script(NO_CLIPBOARD)
    notebook = opened(extended, page, f"copy-{has_clipboard}.ipynb")
    cell = notebook.cells.last.locator(".cm-content")
    cell.click()
    for key in ("Control+a", "Control+c"):  # pages share a clipboard: whatever is in it goes
        page.keyboard.press(key)
    notebook.cells.nth(1).get_by_role("button", name="Copy").first.click()
    expect(notebook.cells.nth(1).get_by_role("button", name="Copied")).to_be_focused()
    cell.click()
    for key in ("Control+a", "Control+v"):
        page.keyboard.press(key)
    expect(cell).to_have_text("SELECT count(*) AS late FROM flights WHERE arr_delay > 60")


def test_the_panel_lists_finds_and_compares_runs(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "panel.ipynb")
    page.locator('[data-id="qwen-magics-runs"]').click()
    panel = page.locator("#qwen-magics-runs")
    items = panel.locator(".qm-run-item")
    expect(items).to_have_count(2)
    expect(panel).to_contain_text("2 runs · 13.2 s")

    panel.get_by_role("searchbox").fill("early")
    expect(items).to_have_count(1)
    notebook.cells.last.scroll_into_view_if_needed()
    items.locator(".qm-run-open").click()
    expect(notebook.panel.locator(".jp-Cell.jp-mod-active")).to_contain_text("early flights")
    expect(notebook.cells.nth(2)).to_be_in_viewport()

    panel.get_by_role("searchbox").fill("")
    for tick in panel.get_by_role("checkbox").all():
        tick.check()
    panel.get_by_role("button", name="Compare").click()
    tab = page.locator(".qm-tab")
    expect(tab).to_contain_text("The steps are the same")
    expect(tab.locator("tr", has_text="Status ≠")).to_contain_text("cancelled")
    watch.assert_nothing()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_panel_is_used_by_keyboard_alone_and_axe_finds_nothing(
    extended: Lab, browser: Browser, dark: bool
) -> None:
    extended.use_theme(dark=dark)
    try:
        with browser.new_context(viewport={"width": 1200, "height": 1000}) as context:
            page = context.new_page()
            notebook = opened(extended, page, f"panel-keys-{dark}.ipynb")
            page.locator('[data-id="qwen-magics-runs"]').click()
            page.get_by_role("searchbox", name="Search questions").focus()
            # Tick the first run and the second; the buttons that need more ticks are passed over.
            for key in ("Tab", "Space", "Tab", "Tab", "Space"):
                page.keyboard.press(key)
            assert axe.violations(page, "#qwen-magics-runs") == []
            page.get_by_role("button", name="Compare").focus()
            page.keyboard.press("Enter")
            expect(page.locator(".qm-tab")).to_be_focused()
            assert axe.violations(page, ".qm-tab") == []
            page.locator("#qwen-magics-runs .qm-run-open").nth(1).focus()
            page.keyboard.press("Enter")
            expect(notebook.panel.locator(".jp-Cell.jp-mod-active")).to_contain_text("early flights")
    finally:
        extended.use_theme(dark=False)


SHOW_RUNS = "Control+Shift+Y"


@pytest.mark.parametrize("view", ["lab", "notebooks"])
@pytest.mark.parametrize("windowing", ["none", "full"])
def test_enter_on_a_run_puts_the_keyboard_into_the_notebook_and_a_shortcut_brings_it_back(
    extended: Lab, page: Page, view: str, windowing: str
) -> None:
    above, below = ([new_code_cell("0") for _ in range(40)] for _ in range(2))
    cells = [*above, asked("late", trace_id="6" * 32), asked("early", trace_id="7" * 32), *below]
    name = f"keyboard-{view}-{windowing}.ipynb"
    extended.add(name, nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))
    extended.use_windowing(windowing)
    try:
        notebook = extended.open(page, name, view=view)
        expect(notebook.cells.first).to_have_class(re.compile("jp-mod-active"))
        page.keyboard.press(SHOW_RUNS)
        runs = page.locator("#qwen-magics-runs .qm-run-open")
        expect(page.get_by_role("searchbox", name="Search questions")).to_be_focused()
        expect(runs).to_have_count(2)
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        expect(runs.nth(1)).to_be_focused()
        active = notebook.panel.locator(".jp-Cell.jp-mod-active")
        expect(notebook.cells.first).to_have_class(re.compile("jp-mod-active"))  # nothing is chosen yet
        page.keyboard.press("Enter")
        expect(active).to_contain_text("ran early")
        expect(notebook.focused).to_be_attached()
        expect(active).to_be_in_viewport()
        expect(notebook.panel.locator(".jp-Notebook")).to_have_class(re.compile("jp-mod-commandMode"))
        page.keyboard.press("ArrowUp")
        expect(active).to_contain_text("ran late")
        page.keyboard.press(SHOW_RUNS)
        expect(runs.nth(1)).to_be_focused()
        runs.first.click()
        expect(notebook.focused).to_be_attached()
    finally:
        extended.use_windowing("none")


def test_a_run_of_a_notebook_behind_another_tab_brings_it_to_the_front(extended: Lab, page: Page) -> None:
    notebook = opened(extended, page, "behind.ipynb")
    page.locator('[data-id="qwen-magics-runs"][role=tab]').click()
    page.keyboard.press("Control+Shift+L")
    page.locator(".jp-Launcher").wait_for()
    expect(notebook.cells.first).to_be_hidden()
    page.locator("#qwen-magics-runs .qm-run-open").nth(1).click()
    active = notebook.panel.locator(".jp-Cell.jp-mod-active")
    expect(active).to_contain_text("early flights")
    expect(active).to_be_in_viewport()
    expect(notebook.focused).to_be_attached()


def test_a_run_is_replayed_from_a_step_with_its_program_edited(
    extended: Lab, page: Page, watch: Watch
) -> None:
    notebook = opened(extended, page, "replay it.ipynb")
    notebook.wait_for_kernel()
    first = notebook.cells.first
    first.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nairlines = flights\n%load_ext qwen_magics")
    page.keyboard.press("Shift+Enter")
    notebook.finish(first)
    view = notebook.cells.nth(1).locator(".qm-view")
    view.locator(".qm-summary").click()
    view.locator(".qm-row:not(.qm-head)", has_text="sql").first.click()
    view.get_by_role("button", name="Run from here").first.click()
    replayed = notebook.cells.nth(2)
    expect(replayed.locator(".jp-InputArea")).to_contain_text('%%qwen replay "replay it.ipynb:666666666666"')
    output = notebook.finish(replayed)
    expect(output).to_contain_text("From step 5 on.")
    expect(output).to_contain_text("sql · changed")
    replayed.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" AND arr_delay > 65")
    page.keyboard.press("Control+Enter")
    expect(output).to_contain_text("with the program of this cell")

    page.locator('[data-id="qwen-magics-runs"][role=tab]').click()
    panel = page.locator("#qwen-magics-runs")
    panel.get_by_role("checkbox").first.check()
    panel.get_by_role("button", name="Replay").click()
    # The edited cell below is kept, and a new one is put above it.
    expect(notebook.cells.nth(2).locator(".jp-InputArea")).to_contain_text("%qwen replay")
    expect(notebook.finish(notebook.cells.nth(2))).to_contain_text("tool steps:")
    watch.assert_nothing()

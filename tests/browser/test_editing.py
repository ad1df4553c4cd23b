"""Writing questions in JupyterLab and Notebook 7: completion, the look of prose, commands, the status bar."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab, Notebook, Watch

pytestmark = pytest.mark.browser

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
SETUP = (
    "%load_ext qwen_magics\n"
    "%config QwenMagics.model = 'qwen2.5-coder-0.5b'\n"
    "import pandas as pd\n"
    "orders = pd.DataFrame({'total': [1.5, 2.5], 'customer': ['a', 'b']})"
)


def opened(lab: Lab, page: Page, name: str, *, view: str = "lab", last: str = "1 / 0") -> Notebook:
    cells = [new_code_cell(SETUP), new_code_cell("%%qwen\nfor @orders"), new_code_cell(last)]
    lab.add(name, nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": PYTHON})))
    return lab.open(page, name, view=view)


def run(notebook: Notebook, index: int) -> None:
    notebook.cells.nth(index).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")
    notebook.finish(notebook.cells.nth(index))


def assert_completes(notebook: Notebook) -> None:
    page = notebook.page
    cell = notebook.cells.nth(1)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and @")
    items = page.locator(".jp-Completer:visible .jp-Completer-item")
    expect(items).to_have_count(1)
    expect(items.first).to_contain_text("@orders")
    expect(items.first).to_contain_text("table 2×2")
    page.keyboard.press("Enter")
    page.keyboard.type(".")
    expect(items.filter(has_text="total")).to_contain_text("float64")
    page.keyboard.type("cu")
    page.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_contain_text("and @orders.customer")


def test_variables_complete_as_they_are_typed(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "complete.ipynb")
    notebook.wait_for_kernel()
    run(notebook, 0)
    assert_completes(notebook)
    watch.assert_nothing()


def test_a_question_looks_like_prose(extended: Lab, page: Page) -> None:
    notebook = opened(extended, page, "prose.ipynb")
    header, line = (notebook.cells.nth(1).locator(".cm-line").nth(i) for i in (0, 1))
    expect(line).to_have_class(re.compile(r"\bqm-prose\b"))
    family = "one => getComputedStyle(one).fontFamily"
    assert line.evaluate(family) != header.evaluate(family)
    # `for` is a keyword of Python and no keyword of English.
    colour = "one => getComputedStyle(one).color"
    colours = line.locator("span").evaluate_all(f"spans => spans.map({colour})")
    assert len(set(colours) - {line.evaluate(colour)}) == 1  # the reference's
    expect(line.locator(".qm-reference")).to_have_text("@orders")
    expect(notebook.cells.nth(2).locator(".qm-prose")).to_have_count(0)


def test_a_long_question_wraps_and_code_does_not(extended: Lab, page: Page) -> None:
    line = "for each of the @orders of this year, " * 12
    notebook = opened(extended, page, "wraps.ipynb", last=f"'{line}'")
    question = notebook.cells.nth(1)
    question.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(line)
    wide = "one => one.scrollWidth > one.clientWidth"
    assert not question.locator(".cm-scroller").evaluate(wide)
    assert notebook.cells.nth(2).locator(".cm-scroller").evaluate(wide)
    # No question any more.
    page.keyboard.press("Control+Home")
    page.keyboard.press("Delete")
    expect(question.locator(".qm-prose")).to_have_count(0)
    assert question.locator(".cm-scroller").evaluate(wide)


def test_a_cell_is_asked_about_and_its_error_fixed(extended: Lab, page: Page) -> None:
    notebook = opened(extended, page, "ask.ipynb")
    notebook.wait_for_kernel()
    run(notebook, 2)
    notebook.cells.nth(2).locator(".jp-InputPrompt").click()
    notebook.cells.nth(2).get_by_role("button", name="Ask Qwen about this cell").click()
    expect(notebook.cells).to_have_count(4)
    page.keyboard.type("Why?")
    asked = notebook.cells.nth(3).locator(".cm-line")
    expect(asked.nth(0)).to_have_text("%%qwen")
    expect(asked.nth(1)).to_have_text("Why?")
    expect(notebook.cells.nth(3)).to_contain_text("ZeroDivisionError: division by zero")

    notebook.cells.nth(2).locator(".jp-InputArea-editor").click(button="right")
    page.locator(".lm-Menu-item", has_text="Fix the error of this cell with Qwen").click()
    expect(notebook.cells).to_have_count(5)
    fix = notebook.cells.nth(3).locator(".cm-content")
    expect(fix).to_have_text("%qwen fix")
    expect(fix).to_be_focused()  # Shift+Enter is all that is left to do


def test_the_status_bar_tells_the_model(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "status.ipynb")
    notebook.wait_for_kernel()
    status = page.locator(".qm-status")
    expect(status).to_be_hidden()
    run(notebook, 0)
    expect(status).to_be_visible()
    expect(status).to_contain_text("Qwen: qwen2.5-coder-0.5b · not loaded")
    expect(status).to_contain_text(re.compile(r"\d MB"))  # what the kernel holds
    # Nobody's counter of cells was moved by asking.
    run(notebook, 2)
    expect(notebook.cells.nth(2).locator(".jp-InputPrompt")).to_have_text("[2]:")
    watch.assert_nothing()


def test_a_click_on_the_status_bar_asks_the_doctor(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "doctor.ipynb", last="import time; time.sleep(3)")
    notebook.wait_for_kernel()
    run(notebook, 0)
    status = page.locator(".qm-status")
    notebook.cells.nth(2).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(status).to_contain_text("busy")
    notebook.finish(notebook.cells.nth(2))
    expect(status).not_to_contain_text("busy")
    status.focus()
    page.keyboard.press("Enter")
    expect(notebook.cells).to_have_count(4)
    doctor = notebook.cells.nth(3)
    expect(doctor.locator(".cm-content")).to_have_text("%qwen doctor")
    expect(notebook.finish(doctor)).to_contain_text("qwen2.5-coder-0.5b")
    expect(doctor).to_have_class(re.compile("jp-mod-active"))
    expect(notebook.focused).to_be_attached()
    watch.assert_nothing()


def assert_no_completion(notebook: Notebook, page: Page) -> None:
    """Whoever types an @ into the second cell gets no list."""
    notebook.cells.nth(1).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and @")
    page.wait_for_timeout(1_000)  # longer than the list takes where it is on
    expect(page.locator(".jp-Completer:visible")).to_have_count(0)


def test_prose_and_completion_can_be_switched_off(extended: Lab, page: Page) -> None:
    extended.use_question_settings(prose=False, complete=False)
    try:
        notebook = opened(extended, page, "settings.ipynb")
        notebook.wait_for_kernel()
        run(notebook, 0)
        assert_no_completion(notebook, page)
        expect(notebook.panel.locator(".qm-prose")).to_have_count(0)
    finally:
        extended.use_question_settings()


def test_a_notebook_is_switched_off_by_its_metadata(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "off.ipynb")
    notebook.wait_for_kernel()
    run(notebook, 0)
    status, button = page.locator(".qm-status"), notebook.panel.get_by_role("button", name="Ask Qwen")
    expect(status).to_be_visible()
    expect(button.first).to_be_visible()
    page.locator('[data-id="qwen-magics-runs"][role=tab]').click()
    panel = page.locator("#qwen-magics-runs")
    expect(panel).to_contain_text("No run in this notebook yet.")
    notebook.switch()
    expect(status).to_be_hidden()
    expect(panel).to_contain_text("Qwen is switched off for this notebook.")
    expect(notebook.panel.locator("[data-command='qwen-magics:ask-about-cell']:visible")).to_have_count(0)
    notebook.cells.nth(1).locator(".jp-InputArea-editor").click(button="right")
    expect(page.locator(".lm-Menu-item", has_text="Cut Cell")).to_be_visible()
    expect(page.locator(".lm-Menu-item:visible", has_text="Qwen")).to_have_count(0)
    page.keyboard.press("Escape")
    assert_no_completion(notebook, page)
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    assert extended.saved("off.ipynb")["metadata"]["qwen_magics"] == {"off": True}
    notebook.switch()
    expect(status).to_be_visible()
    expect(panel).to_contain_text("No run in this notebook yet.")
    expect(button.first).to_be_visible()
    watch.assert_nothing()


def test_notebook_7_draws_and_completes_too(extended: Lab, page: Page, watch: Watch) -> None:
    notebook = opened(extended, page, "seven.ipynb", view="notebooks")
    expect(page.locator("#menu-panel")).to_be_visible()  # which JupyterLab does not have
    extended.wait_for_session("seven.ipynb")
    run(notebook, 0)
    assert_completes(notebook)
    watch.assert_nothing()


@pytest.mark.model
def test_a_run_of_the_real_model_is_stopped_and_another_drawn(
    extended: Lab, page: Page, watch: Watch, coder_05b: Path
) -> None:
    notebook = opened(extended, page, "live-extended.ipynb", last="")
    notebook.wait_for_kernel()
    run(notebook, 0)
    cell = notebook.start("%%qwen\nHow many rows are in @orders?")
    output = notebook.finish(cell)
    expect(output.locator(".qm-view .qm-big")).to_have_text("2")
    expect(output.locator(".qm-view")).to_contain_text("SELECT")

    stopped = notebook.start("%qwen For each customer in @orders, the average and the largest total")
    notebook.wait_while_running(stopped, "Write query…")
    notebook.panel.locator(".jp-Toolbar [data-command='notebook:interrupt-kernel']").click()
    ended = notebook.finish(stopped)
    expect(ended.locator(".qm-view")).to_contain_text("Stopped.")
    expect(ended.locator(".qm-summary")).to_contain_text("cancelled")
    watch.assert_nothing()

"""Questions that the real 0.5B answers while somebody looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, expect

from tests.browser.lab import Lab, Notebook, Watch

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "How many rows are in @orders?"


@pytest.fixture(scope="module")
def notebook(lab: Lab, browser: Browser, coder_05b: Path) -> Iterator[Notebook]:
    yield from live_notebook(lab, browser)


@pytest.fixture(scope="module")
def with_extension(extended: Lab, browser: Browser, coder_05b: Path) -> Iterator[Notebook]:
    yield from live_notebook(extended, browser)


def live_notebook(lab: Lab, browser: Browser) -> Iterator[Notebook]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    empty = new_notebook(cells=[new_code_cell()], metadata={"kernelspec": kernel})
    lab.add("live.ipynb", nbformat.writes(empty))
    with browser.new_context(viewport={"width": 1200, "height": 1000}) as context:
        page = context.new_page()
        watch = Watch(page)
        opened = lab.open(page, "live.ipynb")
        opened.wait_for_kernel()
        opened.run("%load_ext qwen_magics")
        opened.run("%qwen use qwen2.5-coder-0.5b")
        opened.run(
            "import pandas as pd\n"
            'orders = pd.DataFrame({"customer": ["Ada", "Grace", "Ada"], "total": [10.0, 20.0, 30.0]})\n'
            'wide = pd.DataFrame({f"measure_{i}": [float(i), None] for i in range(40)})'
        )
        yield opened
        watch.assert_nothing()


def test_a_question_shows_what_it_does_and_ends_with_answer_and_trace(notebook: Notebook) -> None:
    cell = notebook.start(f"%%qwen -o n\n{QUESTION}")
    notebook.wait_while_running(cell, "Writing a query")
    output = notebook.finish(cell)
    trace = output.locator(".qm-trace")
    expect(trace).to_be_visible()
    expect(trace.locator("strong").first).to_have_text("3")
    expect(trace.locator("pre").first).to_contain_text("SELECT")
    trace.locator("summary").first.click()
    expect(trace.get_by_text("How many rows are in orders?").first).to_be_visible()
    # Everything that was shown on the way has gone.
    expect(output).not_to_contain_text("Writing a query")
    expect(notebook.run("n").locator("pre").first).to_have_text("3")


def press_button(notebook: Notebook) -> None:
    notebook.panel.locator(".jp-Toolbar [data-command='notebook:interrupt-kernel']").click()


def press_keys(notebook: Notebook) -> None:
    for key in ("Escape", "i", "i"):
        notebook.page.keyboard.press(key)


# The prompt is long, so that there is time to stop while it is read.
@pytest.mark.parametrize(
    ("press", "shown"),
    [(press_button, "Writing a query"), (press_keys, "SELECT")],
    ids=["button while reading", "keys while writing"],
)
def test_a_run_can_be_stopped_and_the_next_one_answers(
    notebook: Notebook, press: Callable[[Notebook], None], shown: str
) -> None:
    cell = notebook.start("%qwen What are the averages of measure_1 to measure_30 in @wide?")
    notebook.wait_while_running(cell, shown)
    press(notebook)
    output = notebook.finish(cell)
    expect(output).to_contain_text("Stopped.")
    expect(output).to_contain_text("cancelled")
    expect(output).not_to_contain_text("Traceback")
    again = notebook.run(f"%qwen {QUESTION}")
    expect(again.locator(".qm-trace strong").first).to_have_text("3")


LONG = "What are the averages of measure_1 to measure_12 in @wide?"


def test_the_trace_itself_streams_and_keeps_what_is_open(with_extension: Notebook) -> None:
    notebook = with_extension
    cell = notebook.start(f"%%qwen\n{LONG}")
    notebook.wait_while_running(cell, "SELECT")
    view = cell.locator(".qm-view")
    expect(view.locator(".qm-summary")).to_contain_text("running")
    view.evaluate("view => { view.dataset.first = 'yes'; }")  # still the same node when the run has ended
    step = view.locator(".qm-row:not(.qm-head)", has_text="write query")
    step.click()
    expect(step).to_have_attribute("aria-expanded", "true")
    output = notebook.finish(cell)
    expect(view.locator(".qm-summary")).to_contain_text("ok")
    expect(output.locator(".qm-view[data-first=yes]")).to_have_count(1)
    expect(step).to_have_attribute("aria-expanded", "true")
    expect(view.locator(".qm-ending")).to_be_empty()


def test_a_streaming_trace_can_be_stopped(with_extension: Notebook) -> None:
    notebook = with_extension
    cell = notebook.start(f"%qwen {LONG}")
    notebook.wait_while_running(cell, "SELECT")
    press_button(notebook)
    output = notebook.finish(cell)
    expect(output.locator(".qm-ending")).to_contain_text("Stopped.")
    expect(output.locator(".qm-summary")).to_contain_text("cancelled")
    output.locator(".qm-summary").click()
    expect(output.locator(".qm-row", has_text="write query")).to_contain_text("cancelled")
    again = notebook.run(f"%qwen {QUESTION}")
    expect(again.locator(".qm-big strong")).to_have_text("3")


def test_the_model_goes_on_from_a_step_with_another_program(with_extension: Notebook) -> None:
    notebook = with_extension
    asked = notebook.start("%qwen How many rows of @orders have a total above 15?")
    output = notebook.finish(asked)
    place = notebook.cells.count() - 1
    output.locator(".qm-summary").click()
    output.locator(".qm-row:not(.qm-head)", has_text="sql").last.click()
    output.get_by_role("button", name="Go on from here").last.click()
    cell = notebook.cells.nth(place)
    expect(cell.locator(".jp-InputArea")).to_contain_text(" --continue")
    again = notebook.finish(cell)
    expect(again.locator(".qm-summary")).to_contain_text("ok")
    line = cell.locator(".cm-line").first.inner_text()
    again = notebook.rewrite(cell, f"{line}\nSELECT count(*) AS few FROM orders WHERE total > 35")
    expect(again.locator(".qm-big")).to_contain_text("0 few")
    # What is wrong with it is the model's to mend.
    again = notebook.rewrite(cell, f"{line}\nSELECT count(*) AS n FROM orders WHERE totl > 15")
    again.locator(".qm-summary").click()
    expect(again.locator(".qm-row", has_text="go on from a step")).to_contain_text("with other code")
    expect(again.locator(".qm-row", has_text="bind query").first).to_contain_text("unknown_column")
    expect(again.locator(".qm-row", has_text="write query").first).to_be_visible()


def test_a_generated_cell_is_replaced_unless_it_was_edited(with_extension: Notebook) -> None:
    notebook = with_extension
    question = "%%qwen --format python\nWhat is the {} of total in @orders?"
    place = notebook.cells.count() - 1
    asking = notebook.start(question.format("sum"))
    notebook.finish(asking)
    made, count = notebook.cells.nth(place + 1), notebook.cells.count()
    expect(made.locator(".jp-InputArea")).to_contain_text("# %qwen ")
    expect(made.locator(".jp-InputArea")).to_contain_text("sum")
    notebook.run_again(made)
    notebook.rewrite(asking, question.format("maximum"))
    expect(made.locator(".jp-InputArea")).to_contain_text("max()")
    expect(made.locator(".jp-InputPrompt")).to_have_text("[ ]:")  # the output of the old one has gone with it
    expect(notebook.cells).to_have_count(count)

    notebook.add_to_end(made, "  # mine")
    notebook.rewrite(asking, question.format("minimum"))
    expect(notebook.cells).to_have_count(count + 1)
    expect(made.locator(".jp-InputArea")).to_contain_text("min()")
    expect(notebook.cells.nth(place + 2).locator(".jp-InputArea")).to_contain_text("# mine")
    expect(notebook.page.get_by_text("You have edited the generated cell, so it was kept")).to_be_visible()
    notebook.rewrite(asking, question.format("sum"))
    expect(made.locator(".jp-InputArea")).to_contain_text("sum()")
    expect(notebook.cells).to_have_count(count + 1)


def test_a_repaired_cell_is_replaced_by_the_next_repair(with_extension: Notebook) -> None:
    notebook = with_extension
    notebook.run("orders['totl'].sum()")
    place = notebook.cells.count() - 1
    fixing = notebook.start("%qwen fix")
    notebook.finish(fixing)
    made = notebook.cells.nth(place + 1)
    expect(made.locator(".jp-InputArea")).to_contain_text("fix for KeyError")
    notebook.run("ordrs['total'].max()")
    count = notebook.cells.count()
    notebook.run_again(fixing)
    expect(made.locator(".jp-InputArea")).to_contain_text("fix for NameError")
    expect(notebook.cells).to_have_count(count)


def test_the_code_of_another_run_replaces_that_of_the_one_before(with_extension: Notebook) -> None:
    notebook = with_extension
    notebook.run(f"%qwen {QUESTION}")
    place = notebook.cells.count() - 1
    coding = notebook.start("%qwen code")
    notebook.finish(coding)
    made = notebook.cells.nth(place + 1).locator(".jp-InputArea")
    expect(made).to_contain_text("all code of run")
    expect(made).not_to_contain_text("> 15")
    notebook.run("%qwen How many rows of @orders have a total above 15?")
    count = notebook.cells.count()
    notebook.run_again(coding)
    expect(made).to_contain_text("> 15")
    expect(notebook.cells).to_have_count(count)


def test_going_on_with_another_program_replaces_its_cell(with_extension: Notebook) -> None:
    notebook = with_extension
    asked = notebook.start("%%qwen --format python\nWhat is the average of total in @orders?")
    output = notebook.finish(asked)
    place = notebook.cells.count() - 2  # the cell with the program, and the empty one
    output.locator(".qm-summary").click()
    output.locator(".qm-row:not(.qm-head)", has_text="pandas").last.click()
    output.get_by_role("button", name="Go on from here").last.click()
    going = notebook.cells.nth(place)
    notebook.finish(going)
    made = notebook.cells.nth(place + 1).locator(".jp-InputArea")
    expect(made).to_contain_text("mean()")
    count = notebook.cells.count()
    line = going.locator(".cm-line").first.inner_text()
    notebook.rewrite(going, f"{line}\nresult = orders['total'].max()")
    expect(made).to_contain_text("max()")
    expect(notebook.cells).to_have_count(count)
    expect(notebook.cells.nth(place + 2)).to_contain_text("mean()")  # that of the question


def test_a_generated_cell_that_was_deleted_comes_back_and_no_other(with_extension: Notebook) -> None:
    notebook = with_extension
    place = notebook.cells.count() - 1
    asking = notebook.start("%%qwen --format python\nWhat is the sum of total in @orders?")
    notebook.finish(asking)
    made, count = notebook.cells.nth(place + 1), notebook.cells.count()
    source = made.locator(".jp-InputArea")
    expect(source).to_contain_text("sum()")
    notebook.delete(made)
    notebook.run_again(asking)
    expect(notebook.cells).to_have_count(count)
    expect(source).to_contain_text("sum()")
    for change in ("", "  # mine"):
        notebook.add_to_end(made, change)
        notebook.run("1 + 1")
        notebook.delete(notebook.cells.nth(place + 2))
        notebook.run_again(asking)
        expect(notebook.cells).to_have_count(count)
        expect(source).to_contain_text(f"sum()result{change}")


def test_a_reading_is_asked_by_its_button(with_extension: Notebook) -> None:
    notebook = with_extension
    notebook.run(
        'days = pd.to_datetime(["2024-01-02", "2024-01-30", "2024-02-03"])\n'
        "later = days + pd.Timedelta(days=40)\n"
        'tickets = pd.DataFrame({"id": [1, 2, 3], "created_at": days, "closed_at": later})'
    )
    place = notebook.cells.count() - 1
    output = notebook.finish(notebook.start("%%qwen -o per_month\nHow many @tickets per month?"))
    readings = output.locator(".qm-readings button")
    expect(readings).to_have_text(
        ["How many @tickets per month (created_at)?", "How many @tickets per month (closed_at)?"]
    )
    readings.first.focus()
    notebook.page.keyboard.press("Tab")
    expect(readings.nth(1)).to_be_focused()
    notebook.page.keyboard.press("Enter")
    again = notebook.cells.nth(place + 1)
    lines = again.locator(".cm-line")
    expect(lines).to_have_text(["%%qwen -o per_month", "How many @tickets per month (closed_at)?"])
    expect(notebook.finish(again).locator(".qm-answer pre").first).to_contain_text("closed_at")
    expect(notebook.run("len(per_month)").locator("pre").first).to_have_text("2")

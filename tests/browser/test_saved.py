"""Saved notebooks: read without running anything, trusted or not."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Locator, Page, expect

from qwen_magics.trace import mime_bundle
from tests.browser.lab import PATIENCE_S, Lab, Notebook, Watch

# The hostile texts stand beside the tests of traces, which is no package.
sys.path.insert(0, str(Path(__file__).parents[1] / "trace"))
import hostile

pytestmark = pytest.mark.browser

WORST = "largest average arrival delay"
# What loads, runs or leads elsewhere. Links to a heading of the same page do not.
ACTIVE = "script, img, iframe, object, embed, form, button, a[href]:not([href^='#'])"


def assert_trust(notebook: Notebook, trusted: bool) -> None:
    state = "trusted" if trusted else "not trusted"
    notebook.page.locator(f"#jp-bottom-panel [title^='Notebook {state}']").wait_for()


def toggle_by_keyboard(summary: Locator) -> None:
    summary.focus()
    summary.press("Enter")


def test_the_quickstart_reads_without_being_trusted_or_run(
    lab: Lab, page: Page, watch: Watch, quickstart: str
) -> None:
    lab.add("quickstart.ipynb", quickstart)
    notebook = lab.open(page, "quickstart.ipynb")
    assert_trust(notebook, False)

    assert_shown(notebook.cell("How many flights are in"), "336,776")
    worst = notebook.cell(WORST)
    assert_shown(worst, "Frontier Airlines Inc.")
    assert_shown(worst, "SELECT")
    species = notebook.cell("How many penguins of each species")
    for name, count in {"Adelie": 152, "Chinstrap": 68, "Gentoo": 124}.items():
        row = species.locator(".qm-trace tr", has_text=name).first
        expect(row).to_be_visible()
        expect(row).to_contain_text(str(count))
    watch.assert_nothing()


def assert_shown(cell: Locator, text: str) -> None:
    expect(cell.locator(".qm-trace").get_by_text(text).first).to_be_visible()


def test_the_steps_open_by_keyboard_down_to_the_prompt(
    lab: Lab, page: Page, watch: Watch, quickstart: str
) -> None:
    lab.add("steps.ipynb", quickstart)
    trace = lab.open(page, "steps.ipynb").cell(WORST).locator(".qm-trace")
    prompt = trace.get_by_text("<|im_start|>user").first
    expect(prompt).to_be_hidden()
    for line in ("ok", "Model", "Prompt as sent"):
        toggle_by_keyboard(trace.locator("summary:visible", has_text=line).first)
    expect(prompt).to_be_visible()
    watch.assert_nothing()


def hostile_notebook() -> str:
    cells = []
    for text in hostile.TEXTS:
        bundle = mime_bundle(hostile.trace_of(text))
        outputs = [
            new_output("display_data", bundle),
            new_output("display_data", mime_bundle(hostile.trace_of(text, status="error"))),
            # What a reader without HTML would draw.
            new_output("display_data", {"text/markdown": bundle["text/markdown"]}),
        ]
        cells.append(new_code_cell("", outputs=outputs, execution_count=1))
    return str(nbformat.writes(new_notebook(cells=cells)))


@pytest.mark.parametrize("trusted", [False, True], ids=["untrusted", "trusted"])
def test_a_hostile_trace_stays_text(lab: Lab, page: Page, watch: Watch, trusted: bool) -> None:
    name = f"hostile-{trusted}.ipynb"
    lab.add(name, hostile_notebook(), trusted=trusted)
    notebook = lab.open(page, name)
    assert_trust(notebook, trusted)
    outputs = notebook.panel.locator(".jp-OutputArea-output")
    expect(outputs).to_have_count(3 * len(hostile.TEXTS), timeout=PATIENCE_S * 1000)
    traces = outputs.locator(".qm-trace")
    expect(traces).to_have_count(2 * len(hostile.TEXTS))
    expect(traces.first).to_contain_text("<script>alert(1)</script>")
    page.evaluate("document.querySelectorAll('.qm-trace details').forEach((one) => { one.open = true; })")
    page.wait_for_load_state("networkidle")

    assert outputs.locator(ACTIVE).evaluate_all("found => found.map((one) => one.outerHTML)") == []
    handlers = """outputs => outputs.flatMap((output) => [...output.querySelectorAll("*")])
        .flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith("on"))"""
    assert outputs.evaluate_all(handlers) == []
    watch.assert_nothing()


def test_the_watch_sees_what_must_not_happen(page: Page, watch: Watch) -> None:
    page.set_content("<img src=https://evil.example/x.png onerror=alert(1)>")
    page.wait_for_load_state("networkidle")
    assert watch.requests_elsewhere == ["https://evil.example/x.png"]
    assert watch.dialogs == ["1"]

"""Code that the real 0.5B suggests at the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab, Notebook, Watch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(version("jupyterlab").startswith("4.0."), reason="the inline completer came with 4.1"),
]

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
SETUP = (
    "%load_ext qwen_magics\n"
    "%config QwenMagics.model = 'qwen2.5-coder-0.5b'\n"
    "%qwen load\n"
    "import pandas as pd\n"
    "orders = pd.DataFrame({'customer': ['Ada', 'Bo'], 'total': [10.0, 20.0]})"
)


def opened(lab: Lab, page: Page, name: str) -> Notebook:
    lab.add(name, nbformat.writes(new_notebook(cells=[new_code_cell()], metadata={"kernelspec": PYTHON})))
    notebook = lab.open(page, name)
    notebook.wait_for_kernel()
    notebook.run(SETUP)
    return notebook


@pytest.fixture(scope="module")
def suggesting(extended: Lab, browser: Browser, coder_05b: Path) -> Iterator[Notebook]:
    extended.use_suggestions(on=True)
    try:
        with browser.new_context(viewport={"width": 1200, "height": 1000}) as context:
            page = context.new_page()
            watch = Watch(page)
            yield opened(extended, page, "suggest.ipynb")
            watch.assert_nothing()
    finally:
        extended.use_suggestions(on=False)


def write(notebook: Notebook, code: str) -> None:
    notebook.cells.last.locator(".cm-content").click()
    notebook.page.keyboard.insert_text(code[:-1])
    notebook.page.keyboard.type(code[-1])


def test_a_suggestion_is_taken_by_its_key(suggesting: Notebook) -> None:
    page = suggesting.page
    write(suggesting, "mean_total = orders['total'].me")
    ghost = suggesting.cells.last.locator(".jp-GhostText")
    expect(ghost).to_have_text("an()")
    page.keyboard.press("Alt+End")  # Tab does it too, but not before JupyterLab 4.3
    expect(ghost).to_have_count(0)
    expect(suggesting.cells.last.locator(".cm-content")).to_have_text("mean_total = orders['total'].mean()")
    page.keyboard.press("Shift+Enter")
    expect(suggesting.run("mean_total").locator("pre").first).to_contain_text("15.0")


def test_a_cell_runs_while_a_suggestion_is_under_way(suggesting: Notebook) -> None:
    write(suggesting, "print(6 * 7)  # the answer to everything, which is ")
    suggesting.page.keyboard.press("Shift+Enter")
    cell = suggesting.cells.nth(suggesting.cells.count() - 2)
    expect(suggesting.finish(cell).locator("pre").first).to_have_text("42\n")


NOTE_WHAT_IS_SENT = r"""() => {
    window.qmSent = [];
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        const text = typeof data === "string" ? data : new TextDecoder().decode(data);
        const asked = /(\w+)","after":/.exec(text);
        if (asked) window.qmSent.push(`asked after ${asked[1]}`);
        if (text.includes('"cancel":true')) window.qmSent.push("cancelled");
        return send.call(this, data);
    };
}"""


def test_typing_on_ends_what_was_asked_and_asks_anew(suggesting: Notebook) -> None:
    page = suggesting.page
    # Much to read, so that the first suggestion is still under way.
    suggesting.run("\n".join(f"total_{i} = orders['total'].mean() + {i}" for i in range(45)))
    page.evaluate(NOTE_WHAT_IS_SENT)
    write(suggesting, "largest = orders['total'].m")
    page.wait_for_function("() => window.qmSent.at(-1) === 'asked after m'")
    page.keyboard.type("a")
    expect(suggesting.cells.last.locator(".jp-GhostText")).not_to_be_empty()
    assert page.evaluate("() => window.qmSent.slice(-3)") == ["asked after m", "cancelled", "asked after ma"]


def test_a_notebook_that_is_switched_off_is_suggested_nothing(suggesting: Notebook) -> None:
    page = suggesting.page
    suggesting.switch()
    write(suggesting, "mean_total = orders['total'].me")
    page.wait_for_timeout(3_000)  # it takes less than half of that where it is on
    expect(suggesting.cells.last.locator(".jp-GhostText")).to_have_count(0)


def test_nothing_is_suggested_unless_it_is_switched_on(
    extended: Lab, page: Page, watch: Watch, coder_05b: Path
) -> None:
    extended.use_suggestions(on=False)
    notebook = opened(extended, page, "quiet.ipynb")
    write(notebook, "mean_total = orders['total'].me")
    page.wait_for_timeout(3_000)  # it takes less than half of that where it is on
    expect(notebook.cells.last.locator(".jp-GhostText")).to_have_count(0)
    watch.assert_nothing()

"""Usage: pictures.py NOTEBOOK FOLDER   takes a question of each notebook, and a trace by the extension"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser, Locator

from qwen_magics.trace.spans import MIME
from tests.browser.lab import Lab, chromium

QUESTION = "largest average arrival delay"
ERP = Path(__file__).parents[1] / "notebooks" / "02-erp.ipynb"
PURCHASE, APPROVAL = "create_purchase=allow", "approve create_purchase"
WIDTH, HEIGHT = 960, 1600  # CSS pixels
SCALE = 1.25
MARGIN = 8
# Neither what appears only because a cell is selected, nor the neighbours.
QUIET = ".jp-cell-toolbar, .jp-Collapser { visibility: hidden !important }"
ALONE = "cell => cell.parentElement.childNodes.forEach((one) => { if (one !== cell) one.style.opacity = 0; })"


def take(
    browser: Browser, lab: Lab, name: str, target: Path, *, question: str = QUESTION, step: str = ""
) -> None:
    """Crop the cell with the question, its steps opened by one level, and `step` opened wholly."""
    size = {"width": WIDTH + 400, "height": HEIGHT}
    with browser.new_context(viewport=size, device_scale_factor=SCALE) as context:
        page = context.new_page()
        notebook = lab.open(page, name)
        page.add_style_tag(content=QUIET)
        cell = notebook.cell(question)
        cell.locator(".qm-trace > details > summary").click()
        if step:
            cell.locator("summary", has_text=step).click()
        notebook.cells.first.click()
        size["width"] += WIDTH - 2 * MARGIN - round(box(cell)["width"])
        page.set_viewport_size(size)
        cell.evaluate(ALONE)
        cell.evaluate("cell => cell.scrollIntoView({ block: 'center' })")
        page.wait_for_load_state("networkidle")
        drawn = box(cell)
        clip = {
            "x": drawn["x"] - MARGIN,
            "y": drawn["y"] - MARGIN,
            "width": WIDTH,
            "height": drawn["height"] + 2 * MARGIN,
        }
        page.screenshot(path=target, clip=clip, animations="disabled")


def take_extension(browser: Browser, lab: Lab, target: Path) -> None:
    """The trace of the extension's tests, with the step that failed and what a program changed."""
    size = {"width": WIDTH + 400, "height": 2_200}  # all of it, without scrolling
    with browser.new_context(viewport=size, device_scale_factor=SCALE) as context:
        view = lab.open(context.new_page(), "trace.ipynb").panel.locator(".qm-view")
        view.locator(".qm-summary").click()
        for name in ("write query", "pandas"):
            view.locator(".qm-row", has_text=name).first.click()
        view.page.mouse.move(0, 0)
        view.screenshot(path=target, animations="disabled")


def trace_notebook() -> str:
    """A notebook with one trace in it."""
    path = Path(__file__).parents[1] / "tests" / "labextension" / "trace.json"
    trace = json.loads(path.read_text(encoding="utf-8"))
    output = new_output("display_data", {MIME: trace, "text/plain": ""})
    cell = new_code_cell(f"%%qwen\n{trace['question']}", outputs=[output], execution_count=1)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(nbformat.writes(new_notebook(cells=[cell], metadata={"kernelspec": kernel})))


def box(cell: Locator) -> dict[str, float]:
    """Where a cell is drawn."""
    found = cell.bounding_box()
    assert found is not None
    return dict(found)


def main(source: Path, folder: Path) -> None:
    """All five pictures."""
    for extension in (False, True):
        _both(source, folder, extension=extension)


def _both(source: Path, folder: Path, *, extension: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        lab = Lab(Path(scratch), extension=extension)
        lab.add(source.name, source.read_text(encoding="utf-8"))
        lab.add(ERP.name, ERP.read_text(encoding="utf-8"))
        lab.add("trace.ipynb", trace_notebook())
        lab.start()
        try:
            for dark in (False, True):
                lab.use_theme(dark=dark)
                name = "extension" if extension else "quickstart"
                target = folder / f"{name}{'-dark' if dark else ''}.png"
                if extension:
                    take_extension(browser, lab, target)
                else:
                    take(browser, lab, source.name, target)
                    if not dark:
                        take(browser, lab, ERP.name, folder / "erp.png", question=PURCHASE, step=APPROVAL)
                print(f"{target}: {target.stat().st_size / 1000:.0f} kB")
        finally:
            lab.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

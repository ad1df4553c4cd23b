"""Usage: pictures.py NOTEBOOK FOLDER   takes the quickstart's question over two tables, light and dark."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator

from tests.browser.lab import Lab, chromium

QUESTION = "largest average arrival delay"
WIDTH, HEIGHT = 960, 1600  # CSS pixels
SCALE = 1.25
MARGIN = 8
# Neither what appears only because a cell is selected, nor the neighbours.
QUIET = ".jp-cell-toolbar, .jp-Collapser { visibility: hidden !important }"
ALONE = "cell => cell.parentElement.childNodes.forEach((one) => { if (one !== cell) one.style.opacity = 0; })"


def take(browser: Browser, lab: Lab, name: str, target: Path) -> None:
    """Crop the cell with the question, its steps opened by one level."""
    size = {"width": WIDTH + 400, "height": HEIGHT}
    with browser.new_context(viewport=size, device_scale_factor=SCALE) as context:
        page = context.new_page()
        notebook = lab.open(page, name)
        page.add_style_tag(content=QUIET)
        cell = notebook.cell(QUESTION)
        cell.locator(".qm-trace > details > summary").click()
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


def box(cell: Locator) -> dict[str, float]:
    """Where a cell is drawn."""
    found = cell.bounding_box()
    assert found is not None
    return dict(found)


def main(source: Path, folder: Path) -> None:
    """Both pictures."""
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        lab = Lab(Path(scratch))
        lab.add(source.name, source.read_text(encoding="utf-8"))
        lab.start()
        try:
            for dark in (False, True):
                lab.use_theme(dark=dark)
                target = folder / f"quickstart{'-dark' if dark else ''}.png"
                take(browser, lab, source.name, target)
                print(f"{target}: {target.stat().st_size / 1000:.0f} kB")
        finally:
            lab.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

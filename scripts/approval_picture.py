"""Usage: approval_picture.py ADDRESS FOLDER   takes a purchase that waits for its approval in JupyterLab

Runs with Tryton up and its login in TRYTON_LOGIN: `scripts/tryton COMMAND`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from pictures import ALONE, MARGIN, QUIET, SCALE, box
from playwright.sync_api import Browser, Locator, expect

from tests.browser.lab import Lab, Notebook, chromium

SETUP = """%load_ext qwen_magics
%qwen use qwen2.5-coder-0.5b
%qwen api erp {address} --basic TRYTON_LOGIN"""
QUESTION = "%%qwen --api erp\nOrder 38 units of OAK-1"
WIDTH, HEIGHT = 1_000, 1_400  # CSS pixels


def take(browser: Browser, lab: Lab, address: str, target: Path) -> None:
    """Crop the cell that waits; the purchase is then denied, so that the next picture shows the same."""
    with browser.new_context(
        viewport={"width": WIDTH + 300, "height": HEIGHT}, device_scale_factor=SCALE
    ) as context:
        notebook = lab.open(context.new_page(), "approval.ipynb")
        notebook.wait_for_kernel()
        notebook.run(SETUP.format(address=address))
        cell = notebook.start(QUESTION)
        answer = waiting(notebook, cell)
        notebook.page.add_style_tag(content=QUIET)
        cell.evaluate(ALONE)
        cell.evaluate("cell => cell.scrollIntoView({ block: 'center' })")
        drawn = box(cell)
        clip = {
            "x": drawn["x"] - MARGIN,
            "y": drawn["y"] - MARGIN,
            "width": drawn["width"] + 2 * MARGIN,
            "height": drawn["height"] + 2 * MARGIN,
        }
        notebook.page.screenshot(path=target, clip=clip, animations="disabled")
        answer.fill("n")
        answer.press("Enter")
        notebook.finish(cell)


def waiting(notebook: Notebook, cell: Locator) -> Locator:
    """The field for the answer, once the exact request stands above it."""
    expect(cell.locator(".qm-approving")).to_contain_text("model.purchase.purchase.create", timeout=120_000)
    answer = cell.locator(".jp-Stdin-input")
    answer.wait_for()
    return answer


def main(address: str, folder: Path) -> None:
    """Light and dark."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    empty = new_notebook(cells=[new_code_cell()], metadata={"kernelspec": kernel})
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        lab = Lab(Path(scratch), extension=True)
        lab.start()
        try:
            for dark in (False, True):
                lab.use_theme(dark=dark)
                lab.add("approval.ipynb", nbformat.writes(empty))
                target = folder / f"approval{'-dark' if dark else ''}.png"
                take(browser, lab, address, target)
                print(f"{target}: {target.stat().st_size / 1000:.0f} kB")
        finally:
            lab.stop()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

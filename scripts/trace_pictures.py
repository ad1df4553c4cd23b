"""Usage: trace_pictures.py FOLDER   draws traces as JupyterLab, nbconvert, GitHub, a terminal do"""

from __future__ import annotations

import html
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import github
import nbformat
import samples
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser

from qwen_magics.trace import Trace, mime_bundle
from tests.browser.lab import Lab, chromium

WIDTH, HEIGHT, SCALE = 760, 400, 1.25
LAB_WIDTH, LAB_SCALE = 1_360, 1.0
# What appears only because a cell is selected.
QUIET = """.jp-cell-toolbar, .jp-Collapser { visibility: hidden !important }
.jp-Notebook .jp-Cell { border-color: transparent !important; box-shadow: none !important }"""
# Nothing of GitHub's page but its text: system fonts, its table and code styles.
GITHUB_STYLE = """
body { margin: 12px; font: 14px/1.5 "DejaVu Sans", sans-serif; color: #1f2328; max-width: 736px }
table { border-collapse: collapse; font-size: 12px; margin-bottom: 10px }
td, th { padding: 4px 8px; border: 1px solid #d1d9e0 }
pre { background: #f6f8fa; padding: 10px; font-size: 12px; white-space: pre-wrap; border-radius: 6px }
code { font-family: "DejaVu Sans Mono", monospace } ul { padding-left: 20px }
"""
TERMINAL_STYLE = "body { margin: 12px } pre { font: 11.5px/1.4 'DejaVu Sans Mono', monospace; color: #222 }"
OPEN = """for (const one of document.querySelectorAll("details"))
    one.open = OPENED.some((word) => one.firstElementChild.textContent.includes(word))"""
OPENED_IN_LAB = ["repaired", "ok ·", "error:"]
OPENED = ["repaired", "ok ·", "gave the answer", "error:"]


def nbconvert_page(trace: Trace) -> str:
    """A notebook with one cell, exported to HTML."""
    cell = new_code_cell(f"%qwen {trace.question}", outputs=[new_output("display_data", mime_bundle(trace))])
    exporter = HTMLExporter(template_name="lab", require_js_url="", mathjax_url="", jquery_url="")
    page: str = exporter.from_notebook_node(new_notebook(cells=[cell]))[0]
    nbformat.validate(new_notebook(cells=[cell]))
    return page


def github_page(trace: Trace) -> str:
    """What its sanitiser leaves."""
    return f"<style>{GITHUB_STYLE}</style>{github.sanitised(mime_bundle(trace)['text/html'])}"


def terminal_page(trace: Trace) -> str:
    """The plain text."""
    return f"<style>{TERMINAL_STYLE}</style><pre>{html.escape(mime_bundle(trace)['text/plain'])}</pre>"


PAGES: dict[str, Callable[[Trace], str]] = {
    "trace-nbconvert": nbconvert_page,
    "trace-github": github_page,
    "trace-terminal": terminal_page,
}


def take(browser: Browser, source: Path, target: Path) -> None:
    """A picture of the whole page, its interesting steps opened, with no network and no script of ours."""
    with browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, offline=True
    ) as context:
        page = context.new_page()
        page.goto(source.as_uri())
        page.evaluate(OPEN.replace("OPENED", str(OPENED)))
        page.screenshot(path=target, full_page=True)


def lab_notebook() -> str:
    """An answer that is a table, and a run that repaired its query; from elsewhere, not trusted."""
    cells = [
        new_code_cell(
            f"%%qwen\n{trace.question}",
            outputs=[new_output("display_data", mime_bundle(trace))],
            execution_count=number,
        )
        for number, trace in enumerate((samples.ok(), samples.repaired()), 1)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})))


def take_lab(browser: Browser, lab: Lab, target: Path) -> None:
    """Both cells in JupyterLab without the extension, their steps opened; nothing around them."""
    size = {"width": LAB_WIDTH, "height": 2_200}
    with browser.new_context(viewport=size, device_scale_factor=LAB_SCALE) as context:
        page = context.new_page()
        notebook = lab.open(page, "traces.ipynb")
        page.add_style_tag(content=QUIET)
        notebook.panel.locator(".qm-trace").nth(1).wait_for()
        page.evaluate(OPEN.replace("OPENED", str(OPENED_IN_LAB)))
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        first, last = (notebook.cells.nth(n).bounding_box() for n in (0, 1))
        assert first is not None and last is not None
        height = last["y"] + last["height"] - first["y"]
        clip = {"x": first["x"], "y": first["y"] - 4, "width": first["width"], "height": height + 8}
        page.screenshot(path=target, clip=clip, animations="disabled")
        print(f"{target.stem}: {target.stat().st_size / 1000:.0f} kB")


def lab_pictures(browser: Browser, scratch: Path, folder: Path) -> None:
    """The same in the light and the dark theme."""
    lab = Lab(scratch / "lab")
    lab.add("traces.ipynb", lab_notebook())
    lab.start()
    try:
        for theme in ("light", "dark"):
            lab.use_theme(dark=theme == "dark")
            take_lab(browser, lab, folder / f"trace-{theme}.png")
    finally:
        lab.stop()


def main(folder: Path, name: str = "repaired") -> None:
    """All pictures; those outside JupyterLab of one of the sample traces."""
    trace = samples.ALL[name]()
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        lab_pictures(browser, Path(scratch), folder)
        for target, draw in PAGES.items():
            source = Path(scratch) / f"{target}.html"
            source.write_text(f"<!doctype html><meta charset=utf-8>{draw(trace)}", encoding="utf-8")
            take(browser, source, folder / f"{target}.png")
            print(f"{target}: {(folder / target).with_suffix('.png').stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])

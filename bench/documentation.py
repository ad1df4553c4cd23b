"""Puts the kept results into docs/benchmarks.md, so that the page cannot say other figures.

    python -m bench.documentation

What stands between `<!-- results -->` and `<!-- end of results -->` is made anew from bench/results/.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from bench.environments import ROOT
from bench.table import markdown

__all__ = ["PAGE", "RESULTS", "filled"]

PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "bench" / "results"
_BLOCK = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end of results -->)", re.DOTALL)


def filled(page: str, results: Path = RESULTS) -> str:
    """`page` with the reports of all `results`, in the order of their names.

    Raises:
        ValueError: the page has no place for them.
    """
    if not _BLOCK.search(page):
        msg = "the page has no `<!-- results -->` … `<!-- end of results -->`"
        raise ValueError(msg)
    reports = [_report(path) for path in sorted(results.glob("*.json"))]
    text = "\n\n".join(reports) or "None is kept yet."
    # A function, so that nothing in a report is read as a reference to a group.
    return _BLOCK.sub(lambda _: f"\n{text}\n\n", page)


def _report(path: Path) -> str:
    report = markdown(json.loads(path.read_text(encoding="utf-8"))).rstrip()
    # Several are of one model, so the file's name is the title.
    report = report.replace(report.splitlines()[0], f"## {path.stem}", 1)
    # The page's own headings are one level above.
    report = re.sub(r"^#", "##", report, flags=re.MULTILINE)
    return f"{report}\n\n![The same as a plot](../bench/results/{path.stem}.svg)"


def main() -> None:
    """See the module's docstring."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

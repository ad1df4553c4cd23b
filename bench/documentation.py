"""Puts tables of kept results into docs/benchmarks.md, so that the page cannot say other figures.

    python -m bench.documentation

A block begins with `<!-- result NAME PART -->` (NAME of a file in bench/results, PART as in `PARTS`) and ends
with `<!-- end -->`; what is between them is replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.environments import ROOT
from bench.table import agent_table, circumstances, notes, size_table, speed_tables, start_table

__all__ = ["PAGE", "PARTS", "RESULTS", "filled"]

PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "bench" / "results"

PARTS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "circumstances": circumstances,
    "start": start_table,
    "speed": speed_tables,
    "agent": agent_table,
    "memory": size_table,
    "versions": notes,
}
_BLOCK = re.compile(r"(<!-- result (\S+) (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, results: Path = RESULTS) -> str:
    """`page` with every block made anew.

    Raises:
        KeyError, OSError: a block names a part or a result that does not exist.
    """

    def block(found: re.Match[str]) -> str:
        result = json.loads((results / f"{found[2]}.json").read_text(encoding="utf-8"))
        return f"{found[1]}\n{PARTS[found[3]](result)}\n\n{found[4]}"

    return _BLOCK.sub(block, page)


def main() -> None:
    """See the module's docstring."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

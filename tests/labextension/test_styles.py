"""Nothing of our style sheets applies to what is not ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLE = Path(__file__).parents[2] / "labextension" / "style"
SHEETS = sorted(STYLE.glob("*.css"))
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"[.#]-?[A-Za-z_][\w-]*")


def selectors(sheet: str) -> list[str]:
    """All selectors, those inside @media and the like too; steps of @keyframes are none."""
    sheet = re.sub(r"@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", _COMMENT.sub("", sheet))
    heads = [head.strip() for head in re.findall(r"([^{};]+)\{", sheet)]
    # Commas inside :is(…) part no selectors.
    lists = (re.split(r",(?![^()]*\))", head) for head in heads if not head.startswith("@"))
    return [selector.strip() for several in lists for selector in several]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_selector_names_a_class_of_ours(path: Path) -> None:
    found = selectors(path.read_text(encoding="utf-8"))
    foreign = [
        selector for selector in found if not any(n.startswith(".qm-") for n in _NAME.findall(selector))
    ]
    assert foreign == []


def test_a_leak_would_be_found() -> None:
    sheet = "/* .qm-a */ @media (x) { .qm-a, .jp-Cell { color: red } } .qm-b :is(a, b) { x: y } body { x: y }"
    assert selectors(sheet) == [".qm-a", ".jp-Cell", ".qm-b :is(a, b)", "body"]


def test_there_are_sheets() -> None:
    assert sum(len(selectors(path.read_text(encoding="utf-8"))) for path in SHEETS) > 100

"""Runs axe-core, which checks a page for accessibility."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.lab import ROOT

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
# The pages around ours are JupyterLab's.
RULES = {"region": {"enabled": False}}


def violations(page: Page, selector: str) -> list[str]:
    """Each violation inside `selector`, with the first elements that are at fault."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "([selector, rules]) => axe.run({ include: [[selector]] }, { rules })", [selector, RULES]
    )
    assert found["passes"], "axe checked nothing"
    return [f"{item['id']}: {item['help']}: {_places(item['nodes'])}" for item in found["violations"]]


def _places(nodes: list[dict[str, str]]) -> list[str]:
    return [node["html"][:200] + node["failureSummary"][:300] for node in nodes[:3]]

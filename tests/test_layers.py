"""Imports point down only, also those for typing and those inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "qwen_magics"
LAYERS = ["widgets", "agent", "tools", "trace", "chat", "engine", "model", "config", "errors"]
TOP = ("__init__", "magics", "cli")
# An error names the types of what it carries, for typing only.
ALLOWED = {("errors", "trace"), ("errors", "chat"), ("errors", "tools")}


def layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "widgets" if first in TOP else first


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, target) for target in _targets(node))
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)


def _targets(node: ast.ImportFrom) -> list[str]:
    if node.module in (None, "qwen_magics"):
        return [f"qwen_magics.{name.name}" for name in node.names]
    return [str(node.module)]


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = layer(path)
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] != "qwen_magics" or len(parts) == 1 or parts[1].startswith("__"):
            continue
        other = "widgets" if parts[1] in TOP else parts[1]
        assert other in LAYERS, f"{path}:{line}: {name} is in no layer"
        down = LAYERS.index(own) <= LAYERS.index(other) or (own, other) in ALLOWED
        assert down, f"{path}:{line}: {own} must not know {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_relative_imports(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    assert not [node.lineno for node in nodes if isinstance(node, ast.ImportFrom) and node.level]


def test_no_third_party_ipython_below_the_widgets() -> None:
    for path in FILES:
        if layer(path) != "widgets":
            names = {name.split(".")[0] for _, name in imported(path)}
            assert not names & {"IPython", "ipywidgets"}, path


AGENT = PACKAGE / "agent"
# From top to bottom. What is in none of them, the loop and what leads to it, may know them all.
AGENT_LAYERS = ["checks", "examples", "links", "words"]


@pytest.mark.parametrize("folder", AGENT_LAYERS)
def test_what_the_agent_knows_points_down(folder: str) -> None:
    below = AGENT_LAYERS[AGENT_LAYERS.index(folder) :]
    for path in (AGENT / folder).rglob("*.py"):
        for line, name in imported(path):
            if name.startswith("qwen_magics.agent."):
                assert name.split(".")[2] in [*below, "request"], (
                    f"{path}:{line}: {folder} must not know {name}"
                )

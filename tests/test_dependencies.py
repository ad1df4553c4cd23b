"""Every third-party package that is imported is declared, and every declared one is used and explained."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Import names that differ from the distribution's.
DISTRIBUTIONS = {"IPython": "ipython", "yaml": "pyyaml"}
# Extras whose packages the product itself imports, lazily and with a message where they are missing.
FEATURES = ("api", "mcp")
# Two builds of one package, of which each machine gets one.
RUNTIMES = {"onnxruntime-gpu": "onnxruntime"}
# Used where it happens to be installed, and never needed; or those of the extra `sql`.
OPTIONAL = {
    *("certifi", "polars", "pyarrow", "pymysql", "sqlalchemy"),
    *("scipy", "statsmodels", "vl_convert"),
}


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert found is not None
    return RUNTIMES.get(found[0], found[0])


def imported() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "qwen_magics").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [n.name for n in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module)]
            found.update(name.partition(".")[0] for name in names)
    return {DISTRIBUTIONS.get(name, name) for name in found - sys.stdlib_module_names - {"qwen_magics"}}


def test_declared_is_imported() -> None:
    features = {name_of(item) for extra in FEATURES for item in PROJECT["optional-dependencies"][extra]}
    assert {name_of(item) for item in PROJECT["dependencies"]} == imported() - OPTIONAL - features
    assert features <= imported()


def test_every_dependency_has_a_lower_bound() -> None:
    extras = [item for items in PROJECT["optional-dependencies"].values() for item in items]
    for item in [*PROJECT["dependencies"], *extras]:
        assert item.startswith("qwen-magics[") or re.search(r"[>~=]=", item), item


def test_every_dependency_is_explained() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    extras = [item for items in PROJECT["optional-dependencies"].values() for item in items]
    for item in [*PROJECT["dependencies"], *extras]:
        found = re.match(r"[A-Za-z0-9_.-]+", item)
        assert found is not None
        assert found[0] == "qwen-magics" or f"`{found[0]}`" in text, (
            f"docs/dependencies.md does not mention {found[0]}"
        )


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.13", "3.14"])
@pytest.mark.parametrize(
    ("platform", "machine", "runtime"),
    [
        ("linux", "x86_64", "onnxruntime-gpu"),
        ("win32", "AMD64", "onnxruntime-gpu"),
        ("linux", "aarch64", "onnxruntime"),
        ("darwin", "arm64", "onnxruntime"),
        ("darwin", "x86_64", "onnxruntime"),
        ("win32", "ARM64", "onnxruntime"),
    ],
)
def test_each_machine_gets_exactly_one_runtime(
    python: str, platform: str, machine: str, runtime: str
) -> None:
    here = {"python_version": python, "sys_platform": platform, "platform_machine": machine}
    wanted = [Requirement(item) for item in PROJECT["dependencies"] if item.startswith("onnxruntime")]
    assert [item.name for item in wanted if item.marker is None or item.marker.evaluate(here)] == [runtime]

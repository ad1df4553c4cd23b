"""What is offered at the cursor, by the matcher itself and through a real shell's completer."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import agent
from qwen_magics.tools.databases import connect
from qwen_magics.widgets import completion
from qwen_magics.widgets.arguments import FLAGS
from qwen_magics.widgets.commands import COMMANDS

ORDERS = pd.DataFrame({"total": [1.0, 2.0], "customer": ["a", None], "no name": [1, 2], 3: [0, 0]})
NAMESPACE: dict[str, Any] = {
    "orders": ORDERS,
    "_hidden": ORDERS,
    "others": pl.DataFrame({"x": [1]}),
    "lazy": pl.LazyFrame({"x": [1]}),
    "table": pa.table({"t": [1, 2, 3]}),
    "number": 5,
    "empty": pd.DataFrame(),
}


def offered(text: str) -> list[str]:
    return [choice for choice, _ in completion.complete(text, NAMESPACE)[1]]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("%qwen how many @", ["@orders", "@others", "@table"]),
        ("%%qwen\nhow many @o", ["@orders", "@others"]),
        ("%%qwen -o top\njoin @orders to @ot", ["@others"]),
        ("n = %qwen count @or", ["@orders"]),
        ("x = 1\n%qwen count @or", ["@orders"]),
        ("%%qwen mean of @orders.", ["total", "customer"]),
        ("%%qwen mean of @orders.to", ["total"]),
        ("%%qwen\nmail me@or", []),
        ("%%qwen\na literal \\@or", []),
        ("%%qwen\n@number.", []),
        ("orders @or", []),
        ("'''\n%%qwen\n''' @or", []),
    ],
)
def test_references(text: str, choices: list[str]) -> None:
    assert offered(text) == choices


def test_sizes_and_dtypes_stand_beside() -> None:
    assert dict(completion.complete("%qwen @", NAMESPACE)[1]) == {
        "@orders": "table 2×4",
        "@others": "table 1×1",
        "@table": "table 3×1",
    }
    columns = dict(completion.complete("%qwen @orders.", NAMESPACE)[1])
    assert columns["total"] == "float64"
    assert dict(completion.complete("%qwen @table.", NAMESPACE)[1]) == {"t": "int64"}


def test_flags_and_their_values() -> None:
    every = [flag.names[-1] for flag in FLAGS]
    assert offered("%qwen -") == every
    assert offered("%%qwen --dry-run --max-s") == ["--max-steps"]
    assert offered("%%qwen -o top --seed 1 --max-s") == ["--max-steps"]
    assert "table" in offered("%%qwen --format ")
    assert offered("%%qwen --format ta") == ["table"]
    assert "qwen2.5-coder-0.5b" in offered("%qwen -m qwen2.5-c")
    assert offered("%qwen -o ") == []
    assert offered("%qwen why is -") == []
    assert offered("%%qwen\n-") == []


def test_subcommands_and_models() -> None:
    assert offered("%qwen ") == list(COMMANDS)
    assert offered("%qwen sta") == ["status"]
    assert "qwen2.5-coder-0.5b" in offered("%qwen use ")
    assert offered("%qwen help mod") == ["models"]
    assert offered("%qwen status ") == []
    assert offered("%%qwen sta") == []


def test_connected_databases(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "shop.db").execute("CREATE TABLE orders (total REAL)").connection.close()
    connect("shop", f"sqlite:///{tmp_path / 'shop.db'}")
    assert "shop" in offered("%%qwen --sql sh")


def test_registered_apis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent.session.toolbox, "_sources", {"crm": SimpleNamespace(name="crm")})
    assert offered("%%qwen --api c") == ["crm"]
    assert offered("%%qwen --api other,c") == ["crm"]


def test_functions_are_offered_as_tools() -> None:
    def stock(sku: str) -> int:
        """How many are left."""
        return len(sku)

    assert list(completion.VALUES["tools"]({"stock": stock, "x": 1, "_f": stock})) == [("stock", "function")]


def completions(shell: InteractiveShell, text: str) -> list[tuple[str, str, str]]:
    with provisionalcompleter():
        found = list(shell.Completer.completions(text, len(text)))
    return [(text[: one.start] + one.text, one.text, one.type) for one in found]


def test_a_shell_completes_questions_and_nothing_else_changes(shell: InteractiveShell) -> None:
    shell.push({"orders": ORDERS})
    assert completions(shell, "%%qwen\nhow many @or") == [
        ("%%qwen\nhow many @orders", "@orders", "table\N{NO-BREAK SPACE}2×4")
    ]
    assert completions(shell, "%qwen @orders.cu")[0][:2] == ("%qwen @orders.customer", "customer")
    assert "orders" in [text for _, text, _ in completions(shell, "orde")]
    shell.run_line_magic("unload_ext", "qwen_magics")
    assert not [one for one in completions(shell, "%%qwen\nhow many @or") if one[1] == "@orders"]


def test_loading_twice_keeps_one_matcher(shell: InteractiveShell) -> None:
    completion.install(shell)
    ours = [
        m
        for m in shell.Completer.custom_matchers
        if getattr(m, "matcher_identifier", "") == completion.IDENTIFIER
    ]
    assert len(ours) == 1

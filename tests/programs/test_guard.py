"""What may run and what may not, without running anything."""

from __future__ import annotations

import ast
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.allowed import AGGREGATES, ATTRIBUTES, BUILTINS, IO_METHODS, MODULES
from qwen_magics.tools.programs.guard import guard
from qwen_magics.tools.schema import Column, Table
from tests.programs.escapes import ESCAPES

PROGRAMS = [
    'result = orders["total"].mean()',
    'result = orders.groupby("status").agg(n=("order_id", "count"), mean=("total", "mean"))',
    'result = orders.groupby("status")["total"].agg(["min", "max", lambda s: s.quantile(0.9)])',
    'm = orders.merge(customers, on="customer_id")\nresult = m.pivot_table(index="name", columns="status", '
    'values="total", aggfunc="sum", fill_value=0)',
    'result = orders.set_index("placed")["total"].resample("MS").sum().rolling(2).mean()',
    'result = pd.crosstab(orders["status"], orders["customer_id"])',
    'result = np.polyfit(orders["order_id"], orders["total"], 1)',
    'result = stats.pearsonr(orders["order_id"], orders["total"])',
    'def size(x):\n    return "big" if x > 15 else "small"\norders["size"] = orders["total"].apply(size)',
    "result = {s: len(g) for s, g in orders.groupby('status')}",
    "result = orders.total.max()",
    "result = f\"{orders['total'].mean():.2f}\"",
    'result = orders.apply(lambda row: row["total"] * 2, axis=1)',
    'result = orders.groupby("status").apply(len, include_groups=False)',
    "orders.columns = [c.upper() for c in orders.columns]",
    'result = sm.OLS(orders["total"], sm.add_constant(orders[["order_id"]])).fit().params',
]


@pytest.mark.parametrize("source", PROGRAMS)
def test_ordinary_programs_pass(source: str, database: FrameDatabase) -> None:
    assert guard(source, database.tables).source == source


@pytest.mark.parametrize("name", ESCAPES)
def test_escapes_are_refused(name: str, database: FrameDatabase) -> None:
    with pytest.raises(QueryError) as caught:
        guard(ESCAPES[name], database.tables)
    assert caught.value.message and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "kind", "hint"),
    [
        ("import pandas as pd", "not_allowed", "there already"),
        ("result = order['total']", "unknown_name", "orders"),
        ("result = total.sum()", "unknown_name", 'orders["total"]'),
        ("result = orders.gruopby('status')", "attribute_not_allowed", "groupby"),
        ("result = orders.query('total > 1')", "attribute_not_allowed", "brackets"),
        ("result = orders.agg('avg')", "unknown_function", ""),
        ("result = orders.agg('maen')", "unknown_function", '"mean"'),
        ("result = orders.to_csv", "attribute_not_allowed", '["to_csv"]'),
        ("result = np.meen(orders)", "attribute_not_allowed", "np.mean"),
        ("result = orders[", "syntax", ""),
        ("", "empty", "result"),
        ("result = '" + "x" * 600 + "'", "too_long", ""),
        ("x = 1\n" * 1000, "too_long", ""),
        ("result = " + "-" * 200 + "1", "too_deep", ""),
        ("result = " + "(" * 300 + ")" * 300, "syntax", ""),
        ("\x00", "syntax", ""),
    ],
)
def test_a_refusal_says_what_would_be_right(
    source: str, kind: str, hint: str, database: FrameDatabase
) -> None:
    with pytest.raises(QueryError) as caught:
        guard(source, database.tables)
    assert caught.value.kind == kind
    assert hint in caught.value.hint


def test_no_list_opens_what_another_one_shuts() -> None:
    everything = ATTRIBUTES | BUILTINS | AGGREGATES | {name for names in MODULES.values() for name in names}
    assert not [name for name in everything if name.startswith("_")]
    assert not ATTRIBUTES & IO_METHODS
    forbidden = {"eval", "query", "pipe", "format", "format_map", "plot", "style", "tofile", "dump", "dumps"}
    forbidden |= {"f_back", "f_globals", "gi_frame", "tb_frame", "mro", "ctypes", "array", "attrs"}
    assert not ATTRIBUTES & forbidden
    reaching = {
        "getattr",
        "setattr",
        "type",
        "vars",
        "dir",
        "open",
        "eval",
        "exec",
        "input",
        "object",
        "super",
    }
    assert not BUILTINS & reaching
    import types

    import numpy as np
    import pandas as pd

    roots = {"pd": pd, "np": np, "np.linalg": np.linalg, "pd.offsets": pd.offsets}
    for path, module in roots.items():
        opened = {name for name in MODULES[path] if isinstance(getattr(module, name, None), types.ModuleType)}
        # A module is only reached where its own list stands beside it.
        assert {f"{path}.{name}" for name in opened} <= set(MODULES)


names = st.from_regex(r"[a-z_]{1,12}", fullmatch=True) | st.sampled_from(
    ["__class__", "__globals__", "to_csv", "gi_frame", "f_back", "eval", "query", "mean", "total", "_mgr"]
)


@settings(max_examples=300)
@given(name=names, column=names)
def test_an_attribute_outside_the_lists_never_passes(name: str, column: str) -> None:
    """Also where the data has a column of that very name."""
    table = Table("orders", (Column(column, "DOUBLE"),), 1)
    try:
        guard(f"result = orders.{name}", [table])
    except QueryError:
        return
    import pandas as pd

    plain_column = name == column and not hasattr(pd.DataFrame, name) and not name.startswith("_")
    assert name in ATTRIBUTES or plain_column


atoms = st.sampled_from(
    [
        "orders",
        "pd",
        "np",
        "x",
        "1",
        "'to_csv'",
        "'mean'",
        "len",
        "print",
        "open",
        "f'{x}'",
        "lambda x: x",
        "...",
    ]
)
attributes = st.sampled_from(
    [
        "head",
        "io",
        "__class__",
        "agg",
        "apply",
        "to_csv",
        "linalg",
        "gi_frame",
        "format",
        "mean",
        "str",
        "loc",
    ]
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, attributes).map(lambda p: f"({p[0]}).{p[1]}"),
        st.tuples(inner, attributes).map(lambda p: f"{p[0]}.{p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})({p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]}[{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]}, *{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]} for x in {p[1]}]"),
        inner.map(lambda p: f"f'{{{p}}}'" if "'" not in p else p),
        inner.map(lambda p: f"(x := {p})"),
    )


@settings(max_examples=400)
@given(expression=st.recursive(atoms, _grow, max_leaves=8))
def test_whatever_passes_says_only_what_is_listed(expression: str) -> None:
    source = f"x = 1\nresult = {expression}"
    try:
        program = guard(source, [Table("orders", (Column("total", "DOUBLE"),), 1)])
    except QueryError:
        return
    for node in ast.walk(ast.parse(program.source)):
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")
            listed = ATTRIBUTES | {"total"} | {name for names in MODULES.values() for name in names}
            assert node.attr in listed
            assert node.attr not in {"to_csv", "io", "gi_frame", "format"}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            assert node.id in BUILTINS | {"orders", "x", "pd", "np", "result"}
        assert not isinstance(node, (ast.Starred, ast.NamedExpr, ast.Import))


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_passes_or_is_refused(source: str) -> None:
    try:
        guard(source, [Table("orders", (Column("total", "DOUBLE"),), 1)])
    except QueryError as error:
        assert "\n" not in error.kind


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are of Python 3.12")
def test_newer_syntax_is_refused_as_well(database: FrameDatabase) -> None:
    with pytest.raises(QueryError):
        guard("def f[T](x):\n    return x\nresult = f(1)", database.tables)

"""Columns that were left out of a selection and are then grouped or pivoted by."""

from __future__ import annotations

import pytest

from qwen_magics.tools.programs.kept_columns import with_kept
from qwen_magics.tools.schema import Column, Table

_TABLES = [Table("t", (Column("a", "BIGINT"), Column("b", "DOUBLE"), Column("c", "VARCHAR")), 3)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'result = t[t["a"] > 1][["b"]].groupby("a").sum()',
            'result = t[t["a"] > 1][["b", "a"]].groupby("a").sum()',
        ),
        (
            'result = t[(t["a"] > 1)][["c", "b"]].pivot_table(index="a", columns="c", values="b")',
            'result = t[(t["a"] > 1)][["c", "b", "a"]].pivot_table(index="a", columns="c", values="b")',
        ),
        (
            'here = t.loc[t["a"] > 1, ["b"]]\nresult = here.pivot(index="a", columns=["c"], values="b")',
            'here = t.loc[t["a"] > 1, ["b", "a", "c"]]\n'
            'result = here.pivot(index="a", columns=["c"], values="b")',
        ),
    ],
)
def test_what_is_used_is_kept(before: str, after: str) -> None:
    assert with_kept(before, _TABLES) == after


@pytest.mark.parametrize(
    "program",
    [
        'result = t[["a", "b"]].groupby("a").sum()',
        'result = t[["b"]].groupby("d").sum()',
        'result = t[["a", "b"]][["b"]].groupby("a").sum()',
        'result = t.groupby("a")[["b"]].sum().sort_values("c")',
        'here = t[["b"]]\nhere["a"] = 1\nresult = here.groupby("a").sum()',
        't = t[["b"]]\nresult = t[["b"]].groupby("a").sum()',
        'result = t["b"].sum()',
    ],
)
def test_what_may_mean_something_else_stays(program: str) -> None:
    assert with_kept(program, _TABLES) == program

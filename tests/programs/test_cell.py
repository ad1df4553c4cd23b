"""Programs as cells: they run in the notebook, change nothing of it, and know where they come from."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.tools.programs.cell import cell_link, is_edited, notebook_cell, program_cell
from qwen_magics.tools.schema import Column, Table

TABLES = (Table("orders", (Column("total", "DOUBLE"),), 3), Table("größe", (Column("total", "DOUBLE"),), 3))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('result = orders["total"].sum()', 6.0),
        ('orders["x"] = orders["total"] * 2\nresult = orders["x"].sum()', 12.0),
        ('orders = orders[orders["total"] > 1]\nresult = orders["total"].sum()', 5.0),
        ('größe["orders"] = größe["total"]  # größe, orders\nresult = größe["orders"].sum()', 6.0),
        ('orders.insert(0, "x", 1)\nresult = orders.shape[1]', 2),
        ("orders_copy = 1\norders.loc[:, 'total'] = 0.0\nresult = orders['total'].sum() + orders_copy", 1.0),
        ("result = np.polyfit([1, 2], [2, 4], 1)[0]", 2.0),
        ("result = pd.Series([1, 2]).sum()", 3),
    ],
)
def test_a_cell_runs_as_it_stands(source: str, expected: float) -> None:
    original = pd.DataFrame({"total": [1.0, 2.0, 3.0]})
    scope = {"orders": original, "größe": original}
    exec(program_cell(source, "what?", TABLES, "cell"), scope)
    assert scope["result"] == pytest.approx(expected)
    assert original.to_dict("list") == {"total": [1.0, 2.0, 3.0]}


def test_the_link_names_the_cell_and_the_digest_the_text() -> None:
    cell = notebook_cell("x = 1", "How many\nrows? " + "long " * 40, "cell-1")
    assert cell.count("\n") == 1 and cell.endswith("x = 1")
    assert cell_link(cell) == cell_link(notebook_cell("y = 2", "?", "cell-1")) is not None
    assert cell_link(cell) != cell_link(notebook_cell("x = 1", "?", "cell-2"))
    assert not is_edited(cell) and not is_edited(cell + "\n\n")
    assert is_edited(cell + "\ny = 2") and is_edited(cell.replace("1", "2"))
    assert cell_link("x = 1") is None and is_edited("x = 1")

"""Decades across, tables on their sides, and what is correlated with what it was before."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.examples.pandas.recipes import shown
from qwen_magics.agent.examples.worked import worked_program, worked_query
from qwen_magics.agent.routing import prefers_program
from qwen_magics.tools.schema import Column, Table

MINES = Table(
    "mines",
    (
        Column("mine", "VARCHAR", categories=("'Alma'", "'Berta'")),
        Column("year", "BIGINT", samples=("1931", "1942")),
        Column("output", "DOUBLE"),
        Column("miners", "DOUBLE"),
    ),
    4,
)
ROWS = pd.DataFrame(
    {
        "mine": ["Alma", "Alma", "Berta", "Berta"],
        "year": [1931, 1939, 1931, 1942],
        "output": [2.0, 4.0, 5.0, 7.0],
        "miners": [1.0, 2.0, 3.0, 4.0],
    }
)
SAYING = (
    "A table of the average output of mines with the mine down and the decades (1930s, 1940s) across",
    "Mean output: one row per mine, one column per decade (1930s, 1940s)",
    "Average output in the 1930s and the 1940s, mines as rows and decades as columns",
)


@pytest.mark.parametrize("question", SAYING)
def test_decades_across(question: str) -> None:
    program = worked_program(question, MINES).split("```python\n")[1].removesuffix("\n```\n")
    space: dict[str, Any] = {"mines": ROWS, "pd": pd}
    exec(program, space)
    cells = space["result"].stack().dropna()
    assert dict(cells.items()) == {("Alma", 1930): 3.0, ("Berta", 1930): 5.0, ("Berta", 1940): 7.0}
    query = worked_query(question, (MINES,)).split("```sql\n")[1].removesuffix("\n```")
    connection = duckdb.connect()
    connection.register("mines", ROWS)
    rows = sorted(connection.execute(query).fetchall())
    assert rows == [("Alma", 3.0, None), ("Berta", 5.0, 7.0)]


@pytest.mark.parametrize(
    "question",
    [
        "Turn mines on its side for Alma and Berta: a column for each mine and a row for each measure.",
        "Show Alma and Berta of mines sideways, with output and miners as the rows.",
        "Transpose mines for Alma and Berta: a column for each, the output and the miners below each other.",
    ],
)
def test_tables_on_their_sides(question: str) -> None:
    assert prefers_program(question, MINES)
    text = shown(question, MINES)
    assert 'isin(["Alma", "Berta"])' in text and 'set_index("mine")[["output", "miners"]].T' in text


@pytest.mark.parametrize(
    "question",
    [
        "How strongly is the output correlated with that of eleven years earlier?",
        "Correlation of the output with the value 11 years before",
        "Correlate the output with the value eleven years ago.",
        "Pearson correlation between the output of a year and that 11 years earlier",
    ],
)
def test_correlated_with_what_it_was(question: str) -> None:
    assert prefers_program(question, MINES)
    assert 'ordered["output"].corr(ordered["output"].shift(11))' in shown(question, MINES)


def test_other_correlations() -> None:
    assert "shift" not in shown("How does the output correlate with the miners of the same year?", MINES)

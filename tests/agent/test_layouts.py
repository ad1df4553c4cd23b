"""Layouts: two years beside each other with the change, a condition on what is empty, and whose totals."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.left_out import left_out
from qwen_magics.agent.checks.normalised import normalised
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.agent.words.without import empty_columns
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

_CATCHES = Table(
    "catches",
    (
        Column("tons", "DOUBLE"),
        Column("port", "VARCHAR", categories=("'East'", "'West'")),
        Column("year", "BIGINT", samples=("1990", "1991")),
        Column("quarter", "DOUBLE", samples=("1.0", "2.0")),
        Column("landed_at", "DOUBLE", nulls=3),
    ),
    90,
)


@pytest.mark.parametrize(
    "question",
    [
        "Put the tons of 1990 and 1991 next to each other, one row per port, and add the change.",
        "The tons of 1990 and 1991 beside each other, one row for each port, with the difference",
        "Tons in 1990 and 1991 side by side, a row per port, plus the change from the one to the other",
    ],
)
def test_two_years_and_their_change(question: str) -> None:
    """A column for each year, and the later minus the earlier."""
    query = worked_query(question, [_CATCHES]).partition("```sql\n")[2].removesuffix("\n```")
    rows = pd.DataFrame(
        {"tons": [2.0, 5.0, 3.0], "port": ["East", "East", "West"], "year": [1990, 1991, 1990]}
    )
    with duckdb.connect() as connection:
        connection.register("catches", rows)
        found = connection.execute(f"{query} ORDER BY port").df()
    assert list(found.columns) == ["port", "1990", "1991", "change"]
    assert found["change"][0] == 3.0


def test_a_number_that_is_only_named() -> None:
    """The values of a column of numbers across, with no word for a mean."""
    shown = worked_query("I'd like tons laid out with a row per year and a column per quarter.", [_CATCHES])
    assert 'AVG(CASE WHEN quarter = 4 THEN tons END) AS "4"' in shown


def test_rows_that_are_called_as_a_column_is() -> None:
    """A count of them is meant, not a mean of the column."""
    columns = (Column("catch", "BIGINT"), *_CATCHES.columns[1:])
    table = Table("catch", columns, 90)
    assert worked_query("A grid of each lost catch: quarter down and port across.", [table]) == ""
    asked = "A grid of tons, the number of them: quarter down and port across."
    assert worked_query(asked, [_CATCHES]) == ""


@pytest.mark.parametrize(
    "question",
    [
        "How many catches without a landed_at are there?",
        "Catches (those with no landed_at), please",
        "Count the catches that have no landed_at by port",
        "Catches whose landed_at is missing",
    ],
)
def test_what_has_to_be_empty(question: str) -> None:
    """The condition is told, and such rows that are left aside are another thing."""
    assert [column.name for column in empty_columns(question, [_CATCHES])] == ["landed_at"]
    error = left_out(question, [_CATCHES])("SELECT COUNT(*) FROM catches")
    assert error is not None
    assert error.hint == "Add the condition landed_at IS NULL."
    assert empty_columns(f"{question} Ignore them.", [_CATCHES]) == []


def test_a_grid_of_what_is_empty() -> None:
    """The hint's query has the condition."""
    question = "A grid of lost catches (those without a landed_at): quarter down and the ports across."
    result = QueryResult(pd.DataFrame({"n": [1]}), 1, False, 0.0, ())
    error = crossing(question.replace("ports", "port"), [_CATCHES])(
        result, "SELECT COUNT(*) AS n FROM catches"
    )
    assert error is not None
    assert "WHERE landed_at IS NULL GROUP BY quarter" in error.hint


@pytest.mark.parametrize(
    ("question", "norm", "wanted"),
    [
        ("Cross table of port and species, as shares of each port's total", '"columns"', '"index"'),
        ("Crosstab of port by species as a proportion of the row totals", '"columns"', '"index"'),
        ("Crosstab of port by species in percent of the column total", '"index"', '"columns"'),
        ("Port against species, as shares of each species' total", "'index'", '"columns"'),
        ("Port against species, as shares of each port's total", "'index'", ""),
        ("Port against species, as shares of all", "True", ""),
    ],
)
def test_whose_totals(question: str, norm: str, wanted: str) -> None:
    """The program comes back with the totals that are said."""
    code = f'result = pd.crosstab(catches["port"], catches["species"], normalize={norm})'
    error = normalised(question, code)
    assert (error is not None) == bool(wanted)
    if error is not None:
        assert error.hint == f"Write: {code.replace(norm, wanted)}"

"""Named members side by side: each a column, and how often one of two is the higher. All programs run."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.examples.layouts.beside import beside, beside_example
from qwen_magics.agent.routing import prefers_program
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

_CATCHES = Table(
    "catches",
    (
        Column("port", "VARCHAR", categories=("'East'", "'West'")),
        Column("species", "VARCHAR", categories=("'cod'", "'eel'", "'hake'")),
        Column("year", "BIGINT", samples=("1990", "1991")),
        Column("tons", "DOUBLE", samples=("2.0", "5.5")),
        Column("crew", "BIGINT", samples=("3", "4")),
    ),
    8,
)
_ROWS = pd.DataFrame(
    {
        "port": ["East", "East", "West", "West", "East", "East", "West", "West"],
        "species": ["cod", "eel", "cod", "eel", "cod", "eel", "cod", "eel"],
        "year": [1990, 1990, 1990, 1990, 1991, 1991, 1991, 1991],
        "tons": [2.0, 1.0, 4.0, 6.0, 3.0, 0.5, 3.0, 9.0],
        "crew": [3, 4, 5, 6, 3, 4, 5, 6],
    }
)
_MINES = Table(
    "mines",
    (
        Column("town", "VARCHAR", samples=("'Alton'", "'Benham'")),
        Column("dug", "TIMESTAMP", samples=("'2001-02-03'", "'2002-02-03'")),
        Column("ore", "DOUBLE", samples=("2.0", "5.5")),
    ),
    90,
)
_DUG = pd.DataFrame(
    {
        "town": ["Oslo", "New York", "Alton", "Oslo"],
        "dug": pd.to_datetime(["2001-01-01", "2001-05-01", "2001-07-01", "2002-01-01"]),
        "ore": [1.0, 2.0, 3.0, 4.0],
    }
)


def _run(question: str, table: Table, rows: pd.DataFrame) -> object:
    found = beside(question, table)
    assert found is not None
    space = {"pd": pd, table.name: rows}
    exec(found.program, space)
    return space["result"]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        (
            "Set the tons of 1990 and 1991 side by side for each port and species. "
            "In how many rows is that of 1991 higher?",
            2,
        ),
        (
            "Mean tons in 1990 and 1991 next to each other per port and species. "
            "How many rows are lower in 1991?",
            2,
        ),
        ("For each port and year, tons of cod and eel side by side: how often is cod ahead of eel?", 2),
        (
            "Tons of cod and eel side by side, a row for each port and year. "
            "How often are they more than cod?",
            2,
        ),
    ],
)
def test_how_often_one_is_the_higher(question: str, count: int) -> None:
    assert _run(question, _CATCHES, _ROWS) == count
    assert prefers_program(question, _CATCHES)


def test_a_column_for_each_of_the_members() -> None:
    wide = _run("Put total tons of cod and eel side by side, one row per port", _CATCHES, _ROWS)
    assert isinstance(wide, pd.DataFrame)
    assert wide.to_dict() == {"cod": {"East": 5.0, "West": 7.0}, "eel": {"East": 1.5, "West": 15.0}}
    east = _run("Tons of cod and eel in East next to each other for each year since 1991", _CATCHES, _ROWS)
    assert isinstance(east, pd.DataFrame)
    assert east.to_dict() == {"cod": {1991: 3.0}, "eel": {1991: 0.5}}


def test_members_of_which_there_are_too_many_to_be_listed() -> None:
    """A row for each year of a date."""
    wide = _run("Show the ore of Oslo and New York side by side, one row per year.", _MINES, _DUG)
    assert isinstance(wide, pd.DataFrame)
    assert wide["Oslo"].to_dict() == {2001: 1.0, 2002: 4.0}
    assert list(wide.columns) == ["New York", "Oslo"]


@pytest.mark.parametrize(
    "question",
    [
        "In how many years do the mean tons of cod exceed those of eel?",
        "Average tons of cod and eel across all ports for each year",
        "The difference of tons of cod and eel side by side for each port",
        "Tons and crew of East and West side by side for each year",
        "Tons of cod and eel side by side for each port: how often is cod not above eel?",
        "Average tons per port with a column for each species",
        "Average tons of cod and eel for each port",
        "The tons of 1990 and 1991 next to each other, one row per port",
        "How many catches of cod and eel are there per port, side by side?",
    ],
)
def test_what_is_asked_otherwise(question: str) -> None:
    assert beside_example(question, _CATCHES) == ""


def test_a_result_without_the_members_is_sent_back() -> None:
    question = "Put tons of cod and eel side by side, one row per port and year"
    check = crossing(question, [_CATCHES])
    code = 'result = catches.loc[catches["species"].isin(["cod", "eel"]), ["year", "tons"]]'
    error = check(QueryResult(_ROWS[["year", "tons"]], 8, False, 0.0, ()), code)
    assert error is not None
    assert error.hint == f"Write: {beside(question, _CATCHES).program}"  # type: ignore[union-attr]
    wide = _run(question, _CATCHES, _ROWS)
    assert isinstance(wide, pd.DataFrame)
    assert check(QueryResult(wide.reset_index(), 4, False, 0.0, ()), code) is None

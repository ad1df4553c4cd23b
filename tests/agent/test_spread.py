"""Tables whose columns are months, years or quarters: seen as such, and asked in pandas for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from qwen_magics.agent.examples.layouts.spread import spread_of
from qwen_magics.agent.examples.pandas.recipes import shown
from qwen_magics.agent.routing import prefers_program
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.tool import ProgramTool
from qwen_magics.tools.schema import Column, Table

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
RAIN = pd.DataFrame({"station": ["a", "b"], **{month: [float(n), n + 2.0] for n, month in enumerate(MONTHS)}})


def made(name: str, columns: Sequence[str]) -> Table:
    return Table(name, (Column("place", "VARCHAR"), *(Column(c, "DOUBLE") for c in columns)), 9)


RAINY = made("rain", MONTHS)
BIRTHS = made("births", [str(year) for year in range(1960, 1990)])
SALES = made("sales", ["Q1", "Q2", "Q3", "Q4"])


@pytest.mark.parametrize(
    ("columns", "unit"),
    [
        (MONTHS, "month"),
        (["January", "February", "May"], "month"),
        (["1999", "2000", "2001"], "year"),
        (["Y1999", "Y2000", "Y2001"], "year"),
        (["Q1", "Q2", "Q3", "Q4"], "quarter"),
        (["Mon", "Tue", "Wed"], "weekday"),
        (["may", "price", "march"], ""),
        (["1", "2", "3"], ""),
        (["2050a", "2051a", "2052a"], ""),
        (["year", "month", "day"], ""),
    ],
)
def test_columns_that_are_moments(columns: list[str], unit: str) -> None:
    found = spread_of(made("t", columns))
    assert (found.unit if found is not None else "") == unit


def test_columns_of_text_are_none() -> None:
    assert spread_of(Table("t", tuple(Column(month, "VARCHAR") for month in MONTHS), 1)) is None


@pytest.mark.parametrize(
    ("table", "question", "program"),
    [
        (RAINY, "average of each of the twelve months over all stations", True),
        (RAINY, "which month has the highest mean?", True),
        (RAINY, "monthly means", True),
        (RAINY, "how many of all monthly amounts are over 4?", True),
        (RAINY, "in how many cases, in any month, did it rain less than 2?", True),
        (RAINY, "no matter which month: how many values are below 3?", True),
        (RAINY, "the rain month by month, averaged", True),
        (RAINY, "whatever the month, how many amounts exceed 7?", True),
        (RAINY, "mean of the month with the most rain", True),
        (RAINY, "how much did it rain in January, each month of it", False),
        (RAINY, "stations by name", False),
        (RAINY, "the rain in long form", True),
        (RAINY, "unpivot the months", True),
        (RAINY, "how much did it rain in JAN?", False),
        (RAINY, "which station had most rain in MAR?", False),
        (RAINY, "how many stations are there?", False),
        (BIRTHS, "mean per year over all places", True),
        (BIRTHS, "how did each year compare with 1960?", False),
        (BIRTHS, "which places were above 6 in 1960 and below 2 in 1985?", False),
        (BIRTHS, "mean over all places, for every year from 1970 to 1980", True),
        (BIRTHS, "yearly averages between 1970 and 1980", True),
        (BIRTHS, "annual averages, 1970–1980", True),
        (BIRTHS, "which year from 1970 to 1980 has the lowest mean?", True),
        (BIRTHS, "average for each place from 1970 to 1975", True),
        (BIRTHS, "average of the 1970s per place", True),
        (BIRTHS, "highest value since 1980", True),
        (BIRTHS, "how did it go year by year from 1970 to 1980?", True),
        (BIRTHS, "by how much did each place fall from 1970 to 1980?", False),
        (BIRTHS, "which place grew most between 1970 and 1980?", False),
        (BIRTHS, "difference of 1960 and 1985 in every place", False),
        (BIRTHS, "highest value of 1980", False),
        (BIRTHS, "which places are there?", False),
        (BIRTHS, "average from 1970 to 1980 compared with 1960", False),
        (SALES, "total of every quarter", True),
        (SALES, "quarterly totals", True),
        (SALES, "which place sold most in the first quarter, of all quarters?", False),
        (SALES, "total of every month", False),
        (made("t", ["a", "b", "c"]), "average of each month", False),
    ],
)
def test_questions_about_all_of_them_are_for_pandas(table: Table, question: str, program: bool) -> None:
    assert prefers_program(question, table) == program


@pytest.mark.parametrize(
    ("question", "sizes"),
    [
        ("average of each month", [12, 24]),
        ("the average rain in long form", [12, 24]),
        ("the rain in long form", [24]),
    ],
)
def test_the_examples_run(question: str, sizes: list[int]) -> None:
    with FrameDatabase({"rain": RAIN}) as database, ProgramTool(database.prepared, database.tables) as tool:
        text = shown(question, database.tables[0])
        programs = [part.split("\n```")[0] for part in text.split("```python\n")[1:]]
        rows = [tool.run(program).rows for program in programs]
        assert sorted(rows) == sizes
        # What is nearest to the question stands last.
        assert rows[-1] == (24 if "long" in question else 12)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many of all the monthly amounts are over 5?", 14),
        ("number of amounts below 2, whatever the month", 14),
    ],
)
def test_cells_are_counted_one_by_one(question: str, expected: int) -> None:
    with FrameDatabase({"rain": RAIN}) as database, ProgramTool(database.prepared, database.tables) as tool:
        last = shown(question, database.tables[0]).split("```python\n")[-1].split("\n```")[0]
        assert tool.run(last.replace("> 10", "> 5")).frame.iat[0, 0] == expected


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("mean over all places, for every year from 1970 to 1980", (11, 2)),
        ("yearly averages of the 1970s", (10, 2)),
        ("yearly averages since 1985", (5, 2)),
        ("average from 1970 to 1972 for each place", (2, 2)),
    ],
)
def test_a_span_of_years_is_cut_out(question: str, shape: tuple[int, int]) -> None:
    years = {str(year): [1.0, 2.0] for year in range(1960, 1990)}
    frame = pd.DataFrame({"place": ["a", "b"], **years})
    with FrameDatabase({"births": frame}) as database:
        last = shown(question, database.tables[0]).split("```python\n")[-1].split("\n```")[0]
        with ProgramTool(database.prepared, database.tables) as tool:
            assert tool.run(last).frame.shape == shape


def test_stations_are_no_cells() -> None:
    with FrameDatabase({"rain": RAIN}) as database:
        text = shown("how many stations had less than 2 in any month?", database.tables[0])
        assert ".sum()" not in text
        last = text.split("```python\n")[-1].split("\n```")[0]
        with ProgramTool(database.prepared, database.tables) as tool:
            assert tool.run(last.replace("> 10", "> 11")).typed() == ("number", 1)


@pytest.mark.parametrize(
    ("question", "expected"),
    [("highest of all monthly amounts", 13.0), ("the lowest amount in any month", 0.0)],
)
def test_one_cell_of_them_all(question: str, expected: float) -> None:
    with FrameDatabase({"rain": RAIN}) as database, ProgramTool(database.prepared, database.tables) as tool:
        last = shown(question, database.tables[0]).split("```python\n")[-1].split("\n```")[0]
        assert tool.run(last).frame.iat[0, 0] == expected


def test_columns_with_others_between_are_made_long() -> None:
    columns = (
        Column("1990", "DOUBLE"),
        Column("a", "VARCHAR"),
        Column("1991", "DOUBLE"),
        Column("1992", "DOUBLE"),
    )
    found = spread_of(Table("t", columns, 3))
    assert found is not None and not found.together
    assert ".loc[" not in found.examples("average for each year from 1990 to 1992")

"""Tables whose columns are months, years or quarters: seen as such, and asked in pandas for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from qwen_magics.agent.recipes import shown
from qwen_magics.agent.routing import prefers_program
from qwen_magics.agent.spread import spread_of
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
        (RAINY, "monthly means", False),
        (RAINY, "the rain in long form", True),
        (RAINY, "unpivot the months", True),
        (RAINY, "how much did it rain in JAN?", False),
        (RAINY, "which station had most rain in MAR?", False),
        (RAINY, "how many stations are there?", False),
        (BIRTHS, "mean per year over all places", True),
        (BIRTHS, "how did each year compare with 1960?", False),
        (BIRTHS, "which places were above 6 in 1960 and below 2 in 1985?", False),
        (SALES, "total of every quarter", True),
        (SALES, "total of every month", False),
        (made("t", ["a", "b", "c"]), "average of each month", False),
    ],
)
def test_questions_about_all_of_them_are_for_pandas(table: Table, question: str, program: bool) -> None:
    assert prefers_program(question, table) == program


@pytest.mark.parametrize("question", ["average of each month", "the rain in long form"])
def test_the_examples_run(question: str) -> None:
    with FrameDatabase({"rain": RAIN}) as database, ProgramTool(database.prepared, database.tables) as tool:
        text = shown(question, database.tables[0])
        programs = [part.split("\n```")[0] for part in text.split("```python\n")[1:]]
        rows = [tool.run(program).rows for program in programs]
        assert sorted(rows) == [12, 24]
        # What is nearest to the question stands last.
        assert rows[-1] == (24 if "long" in question else 12)

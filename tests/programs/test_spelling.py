"""Columns in another letter case than theirs."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.voting import signature
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.spelling import with_spelling
from qwen_magics.tools.programs.tool import ProgramTool

CARS = pd.DataFrame({"Horse_Power": [90.0, 130.0], "Name": ["a", "name"], "Year": [1970, 1971], "k": [1, 2]})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('result = cars["horse_power"].max()', 'result = cars["Horse_Power"].max()'),
        (
            'result = cars["horse power"].corr(cars["year"])',
            'result = cars["Horse_Power"].corr(cars["Year"])',
        ),
        ('result = cars[cars["name"] == "name"]', 'result = cars[cars["Name"] == "name"]'),
        ('result = cars[cars["Name"].isin(["name"])]', 'result = cars[cars["Name"].isin(["name"])]'),
        ('cars["year"] = 1\nresult = cars["year"]', 'cars["year"] = 1\nresult = cars["year"]'),
        ('result = cars.rename(columns={"name": "year"})', 'result = cars.rename(columns={"Name": "year"})'),
        ('é = "é"\nresult = [é, cars["K"]]', 'é = "é"\nresult = [é, cars["k"]]'),
    ],
)
def test_only_columns_are_put_right(written: str, meant: str) -> None:
    with FrameDatabase({"cars": CARS}) as database:
        assert with_spelling(written, database.tables) == meant


def test_two_columns_that_differ_in_case_only_stay() -> None:
    with FrameDatabase({"t": pd.DataFrame({"a_b": [1], "a b": [2]})}) as database:
        assert with_spelling('result = t["A_B"]', database.tables) == 'result = t["A_B"]'


def test_the_program_that_ran_is_the_one_that_is_shown() -> None:
    with (
        FrameDatabase({"cars": CARS}) as database,
        ProgramTool(database.prepared, database.tables) as tool,
    ):
        checked = tool.check('result = cars["horse_power"].max()')
        assert checked == 'result = cars["Horse_Power"].max()'
        assert tool.run(checked).typed() == ("number", 130.0)


def test_results_with_missing_values_of_any_kind_can_be_voted_on() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [None, "x"]})
    assert signature(frame) == signature(frame.iloc[::-1])

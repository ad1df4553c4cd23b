"""Which clause asks: one number after what was done for each of something, or a number of each."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.words.asking_clause import asks_one_number
from qwen_magics.tools.result import QueryResult

ONE = (
    "Take the total weight of each crate. How many crates are heavier than the average crate?",
    "Work out the highest price for each shop. In how many shops was it above 90?",
    "Add up the rainfall of every week. What percentage of weeks had more than 40 mm?",
    "Compute the mean score of each class, then count how many classes are below 5.",
    "Taking the peak in each hour, how often was it above 200?",
    "Look at the lowest reading for each sensor. On how many sensors is it negative?",
    "Sum up the goals of every team; what is the mean of those sums?",
    "We add up the sales in each month. Give the number of months above 1000.",
    "Using the median of each ward, what share of wards is above 12?",
    "Let us take the longest trip of each driver. Now how many of them were over 500 km?",
    "Add up the rain by quarter of each year. How much fell in the wettest quarter?",
    "Sum the sales of each shop. What is the largest total?",
    "Average the marks of each class. How high is the best mean?",
)
OF_EACH = (
    "For each crate, how many parts are in it?",
    "Take each shop. How many sales has it?",
    "Take the year 2020. How many sales are there for each shop?",
    "How often was each sensor negative, for each month?",
    "For every team, what percentage of games was won?",
    "Give the mean score of each class.",
    "Take the sales of 2021. What percentage of them is there in each month, and how many?",
    "Look at the prices of each shop. What is the highest one of each?",
    "Compute for each ward, how many beds it has.",
)


@pytest.mark.parametrize("question", ONE)
def test_one_number_is_asked_for(question: str) -> None:
    assert asks_one_number(question)
    result = QueryResult(pd.DataFrame({"n": [3]}), 1, False, 0.0, ())
    assert demand("auto", question)(result, "SELECT COUNT(*) AS n FROM t") is None


@pytest.mark.parametrize("question", OF_EACH)
def test_a_number_of_each_is_asked_for(question: str) -> None:
    assert not asks_one_number(question)


def test_one_row_for_each_is_still_missed() -> None:
    result = QueryResult(pd.DataFrame({"n": [3]}), 1, False, 0.0, ())
    error = demand("auto", "For each crate, what is the number of parts in it?")(
        result, "SELECT COUNT(*) FROM t"
    )
    assert error is not None and error.kind == "one_row"

"""Two stages over one table: which wordings get the whole query, and that it gives what pandas gives."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.examples.whole.compared_stages import staged
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import MYSQL

_ROWS = pd.DataFrame(
    {
        "farm": ["a", "b", "c", "d"] * 2,
        "region": ["North", "North", "South", "South"] * 2,
        "year": [2001] * 4 + [2004] * 4,
        "milk_yield": [10.0, 20.0, 30.0, 70.0, 40.0, 10.0, 20.0, 50.0],
        "cow_weight": [500.0, 700.0, 400.0, 450.0, 550.0, 650.0, 500.0, 400.0],
        "price": [1.0, 2.0, 3.0, 4.0, 2.0, 2.0, 3.0, 5.0],
        "totfeed": [4.0, 8.0, 6.0, 2.0, 10.0, 10.0, 5.0, 15.0],
        "hayfeed": [1.0, 4.0, 3.0, 2.0, 5.0, 5.0, 5.0, 5.0],
    }
)
_FARMS = Table(
    "farms",
    (
        Column("farm", "VARCHAR"),
        Column("region", "VARCHAR", categories=("'North'", "'South'")),
        Column("year", "BIGINT", samples=("2001", "2004")),
        *(Column(name, "DOUBLE") for name in ("milk_yield", "cow_weight", "price", "totfeed", "hayfeed")),
    ),
    8,
)


def rows(question: str) -> list[tuple[object, ...]]:
    """What the example's query gives; nothing where there is none."""
    found = staged(question, [_FARMS])
    if found is None:
        return []
    with duckdb.connect() as connection:
        connection.register("farms", _ROWS)
        return sorted(connection.execute(found.query).fetchall())


def above(sign: int, column: str) -> pd.DataFrame:
    """Rows on one side of the mean of their region."""
    return _ROWS[(_ROWS[column] - _ROWS.groupby("region")[column].transform("mean")) * sign > 0]


@pytest.mark.parametrize(
    "question",
    [
        "Take only the farms whose cow weight is above the average of their own region. What is the mean "
        "milk yield of those, region by region?",
        "Average milk_yield by region of the farms that weigh more than the average of their region",
        "For farms heavier than their region's average, give the average milk yield per region.",
        "Considering rows with a cow_weight higher than the mean cow_weight in their region: average "
        "milk_yield for each region?",
        "Farms with a cow weight exceeding the mean for their own region: what do they yield on average "
        "(milk_yield), by region?",
    ],
)
def test_above_the_mean_of_their_own_group(question: str) -> None:
    """The condition compares with the group's mean, and the figure is of another column."""
    wanted = above(1, "cow_weight").groupby("region")["milk_yield"].mean()
    assert rows(question) == list(wanted.items())


def test_below_and_over_all_groups() -> None:
    """Below, and one number where no groups are asked for."""
    question = (
        "What is the average milk_yield of farms whose price is lower than the average of their region?"
    )
    assert rows(question) == [(above(-1, "price")["milk_yield"].mean(),)]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Of the two farms with the highest milk_yield in 2001, how many were again among the two highest "
         "in 2004?", [(1,)]),
        ("How many of the 2 farms with the best milk yield in 2001 were still in the top 2 of 2004?", [(1,)]),
        ("How many farms were among the top two by milk_yield in both 2001 and 2004? Two farms are enough.",
         [(1,)]),
        ("Which of the two farms with the highest milk yield in 2001 are also among the two highest in 2004?",
         [("d",)]),
        ("Which of the two farms with the highest milk_yield in 2001 were no longer in the top two in 2004?",
         [("c",)]),
        ("Which of the two farms with the lowest milk_yield in 2001 were again among the two lowest in 2004?",
         [("b",)]),
    ],
)  # fmt: skip
def test_the_same_ones_at_the_top_of_two_years(question: str, wanted: list[tuple[object, ...]]) -> None:
    """Two inner queries, each with its own year and its own LIMIT."""
    assert rows(question) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "What was the average price in the year with the highest average milk_yield?",
        "In the year with the highest average milk yield, what was the average price?",
        "Mean price of the year which had the highest mean milk_yield",
        "During the year when the average milk_yield was highest, what was the average price?",
        "Take the year with the greatest average milk_yield: how high was the price on average?",
    ],
)
def test_in_the_year_in_which_an_average_was_highest(question: str) -> None:
    """The year is found by its average, not by its highest row."""
    assert rows(question) == [(_ROWS[_ROWS["year"] == 2001]["price"].mean(),)]


@pytest.mark.parametrize(
    "question",
    [
        "By what factor did the total revenue (milk_yield times price) of the North exceed that of the South "
        "in 2001?",
        "How many times as large as in the South was the revenue (milk_yield * price)",
        "What is the ratio of revenue, milk_yield multiplied by price, of North to South in 2001?",
    ],
)
def test_a_multiple_of_products(question: str) -> None:
    """Each side adds up its own products."""
    both = "North" in question
    assert rows(question) == ([(50 / 370,)] if both else [])


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("In 2001, what percent of tot feed was hay feed? Use the sums of hayfeed and totfeed.", 50.0),
        ("What percentage of the total totfeed was hayfeed in 2004?", 50.0),
        ("What share of totfeed is hayfeed, over all farms, in 2001?", 0.5),
        ("Summed over all farms, what fraction of totfeed was made up of hayfeed?", 30 / 60),
    ],
)
def test_one_sum_as_a_part_of_another(question: str, wanted: float) -> None:
    """Both are summed over the same rows."""
    assert rows(question) == [(wanted,)]


@pytest.mark.parametrize(
    "question",
    [
        "What is the average milk_yield by region?",
        "How many farms are heavier than the average?",
        "Which farm had the highest milk_yield in 2001?",
        "What share of the farms is in the North?",
        "By what factor is the price of the North higher than that of the South?",
        "What was the price in the year with the highest milk_yield?",
    ],
)
def test_of_no_such_kind(question: str) -> None:
    """Where something is open, there is no example."""
    assert staged(question, [_FARMS]) is None


def test_shown_as_a_worked_example() -> None:
    """In a fence, beside what it says; MySQL takes no LIMIT right inside IN."""
    question = (
        "Of the two farms with the highest price in 2001, how many were again among the two highest in 2004?"
    )
    shown = worked_query(question, [_FARMS])
    assert shown.startswith("Question: how many of the 2 farm first by price")
    assert ") AS late)" in worked_query(question, [_FARMS], MYSQL)

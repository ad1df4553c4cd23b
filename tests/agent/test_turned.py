"""Worked examples the question's way round."""

from __future__ import annotations

import re

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import SQL_RECIPES
from qwen_magics.agent.examples.turned import turned

_BEST = ("for each shop_id, which product has the highest price?", "SELECT x ORDER BY price DESC LIMIT 1")
_MEAN = ("average price per shop_id", "SELECT shop_id, AVG(price) AS mean FROM sales GROUP BY shop_id")


@pytest.mark.parametrize(
    "question",
    [
        "Which cheese of each farm has the lowest fat?",
        "the cheapest room of every hotel",
        "Per county, the school with the fewest pupils",
        "the least loved song of each album, the lowest first",
    ],
)
def test_lowest_is_asked(question: str) -> None:
    example, query = turned(*_BEST, question)
    assert example == "for each shop_id, which product has the lowest price?"
    assert query == "SELECT x ORDER BY price LIMIT 1"


@pytest.mark.parametrize(
    "question",
    [
        "Which cheese of each farm has the most fat?",
        "the longest river of each country",
        "of farms with at least 5 cows, the one with the best milk",
        "the range from the lowest to the highest price",
        "the cheapest room of the most popular hotel",
        "clubs with at least three goals",
        "show the lowest first",
    ],
)
def test_the_way_round_stays(question: str) -> None:
    assert turned(*_BEST, question) == _BEST


def test_most_sales_become_fewest() -> None:
    asked = turned("take the shop with the most sales", "… ORDER BY COUNT(*) DESC", "the fewest visits?")
    assert asked == ("take the shop with the fewest sales", "… ORDER BY COUNT(*)")


def test_two_orders_are_left() -> None:
    example = ("the best of the ten with the highest price", "… DESC LIMIT 10) … DESC LIMIT 1")
    assert turned(*example, "the lowest of …") == example


@pytest.mark.parametrize(
    ("question", "told", "written"),
    [
        ("total rent per district", "total", "SUM(price) AS total"),
        ("the rents of each district, added up", "total", "SUM(price) AS total"),
        ("Median rent by district", "median", "MEDIAN(price) AS median"),
    ],
)
def test_another_computation(question: str, told: str, written: str) -> None:
    example, query = turned(*_MEAN, question)
    assert example == f"{told} price per shop_id"
    assert query == f"SELECT shop_id, {written} FROM sales GROUP BY shop_id"


@pytest.mark.parametrize(
    "question",
    ["mean rent per district", "rents by district", "average of the total rent", "total and median rent"],
)
def test_the_computation_stays(question: str) -> None:
    assert turned(*_MEAN, question) == _MEAN


def test_counted_cases_are_no_measure() -> None:
    example = ("average share", "SELECT AVG(CASE WHEN price > 1 THEN 1 END) FROM sales")
    assert turned(*example, "the total share") == example


@pytest.mark.parametrize("question", ["the lowest weight", "total weight", "median of weight", "mean weight"])
def test_every_example_still_runs(question: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE sales (price DOUBLE, weight DOUBLE, rating DOUBLE, shop_id INTEGER,"
            " product VARCHAR, city VARCHAR, sold_at DATE, paid_at DATE,"
            " week INTEGER, year INTEGER, quarter INTEGER, month INTEGER, day INTEGER)"
        )
        for recipe in SQL_RECIPES:
            query = recipe.duckdb or recipe.query
            _, changed = turned(recipe.question, query, question)
            if changed != query and not re.search(r"\b(shops|products|cities)\b", query):
                connection.execute(changed)


def test_the_first_for_the_latest() -> None:
    example = ("price of the latest sale of each shop_id", "SELECT shop_id, MAX(sold_at) FROM sales")
    assert turned(*example, "the first patient of every ward") == (
        "price of the first sale of each shop_id",
        "SELECT shop_id, MIN(sold_at) FROM sales",
    )
    assert turned(*example, "the last patient of every ward, first name only") == example

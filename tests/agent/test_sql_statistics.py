"""Statistics in SQL: the examples' numbers are those of pandas, and other words find the same examples."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing

import duckdb
import numpy as np
import pandas as pd
import pytest

from qwen_magics.agent.examples.sql.deviations import SQL_DEVIATIONS
from qwen_magics.agent.examples.sql.distributions import SQL_DISTRIBUTIONS, SQL_WINDOWS
from qwen_magics.agent.examples.sql.recipes import SQL_RECIPES
from qwen_magics.agent.examples.sql.statistics import SQL_STATISTICS
from qwen_magics.tools.databases import aggregates

OURS = (*SQL_STATISTICS, *SQL_DISTRIBUTIONS, *SQL_DEVIATIONS, *SQL_WINDOWS)
_RANDOM = np.random.default_rng(7)
SALES = pd.DataFrame(
    {
        "shop_id": [1, 2, 3, 4] * 15,
        "product": [f"p{n}" for n in range(60)],
        "price": _RANDOM.integers(1, 30, 60) ** 1.5,
        "weight": _RANDOM.integers(1, 9, 60),
        "rating": _RANDOM.random(60),
        "sold_at": pd.date_range("1999-03-01", periods=60, freq="73D"),
    }
)
SALES["weight"] = SALES["weight"] + SALES["price"] / 9
PRICE, WEIGHT = SALES["price"], SALES["weight"]
Z = (PRICE - PRICE.mean()) / PRICE.std()
SLOPE, INTERCEPT = np.polyfit(WEIGHT, PRICE, 1)
YEARLY = SALES.groupby(SALES["sold_at"].dt.year)["price"].mean().loc[2001:2010]
MEANS = SALES.groupby("shop_id")[["price", "weight"]].mean()
OWN = SALES.groupby("shop_id")["price"]
QUARTILES = tuple(PRICE.quantile([0.25, 0.5, 0.75]))
MONTHLY = PRICE.groupby(SALES["sold_at"].dt.to_period("M")).count()

VALUES = {
    "slope of a straight line through the yearly": [np.polyfit(YEARLY.index, YEARLY, 1)[0]],
    "autocorrelation": [PRICE.autocorr(2)],
    "correlation of the price with the weight 2 rows": [PRICE.corr(WEIGHT.shift(2))],
    "Spearman": [PRICE.corr(WEIGHT, method="spearman")],
    "in which shop_id is the correlation": [
        max((g["price"].corr(g["weight"]), shop) for shop, g in SALES.groupby("shop_id"))[1]
    ],
    "which column correlates": [SALES[["weight", "rating"]].corrwith(PRICE).abs().idxmax()],
    "correlation matrix": [PRICE.corr(WEIGHT)],
    "covariance": [PRICE.cov(WEIGHT)],
    "R squared": [PRICE.corr(WEIGHT) ** 2],
    "over all shop_id, the correlation": [MEANS["price"].corr(MEANS["weight"])],
    "how does the price correlate": [PRICE.corr(WEIGHT)],
    "how far is each product's price above the line": [(PRICE - INTERCEPT - SLOPE * WEIGHT).iloc[0]],
    "what price does a linear fit": [INTERCEPT + SLOPE * 10],
    "intercept of a linear fit": [INTERCEPT],
    "slope of a linear fit of price on weight": [SLOPE],
    "interquartile range of the price": [QUARTILES[2] - QUARTILES[0]],
    "quartiles of the price": [*QUARTILES],
    "upper quartile": [QUARTILES[2]],
    "lower quartile": [QUARTILES[0]],
    "how many sales have a price above the 90th": [PRICE.gt(PRICE.quantile(0.9)).sum()],
    "the 10th, 50th and 90th": [*PRICE.quantile([0.1, 0.5, 0.9])],
    "the 90th percentile of the price": [PRICE.quantile(0.9)],
    "median absolute deviation": [(PRICE - PRICE.median()).abs().median()],
    "kurtosis": [PRICE.kurt()],
    "skewness": [PRICE.skew()],
    "how many sales have a price more than 2 standard deviations above": [(Z > 2).sum()],
    "how many sales have a price more than 2 standard deviations below": [(Z < -2).sum()],
    "how many sales have a price more than 2 standard deviations away": [(Z.abs() > 2).sum()],
    "what percentage of the sales have a price more than 2 standard deviations above": [100 * (Z > 2).mean()],
    "z-score of each product's price": [Z.iloc[0]],
    "highest moving average": [PRICE.rolling(3).mean().max()],
    "summary statistics": [1, 15, OWN.mean()[1], OWN.std()[1], OWN.min()[1], OWN.quantile(0.25)[1]],
    "number of sales per month": ["1999-03", 1, 1],
}


def query(start: str, system: str) -> str:
    recipe = min((r for r in OURS if r.question.startswith(start)), key=lambda r: len(r.question))
    return {"duckdb": recipe.duckdb, "sqlite": recipe.sqlite}.get(system) or recipe.query


@pytest.mark.parametrize("start", VALUES)
def test_the_numbers_are_those_of_pandas(start: str) -> None:
    with duckdb.connect() as connection:
        connection.register("sales", SALES)
        rows = [connection.execute(query(start, system)).fetchall() for system in ("", "duckdb")]
    with closing(sqlite3.connect(":memory:")) as other:
        aggregates.register(other)
        SALES.assign(sold_at=SALES["sold_at"].dt.strftime("%Y-%m-%d")).to_sql("sales", other, index=False)
        rows.append(other.execute(query(start, "sqlite")).fetchall())
    for found in rows:
        first = min(found)[: len(VALUES[start])]
        if "each product" in start:
            first = next(row for row in found if row[0] == "p0")[1:]
        if isinstance(VALUES[start][0], str):
            assert str(first[0])[:7] == VALUES[start][0]
        else:
            assert list(first) == pytest.approx(list(map(float, VALUES[start])))


def test_outliers_of_two_sides() -> None:
    low, _, high = QUARTILES
    outside = PRICE.lt(low - 1.5 * (high - low)) | PRICE.gt(high + 1.5 * (high - low))
    with duckdb.connect() as connection:
        connection.register("sales", SALES)
        (found,) = connection.execute(query("how many sales have a price that is", "duckdb")).fetchall()
    assert found == (outside.sum(),)


def nearest(question: str) -> str:
    asked = (r for r in SQL_RECIPES if not r.counted and re.search(r.pattern, question, re.IGNORECASE))
    return next((r.question for r in asked), "")


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Fit a straight line of fuel on distance over all trips; its slope?", "slope of a linear fit"),
        ("How many litres more per extra kilometre, by least squares?", "slope of a linear fit"),
        ("REGR_SLOPE of rent on area", "slope of a linear fit"),
        (
            "For each depot, the slope of a linear fit of delay on load",
            "slope of a linear fit of price on we",
        ),
        ("intercept of the regression line of rent on area", "intercept"),
        ("By linear regression of fare on distance, what fare is expected for 12 km?", "what price does"),
        ("residual of each flat's rent from the regression line on area", "how far is each product's"),
        ("gradient of the trend line through the average wage of each year", "slope of a straight line thr"),
        ("In which district is the correlation of rent and area strongest?", "in which shop_id is the cor"),
        ("correlation of rent and area, district by district", "correlation of price and weight within"),
        ("How closely are age and wage related?", "how does the price"),
        ("What is the correlation between wait and miles per gallon?", "how does the price"),
        ("Is a day's rain correlated with the rain of the day before?", "correlation of the price with the"),
        ("autocorrelation of rain at lag 3", "autocorrelation"),
        ("correlation between the average wage and the average age of the teams", "over all shop_id"),
        ("How much of the variance of rent does area explain?", "R squared"),
        ("pairwise correlations of rent, area and age", "correlation matrix"),
        ("Which field correlates most strongly with rent?", "which column"),
        ("rank correlation (Spearman) of age and wage", "Spearman"),
        ("sample covariance of age and wage", "covariance"),
        ("95th percentile of rent per district", "the 90th percentile of the price in each"),
        ("what is the 99th percentile of the wait?", "the 90th percentile of the price"),
        ("percentiles 50, 95 and 99 of the wait", "the 10th, 50th"),
        ("How many calls are longer than the 95th percentile?", "how many sales have a price above the 90th"),
        ("IQR of the rent", "interquartile"),
        ("third quartile of the wait", "upper quartile"),
        ("Which values cut the rents into four equal parts?", "quartiles"),
        (
            "How many rents are more than 3 standard deviations from the mean?",
            "how many sales have a price more",
        ),
        ("Which rents are over two standard deviations above the mean?", "which product have a price more"),
        (
            "What share of waits is beyond two sigma above the mean?",
            "what percentage of the sales have a price",
        ),
        ("how many rents are outliers by the 1.5 IQR rule?", "how many sales have a price that is an outl"),
        ("z-score of each runner's time within its own club", "z-score of each product's price within"),
        ("How many standard deviations above the mean was 1957?", "z-score"),
        ("how skewed is the rent?", "skewness"),
        ("median absolute deviation of the waits", "median absolute"),
        ("count of visitors aged 0-17, 18-64 and 65-100", "number of sales in price bands"),
        ("peak of the moving average of the fare over 4 visits", "highest moving average"),
        ("number of births per month with its 3-month rolling mean", "number of sales per month and its"),
        ("describe the rent by district: mean, std, min, max", "summary statistics"),
        ("cross table of breed and colour", "cross table of shop_id and product: the"),
        ("crosstab of breed and colour, as shares of each breed", "cross table of shop_id and product, as"),
    ],
)
def test_other_words_find_the_example(question: str, start: str) -> None:
    assert nearest(question).startswith(start)


@pytest.mark.parametrize(
    "question",
    [
        "what is the average rent in the table of flats?",
        "which orders are related to customer 12?",
        "league table of drivers by total points",
        "how many sales have a price above 100?",
        "average rent per district",
        "which lines of the underground are steepest?",
        "on which days was the wait longer than on the day before?",
        "how many cars have more than 30 miles per gallon?",
        "number of visits between 2021-03-01 and 2021-03-31",
        "total revenue in the third quarter of 2021",
    ],
)
def test_what_is_no_statistics_finds_none_of_them(question: str) -> None:
    assert nearest(question) not in {recipe.question for recipe in OURS}


@pytest.mark.parametrize(
    "text", ["a, and b ", "1, 2, 3 ", "correlation of mean ", "line by each most slope "]
)
def test_a_long_question_is_read_fast(text: str) -> None:
    began = time.perf_counter()
    for recipe in OURS:
        re.search(recipe.pattern, (text * 400)[:800], re.IGNORECASE)
    assert time.perf_counter() - began < 2

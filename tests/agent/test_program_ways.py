"""Worked pandas examples of reshaping and statistics: what they give, and who sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qwen_magics.agent.examples.pandas.recipes import nearest
from qwen_magics.agent.examples.pandas.reshaping import RESHAPING_WAYS
from qwen_magics.agent.examples.pandas.spreads import SPREAD_WAYS
from qwen_magics.agent.examples.pandas.statistical_ways import STATISTICAL_WAYS
from qwen_magics.agent.routing import prefers_program
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.tool import ProgramTool

WAYS = (*STATISTICAL_WAYS, *SPREAD_WAYS, *RESHAPING_WAYS)
RANDOM = np.random.default_rng(1)
SALES = pd.DataFrame(
    {
        "shop_id": RANDOM.integers(1, 4, 80),
        "city": RANDOM.choice(["Rome", "Oslo"], 80),
        "product": RANDOM.choice(["a", "b", "c"], 80),
        "price": [*RANDOM.gamma(2, 3, 79), np.nan],
        "weight": RANDOM.gamma(2, 3, 80),
        "rating": RANDOM.normal(5, 1, 80),
        "sold_at": pd.date_range("2020-01-05", periods=80, freq="20D"),
    }
)
SAID = {
    "p-value of a paired": (
        "paired t-test of blood pressure at visit 1 and visit 2, p",
        "do left and right eye differ, paired test, p-value?",
    ),
    "p-value of a one-sample": (
        "one-sample t-test: is the mean height 170?",
        "does the mean weight differ significantly from 500? p-value",
    ),
    "p-value of Levene": (
        "Levene test of wages in Leeds and York",
        "test for equality of variances of wages in Leeds and York",
    ),
    "p-value of the Shapiro": ("is height normally distributed?", "Shapiro-Wilk on the residual sugar"),
    "p-value of the Kruskal": ("Kruskal-Wallis of wages across towns", "H-test of wages by town, p"),
    "p-value of the Kolmogorov": (
        "KS test of wages in Leeds and York",
        "Kolmogorov-Smirnov, age of men, women",
    ),
    "Cohen": ("Cohen's d for wages of men and women", "effect size of wages, men against women"),
    "Spearman correlation of price and weight within": (
        "Spearman's rho of age and pay for each town",
        "rank correlation of age and pay per town",
    ),
    "which pair": (
        "Which pair of columns is correlated most strongly?",
        "the pair of variables with the highest correlation",
    ),
    "in which shop_id is the correlation": (
        "Which town has the strongest correlation between age and pay?",
        "in what school is the highest correlation of age and marks?",
    ),
    "correlation of the mean": (
        "correlate the town means of age and pay",
        "take average age and average pay by town and correlate the two",
    ),
    "correlation of the percentage": (
        "correlation of the percent changes of oil and gas",
        "how do the growth rates of oil and gas correlate?",
    ),
    "correlation of the changes": (
        "correlation of the daily changes of oil and gas",
        "correlate the first differences of oil and gas",
    ),
    "partial correlation": (
        "partial correlation of age and pay given height",
        "correlation of age and pay, controlling for height",
    ),
    "p-value of the correlation": (
        "is the correlation of age and pay significant?",
        "Pearson correlation of age and pay: its p-value",
    ),
    "in which shop_id is the slope": (
        "which town has the steepest line of pay on age?",
        "fit pay on age for each town: where is the largest slope?",
    ),
    "R squared of price and weight within": (
        "r squared of pay and age in each town",
        "R² of pay, age per town",
    ),
    "elasticity": ("price elasticity of demand", "log-log slope of demand on price"),
    "which product has the largest residual": (
        "which country lies farthest from the regression line of life on income?",
        "largest residual of a line of life on income",
    ),
    "slope of a line through the number": (
        "linear trend of the number of storms per year",
        "slope of a line through the yearly counts of storms",
    ),
    "intercept": (
        "intercept of the line of pay on age",
        "where does the line cross: the intercept of pay on age",
    ),
    "quadratic": ("fit a parabola of yield on rain", "second-degree polynomial of yield on rain"),
    "95% confidence": ("95 % confidence interval for the mean age", "confidence limits of the mean wage"),
    "median absolute": ("median absolute deviation of wages", "median distance from the median of wages"),
    "trimmed mean": ("10% trimmed mean of wages", "mean wage, trimmed by a tenth at each end"),
    "how many outliers": ("outliers of wages by the IQR rule", "values beyond 1.5 times the IQR, how many?"),
    "what percentage of the prices": (
        "share of wages within two standard deviations of the mean",
        "what percent of heights are more than 3 sigma from the mean?",
    ),
    "z-score of each price": ("z-score of each wage within its town", "wages standardised per town"),
    "price scaled": ("min-max scale the wages", "normalise wages to between 0 and 1"),
    "average weight in each quartile": (
        "split wages into quartiles and give the average age of each",
        "qcut age into 4 groups, mean wage per group",
    ),
    "90th percentile": ("95th percentile of wages per town", "p90 of the wait in each clinic"),
    "share of the variance": (
        "eta squared of wages by town",
        "what share of the variance of wages is between towns?",
    ),
    "entropy": ("Shannon entropy of the species", "entropy of the genres"),
    "Gini": ("Gini of incomes", "how unequal are incomes? Gini coefficient"),
    "skewness": ("skewness of the wages", "how skew is it: skewness for rain"),
    "pivot the average": (
        "mean wage per town with sex as columns, and the difference of the two",
        "pivot towns by sex and subtract men from women",
    ),
    "pivot total": (
        "pivot sales by town and month, the column with the highest value in each row",
        "months as columns; per row, which column is largest?",
    ),
    "contingency table of shop_id and product, as shares of the grand": (
        "cross-tab of class and sex as percentages of the grand total",
        "contingency table of class and sex, proportion of all cells",
    ),
    "contingency table of shop_id and product, as column": (
        "crosstab of class and sex in column percentages",
        "class by sex, column shares",
    ),
    "contingency table of shop_id and product, with row": (
        "crosstab of class and sex with totals",
        "contingency table of class and sex with margins",
    ),
    "total price per shop_id with each product as columns, as": (
        "total sales per town with months as columns, as shares of each town's total",
        "pivot the summed sales of town and month and give the percentage of the row",
    ),
    "total price per shop_id, with each year": (
        "rain per town, one column for each year, totals",
        "total sales by town with the years as columns",
    ),
    "median price per": (
        "median wage per town, sexes as columns",
        "pivot of the median wage by town and sex",
    ),
    "total price per shop_id, with each product": (
        "total wages per town, sexes as columns",
        "pivot table with the sum of sales by town and brand",
    ),
    "melt price": ("melt the four marks and give the mean of each", "unpivot, then the average per measure"),
    "dummy": ("one-hot columns of species", "dummy variables for species"),
    "exponentially": ("exponentially weighted mean of sales", "exponential smoothing of sales"),
    "rolling standard": ("rolling standard deviation of the rate", "moving volatility over 20 days"),
}


@pytest.fixture(scope="module")
def tool() -> Iterator[ProgramTool]:
    with (
        FrameDatabase({"sales": SALES}) as database,
        ProgramTool(database.prepared, database.tables) as tool,
    ):
        yield tool


@pytest.mark.parametrize("recipe", WAYS, ids=lambda recipe: str(recipe.question))
def test_each_program_runs(recipe: Any, tool: ProgramTool) -> None:
    if "sm." in recipe.program or "stats." in recipe.program:
        pytest.importorskip("scipy")
    result = tool.run(recipe.program)
    assert result.unchanged
    assert nearest(recipe.question)[0] is recipe and prefers_program(recipe.question)


@pytest.mark.parametrize(("kind", "question"), [(kind, text) for kind in SAID for text in SAID[kind]])
def test_other_words_find_the_example_of_their_kind(kind: str, question: str) -> None:
    assert nearest(question)[0].question.startswith(kind)
    assert prefers_program(question)


def test_each_kind_has_other_words() -> None:
    assert all(any(recipe.question.startswith(kind) for kind in SAID) for recipe in WAYS)


@pytest.mark.parametrize(
    "question",
    [
        "two-sample t-test of wages in Leeds and York, p-value",
        "correlation of age and pay",
        "slope of pay on age",
        "mean wage per town, sexes as columns",
        "which column correlates most with pay?",
        "quartiles of the wages",
        "melt jan and feb: how many rows?",
        "regress pay on age and height: all coefficients with the intercept",
    ],
)
def test_other_kinds_see_others(question: str) -> None:
    assert nearest(question)[0] not in WAYS


@pytest.mark.parametrize(
    ("question", "example"),
    [
        (
            "How much of the variance of miles per gallon does weight explain?",
            "R squared of price and weight",
        ),
        ("R squared of weight and power per maker", "R squared of price and weight within each shop_id"),
        (
            "Contingency table of the colour by year: colours down, years across",
            "contingency table of shop_id",
        ),
        ("total rain per station, years across", "total price per shop_id, with each year of sold_at"),
        (
            "Melt the two scores into one column; what's the mean of it?",
            "melt price and weight into one column",
        ),
        ("melt low and high into rows, the mean of each", "melt price and weight into long format"),
    ],
)
def test_examples_that_are_near_each_other(question: str, example: str) -> None:
    assert nearest(question)[0].question.startswith(example)

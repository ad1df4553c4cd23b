"""Which wordings find the worked pandas example of their kind, and which questions pandas is for."""

from __future__ import annotations

import time

import pytest

from qwen_magics.agent.examples.pandas.recipes import RECIPES, nearest
from qwen_magics.agent.routing import prefers_program

SAID = {
    "p-value of Welch": (
        "Do tall and short trees differ in girth according to Welch (the p)?",
        "girth of oaks and elms without assuming equal variances, t-test, p only",
    ),
    "t statistic of Welch": ("Welch's t for the girth of oaks and elms",),
    "p-value of a t-test": (
        "Two-sample Student test on mileage, diesel or petrol, its p value",
        "pooled t-test of girth, oaks against elms: p?",
    ),
    "t statistic of a t-test": (
        "value of t for speed on wet and dry roads, pooled variance",
        "plain two-sample test of speed, wet or dry: the statistic, not the p-value",
    ),
    "p-value of the chi": ("is smoking related to gender? chi square, p",),
    "chi-squared statistic": ("test for independence of colour and size, chi2, the statistic and no p",),
    "p-value of the Mann": ("rank sum test for weights of boys and girls", "Mann–Whitney U on wages, p"),
    "p-value of an ANOVA": ("analysis of variance of score over classes, just p",),
    "F statistic": ("F from a one-way anova of score over classes",),
    "regress the price on weight and rating: adjusted": (
        "R2 adjusted for a model of mileage with weight, power and cylinders",
    ),
    "regress the price on weight and rating: R": (
        "how much of the variation in mileage do weight and power explain together?",
    ),
    "regress the price on weight and rating: p-value": (
        "OLS of mileage on weight and power: p of the weight",
        "holding power constant, does weight matter for mileage? p-value",
    ),
    "regress the price on weight and rating: the coefficient": (
        "what is the coefficient on age when price is regressed on size and age",
    ),
    "multiple regression": ("mileage ~ weight + power, the coefficients",),
    "autocorrelation": (
        "correlation of temperature with itself three days back",
        "serial correlation of demand, lag 4",
    ),
    "Spearman": ("how are rainfall and crop linked, by rank (Spearman)", "rank correlation of age and pay"),
    "which column": ("what goes with mpg most? highest correlation", "the best correlate of pay"),
    "correlation matrix": ("all correlations among the four scores", "pairwise corr of age, pay and height"),
    "covariance": ("how age and pay vary together: cov",),
    "R squared of": ("how much variance in fuel use does weight explain", "r² of age and pay"),
    "correlation of price and weight within": (
        "correlate height with weight by sex",
        "in each country, how do gdp and life expectancy correlate",
    ),
    "how does the price correlate": ("Pearson's r between age and pay",),
    "what price does a linear fit": (
        "draw a line through age and income; what income at 40?",
        "by a straight-line fit, how much would a flat of 70 square metres cost?",
    ),
    "slope of a linear fit": ("by a line, how much more fuel per extra km", "how steep is the best line?"),
    "slope of a straight line through": ("yearly mean depth, then a least-squares line: its slope",),
    "contingency table of shop_id and product, as shares": (
        "passengers of each class by sex, as shares that add up to one",
        "cross class with sex, row percentages",
    ),
    "contingency table of shop_id and product": (
        "two-way table of class by sex",
        "cross-tabulated counts of sex and class",
    ),
    "average price per shop_id, with": (
        "average fare with class down and sex across",
        "mean income, regions as rows and years as columns",
    ),
    "price and weight in long format": ("turn the q1..q4 columns into rows: how many rows",),
    "mean price and weight per shop_id, transposed": (
        "mean of size and price per area, areas as columns",
        "mean size per area, rows and columns swapped",
    ),
    "highest moving average": ("best 5-game moving average of points for the Hawks",),
    "number of sales per week and its rolling": ("monthly orders with their rolling mean of 3",),
    "percentage change": ("number of members, percent more than in the year before",),
    "how many sales have a price z-score": (
        "how many cars weigh more than 2 sds above the average",
        "cars with a standard score under -1 in weight",
    ),
    "interquartile": ("spread of the middle 50% of ages", "third quartile of age minus the first"),
    "quartiles of": ("the three quartiles for height", "0.25, 0.5 and 0.75 quantile of age"),
    "the 10th, 50th": ("p10 and p90 of wait", "90th percentile of wait"),
    "kurtosis": ("excess kurtosis for returns",),
    "summary statistics": ("five-number summary of fare per class", "descriptive figures of fare by class"),
    "number of sales in price bins": (
        "how many people are aged 0-17, 18-64 and 65-100?",
        "cut fares at 0, 20, 50, 100 and count each band",
    ),
    "does the price differ": ("is the difference in mpg between usa and japan just chance?",),
    "fill missing": ("average pressure after gaps are interpolated",),
}


@pytest.mark.parametrize(("kind", "question"), [(kind, text) for kind in SAID for text in SAID[kind]])
def test_other_words_find_the_example_of_their_kind(kind: str, question: str) -> None:
    assert any(recipe.question.startswith(kind) for recipe in RECIPES)
    assert nearest(question)[0].question.startswith(kind)
    assert prefers_program(question)


@pytest.mark.parametrize(
    "question",
    [
        "how many rows have a missing value in the columns a and b?",
        "what is the power grid with the most stations?",
        "What share of each country's total revenue does each product have?",
        "revenue in Q3 minus Q1 2021",
        "what is the average of t over p?",
        "total rainfall of each month",
        "standard deviation over mean of the yield for every field",
        "by how many percent did the rent grow from 2020 to 2021?",
        "What is the coefficient of variation of yield?",
        "for each year the percentage of women among the staff",
        "how many percent did the rent rise from each year to the next?",
        "league table of drivers by total points, with their places",
        "Which place does Lena have in the league table of rowers by medals won?",
        "table of clubs by total attendance",
        "number of parcels between 2021-03-01 and 2021-03-31, both days counted",
        "how many visits from 2020-01-05 to 2020-02-05, 2020-03-01 excluded?",
        "Over the trailing 90 days, how much fuel was used in total?",
        "What does rainfall add up to in the trailing 12 months?",
        "By decade (1960-1969, 1970-1979, 1980-1989), how many bridges were built?",
    ],
)
def test_what_sql_says_well_stays_with_sql(question: str) -> None:
    assert not prefers_program(question)


@pytest.mark.parametrize(
    "question",
    [
        "For each day, the fuel used over the trailing 7 days",
        "mean rainfall over the trailing 30 days, day by day",
        "table of crop by soil",
        "how many people are aged 0-17, 18-64 and 65-100?",
    ],
)
def test_windows_and_bands_are_still_asked_in_pandas(question: str) -> None:
    assert prefers_program(question)


@pytest.mark.parametrize(
    "text", ["a, and b ", "1, 2, 3 ", "between 1 and 2 to 3 / ", "mean of each by most "]
)
def test_a_long_question_is_read_fast(text: str) -> None:
    began = time.perf_counter()
    nearest(text * 400)
    prefers_program(text * 400)
    assert time.perf_counter() - began < 2

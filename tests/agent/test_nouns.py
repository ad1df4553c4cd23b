"""What data have under no name of its own is not missing: verbs, statistics, adjectives, adverbs."""

from __future__ import annotations

import pytest

from qwen_magics.agent.doubts.doubting import missing_name
from qwen_magics.agent.doubts.nouns import is_noun, is_statistic
from qwen_magics.agent.doubts.strange import strange_counts, strange_words
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Column, Table

RAIN = Table(
    "rain",
    tuple(Column(name, "DOUBLE") for name in ("station", "day", "rainfall", "temperature", "visitors")),
    100,
)
SALES = Table(
    "sales",
    tuple(
        Column(name, "DOUBLE") for name in ("customer", "ordered_on", "revenue", "items", "paid", "branch")
    ),
    100,
)
# None of these asks for anything that the tables lack.
ANSWERABLE = """
    How much fell in the driest month?
    How much came down at each station?
    How much rained in March?
    What fell on the wettest day?
    How many came on the busiest Sunday?
    How many went to the station on rainy days?
    How many visited in summer?
    How many stayed away on cold days?
    What was the highest coefficient of variation of rainfall?
    Which station has the largest deviation from the mean temperature?
    What is the median absolute deviation of temperature?
    Which station has the highest correlation of rainfall and visitors?
    What is the interquartile range of the rainfall?
    What was the longest streak of days without rainfall?
    Which was the longest dry spell?
    What was the longest run of days above 20 degrees?
    What was the largest gap between two days with rainfall?
    What is the average spread between the temperatures of two stations?
    What slope does a linear fit of visitors on temperature have?
    What was the steepest drop in temperature?
    What was the sharpest rise from one day to the next?
    How much warmer was station 3 than station 4?
    How much did the temperature fluctuate?
    Which quantile of rainfall is 20?
    Which percentile does station 5 reach?
    What was the largest swing within a day?
    Which station is the most reliable in rainfall?
    Which station had the most consistently high temperature?
    Which stations always had rainfall?
    Which mostly dry station had the most visitors?
    What share fell in winter?
    How many standard deviations above the mean was the warmest day?
    How many consecutive days had rainfall?
    What was the lowest cumulative rainfall?
    What is the average annual rainfall?
    What is the mean daily rainfall in the wettest decade?
    What is the total seasonal rainfall?
    What unusually high temperatures were there?
    Which quarter was wettest?
    What kurtosis does the rainfall have?
    Which Monday was the hottest?
    What happened to the visitors after the hottest day?
    What is the average weekly rainfall?
    How many outliers are there in rainfall?
    How much sold best?
    How much was taken in by each branch?
    Which branch sells most?
    Which branch earned the most per item?
    Which branch grew fastest?
    What brought the most revenue?
    How much did customers spend on average, and how much went unpaid?
    How many ordered more than once?
    How many bought nothing in May?
    How many paid late?
    How many still owe us?
    How much money did each branch take?
    What is the average gap in days between two orders of a customer?
    Which customer is the most loyal?
    Which customer is the most valuable one?
    Which customers are the most profitable?
    What is the biggest jump in revenue?
    What was the largest increase over the month before?
    What was the smallest positive difference?
    Which branch leads?
    Which branches lag behind the best?
    Which branch wins most months?
    What is the highest ratio of revenue to items?
    Which pair of branches differs most?
    What is the standard error of the revenue?
    Which half of the year brought more revenue?
    How many dollars of revenue came from new customers?
    What is the best single day?
    What is the most frequently ordered number of items?
    Which top quintile of customers made the most revenue?
    What else did customers order?
    What growth did revenue see?
    How many units were sold to each customer?
    Which biggest customers left?
    How much lower was revenue in autumn?
    What is the lowest nonzero revenue?
    What was the return rate of each branch?
    What is the conversion rate of customers?
    What is the largest remaining amount?
    What is the most expensive month?
"""


@pytest.mark.parametrize("question", [line.strip() for line in ANSWERABLE.strip().splitlines()])
def test_nothing_is_missing(question: str) -> None:
    tables = [RAIN, SALES]
    strange = [*strange_words(question, tables), *strange_counts(question, tables)]
    assert [word for word in strange if is_noun(word)] == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What was the average humidity?", "humidity"),
        ("How many passengers came?", "passenger"),
        ("Which language is spoken most?", "language"),
        ("How much fertilizer was used?", "fertilizer"),
        ("Which winery sold most?", "winery"),
        ("Which colour was the most popular?", "colour"),
        ("What is the highest speed?", "speed"),
        ("What was the infant mortality rate in May?", "mortality"),
        ("Unemployment rates by station, please", "unemployment"),
        ("Which supply was the largest?", "supply"),
        ("How many forests are there?", "forest"),
        ("What seed was sown?", "seed"),
        ("How much interest did each branch earn?", "interest"),
        ("Which executives earned most?", "executive"),
        ("How many families came?", "family"),
        ("Which station lies highest above sea level?", "elevation"),
    ],
)
def test_a_thing_stays_a_thing(question: str, missing: str) -> None:
    tables = [RAIN, SALES]
    strange = [*strange_words(question, tables), *strange_counts(question, tables)]
    assert [word for word in strange if is_noun(word)] == [missing]


def test_the_name_of_a_statistic_is_not_what_is_missing() -> None:
    """Written without a grammar, a query may order by a name that it forgot to compute."""
    question = "Which station has the highest coefficient of variation of its rainfall?"
    error = QueryError("unknown_column", 'There is no column "coefficient_variation".')
    assert missing_name(question, error, [RAIN]) is None
    error = QueryError("unknown_column", 'There is no column "humidity_variation".')
    assert missing_name("how is the variation of humidity?", error, [RAIN]) == "humidity"
    assert is_statistic("gap") and not is_statistic("humidity")

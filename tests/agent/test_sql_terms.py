"""Which wordings the examples of the kinds and the measures take, and which they leave to others."""

from __future__ import annotations

import re

import pytest

from qwen_magics.agent.examples.sql.kinds import SQL_KINDS
from qwen_magics.agent.examples.sql.measures import SQL_MEASURES
from qwen_magics.agent.words.patterns.terms import BEST, FEW_BEST, GROUPED


def first(question: str) -> str:
    """The question of the first of these examples whose pattern is found."""
    recipes = (*SQL_KINDS, *SQL_MEASURES)
    return next((r.question for r in recipes if re.search(r.pattern, question, re.IGNORECASE)), "")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Longest spell of weeks in which the clinic had no patients", "longest run without"),
        ("how many nights in a row did nothing sell, at the most?", "longest run without"),
        (
            "For how long, in days, was the reservoir above 80 percent without interruption, at its longest?",
            "longest run with a",
        ),
        ("Largest count of successive shifts with more than 5 alarms", "longest run with a"),
        ("When did the accumulated snowfall climb past 300 cm?", "running total of the price pass"),
        ("By which month had total donations reached 10000?", "running total of the price pass"),
        ("How many of the largest depots does it take to cover 75% of the freight?", "make up half"),
        ("Number of suppliers, biggest first, that together deliver half of all parts", "make up half"),
        (
            "What fraction of all calls did the six busiest agents take?",
            "three shop_id with the most sales have",
        ),
        (
            "The top 3 makers: how much of the market do they hold, in percent?",
            "three shop_id with the most sales have",
        ),
        ("Which dish is ordered most frequently in each restaurant?", "most common product"),
        ("the modal blood type per clinic", "most common product"),
        ("Name the two fastest swimmers in every club", "three product with the highest price of each"),
        ("By region, the four mines with the deepest shafts", "three product with the highest price of each"),
        ("each club's fastest swimmer", "of each shop_id, the product with"),
        ("the heaviest parcel at every depot, with its number", "of each shop_id, the product with"),
        ("In how many seasons did Ajax have the most goals?", "in how many week did Rome"),
        ("How often was Oslo the coldest of all cities?", "in how many week did Rome"),
        ("At which position is Peru by exports in 2016?", "which place has Rome by its price in week"),
        ("Where did Anna finish by points in round 3?", "which place has Rome by its price in week"),
        ("what is the rank of Bergen by total rainfall?", "which place has Rome by its total"),
        ("By total freight, which place does Hamburg take?", "which place has Rome by its total"),
        ("How many cities were colder than Oslo in 2012?", "higher price than Rome"),
        ("number of clubs that scored fewer goals than Ajax in round 9", "higher price than Rome"),
        ("Drivers who delivered to Bonn but not to Kiel", "in Rome but not in Oslo"),
        ("Which plants grow on Corsica and never on Elba?", "in Rome but not in Oslo"),
        ("Which dishes are served in every restaurant?", "there in all city"),
        ("name the tools that are found in all workshops", "there in all city"),
        ("Which dishes are served in just one restaurant?", "in a single city"),
        ("tools that only a single workshop has", "in a single city"),
        ("Which pumps never fell below 3 bar?", "always had a price"),
        ("List the shops whose every review was at least 4", "always had a price"),
        (
            "In which valley is the gap between the warmest and the coldest day widest?",
            "highest and the lowest price largest",
        ),
        (
            "Which worker has the largest range of hours, from shortest to longest shift?",
            "highest and the lowest price largest",
        ),
        ("mean score of each school, weighted by pupils", "average price of each shop_id, weighted"),
        (
            "per region, the average wage with headcount as the weight",
            "average price of each shop_id, weighted",
        ),
        ("mean price weighted by quantity", "average price weighted"),
        ("average grade, each course counting by its credits", "average price weighted"),
        ("relative standard deviation of wait per clinic", "coefficient of variation"),
        ("standard deviation over mean of the yield for every field", "coefficient of variation"),
        ("For every player, the share of the team's total goals", "share of its shop_id's total"),
        ("What proportion of its region's total output does each mine have?", "share of its shop_id's total"),
        ("for each depot, the percentage of parcels heavier than 20 kg", "for each shop_id, what percentage"),
        ("Per clinic: what share of visits took more than 30 minutes?", "for each shop_id, what percentage"),
        ("Which depot has the largest share of parcels above 20 kg?", "highest percentage of sales"),
        (
            "Find the clinic with the lowest percentage of visits under 10 minutes",
            "highest percentage of sales",
        ),
        ("How many times did the pollen count reach an all-time high?", "higher than ever before"),
        ("count the days that were hotter than any day before", "higher than ever before"),
        ("rank the swimmers within each club by time", "rank each product within"),
        ("For every club, rank its swimmers by points", "rank each product within"),
        (
            "How much does each mine's output deviate from the average of its region?",
            "how far is each product",
        ),
        ("each pupil's score minus the class average", "how far is each product"),
        ("Change of the flow at each hour against 24 rows earlier", "twelve rows before"),
        ("difference to the value six entries before, for each day", "twelve rows before"),
        ("Average age of the 12 fastest swimmers", "average price of the ten"),
        ("What do the five heaviest parcels weigh on average?", "average price of the ten"),
        ("difference between the highest and the lowest mean wage among the regions", "how far apart are"),
        ("By how much does the best depot's average delay differ from the worst one's?", "how far apart are"),
        (
            "What percentage of the clubs have a mean age over 30?",
            "what percentage of the shop_id have an average",
        ),
        ("share of mines averaging more than 500 tonnes", "what percentage of the shop_id have an average"),
        ("which field has the largest variance of yield?", "highest standard deviation"),
        ("Name the clinic where the wait has the smallest standard deviation", "highest standard deviation"),
        ("geometric average of growth", "geometric mean"),
        ("What is the std error of the mean wait?", "standard error"),
        ("average absolute difference of the wait from its mean", "mean absolute deviation"),
        ("How far do waits lie from their mean on average?", "mean absolute deviation"),
        ("number of clubs by first letter of the name", "first letter"),
        ("Count towns per starting letter", "first letter"),
        ("how many plates contain a digit?", "digit in their product"),
        ("Number of codes with any numeral in them", "digit in their product"),
        ("average number of letters in the town names", "average length of product"),
        ("How long is a review title on average, in characters?", "average length of product"),
        ("total rain in the second half of 2019", "first half of 2021"),
        ("Freight from January to June 2020", "first half of 2021"),
    ],
)
def test_other_wordings_are_met(question: str, kind: str) -> None:
    assert kind in first(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many clubs are there in every county?",
        "average price of each shop",
        "the highest price per shop",
        "total rain in 2019",
        "number of visits per clinic",
        "Which clinic has the longest average wait?",
        "the ten clubs with the most members",
        "rank the clubs by total points",
        "which share of visits was late?",
        "What is the best test result in the forest?",
        "how many parcels are heavier than 20 kg?",
        "highest average over any 3 days in a row",
        "In which month was the rain heaviest?",
        "Which month had more than 10 visits?",
        "number of requests per host",
        "on how many days was the flow above 10?",
        "how many more parcels did Bonn send than Kiel?",
        "percentage of parcels above 20 kg",
        "What was the average length of stay?",
        "how many times was the rain heavier than in the month before?",
        "Which products have never been sold?",
        "how many visits were there in each year?",
        "average time between visits of each patient",
        "how many guests came in the last half hour?",
    ],
)
def test_other_kinds_are_left_alone(question: str) -> None:
    assert not first(question)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (BEST, "the dearest", True),
        (BEST, "a request for interest in the forest harvest", False),
        (BEST, "at least five", False),
        (FEW_BEST, "the top 5 shops", True),
        (FEW_BEST, "ten states with the most people", True),
        (FEW_BEST, "in 2019 the highest", False),
        (GROUPED, "farm by farm", True),
        (GROUPED, "By genre, the best", True),
        (GROUPED, "ten per cent", False),
    ],
)
def test_classes_of_words(pattern: str, text: str, found: bool) -> None:
    assert bool(re.search(pattern, text, re.IGNORECASE)) == found

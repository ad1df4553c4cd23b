"""What people say for the same thing finds the same example."""

from __future__ import annotations

import re
import time

import pytest

from qwen_magics.agent.examples.sql.basics import SQL_BASICS
from qwen_magics.agent.examples.sql.examples import SQL_EXAMPLES
from qwen_magics.agent.words.patterns.words import EACH, MEAN, PERCENT, SUPERLATIVE, not_saying, saying


def kinds(question: str) -> list[str]:
    """The examples of these two modules whose pattern is found, the nearest first."""
    recipes = (*SQL_EXAMPLES, *SQL_BASICS)
    return [recipe.question for recipe in recipes if re.search(recipe.pattern, question, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (
            "Ratio of bakeries opened in 2014 to bakeries opened in 2013",
            "times as many sales were there in 2022",
        ),
        ("By what factor do tabby cats outnumber black cats?", "times as many sales are there in Rome"),
        (
            "How many metres deeper is Lake Como than Lake Garda, a difference of the means?",
            "how much higher is",
        ),
        ("Which plants grow in the valley as well as on the ridge?", "in both Rome and Oslo"),
        ("mean toll on the north bridge versus the south bridge", "compare Rome and Oslo"),
        ("Tally the trout by length intervals of 4 cm", "each price band of 10"),
        ("Typical page count in every ten-year period", "average price of each decade"),
        ("average queue at 17:30 in May", "5 in the afternoon"),
        (
            "Among trees taller than 20 metres, what share has a girth of less than 2?",
            "percentage had a weight below 2",
        ),
        ("Tell me when the tide was lowest", "when was the price highest"),
        ("The date of the coldest night", "when was the price highest"),
        ("All days with a pollen count greater than 60", "when was the price above 10"),
        ("sliding mean of the tide over 6 hours", "moving average"),
        ("What day brought the steepest decline in honey from the previous day?", "price fall the most"),
        ("When did the rent climb furthest compared with the prior month?", "price rise the most"),
        ("widest gap in days between two consecutive sightings", "longest time in days"),
        ("Change in the number of loans from quarter to quarter", "change from each week to the next"),
        ("How many dogs weigh more than the mean of their breed?", "above the average of their own"),
        ("runner-up by goals in each division", "second highest price in each"),
        ("the most recent reading of every meter", "latest sale of each shop_id"),
        ("In each valley, which vineyard is the steepest?", "for each shop_id, which product"),
        ("List the ferries with a mean delay of more than 9 minutes", "has an average price above 5"),
        ("the choirs whose average age exceeds the average age of all singers", "average price of all sales"),
        (
            "Of the valley with the largest total harvest: which grape is grown most often?",
            "highest total price sold most often",
        ),
        (
            "Add up the points of each fencer; what is the mean of those sums?",
            "average of each shop_id's total",
        ),
        (
            "How many boats does the harbour with the longest average mooring have?",
            "with the highest average price",
        ),
        ("How many hikers never signed the book?", "how many shops have no sales"),
        (
            "For every ferry, what percent of all passengers did it carry?",
            "of all sales does each shop_id have",
        ),
        ("Portion of the 2015 catch that was herring", "total price in 2021 came from Rome"),
        ("Percentage of the wells with a known depth that are deeper than 40", "sales with a known price"),
        (
            "How many days lie on average between planting and picking, from bed to bowl?",
            "average number of days",
        ),
        ("eggs laid from 3 March 2020 to 9 April 2020: how many?", "between March 1 and May 31"),
        ("Annual number of eclipses", "how many sales were made in each year"),
        ("yearly mean of the snow depth", "average price in each year"),
        ("sum of the tolls, quarter 3 of 2018", "second quarter of 2021"),
        ("Which peak ranks fourth by height?", "third highest price"),
        ("Which village has the name with the fewest letters?", "shortest product"),
        ("Count the ids by what follows the hyphen", "after the dash"),
        ("How many hives lack a queen date?", "no known price"),
        ("number of separate species, duplicates not counted", "how many different product"),
        ("how many codes have the prefix QX", "begins with ab"),
        ("Number of hamlets with the suffix wick", "ends with ab"),
        ("How many recipes mention saffron?", "contains ab"),
    ],
)
def test_other_words(question: str, kind: str) -> None:
    assert any(kind in found for found in kinds(question)[:1])


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many towns are larger than Ghent?", "above the average of their own"),
        ("Which towns have their average rent above 900?", "above the average of their own"),
        ("Which hens laid the most eggs?", "when was the price highest"),
        ("List the three oldest oaks of each park", "for each shop_id, which product"),
        ("What is the most common breed in each barn?", "for each shop_id, which product"),
        ("average toll and total toll of each bridge", "average of each shop_id's total"),
        ("invoices of the second of each month", "second highest price in each"),
        (
            "How many percent did the rent rise from each year to the next?",
            "change from each week to the next",
        ),
        ("How many readings are below the reading before?", "change from each week to the next"),
        ("By how many percent did the fare climb from 2001 to 2003?", "by how much did the total price grow"),
        ("Share of the reeds in each pond", "sales with a known price"),
        ("How long is the longest name?", "average number of days"),
        ("rank of the bishop among the pieces", "rank each shop_id"),
        ("How many hamlets have a two-word name?", "contains ab"),
        ("Number of cows per meadow, excluding those with unknown age", "no known price"),
    ],
)
def test_words_of_another_kind(question: str, kind: str) -> None:
    assert not any(kind in found for found in kinds(question))


def test_each_is_no_part_of_per_cent() -> None:
    assert re.search(EACH, "eggs per hen")
    assert not re.search(EACH, "eggs in per cent")
    assert re.search(PERCENT, "eggs in per cent")
    assert not re.search(PERCENT, "the 90th percentile")


@pytest.mark.parametrize("word", ["forest", "harvest", "request", "interest", "test", "west"])
def test_what_only_ends_like_a_superlative(word: str) -> None:
    assert not re.search(SUPERLATIVE, word)
    assert re.search(SUPERLATIVE, f"the greenest {word}")


def test_words_are_whole_ones() -> None:
    assert re.search("^" + not_saying("own", r"differ\w*"), "the town")
    assert not re.search("^" + not_saying("own", r"differ\w*"), "their own")
    assert not re.search("^" + not_saying("own", r"differ\w*"), "it differs")
    assert re.search("^" + saying(EACH, MEAN), "mean of each")
    assert not re.search("^" + saying(EACH, MEAN), "mean of all")


def test_long_questions_are_read_fast() -> None:
    questions = (
        "which the average of each and the most " * 20,
        "in and in " * 80,
        "from each to the next " * 36,
    )
    start = time.perf_counter()
    for question in questions:
        kinds(question)
    assert time.perf_counter() - start < 1

"""Other wordings of kinds that have worked examples, and what only sounds like one of them."""

from __future__ import annotations

import re
import time

import pytest

from qwen_magics.agent.examples.sql.recipes import SQL_RECIPES


def matched(question: str) -> list[str]:
    """The questions of all examples whose pattern is found, whatever table they need."""
    return [recipe.question for recipe in SQL_RECIPES if re.search(recipe.pattern, question, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Name the village whose herd shrank the most, 1994 against 1998", "which product gained the most"),
        ("Comparing round 2 with round 9, which rower improved the most?", "which product gained the most"),
        ("On average, how many boats does one skipper own?", "how many sales has a shop_id on average?"),
        ("Mean number of landings per week", "how many sales were there per week on average?"),
        ("What is the count of rivers whose mean depth exceeds 4?", "how many shop_id have an average price"),
        ("Boats for every skipper, keeping skippers without any", "how many sales has each shop, also those"),
        ("Month-over-month growth of the catch in per cent", "by what percentage did the price change"),
        (
            "For how many seasons was the snow below that of the previous season?",
            "how many times was the price l",
        ),
        (
            "Number of weeks in which the catch was up on the week before",
            "how many times was the price higher",
        ),
        (
            "The 2003 catch, with that of 2001 = 100",
            "the total price of 2022 as a percentage of that of 2021",
        ),
        (
            "By what percent did the catch of 2003 exceed the one of 2001?",
            "by how many percent was the total",
        ),
        ("Cumulative tonnes of fish, day by day", "running total of the price, up to each week"),
        ("Most tonnes landed within four straight weeks", "what is the highest total price of any three"),
        (
            "How many skippers went out, yet never to the bay?",
            "how many shops have had sales, but not a single",
        ),
        ("Which skippers sailed but took no crew from Oban?", "which shops have had sales, but not a single"),
        (
            "Which month brought the sharpest percentage drop against the month before?",
            "in which week did the price f",
        ),
        (
            "Find the year when eels were the largest part of the catch, and the percent",
            "when was the share of",
        ),
        (
            "How many skippers have landed at every harbour?",
            "how many shops have sold every one of our products?",
        ),
        (
            "Mean depth by river, the seasons in separate columns",
            "average price of each shop_id, with a column",
        ),
        (
            "Mean weight of the most frequent fish, ignoring rows with no fish",
            "take the product with the most",
        ),
        ("Count the dates on which it rained", "on how many days was the price above 10?"),
        ("Tally the skippers by the word their names end in", "how many sales are there of each last word"),
        (
            "Name the river with the worst mean level, but only among the six rivers with the most readings",
            "take the ten",
        ),
    ],
)
def test_another_wording_is_of_the_kind(question: str, kind: str) -> None:
    assert any(found.startswith(kind) for found in matched(question)), matched(question)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many boats have more crew than the average boat?", "how many sales has a shop_id on average?"),
        ("What is the average speed in miles per hour?", "how many sales were there per month on average?"),
        ("Which boat had the largest catch in every bay?", "which city has sales in each of our shops?"),
        ("In which month did the catch first rise above 10?", "which product gained the most price"),
        ("Add up the catch of May 2004", "running total of the price by sold_at"),
        (
            "How many fewer boats were there in 1991 than the year before?",
            "how many times was the price lower",
        ),
        ("Melt length and width into one column", "average price of each shop_id, with a column for each"),
        ("On which day did the running total pass 100?", "running total of the price by sold_at"),
        (
            "Find the month where rent was the biggest part of all costs",
            "in the week of the highest price in",
        ),
        ("The most frequent surname per village", "what is the most common surname"),
    ],
)
def test_what_only_sounds_like_it_is_not(question: str, kind: str) -> None:
    assert not any(found.startswith(kind) for found in matched(question))


def test_patterns_are_fast() -> None:
    question = ("how many of the most in each week than the one before as a percentage of 2021 and " * 12)[
        :800
    ]
    matched(question)
    start = time.perf_counter()
    matched(question)
    assert time.perf_counter() - start < 2

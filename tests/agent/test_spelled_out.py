"""Questions over one table that are told whole, and those that look alike and are of another kind."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.spelled import spelled
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.tools.frames import FrameDatabase
from tests.agent.dogs_and_trips import DOGS, TRIPS


def _query(question: str) -> str:
    with FrameDatabase({"dogs": DOGS, "trips": TRIPS}) as database:
        found = spelled_out(question, database.tables, database.dialect)
        if found is None:
            return ""
        assert not found.is_missed(found.query)
        database.run(found.query)
        return found.query


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "How many times as heavy is the mean weight of Collie as that of Pug in dogs?",
            "SELECT AVG(CASE WHEN breed = 'Collie' THEN weight END) / "
            "AVG(CASE WHEN breed = 'Pug' THEN weight END) AS ratio FROM dogs",
        ),
        (
            "How much lighter are Pug dogs than Collie dogs on average?",
            "SELECT AVG(CASE WHEN breed = 'Collie' THEN weight END) - "
            "AVG(CASE WHEN breed = 'Pug' THEN weight END) AS difference FROM dogs",
        ),
        (
            "How much heavier are dogs with 4 legs on average than those with 3?",
            "SELECT AVG(CASE WHEN legs = 4 THEN weight END) - "
            "AVG(CASE WHEN legs = 3 THEN weight END) AS difference FROM dogs",
        ),
        (
            "What is the difference between the median weight of the dogs born in 2020 and 2019?",
            "SELECT MEDIAN(CASE WHEN EXTRACT(YEAR FROM born) = 2020 THEN weight END) - "
            "MEDIAN(CASE WHEN EXTRACT(YEAR FROM born) = 2019 THEN weight END) AS difference FROM dogs",
        ),
        (
            "By how much did the dogs of 2020 weigh more than those of 2019 on average?",
            "SELECT AVG(CASE WHEN EXTRACT(YEAR FROM born) = 2020 THEN weight END) - "
            "AVG(CASE WHEN EXTRACT(YEAR FROM born) = 2019 THEN weight END) AS difference FROM dogs",
        ),
        (
            "How many males are there per female of each breed in dogs?",
            "SELECT breed, 1.0 * SUM(CASE WHEN gender = 'male' THEN 1 ELSE 0 END) / "
            "SUM(CASE WHEN gender = 'female' THEN 1 ELSE 0 END) AS ratio FROM dogs GROUP BY breed",
        ),
        (
            "What is the ratio of females to males among the Pug dogs?",
            "SELECT 1.0 * SUM(CASE WHEN gender = 'female' THEN 1 ELSE 0 END) / "
            "SUM(CASE WHEN gender = 'male' THEN 1 ELSE 0 END) AS ratio FROM dogs WHERE breed = 'Pug'",
        ),
        (
            "Take food as a percentage of weight for each of the dogs. What's the mean of these percentages?",
            "SELECT AVG(100.0 * food / weight) FROM dogs",
        ),
        (
            "What is the mean weight of the dogs without the two lowest and the three highest values?",
            "SELECT AVG(weight) FROM (SELECT weight, ROW_NUMBER() OVER (ORDER BY weight) AS lowest, "
            "ROW_NUMBER() OVER (ORDER BY weight DESC) AS highest FROM dogs WHERE weight IS NOT NULL) "
            "AS ranked WHERE lowest > 2 AND highest > 3",
        ),
        (
            "How many days lie between the first and the last born of the dogs?",
            "SELECT DATE_DIFF('day', MIN(born), MAX(born)) AS days FROM dogs",
        ),
        (
            "How many trips were there in each quarter?",
            "SELECT (month + 2) // 3 AS quarter, COUNT(*) FROM trips GROUP BY (month + 2) // 3 "
            "ORDER BY quarter",
        ),
        (
            "Which quarter had the highest total riders of the red trips?",
            "SELECT (month + 2) // 3 AS quarter FROM trips WHERE line = 'red' "
            "GROUP BY (month + 2) // 3 ORDER BY SUM(riders) DESC LIMIT 1",
        ),
    ],
)
def test_what_is_told(question: str, query: str) -> None:
    assert _query(question) == query


@pytest.mark.parametrize(
    "question",
    [
        "How much heavier are Collie dogs than Pug dogs on average for each gender?",
        "Which breed of dogs is heavier on average, Collie or Pug?",
        "How many more Collie than Pug dogs are there?",
        "How many females per breed are there in dogs?",
        "What is the mean weight of the dogs without the 5% lowest and highest values?",
        "Take food as a share of weight for each of the dogs and give the mean of these shares per breed.",
        "How many cancelled trips were there in each quarter?",
        "How many trips were there in the second quarter?",
        "How many days after the first born was the second of the dogs born?",
        "How many dogs were born each month?",
    ],
)
def test_what_is_another_kind(question: str) -> None:
    assert _query(question) == ""


def test_a_query_without_what_is_needed_is_told_the_whole_one_once() -> None:
    question = "How many times as heavy is the mean weight of Collie as that of Pug in dogs?"
    with FrameDatabase({"dogs": DOGS}) as database:
        check = spelled(question, database.tables)
    wrong = "SELECT SUM(CASE WHEN breed = 'Collie' THEN 1 ELSE 0 END) / COUNT(*) FROM dogs"
    found = check(wrong)
    assert found is not None and "Write: SELECT AVG(CASE WHEN breed = 'Collie'" in found.hint
    assert check(wrong) is None
    other = (
        "SELECT (SELECT AVG(weight) FROM dogs WHERE breed = 'Collie') / "
        "(SELECT AVG(weight) FROM dogs WHERE breed = 'Pug')"
    )
    assert spelled(question, database.tables)(other) is None
    assert spelled(question, database.tables)('result = dogs["weight"].mean()') is None

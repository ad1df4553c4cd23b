"""Conditions that the question does not ask for are sent back once; those that it does are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.agent.checks.unasked import unasked
from qwen_magics.agent.loop import Attempt, best
from qwen_magics.agent.request import Limits
from qwen_magics.errors import QueryError


@pytest.mark.parametrize(
    ("question", "code", "told"),
    [
        (
            "which place did France have in 2007?",
            "SELECT 1 FROM g WHERE continent = 'Europe'",
            "continent = 'Europe'",
        ),
        (
            "how much rain fell in total?",
            "SELECT 1 FROM s WHERE weather IN ('rain', 'snow')",
            "weather = 'snow'",
        ),
        ("the average price of each shop", "SELECT shop FROM s WHERE price > 10", "price > 10"),
        (
            "shares within the continent",
            'result = g[g["continent"] == "Africa"]["pop"].sum()',
            "continent\" = 'Africa'",
        ),
        ("shares within the continent", 'result = g[g["continent"].isin(["Asia"])]', "continent\" = 'Asia'"),
    ],
)
def test_what_comes_from_nowhere(question: str, code: str, told: str) -> None:
    error = unasked(question)(code)
    assert error is not None and error.kind == "unasked" and told in error.message


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("how many restaurants are there?", "SELECT 1 FROM c WHERE segment = 'restaurant'"),
        ("how many women survived?", "SELECT 1 FROM p WHERE sex = 'female'"),
        ("how many orders were cancelled?", "SELECT 1 FROM o WHERE status = 'X'"),
        (
            "how many flights to Boston on Christmas?",
            "SELECT 1 FROM f WHERE dest = 'BOS' AND day = 24 AND month = 12",
        ),
        ("which shops have more than twelve sales?", "SELECT shop FROM s GROUP BY shop HAVING COUNT(*) > 12"),
        ("which cost more than 2.5 thousand?", "SELECT 1 FROM s WHERE price > 2500"),
        ("who holds half of it?", "SELECT 1 FROM s WHERE running < 0.5 * total AND share > 0.5"),
        ("share above 20 percent in the cities", "SELECT 1 FROM s WHERE share > 0.2"),
        ("the third best of each shop", "SELECT 1 FROM s QUALIFY ROW_NUMBER() OVER (ORDER BY price) = 3"),
        ("the sales on the weekend", "SELECT 1 FROM s WHERE DAYNAME(sold_at) IN ('Saturday', 'Sunday')"),
        ("the sales in May", "SELECT 1 FROM s WHERE sold_at >= '2021-05-01' AND sold_at < '2021-06-01'"),
        ("lay the years across", 'result = s.pivot_table(index="shop", columns="year", aggfunc="mean")'),
        # Not English: the words cannot be compared.
        ("Wie viele Frauen gibt es?", "SELECT 1 FROM p WHERE sex = 'female' AND age > 18"),
        ("法国的平均寿命", "SELECT 1 FROM g WHERE country = 'France'"),
    ],
)
def test_what_the_question_says_in_its_own_way(question: str, code: str) -> None:
    assert unasked(question)(code) is None


def test_a_model_that_insists_has_a_reason() -> None:
    check, code = (
        unasked("how big is the biggest?"),
        "SELECT 1 FROM g WHERE continent = 'Europe' AND pop > 77",
    )
    first, second = check(code), check(code)
    assert first is not None and second is not None and first.message != second.message
    assert check(code) is None


@given(
    number=st.integers(2, 10**7), question=st.sampled_from(["more than {} of the sales", "the {:,} of them"])
)
def test_a_number_of_the_question_is_never_from_nowhere(number: int, question: str) -> None:
    check = unasked(question.format(number))
    percent = [number / 100] if number < 1000 else []
    for told in (number, number + 1, number * 100, *percent):
        assert check(f"SELECT 1 FROM s WHERE price > {told:f}") is None


@given(question=st.text(max_size=40), code=st.text(max_size=120))
def test_any_text_is_taken(question: str, code: str) -> None:
    unasked(f"the {question}")(f"SELECT {code} = 'x y z' AND a > 5")


def test_a_word_left_out_weighs_less_than_a_wrong_condition() -> None:
    def attempt(code: str, kind: str) -> Attempt:
        return Attempt(code, object(), (QueryError(kind, "m", "h"),))  # type: ignore[arg-type]

    tried = [
        attempt("first", "column_unused"),
        attempt("second", "no_such_value"),
        attempt("third", "unasked"),
    ]
    assert best(tried, Limits()).code == "first"
    assert best(tried[1:], Limits()).code == "third"


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Which cheeses are from French farms?", "France"),
        ("the Dutch among our clients", "Netherlands"),
        ("How many Swiss hotels are there?", "Switzerland"),
        ("How many hotels are there in Holland?", "Netherlands"),
        ("List the Spanish and the Polish wines", "Poland"),
        ("wines of the Danes", "Denmark"),
        ("How many US airlines are there?", "United States"),
        ("How many Roman churches are there?", "Rome"),
    ],
)
def test_people_and_their_country_are_the_same(question: str, place: str) -> None:
    assert unasked(question)(f"SELECT name FROM t WHERE country = '{place}'") is None
    assert unasked(question)("SELECT name FROM t WHERE country = 'Hungary'") is not None


def test_ten_is_no_percent_of_a_thousand() -> None:
    check = unasked("In the towns with more than 1,000 accidents, what was the share of cars in percent?")
    code = (
        "SELECT town, 100.0 * SUM(CASE WHEN cars > 10 THEN 1 ELSE 0 END) / SUM(cars + bikes) FROM t "
        "GROUP BY town HAVING SUM(cars + bikes) > 1000"
    )
    error = check(code)
    assert error is not None and error.message == "Nothing in the question says cars > 10."
    assert error.hint == (
        "Write: SELECT town, 100.0 * SUM(cars) / SUM(cars + bikes) FROM t "
        "GROUP BY town HAVING SUM(cars + bikes) > 1000"
    )
    assert check(code) is None
    assert unasked("the towns with more than 15 percent")("SELECT 1 FROM t WHERE x > 0.15") is None


def test_rows_may_be_counted_by_a_number_of_the_data() -> None:
    error = unasked("share of the towns with many cars")(
        "SELECT SUM(CASE WHEN cars > 10 THEN 1 ELSE 0 END) / COUNT(*) FROM t"
    )
    assert error is not None and error.hint == "Leave that condition out, unless it is meant."

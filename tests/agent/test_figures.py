"""Worked examples speak of the question's own figures and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.agent.examples.figures import with_figures, with_names

BEST = ("the three product with the highest price of each shop_id", "… OVER (…) AS rn … WHERE rn <= 3")


@pytest.mark.parametrize(
    ("example", "query", "question", "told", "written"),
    [
        (*BEST, "the five dearest wines of every region", "the five product", "rn <= 5"),
        (*BEST, "in 2007, the 4 tallest trees of each park", "the 4 product", "rn <= 4"),
        (*BEST, "the tallest tree of each park", "the three product", "rn <= 3"),
        (*BEST, "the 2 or 3 tallest trees of each park", "the three product", "rn <= 3"),
        ("price in week 5", "WHERE week = 5", "yield of barley in 1932?", "in week 1932", "week = 1932"),
        (
            "from week 3 to week 8",
            "WHERE week IN (3, 8)",
            "gain from 1952 to 2007",
            "from week 1952 to week 2007",
            "IN (1952, 2007)",
        ),
        (
            "grew from 2021 to 2022",
            "y = '2022' … y = '2021'",
            "did it fall between 1990 and 2003?",
            "from 1990 to 2003",
            "y = '2003' … y = '1990'",
        ),
        (
            "shops with a price above 5",
            "HAVING MIN(price) > 5",
            "never below 12,000 euros",
            "above 12,000",
            "MIN(price) > 12000",
        ),
        ("above 5", "price > 5", "rainfall over 0.25 inches", "above 0.25", "price > 0.25"),
        ("the third sale", "WHERE rn = 3", "who was the 7th to join?", "the 7th sale", "rn = 7"),
        (
            "the third highest",
            "LIMIT 1 OFFSET 2",
            "the fifth heaviest car",
            "the fifth highest",
            "LIMIT 1 OFFSET 4",
        ),
        (
            "any three consecutive",
            "ROWS BETWEEN 2 PRECEDING … n >= 3",
            "any 12 months in a row",
            "any 12 consecutive",
            "BETWEEN 11 PRECEDING … n >= 12",
        ),
        # A figure that the query does not have stays as it is in the question, too.
        ("a product of exactly two words", "… = 1", "names of three words", "exactly two words", "= 1"),
        ("sales in the second quarter", "IN ('04', '05')", "the third quarter", "second quarter", "'04'"),
        ("the 90th percentile", "quantile(0.9)", "95th percentile of rent by town", "the 95th", "(0.95)"),
        ("the 90th percentile", "CONT(x, 0.9)", "the 99.9% quantile of waits", "the 99.9%", "0.999)"),
        ("the 90th percentile", "CONT(x, 0.9)", "5th percentile of wages", "the 5th", "0.05)"),
        ("the 90th percentile", "CONT(x, 0.9)", "p75 of wages in 2020", "the p75", "0.75)"),
        ("the 90th percentile", "CONT(x, 0.9)", "what is the 0.8 quantile of age?", "the 0.8", "0.8)"),
        ("the 90th percentile", "CONT(x, 0.9)", "the wage that the top 5 % pass", "the top 5 %", "0.95)"),
        ("the 90th percentile", "CONT(x, 0.9)", "the 10th and 90th percentile of age", "the 90th", "0.9)"),
        ("the 90th percentile", "CONT(x, 0.9)", "the 0.5 percentile of age", "the 90th", "0.9)"),
        (
            "the 10th, 50th and 90th percentile",
            "[0.1, 0.5, 0.9]",
            "2.5th, 50th and the 97.5th percentile of weight",
            "the 2.5th, 50th and 97.5th",
            "[0.025, 0.5, 0.975]",
        ),
        (
            "the 10th, 50th and 90th percentile",
            "[0.1, 0.5, 0.9]",
            "latency percentiles 50/95/99.9",
            "the 50, 95 and 99.9",
            "[0.5, 0.95, 0.999]",
        ),
        # What belongs to a date is no figure.
        ("above 10", "price > 10", "before 3 May, at 10:30 or on 2024-01-05", "above 10", "price > 10"),
        ("percentage above 10", "100.0 * SUM(price > 10)", "above 7", "above 7", "100.0 * SUM(price > 7)"),
    ],
)
def test_the_figures_take_their_places(
    example: str, query: str, question: str, told: str, written: str
) -> None:
    said, code = with_figures(example, query, question)
    assert told in said and written in code


@pytest.mark.parametrize(
    ("query", "question", "written"),
    [
        ("city = 'Rome'", "Which place did France have in 2007?", "city = 'France'"),
        ("city = 'Rome'", "how many came from New Zealand in May?", "city = 'New Zealand'"),
        ("city IN ('Rome', 'Oslo')", "is it warmer in Bergen than in Turku?", "IN ('Bergen', 'Turku')"),
        ("city IN ('Rome', 'Oslo')", "is it warm in Bergen?", "IN ('Rome', 'Oslo')"),
        ("city = 'Rome'", "How many on Mondays in July, I wonder?", "city = 'Rome'"),
        ("city = 'Rome'", "how much did O'Brien pay?", "city = 'Rome'"),
        ("price > 5", "how much did Smith pay?", "price > 5"),
    ],
)
def test_proper_names_stand_for_the_cities(query: str, question: str, written: str) -> None:
    assert written in with_names("sales in Rome and Oslo", query, question)[1]


@given(st.text(), st.text(), st.text())
def test_any_text_will_do(example: str, query: str, question: str) -> None:
    assert all(isinstance(text, str) for text in with_figures(example, query, question))
    assert all(isinstance(text, str) for text in with_names(example, query, question))


@given(st.integers(2, 1_000), st.integers(2, 1_000))
def test_one_number_for_another_and_back(one: int, other: int) -> None:
    told, written = with_figures(f"top {one} shops", f"LIMIT {one}", f"best {other} of them")
    assert (told, written) == (f"top {other} shops", f"LIMIT {other}")
    assert with_figures(told, written, f"first {one}") == (f"top {one} shops", f"LIMIT {one}")

"""Words that only order the rows are not read as the kind of the question."""

from __future__ import annotations

import time

import pytest

from qwen_magics.agent.examples.sql.recipes import firm_sql
from qwen_magics.agent.words.ordering_words import unordered
from qwen_magics.tools.schema import Column, Table

_TICKETS = Table("tickets", (Column("kind", "VARCHAR"), Column("fee", "DOUBLE")), rows=90)


@pytest.mark.parametrize(
    "order",
    [
        "Most frequent first.",
        "The most common one comes first, please.",
        "(most common on top)",
        "Most popular at the top.",
        "Sort by the most frequent.",
        "Start with the most common one.",
        "Sorted from most to least frequent.",
        "List them in descending order.",
    ],
)
def test_what_orders_the_rows_is_left_out(order: str) -> None:
    question = f"How many tickets are there of each kind? {order}"
    assert "common" not in unordered(question) and "frequent" not in unordered(question)
    assert unordered(question).startswith("How many tickets are there of each kind?")
    assert firm_sql(question, "CREATE TABLE tickets (kind TEXT, fee DOUBLE)", "SQLite", _TICKETS) == ""


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Seats per hall, biggest hall first", "Seats per hall"),
        ("Guests by floor, the floor with most guests last.", "Guests by floor."),
        ("List the halls (largest first) with their seats", "List the halls with their seats"),
        ("Fees by kind, in decreasing order of the fee", "Fees by kind"),
        ("Fees by kind, from highest to lowest. Kind and fee.", "Fees by kind. Kind and fee."),
        ("Fees by kind \u2013 ordered by the largest fee", "Fees by kind"),
    ],
)
def test_the_rest_stays_as_it_is(question: str, rest: str) -> None:
    assert unordered(question) == rest


@pytest.mark.parametrize(
    "question",
    [
        "Which hall was opened first?",
        "Most recent first",
        "How many halls, largest first, make up half of all seats?",
        "Rank the halls by seats and tell me who comes last.",
        "Which hall is at the top?",
        "Running total of the fees, ordered by day",
        "What was the first, second, ... fee?",
        "",
    ],
)
def test_what_is_asked_for_is_not_left_out(question: str) -> None:
    assert unordered(question) == question


def test_a_long_question_is_read_in_no_time() -> None:
    began = time.perf_counter()
    unordered(", the most " * 70)
    unordered("sorted by " * 80)
    assert time.perf_counter() - began < 0.5

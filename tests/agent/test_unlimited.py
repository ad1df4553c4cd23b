"""Words that order the rows do not ask for the first one."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.unlimited import unlimited

_ONE = "SELECT kind, COUNT(*) FROM tickets GROUP BY kind ORDER BY COUNT(*) DESC LIMIT 1"


@pytest.mark.parametrize(
    "question",
    [
        "How many tickets are there of each kind? Most frequent first.",
        "Tickets by kind, largest number on top",
        "Count the tickets per kind (commonest kind first).",
        "List the kinds with their number of tickets, in descending order.",
    ],
)
def test_one_row_where_all_are_asked_for_comes_back_once(question: str) -> None:
    check = unlimited(question)
    error = check(_ONE)
    assert error is not None
    assert error.hint == f"Write: {_ONE.removesuffix(' LIMIT 1')}"
    assert check(_ONE) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Which kind of ticket is the most frequent?", _ONE),
        ("The most frequent kind by number of tickets, largest first", _ONE),
        ("Rank the kinds, most frequent first. Only the first row, for each team.", _ONE),
        ("How many tickets are there of each kind?", _ONE),
        ("Tickets by kind, most frequent first", _ONE.removesuffix(" LIMIT 1")),
        ("Tickets by kind, most frequent first", _ONE.replace("LIMIT 1", "LIMIT 5")),
        ("Tickets by kind, most frequent first", "result = tickets.kind.value_counts()"),
        ("Tickets by kind, most frequent first", "SELECT FROM LIMIT 1"),
    ],
)
def test_what_may_be_meant_is_left_alone(question: str, code: str) -> None:
    assert unlimited(question)(code) is None

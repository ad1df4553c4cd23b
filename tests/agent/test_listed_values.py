"""One number for each value of a list."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.listed_values import listed_values

_CODE = "SELECT COUNT(*) FROM bikes WHERE colour IN ('red', 'blue', 'green')"


def test_values_that_are_counted_together_come_back_once() -> None:
    check = listed_values("How many bikes are red, blue and green?")
    error = check(_CODE)
    assert error is not None and error.hint == (
        "Each of them: SELECT colour, COUNT(*) FROM bikes WHERE colour IN ('red', 'blue', 'green') "
        "GROUP BY colour"
    )
    assert check(_CODE) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many bikes are red, blue and green together?", _CODE),
        ("How many bikes are red, blue or green?", _CODE),
        ("How many bikes are red, blue and shiny?", _CODE),
        ("How many bikes are red, blue and green?", _CODE.replace("COUNT(*)", "colour, COUNT(*)")),
        ("How many bikes are red, blue and green?", _CODE + " GROUP BY shop"),
        ("How many bikes are red, blue and green?", "SELECT COUNT(*) FROM bikes"),
        ("How many bikes are red, blue and green?", "result = len(bikes)"),
    ],
)
def test_what_may_be_one_number_is_left_alone(question: str, code: str) -> None:
    assert listed_values(question)(code) is None

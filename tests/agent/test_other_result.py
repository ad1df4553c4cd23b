"""A result that another query of the question's kind does not give comes back with that query, once."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.agent.checks.other_result import gives, other_result
from qwen_magics.tools.frames import FrameDatabase

ASKED = "How many times as high is the average price in Rome as that in Oslo?"
MEANS = "AVG(CASE WHEN city = 'Rome' THEN price END) / AVG(CASE WHEN city = 'Oslo' THEN price END)"
RIGHT = f"SELECT {MEANS} FROM sales"
WRONG = RIGHT.replace("AVG", "SUM")


@pytest.fixture
def sales() -> Iterator[FrameDatabase]:
    frame = pd.DataFrame({"city": ["Rome", "Rome", "Oslo"], "price": [2.0, 4.0, 1.0]})
    with FrameDatabase({"sales": frame}) as database:
        yield database


def test_a_changed_piece_is_told_once(sales: FrameDatabase) -> None:
    check = other_result(ASKED, sales.tables, sales.dialect, sales.run)
    problem = check(sales.run(WRONG), WRONG)
    assert problem is not None
    assert problem.hint.startswith("Write: SELECT")
    assert check(sales.run(WRONG), WRONG) is None


@pytest.mark.parametrize("question", [ASKED, "How many sales are there?", ""])
def test_the_same_result_or_another_kind_is_not(sales: FrameDatabase, question: str) -> None:
    check = other_result(question, sales.tables, sales.dialect, sales.run)
    assert check(sales.run(RIGHT), RIGHT) is None


def test_where_nothing_can_be_run_nothing_is_said(sales: FrameDatabase) -> None:
    wrong = "SELECT COUNT(*) FROM sales"
    assert other_result(ASKED, sales.tables, sales.dialect, None)(sales.run(wrong), wrong) is None


TWO = pd.DataFrame({"city": ["Rome", "Oslo"], "n": [2, 1]})


@pytest.mark.parametrize(
    ("columns", "same"),
    [
        ({"n": [1, 2], "city": ["Oslo", "Rome"]}, True),
        ({"n": [1.0000000001, 2.0], "x": [0, 0], "city": ["Oslo", "Rome"]}, True),
        ({"n": [2, 1], "city": ["Oslo", "Rome"]}, False),
        ({"city": ["Rome", "Oslo"]}, False),
        ({"city": ["Rome", "Oslo", "Bonn"], "n": [2, 1, 1]}, False),
        # Too wide to tell which column is which: nothing is said.
        ({str(n): [0, 0] for n in range(6)}, True),
    ],
)
def test_rows_are_compared_in_any_order(columns: dict[str, list[object]], same: bool) -> None:
    assert gives(pd.DataFrame(columns), TWO) == same

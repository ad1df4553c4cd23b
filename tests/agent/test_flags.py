"""Rows of one kind by a flag or a missing date."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.flags import flags
from qwen_magics.tools.schema import Column, Table

_BILLS = Table(
    "bills",
    (
        Column("bill_id", "INTEGER", unique=True),
        Column("amount", "DOUBLE", samples=("1.5", "2.0")),
        Column("settled", "INTEGER", samples=("0", "1")),
        Column("disputed", "BOOLEAN", samples=("true", "false")),
        Column("collected_on", "DATE", nulls=4, samples=("'2021-01-02'",)),
        Column("printed", "DATE", samples=("'2021-01-02'",)),
    ),
    9,
)
_ALL = "SELECT SUM(amount) FROM bills"


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("What do the unsettled bills add up to?", "bills.settled = 0"),
        ("The sum of bills that are not yet settled", "bills.settled = 0"),
        ("How much is in settled bills?", "bills.settled = 1"),
        ("Total of bills that weren't disputed", "NOT bills.disputed"),
        ("Total of disputed bills", "bills.disputed."),
        ("Amount of bills not been collected", "bills.collected_on IS NULL"),
        ("Amount of the uncollected bills", "bills.collected_on IS NULL"),
        ("Amount of collected bills", "bills.collected_on IS NOT NULL"),
    ],
)
def test_the_column_is_read(question: str, condition: str) -> None:
    check = flags(question, (_BILLS,))
    found = check(_ALL)
    assert found is not None
    assert found.kind == "kind_unused"
    assert condition in (found.hint or "")
    assert check(_ALL) is None  # told once: a model that insists has a reason
    column = condition.replace("NOT ", "").removeprefix("bills.").split(" ")[0].rstrip(".")
    assert flags(question, (_BILLS,))(f"{_ALL} WHERE {column} = 1") is None


@pytest.mark.parametrize(
    "question",
    [
        "Settled and unsettled bills, side by side",
        "bills, settled or not",
        "the total of all bills, whether settled or unsettled",
        "The amount that was settled",  # by whatever
        "unprinted bills",  # a date that none lacks
        "bills of an unset kind",
        "all bills, the unsettled ones included",
    ],
)
def test_both_kinds_or_neither(question: str) -> None:
    assert flags(question, (_BILLS,))(_ALL) is None


def test_two_columns_of_one_name_leave_a_doubt() -> None:
    other = Table("orders", (Column("settled", "INTEGER", samples=("0", "1")),), 3)
    assert flags("the unsettled bills", (_BILLS, other))(_ALL) is None

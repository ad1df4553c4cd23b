"""Those that are done: a date that is missing for the others is asked for once."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.done_only import done_only
from qwen_magics.tools.schema import Column, Table

_INVOICES = Table(
    "invoices",
    (
        Column("invoice_id", "BIGINT", unique=True),
        Column("channel", "VARCHAR", nulls=3),
        Column("sent", "DATE"),
        Column("paid_on", "DATE", nulls=12),
        Column("total", "DOUBLE"),
    ),
    90,
)
_CODE = "SELECT channel, COUNT(*), SUM(total) FROM invoices GROUP BY channel"


@pytest.mark.parametrize(
    "question",
    [
        "Invoices that have been paid, by channel: how many and their total",
        "How many invoices that have already been paid are there of each channel, and what do they sum to?",
        "For the invoices that have come in, number and total by channel",
        "Number and total of invoices which have been paid, per channel",
    ],
)
def test_what_is_not_done_is_left_out(question: str) -> None:
    check = done_only(question, [_INVOICES])
    problem = check(_CODE)
    assert problem is not None
    assert problem.hint == f"Write: {_CODE.replace('GROUP', 'WHERE NOT paid_on IS NULL GROUP')}"
    assert check(_CODE) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Number and total of invoices by channel", _CODE),
        ("Invoices that have not been paid, by channel", _CODE),
        ("Invoices that have been paid late, by channel", _CODE),
        ("Invoices that have been shipped, by channel", _CODE),
        ("How many of the invoices have been paid?", "SELECT COUNT(*) FROM invoices"),
        ("Invoices that have been paid", "SELECT COUNT(paid_on) FROM invoices"),
        ("Invoices that have been paid", "SELECT COUNT(*) FROM (SELECT * FROM invoices) AS s"),
    ],
)
def test_all_else_passes(question: str, code: str) -> None:
    assert done_only(question, [_INVOICES])(code) is None

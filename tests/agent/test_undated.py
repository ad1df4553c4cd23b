"""Days until something is so, of flags; and measures that lack a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Request, answer
from qwen_magics.agent.doubts.undated import awaited, is_flag
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table

Make = Callable[..., Any]
KEY = Column("invoice_id", "INTEGER", unique=True)
INVOICES = Table("invoices", (KEY, Column("total", "REAL"), Column("paid", "INTEGER")), 9)
VISITS = Table("visits", (Column("visit_id", "INTEGER", unique=True), Column("came", "DATE")), 9)
PARCELS = Table("parcels", (Column("code", "TEXT"), Column("is_delivered", "BOOLEAN")), 9)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How many days pass on average until an invoice is paid?", ["paid"]),
        ("How long does it take before customers pay their invoices?", ["paid"]),
        ("What is the average number of weeks until payment?", ["paid"]),
        ("How long does it take to pay an invoice?", ["paid"]),
        ("How many days between writing an invoice and its paying?", ["paid"]),
        ("How long until a parcel has been delivered?", ["is_delivered"]),
        ("How quickly do we get to deliver a parcel, in hours?", ["is_delivered"]),
        ("How many invoices were paid?", []),
        ("How much has been paid until May?", []),
        ("How many days passed until the visit, of those who paid?", []),
        ("What is the total of invoices that were paid before the visit?", []),
    ],
)
def test_what_is_waited_for(question: str, found: list[str]) -> None:
    assert [column.name for _, column in awaited(question, [INVOICES, VISITS, PARCELS])] == found


@pytest.mark.parametrize(
    "tables",
    [
        [replace(INVOICES, columns=(*INVOICES.columns, Column("paid_on", "DATE")))],
        [replace(INVOICES, columns=(*INVOICES.columns, Column("settled", "DATE")))],
        [replace(INVOICES, columns=(*INVOICES.columns, Column("day", "TEXT")))],
        [INVOICES, Table("payments", (Column("booked", "DATE"), Column("pay_id", "INTEGER")), 9)],
        [INVOICES, Table("receipts", (Column("booked", "DATE"), KEY), 9)],
        [Table("invoices", (KEY, Column("paid", "DATE")), 9)],
    ],
)
def test_there_may_be_a_date(tables: list[Table]) -> None:
    assert not list(awaited("How many days pass until an invoice is paid?", tables))


def test_flags_are_looked_up() -> None:
    bills = pd.DataFrame({"a": [0, 1, 1], "b": [True, False, True], "c": [20240101, 0, 1], "d": [3, 4, 3]})
    with FrameDatabase({"bills": bills}) as database:
        table = database.tables[0]
        assert [column.name for column in table.columns if is_flag(database, table, column)] == ["a", "b"]
        assert not is_flag(database, table, Column("e", "INTEGER"))


@pytest.mark.parametrize(("values", "status"), [([0, 1, 1], "unanswerable"), ([12, 40, 7], "answered")])
def test_the_days_until_a_flag_cannot_be_answered(scripted: Make, values: list[int], status: str) -> None:
    bills = pd.DataFrame({"bill": [1, 2, 3], "amount": [1.5, 2.5, 3.5], "paid": values})
    query = "SELECT AVG(paid) FROM bills"
    request = Request("How many days does it take until one of the bills is paid?", {"bills": bills})
    found = answer(replace(request, route="sql"), lambda event: None, scripted(query, query, query))
    assert found.status == status
    if status == "unanswerable":
        assert "bills.paid says whether, and no column says when." in found.text

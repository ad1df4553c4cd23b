"""What makes no difference is no condition."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.checks.left_out import left_out
from qwen_magics.agent.checks.regardless import limiting, regardless
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

_ALL = "SELECT COUNT(*) FROM tickets"
_CLOSED = f"{_ALL} WHERE closed IS NULL"


@pytest.mark.parametrize(
    ("question", "code", "meant"),
    [
        ("How many tickets are there, closed or not?", _CLOSED, _ALL),
        ("Number of tickets (closed ones included)", _CLOSED, _ALL),
        ("How many tickets do we have, closed ones included, in all?", f"{_ALL} WHERE NOT closed", _ALL),
        ("How many tickets came in, including the closed ones?", f"{_ALL} WHERE closed = 0", _ALL),
        ("How many tickets, including those that are closed?", _CLOSED, _ALL),
        ("Tickets of 2020, irrespective of status", f"{_ALL} WHERE status = 'open'", _ALL),
        ("Tickets, regardless of the status they have", f"{_ALL} WHERE status IN ('open', 'new')", _ALL),
        ("Tickets of any status: how many?", f"{_ALL} WHERE status <> 'X'", _ALL),
        ("Tickets, all statuses included", f"{_ALL} WHERE status <> 'X'", _ALL),
        ("Count the tickets, whether open or closed.", f"{_ALL} WHERE status = 'open'", _ALL),
        ("Count the tickets, resolved or unresolved.", f"{_ALL} WHERE resolved_at IS NOT NULL", _ALL),
        ("How many tickets, withdrawn ones included?", f"{_ALL} WHERE status = 'withdrawn'", _ALL),
        (
            "How many tickets did team 7 get, cancelled ones included?",
            f"{_ALL} WHERE team = 7 AND status = 'X'",
            f"{_ALL} WHERE team = 7",
        ),
        (
            "Tickets of the team Support, closed or not",
            f"{_ALL} WHERE team = 'Support' OR closed IS NULL",
            f"{_ALL} WHERE team = 'Support'",
        ),
        (
            "Tickets of the team Support, no matter whether closed",
            f"{_ALL} WHERE team = 'Support' AND (NOT closed IS NULL)",
            f"{_ALL} WHERE team = 'Support'",
        ),
    ],
)
def test_a_condition_on_it_comes_back_once(question: str, code: str, meant: str) -> None:
    check = regardless(question)
    error = check(code)
    assert error is not None
    assert (error.kind, error.hint) == ("not_regardless", f"Leave that condition out: {meant}")
    assert check(code) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many tickets are there, closed or not?", _ALL),
        ("How many tickets are not closed?", _CLOSED),
        ("How many tickets, closed ones not included?", _CLOSED),
        ("How many tickets, not including closed ones?", _CLOSED),
        ("How many orders included a gift?", "SELECT COUNT(*) FROM orders WHERE gift = 1"),
        ("Whether more men or women won: count the winners", "SELECT COUNT(*) FROM t WHERE sex = 'men'"),
        ("Tickets of the team Support, team leaders included", f"{_ALL} WHERE team = 'Support'"),
        ("Open tickets, including those of the night", f"{_ALL} WHERE status = 'open'"),
        ("Delivered ones, returned ones included", f"{_ALL} WHERE status = 'D'"),
        ("Tickets, whether new or used", f"{_ALL} WHERE state IN ('new', 'used')"),
        ("Tickets, including their team where it is Support", f"{_ALL} WHERE team = 'Support'"),
        ("Tickets from Bonn, Ulm or not Kiel", f"{_ALL} WHERE town IN ('Bonn', 'Ulm')"),
        ("Tickets up to and including 2010", f"{_ALL} WHERE year <= 2010 AND kind = 'A'"),
        ("closed or not?", "result = tickets[tickets.closed]"),
        ("closed or not?", "SELECT FROM WHERE"),
    ],
)
def test_what_may_be_meant_is_left_alone(question: str, code: str) -> None:
    assert regardless(question)(code) is None


@pytest.mark.parametrize(
    "question",
    ["How many tickets are there, closed or not?", "How many tickets are there, the lost ones included?"],
)
def test_no_other_check_wants_it_back(question: str) -> None:
    columns = (Column("closed", "DATE"), Column("fate", "VARCHAR", categories=("'lost'", "'found'")))
    assert left_out(question, [Table("tickets", columns, 9)])(_ALL) is None
    assert limiting("Tickets, lost ones included, of 2020") == "Tickets,, of 2020"


def test_it_is_asked_of_every_query() -> None:
    tickets = Table("tickets", (Column("ticket_id", "BIGINT"), Column("closed", "DATE")), 9)
    check = demand("auto", "How many tickets are there, closed or not?", [tickets])
    error = check(QueryResult(pd.DataFrame({"n": [3]}), 1, False, 0.0, ()), _CLOSED)
    assert error is not None and error.kind == "not_regardless"


@pytest.mark.parametrize(
    "said",
    [
        ". The status doesn't matter.",
        "; the status does not play a role",
        ". Their status is irrelevant.",
        ", ignoring the status",
        ", without regard to status",
        " of any status per month",
        " with no restriction on status",
        ". We do not care about the status",
        ", whatever their status",
        ". Don't filter by status.",
    ],
)
def test_what_does_not_matter_is_neither_a_condition_nor_a_column(said: str) -> None:
    question = f"How many tickets came in{said}"
    error = regardless(question)(f"{_ALL} WHERE status = 'P'")
    assert error is not None and error.hint.endswith(_ALL)
    assert "status" not in limiting(question)


@pytest.mark.parametrize(
    "said",
    [
        " and count cancelled tickets like all others",
        ", treating cancelled ones the same as the rest",
        ". Cancelled tickets count too.",
        "; cancelled ones count as well",
        ". Also count the cancelled ones.",
        ", even cancelled ones",
        ". Don't leave out the cancelled ones.",
        ". Cancelled ones are not excluded.",
        " cancelled or not",
    ],
)
def test_what_counts_like_the_rest_is_no_condition(said: str) -> None:
    question = f"How many tickets came in{said}"
    for condition in ("status <> 'cancelled'", "status <> 'X'"):
        error = regardless(question)(f"{_ALL} WHERE {condition}")
        assert error is not None and error.hint.endswith(_ALL)


@pytest.mark.parametrize(
    "question",
    [
        "How many tickets came in? Cancelled ones do not count.",
        "How many tickets came in? Cancelled ones don't matter.",
        "How many tickets came in? Ignore cancelled ones.",
        "How many tickets came in? Only cancelled ones count.",
        "How many tickets came in, not counting cancelled ones?",
        "How many tickets came in? Do not count the cancelled ones.",
        "How many tickets came in? Leave out whatever was cancelled.",
    ],
)
def test_what_does_not_count_is_a_condition(question: str) -> None:
    assert regardless(question)(f"{_ALL} WHERE status <> 'cancelled'") is None

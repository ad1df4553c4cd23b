"""Tables matched by several columns that the question names: the join that is shown, and what comes back."""

from __future__ import annotations

import pytest

from qwen_magics.agent.links.linking import hints
from qwen_magics.agent.links.matched import matched, matched_hint
from qwen_magics.tools.schema import Column, Table

_SALES = Table(
    "sales", tuple(Column(n, "VARCHAR") for n in ("branch", "sold_on", "item", "price", "till")), 90
)
_DAYS = Table("days", tuple(Column(n, "VARCHAR") for n in ("branch", "sold_on", "rain", "staff")), 30)
_TABLES = (_SALES, _DAYS)
_ON = "sales.branch = days.branch AND sales.sold_on = days.sold_on"


@pytest.mark.parametrize(
    "question",
    [
        "Average price of sales on days with rain. Match the two by branch and sold_on.",
        "Join sales and days on branch and sold_on: what is the mean price when staff is 3?",
        "How many sales had rain, joined on sold_on, branch?",
        "Mean price by rain, linking each sale to the row of days with the same branch and sold_on",
        "Merge them using both branch and sold_on, then count the rainy sales",
        "Total price of sales by staff (tables matched via the columns branch & sold_on)",
        "What did the items cost in the rain? Combine the two tables by branch, sold_on",
        "Look up the rain by branch and sold_on: how many sales were dry?",
        "The tables are related through branch and sold_on; which item sells best in the rain?",
        "Sales and days belong together where they agree in branch and sold_on. How many were dry?",
    ],
)
def test_the_join_has_all_of_them(question: str) -> None:
    """Before the question, and where a query joins on one of them."""
    assert set(matched_hint(question, _TABLES).partition(" ON ")[2].split(" AND ")) == set(_ON.split(" AND "))
    assert "JOIN" in hints(question, _TABLES)
    check = matched(question, _TABLES)
    problem = check("SELECT AVG(s.price) FROM sales AS s JOIN days AS d ON s.branch = d.branch")
    assert problem is not None
    assert "s.sold_on = d.sold_on" in problem.hint
    assert check("SELECT AVG(s.price) FROM sales AS s JOIN days AS d ON s.branch = d.branch") is None


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT COUNT(*) FROM sales JOIN days ON {_ON}",
        "SELECT COUNT(*) FROM sales JOIN days USING (branch, sold_on)",
        "SELECT COUNT(*) FROM sales",
        "SELECT COUNT(*) FROM sales AS a JOIN days AS b ON a.branch = b.branch WHERE a.sold_on = b.sold_on",
    ],
)
def test_left_alone(query: str) -> None:
    """A join on all of them, however it is written."""
    assert matched("Match them by branch and sold_on.", _TABLES)(query) is None


@pytest.mark.parametrize(
    "question",
    [
        "Average price by branch and sold_on",
        "How many sales match by item and till?",  # in one table only
        "Match them by branch",
        "Sales with the same item and price",
    ],
)
def test_no_such_list(question: str) -> None:
    """Groups, or columns of one table."""
    assert matched_hint(question, _TABLES) == ""

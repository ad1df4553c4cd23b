"""Names beside keys."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.labelling import labelled

SUPPLIERS = pd.DataFrame({"supplier_id": [1, 2], "company": ["Hansen", "Weber"], "country": ["DK", "DE"]})
PRODUCTS = pd.DataFrame(
    {"product_id": [5, 6, 7], "supplier_id": [1, 1, 2], "name": ["tea", "rice", "tea"], "country": ["X"] * 3}
)
MEMBERS = pd.DataFrame({"member_id": [1, 2], "first_name": ["Ada", "Al"], "last_name": ["Byron", "Turing"]})
LOANS = pd.DataFrame({"loan_id": [1, 2, 3], "member_id": [1, 1, 2]})


@pytest.fixture(scope="module")
def shop() -> Iterator[FrameDatabase]:
    frames = {"suppliers": SUPPLIERS, "products": PRODUCTS, "members": MEMBERS, "loans": LOANS}
    with FrameDatabase(frames) as database:
        yield database


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        (
            "SELECT supplier_id, COUNT(*) AS n FROM products GROUP BY supplier_id ORDER BY n DESC LIMIT 1",
            [[1, "Hansen", 2]],
        ),
        (
            "SELECT p.supplier_id AS s FROM products AS p WHERE p.country = 'X' AND product_id = 7",
            [[2, "Weber"]],
        ),
        (
            "SELECT p.country, s.supplier_id FROM products p "
            "JOIN suppliers s ON p.supplier_id = s.supplier_id WHERE product_id = 5",
            [["X", 1, "Hansen"]],
        ),
        ("SELECT country, supplier_id FROM products WHERE product_id = 5", [["X", 1, "Hansen"]]),
        ("SELECT supplier_id FROM suppliers ORDER BY supplier_id", [[1, "Hansen"], [2, "Weber"]]),
        (
            "SELECT member_id, COUNT(*) FROM loans GROUP BY member_id ORDER BY COUNT(*) DESC LIMIT 1",
            [[1, "Ada", "Byron", 2]],
        ),
    ],
)
def test_a_key_has_its_name_beside_it(shop: FrameDatabase, written: str, rows: list[list[object]]) -> None:
    named = shop.check(labelled(written, ["suppliers", "members"], shop.tables, shop.dialect))
    assert shop.run(named).frame.values.tolist() == rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT supplier_id, company FROM suppliers",
        "SELECT COUNT(supplier_id) FROM products",
        "SELECT product_id FROM products",  # nobody asked for products
        "SELECT a.supplier_id FROM products AS a JOIN products AS b ON a.supplier_id = b.supplier_id",
        "WITH p AS (SELECT supplier_id FROM products) SELECT supplier_id FROM p",
        "SELECT supplier_id FROM products UNION SELECT supplier_id FROM suppliers",
        "SELECT (",
    ],
)
def test_all_else_stays_as_it_is(shop: FrameDatabase, sql: str) -> None:
    assert labelled(sql, ["suppliers"], shop.tables, shop.dialect) == sql


def test_no_row_is_lost_or_repeated(shop: FrameDatabase) -> None:
    written = "SELECT supplier_id, name FROM products"
    # The products' own name is no name of a supplier; but it is called so, and that is left alone.
    sql = labelled(written, ["suppliers"], shop.tables, shop.dialect)
    assert len(shop.run(shop.check(sql)).frame) == len(PRODUCTS)

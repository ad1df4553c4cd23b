"""An aggregate that is computed inside under a name that nobody uses is what the outer query means."""

from __future__ import annotations

import pytest

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.mending import mended

_TABLES = (
    Table(
        "sales",
        tuple(Column(n, t) for n, t in (("day", "DATE"), ("price", "DOUBLE"), ("city", "VARCHAR"))),
        9,
    ),
)
_LAST_THREE = "SUM(price) OVER (ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)"


@pytest.mark.parametrize(
    ("sql", "right"),
    [
        (
            f"SELECT MAX(price) FROM (SELECT {_LAST_THREE} AS total FROM sales) AS s",
            f"SELECT MAX(total) FROM (SELECT {_LAST_THREE} AS total FROM sales) AS s",
        ),
        (
            f"SELECT day FROM (SELECT day, {_LAST_THREE} AS total FROM sales) AS s "
            "ORDER BY s.price DESC LIMIT 1",
            f"SELECT day FROM (SELECT day, {_LAST_THREE} AS total FROM sales) AS s "
            "ORDER BY s.total DESC LIMIT 1",
        ),
        (
            "SELECT AVG(price) FROM (SELECT city, SUM(price) AS total FROM sales GROUP BY city) AS s",
            "SELECT AVG(total) FROM (SELECT city, SUM(price) AS total FROM sales GROUP BY city) AS s",
        ),
        (
            "SELECT MAX(price) - MIN(price) AS gap FROM (SELECT AVG(price) AS mean FROM sales "
            "GROUP BY city) AS s",
            "SELECT MAX(mean) - MIN(mean) AS gap FROM (SELECT AVG(price) AS mean FROM sales "
            "GROUP BY city) AS s",
        ),
    ],
)
def test_the_alias_is_meant(sql: str, right: str) -> None:
    assert mended(sql, _TABLES, DUCKDB) == right


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT MAX(total) FROM (SELECT {_LAST_THREE} AS total FROM sales) AS s",
        f"SELECT MAX(price) FROM (SELECT price, {_LAST_THREE} AS total FROM sales) AS s",
        "SELECT AVG(price) FROM (SELECT *, SUM(price) OVER (ORDER BY day) AS total FROM sales) AS s",
        "SELECT MAX(price) FROM (SELECT city, COUNT(*) AS n FROM sales GROUP BY city) AS s",
        "SELECT MAX(price) FROM (SELECT MAX(price) AS one, SUM(price) AS two FROM sales GROUP BY city) AS s",
    ],
)
def test_what_says_something_else_stays(sql: str) -> None:
    assert mended(sql, _TABLES, DUCKDB) == sql


def test_a_column_beside_a_used_alias_is_passed_on() -> None:
    sql = f"SELECT COUNT(*) FROM (SELECT {_LAST_THREE} AS total FROM sales) AS s WHERE price > total"
    assert mended(sql, _TABLES, DUCKDB) == sql.replace("(SELECT SUM", "(SELECT price, SUM", 1)

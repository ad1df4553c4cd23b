"""The same questions in every system: results, errors, reviews, limits."""

from __future__ import annotations

import signal
import sys
import threading

import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import Connection
from qwen_magics.tools.databases.database import Database

# What no machine ends soon. MariaDB gives up a recursion, and DuckDB sees through the join.
_RECURSION = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
_JOIN = (
    f"SELECT COUNT(*) FROM {', '.join(f'order_lines t{i}' for i in range(20))} "
    f"WHERE {' + '.join(f't{i}.amount' for i in range(20))} = -1"
)


@pytest.fixture
def endless(system: str) -> str:
    return _JOIN if system == "mariadb" else _RECURSION


def test_rows(database: Database) -> None:
    sql = database.check(
        "SELECT c.city, COUNT(*) AS orders, SUM(o.total) AS total FROM orders o "
        "JOIN customers c ON o.customer_id = c.id GROUP BY c.city ORDER BY total DESC;"
    )
    result = database.run(sql)
    assert result.frame.to_dict("list") == {
        "city": ["Berlin", "Paris"],
        "orders": [2, 1],
        "total": [30.5, 30.25],
    }
    assert [str(dtype) for dtype in result.frame.dtypes[1:]] == ["int64", "float64"]
    assert result.tables == ("orders", "customers")
    assert (result.rows, result.truncated) == (2, False)
    assert database.review(sql, result) == []


def test_one_number(database: Database) -> None:
    assert database.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)
    assert database.run("SELECT AVG(amount) FROM order_lines").typed() == ("number", 2.5)
    assert database.run("SELECT SUM(amount) FROM order_lines").typed() == ("number", 10)
    assert database.run("SELECT MAX(name) FROM customers").typed() == ("text", "Grace")


def test_missing_values_stay_missing(database: Database) -> None:
    frame = database.run("SELECT customer_id, total, placed FROM orders ORDER BY id").frame
    assert frame.isna().sum().to_dict() == {"customer_id": 1, "total": 1, "placed": 1}
    assert str(frame["customer_id"].dtype) == "Int64"


def test_views_and_labels(database: Database) -> None:
    assert database.run("SELECT COUNT(*) FROM paid").typed() == ("number", 3)
    frame = database.run("SELECT id, id FROM paid").frame
    assert list(frame.columns) == ["id", "id"]


def test_a_result_is_cut(database: Database) -> None:
    result = database.run("SELECT o.id FROM orders o, orders p, orders q, orders r", max_rows=7)
    assert (result.rows, result.truncated) == (7, True)
    assert database.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)


@pytest.mark.parametrize(
    ("sql", "kind", "hint"),
    [
        ("SELECT cty FROM customers", "unknown_column", "Did you mean city?"),
        (
            "SELECT o.name FROM orders o",
            "unknown_column",
            "JOIN customers ON orders.customer_id = customers.id",
        ),
        ("SELECT * FROM ordrs", "unknown_table", "orders"),
        (
            "SELECT id FROM orders JOIN customers ON customer_id = customers.id",
            "ambiguous_column",
            "orders.id",
        ),
        ("SELECT x.id, x.nil FROM orders o", "unknown_", ""),
        ("SELECT id FROM orders WHERE COUNT(*) > 1", "aggregate_place", "HAVING"),
        ("SELECT FROM WHERE", "", ""),
        ("SELECT foo(id) FROM orders", "function_not_allowed", ""),
    ],
)
def test_errors_are_one_line_with_a_hint(database: Database, sql: str, kind: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        database.check(sql)
    assert caught.value.kind.startswith(kind)
    assert hint in caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "written", ["strftime('%Y-%m', placed)", "strftime(placed, '%Y-%m')", "to_char(placed, 'YYYY-MM')"]
)
def test_another_dialects_functions_are_translated(database: Database, system: str, written: str) -> None:
    if system == "sqlite" and written.startswith("strftime(placed"):
        pytest.skip("SQLite has the function, and takes these arguments for what they are not")
    sql = f"SELECT {written} AS m, SUM(total) AS s FROM orders WHERE placed IS NOT NULL GROUP BY 1 ORDER BY 1"
    checked = database.check(sql)
    frame = database.run(checked).frame
    assert frame["m"].tolist() == ["2024-01", "2024-02"]
    assert frame["s"].tolist() == [10.5, 50.25]


def test_ungrouped_columns_are_found(database: Database) -> None:
    sql = "SELECT city, COUNT(*) FROM customers"
    try:
        found = database.review(sql, database.run(database.check(sql)))[0]
    except QueryError as error:
        found = error
    assert found.kind in {"group_by", "any_value"}
    assert "GROUP BY" in found.hint


def test_what_is_grouped_by_is_to_be_selected(database: Database, system: str) -> None:
    if system != "sqlite":
        return  # the others refuse it themselves
    sql = "SELECT city, COUNT(*) FROM customers GROUP BY SUBSTR(city, 1, 1)"
    found = database.review(sql, database.run(database.check(sql)))[0]
    assert found.hint == "Select SUBSTRING(city, 1, 1) instead."


def test_a_text_that_no_row_has(database: Database, system: str) -> None:
    sql = "SELECT COUNT(*) FROM customers WHERE city = 'berlin'"
    result = database.run(sql)
    if system == "mariadb":  # its texts are equal whatever the letter case
        assert result.typed() == ("number", 2)
        return
    (finding,) = database.review(sql, result)
    assert (finding.kind, finding.hint) == ("letter_case", "It is written 'Berlin'.")
    sql = "SELECT name FROM customers c WHERE c.city IN ('Berlim')"
    (finding,) = database.review(sql, database.run(sql))
    assert (finding.kind, finding.hint) == ("no_such_value", "Closest: 'Berlin'.")


def test_the_largest_is_not_a_missing_one(database: Database, system: str) -> None:
    direction = "DESC" if system == "postgresql" else "ASC"
    sql = f"SELECT id, total FROM orders ORDER BY total {direction} LIMIT 1"
    kinds = [finding.kind for finding in database.review(sql, database.run(sql))]
    assert kinds == ([] if system == "duckdb" else ["nulls_first"])


def test_whole_division(database: Database, system: str) -> None:
    sql = "SELECT SUM(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) / COUNT(*) FROM orders"
    result = database.run(sql)
    kinds = [finding.kind for finding in database.review(sql, result)]
    if system in {"sqlite", "postgresql"}:
        assert kinds == ["whole_division"]
    else:
        assert kinds == [] and result.typed() == ("number", 0.75)
    sql = "SELECT 1.0 * SUM(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) / COUNT(*) FROM orders"
    assert database.review(sql, database.run(sql)) == []


def test_multiplied_rows(database: Database, system: str) -> None:
    joined = "FROM orders o JOIN order_lines l ON {} JOIN customers c ON c.id = o.customer_id"
    wrong = f"SELECT SUM(o.total) {joined.format('l.amount = o.id')}"
    findings = [finding.kind for finding in database.review(wrong, database.run(wrong))]
    assert findings == []  # `orders.id` is a key
    wrong = "SELECT COUNT(*) FROM orders o JOIN paid p ON p.status = o.status"
    (finding,) = database.review(wrong, database.run(wrong))
    assert (finding.kind, "multiplies rows" in finding.message) == ("fan_out", True)
    wrong = f"SELECT SUM(o.total) {joined.format('l.order_id = o.id')}"
    (finding,) = database.review(wrong, database.run(wrong))
    assert (
        finding.message
        == "Each row of orders is summed once for every row of order_lines that belongs to it."
    )
    right = f"SELECT SUM(l.amount), COUNT(DISTINCT o.id) {joined.format('l.order_id = o.id')}"
    assert database.review(right, database.run(right)) == []
    right = f"SELECT COUNT(*) {joined.format('l.order_id = o.id')}"
    assert database.review(right, database.run(right)) == []
    # Lines of paid orders are counted, and nothing of the orders is added up.
    counted = "SUM(CASE WHEN o.status = 'paid' THEN 1 ELSE 0 END)"
    right = f"SELECT c.name, {counted} {joined.format('l.order_id = o.id')} GROUP BY c.name"
    assert database.review(right, database.run(right)) == []
    wrong = f"SELECT SUM(CASE WHEN o.status = 'paid' THEN o.total END) {joined.format('l.order_id = o.id')}"
    assert [finding.kind for finding in database.review(wrong, database.run(wrong))] == ["fan_out"]


def test_a_query_is_stopped_in_time(database: Database, endless: str) -> None:
    with pytest.raises(QueryError) as caught:
        database.run(endless, timeout_s=0.5)
    assert caught.value.kind in {"timeout", "memory"}
    assert database.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)


def test_another_thread_can_stop_a_query(database: Database, endless: str) -> None:
    stopper = threading.Timer(0.3, database.interrupt)
    stopper.start()
    with pytest.raises(QueryError) as caught:
        database.run(endless, timeout_s=30)
    stopper.join()
    assert caught.value.kind in {"interrupted", "memory"}
    assert database.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)


@pytest.mark.skipif(sys.platform == "win32", reason="signals reach the main thread differently")
def test_ctrl_c_stops_the_query(database: Database, endless: str) -> None:
    def press() -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    presser = threading.Timer(0.3, press)
    presser.start()
    with pytest.raises(KeyboardInterrupt):
        database.run(endless, timeout_s=30)
    presser.join()
    assert database.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)


def test_two_may_be_open_at_once(shop: Connection) -> None:
    with shop.open() as first, shop.open() as second:
        assert first.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)
        assert second.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)


def test_a_name_listed_twice_is_told_from_two_of_that_name(database: Database) -> None:
    joined = "SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY o.id"
    found = database.listed(joined)
    assert found is not None and (found.rows, found.things) == (3, 2)
    # Which is what a model is told to add.
    once = database.run(f"{joined.partition(' ORDER')[0]} GROUP BY {found.group}")
    assert sorted(once.frame["name"]) == ["Ada", "Grace"]
    first = database.listed("SELECT name FROM customers WHERE city = 'Berlin' ORDER BY name LIMIT 1")
    assert first is not None and (first.rows, first.things) == (1, 1)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT city FROM customers",  # a customer is not their city
        "SELECT DISTINCT name FROM customers",
        "SELECT name FROM customers GROUP BY name",
        "SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT name FROM (SELECT name FROM customers) AS inner_customers",
        "SELECT UPPER(name) FROM customers",
        "SELECT nothing FROM nowhere",
    ],
)
def test_what_is_listed_cannot_always_be_told(database: Database, sql: str) -> None:
    assert database.listed(sql) is None


def test_a_column_behind_the_alias_of_another_table_is_put_right(database: Database) -> None:
    joined = "FROM orders o JOIN customers c ON o.customer_id = c.id GROUP BY"
    assert (
        database.check(f"SELECT o.city, COUNT(*) {joined} o.city")
        == f"SELECT c.city, COUNT(*) {joined} c.city"
    )


def test_a_join_that_a_key_leads_to_is_added(database: Database) -> None:
    sql = database.check("SELECT city, SUM(total) FROM orders GROUP BY city")
    join = "JOIN customers ON orders.customer_id = customers.id"
    assert sql == f"SELECT city, SUM(total) FROM orders {join} GROUP BY city"
    assert sorted(database.run(sql).frame.iloc[:, 1]) == [30.25, 30.5]


def test_a_table_that_is_not_joined_is_joined_where_nothing_else_is_wrong(database: Database) -> None:
    sql = database.check("SELECT customers.city, COUNT(*) FROM orders GROUP BY customers.city")
    assert "JOIN customers ON" in sql
    assert len(database.run(sql).frame)


def test_a_table_that_is_not_joined_is_named_with_the_way_to_it(database: Database) -> None:
    with pytest.raises(QueryError) as caught:
        database.check("SELECT customers.city, price, COUNT(*) FROM orders GROUP BY customers.city")
    assert caught.value.kind == "unknown_table"
    assert "Add JOIN customers ON" in caught.value.hint and "customer_id" in caught.value.hint

"""Worked SQL examples: which questions see which, and that each of them runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent import Request, answer
from qwen_magics.agent.demands import demand
from qwen_magics.agent.prompts import first_messages, sql_of
from qwen_magics.agent.sql_recipes import SQL_RECIPES, SqlRecipe, nearest_sql
from qwen_magics.tools.result import QueryResult

DATED = "CREATE TABLE orders (placed DATE, total DOUBLE)"
UNDATED = "CREATE TABLE orders (total DOUBLE)"
TABLES = (
    "CREATE TABLE sales (shop_id INT, product TEXT, price REAL, week INT, sold_at DATE, paid_at DATE);"
    "CREATE TABLE shops (id INTEGER, name TEXT); CREATE TABLE products (name TEXT);"
    "INSERT INTO sales VALUES (1, 'a', 12, 1, '2021-05-03', '2021-05-09');"
    "INSERT INTO sales VALUES (1, 'b', 3, 2, '2021-05-04', NULL);"
    "INSERT INTO shops VALUES (1, 'x'), (2, 'y'); INSERT INTO products VALUES ('Abc')"
)


@pytest.mark.parametrize("recipe", SQL_RECIPES, ids=lambda recipe: recipe.question)
def test_every_example_runs_and_gives_something(recipe: SqlRecipe) -> None:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        assert connection.execute(recipe.query).fetchall()
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        assert connection.execute(recipe.sqlite or recipe.query).fetchall()


@pytest.mark.parametrize(
    ("question", "schema", "found"),
    [
        ("what was the total in 2021?", DATED, "MONTH(sold_at)"),
        ("what was the total in 2021?", UNDATED, ""),
        ("running total by month", UNDATED, "OVER (ORDER BY week)"),
        ("which customer has the highest total in each country?", UNDATED, "ROW_NUMBER()"),
        ("what percentage of the orders is open?", UNDATED, "100.0 * SUM(CASE"),
        ("how many orders are there?", DATED, ""),
    ],
)
def test_the_question_chooses(question: str, schema: str, found: str) -> None:
    shown = nearest_sql(question, schema, "DuckDB")
    assert found in shown and bool(found) == bool(shown)


def test_sqlite_gets_its_own_functions_and_the_example_stands_behind_the_tables() -> None:
    shown = first_messages(sql_of("SQLite"), DATED, "orders in May 2021", table="orders")[-1].content
    assert "STRFTIME('%Y-%m', sold_at)" in shown and "YEAR(" not in shown
    assert shown.startswith(DATED) and shown.endswith("Question: orders in May 2021")


@pytest.mark.parametrize(
    ("question", "rows", "good"),
    [
        ("How many orders are open?", 3, False),
        ("How many orders are open?", 1, True),
        ("On how many days did it rain?", 2, False),
        ("How many orders has each customer?", 3, True),
        ("Which orders are open?", 3, True),
    ],
)
def test_how_many_is_one_number(question: str, rows: int, good: bool) -> None:
    frame = pd.DataFrame({"n": range(rows)})
    problem = demand("auto", question)(QueryResult(frame, rows, False, 0.0, ()))
    assert (problem is None) == good


def test_a_list_goes_back_where_a_count_is_asked_for(
    scripted: Callable[..., Any], orders: pd.DataFrame
) -> None:
    session = scripted(
        "SELECT order_id FROM orders WHERE status = 'paid'",
        "SELECT COUNT(*) FROM orders WHERE status = 'paid'",
    )
    result = answer(Request("how many orders are paid?", {"orders": orders}), lambda event: None, session)
    assert result.value == 3
    assert "lists 3 rows" in session.model().sent[1].messages[-1].content

"""Worked SQL examples: which questions see which, and that each of them runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import duckdb
import llguidance
import pandas as pd
import pytest

from qwen_magics.agent import Request, answer
from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.examples.sql.recipes import SQL_RECIPES, SqlRecipe, nearest_sql
from qwen_magics.agent.prompts import first_messages, sql_of
from qwen_magics.tools.databases import aggregates
from qwen_magics.tools.join_path import year_joins
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Join, Table, describe
from qwen_magics.tools.spacing import spacings
from qwen_magics.tools.sql.dialects import SQLITE
from qwen_magics.tools.sql.grammar import select_grammar

DATED = "CREATE TABLE orders (placed DATE, total DOUBLE)"
ORDERS = Table("orders", (Column("placed", "DATE"), Column("total", "DOUBLE")), 9)
UNDATED = "CREATE TABLE orders (total DOUBLE)"
TABLES = (
    "CREATE TABLE sales (shop_id INT, product TEXT, price REAL, week INT, sold_at DATE, paid_at DATE, "
    "city TEXT, weight REAL, rating REAL, year INT DEFAULT 2021, quarter INT DEFAULT 2, "
    "month INT DEFAULT 5, day INT DEFAULT 2);"
    "CREATE TABLE shops (id INTEGER, name TEXT, size INTEGER, city TEXT); CREATE TABLE products (name TEXT);"
    "CREATE TABLE cities (name TEXT);"
    "INSERT INTO sales (shop_id, product, price, week, sold_at, paid_at, city, weight) VALUES "
    "(1, 'a', 12, 5, '2021-05-03', '2021-05-09', 'Rome', 1), (2, 'b', 3, 2, '2021-05-04', NULL, 'Oslo', 2),"
    "(1, 'c', 2, 3, NULL, NULL, NULL, NULL), (2, 'a', 5, 5, '2021-05-08', '2021-05-09', 'Oslo', 1),"
    "(3, 'd', 7, 6, '2021-05-10', '2021-05-11', 'Rome', 1), (2, 'e', 0, 7, '2021-05-11', NULL, 'Rome', 1);"
    "INSERT INTO sales (shop_id, product, price, week, sold_at, paid_at, city) "
    "VALUES (3, 'd', 30, 8, '2022-05-10', '2022-05-12', 'Rome');"
    "INSERT INTO sales (shop_id, product) VALUES (9, 'f'), (9, 'f'), (9, 'f'), (9, 'f'), (9, 'f');"
    "INSERT INTO shops VALUES (1, 'x', 9, 'Rome'), (2, 'y', 7, 'Rome'), (3, 'z', 8, 'Oslo');"
    "INSERT INTO cities VALUES ('Rome'), ('Oslo'), ('Bonn'); INSERT INTO products VALUES ('Abc')"
)


@pytest.mark.parametrize("recipe", SQL_RECIPES, ids=lambda recipe: recipe.question)
def test_every_example_runs_and_gives_something(recipe: SqlRecipe) -> None:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        assert connection.execute(recipe.query).fetchall()
        assert connection.execute(recipe.duckdb or recipe.query).fetchall()
    with closing(sqlite3.connect(":memory:")) as connection:
        aggregates.register(connection)
        connection.executescript(TABLES)
        assert connection.execute(recipe.sqlite or recipe.query).fetchall()


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
@pytest.mark.parametrize("recipe", SQL_RECIPES, ids=lambda recipe: recipe.question)
def test_every_example_can_be_written(recipe: SqlRecipe, dialect: str) -> None:
    columns = "shop_id product price week sold_at paid_at city weight rating year quarter month day"
    sales = Table("sales", tuple(Column(name, "BIGINT") for name in columns.split()), 9)
    texts = (Column("name", "VARCHAR"), Column("city", "VARCHAR"))
    shops = Table("shops", (Column("id", "BIGINT"), Column("size", "BIGINT"), *texts), 9)
    cities = Table("cities", texts[:1], 9)
    products = Table("products", (Column("name", "VARCHAR"),), 9)
    lark = select_grammar([sales, shops, products, cities], dialect=dialect)
    tokens = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokens, llguidance.LLMatcher.grammar_from_lark(lark), log_level=0)
    text = recipe.text({"duckdb": "DuckDB", "sqlite": "SQLite"}[dialect]).split("```sql\n")[1]
    query = tokens.tokenize_str(text.removesuffix("\n```"))
    assert matcher.validate_tokens(query) == len(query)


@pytest.mark.parametrize(
    ("question", "schema", "found"),
    [
        ("what was the total in 2021?", DATED, "MONTH(sold_at)"),
        ("what was the total in 2021?", UNDATED, ""),
        ("running total by month", UNDATED, "OVER (ORDER BY week)"),
        ("which customer has the highest total in each country?", UNDATED, "QUALIFY"),
        ("what percentage of the orders is open?", UNDATED, "100.0 * SUM(CASE"),
        ("how many orders are there?", DATED, ""),
        ("on which day did the total fall the most against the day before?", UNDATED, "ORDER BY change"),
        (
            "which dish did the guest with the most visits order most often?",
            UNDATED,
            "SUM(price) DESC LIMIT 1)",
        ),
        ("what is the average of each guest's total of tips?", UNDATED, "AVG(total)"),
        ("average number of visits per guest", UNDATED, "AVG(total)"),
        ("average of miles per gallon for each number of doors", UNDATED, ""),
        (
            "how many visits were there in the calendar month (year and month) with the most visits?",
            UNDATED,
            "IN (",
        ),
        ("how many guests have each mail domain?", UNDATED, "'@'"),
        ("which guests have an average total above 10?", UNDATED, "HAVING AVG(price) > 10"),
        ("which guests have an average total above that of all?", UNDATED, "SELECT AVG(price) FROM sales)"),
        ("in which month did the total shrink the most?", UNDATED, "ORDER BY change LIMIT 1"),
        ("when was the steepest climb of the total?", UNDATED, "ORDER BY change DESC LIMIT 1"),
        ("the longest pause between two orders", DATED, "LAG(sold_at)"),
        ("who comes fifth by total?", UNDATED, "OFFSET 4"),
        ("the second-highest total", UNDATED, "OFFSET 1"),
        ("the 5th of May", UNDATED, ""),
        ("how many guests have more than 12 visits?", UNDATED, ""),  # a column, if there is one table
        ("how many guests have more than 12 visits?", f"{UNDATED}; {UNDATED}", "HAVING COUNT(*) > 12"),
        ("For every country, the customer that spent the most", UNDATED, "QUALIFY"),
        ("each country's best customer", UNDATED, "QUALIFY"),
        ("the highest total per country", UNDATED, ""),
        ("What was the last order of each customer?", DATED, "ORDER BY sold_at DESC"),
        ("the last name of each customer", DATED, ""),
        ("orders per age group", UNDATED, "FLOOR(price / 10)"),
        ("moving average of the total", UNDATED, "PRECEDING"),
        ("rank the customers by their total", UNDATED, "RANK()"),
        ("Spearman's rank correlation of total and age", UNDATED, "AS rank_x"),
        ("how did the total develop month over month?", UNDATED, "LAG("),
        ("how many orders came in at the weekend?", DATED, "'Sunday'"),
        ("total of the third quarter of 2021", DATED, "QUARTER(sold_at)"),
        ("for how many orders is the total unknown?", UNDATED, "IS NULL"),
        ("number of different customers", UNDATED, "COUNT(DISTINCT product)"),
        ("how many dishes end with cake?", UNDATED, "LIKE '%ab'"),
        ("how many dishes mention cake?", UNDATED, "LIKE '%ab%'"),
        ("which companies account for most of the total?", UNDATED, "OVER ()"),
        ("the four dearest dishes of every guest", UNDATED, "<= 4"),
        ("For each country, the oldest customer", UNDATED, "DESC) = 1"),
        ("how long was the longest streak of days with an order?", DATED, "GROUP BY run"),
        ("when did the accumulated total pass 5000?", DATED, "running > 5000"),
        ("how many customers together make up 80% of the total?", UNDATED, "0.5 * total"),
        ("what percentage of the total do the ten largest customers have?", UNDATED, "LIMIT 10"),
        ("the dish that is most popular in each country", UNDATED, "ORDER BY COUNT(*) DESC"),
        ("in how many years was Ada the largest customer?", UNDATED, "rn = 1 AND city"),
        ("what rank does Ada have by her total?", UNDATED, "AS rank"),
        ("which customers ordered in all countries?", UNDATED, "COUNT(DISTINCT city) ="),
        ("dishes that are served in only one country", UNDATED, "= 1"),
        ("which customers never spent less than 20?", UNDATED, "MIN(price)"),
        ("which customer varies the most?", UNDATED, "MAX(price) - MIN(price)"),
        ("average total weighted by guests", UNDATED, "SUM(weight)"),
        ("each dish as a share of its country's total", UNDATED, "PARTITION BY shop_id"),
        ("for every customer the percentage of orders over 50", UNDATED, "100.0 * SUM(CASE"),
        ("by how much was the last order of each customer above the first?", DATED, "ARG_MAX"),
        ("how often was the total higher than the day before?", DATED, "AS previous"),
        ("total of the last 14 days", DATED, "INTERVAL"),
        ("which weekday brings the highest total?", DATED, "DAYNAME"),
        ("how many orders are there per month on average?", UNDATED, "AVG(n)"),
        ("how many customers have a total of more than 100?", UNDATED, "HAVING SUM"),
        ("dishes with their orders, including those without any", f"{UNDATED}; {UNDATED}", "LEFT JOIN"),
        ("how many dishes have a name of two words?", UNDATED, "REPLACE"),
        ("orders by the first word of the dish", UNDATED, "SPLIT_PART"),
    ],
)
def test_the_question_chooses(question: str, schema: str, found: str) -> None:
    shown = nearest_sql(question, schema, "DuckDB")
    assert found in shown and bool(found) == bool(shown)


CITIES = Column("stain", "VARCHAR", categories=("'negative'", "'positive'"))
STOCK = Table("stock", (CITIES, Column("kg", "DOUBLE"), Column("bought", "TIMESTAMP")), 9)
SERIES = Table(
    "deaths", (Column("date", "TIMESTAMP"), Column("wounds", "BIGINT"), Column("fever", "BIGINT")), 9
)
SPOTS = Table("spots", (Column("YEAR", "DOUBLE"), Column("activity", "DOUBLE")), 9)
WIDE = Table(
    "births", (Column("Country Name", "VARCHAR"), *(Column(y, "DOUBLE") for y in ("1960", "2010"))), 9
)


@pytest.mark.parametrize(
    ("question", "table", "found"),
    [
        (
            "Compare gram-negative and gram-positive ones by their kg",
            STOCK,
            "SELECT stain, AVG(kg) FROM stock WHERE stain IN ('negative', 'positive') GROUP BY stain",
        ),
        ("What is the difference between positive and negative ones?", STOCK, "IN ('positive', 'negative')"),
        (
            "By how much more kg is positive than negative?",
            STOCK,
            "SELECT AVG(CASE WHEN stain = 'positive' THEN kg END) - AVG(CASE WHEN stain = 'negative'",
        ),
        ("how many times as many were bought in 2022 as in 2021?", STOCK, "= 2022 THEN 1"),
        ("by what percentage did the kg rise between 2020 and 2022?", STOCK, "= 2022 THEN kg"),
        ("by how much did the kg grow from 2020 to 2022?", STOCK, "= 2022 THEN kg"),
        ("ratio of positive to negative", STOCK, "SUM(CASE WHEN stain = 'negative' THEN 1 ELSE 0 END)"),
        ("How does the kg compare with last year?", STOCK, ""),
        (
            "In which month did more die of wounds than of fever?",
            SERIES,
            "SELECT date FROM deaths WHERE wounds >",
        ),
        (
            "When were the wounds highest?",
            SERIES,
            "SELECT date, wounds FROM deaths ORDER BY wounds DESC LIMIT 1",
        ),
        ("Which was the worst month?", SERIES, "ORDER BY wounds DESC LIMIT 1"),
        ("In which month were the most kg bought?", STOCK, "COUNT(*)"),  # a row is no month
        ("wounds in each year", SERIES, "SELECT YEAR(date) AS year, AVG(wounds)"),
        ("mean activity of each century", SPOTS, "SELECT FLOOR(YEAR / 100) * 100 AS century, AVG(activity)"),
        ("mean activity per decade", SPOTS, "FLOOR(YEAR / 10) * 10 AS decade"),
        ("mean kg bought at 3 in the afternoon", STOCK, "AVG(kg) FROM stock WHERE HOUR(bought) = 17"),
        ("mean kg bought at 7 pm", STOCK, "HOUR(bought)"),
        ("what share of the kg was positive in 2017?", STOCK, "WHERE YEAR(bought) = 2017"),
        (
            "Of the rows that were above 6 in 1960, what percentage was below 2 in 2010?",
            WIDE,
            'SUM(CASE WHEN "2010" < 2 THEN 1 ELSE 0 END) / COUNT(*) FROM births WHERE "1960" > 6',
        ),
    ],
)
def test_examples_are_about_the_columns_that_are_asked_for(question: str, table: Table, found: str) -> None:
    text = nearest_sql(question, describe([table]), "DuckDB", table)
    assert found in text and bool(found) == bool(text)


def test_names_that_mysql_quotes_in_its_own_way_are_not_put_into_an_example() -> None:
    asked = "Of the rows that were above 6 in 1960, what percentage was below 2 in 2010?"
    assert '"1960"' not in nearest_sql(asked, describe([WIDE]), "MySQL", WIDE)


DRIVING = Table("driving", (Column("year", "BIGINT", samples=("1956", "1957")), Column("gas", "DOUBLE")), 9)
JOBS = Table("jobs", (Column("month", "VARCHAR", samples=("'2006-01-01'",)), Column("farm", "BIGINT")), 9)


def test_tables_meet_in_the_year_where_one_has_dates() -> None:
    text = year_joins("average farm jobs and gas for every year", [DRIVING, JOBS])
    on = "driving.year = YEAR(CAST(jobs.month AS DATE))"
    assert f"-- by year: driving JOIN jobs ON {on}" in text
    assert f"AVG(jobs.farm) FROM driving JOIN jobs ON {on} GROUP BY driving.year" in text
    assert "AVG" not in year_joins("farm jobs and gas for every year", [DRIVING, JOBS])


def test_tables_do_not_meet_in_a_year_that_nobody_asked_for_or_that_one_does_not_have() -> None:
    assert not year_joins("gas and farm jobs", [DRIVING, JOBS])
    assert not year_joins("gas per year", [DRIVING, Table("t", (Column("number", "BIGINT"),), 1)])
    keyed = replace(JOBS, joins=(Join("jobs", "farm", "driving", "gas"),))
    assert not year_joins("gas per year", [DRIVING, keyed])
    assert not year_joins("gas per year", [DRIVING, JOBS], SQLITE)


def test_sqlite_gets_its_own_functions_and_the_example_stands_behind_the_tables() -> None:
    shown = first_messages(sql_of("SQLite"), DATED, "orders in May 2021", table=ORDERS)[-1].content
    assert "STRFTIME('%Y-%m', placed)" in shown and "YEAR(" not in shown
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
    problem = demand("auto", question)(QueryResult(frame, rows, False, 0.0, ()), "")
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


@pytest.mark.parametrize(
    ("question", "frame", "kind"),
    [
        ("Which car has the most power in each country?", {"name": ["a"]}, "one_row"),
        ("What is the average of each member's total of fines?", {"total": [3.5]}, ""),
        ("For each country, which car is fastest?", {"name": ["a", "b"]}, ""),
        ("How many cars are there in each country?", {"n": [3]}, ""),
        ("Which countries are united?", {"country": ["UK", "UK", "US", "US"]}, "repeated_rows"),
        ("Which countries are united?", {"country": ["UK", "UK", "US"]}, ""),
        ("What were the prices?", {"price": [1.0, 1.0]}, ""),
        ("What percentage is late, by month?", {"month": [1, 2], "late": [100.0, 100.0]}, "whole_share"),
        ("What percentage is late, by month?", {"month": [1, 2], "late": [100.0, 3.0]}, ""),
        ("What share is late?", {"late": [1.0]}, "whole_share"),
        ("How late are they?", {"late": [1.0]}, ""),
        ("Fit a line. What is its slope?", {"slope": [1.0, 2.0]}, "not_a_number"),
        ("What is the mean price?", {"price": [1.0]}, ""),
        ("What is the mean price by city?", {"price": [1.0, 2.0]}, ""),
        ("What is the mean price of each city?", {"price": [1.0, 2.0]}, ""),
    ],
)
def test_a_result_has_the_shape_that_the_question_asks_for(
    question: str, frame: dict[str, list[object]], kind: str
) -> None:
    table = pd.DataFrame(frame)
    problem = demand("auto", question)(QueryResult(table, len(table), False, 0.0, ()), "")
    assert (problem.kind if problem else "") == kind


def test_examples_are_about_the_questions_own_table() -> None:
    cars = Table(
        "cars",
        (
            Column("Name", "VARCHAR"),
            Column("Origin", "VARCHAR", categories=("'Europe'", "'USA'")),
            Column("Horsepower", "BIGINT"),
        ),
        406,
    )
    question = "For each origin, which of the cars has the most horsepower?"
    shown = nearest_sql(question, UNDATED, "DuckDB", cars)
    assert "SELECT Origin, Name FROM cars QUALIFY ROW_NUMBER() OVER (PARTITION BY Origin " in shown
    assert shown.startswith("Question: for each Origin, which Name has the highest Horsepower?")


def test_an_example_stays_as_it_is_where_the_table_lacks_a_column_or_a_plain_name() -> None:
    assert "FROM sales" in nearest_sql("which has the most in each x?", UNDATED, "DuckDB", ORDERS)
    odd = Table("cars", (Column("horse power", "BIGINT"), Column("n", "VARCHAR", categories=("'a'",))), 9)
    assert "FROM sales" in nearest_sql("which has the most in each n?", UNDATED, "DuckDB", odd)


@pytest.mark.parametrize(
    ("question", "demanded"),
    [
        ("in which month was it the other way round?", False),
        ("which of all the deaths came next?", False),
        ("what is the disease of the month with most wounds?", True),
        ("how many came in 2010?", True),
        ("how many came in 1960, and how many by 2010?", True),
    ],
)
def test_words_that_any_sentence_has_are_no_columns(question: str, demanded: bool) -> None:
    names = ("other", "all", "next", "disease", "2010")
    table = Table("deaths", tuple(Column(name, "BIGINT") for name in names), 9)
    result = QueryResult(pd.DataFrame({"n": [1]}), 1, False, 0.0, ())
    found = demand("auto", question, [table])(result, "SELECT month FROM deaths")
    assert (found is not None and found.kind == "column_unused") == demanded


@pytest.mark.parametrize(
    ("question", "code", "good"),
    [
        ("how many orders per tzone?", "SELECT dest, COUNT(*) FROM orders GROUP BY dest", False),
        ("how many orders per tzone?", "SELECT o.TZone, COUNT(*) FROM orders AS o GROUP BY 1", True),
        ("how many orders per time zone?", "SELECT COUNT(*) FROM orders", True),
        ("how many orders per hour?", "SELECT COUNT(*) FROM orders", True),
        ("how many @tzone per dest?", "SELECT dest FROM tzone", True),
        ("how long is the order with tzone X?", "SELECT tzone FROM orders", True),
    ],
)
def test_a_column_that_the_question_spells_has_to_be_used(question: str, code: str, good: bool) -> None:
    table = Table("orders", tuple(Column(name, "VARCHAR") for name in ("tzone", "dest", "hour", "order")), 9)
    result = QueryResult(pd.DataFrame({"n": [1, 2]}), 2, False, 0.0, ())
    check = demand("auto", question, [table])
    assert (check(result, code) is None) == good
    assert check(result, code) is None, "told once"


@pytest.mark.parametrize(
    ("question", "code", "good"),
    [
        ("how many loans were there of each genre?", "SELECT genre, COUNT(*) FROM books GROUP BY 1", False),
        ("how many loans were there of each genre?", "SELECT genre, COUNT(*) FROM loans JOIN books", True),
        ("how many members have loans?", "SELECT COUNT(DISTINCT member_id) FROM loans", True),
        ("how many members?", "SELECT COUNT(*) FROM loans", False),
    ],
)
def test_a_table_that_the_question_names_has_to_be_read(question: str, code: str, good: bool) -> None:
    loans = Table(
        "loans", (Column("member_id", "BIGINT"),), 9, (Join("loans", "member_id", "members", "id"),)
    )
    tables = [loans, Table("members", (Column("id", "BIGINT"),), 9), Table("books", (), 9)]
    result = QueryResult(pd.DataFrame({"n": [1]}), 1, False, 0.0, ())
    problem = demand("auto", question, tables)(result, code)
    assert (problem is None or problem.kind != "table_unused") == good


def test_the_best_of_all_is_mended_to_the_best_of_each() -> None:
    question = "which car has the most power in each Country?"
    result = QueryResult(pd.DataFrame({"Country": ["a"], "Name": ["b"]}), 1, False, 0.0, ())
    sql = "SELECT Country, Name FROM cars ORDER BY Power DESC LIMIT 1"
    problem = demand("auto", question, qualify=True)(result, sql)
    ranked = "QUALIFY ROW_NUMBER() OVER (PARTITION BY Country ORDER BY Power DESC) = 1"
    assert problem is not None and problem.hint == f"Write: SELECT Country, Name FROM cars {ranked}"
    problem = demand("auto", question)(result, sql)
    assert problem is not None and "QUALIFY" not in problem.hint


_PART = "SUM(CASE WHEN city = 'Rome' AND year = 2020 THEN n ELSE 0 END)"


@pytest.mark.parametrize(
    ("question", "sql", "kind"),
    [
        ("What share of n was Rome's in 2020?", f"SELECT 1.0 * {_PART} / SUM(n) FROM t", "other_whole"),
        (
            "What share of n was Rome's in 2020?",
            f"SELECT 1.0 * {_PART} / SUM(n) FROM t WHERE year = 2020",
            "",
        ),
        (
            "What share of n was Rome's in 2020?",
            "SELECT SUM(n) FILTER (WHERE y = 2020 AND city = 'Rome') / SUM(n) FROM t",
            "other_whole",
        ),
        ("What share of n was in 2020?", "SELECT SUM(n) FILTER (WHERE y = 2020) / SUM(n) FROM t", ""),
        ("What share of n of all years was in 1999?", "SELECT SUM(n) / 1999 FROM t", ""),
        ("How many were there in 2020?", f"SELECT {_PART} FROM t", ""),
    ],
)
def test_a_share_in_a_year_is_of_that_years_whole(question: str, sql: str, kind: str) -> None:
    table = pd.DataFrame({"share": [0.2]})
    problem = demand("auto", question)(QueryResult(table, 1, False, 0.0, ()), sql)
    assert (problem.kind if problem else "") == kind


@pytest.mark.parametrize(
    ("question", "window", "spacing", "hint"),
    [
        ("highest moving average over three consecutive months", "3 * 30", "month", "Write rolling(3)."),
        ("highest moving average over 3 months", "3", "month", ""),
        ("highest moving average over three months", "window=90, center=True", "month", "Write rolling(3)."),
        ("highest moving average over three months", "90", "day", ""),  # of days it may be right
        ("highest 30-day moving average", "7", "day", "Write rolling(30)."),
        ("highest moving average", "7", "day", ""),
        ("highest mean of a month and the two months before", "3", "month", ""),
        ("highest mean of a month and the 2 preceding months", "2", "month", "Write rolling(3)."),
        ("moving average of 3 months, with the month before it", "3", "month", ""),
    ],
)
def test_a_window_counts_rows(question: str, window: str, spacing: str, hint: str) -> None:
    result = QueryResult(pd.DataFrame({"n": [1.0]}), 1, False, 0.0, ())
    code = f'result = t["x"].rolling({window}).mean().max()'
    problem = demand("auto", question, spacing=lambda: {spacing})(result, code)
    assert (problem.hint if problem else "") == hint


@pytest.mark.parametrize(
    ("step", "unit"), [("D", {"day"}), ("W", {"week"}), ("MS", {"month"}), ("YS", {"year"}), ("h", set())]
)
def test_how_far_apart_dates_are(step: str, unit: set[str]) -> None:
    dates = pd.date_range("2020-01-01", periods=20, freq=step)
    # Several series with the same dates, in any order.
    frame = pd.DataFrame({"at": [*dates, *dates[::-1]], "n": range(40)})
    assert spacings({"t": frame, "none": pd.DataFrame({"at": pd.to_datetime([None])})}) == unit


def test_a_ratio_of_a_value_to_itself_comes_back_with_the_years() -> None:
    part = "SUM(CASE WHEN channel = 'web' THEN 1 ELSE 0 END)"
    result = QueryResult(pd.DataFrame({"ratio": [1.0]}), 1, False, 0.0, ("orders",))
    check = demand("auto", "How many times as many web orders were there in 2024 as in 2023?", ())
    found = check(result, f"SELECT {part} / {part} FROM orders WHERE YEAR(placed) = 2024")
    assert found is not None and found.kind == "ratio_of_one"
    assert "2024 and 2023" in found.hint
    assert check(result, f"SELECT {part} / COUNT(*) FROM orders") is None
    assert check(result, "result = orders['a'] / orders['a']") is None


def test_a_rank_correlation_nobody_asked_for_comes_back() -> None:
    result = QueryResult(pd.DataFrame({"r": [0.5]}), 1, False, 0.0, ("orders",))
    program = "result = orders['a'].corr(orders['b'], method='spearman')"
    found = demand("auto", "how strongly are a and b correlated?", ())(result, program)
    assert found is not None and found.kind == "other_correlation"
    assert demand("auto", "rank correlation of a and b", ())(result, program) is None
    assert demand("auto", "how strongly are a and b correlated?", ())(result, "result = a.corr(b)") is None


def test_each_of_a_table_named_in_the_singular_has_to_be_read() -> None:
    tables = (
        Table("categories", (Column("category_id", "BIGINT"), Column("name", "VARCHAR")), 3),
        Table(
            "products",
            (Column("product_id", "BIGINT"), Column("category_id", "BIGINT"), Column("name", "VARCHAR")),
            9,
            joins=(Join("products", "category_id", "categories", "category_id"),),
        ),
    )
    result = QueryResult(pd.DataFrame({"name": ["a", "b"], "n": [1, 2]}), 2, False, 0.0, ("products",))
    question = "how many products are there per category?"
    found = demand("auto", question, tables)(result, "SELECT name, COUNT(*) FROM products GROUP BY name")
    assert found is not None and "JOIN categories" in found.hint
    by_key = "SELECT category_id, COUNT(*) FROM products GROUP BY category_id"
    assert demand("auto", question, tables)(result, by_key) is None


@pytest.mark.parametrize(
    ("question", "cells", "code", "kind"),
    [
        ("what percentage is open?", [0.25], "SELECT AVG(open) FROM orders", "fraction"),
        ("how many percent of each shop?", [0.25, 0.5], "SELECT shop, AVG(open) FROM orders", "fraction"),
        ("what percentage is open?", [0.25], "SELECT 100.0 * SUM(open) / COUNT(*) FROM orders", None),
        ("what percentage is open?", [25.0], "SELECT AVG(open) * 1e2 FROM orders", None),
        ("what share is open?", [0.25], "SELECT AVG(open) FROM orders", None),
    ],
)
def test_percent_are_no_fractions(question: str, cells: list[float], code: str, kind: str | None) -> None:
    result = QueryResult(pd.DataFrame({"part": cells}), len(cells), False, 0.0, ("orders",))
    found = demand("auto", question, ())(result, code)
    assert (None if found is None else found.kind) == kind


def test_only_the_beginning_of_a_question_is_matched() -> None:
    assert nearest_sql("which  is the\nrunning total?", UNDATED, "DuckDB")
    assert not nearest_sql(f"{'thing ' * 200} running total", UNDATED, "DuckDB")

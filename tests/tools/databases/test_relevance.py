"""A database of 500 tables, pruned to a question."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.tools.databases import Connection, connect
from qwen_magics.tools.databases.relevance import MOST_TABLES, about, words_of
from qwen_magics.tools.schema import Column, Join, Table, describe
from qwen_magics.tools.sql.grammar import select_grammar

_AREA_NAMES = "hr crm fin mfg inv log qa it mkt legal"
_NOUN_NAMES = """
    absence account address agreement alert asset audit badge batch bill budget campaign carton case claim
    contract cost_center coupon course credit currency defect deposit device dispute document expense forecast
    freight grade holiday incident inspection interview
    invoice job_posting ledger license
"""
_AREAS, _NOUNS = _AREA_NAMES.split(), _NOUN_NAMES.split()

_SHOP = [
    "CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT, city TEXT, country TEXT)",
    "CREATE TABLE sales_orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, "
    "order_date DATE, state TEXT)",
    "CREATE TABLE sales_order_items (item_id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES sales_orders, "
    "product_id INTEGER REFERENCES products, quantity INTEGER, price REAL)",
    "CREATE TABLE products (product_id INTEGER PRIMARY KEY, title TEXT, category_id INTEGER REFERENCES "
    "product_categories)",
    "CREATE TABLE product_categories (category_id INTEGER PRIMARY KEY, label TEXT)",
    "CREATE TABLE employees (employee_id INTEGER PRIMARY KEY, name TEXT, salary REAL, department_id INTEGER "
    "REFERENCES departments)",
    "CREATE TABLE departments (department_id INTEGER PRIMARY KEY, name TEXT)",
]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    path = tmp_path_factory.mktemp("large") / "large.db"
    others = [f"{area}_{noun}" for area in _AREAS for noun in _NOUNS]
    others += [f"{name}_archive" for name in others][: 500 - len(_SHOP) - len(others)]
    with sqlite3.connect(path) as connection:
        connection.execute("BEGIN")
        for statement in _SHOP:
            connection.execute(statement)
        for name in others:
            columns = ", ".join(f"{name}_field_{i} TEXT" for i in range(12))
            connection.execute(
                f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, name TEXT, status TEXT, {columns})"
            )
        connection.execute("INSERT INTO customers VALUES (1, 'Ada', 'Berlin', 'DE')")
    connection.close()
    return connect("large", str(path))


@pytest.mark.parametrize(
    ("question", "needed"),
    [
        ("how many customers are there per country?", {"customers"}),
        (
            "revenue per product category of customers in Berlin",
            {"customers", "sales_orders", "sales_order_items", "products", "product_categories"},
        ),
        ("average salary per department", {"employees", "departments"}),
        ("which employees earn the most?", {"employees"}),
        ("How many sales orders were placed in May?", {"sales_orders"}),
        ("number of fin invoices by status", {"fin_invoice"}),
    ],
)
def test_the_tables_of_the_question_are_kept(large: Connection, question: str, needed: set[str]) -> None:
    def fits(text: str) -> bool:
        return len(text) <= 9_000

    with large.open() as database:
        assert len(database.tables) == 500
        database.focus(question, fits)
        names = [table.name for table in database.tables]
        assert needed <= set(names), names
        assert len(names) <= MOST_TABLES
        assert fits(describe(database.tables, question=question, max_columns=8, dialect=database.dialect))
        assert select_grammar(database.tables, dialect=database.dialect)


def test_the_tables_stand_in_the_same_order_for_every_question(large: Connection) -> None:
    """What two questions have in common is then a common beginning of their prompts."""
    questions = ("average salary per department", "which departments have employees without a salary?")
    orders = []
    for question in questions:
        with large.open() as database:
            every = [table.name for table in database.tables]
            database.focus(question, lambda text: len(text) <= 9_000)
            orders.append([table.name for table in database.tables])
    assert all(names == sorted(names, key=every.index) for names in orders)
    assert len(set(orders[0]) & set(orders[1])) > 1


def test_a_question_without_any_word_of_the_schema_gets_some_tables(large: Connection) -> None:
    with large.open() as database:
        database.focus("这里有什么", lambda text: len(text) <= 9_000)
        assert 1 <= len(database.tables) <= MOST_TABLES


def test_a_small_budget_still_leaves_one_table(large: Connection) -> None:
    with large.open() as database:
        database.focus("salary of employees", lambda text: False)
        assert [table.name for table in database.tables] == ["employees"]


@pytest.mark.model
def test_the_real_tokenizer_agrees(large: Connection, coder_05b: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(coder_05b / "tokenizer.json"))

    def tokens(text: str) -> int:
        return len(tokenizer.encode(text).ids)

    with large.open() as database:
        whole = tokens(describe(database.tables, dialect=database.dialect))
        question = "revenue per product category of customers in Berlin"
        database.focus(question, lambda text: tokens(text) <= 1500)
        kept = tokens(describe(database.tables, question=question, max_columns=8, dialect=database.dialect))
        names = {table.name for table in database.tables}
    assert whole > 50_000 and kept <= 1500
    assert {"customers", "sales_orders", "sales_order_items", "products", "product_categories"} <= names


def test_comments_and_values_count(large: Connection) -> None:
    tables = [
        Table("a", (Column("x", "TEXT", note="the shipment's weight"),), 1),
        Table("b", (Column("y", "TEXT", categories=("'pending'", "'returned'")),), 1),
        Table("c", (Column("z", "TEXT"),), 1, notes=("客户的订单",)),
        *(Table(f"t{i}", (Column("q", "TEXT"),), 1) for i in range(MOST_TABLES)),
    ]
    first = {
        q: about(q, tables, lambda t: True)[0].name for q in ("weights of shipments", "returned", "客户")
    }
    assert first == {"weights of shipments": "a", "returned": "b", "客户": "c"}


def test_the_way_between_two_tables_is_kept() -> None:
    chain = [
        Table(f"n{i}", (Column(word, "TEXT"),), 1, joins=(Join(f"n{i}", "k", f"n{i + 1}", "k"),))
        for i, word in enumerate(("alpha", "x", "y", "omega"))
    ]
    tables = [*(Table(f"t{i}", (Column("q", "TEXT"),), 1) for i in range(30)), *chain]
    names = [table.name for table in about("alpha by omega", tables, lambda kept: len(kept) <= 4)]
    assert sorted(names) == ["n0", "n1", "n2", "n3"]


@pytest.mark.parametrize(
    "forms",
    [
        "invoice invoices",
        "category categories",
        "ship shipped shipping",
        "price prices priced",
        "address addresses",
        "sale sales",
    ],
)
def test_forms_of_a_word_are_one(forms: str) -> None:
    assert len(set(words_of(forms))) == 1


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(word == word.casefold() or not word.isascii() for word in words_of(text))

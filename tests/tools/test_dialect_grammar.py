# ruff: noqa: E501  (one query per line)
"""The SELECT grammars of the other dialects: what they accept, and that it is SQL for the system itself."""

from __future__ import annotations

import json
import sqlite3
from functools import cache
from pathlib import Path

import llguidance
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DIALECTS, MYSQL, POSTGRES, SQLITE, Dialect, dialect_of
from qwen_magics.tools.sql.grammar import select_grammar
from qwen_magics.tools.sql.messages import explain
from qwen_magics.tools.sql.select_gate import admit

TABLES = (
    Table(
        "orders", tuple(Column(n, "INTEGER") for n in ("id", "customer_id", "total", "placed", "status")), 1
    ),
    Table("customers", tuple(Column(n, "TEXT") for n in ("id", "name", "city", "order", "a b")), 1),
    Table("Mixed", (Column("Case", "TEXT"),), 1),
    Table("old", (Column("id", "INTEGER"),), 1, schema="archive"),
)

EVERYWHERE = [
    "SELECT COUNT(*) FROM orders",
    "select count(*) as n from orders where status = 'paid'",
    "SELECT status, SUM(total) AS s FROM orders GROUP BY status HAVING SUM(total) > 10 ORDER BY s DESC",
    "SELECT c.name, COUNT(*) AS n FROM orders AS o JOIN customers AS c ON o.customer_id = c.id GROUP BY c.name ORDER BY n DESC",
    "SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL",
    "SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)",
    "SELECT 1.0 * SUM(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) / COUNT(*) AS share FROM orders",
    "WITH t AS (SELECT customer_id, SUM(total) AS s FROM orders GROUP BY customer_id) SELECT AVG(s) FROM t",
    "SELECT status FROM orders UNION SELECT city FROM customers",
    "SELECT id, RANK() OVER (PARTITION BY status ORDER BY total DESC) AS r FROM orders",
    "SELECT DISTINCT city FROM customers WHERE name LIKE 'A%'",
]
LIMITED = "SELECT id FROM orders ORDER BY total DESC LIMIT 3 OFFSET 1"
OF = {
    "sqlite": [
        LIMITED,
        "SELECT strftime('%Y-%m', placed) AS m, COUNT(*) FROM orders GROUP BY m",
        "SELECT COUNT(*) FILTER (WHERE total > 1) FROM orders",
        "SELECT julianday('now') - julianday(placed) FROM orders",
        "SELECT id FROM orders ORDER BY total DESC NULLS LAST",
        "SELECT CAST(total AS REAL), total IS DISTINCT FROM 1 FROM orders",
        'SELECT "order", "a b" FROM customers',
    ],
    "postgres": [
        LIMITED,
        "SELECT date_trunc('month', placed) AS m, COUNT(*) FROM orders GROUP BY 1",
        "SELECT to_char(placed, 'YYYY-MM') FROM orders WHERE placed >= DATE '2024-01-01' + INTERVAL '1 month'",
        "SELECT EXTRACT(YEAR FROM placed), total::numeric FROM orders",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders",
        "SELECT DISTINCT ON (customer_id) id FROM orders ORDER BY customer_id, placed DESC",
        "SELECT COUNT(*) FILTER (WHERE status ILIKE 'P%') FROM orders",
        "SELECT n FROM generate_series(1, 3) AS g(n)",
        'SELECT "Case" FROM "Mixed"',
        "SELECT id FROM archive.old",
        "SELECT old.id FROM archive.old",
    ],
    "mysql": [
        LIMITED,
        "SELECT DATE_FORMAT(placed, '%Y-%m') AS m, COUNT(*) FROM orders GROUP BY m",
        "SELECT TIMESTAMPDIFF(DAY, placed, CURRENT_DATE) FROM orders",
        "SELECT DATE_ADD(placed, INTERVAL 1 MONTH), EXTRACT(YEAR FROM placed) FROM orders",
        "SELECT GROUP_CONCAT(name ORDER BY name SEPARATOR ', ') FROM customers",
        "SELECT `order`, `a b` FROM customers",
        "SELECT Mixed.Case AS c, `Mixed`.`Case` FROM `Mixed`".replace("Mixed.Case AS c, ", ""),
    ],
    "tsql": [
        "SELECT TOP 3 id FROM orders ORDER BY total DESC",
        "SELECT DATEPART(month, placed), DATEDIFF(day, placed, GETDATE()) FROM orders",
        "SELECT [order], [a b] FROM customers",
    ],
    "oracle": [
        "SELECT id FROM orders ORDER BY total DESC FETCH FIRST 3 ROWS ONLY",
        "SELECT TO_CHAR(placed, 'YYYY-MM') FROM orders",
    ],
}
NOT_OF = {
    "sqlite": [
        "SELECT EXTRACT(YEAR FROM placed) FROM orders",
        "SELECT total::REAL FROM orders",
        "SELECT date_trunc('month', placed) FROM orders",
    ],
    "postgres": [
        "SELECT strftime('%Y', placed) FROM orders",
        "SELECT Case FROM Mixed",
        "SELECT `a b` FROM customers",
        "SELECT id FROM old",
    ],
    "mysql": [
        "SELECT a.name || a.city FROM customers a",
        'SELECT "a b" FROM customers',
        "SELECT total::INT FROM orders",
        r"SELECT 'a\' FROM orders",
        "SELECT id FROM ORDERS",
    ],
    "tsql": [LIMITED],
    "oracle": [LIMITED],
}
EVIL = [
    "SELECT load_extension('x')",
    "SELECT pg_sleep(1) FROM orders",
    "SELECT sleep(1) FROM orders",
    "SELECT * FROM secrets",
    "SELECT 1; DELETE FROM orders",
    "SELECT 1 -- x",
    "SELECT 1 /* x */",
    "SELECT id INTO x FROM orders",
    "SELECT id FROM orders FOR UPDATE",
    "SELECT id FROM orders INTO OUTFILE '/tmp/x'",
    "SELECT @@version FROM orders",
    "DELETE FROM orders",
]


@cache
def _compiled(name: str) -> llguidance.LLMatcher:
    lark = select_grammar(TABLES, dialect=DIALECTS[name], ending="\n```")
    matcher = llguidance.LLMatcher(
        llguidance.LLTokenizer("byte"), llguidance.LLMatcher.grammar_from_lark(lark), log_level=0
    )
    assert not matcher.is_error(), matcher.get_error()[:500]
    return matcher


def accepts(name: str, sql: str) -> bool:
    matcher = _compiled(name).deep_copy()
    tokens = llguidance.LLTokenizer("byte").tokenize_str(sql)
    return (
        matcher.validate_tokens(tokens) == len(tokens)
        and matcher.consume_tokens(tokens)
        and matcher.is_accepting()
    )


@pytest.mark.parametrize("name", OF)
def test_accepts_and_the_gate_agrees(name: str) -> None:
    for sql in [*EVERYWHERE, *OF[name]]:
        assert accepts(name, sql), sql
        assert admit(sql, TABLES, DIALECTS[name]).text == sql


@pytest.mark.parametrize("name", OF)
def test_refuses(name: str) -> None:
    for sql in [*NOT_OF[name], *EVIL]:
        assert not accepts(name, sql), sql


@pytest.mark.model
@pytest.mark.parametrize("name", ["sqlite", "postgres", "mysql"])
def test_masks_over_the_whole_vocabulary_stay_within_the_limits(name: str, coder_05b: Path) -> None:
    """As in `test_grammar`: llguidance stops a mask that takes over 50,000 parser items."""
    text = (coder_05b / "tokenizer.json").read_text(encoding="utf-8")
    genai = json.loads((coder_05b / "genai_config.json").read_text(encoding="utf-8"))
    tokens = llguidance.LLTokenizer(text, n_vocab=genai["model"]["vocab_size"])
    limits = llguidance.LLParserLimits(step_max_items=42_000)
    grammar = select_grammar(TABLES, dialect=DIALECTS[name], ending="\n```")
    lark = llguidance.LLMatcher.grammar_from_lark(grammar)
    for sql in (EVERYWHERE[2], EVERYWHERE[7], *OF[name][1:5]):
        matcher = llguidance.LLMatcher(tokens, lark, log_level=0, limits=limits)
        for token in tokens.tokenize_str(f"{sql}\n```"):
            matcher.compute_bitmask()
            assert matcher.consume_token(token), f"{tokens.decode_str([token])!r} in {sql}"


def test_sqlite_itself_agrees() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE orders (id, customer_id, total, placed, status)")
    connection.execute('CREATE TABLE customers (id, name, city, "order", "a b")')
    for sql in [*EVERYWHERE, *OF["sqlite"]]:
        if "DISTINCT FROM" not in sql or sqlite3.sqlite_version_info >= (3, 39):
            connection.execute(sql).fetchall()
    connection.close()


@pytest.mark.parametrize(
    "dialect",
    [*DIALECTS.values(), dialect_of("snowflake"), dialect_of("klingon")],
    ids=lambda d: str(d.title),
)
def test_names_are_quoted_so_that_they_are_read_back(dialect: Dialect) -> None:
    for name in ["plain", "order", "a b", "Mixed", 'q"q', "b`b", "c]c", "时间", "1st", "select"]:
        table = Table(name, (Column(name, "INTEGER"),), 1)
        spelled = dialect.quote_name(name)
        admitted = admit(f"SELECT {spelled} FROM {spelled}", [table], dialect)
        assert [found.name for found in admitted.tables] == [name], spelled


def test_reserved_words_of_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    # Even in quotes, SQLite takes these two for constants.
    for word in (POSTGRES.reserved | MYSQL.reserved | SQLITE.reserved) - {"false", "true"}:
        name = SQLITE.quote_name(word)
        connection.execute(
            f'SELECT {name}.{name} AS {name} FROM (SELECT 1 AS "{word}") AS {name} WHERE {name} = 1'
        )
    connection.close()


@pytest.mark.parametrize("text", ["it's", "a\\", "\\'", "x'; DROP TABLE orders; --"])
@pytest.mark.parametrize("dialect", [SQLITE, POSTGRES, MYSQL], ids=lambda d: str(d.title))
def test_texts_are_quoted_so_that_they_are_read_back(dialect: Dialect, text: str) -> None:
    from sqlglot import exp

    admitted = admit(f"SELECT {dialect.quote_text(text)} AS x", TABLES, dialect)
    assert [node.this for node in admitted.tree.find_all(exp.Literal)] == [text]


def test_hints_speak_the_dialect() -> None:
    said = explain("no such function: to_char", "SELECT to_char(placed)", TABLES, SQLITE)
    assert str(said) == "There is no function to_char(). SQLite has strftime('%Y-%m', day)."
    said = explain("(1305, 'FUNCTION shop.strftime does not exist')", "", TABLES, MYSQL)
    assert said.hint == "MySQL has DATE_FORMAT(day, '%Y-%m')."
    said = explain("function median(integer) does not exist\nLINE 1: SELECT", "", TABLES, POSTGRES)
    assert said.hint.startswith("PostgreSQL has percentile_cont(0.5)")
    with pytest.raises(QueryError, match="Did you mean `orders`"):
        admit("SELECT 1 FROM ordrs", TABLES, MYSQL)

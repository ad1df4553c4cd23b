"""The SELECT grammar, through llguidance: bytes for what it accepts, real tokens for what a mask costs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import duckdb
import llguidance
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from select_queries import INVALID, VALID

from qwen_magics.errors import GrammarError
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.functions import FUNCTIONS
from qwen_magics.tools.sql.grammar import select_grammar
from qwen_magics.tools.sql.names import RESERVED, quote_name

FENCE = "\n```"


def table(name: str, *columns: str) -> Table:
    return Table(name, tuple(Column(column, "BIGINT") for column in columns), 1)


FLIGHTS = table(
    "flights",
    *["year", "month", "day", "dep_delay", "arr_delay", "carrier", "origin", "dest", "distance", "departed"],
)
AIRLINES = table("airlines", "carrier", "name")
ODD = table("my table", "a b", "order", 'q"q', "时间", "😀")
TABLES = (FLIGHTS, AIRLINES, ODD)


@cache
def byte_tokens() -> llguidance.LLTokenizer:
    return llguidance.LLTokenizer("byte")


@cache
def compiled(tables: tuple[Table, ...], ending: str) -> llguidance.LLMatcher:
    lark = select_grammar(tables, ending=ending)
    matcher = llguidance.LLMatcher(byte_tokens(), llguidance.LLMatcher.grammar_from_lark(lark), log_level=0)
    assert not matcher.is_error(), matcher.get_error()[:500]
    return matcher


def accepts(text: str, tables: tuple[Table, ...] = TABLES, ending: str = FENCE) -> bool:
    matcher = compiled(tables, ending).deep_copy()
    tokens = byte_tokens().tokenize_str(text)
    return (
        matcher.validate_tokens(tokens) == len(tokens)
        and matcher.consume_tokens(tokens)
        and matcher.is_accepting()
    )


@pytest.mark.parametrize("sql", VALID)
def test_accepts(sql: str) -> None:
    assert accepts(sql)
    assert accepts(sql + FENCE)


@pytest.mark.parametrize("sql", INVALID)
def test_refuses(sql: str) -> None:
    assert not accepts(sql)
    assert not accepts(sql + FENCE)


@pytest.mark.parametrize("sql", VALID)
def test_what_it_accepts_is_one_select_for_duckdb(sql: str) -> None:
    statements = duckdb.extract_statements(sql)
    assert [statement.type.name for statement in statements] == ["SELECT"]


def test_nothing_follows_the_ending() -> None:
    assert not accepts(f"SELECT 1{FENCE} SELECT 2")
    assert not accepts(f"SELECT 1{FENCE}", ending="")
    assert accepts("SELECT 1;\n")


def test_columns_behind_a_table_name_are_its_own() -> None:
    assert accepts("SELECT flights.carrier FROM flights")
    assert not accepts("SELECT flights.name FROM flights")
    assert accepts("SELECT x.name FROM airlines x")


def test_usual_letter_case_for_bare_names_and_exact_in_quotes() -> None:
    assert not accepts("SELECT caRrier FROM flights")
    assert accepts("SELECT CARRIER, Flights.Year FROM FLIGHTS")
    assert accepts('SELECT "carrier" FROM "flights"')
    assert not accepts('SELECT "CARRIER" FROM flights')


def test_names_that_need_quotes_are_offered_in_their_plain_form_as_well() -> None:
    tables = (table("prices", "Country Name", "1960"),)
    for sql in (
        'SELECT "Country Name" FROM prices',
        "SELECT country_name FROM prices",
        "SELECT prices.Country_Name FROM prices AS p WHERE p.COUNTRY_NAME LIKE '%,%'",
    ):
        assert accepts(sql, tables), sql
    assert not accepts("SELECT country FROM prices", tables)
    assert not accepts("SELECT 1960_ FROM prices", tables)


def test_aliases_are_free_where_they_are_at_home() -> None:
    assert accepts("SELECT carrier AS wohin FROM flights GROUP BY wohin HAVING wohin > 1 ORDER BY wohin")
    assert not accepts("SELECT wohin FROM flights")
    assert accepts("WITH x AS (SELECT year AS wohin FROM flights) SELECT wohin FROM x WHERE x.wohin > 1")
    assert not accepts("WITH x AS (SELECT wohin FROM flights) SELECT wohin FROM x")


def test_other_dialects_and_no_tables_are_refused() -> None:
    with pytest.raises(GrammarError, match="klingon"):
        select_grammar(TABLES, dialect="klingon")
    with pytest.raises(GrammarError, match="one table"):
        select_grammar([])


names = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20)


@settings(max_examples=40)
@given(
    table_name=names,
    columns=st.lists(names | st.sampled_from(sorted(RESERVED)), min_size=1, max_size=4, unique=True),
)
def test_any_names_compile_and_can_be_selected(table_name: str, columns: list[str]) -> None:
    tables = (table(table_name, *columns),)
    shown = ", ".join(quote_name(column) for column in columns)
    assert accepts(f"SELECT {shown} FROM {quote_name(table_name)}", tables)
    always = table_name.replace('"', '""'), columns[0].replace('"', '""')
    assert accepts(f'SELECT "{always[0]}"."{always[1]}" FROM "{always[0]}"', tables)


def test_reserved_words_are_those_that_duckdb_refuses() -> None:
    keywords = [row[0] for row in duckdb.sql("SELECT keyword_name FROM duckdb_keywords()").fetchall()]
    tables = tuple(table(keyword, keyword) for keyword in keywords)
    for keyword in keywords:
        name = quote_name(keyword)
        sql = (
            f'SELECT {name}.{name} AS {name} FROM (SELECT 1 AS "{keyword}") AS {name} '
            f"WHERE {name} = 1 AND {name} IS NOT NULL ORDER BY {name}"
        )
        assert duckdb.sql(sql).fetchall() == [(1,)], sql
        assert accepts(f"SELECT {name} FROM {name}", tables), keyword


def test_every_function_exists() -> None:
    known = {row[0] for row in duckdb.sql("SELECT function_name FROM duckdb_functions()").fetchall()}
    own_syntax = {"coalesce", "if", "ifnull", "percentile_cont", "percentile_disc"}
    assert [name for name in FUNCTIONS if name not in known | own_syntax] == []


@pytest.mark.model
def test_masks_over_the_whole_vocabulary_stay_within_the_limits(coder_05b: Path) -> None:
    """llguidance stops a mask that takes over 50,000 parser items; the worst place must keep clear of it."""
    text = (coder_05b / "tokenizer.json").read_text(encoding="utf-8")
    vocabulary = json.loads((coder_05b / "genai_config.json").read_text(encoding="utf-8"))["model"][
        "vocab_size"
    ]
    tokens = llguidance.LLTokenizer(text, n_vocab=vocabulary)
    limits = llguidance.LLParserLimits(step_max_items=42_000)
    lark = llguidance.LLMatcher.grammar_from_lark(select_grammar(TABLES, ending=FENCE))
    for sql in VALID[::3]:
        matcher = llguidance.LLMatcher(tokens, lark, log_level=0, limits=limits)
        for token in tokens.tokenize_str(sql + FENCE):
            matcher.compute_bitmask()
            assert matcher.consume_token(token), (
                f"{tokens.decode_str([token])!r} in {sql}: {matcher.get_error()[:100]}"
            )


def test_many_tables_and_columns_compile() -> None:
    wide = tuple(table(f"table_{i}", *(f"column {i} {j}" for j in range(200))) for i in range(10))
    assert accepts('SELECT "column 7 199" FROM table_7', wide)
    assert not accepts('SELECT table_6."column 7 199" FROM table_7', wide)

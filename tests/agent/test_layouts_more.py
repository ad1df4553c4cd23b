"""Cross tables by several keys, by medians, named members and short words; and results laid out otherwise."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.both_kinds import both_kinds
from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.diagonal import diagonal
from qwen_magics.agent.checks.number_per_group import number_per_group
from qwen_magics.agent.checks.own_pairs import own_pairs
from qwen_magics.agent.doubts.ambiguity import ambiguity
from qwen_magics.agent.examples.layouts.long_form import long_example
from qwen_magics.agent.examples.pandas.strongest import strongest_example
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.agent.examples.whole.both_flags import both_flags
from qwen_magics.agent.examples.worked import worked_program, worked_query
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Join, Table

_CATCHES = Table(
    "catches",
    (
        Column("port", "VARCHAR", categories=("'East'", "'West'")),
        Column("species", "VARCHAR", categories=("'cod'", "'eel'", "'ray'")),
        Column("gear", "VARCHAR", categories=("'net'", "'line'")),
        Column("year", "BIGINT", samples=("1990", "1991")),
        Column("quarter", "BIGINT", samples=("1", "2")),
        Column("tons", "DOUBLE", samples=("2.0", "5.5")),
        Column("boats", "BIGINT", samples=("3", "5")),
    ),
    90,
)
_ROWS = pd.DataFrame(
    {
        "port": ["East", "East", "West", "West", "West"],
        "species": ["cod", "cod", "eel", "cod", "eel"],
        "gear": ["net", "line", "net", "net", "line"],
        "year": [1990, 1991, 1990, 1991, 1991],
        "quarter": [1, 2, 1, 3, 4],
        "tons": [2.0, 5.0, 3.0, 4.0, 9.0],
        "boats": [1, 2, 3, 4, 5],
    }
)


def _program(question: str) -> pd.DataFrame:
    code = worked_program(question, _CATCHES).partition("```python\n")[2].removesuffix("\n```\n")
    scope: dict[str, object] = {"pd": pd, "catches": _ROWS}
    exec(code, scope)
    result = scope["result"]
    assert isinstance(result, pd.DataFrame)
    return result


@pytest.mark.parametrize(
    "question",
    [
        "Spread the tons over one column per year, with one row for each port and species.",
        "Average tons, a row per port and species, a column for each year",
        "tons with port and species down and the years across",
    ],
)
def test_rows_are_told_by_two_columns(question: str) -> None:
    """Both are keys of the rows, whichever side is said first."""
    found = _program(question)
    assert list(found.index.names) == ["port", "species"]
    assert list(found.columns) == [1990, 1991]


def test_a_column_for_each_year_is_none_of_the_rows() -> None:
    shown = worked_program("Average tons with a row for each port and a column for each gear", _CATCHES)
    assert 'index="port", columns="gear"' in shown


@pytest.mark.parametrize(
    ("word", "function", "name"),
    [("Median", "MEDIAN", "median"), ("Highest", "MAX", "max"), ("Lowest", "MIN", "min")],
)
def test_other_figures_than_means(word: str, function: str, name: str) -> None:
    question = f"{word} tons of the catches, ports in the rows and gear in the columns"
    assert f"{function}(CASE WHEN gear = 'net' THEN tons END) AS net" in worked_query(question, [_CATCHES])
    assert f'aggfunc="{name}"' in worked_program(question, _CATCHES)


@pytest.mark.parametrize(
    "question",
    [
        "Tabulate port against gear in @catches (counts), with a column for the total of each port.",
        "Cross-tabulate port and gear of @catches, plus the total per port",
        "A contingency table of port by gear, with a column with the total",
    ],
)
def test_one_against_the_other_with_totals(question: str) -> None:
    query = worked_query(question, [_CATCHES]).partition("```sql\n")[2].removesuffix("\n```")
    with duckdb.connect() as connection:
        connection.register("catches", _ROWS)
        found = connection.execute(f"{query} ORDER BY port").df()
    assert list(found.columns) == ["port", "net", "line", "total"]
    assert found.values.tolist() == [["East", 1, 1, 2], ["West", 2, 1, 3]]
    missing = QueryResult(found[["port", "net", "line"]], 2, False, 0.0, ())
    error = crossing(question, [_CATCHES])(missing, query)
    assert error is not None and "total" in error.message


def test_named_members_across() -> None:
    """They are values of a column, with a noun before them or without one."""
    for across in ("the species cod, eel and ray", "cod, eel and ray"):
        question = f"Number of catches: ports as rows, {across} as columns"
        shown = worked_query(question, [_CATCHES])
        assert "species = 'ray' THEN 1 ELSE 0 END) AS ray FROM catches GROUP BY port" in shown


def test_a_span_of_years_in_one_line() -> None:
    question = "Lay out tons for 1990 to 1991 with the years down and the quarters across."
    shown = worked_program(question, _CATCHES)
    assert 'result = catches[catches["year"].between(1990, 1991)].pivot_table(' in shown
    # The rows as they are have columns enough, and are not laid out.
    long = QueryResult(_ROWS, len(_ROWS), False, 0.0, ())
    error = crossing(question, [_CATCHES])(long, 'result = catches[catches["year"].between(1990, 1991)]')
    assert error is not None and "pivot_table" in str(error.hint)


def test_the_same_column_down_and_across() -> None:
    cells = "SUM(CASE WHEN c = 'a' THEN 1 ELSE 0 END), SUM(CASE WHEN c = 'b' THEN 1 ELSE 0 END)"
    assert diagonal(f"SELECT c, {cells} FROM t GROUP BY c") is not None
    assert diagonal(f"SELECT d, {cells} FROM t GROUP BY d") is None
    assert diagonal(f"SELECT c, d, {cells} FROM t GROUP BY c, d") is None
    assert diagonal("SELECT c, SUM(CASE WHEN c = 'a' THEN 1 END) FROM t GROUP BY c") is None
    assert diagonal("result = t.groupby('c').size()") is None


def test_no_example_has_one_column_for_rows_and_columns() -> None:
    table = Table("people", (_CATCHES.columns[0], _CATCHES.columns[5]), 90)
    shown = nearest_sql(
        "Average tons by port with a column for each port", "CREATE TABLE people", "DuckDB", table
    )
    assert "CASE WHEN port" not in shown


@pytest.mark.parametrize(
    "question",
    [
        "Turn tons and boats of the year 1990 in @catches into long form: quarter, measure, value.",
        "Melt tons and boats of 1990 with quarter as the id",
        "tons and boats in long format, keeping quarter, in 1990",
    ],
)
def test_a_number_that_tells_the_rows_of_a_long_table(question: str) -> None:
    numbers = Table("catches", _CATCHES.columns[3:], 90)
    shown = long_example(question, numbers)
    assert 'catches[catches["year"] == 1990].melt(id_vars=["quarter"], value_vars=["tons", "boats"]' in shown


@pytest.mark.parametrize(
    ("question", "end"),
    [
        ("Which of the columns quarter to boats correlates most with year?", ""),
        ("Which of tons, boats and quarter has the strongest correlation with year?", ".abs().idxmax()"),
        ("Which of tons and boats has the weakest correlation to year?", ".abs().idxmin()"),
        ("Which of tons and boats correlates most negatively with quarter?", ".idxmin()"),
        ("Which of tons and boats correlates most with quarter in each port?", ""),
        ("How strong is the correlation of tons with boats?", ""),
    ],
)
def test_the_column_that_goes_most_closely_with_another(question: str, end: str) -> None:
    numbers = [Column("year", "DOUBLE"), *_CATCHES.columns[4:]]
    shown = strongest_example(question, Table("catches", tuple(numbers), 90))
    if "columns quarter to boats" in question:
        assert '[["quarter", "tons", "boats"]].corrwith(catches["year"])' in shown
    else:
        assert end in shown if end else not shown


def test_a_matrix_in_each_group() -> None:
    code = 'result = t.groupby("firm")[["a", "b"]].corr(method="pearson")'
    error = own_pairs("correlation of a and b for each firm")(code)
    assert error is not None
    assert str(error.hint).endswith('apply(lambda g: g["a"].corr(g["b"], method="pearson"))')
    assert own_pairs("the correlation matrix of a and b for each firm")(code) is None
    assert own_pairs("correlation of a and b for each firm")('result = t[["a", "b"]].corr()') is None


_FINES = Table(
    "fines",
    (
        Column("fine_id", "INTEGER", unique=True),
        Column("amount", "DOUBLE"),
        Column("paid", "INTEGER", categories=("0", "1")),
    ),
    90,
)


@pytest.mark.parametrize(
    "question",
    ["What do the paid and the unpaid fines each add up to?", "Total of unpaid and paid fines"],
)
def test_both_kinds_of_a_flag(question: str) -> None:
    found, meant = (
        both_flags(question, [_FINES]),
        "SELECT paid, SUM(amount) AS total FROM fines GROUP BY paid",
    )
    assert found is not None and found.query == meant
    check = both_kinds(question, [_FINES])
    wrong = check("SELECT SUM(paid) AS paid, SUM(amount) AS unpaid FROM fines")
    assert wrong is not None and wrong.hint == f"Write: {meant}"
    assert check(meant) is None
    assert check("SELECT SUM(CASE WHEN paid = 1 THEN amount END) FROM fines") is None


@pytest.mark.parametrize(
    "question",
    [
        "What do the unpaid fines add up to?",
        "By how much do paid fines differ from unpaid fines in total?",
        "Total of paid and unpaid fines per month",
        "paid and unloved fines",
    ],
)
def test_one_kind_or_more_than_the_two(question: str) -> None:
    assert both_flags(question, [_FINES]) is None


_CATEGORIES = Table("categories", (Column("category_id", "INTEGER"), Column("name", "VARCHAR")), 5)
_PRODUCTS = Table(
    "products",
    (Column("product_id", "INTEGER"), Column("category_id", "INTEGER"), Column("name", "VARCHAR")),
    90,
    (Join("products", "category_id", "categories", "category_id"),),
)


def test_whose_name_a_pronoun_says() -> None:
    tables = [_CATEGORIES, _PRODUCTS]
    assert ambiguity("How many products per category carry the word rye in their name?", tables) is None
    assert ambiguity("Which category has the word tea in its name but no products?", tables) is None
    assert ambiguity("Which products of which categories have tea in their name?", tables) is not None


def test_a_number_per_thing() -> None:
    tables = [_CATEGORIES, _PRODUCTS]
    one = QueryResult(pd.DataFrame({"n": [5]}), 1, False, 0.0, ())
    code = (
        "SELECT COUNT(DISTINCT p.category_id) FROM products AS p JOIN categories AS c ON p.category_id = "
        "c.category_id WHERE p.name LIKE '%rye%'"
    )
    error = number_per_group("How many products per category have rye in their name?", tables)(one, code)
    assert error is not None
    assert str(error.hint).startswith("Write: SELECT c.name, COUNT(*) FROM products AS p JOIN")
    assert str(error.hint).endswith("GROUP BY c.name")
    for question in ("How many products per category on average?", "How many products per page are there?"):
        assert number_per_group(question, tables)(one, code) is None


@pytest.mark.parametrize("dialect", ["DuckDB", "SQLite"])
def test_an_initial_and_the_last_word(dialect: str) -> None:
    table = Table("people", (Column("name", "VARCHAR", samples=("'Ada Lind'",)), _CATCHES.columns[5]), 90)
    question = "Show each name and its short form: the initial, a full stop, and the surname, as in A. Lind"
    shown = nearest_sql(question, "CREATE TABLE people", dialect, table)
    assert "SUBSTR(name, 1, 1) || '. ' || S" in shown
    other = nearest_sql("How many people have a surname with a dot?", "CREATE TABLE people", dialect, table)
    assert "'. '" not in other

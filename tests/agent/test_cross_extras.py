"""Cross tables with shares, totals and some years only, and results that are laid out wrongly. All run."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.overlooked import overlooked
from qwen_magics.agent.examples.worked import worked_program, worked_query
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

_CATCHES = Table(
    "catches",
    (
        Column("port", "VARCHAR", categories=("'East'", "'West'")),
        Column("species", "VARCHAR", categories=("'cod'", "'eel'")),
        Column("year", "BIGINT", samples=("1990", "1995")),
        Column("tons", "DOUBLE", samples=("2.0", "5.5")),
    ),
    5,
)
_ROWS = pd.DataFrame(
    {
        "port": ["East", "East", "East", "East", "West"],
        "species": ["cod", "cod", "cod", "eel", "eel"],
        "year": [1990, 1991, 1992, 1993, 1994],
        "tons": [2.0, 1.0, 3.0, 2.0, 5.0],
    }
)
_SEEN = Table(
    "seen",
    (
        Column("day", "TIMESTAMP", samples=("'2012-01-01'", "'2014-05-01'")),
        Column("gulls", "DOUBLE", samples=("2.0", "5.5")),
        Column("bay", "VARCHAR", categories=("'A'", "'B'")),
    ),
    900,
)


def _program(question: str) -> pd.DataFrame:
    space = {"pd": pd, "catches": _ROWS}
    exec(worked_program(question, _CATCHES).split("```python\n")[1].split("```")[0], space)
    result = space["result"]
    assert isinstance(result, pd.DataFrame)
    return result


def _query(question: str) -> pd.DataFrame:
    query = worked_query(question, [_CATCHES]).partition("```sql\n")[2].removesuffix("\n```")
    with duckdb.connect() as connection:
        connection.register("catches", _ROWS)
        return connection.execute(f"{query} ORDER BY 1").df().set_index(query.split()[1].strip(","))


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of each port of catches comes with each species? Ports down, species across.",
        "Percentage of catches within each port, with ports as rows and species as columns",
        "Number of catches: ports down, species across, in % of the port total",
        "Count catches by port (rows) and species (columns), as row percentages",
    ],
)
def test_percentages_of_each_row(question: str) -> None:
    found = _program(question)
    assert found.loc["East"].to_dict() == {"cod": 75.0, "eel": 25.0}
    assert _query(question).loc["East"].to_dict() == {"cod": 75.0, "eel": 25.0}


def test_shares_of_columns_and_of_all() -> None:
    columns = "Number of catches with ports down and species across, as column shares"
    assert _program(columns)["eel"].to_dict() == {"East": 0.5, "West": 0.5}
    assert worked_query(columns, [_CATCHES]) == ""
    everything = "Count catches by port (rows) and species (columns), in percent of all"
    assert _program(everything).loc["West", "eel"] == 20.0
    tons = "What share of each port's total tons is of each species? Ports down, species across."
    assert _program(tons).loc["East"].to_dict() == {"cod": 0.75, "eel": 0.25}


@pytest.mark.parametrize(
    "question",
    [
        "Percentage of each species: ports down, species across",
        "Percentage of catches by port and species, ports down and species across",
    ],
)
def test_shares_of_what_is_open(question: str) -> None:
    assert worked_program(question, _CATCHES) == ""
    assert worked_query(question, [_CATCHES]) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Count the boats in catches with port in the rows and species in the columns, plus a column "
        "with the total",
        "Number of catches: ports down, species across, and a total column",
    ],
)
def test_a_column_of_totals(question: str) -> None:
    assert _program(question)["total"].to_dict() == {"East": 4, "West": 1}
    assert _query(question)["total"].to_dict() == {"East": 4, "West": 1}


def test_totals_elsewhere() -> None:
    assert (
        _program("Number of catches: ports down, species across, with a total row").loc["total", "cod"] == 3
    )
    assert _program("Number of catches: ports down, species across, with totals").loc["total", "total"] == 5
    plain = _program("Total tons of catches: ports down, species across, and a column with the total of each")
    assert list(plain.columns) == ["cod", "eel"]


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("Average tons for 1991 to 1993 with one row per year and a column per species", [1991, 1992, 1993]),
        ("Average tons since 1993: years down, species across", [1993, 1994]),
        ("Average tons before 1991: years down, species across", [1990]),
        ("Average tons: years down, species across", [1990, 1991, 1992, 1993, 1994]),
    ],
)
def test_the_years_that_are_meant(question: str, years: list[int]) -> None:
    assert list(_program(question).index) == years
    assert list(_query(question).index) == years


def test_rows_that_are_divided_further_beside_totals() -> None:
    question = "Number of catches: ports down, species across, and a total column"
    rows = pd.DataFrame({"port": ["East", "East", "West"], "cod": [3, 0, 0], "eel": [0, 1, 1], "total": 1})
    code = "SELECT port, SUM(species = 'cod'), SUM(species = 'eel'), 1 FROM catches GROUP BY port, species"
    check = crossing(question, [_CATCHES])
    error = check(QueryResult(rows, 3, False, 0.0, ()), code)
    assert error is not None
    assert error.hint.endswith("GROUP BY port")
    assert check(QueryResult(rows[1:], 2, False, 0.0, ()), code) is None


def _wrong(question: str, frame: pd.DataFrame, code: str) -> str:
    error = crossing(question, [_SEEN])(QueryResult(frame, len(frame), False, 0.0, ()), code)
    return "" if error is None else error.hint


def test_a_table_the_other_way_round() -> None:
    question = "Total gulls of seen: months of the year (1 to 12) as rows, years as columns."
    turned = pd.DataFrame({"year": [2012, 2013], **{str(month): [1.0, 2.0] for month in range(1, 13)}})
    right = pd.DataFrame({"month": range(1, 13), **{str(year): 1.0 for year in range(2012, 2015)}})
    assert "index=seen" in _wrong(question, turned, "result = seen")
    assert _wrong(question, right, "result = seen") == ""


def test_dates_where_years_are_meant() -> None:
    question = "Average gulls of seen as a table: one row per calendar year, one column per bay"
    days = pd.date_range("2012-01-01", periods=30)
    assert "dt.year" in _wrong(question, pd.DataFrame({"day": days, "A": 1.0, "B": 2.0}), "result = seen")
    yearly = pd.DataFrame({"day": pd.to_datetime(["2012-01-01", "2013-01-01"]), "A": 1.0, "B": 2.0})
    assert _wrong(question, yearly, "result = seen") == ""
    years = pd.DataFrame({"year": [2012, 2013], "A": 1.0, "B": [None, 2.0]})
    assert _wrong(question, years, "result = seen") == ""
    assert _wrong(question, years.assign(A=None, B=None), "result = seen")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Rain of each month of the year (1 to 12)", False),
        ("Rain of each hour of the day, 0-23", False),
        ("Rain of each hour from 0 to 12", True),
        ("Rain of the days 1 to 12", True),
        ("The rooms 1 to 12", True),
        ("Books per decade (1950 for the years 1950 to 1959, and so on)", False),
        ("Books of 1950 (published ones)", True),
    ],
)
def test_the_numbers_that_a_unit_has_are_no_condition(question: str, says: bool) -> None:
    check = overlooked(question)
    error = check("SELECT month, date_trunc('decade', published), SUM(rain) FROM t GROUP BY month")
    assert (error is not None) == says

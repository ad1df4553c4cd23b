"""Errors as the model reads them: one line of what is wrong, one computed line of what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import closest

FLIGHTS = pd.DataFrame(
    {
        "carrier": ["UA", "AA", "UA", "DL"],
        "arr_delay": [1.0, None, 30.0, 4.0],
        "origin": ["JFK", "JFK", "EWR", "LGA"],
        "day": ["2013-01-01", "2013-01-02", "2013-01-02", "2013-01-03"],
    }
)
AIRLINES = pd.DataFrame(
    {"carrier": ["UA", "AA", "DL"], "name": ["United Air Lines Inc.", "American", "Delta"]}
)


@pytest.fixture(scope="module")
def database() -> Iterator[FrameDatabase]:
    with FrameDatabase({"flights": FLIGHTS, "airlines": AIRLINES}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sql", "kind", "hint"),
    [
        ("SELECT arr_dely FROM flights", "unknown_column", "Did you mean arr_delay?"),
        ("SELECT delay FROM flights", "unknown_column", "Did you mean arr_delay"),
        ("SELECT arr_delay.carrier, zzz FROM flights", "unknown_table", "Write carrier or"),
        ("SELECT name FROM flights", "unknown_column", "JOIN airlines ON flights.carrier = airlines.carrier"),
        (
            "SELECT airline_name FROM flights",
            "unknown_column",
            "JOIN airlines ON flights.carrier = airlines.carrier",
        ),
        (
            "SELECT f.name, f.nil FROM flights f JOIN airlines a USING (carrier)",
            "unknown_column",
            "write a.name.",
        ),
        ("SELECT airlines.nam FROM airlines", "unknown_column", "Did you mean name?"),
        ("SELECT zzz FROM airlines", "unknown_column", "airlines has carrier, name."),
        (
            'SELECT * FROM flights WHERE carrier = "UA"',
            "unknown_column",
            "'UA' is a value of flights.carrier",
        ),
        ("SELECT x.carrier, x.nil FROM flights f", "unknown_table", "Use f"),
        ("SELECT * FROM flight", "unknown_table", 'Did you mean "flights"?'),
        ("SELECT * FROM planes", "unknown_table", "Tables: flights, airlines."),
        ("SELECT cuont(carrier) FROM flights", "unknown_function", "Did you mean count()?"),
        ("SELECT to_char(day, 'x') FROM flights", "unknown_function", "strftime"),
        ("SELECT carrier, COUNT(*) FROM flights", "group_by", "Add carrier to GROUP BY"),
        ("SELECT carrier FROM flights, airlines", "ambiguous_column", "flights.carrier or airlines.carrier"),
        ("SELECT * FROM flights, flights", "ambiguous_table", "alias"),
        ("SELECT * FROM flights WHERE carrier > 5", "type_mismatch", "TRY_CAST"),
        ("SELECT AVG(carrier) FROM flights", "type_mismatch", "TRY_CAST(carrier AS DOUBLE)"),
        ("SELECT EXTRACT(YEAR FROM carrier) FROM flights", "type_mismatch", "TRY_CAST(carrier AS TIMESTAMP)"),
        ("SELECT carrier + 1 FROM flights", "type_mismatch", "Cast"),
        ("SELECT COUNT(*) FROM flights WHERE AVG(arr_delay) > 1", "aggregate_place", "HAVING"),
        ("SELECT 1 FROM flights WHERE ROW_NUMBER() OVER () = 1", "window_place", "QUALIFY"),
        ("SELECT 1 FROM flights WHERE day = (SELECT day, carrier FROM flights)", "subquery_columns", "IN"),
        ("SELECT carrier FROM flights WHERE", "syntax", ""),
        ("SELEC carrier FROM flights", "syntax", ""),
        ("SELECT carrier FROM flights GROUP carrier", "syntax", ""),
        ("SELECT 1; SELECT 2", "several_statements", "exactly one SELECT"),
        ("DELETE FROM flights", "not_select", "read-only"),
    ],
)
def test_hint(database: FrameDatabase, sql: str, kind: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        database.check(sql)
    error = caught.value
    assert (error.kind, hint in error.hint) == (kind, True), str(error)
    assert "\n" not in str(error) and len(str(error)) < 400


def test_check_does_not_run_the_query(database: FrameDatabase) -> None:
    heavy = "SELECT COUNT(*) FROM range(10000000) x, range(10000000) y WHERE x.range * y.range % 7 = 3"
    assert database.check(f" {heavy} ;; ") == heavy


def test_conversion_while_running_names_the_value_and_its_column(database: FrameDatabase) -> None:
    with pytest.raises(QueryError) as caught:
        database.run("SELECT * FROM flights WHERE carrier = 1")
    assert caught.value.kind == "type_mismatch"
    assert "of flights.carrier" in caught.value.message
    assert caught.value.__cause__ is not None


def test_a_subquery_of_several_rows_says_how_to_give_one(database: FrameDatabase) -> None:
    with pytest.raises(QueryError, match="inside as well as outside") as caught:
        database.run("SELECT COUNT(*) FROM flights WHERE arr_delay > (SELECT arr_delay FROM flights)")
    assert caught.value.kind == "subquery_rows"


def test_every_kind_is_documented() -> None:
    root = Path(__file__).parents[2]
    pages = (root / "docs" / name for name in ("sql.md", "pandas.md", "charts.md", "cells.md"))
    page = "".join(path.read_text(encoding="utf-8") for path in pages)
    sources = [path.read_text(encoding="utf-8") for path in (root / "qwen_magics" / "tools").rglob("*.py")]
    kinds = {kind for source in sources for kind in re.findall(r'QueryError\(\s*"(\w+)"', source)}
    assert len(kinds) > 15
    assert sorted(kind for kind in kinds if f"`{kind}`" not in page) == []


@pytest.mark.parametrize(
    ("wanted", "candidates", "expected"),
    [
        ("arr_dely", ["dep_delay", "arr_delay"], ["arr_delay"]),
        ("airline_name", ["air_time", "name"], ["name"]),
        ("Delta", ["Delta Air Lines Inc.", "Envoy Air"], ["Delta Air Lines Inc."]),
        ("totalSales", ["total_sales", "total_tax"], ["total_sales"]),
        ("zzz", ["name"], []),
    ],
)
def test_closest(wanted: str, candidates: list[str], expected: list[str]) -> None:
    assert closest(wanted, candidates) == expected

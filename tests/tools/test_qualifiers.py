"""Columns behind the alias of another table than theirs: put right where one table alone has them."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.qualifiers import requalified

FLIGHTS = pd.DataFrame({"dest": ["ATL", "BOS", "ATL"], "carrier": ["DL", "B6", "DL"]})
AIRPORTS = pd.DataFrame({"faa": ["ATL", "BOS"], "tzone": ["America/New_York", "America/New_York"]})


@pytest.fixture(scope="module")
def database() -> FrameDatabase:
    return FrameDatabase({"flights": FLIGHTS, "airports": AIRPORTS})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "SELECT T2.tzone FROM airports AS T1 JOIN flights AS T2 ON T1.faa = T2.dest GROUP BY t2.tzone",
            "SELECT T1.tzone FROM airports AS T1 JOIN flights AS T2 ON T1.faa = T2.dest GROUP BY T1.tzone",
        ),
        (
            'SELECT flights."tzone" FROM flights JOIN airports ON airports.faa = flights.dest',
            'SELECT airports."tzone" FROM flights JOIN airports ON airports.faa = flights.dest',
        ),
        (
            "SELECT 'f.tzone' AS text, f.tzone FROM flights f JOIN airports a ON f.dest = a.faa",
            "SELECT 'f.tzone' AS text, a.tzone FROM flights f JOIN airports a ON f.dest = a.faa",
        ),
    ],
)
def test_the_one_table_that_has_it(database: FrameDatabase, written: str, meant: str) -> None:
    assert database.check(written) == meant
    assert len(database.run(meant).frame)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT f.tzone FROM flights f",  # no table of the query has it
        "SELECT f.tzone FROM flights f JOIN airports a ON TRUE JOIN airports b ON TRUE",  # two have
        "SELECT f.price FROM flights f JOIN airports a ON f.dest = a.faa",
        "SELECT t.tzone FROM flights t WHERE EXISTS (SELECT 1 FROM airports t)",  # one alias, two tables
        "SELECT x.tzone FROM (SELECT dest FROM flights) AS x JOIN airports a ON a.faa = x.dest",
        "SELECT (",
    ],
)
def test_what_is_not_certain_stays_an_error(database: FrameDatabase, sql: str) -> None:
    assert requalified(sql, database.tables, database.dialect) == sql
    with pytest.raises(QueryError):
        database.check(sql)


def test_a_table_that_is_not_joined_is_named_with_the_way_to_it(database: FrameDatabase) -> None:
    with pytest.raises(QueryError) as caught:
        database.check("SELECT airports.tzone FROM flights")
    assert str(caught.value) == '"airports" is not in FROM. Add JOIN airports ON flights.dest = airports.faa.'

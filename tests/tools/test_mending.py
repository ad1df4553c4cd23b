"""Columns named where they are not: put right where only one thing can be meant."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.mending import mended

BOOKS = pd.DataFrame({"book_id": [1, 2, 3], "genre": ["crime", "crime", "travel"], "pages": [100, 300, 90]})
COPIES = pd.DataFrame({"copy_id": [1, 2, 3, 4], "book_id": [1, 2, 3, 3]})
LOANS = pd.DataFrame({"loan_id": [1, 2, 3, 4, 5], "copy_id": [1, 1, 2, 4, 4], "name": list("vwxyz")})
FLIGHTS = pd.DataFrame({"dest": ["ATL", "BOS", "ATL"], "carrier": ["DL", "B6", "DL"]})
AIRPORTS = pd.DataFrame({"faa": ["ATL", "BOS"], "tzone": ["America/New_York", "America/New_York"]})


@pytest.fixture(scope="module")
def database() -> FrameDatabase:
    return FrameDatabase({"flights": FLIGHTS, "airports": AIRPORTS})


@pytest.fixture(scope="module")
def library() -> FrameDatabase:
    return FrameDatabase({"books": BOOKS, "copies": COPIES, "loans": LOANS})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "SELECT genre, COUNT(*) FROM loans GROUP BY genre",
            "SELECT genre, COUNT(*) FROM loans JOIN copies ON loans.copy_id = copies.copy_id "
            "JOIN books ON copies.book_id = books.book_id GROUP BY genre",
        ),
        (
            "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM copies AS c GROUP BY genre) AS counts",
            "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM copies AS c "
            "JOIN books ON c.book_id = books.book_id GROUP BY genre) AS counts",
        ),
        (
            "SELECT COUNT(*) FROM (SELECT book_id, AVG(pages) OVER (PARTITION BY genre) AS mean "
            "FROM books) AS s WHERE pages > mean",
            "SELECT COUNT(*) FROM (SELECT pages, book_id, AVG(pages) OVER (PARTITION BY genre) AS mean "
            "FROM books) AS s WHERE pages > mean",
        ),
    ],
)
def test_what_a_key_leads_to_or_an_inner_select_reads(
    library: FrameDatabase, written: str, meant: str
) -> None:
    assert library.check(written) == meant
    assert len(library.run(meant).frame)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT AVG(pages) FROM books WHERE loans.name = 'x'",  # a book of several loans would count twice
        "SELECT name FROM copies",  # a copy may well have a name of its own
        "SELECT price FROM loans",
        "SELECT s.pages FROM (SELECT genre FROM books GROUP BY genre) AS s",
    ],
)
def test_what_could_mean_something_else_stays_an_error(library: FrameDatabase, sql: str) -> None:
    with pytest.raises(QueryError):
        library.check(sql)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "SELECT T2.tzone FROM airports AS T1 JOIN flights AS T2 ON T1.faa = T2.dest GROUP BY t2.tzone",
            "SELECT T1.tzone FROM airports AS T1 JOIN flights AS T2 ON T1.faa = T2.dest GROUP BY T1.tzone",
        ),
        (
            # One name that nothing defines, for two tables.
            "SELECT p.tzone, COUNT(p.carrier) FROM flights JOIN airports ON flights.dest = airports.faa "
            "GROUP BY p.tzone",
            "SELECT airports.tzone, COUNT(flights.carrier) FROM flights JOIN airports "
            "ON flights.dest = airports.faa GROUP BY airports.tzone",
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


def test_names_that_need_quotes_may_be_written_without() -> None:
    prices = pd.DataFrame({"Country Name": ["Bahamas, The", "Chile"], "Price (EUR)": [1.0, 2.0]})
    with FrameDatabase({"prices": prices}) as frames:
        written = "SELECT p.price_eur FROM prices AS p WHERE country_name <> 'country_name'"
        meant = 'SELECT p."Price (EUR)" FROM prices AS p WHERE "Country Name" <> \'country_name\''
        assert frames.check(written) == meant
        assert len(frames.run(meant).frame) == 2
        aliased = 'SELECT "Country Name" AS country_name FROM prices ORDER BY country_name'
        assert frames.check(aliased) == aliased
        with pytest.raises(QueryError):
            frames.check("SELECT country FROM prices")


def test_two_names_of_one_plain_form_stay_an_error() -> None:
    prices = pd.DataFrame({"Price (EUR)": [1.0], "Price EUR": [2.0]})
    with FrameDatabase({"prices": prices}) as frames, pytest.raises(QueryError):
        frames.check("SELECT price_eur FROM prices")


def test_a_word_for_anything_is_joined_for_where_its_value_is_listed() -> None:
    orders = pd.DataFrame({"order_id": [1, 2], "status": ["S", "X"]})
    shipments = pd.DataFrame({"shipment_id": [1, 2, 3], "order_id": [1, 1, 2]})
    with FrameDatabase({"orders": orders, "shipments": shipments}) as frames:
        meant = frames.check("SELECT COUNT(*) FROM shipments WHERE status = 'S'")
        assert "JOIN orders ON shipments.order_id = orders.order_id" in meant
        assert frames.run(meant).frame.iat[0, 0] == 2
        for other in ("status = 'late'", "status IS NULL", "status > 3"):
            with pytest.raises(QueryError):
                frames.check(f"SELECT COUNT(*) FROM shipments WHERE {other}")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT f.tzone FROM flights f JOIN airports a ON TRUE JOIN airports b ON TRUE",  # two have
        "SELECT f.price FROM flights f JOIN airports a ON f.dest = a.faa",
        "SELECT p.faa, p.city FROM flights JOIN airports ON flights.dest = airports.faa",  # none has city
        "SELECT x.tzone FROM (SELECT dest FROM flights) AS x JOIN airports a ON a.faa = x.dest",
        "SELECT (",
    ],
)
def test_what_is_not_certain_stays_an_error(database: FrameDatabase, sql: str) -> None:
    assert mended(sql, database.tables, database.dialect) == sql
    with pytest.raises(QueryError):
        database.check(sql)


def test_of_two_tables_with_the_column_the_nearer_is_named() -> None:
    frames = {
        "a_shelves": pd.DataFrame({"shelf_id": [1, 2], "room": [1, 1]}),
        "boxes": pd.DataFrame({"box_id": [1, 2, 3], "shelf_id": [1, 2, 2]}),
        "finds": pd.DataFrame({"find_id": [1, 2, 3, 4], "box_id": [1, 2, 3, 3]}),
    }
    with FrameDatabase(frames) as database, pytest.raises(QueryError) as caught:
        database.check("SELECT f.shelf_id, f.price FROM finds AS f")
    assert "shelf_id is a column of boxes: JOIN boxes ON" in str(caught.value)


def test_a_table_that_is_not_joined_is_named_with_the_way_to_it(database: FrameDatabase) -> None:
    with pytest.raises(QueryError) as caught:
        database.check("SELECT airports.tzone, price FROM flights")
    assert str(caught.value) == '"airports" is not in FROM. Add JOIN airports ON flights.dest = airports.faa.'

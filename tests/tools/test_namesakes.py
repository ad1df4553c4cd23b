"""Things of one name are told apart by their keys."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.namesakes import told_apart

BOOKS = pd.DataFrame({"book_id": [1, 2, 3], "title": ["Home", "Home", "Away"]})
LOANS = pd.DataFrame({"loan_id": [1, 2, 3, 4], "book_id": [1, 2, 2, 3]})


@pytest.fixture(scope="module")
def library() -> Iterator[FrameDatabase]:
    with FrameDatabase({"books": BOOKS, "loans": LOANS}) as database:
        yield database


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        (
            "SELECT title, COUNT(*) FROM loans JOIN books ON loans.book_id = books.book_id GROUP BY title",
            [["Away", 1], ["Home", 1], ["Home", 2]],
        ),
        (
            "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM loans AS l JOIN books AS b ON l.book_id = "
            "b.book_id "
            "GROUP BY b.title) AS s",
            [[2]],
        ),
    ],
)
def test_two_books_of_one_title_are_two(
    library: FrameDatabase, written: str, rows: list[list[object]]
) -> None:
    told = told_apart(written, ["books"], library.tables, DUCKDB)
    assert sorted(library.run(library.check(told)).frame.values.tolist()) == rows


@pytest.mark.parametrize(
    "written",
    [
        "SELECT title, COUNT(*) FROM loans JOIN books ON loans.book_id = books.book_id GROUP BY title, "
        "books.book_id",
        "SELECT book_id, COUNT(*) FROM loans GROUP BY book_id",
        "SELECT UPPER(title), COUNT(*) FROM books GROUP BY UPPER(title)",
        "SELECT title FROM books",
        # Which title is the most frequent: each book has one.
        "SELECT title FROM books GROUP BY title ORDER BY COUNT(*) DESC LIMIT 1",
        "SELECT title, COUNT(book_id) FROM books GROUP BY title HAVING COUNT(*) > 1",
        "SELECT SUBSTR(title, 1, 1) AS title, COUNT(*) FROM loans JOIN books ON loans.book_id = "
        "books.book_id GROUP BY title",
        "SELECT title FROM (SELECT * FROM books) AS s GROUP BY title",
        "GROUP BY (",
    ],
)
def test_everything_else_stays(library: FrameDatabase, written: str) -> None:
    assert told_apart(written, ["books"], library.tables, DUCKDB) == written


def test_only_things_that_are_asked_for(library: FrameDatabase) -> None:
    written = "SELECT title, COUNT(*) FROM books GROUP BY title"
    assert told_apart(written, ["loans"], library.tables, DUCKDB) == written

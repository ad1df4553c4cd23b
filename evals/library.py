"""A public library as a SQLite database: nine tables with real keys, made by a seeded generator."""

from __future__ import annotations

import datetime
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["TABLES", "create", "read"]

_DDL = """
CREATE TABLE branches (branch_id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, opened DATE);
CREATE TABLE members (
    member_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, birth_year INTEGER, joined DATE NOT NULL,
    home_branch_id INTEGER NOT NULL REFERENCES branches (branch_id));
CREATE TABLE authors (author_id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE publishers (publisher_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (
    book_id INTEGER PRIMARY KEY, title TEXT NOT NULL, genre TEXT NOT NULL, pages INTEGER NOT NULL,
    published INTEGER NOT NULL, publisher_id INTEGER NOT NULL REFERENCES publishers (publisher_id));
CREATE TABLE book_authors (
    book_id INTEGER NOT NULL REFERENCES books (book_id),
    author_id INTEGER NOT NULL REFERENCES authors (author_id), PRIMARY KEY (book_id, author_id));
CREATE TABLE copies (
    copy_id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES books (book_id),
    branch_id INTEGER NOT NULL REFERENCES branches (branch_id), condition TEXT NOT NULL);
CREATE TABLE loans (
    loan_id INTEGER PRIMARY KEY, copy_id INTEGER NOT NULL REFERENCES copies (copy_id),
    member_id INTEGER NOT NULL REFERENCES members (member_id),
    loaned DATE NOT NULL, due DATE NOT NULL, returned DATE);
CREATE TABLE fines (
    fine_id INTEGER PRIMARY KEY, loan_id INTEGER NOT NULL REFERENCES loans (loan_id),
    amount REAL NOT NULL, paid INTEGER NOT NULL CHECK (paid IN (0, 1)));
"""
TABLES = ("branches", "members", "authors", "publishers", "books", "book_authors", "copies", "loans", "fines")

_BRANCHES = (
    ("Central", "Lund", "1926-05-01"),
    ("Harbour", "Malmö", "1978-09-15"),
    ("Hilltop", "Lund", "2004-02-20"),
    ("Riverside", "Ystad", "1991-11-03"),
)
_FIRST = ("Ada", "Björn", "Chen", "Dalia", "Elif", "Femi", "Greta", "Hugo", "Inès", "Jonas", "Kiran", "Leila")
_LAST = ("Andersson", "Berg", "Costa", "Dahl", "Ek", "Fors", "Gupta", "Holm", "Ito", "Jansson")
_COUNTRIES = ("Sweden", "Norway", "France", "Japan", "Nigeria", "Brazil", "India")
_PUBLISHERS = ("Northlight", "Aurora Press", "Kastanj", "Blue Whale", "Tidemark")
_GENRES = ("crime", "fantasy", "history", "poetry", "science", "travel")
_ADJECTIVES = ("Silent", "Broken", "Golden", "Hidden", "Last", "Winter", "Distant", "Paper")
_NOUNS = ("River", "Garden", "Letter", "Island", "Clock", "Harvest", "Mirror", "Road")
_CONDITIONS = ("new", "good", "worn", "damaged")
_COUNTS = {"members": 180, "authors": 40, "books": 120, "copies": 320, "loans": 1500}
_START = datetime.date(2022, 1, 3)
_LOAN_DAYS, _SPAN_DAYS, _FEE = 28, 1000, 0.5


def create(path: Path) -> None:
    """Write the database to `path`, which must not exist; the same rows each time."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_DDL)
        for table, rows in _rows(random.Random(20260101)).items():
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def read(path: Path) -> dict[str, pd.DataFrame]:
    """All tables as frames, dates parsed: what the gold results are computed from."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        frames = {name: pd.read_sql_query(f"SELECT * FROM {name}", connection) for name in TABLES}
    for table, columns in {"members": ["joined"], "loans": ["loaned", "due", "returned"]}.items():
        for column in columns:
            frames[table][column] = pd.to_datetime(frames[table][column])
    return frames


def _rows(chance: random.Random) -> dict[str, list[tuple[Any, ...]]]:
    loans = list(_loans(chance))
    return {
        "branches": [(i, *branch) for i, branch in enumerate(_BRANCHES, 1)],
        "members": list(_members(chance)),
        "authors": [
            (i, f"{chance.choice(_FIRST)} {chance.choice(_LAST)}", chance.choice(_COUNTRIES))
            for i in range(1, _COUNTS["authors"] + 1)
        ],
        "publishers": list(enumerate(_PUBLISHERS, 1)),
        "books": list(_books(chance)),
        "book_authors": [
            (book, author)
            for book in range(1, _COUNTS["books"] + 1)
            for author in sorted(
                chance.sample(range(1, _COUNTS["authors"] + 1), chance.choices((1, 2, 3), (7, 2, 1))[0])
            )
        ],
        "copies": [
            (
                i,
                chance.randint(1, _COUNTS["books"]),
                chance.choices((1, 2, 3, 4), (5, 3, 2, 1))[0],
                chance.choices(_CONDITIONS, (2, 5, 3, 1))[0],
            )
            for i in range(1, _COUNTS["copies"] + 1)
        ],
        "loans": loans,
        "fines": list(_fines(loans, chance)),
    }


def _members(chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for i in range(1, _COUNTS["members"] + 1):
        name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        host = chance.choice(("example.org", "example.com", "mail.example"))
        email = None if chance.random() < 0.12 else f"{name.split()[0].lower()}{i}@{host}"
        joined = datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randrange(3000))
        yield i, name, email, chance.randint(1940, 2014), joined.isoformat(), chance.randint(1, 4)


def _books(chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for i in range(1, _COUNTS["books"] + 1):
        title = f"The {chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)}"
        yield (
            i,
            title,
            chance.choice(_GENRES),
            chance.randint(80, 720),
            chance.randint(1950, 2024),
            chance.randint(1, 5),
        )


def _loans(chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for i in range(1, _COUNTS["loans"] + 1):
        loaned = _START + datetime.timedelta(days=chance.randrange(_SPAN_DAYS))
        due = loaned + datetime.timedelta(days=_LOAN_DAYS)
        back = loaned + datetime.timedelta(days=chance.randint(1, 45))
        returned = None if chance.random() < 0.06 else back.isoformat()
        # Some members never borrow anything.
        member = chance.randint(1, _COUNTS["members"] - 15)
        yield i, chance.randint(1, _COUNTS["copies"]), member, loaned.isoformat(), due.isoformat(), returned


def _fines(loans: list[tuple[Any, ...]], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    number = 0
    for loan, _, _, _, due, returned in loans:
        late = (
            (datetime.date.fromisoformat(returned) - datetime.date.fromisoformat(due)).days if returned else 0
        )
        if late > 0:
            number += 1
            yield number, loan, late * _FEE, int(chance.random() < 0.7)

"""First and last names, words that are counted and texts without their article, where the whole is taken."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.name_parts_asked import name_parts_asked
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE

_PUPILS = Table(
    "pupils",
    (
        Column("name", "VARCHAR", samples=("'Ada Costa'", "'Kiran Ito'")),
        Column("class", "VARCHAR", samples=("'1a'",)),
    ),
    90,
)
_FILMS = Table("films", (Column("title", "VARCHAR", samples=("'The Road'",)), Column("year", "INTEGER")), 90)
_STAFF = Table(
    "staff", (Column("first_name", "VARCHAR"), Column("name", "VARCHAR", samples=("'Ada Li'",))), 9
)
_TABLES = (_PUPILS, _FILMS)
_FIRST = "SPLIT_PART(name, ' ', 1)"
_LAST = "SPLIT_PART(name, ' ', -1)"
_SPACES = "LENGTH(title) - LENGTH(REPLACE(title, ' ', ''))"


@pytest.mark.parametrize(
    ("question", "code", "right"),
    [
        (
            "How many pupils have a first name of exactly four letters?",
            "SELECT COUNT(*) FROM pupils WHERE LENGTH(name) = 4",
            f"SELECT COUNT(*) FROM pupils WHERE LENGTH({_FIRST}) = 4",
        ),
        (
            "How many different surnames do the pupils have?",
            "SELECT COUNT(DISTINCT name) FROM pupils",
            f"SELECT COUNT(DISTINCT {_LAST}) FROM pupils",
        ),
        (
            "Which pupils have a family name longer than six letters?",
            "SELECT name FROM pupils WHERE LENGTH(name) > 6",
            f"SELECT name FROM pupils WHERE LENGTH({_LAST}) > 6",
        ),
        (
            "How many pupils have the given name Kiran?",
            "SELECT COUNT(*) FROM pupils WHERE name = 'Kiran'",
            f"SELECT COUNT(*) FROM pupils WHERE {_FIRST} = 'Kiran'",
        ),
        (
            "What is the average length of the pupils' first name?",
            "SELECT AVG(LENGTH(name)) FROM pupils",
            f"SELECT AVG(LENGTH({_FIRST})) FROM pupils",
        ),
        (
            "How many films have a title of more than three words?",
            f"SELECT COUNT(*) FROM films WHERE {_SPACES} > 3",
            f"SELECT COUNT(*) FROM films WHERE {_SPACES} + 1 > 3",
        ),
        (
            "Which films have at most two words in the title, 2 words or one?".replace(
                " in the title, 2", ", 2"
            ),
            f"SELECT title FROM films WHERE {_SPACES} <= 2",
            f"SELECT title FROM films WHERE {_SPACES} + 1 <= 2",
        ),
        (
            "Show the titles of the films of 1990 without the The at the beginning.",
            "SELECT title FROM films WHERE year = 1990 AND NOT title LIKE 'The %'",
            "SELECT CASE WHEN title LIKE 'The %' THEN SUBSTR(title, 5) ELSE title END AS title FROM films "
            "WHERE year = 1990",
        ),
        (
            'List the titles, without their leading "A" at the start.',
            "SELECT title FROM films",
            "SELECT CASE WHEN title LIKE 'A %' THEN SUBSTR(title, 3) ELSE title END AS title FROM films",
        ),
    ],
)
def test_the_part_is_told_once(question: str, code: str, right: str) -> None:
    check = name_parts_asked(question, _TABLES)
    found = check(code)
    assert found is not None and found.hint == f"Write: {right}"
    assert check(code) is None


def test_sqlite_has_its_own_way() -> None:
    found = name_parts_asked("Members with a first name of 4 letters?", _TABLES, SQLITE)(
        "SELECT COUNT(*) FROM pupils WHERE LENGTH(name) = 4"
    )
    assert found is not None
    assert "LENGTH(SUBSTR(name, 1, INSTR(name || ' ', ' ') - 1)) = 4" in found.hint


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (
            "How many pupils have a name of four letters?",
            "SELECT COUNT(*) FROM pupils WHERE LENGTH(name) = 4",
        ),
        ("Show first and last name of all pupils.", "SELECT name FROM pupils"),
        ("Sort the pupils by last name.", "SELECT name FROM pupils ORDER BY name"),
        ("Which class has the last name on the list?", "SELECT class FROM pupils ORDER BY name DESC LIMIT 1"),
        ("Pupils whose first name begins with A?", "SELECT name FROM pupils WHERE name LIKE 'A%'"),
        ("How many first names have 4 letters?", f"SELECT COUNT(*) FROM pupils WHERE LENGTH({_FIRST}) = 4"),
        (
            "What is the class of Ada Costa, first name Ada?",
            "SELECT class FROM pupils WHERE name = 'Ada Costa'",
        ),
        ("Films with more than three words?", f"SELECT COUNT(*) FROM films WHERE {_SPACES} >= 3"),
        ("Films with three words?", f"SELECT COUNT(*) FROM films WHERE {_SPACES} = 2"),
        ("Films with at least 3 words?", f"SELECT COUNT(*) FROM films WHERE {_SPACES} + 1 >= 3"),
        ("Films with more than three letters?", f"SELECT COUNT(*) FROM films WHERE {_SPACES} > 3"),
        ("Which films have a title without The?", "SELECT title FROM films WHERE NOT title LIKE 'The %'"),
        ("Films that do not begin with The?", "SELECT title FROM films WHERE NOT title LIKE 'The %'"),
    ],
)
def test_what_is_right_or_of_another_kind_is_not(question: str, code: str) -> None:
    assert name_parts_asked(question, _TABLES)(code) is None


def test_a_table_with_first_names_has_them() -> None:
    code = "SELECT COUNT(*) FROM staff WHERE LENGTH(name) = 4"
    assert name_parts_asked("How many have a first name of 4 letters?", (_STAFF,), DUCKDB)(code) is None

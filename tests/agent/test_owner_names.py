"""A key is no name."""

from __future__ import annotations

import duckdb
import pytest

from qwen_magics.agent.checks.owner_names import owner_names
from qwen_magics.tools.schema import Column, Join, Table

_HALLS = Table("halls", (Column("hall_id", "INTEGER", unique=True), Column("name", "VARCHAR")), 3)
_TALKS = Table(
    "talks",
    (Column("title", "VARCHAR"), Column("hall_id", "INTEGER"), Column("seats", "INTEGER")),
    9,
    joins=(Join("talks", "hall_id", "halls", "hall_id"),),
)
_BEST = (
    "SELECT hall_id, title FROM talks QUALIFY ROW_NUMBER() OVER (PARTITION BY hall_id ORDER BY seats) <= 2"
)
_MOST = "SELECT hall_id, MAX(seats) FROM talks GROUP BY hall_id"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("The two smallest talks of each hall: hall name and title", _BEST),
        ("The two smallest talks of each hall, with the name of the hall", _BEST),
        ("The most seats in each hall, by the hall's name", _MOST),
    ],
)
def test_the_name_is_put_in_its_place(question: str, code: str) -> None:
    check = owner_names(question, [_TALKS, _HALLS])
    error = check(code)
    assert error is not None
    assert error.kind == "key_shown"
    assert check(code) is None
    query = error.hint.removeprefix("Write: ")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE halls AS SELECT 1 AS hall_id, 'Oak' AS name")
        connection.execute("CREATE TABLE talks AS SELECT 'a' AS title, 1 AS hall_id, 9 AS seats")
        assert connection.execute(query).fetchall()[0][0] == "Oak"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("The two smallest talks of each hall: hall_id and title", _BEST),
        ("The names of the speakers in each hall", _BEST),
        ("The hall name", "SELECT halls.name FROM talks JOIN halls ON talks.hall_id = halls.hall_id"),
        ("The hall name", "SELECT COUNT(hall_id) FROM talks"),
        ("The hall name", "SELECT FROM"),
    ],
)
def test_what_may_be_meant_is_left_alone(question: str, code: str) -> None:
    assert owner_names(question, [_TALKS, _HALLS])(code) is None

"""Several columns that are counted together, and parts of dates in SQLite against numbers."""

from __future__ import annotations

import pytest

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE
from qwen_magics.tools.sql.restating import restated

MEMBERS = Table(
    "members",
    (
        Column("born", "INTEGER", samples=("1980", "1975")),
        Column("joined", "DATE", samples=("'2020-01-01'",)),
        Column("note", "VARCHAR", nulls=3),
    ),
    5,
)


@pytest.mark.parametrize(
    ("code", "duckdb", "sqlite"),
    [
        (
            "SELECT COUNT(DISTINCT born, joined) FROM members",
            "SELECT COUNT(DISTINCT (born, joined)) FROM members",
            "SELECT COUNT(DISTINCT born || ' ' || joined) FROM members",
        ),
        # A row without a note would count: that is another number.
        (
            "SELECT COUNT(DISTINCT born, note) FROM members",
            "SELECT COUNT(DISTINCT born, note) FROM members",
            "SELECT COUNT(DISTINCT born, note) FROM members",
        ),
    ],
)
def test_rows_of_several_columns(code: str, duckdb: str, sqlite: str) -> None:
    assert restated(code, [MEMBERS], DUCKDB) == duckdb
    assert restated(code, [MEMBERS], SQLITE) == sqlite


def test_parts_of_dates_against_sums() -> None:
    before = "SELECT COUNT(*) FROM members WHERE born + 60 <= STRFTIME('%Y', joined)"
    after = "SELECT COUNT(*) FROM members WHERE born + 60 <= CAST(STRFTIME('%Y', joined) AS INTEGER)"
    assert restated(before, [MEMBERS], SQLITE) == after
    # A column of numbers makes one of the text by itself.
    plain = "SELECT COUNT(*) FROM members WHERE born <= STRFTIME('%Y', joined)"
    assert restated(plain, [MEMBERS], SQLITE) == plain

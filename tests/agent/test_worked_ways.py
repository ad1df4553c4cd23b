"""Whole queries over several tables, where the keys leave one way only."""

from __future__ import annotations

import duckdb
import pytest

from qwen_magics.agent.links.linking import hints, linked_values
from qwen_magics.agent.links.worked_ways import worked_ways
from qwen_magics.tools.schema import Column, Join, Table


def table(name: str, columns: str, *joins: Join) -> Table:
    return Table(
        name, tuple(Column(c, "BIGINT", samples=("0", "1")) for c in columns.split()), 9, joins=joins
    )


# Entries of a nurse into a shift on a ward, and slips about entries.
WARDS = table("wards", "id floor")
NURSES = table("nurses", "id home_id", Join("nurses", "home_id", "wards", "id"))
SHIFTS = table("shifts", "id ward_id", Join("shifts", "ward_id", "wards", "id"))
ENTRIES = table(
    "entries",
    "id shift_id nurse_id",
    Join("entries", "shift_id", "shifts", "id"),
    Join("entries", "nurse_id", "nurses", "id"),
)
SLIPS = table("slips", "id entry_id signed", Join("slips", "entry_id", "entries", "id"))
CLINIC = (WARDS, NURSES, SHIFTS, ENTRIES, SLIPS)
ROWS = """
CREATE TABLE wards AS SELECT * FROM (VALUES (1, 1), (2, 2)) AS t(id, floor);
CREATE TABLE nurses AS SELECT * FROM (VALUES (1, 1), (2, 1), (3, 2)) AS t(id, home_id);
CREATE TABLE shifts AS SELECT * FROM (VALUES (1, 1), (2, 2), (3, 2)) AS t(id, ward_id);
CREATE TABLE entries AS SELECT * FROM (VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2)) AS t(id, shift_id, nurse_id);
CREATE TABLE slips AS SELECT * FROM (VALUES (1, 1, 1), (2, 2, 0), (3, 3, 0), (4, 4, 0)) AS t(id, entry_id, signed);
"""  # noqa: E501


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many nurses have worked on every one of our wards?", [(1,)]),
        ("Which nurses have had shifts in each of the wards?", [(1,)]),
        ("number of nurses who had an entry in all our wards", [(1,)]),
        ("Which of our nurses have done all of the shifts?", []),
        ("How many nurses have slips but have not signed a single one of their slips?", [(1,)]),
        ("Which nurses have slips, but none of their slips was signed?", [(2,)]),
        ("How many nurses never signed any of their slips?", [(1,)]),
        (
            "For each floor, the number of entries divided by the number of shifts there",
            [(1, 1.0), (2, 1.5)],
        ),
        ("the number of entries relative to the number of shifts, by floor", [(1, 1.0), (2, 1.5)]),
    ],
)
def test_the_query_is_written_out(question: str, rows: list[tuple[float, ...]]) -> None:
    line = hints(question, CLINIC)
    assert line.startswith("-- ") and "\n" not in line
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        assert sorted(connection.execute(line.partition(": ")[2]).fetchall()) == rows


@pytest.mark.parametrize(
    "question",
    [
        "How many nurses are there on all our wards together?",
        "How many shifts has each of our wards?",
        "How many nurses have a home ward?",
        "How many nurses did not find one of their keys?",
        "The number of entries of each nurse",
        "the number of floors divided by the number of nurses",
        "How many entries were made per shift?",
    ],
)
def test_nothing_where_it_is_another_question(question: str) -> None:
    assert worked_ways(question, CLINIC) == ""


def test_new_is_said_of_what_follows() -> None:
    readers = Table("readers", (Column("id", "BIGINT"),), 9)
    state = Column("state", "VARCHAR", categories=("'new'", "'worn'"))
    copies = Table("copies", (Column("id", "BIGINT"), state), 9)
    assert linked_values("the number of new readers per year", (readers, copies)) == []
    assert [linked.literal for linked in linked_values("how many new copies?", (readers, copies))] == [
        "'new'"
    ]

"""A group that the question names by its column, in brackets."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.named_group import named_group
from qwen_magics.tools.schema import Column, Table

TRIPS = Table("trips", (Column("dest", "VARCHAR"), Column("late", "BIGINT")), 9)
PORTS = Table("ports", (Column("code", "VARCHAR"), Column("zone", "VARCHAR"), Column("name", "VARCHAR")), 5)
ASKED = "How many trips went to each time zone (zone of the destination in ports)?"
JOINED = "FROM trips JOIN ports ON trips.dest = ports.code"


def test_the_groups_are_those_of_the_column() -> None:
    code = f"SELECT dest, COUNT(*) AS n {JOINED} GROUP BY dest ORDER BY dest"
    check = named_group(ASKED, [TRIPS, PORTS])
    problem = check(code)
    assert problem is not None
    assert (
        problem.hint
        == f"Write: SELECT ports.zone, COUNT(*) AS n {JOINED} GROUP BY ports.zone ORDER BY ports.zone"
    )
    assert check(code) is None  # said once


def test_a_name_beside_the_wrong_key_goes_with_it() -> None:
    problem = named_group(ASKED, [TRIPS, PORTS])(
        f"SELECT dest, ports.name, COUNT(*) AS n {JOINED} GROUP BY dest, ports.name"
    )
    assert problem is not None
    assert problem.hint == f"Write: SELECT ports.zone, COUNT(*) AS n {JOINED} GROUP BY ports.zone"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (ASKED, f"SELECT zone, COUNT(*) {JOINED} GROUP BY zone"),
        (ASKED, "SELECT dest, COUNT(*) FROM trips GROUP BY dest"),  # the table is missing: another check's
        (ASKED, f"SELECT dest, late, COUNT(*) {JOINED} GROUP BY dest, late"),
        ("How many trips to each port (name and zone)?", f"SELECT dest, COUNT(*) {JOINED} GROUP BY dest"),
        ("How many trips to each port (the busiest)?", f"SELECT dest, COUNT(*) {JOINED} GROUP BY dest"),
        ("How many trips to each port?", f"SELECT dest, COUNT(*) {JOINED} GROUP BY dest"),
    ],
)
def test_other_groups_stay(question: str, code: str) -> None:
    assert named_group(question, [TRIPS, PORTS])(code) is None

"""Rows without a value come back where a question wants only those that have one."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.known_only import known_only
from qwen_magics.tools.schema import Column, Table

TRIPS = Table(
    "trips",
    (
        Column("dep_delay", "BIGINT", nulls=5),
        Column("method", "VARCHAR", nulls=3),
        Column("origin", "VARCHAR"),
        Column("Fuel Used", "DOUBLE", nulls=1),
    ),
    9,
)
SHARE = "SELECT origin, 100.0 * SUM(CASE WHEN dep_delay <= 0 THEN 1 ELSE 0 END) / COUNT(*) FROM trips"


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        (
            "Percentage of trips on time by origin; only count trips with a departure delay on record.",
            f"{SHARE} GROUP BY origin",
            f"{SHARE} WHERE NOT dep_delay IS NULL GROUP BY origin",
        ),
        (
            "How many trips used each method? Leave out those without a method.",
            "SELECT method, COUNT(*) FROM trips GROUP BY method",
            "SELECT method, COUNT(*) FROM trips WHERE NOT method IS NULL GROUP BY method",
        ),
        (
            "Of the trips with a known method, how many began in Rome?",
            "SELECT COUNT(*) FROM trips WHERE origin = 'Rome'",
            "SELECT COUNT(*) FROM trips WHERE origin = 'Rome' AND NOT method IS NULL",
        ),
        (
            "Ignoring trips where the method is missing, what is the mean delay?",
            "SELECT AVG(dep_delay) FROM trips",
            "SELECT AVG(dep_delay) FROM trips WHERE NOT method IS NULL",
        ),
    ],
)
def test_the_others_are_left_out(question: str, code: str, hint: str) -> None:
    check = known_only(question, [TRIPS])
    problem = check(code)
    assert problem is not None
    assert problem.hint == f"Write: {hint}"
    assert check(code) is None  # said once


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Average delay of trips with a known departure delay", "SELECT AVG(dep_delay) FROM trips"),
        ("Trips with a known method", "SELECT COUNT(*) FROM trips WHERE method IS NOT NULL"),
        ("Trips with a known method", "SELECT COUNT(method) FROM trips"),
        (
            "What share of trips with a known departure delay left late?",
            "SELECT SUM(CASE WHEN dep_delay > 0 THEN 1 ELSE 0 END) / COUNT(dep_delay) FROM trips",
        ),
        # No value is missing; nothing is left out; no such column; the record is another word.
        ("Trips with a known origin", "SELECT COUNT(*) FROM trips"),
        ("Trips without a method", "SELECT COUNT(*) FROM trips"),
        ("Trips with a known driver", "SELECT COUNT(*) FROM trips"),
        ("Trips with a delay of 10 minutes", "SELECT COUNT(*) FROM trips"),
        ("The trip with the longest delay on record", "SELECT MAX(dep_delay) FROM trips"),
        ("Trips with a known method", "result = len(trips)"),
    ],
)
def test_what_has_them_out_already_stays(question: str, code: str) -> None:
    assert known_only(question, [TRIPS])(code) is None

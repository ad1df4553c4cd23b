"""A figure per group that is one for all, and a year that a query leaves out."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.figure_per_group import figure_per_group
from qwen_magics.agent.checks.year_left_out import year_left_out
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import SQLITE

_PARCELS = Table(
    "parcels",
    (
        Column("parcel_id", "BIGINT", unique=True),
        Column("carrier", "VARCHAR"),
        Column("sent", "DATE"),
        Column("weight", "DOUBLE"),
    ),
    90,
)
_TRIPS = Table("trips", (Column("start", "DATE"), Column("stop", "DATE"), Column("km", "DOUBLE")), 90)
_CROPS = Table("crops", (Column("year", "BIGINT"), Column("site", "VARCHAR"), Column("tons", "DOUBLE")), 90)
_CALLS = Table("calls", (Column("made", "VARCHAR", samples=("'2024-01-02'", "'2024-02-03'")),), 90)


@pytest.mark.parametrize(
    "question",
    [
        "Average weight per carrier?",
        "What is the mean weight of the parcels for each carrier, in kilograms?",
        "How heavy are parcels? Give the mean weight per carrier.",
        "I want the average weight in every carrier.",
    ],
)
def test_one_figure_is_given_for_each_group(question: str) -> None:
    error = figure_per_group(question, [_PARCELS])(
        "SELECT AVG(weight) FROM parcels WHERE carrier IS NOT NULL"
    )
    assert error is not None and error.hint == (
        "Write: SELECT carrier, AVG(weight) FROM parcels WHERE NOT carrier IS NULL GROUP BY carrier"
    )


@pytest.mark.parametrize(
    ("question", "code"),
    [
        # The mean of each one's count is one number.
        ("How many parcels are there per carrier on average?", "SELECT COUNT(*) / 3.0 FROM parcels"),
        ("What is the average number of parcels per carrier?", "SELECT COUNT(*) / 3.0 FROM parcels"),
        # Only a step on the way.
        ("Take the mean weight per carrier. What is the largest?", "SELECT MAX(weight) FROM parcels"),
        ("Average weight per carrier DHL delivery?", "SELECT AVG(weight) FROM parcels"),
        ("Average weight per parcel?", "SELECT AVG(weight) FROM parcels"),
        # Grouped, or of one carrier.
        ("Average weight per carrier?", "SELECT AVG(weight) FROM parcels GROUP BY carrier"),
        ("Average weight per carrier?", "SELECT AVG(weight) FROM parcels WHERE carrier = 'DHL'"),
        ("Average weight per carrier?", "SELECT carrier, weight FROM parcels"),
        ("Average weight per carrier?", "SELECT AVG(w) FROM (SELECT SUM(weight) AS w FROM parcels) AS s"),
        ("Average weight per carrier?", "result = parcels.weight.mean()"),
    ],
)
def test_no_group_is_added(question: str, code: str) -> None:
    assert figure_per_group(question, [_PARCELS])(code) is None


@pytest.mark.parametrize(
    ("question", "table", "code", "written"),
    [
        (
            "How many parcels of each carrier were there in 2024?",
            _PARCELS,
            "SELECT carrier, COUNT(*) FROM parcels GROUP BY carrier",
            "SELECT carrier, COUNT(*) FROM parcels WHERE YEAR(sent) = 2024 GROUP BY carrier",
        ),
        (
            "How heavy were the 2024 parcels that weigh more than 3?",
            _PARCELS,
            "SELECT AVG(weight) FROM parcels WHERE weight > 3",
            "SELECT AVG(weight) FROM parcels WHERE weight > 3 AND YEAR(sent) = 2024",
        ),
        (
            "What did each site yield in 1931?",
            _CROPS,
            "SELECT site, SUM(tons) FROM crops GROUP BY site",
            "SELECT site, SUM(tons) FROM crops WHERE year = 1931 GROUP BY site",
        ),
    ],
)
def test_a_year_is_put_in(question: str, table: Table, code: str, written: str) -> None:
    error = year_left_out(question, [table])(code)
    assert error is not None and error.hint == f"Write: {written}"


def test_the_year_of_a_text_in_sqlite() -> None:
    error = year_left_out("How many calls were made in 2024?", [_CALLS], SQLITE)("SELECT COUNT(*) FROM calls")
    assert error is not None
    assert error.hint == "Write: SELECT COUNT(*) FROM calls WHERE STRFTIME('%Y', made) = '2024'"


@pytest.mark.parametrize(
    ("question", "table", "code"),
    [
        ("How many parcels were sent in March 2024?", _PARCELS, "SELECT COUNT(*) FROM parcels"),
        ("How many parcels were sent in 2024 or later?", _PARCELS, "SELECT COUNT(*) FROM parcels"),
        ("How many parcels were sent from 2023 to 2024?", _PARCELS, "SELECT COUNT(*) FROM parcels"),
        ("How many parcels were sent since 2024?", _PARCELS, "SELECT COUNT(*) FROM parcels"),
        ("How many parcels weigh more than 2024 grams?", _PARCELS, "SELECT COUNT(*) FROM parcels"),
        ("How many parcels were sent in 2024?", _PARCELS, "SELECT COUNT(*) FROM parcels WHERE sent > 2024"),
        ("How many parcels were sent in 2024?", _PARCELS, "SELECT COUNT(sent) FROM parcels"),
        # Which of the two dates is meant is not told.
        ("How many trips were there in 2024?", _TRIPS, "SELECT COUNT(*) FROM trips"),
        (
            "How many parcels were there in 2024?",
            _PARCELS,
            "SELECT COUNT(*) FROM (SELECT carrier FROM parcels) AS s",
        ),
    ],
)
def test_no_year_is_put_in(question: str, table: Table, code: str) -> None:
    assert year_left_out(question, [table])(code) is None

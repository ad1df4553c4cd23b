"""Short ways of saying what goes down and what across."""

from __future__ import annotations

import pytest

from qwen_magics.agent.examples.worked import crosswise_query
from qwen_magics.agent.words.cross_words import laid_out
from qwen_magics.tools.schema import Column, Table

_VISITS = Table(
    "visits",
    (
        Column("id", "INTEGER", unique=True),
        Column("hall", "VARCHAR", categories=("'A'", "'B'", "'C'")),
        Column("season", "VARCHAR", categories=("'spring'", "'autumn'")),
        Column("fee", "DOUBLE"),
    ),
    rows=90,
)


@pytest.mark.parametrize(
    "question",
    [
        "Tabulate how many visits there are by hall (rows) and season (columns).",
        "Number of visits by hall (as rows) and season (as columns)",
        "Count the visits; rows: hall, columns: season",
        "How many visits are there? Rows = hall, columns = season.",
        "Table of the number of visits: hall (down), season (across)",
        "Number of visits by season (columns) and hall (rows)",
        "Number of visits. The rows are the halls, the columns are the seasons.",
        "Number of visits, hall down, season across",
    ],
)
def test_a_cross_table_is_understood(question: str) -> None:
    query, across = crosswise_query(question, [_VISITS])
    assert across == ("'spring'", "'autumn'")
    assert query.startswith("SELECT hall, SUM(CASE WHEN season = 'spring'") and query.endswith(
        "GROUP BY hall"
    )


@pytest.mark.parametrize(
    "question",
    [
        "List the visits with these columns: hall, fee",
        "The columns are hall and fee",
        "How many rows (lines) are there?",
        "Visits by hall (A, B and C)",
    ],
)
def test_other_words_stay_as_they_are(question: str) -> None:
    assert laid_out(question) == question
    assert crosswise_query(question, [_VISITS]) == ("", ())

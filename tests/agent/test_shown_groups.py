"""The column of the groups beside their figures, and the number of all beside that of a part."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.groups_shown import groups_shown
from qwen_magics.agent.checks.whole_and_part import whole_and_part
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE

EACH = "How many different riders of each country have a grey horse?"


def test_the_groups_stand_before_their_figures() -> None:
    put = groups_shown(EACH, SQLITE)
    query = "SELECT COUNT(DISTINCT r.name) FROM riders AS r GROUP BY r.country"
    assert put(query) == "SELECT r.country, COUNT(DISTINCT r.name) FROM riders AS r GROUP BY r.country"


def test_a_key_is_named_by_its_thing() -> None:
    put = groups_shown("How many rides has each rider?", DUCKDB)
    assert put("SELECT COUNT(*) FROM rides GROUP BY rider_id").startswith("SELECT rider_id, COUNT(*)")


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (EACH, "SELECT country, COUNT(*) FROM riders GROUP BY country"),
        (EACH, "SELECT COUNT(*) FROM riders GROUP BY town"),
        (EACH, "SELECT COUNT(*) FROM riders GROUP BY country ORDER BY COUNT(*) DESC LIMIT 1"),
        (EACH, "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM riders GROUP BY country) AS s"),
        ("How many countries have two riders?", "SELECT COUNT(*) FROM riders GROUP BY country"),
        (EACH, "SELECT SUM(COUNT(*)) OVER () FROM riders GROUP BY country"),
    ],
)
def test_other_queries_stay_as_they_are(question: str, query: str) -> None:
    assert groups_shown(question, DUCKDB)(query) == query


BOTH = "For each stable: how many horses does it have, and how many of those are lame?"


@pytest.mark.parametrize("part", ["SUM(state = 'lame')", "SUM(CASE WHEN state = 'lame' THEN 1 ELSE 0 END)"])
def test_the_number_of_all_is_put_before_the_part(part: str) -> None:
    found = whole_and_part(BOTH)(f"SELECT stable, {part} AS lame FROM horses GROUP BY stable")
    assert found is not None
    assert (
        found.hint == f"Write: SELECT stable, COUNT(*) AS number, {part} AS lame FROM horses GROUP BY stable"
    )


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (BOTH, "SELECT stable, COUNT(*), SUM(state = 'lame') FROM horses GROUP BY stable"),
        (BOTH, "SELECT stable, SUM(weight) FROM horses GROUP BY stable"),
        ("How many of the horses are lame?", "SELECT SUM(state = 'lame') FROM horses"),
        ("How many horses are lame, and how many are not?", "SELECT SUM(state = 'lame') FROM horses"),
        (
            BOTH,
            "SELECT s, SUM(state = 'lame') FROM stables LEFT JOIN horses USING (s) GROUP BY s",
        ),
    ],
)
def test_a_whole_query_is_left_alone(question: str, query: str) -> None:
    assert whole_and_part(question)(query) is None

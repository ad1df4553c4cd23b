"""Findings about results that came without an error, each computed from the data."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase

FLIGHTS = pd.DataFrame(
    {
        "carrier": ["UA", "AA", "UA", "DL"] * 10,
        "delay": [1.0, None, 30.0, 4.0] * 10,
        "origin": ["JFK", "JFK", "EWR", "LGA"] * 10,
    }
)
AIRLINES = pd.DataFrame(
    {"carrier": ["UA", "AA", "DL"], "name": ["United Air Lines Inc.", "American", "Delta"]}
)
WEATHER = pd.DataFrame({"origin": ["JFK", "EWR", "LGA"] * 5, "temp": range(15)})


@pytest.fixture(scope="module")
def database() -> Iterator[FrameDatabase]:
    with FrameDatabase({"flights": FLIGHTS, "airlines": AIRLINES, "weather": WEATHER}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sql", "kind", "words"),
    [
        ("SELECT COUNT(*) FROM flights WHERE carrier = 'ua'", "letter_case", "'UA'"),
        ("SELECT AVG(delay) FROM flights WHERE origin = 'JKF'", "no_such_value", "'JFK'"),
        ("SELECT * FROM airlines WHERE name = 'United'", "no_such_value", "'United Air Lines Inc.'"),
        ("SELECT * FROM airlines a WHERE a.name IN ('Untied', 'delta ')", "letter_case", "'Delta'"),
        (
            "SELECT carrier FROM flights WHERE 'QQ' = flights.carrier",
            "no_such_value",
            "There are: 'AA', 'DL', 'UA'",
        ),
        ("SELECT delay FROM flights WHERE carrier = 'AA'", "all_null", "NULL"),
        ("SELECT COUNT(*) FROM airlines WHERE name LIKE 'united%'", "no_match", "There is: 'United Air"),
        ("SELECT COUNT(*) FROM airlines WHERE name ILIKE '%deltas%'", "no_match", "'Delta'"),
        (
            "SELECT SUM(delay) FROM flights f JOIN airlines a USING (carrier) WHERE delay > 0 AND "
            "LOWER(a.name) = 'United Air Lines Inc.'",
            "no_match",
            "There is: 'united air lines inc.'",
        ),
        ("SELECT delay FROM flights ORDER BY delay DESC NULLS FIRST LIMIT 3", "nulls_first", "NULLS LAST"),
        (
            "SELECT SUM(b.delay) FROM flights a JOIN flights b ON a.carrier = b.carrier",
            "fan_out",
            "Leave the",
        ),
        ("SELECT SUM(temp) FROM flights JOIN weather USING (origin)", "fan_out", "multiplies rows"),
        (
            "SELECT AVG(f.delay) FROM flights f JOIN weather w ON f.origin = w.origin",
            "fan_out",
            "flights and weather",
        ),
    ],
)
def test_finding(database: FrameDatabase, sql: str, kind: str, words: str) -> None:
    findings = database.review(sql, database.run(sql))
    assert kind in {finding.kind for finding in findings}
    assert any(words in str(finding) for finding in findings), [str(finding) for finding in findings]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM flights",
        "SELECT COUNT(*) FROM flights WHERE delay > 1000",
        "SELECT carrier FROM flights WHERE carrier = 'UA'",
        "SELECT COUNT(*) FROM flights WHERE carrier <> 'ZZ' AND delay > 1000",
        "SELECT name, AVG(delay) FROM flights JOIN airlines USING (carrier) GROUP BY name",
        "SELECT delay FROM flights ORDER BY delay DESC LIMIT 1",
        "SELECT f.delay FROM flights f JOIN weather w USING (origin)",
        "SELECT 0",
        "SELECT SUM(f.delay) FROM flights f JOIN airlines a ON f.carrier = a.carrier AND a.name > 'B'",
        "SELECT * FROM flights WHERE delay > 1000",
        "SELECT lower(name) AS low FROM airlines WHERE low = 'nobody at all'",
        "SELECT * FROM airlines WHERE name BETWEEN 'X' AND 'Y'",
        "SELECT * FROM airlines WHERE name LIKE 'D%' AND carrier LIKE 'U%'",
    ],
)
def test_nothing_to_say(database: FrameDatabase, sql: str) -> None:
    assert database.review(sql, database.run(sql)) == []

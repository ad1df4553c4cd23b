"""Joins whose key repeats on both sides, and that are right all the same."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase

WORLD = pd.DataFrame(
    {"land": ["A", "B", "C"] * 4, "year": [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], "life": range(12)}
)
RATES = pd.DataFrame({"year": [1, 1, 2, 2, 3, 3, 5, 5], "rate": [1.0, 2, 3, 4, 5, 6, 7, 8]})
JOINED = "FROM world AS w JOIN rates AS r ON w.year = r.year"
USING = "FROM world JOIN rates USING (year)"


@pytest.mark.parametrize(
    ("query", "multiplies"),
    [
        (f"SELECT w.year, w.life, AVG(r.rate) {JOINED} WHERE w.land = 'A' GROUP BY w.year, w.life", False),
        (f"SELECT SUM(r.rate) {JOINED} WHERE w.land = 'A'", False),
        (f"SELECT year, SUM(rate) {USING} WHERE land = 'A' AND rate > 0 GROUP BY year", False),
        (f"SELECT w.year, AVG(r.rate), AVG(w.life) {JOINED} GROUP BY w.year", False),
        (f"SELECT w.land, AVG(r.rate) {JOINED} GROUP BY w.land", True),
        (f"SELECT w.year, SUM(r.rate) {JOINED} GROUP BY w.year", True),
        (f"SELECT SUM(r.rate) {JOINED} WHERE w.land <> 'A'", True),
        (f"SELECT w.year, AVG(r.rate), COUNT(*) {JOINED} GROUP BY w.year", True),
    ],
)
def test_only_what_counts_rows_twice_is_found(query: str, multiplies: bool) -> None:
    with FrameDatabase({"world": WORLD, "rates": RATES}) as database:
        found = database.review(query, database.run(query))
    assert ("fan_out" in {finding.kind for finding in found}) is multiplies

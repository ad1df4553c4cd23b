"""Columns that two joined tables have alike: the first one's, where the join says that they are the same."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase

NORTH = pd.DataFrame({"day": [1, 2, 3], "level": [5, 6, 7]})
SOUTH = pd.DataFrame({"day": [2, 3, 4], "level": [1, 9, 2]})


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT day FROM north JOIN south ON north.day = south.day ORDER BY day", [(2,), (3,)]),
        ("SELECT day, n.level FROM north n JOIN south s ON s.day = n.day WHERE day > 2", [(3, 7)]),
        (
            "SELECT day, COUNT(*) FROM north n JOIN south s ON n.day = s.day GROUP BY day HAVING day = 2",
            [(2, 1)],
        ),
    ],
)
def test_the_same_in_both(query: str, rows: list[tuple[object, ...]]) -> None:
    with FrameDatabase({"north": NORTH, "south": SOUTH}) as database:
        found = database.run(database.check(query)).frame
    assert list(found.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(
    "query",
    [
        "SELECT level FROM north JOIN south ON north.day = south.day",
        "SELECT day FROM north JOIN south ON north.day = south.day + 1",
        "SELECT day FROM north LEFT JOIN south ON north.day = south.day",
        "SELECT day FROM north JOIN south ON north.day = south.day OR north.level = south.level",
        "SELECT day FROM north, south",
    ],
)
def test_others_stay_ambiguous(query: str) -> None:
    with FrameDatabase({"north": NORTH, "south": SOUTH}) as database, pytest.raises(QueryError) as raised:
        database.check(query)
    assert raised.value.kind == "ambiguous_column"

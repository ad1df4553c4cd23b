"""Groups ordered by a column of their rows: by what the query shows of it."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.ordered_groups import aggregated

SHOWS = "SELECT a, AVG(b) FROM t GROUP BY a"
JOINED = "SELECT x.a, AVG(x.b), AVG(y.b) FROM x JOIN y ON x.a = y.a GROUP BY x.a"


@pytest.mark.parametrize(
    ("sql", "meant"),
    [
        (f"{SHOWS} ORDER BY b DESC", f"{SHOWS} ORDER BY AVG(b) DESC"),
        (f"{SHOWS} HAVING b > 3", f"{SHOWS} HAVING AVG(b) > 3"),
        (f"{JOINED} ORDER BY x.b - y.b LIMIT 1", f"{JOINED} ORDER BY AVG(x.b) - AVG(y.b) LIMIT 1"),
    ],
)
def test_by_the_aggregate_that_is_shown(sql: str, meant: str) -> None:
    assert aggregated(sql, DUCKDB) == meant


@pytest.mark.parametrize(
    "sql",
    [
        f"{SHOWS} ORDER BY a",  # a key
        f"{SHOWS} ORDER BY MAX(b)",
        f"{SHOWS} ORDER BY c",  # nothing is shown of it
        "SELECT a, MIN(b), MAX(b) FROM t GROUP BY a ORDER BY b",  # which of them?
        "SELECT a, AVG(b) AS b FROM t GROUP BY a ORDER BY b",  # the alias
        "SELECT a, AVG(b) FROM t ORDER BY b",
        f"{SHOWS} ORDER BY (SELECT MAX(b) FROM t)",
        "SELECT a, SUM(AVG(b)) OVER () FROM t GROUP BY a ORDER BY a",
        "no query",
    ],
)
def test_nothing_else_is_touched(sql: str) -> None:
    assert aggregated(sql, DUCKDB) == sql


def test_frames_are_asked_for_what_is_meant() -> None:
    table = pd.DataFrame({"a": ["x", "y", "y"], "b": [1, 2, 4], "c": [1, 2, 3]})
    with FrameDatabase({"t": table}) as database:
        checked = database.check(f"{SHOWS} ORDER BY b DESC LIMIT 1")
        assert database.run(checked).frame.to_numpy().tolist() == [["y", 3.0]]
        with pytest.raises(QueryError, match="c is neither grouped nor aggregated"):
            database.check(f"{SHOWS} ORDER BY c")

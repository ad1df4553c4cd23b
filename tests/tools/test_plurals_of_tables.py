"""`plane.seats` where FROM has planes: bound as is meant, on real tables."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.plurals import as_read

_FRAMES = {
    "berries": pd.DataFrame({"berry_id": [1, 2], "colour": ["red", "blue"]}),
    "boxes": pd.DataFrame({"berry_id": [1, 1, 2], "grams": [5, 6, 7]}),
}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SELECT SUM(box.grams) FROM boxes", "SELECT SUM(boxes.grams) FROM boxes"),
        (
            "SELECT COUNT(DISTINCT berry.colour) FROM boxes JOIN berries ON boxes.berry_id = berry.berry_id",
            "SELECT COUNT(DISTINCT berries.colour) FROM boxes "
            "JOIN berries ON boxes.berry_id = berries.berry_id",
        ),
        ("SELECT boxes.grams FROM boxes AS b", "SELECT b.grams FROM boxes AS b"),
    ],
)
def test_the_table_that_is_read(written: str, meant: str) -> None:
    """The name that FROM has, or its alias."""
    with FrameDatabase(_FRAMES) as database:
        assert database.check(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "SELECT box.colour FROM boxes",  # no column of that table
        "SELECT box.grams FROM boxes AS a JOIN boxes AS b ON a.grams = b.grams",  # either of the two
    ],
)
def test_not_certain(written: str) -> None:
    """Where it could be another, the model is told."""
    with FrameDatabase(_FRAMES) as database:
        assert as_read(written, database.tables, DUCKDB) == written
        with pytest.raises(QueryError):
            database.check(written)


def test_another_word_for_the_only_table() -> None:
    """It is no singular, and left to the rule for names that FROM does not define."""
    with FrameDatabase(_FRAMES) as database:
        assert as_read("SELECT carton.grams FROM boxes", database.tables, DUCKDB).startswith("SELECT carton")
        assert "boxes.grams" in database.check("SELECT carton.grams FROM boxes")

"""A column by itself that is grouped by the name of another one of its table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.failure import failure
from qwen_magics.tools.programs.series_groups import with_groups
from qwen_magics.tools.programs.tool import ProgramTool

LAPS = pd.DataFrame(
    {
        "runner": ["a", "b", "a"],
        "track": ["x", "x", "y"],
        "swim": [1.0, 2.0, 3.0],
        "ride": [4.0, 6.0, 5.0],
        "day": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-02"]),
    }
)
CLUBS = pd.DataFrame({"runner": ["a", "b"], "swim": [3.0, 1.0]})


@pytest.fixture
def tool() -> Iterator[ProgramTool]:
    with (
        FrameDatabase({"laps": LAPS, "clubs": CLUBS}) as database,
        ProgramTool(database.prepared, database.tables) as made,
    ):
        yield made


@pytest.mark.parametrize(
    "program",
    [
        'result = laps["swim"].groupby("runner").sum()',
        'result = (laps["swim"] + laps["ride"]).groupby("runner").sum()',
        'z = (laps["swim"] - laps["swim"].mean()) / laps["swim"].std()\nresult = z.groupby("runner").sum()',
        'a = laps["swim"].rank()\nb = laps["ride"].rank()\nresult = (a + 2 * b).groupby("runner").sum()',
        'result = (laps["track"] == "x").groupby("runner").mean()',
        'result = (-laps["swim"].abs()).groupby(["runner", "track"]).mean()',
        'result = laps["day"].dt.month.groupby("track").max()',
        'laps["é"] = laps["swim"]\nresult = (laps["é"] * 2).groupby("track").max()',
    ],
)
def test_the_table_of_the_column_is_put_before_the_name(tool: ProgramTool, program: str) -> None:
    checked = tool.check(program)
    assert 'groupby(laps["' in checked or 'groupby([laps["' in checked
    assert tool.run(checked).rows >= 1


@pytest.mark.parametrize(
    "program",
    [
        'result = laps.groupby("runner")["swim"].sum()',
        'result = laps.groupby("runner")["swim"].sum().groupby("runner").max()',
        'result = laps.set_index("runner")["swim"].groupby("runner").max()',
        'laps = laps.set_index("runner")\nresult = laps["swim"].groupby("runner").max()',
        'result = (laps["swim"] + clubs["swim"]).groupby("runner").sum()',
        'result = laps["swim"].dropna().groupby("runner").sum()',
        'result = laps["swim"].groupby(laps["runner"]).sum()',
        'result = laps["swim"].groupby("trainer").sum()',
        'result = laps[["swim", "runner"]].groupby("runner").sum()',
    ],
)
def test_all_else_stays(program: str) -> None:
    with FrameDatabase({"laps": LAPS, "clubs": CLUBS}) as database:
        assert with_groups(program, database.tables) == program


@pytest.mark.parametrize(
    ("program", "hint"),
    [
        (
            's = laps["swim"].dropna()\nresult = s.groupby("runner").sum()',
            'then laps.groupby("runner")["value"]',
        ),
        ('s = laps.groupby("runner")["swim"].sum()\nresult = s["track"]', "laps has 'track'"),
        ('result = laps.T.merge(clubs, on="swim")', "'swim' is in laps, clubs"),
        ('result = laps["swim"].max().resample("D")', ""),
    ],
)
def test_a_name_that_a_table_has_is_not_offered_again(program: str, hint: str) -> None:
    scope = {"laps": LAPS, "clubs": CLUBS}
    with pytest.raises((KeyError, AttributeError)) as caught:
        exec(compile(program, "<program>", "exec"), scope)
    found = failure(caught.value, program, scope, "<program>")
    assert hint in found.hint and "Did you mean" not in found.hint


def test_columns_from_one_to_another_are_asked_for_with_loc() -> None:
    found = failure(TypeError("unhashable type: 'slice'"), "", {}, "<program>")
    assert ".loc[:," in found.hint


TRIPS = pd.DataFrame({"driver": ["p", "q", "p"], "plate": ["1", "2", "1"], "year": [1, 1, 2]})
DRIVERS = pd.DataFrame({"driver": ["p", "q"], "name": ["P", "Q"]})
VANS = pd.DataFrame({"plate": ["1", "2"], "year": [1, 2], "seats": [4, 6]})


@pytest.mark.parametrize(
    ("merge", "hint"),
    [
        (
            'vans.merge(drivers, on="driver")',
            "trips has 'driver' and 'plate': merge with it on=\"plate\" first.",
        ),
        ('pd.merge(vans, drivers, on="driver")', "trips has 'driver' and 'plate'"),
        ("pd.merge(vans, drivers, on='plate')", "trips has 'plate' and 'driver'"),
        ('pd.merge(vans, drivers, left_on="driver", right_on="driver")', "trips has 'driver'"),
        ('vans.merge(trips, on="plat")', "Did you mean 'plate'"),
    ],
)
def test_a_merge_is_told_which_table_has_both_keys(merge: str, hint: str) -> None:
    with FrameDatabase({"trips": TRIPS, "drivers": DRIVERS, "vans": VANS}) as database:
        tool = ProgramTool(database.prepared, database.tables)
        with pytest.raises(QueryError) as caught:
            tool.check(f"result = {merge}")
        assert caught.value.kind == "unknown_column" and hint in caught.value.hint


@pytest.mark.parametrize(
    "merge",
    [
        'pd.merge(vans, trips, on="plate")',
        'pd.merge(pd.merge(vans, trips, on="plate"), drivers, on="driver")',
        'pd.merge(vans, trips, on="plate", how="left", suffixes=("", "_t"))["seats"]',
        'pd.merge(vans.rename(columns={"plate": "p"}), trips, left_on="p", right_on="plate")',
    ],
)
def test_other_merges_pass(merge: str) -> None:
    with FrameDatabase({"trips": TRIPS, "drivers": DRIVERS, "vans": VANS}) as database:
        tool = ProgramTool(database.prepared, database.tables)
        assert tool.check(f"result = {merge}") == f"result = {merge}"

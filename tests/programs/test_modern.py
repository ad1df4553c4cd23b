"""Spellings that pandas has given up: put right where only one thing can be meant, left alone elsewhere."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.programs.modern import modernised
from qwen_magics.tools.programs.tool import ProgramTool

SALES = pd.DataFrame(
    {
        "sold": pd.date_range("2024-01-30", periods=120, freq="D"),
        "price": [float(n % 9) for n in range(120)],
        "pieces": range(120),
        "city": ["Rome", "Oslo"] * 60,
    }
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('s.resample("M").sum()', 's.resample("ME").sum()'),
        ('s.resample("3M").sum()', 's.resample("3ME").sum()'),
        ('s.resample("Q-DEC").sum()', 's.resample("QE-DEC").sum()'),
        ('s.resample("A").sum()', 's.resample("YE").sum()'),
        ('s.resample("AS").sum()', 's.resample("YS").sum()'),
        ('s.resample("6H").sum()', 's.resample("6h").sum()'),
        ('s.asfreq("T")', 's.asfreq("min")'),
        (
            'sales.groupby(pd.Grouper(key="sold", freq="M")).size()',
            'sales.groupby(pd.Grouper(key="sold", freq="ME")).size()',
        ),
        (
            'pd.date_range("2024-01-01", periods=3, freq="M")',
            'pd.date_range("2024-01-01", periods=3, freq="ME")',
        ),
        ('sales["sold"].dt.to_period("ME").nunique()', 'sales["sold"].dt.to_period("M").nunique()'),
        ('sales["sold"].dt.floor("H")', 'sales["sold"].dt.floor("h")'),
        ('sales["sold"].dt.week.max()', 'sales["sold"].dt.isocalendar().week.max()'),
        ('s.fillna(method="pad", limit=2)', "s.ffill(limit=2)"),
        ('s.interpolate(method="ffill")', "s.ffill()"),
        ("s.append(s)", "pd.concat([s, s])"),
        (
            "sales.append([sales, sales], ignore_index=True)",
            "pd.concat([sales, sales, sales], ignore_index=True)",
        ),
        (
            'sales.groupby(["city"])["price", "pieces"].sum()',
            'sales.groupby(["city"])[["price", "pieces"]].sum()',
        ),
        ('sales["price", "city"]', 'sales[["price", "city"]]'),
        ("sales.corr()", "sales.corr(numeric_only=True)"),
        ('sales.groupby("pieces").mean()', 'sales.groupby("pieces").mean(numeric_only=True)'),
        ('sales[sales["price"] > 2].median()', 'sales[sales["price"] > 2].median(numeric_only=True)'),
        (
            'sales.pivot("sold", "city", "price")',
            'sales.pivot(index="sold", columns="city", values="price")',
        ),
        ('sales.drop("city", 1)', 'sales.drop("city", axis=1)'),
        ('sales["city"].str.split("o", 1)', 'sales["city"].str.split("o", n=1)'),
        ('sales.sort_values("price", False)', 'sales.sort_values("price", ascending=False)'),
        ('sales["price"].between(1, 3, inclusive=True)', 'sales["price"].between(1, 3, inclusive="both")'),
        (
            'sales["price"].astype("int64").astype("datetime64")',
            'sales["price"].astype("int64").astype("datetime64[ns]")',
        ),
        (
            'sales.set_index(["city"])["price"].sum(level=0)',
            'sales.set_index(["city"])["price"].groupby(level=0).sum()',
        ),
        (
            's.append(s.resample("M").sum())',
            'pd.concat([s, s.resample("ME").sum()])',
        ),
    ],
)
def test_the_old_spelling_becomes_the_one_that_runs(written: str, meant: str) -> None:
    before = 's = sales.set_index("sold")["price"]\nresult = '
    with FrameDatabase({"sales": SALES}) as database, ProgramTool(database.prepared, database.tables) as tool:
        assert tool.check(before + written) == before + meant
        tool.run(before + written)


@pytest.mark.parametrize(
    "program",
    [
        'result = s.resample("ME").sum()',
        'result = s.resample("W-MON").sum()',
        'result = s.resample("MS").sum()',
        'result = sales["sold"].dt.to_period("M")',
        'result = sales[sales["city"] == "M"]',
        'result = sales["city"].isin(["H", "T"])',
        'result = sales["sold"].dt.isocalendar().week',
        'result = other["a", "b"]',  # a pivot's columns have two levels
        'result = sales.loc[0, "city"]',
        "result = sales.fillna(0)",
        'result = s.interpolate(method="linear")',
        'result = rows.append({"a": 1}, ignore_index=True)',
        "rows = []\nrows.append(s)\nresult = rows",
        'result = sales["price"].mean()',
        'result = sales.groupby("city")["price"].mean()',
        'result = sales[["price", "pieces"]].corr()',
        'result = "a b".split(" ", 1)',
        'result = s.drop(["a"])',
        "result = sales.max()",
    ],
)
def test_what_is_right_or_not_certain_stays(program: str) -> None:
    with FrameDatabase({"sales": SALES}) as database:
        assert modernised(program, database.tables) == program

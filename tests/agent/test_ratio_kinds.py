"""Shares with a whole of their own, one count or figure over another, and what looks like these."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.whole.kinds_per_kind import kinds_per_kind
from qwen_magics.agent.examples.whole.per_extreme import per_extreme
from qwen_magics.agent.examples.whole.per_figures import per_figures
from qwen_magics.agent.examples.whole.per_value import per_value
from qwen_magics.agent.examples.whole.percent_apart import percent_apart
from qwen_magics.agent.examples.whole.share_of_rows import share_of_rows
from qwen_magics.agent.examples.whole.share_points import share_points
from qwen_magics.agent.examples.whole.threshold_rows import threshold_rows
from qwen_magics.agent.examples.whole.weighted_whole import weighted_whole
from qwen_magics.tools.frames import FrameDatabase

_TOWNS = pd.DataFrame(
    {
        "town": [f"Town {n}" for n in range(40)] * 2,
        "region": ["North", "South", "South", "West"] * 20,
        "mayor": ["man", "woman", "man", "man"] * 20,
        "year": [2010] * 40 + [2020] * 40,
        "pop": [1000 + 10 * n for n in range(80)],
        "income_percap": [10.5 + n for n in range(80)],
        "rain": [0.5 * n for n in range(80)],
        "snow": [0.25 * n + 1 for n in range(80)],
    }
)


def _query(kind: object, question: str, **columns: object) -> str:
    with FrameDatabase({"towns": _TOWNS.assign(**columns)}) as db:
        found = kind(question, db.tables)  # type: ignore[operator]
        if found is None:
            return ""
        assert len(db.run(found.query).frame)
        return str(found.query)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "What percentage of the towns in the North have a woman as mayor?",
            "SELECT 100.0 * SUM(CASE WHEN mayor = 'woman' THEN 1 ELSE 0 END) / COUNT(*) FROM towns "
            "WHERE region = 'North'",
        ),
        (
            "Of the towns in the South in 2020, what share has at least 12.5 rain?",
            "SELECT 1.0 * SUM(CASE WHEN rain >= 12.5 THEN 1 ELSE 0 END) / COUNT(*) FROM towns "
            "WHERE region = 'South' AND year = 2020",
        ),
        (
            "In 2010, what percent of the total population lived in towns with snow below 5?",
            "SELECT 100.0 * SUM(CASE WHEN snow < 5 THEN pop ELSE 0 END) / SUM(pop) FROM towns "
            "WHERE year = 2010",
        ),
        (
            "Of all people in the West in 2020, what percentage lived in Springfield (towns)?",
            "SELECT 100.0 * SUM(CASE WHEN town = 'Springfield' THEN pop ELSE 0 END) / SUM(pop) FROM towns "
            "WHERE region = 'West' AND year = 2020",
        ),
        ("What percentage of all towns are in the North?", ""),
        ("What percentage of the towns in each region have a woman as mayor?", ""),
        ("What percentage of the towns in the North do not have a woman as mayor?", ""),
        ("What percentage of the water in 2010 came from the North?", ""),
        ("What percentage of the towns in the North had more rain in 2020 than in 2010?", ""),
    ],
)
def test_shares_of_a_whole_with_conditions(question: str, query: str) -> None:
    assert _query(share_of_rows, question) == query


_MEN = "SUM(CASE WHEN mayor = 'man' THEN 1 ELSE 0 END)"
_WOMEN = "SUM(CASE WHEN mayor = 'woman' THEN 1 ELSE 0 END)"


@pytest.mark.parametrize(
    ("kind", "question", "query"),
    [
        (
            lambda q, tables: kinds_per_kind(q, tables[0]),
            "How many male mayors are there per female mayor?",
            f"SELECT 1.0 * {_MEN} / {_WOMEN} AS ratio FROM towns",
        ),
        (
            per_value,
            "How many men were chosen for every woman who was chosen?",
            f"SELECT 1.0 * {_MEN} / {_WOMEN} AS ratio FROM towns",
        ),
        (
            per_value,
            "How many towns with region South have we visited for each town with region West?",
            "SELECT 1.0 * SUM(CASE WHEN region = 'South' THEN 1 ELSE 0 END) / "
            "SUM(CASE WHEN region = 'West' THEN 1 ELSE 0 END) AS ratio FROM towns",
        ),
        (per_value, "How many towns of the South are there for each mayor of the West?", ""),
        (per_value, "How many towns are there per region with a woman?", ""),
    ],
)
def test_one_value_for_each_of_another(kind: object, question: str, query: str) -> None:
    spelled = (
        {"mayor": _TOWNS.mayor.map({"man": "male", "woman": "female"})} if kind is kinds_per_kind else {}
    )
    found = _query(kind, question, **spelled)
    assert found.replace("'male'", "'man'").replace("'female'", "'woman'") == query


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "By what percentage is the mean rain of the South higher than that of the West?",
            "SELECT 100.0 * (1.0 * AVG(CASE WHEN region = 'South' THEN rain END) / "
            "AVG(CASE WHEN region = 'West' THEN rain END) - 1) AS percent FROM towns",
        ),
        (
            "By how many percent was the total snow in 2010 lower than in 2020?",
            "SELECT 100.0 * (1 - 1.0 * SUM(CASE WHEN year = 2010 THEN snow END) / "
            "SUM(CASE WHEN year = 2020 THEN snow END)) AS percent FROM towns",
        ),
        (
            "By what percentage does the average rain exceed the average snow?",
            "SELECT 100.0 * (1.0 * AVG(rain) / AVG(snow) - 1) AS percent FROM towns",
        ),
        (
            "How many percent more towns are in the South than in the West?",
            "SELECT 100.0 * (1.0 * SUM(CASE WHEN region = 'South' THEN 1 ELSE 0 END) / "
            "SUM(CASE WHEN region = 'West' THEN 1 ELSE 0 END) - 1) AS percent FROM towns",
        ),
        ("What percentage of the towns have more rain than snow?", ""),
        ("By what percentage did the mean rain grow from 2010 to 2020?", ""),
        ("By what percentage is the mean rain of each region higher than in 2010?", ""),
        ("Compared with the West, by what percentage is the mean rain of the South higher?", ""),
    ],
)
def test_percent_above(question: str, query: str) -> None:
    assert _query(lambda q, tables: percent_apart(q, tables[0]), question) == query


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "For each region, how many times its lowest snow is its average snow?",
            "SELECT region, 1.0 * AVG(snow) / MIN(snow) AS ratio FROM towns GROUP BY region",
        ),
        (
            "The ratio of the highest to the median rain in 2020",
            "SELECT 1.0 * MAX(rain) / MEDIAN(rain) AS ratio FROM towns WHERE year = 2020",
        ),
        ("How many times was the rain above its average?", ""),
        ("Which region has the highest rain divided by the average rain?", ""),
    ],
)
def test_figures_of_one_column(question: str, query: str) -> None:
    assert _query(lambda q, tables: per_figures(q, tables[0]), question) == query


def test_points_of_a_share() -> None:
    """From the one year to the other; what fell is above zero."""
    rise = _query(
        share_points,
        "By how many percentage points did the South's share of total rain rise from 2010 to 2020?",
    )
    assert rise.startswith("SELECT 100.0 * SUM(CASE WHEN year = 2020 AND region = 'South' THEN rain END)")
    fall = _query(
        share_points,
        "By how many points did the share of the South in total rain fall between 2010 and 2020?",
    )
    assert fall.startswith("SELECT 100.0 * SUM(CASE WHEN year = 2010 AND region = 'South' THEN rain END)")
    assert not _query(share_points, "By how much did the rain of the South rise from 2010 to 2020?")
    assert not _query(
        share_points, "By how many points did each region's share of total rain rise from 2010 to 2020?"
    )


def test_weighted_by_people() -> None:
    whole = _query(weighted_whole, "What was the income per capita of the South as a whole in 2020?")
    weighted = "SELECT SUM(income_percap * pop) / SUM(pop) FROM towns"
    assert whole == f"{weighted} WHERE region = 'South' AND year = 2020"
    mean = _query(weighted_whole, "The average rain of each region, weighted by population")
    assert mean == "SELECT region, SUM(rain * pop) / SUM(pop) FROM towns GROUP BY region"
    assert not _query(weighted_whole, "What was the average income per capita of the South in 2020?")


def test_largest_in_relation() -> None:
    found = _query(per_extreme, "In which region was snow smallest in relation to rain?")
    assert found == "SELECT region FROM towns GROUP BY region ORDER BY 1.0 * SUM(snow) / SUM(rain) LIMIT 1"
    assert not _query(per_extreme, "In which region was snow smallest compared with the previous year?")


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "Which regions have more than 12 towns, and how many do they have?",
            "SELECT region, COUNT(*) AS n FROM towns GROUP BY region HAVING COUNT(*) > 12",
        ),
        (
            "List the regions with at least ten towns with a rain above 9.",
            "SELECT region FROM towns WHERE rain > 9 GROUP BY region HAVING COUNT(*) >= 10",
        ),
        ("Which towns have more than 12 rain?", ""),
        ("Which regions have more than 12 towns on average?", ""),
        ("Which regions have more than 12 rainy towns?", ""),
        ("Which regions have more than 12 towns, and how many in the South?", ""),
    ],
)
def test_number_of_rows(question: str, query: str) -> None:
    assert _query(threshold_rows, question) == query

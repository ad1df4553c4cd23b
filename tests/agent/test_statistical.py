"""Worked pandas examples of tests, regressions and long tables, run over the question's own table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from qwen_magics.agent.examples.pandas.recipes import shown
from qwen_magics.agent.routing import prefers_program
from qwen_magics.tools.schema import Column, Table

FISH = Table(
    "fish",
    (
        Column("lake", "VARCHAR", categories=("'Ay'", "'Bee'")),
        Column("sex", "VARCHAR", categories=("'f'", "'m'")),
        *(Column(name, "DOUBLE") for name in ("length", "mass", "age")),
    ),
    60,
)
RANDOM = np.random.default_rng(3)
FRAME = pd.DataFrame(
    {
        "lake": RANDOM.choice(["Ay", "Bee"], 60),
        "sex": RANDOM.choice(["f", "m"], 60),
        "length": [*RANDOM.normal(3, 1, 59), np.nan],
        "mass": RANDOM.normal(9, 2, 60),
        "age": RANDOM.normal(5, 1, 60),
    }
)
ONE, TWO = (FRAME[FRAME["lake"] == lake]["length"].dropna() for lake in ("Ay", "Bee"))
KNOWN = FRAME.dropna()


def run(question: str) -> Any:
    """What the example next to the question gives."""
    sm = pytest.importorskip("statsmodels.api")
    assert prefers_program(question)
    program = shown(question, FISH).rpartition("```python\n")[2].partition("\n```")[0]
    scope: dict[str, Any] = {"fish": FRAME.copy(), "pd": pd, "np": np, "stats": stats, "sm": sm}
    exec(program, scope)
    return scope["result"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Do fish of Ay and Bee differ in length? The t statistic of Welch's test please",
            stats.ttest_ind(ONE, TWO, equal_var=False).statistic,
        ),
        (
            "p-value of a t-test with unequal variances of the length in Ay and Bee",
            stats.ttest_ind(ONE, TWO, equal_var=False).pvalue,
        ),
        ("t-statistic of the length in Ay against Bee", stats.ttest_ind(ONE, TWO).statistic),
        ("p-value of a t-test of the length in Ay against Bee", stats.ttest_ind(ONE, TWO).pvalue),
        ("Mann-Whitney test of the length in Ay against Bee", stats.mannwhitneyu(ONE, TWO).pvalue),
        ("F statistic of an ANOVA of length by lake", stats.f_oneway(ONE, TWO).statistic),
        ("p-value of an ANOVA of length by lake", stats.f_oneway(ONE, TWO).pvalue),
        (
            "chi-square of lake and sex",
            stats.chi2_contingency(pd.crosstab(FRAME["lake"], FRAME["sex"])).statistic,
        ),
        (
            "p-value of the chi-squared test of lake and sex",
            stats.chi2_contingency(pd.crosstab(FRAME["lake"], FRAME["sex"])).pvalue,
        ),
    ],
)
def test_a_test_gives_the_number_that_is_asked_for(question: str, expected: float) -> None:
    assert run(question) == pytest.approx(expected)


def test_several_regressors() -> None:
    design = KNOWN[["mass", "age"]].assign(one=1.0)
    found = np.linalg.lstsq(design, KNOWN["length"], rcond=None)[0]
    rest = KNOWN["length"] - design.to_numpy() @ found
    squared = 1 - (rest**2).sum() / ((KNOWN["length"] - KNOWN["length"].mean()) ** 2).sum()
    asked = "Regress length on mass and age by ordinary least squares"
    assert run(f"{asked}: what is R squared?") == pytest.approx(squared)
    assert run(f"{asked}: what is the coefficient of mass?") == pytest.approx(found[0])
    assert run(f"{asked}: all coefficients").to_list() == pytest.approx([found[2], found[0], found[1]])
    assert run(f"{asked}: adjusted R squared") < run(f"{asked}: R squared")
    assert 0 < run(f"{asked}: p-value of mass") < 1


def test_one_regressor_is_a_line() -> None:
    assert "polyfit" in shown("slope of a regression of length on mass", FISH)
    assert "polyfit" in shown("Regress length on mass. What is the slope?", FISH)


LAPS = Table("laps", tuple(Column(name, "BIGINT") for name in ("runner", "swim", "ride", "walk")), 9)


def test_a_long_table_has_a_row_for_each_thing_and_column() -> None:
    text = shown("Make a long table of laps: a row for every runner and sport", LAPS)
    assert 'result = laps.melt(id_vars=["runner"], value_vars=["swim", "ride", "walk"]' in text
    text = shown("the fish in long form, with length and mass as kinds", FISH)
    assert 'id_vars=["lake", "sex"], value_vars=["length", "mass"]' in text


def test_a_long_table_is_limited_after_it_was_made_long() -> None:
    text = shown("Melt the fish into rows of lake, measure and value, only values over 12", FISH)
    assert 'id_vars=["lake"], value_vars=' in text
    assert 'result = long[long["value"] > 10]' in text
    text = shown("Unpivot the fish with more than 3 columns", FISH)
    assert 'id_vars=["lake", "sex"]' in text and "result = long[" not in text


def test_a_line_through_yearly_means() -> None:
    nights = Table("nights", (Column("night", "TIMESTAMP"), Column("frost", "DOUBLE")), 900)
    for question in (
        "Fit a line to the yearly means of frost from 1990 to 1999: what is its slope?",
        "Average the frost by year and draw a straight line through it. By how much does it fall per year?",
    ):
        assert prefers_program(question)
        text = shown(question, nights).rpartition("```python\n")[2]
        assert text.startswith('yearly = nights.groupby(nights["night"].dt.year)["frost"].mean()')
    frame = pd.DataFrame(
        {"night": pd.to_datetime(["1990-01-01", "1990-03-01", "1992-01-01"]), "frost": [1, 3, 4]}
    )
    names = {"nights": frame, "np": np}
    exec(text.partition("\n```")[0].replace("2001:2010", "1990:1992"), names)
    assert names["result"] == pytest.approx(1.0)


def test_the_number_of_rows_of_a_long_table_is_another_question() -> None:
    assert "len(long)" in shown("length and mass in long format: how many rows?", FISH)
    assert "melt(" in shown("the laps as a long table", LAPS)  # nothing says what a row is of


def test_weekdays_across_a_table_with_year_month_and_day() -> None:
    names = ("year", "month", "day")
    trips = Table(
        "trips",
        (*(Column(n, "BIGINT") for n in names), Column("line", "VARCHAR", categories=("'x'", "'y'"))),
        9,
    )
    text = shown("number of trips with the weekdays down and the lines as columns", trips)
    assert text.rstrip().endswith('result = pd.crosstab(weekday, trips["line"])\n```')

"""A row for each measured column: the example runs, and is shown for nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.layouts.long_form import long_example
from qwen_magics.agent.examples.layouts.profile import profile_example, unturned
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

_SOILS = Table(
    "soils",
    (
        Column("sampled", "TIMESTAMP"),
        Column("class", "BIGINT", samples=("0", "1")),
        Column("acidity", "DOUBLE"),
        Column("clay", "DOUBLE"),
        Column("sand", "DOUBLE"),
    ),
    3,
)
_FRAME = pd.DataFrame(
    {
        "sampled": pd.to_datetime(["1999-01-01", "1999-02-01", "2000-01-01"]),
        "class": [0, 1, 1],
        "acidity": [1.0, 2.0, 4.0],
        "clay": [5.0, 6.0, 7.0],
        "sand": [0.0, 0.0, 1.0],
    }
)


def _result(example: str) -> pd.DataFrame:
    scope: dict[str, object] = {"soils": _FRAME, "pd": pd}
    exec(example.split("```python\n")[1].split("```")[0], scope)
    assert isinstance(scope["result"], pd.DataFrame)
    return scope["result"]


@pytest.mark.parametrize(
    "question",
    [
        "Profile of the soils: one row per measurement, one column per class, the mean in each cell",
        "Average of every measured variable, a row for each variable, the classes as columns",
        "Means with the features as rows and the classes across",
    ],
)
def test_all_columns_are_the_rows(question: str) -> None:
    found = _result(profile_example(question, _SOILS))

    assert found["column"].tolist() == ["acidity", "clay", "sand"]
    assert found[1].tolist() == [3.0, 6.5, 0.5]


def test_those_that_are_named_are_the_rows() -> None:
    question = "Medians of acidity and clay: one row for each of the two, the classes as columns"

    assert _result(profile_example(question, _SOILS))["column"].tolist() == ["acidity", "clay"]


@pytest.mark.parametrize(
    "question",
    [
        "mean acidity, one row per class",
        "one row per measurement, one column per class",
        "mean clay with the classes as columns",
        "mean of each column, one row per column, one column per country",
    ],
)
def test_another_layout_has_no_such_example(question: str) -> None:
    assert profile_example(question, _SOILS) == ""


def test_a_long_form_of_one_year_takes_its_rows_first() -> None:
    question = "Make soils long for the year 1999: a row per sampled date and kind (acidity, clay, sand)"
    found = _result(long_example(question, _SOILS))

    assert len(found) == 6
    assert set(found["kind"]) == {"acidity", "clay", "sand"}


def test_rows_that_are_still_columns_are_sent_back() -> None:
    check = unturned("one row per measurement, one column per class, the mean in each cell", _SOILS)
    wide = _FRAME.drop(columns="sampled").groupby("class").mean().reset_index()
    tall = wide.set_index("class").T.reset_index()
    error = check(QueryResult(wide, 2, False, 0.0, ()), "result = soils.groupby(…)")

    assert error is not None
    assert "pivot_table(" in error.hint
    assert check(QueryResult(tall, 3, False, 0.0, ()), "result = soils.groupby(…).T") is None

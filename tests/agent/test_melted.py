"""Long forms that something is asked of: told over columns that the table has."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.layouts.long_form import long_example
from qwen_magics.agent.examples.layouts.melted import melted_example
from qwen_magics.agent.examples.pandas.recipes import shown
from qwen_magics.tools.schema import Column, Table

_SOILS = Table(
    "soils",
    tuple(
        Column(name, "DOUBLE" if name != "plot" else "BIGINT", samples=("1.0", "2.0"))
        for name in ("plot", "clay", "sand", "silt")
    ),
    3,
)
_ROWS = pd.DataFrame(
    {"plot": [1, 1, 2], "clay": [1.0, 3.0, 2.0], "sand": [9.0, 0.0, 0.5], "silt": [4.0, 5.0, 6.0]}
)


def _run(example: str) -> object:
    space = {"pd": pd, "soils": _ROWS}
    exec(example.split("```python\n")[1].split("```")[0], space)
    return space["result"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Unpivot the columns clay to silt of soils. From which column is the largest value?", "sand"),
        ("Melt clay, sand and silt of soils: which variable has the smallest value?", "sand"),
        ("Melt clay through silt of soils; which column has the highest mean?", "silt"),
        ("Turn clay and sand of soils into long format. How many rows are there?", 6),
    ],
)
def test_one_thing_of_the_long_form(question: str, answer: object) -> None:
    assert _run(melted_example(question, _SOILS)) == answer


@pytest.mark.parametrize(
    "question",
    [
        "Mean clay and sand per plot of soils in long form: columns plot, measure and mean",
        "soils as a long table: the average clay and sand of each plot",
    ],
)
def test_a_mean_of_each_column_in_each_group(question: str) -> None:
    found = _run(melted_example(question, _SOILS))
    assert isinstance(found, pd.DataFrame)
    assert found.to_numpy().tolist() == [
        [1, "clay", 2.0],
        [1, "sand", 4.5],
        [2, "clay", 2.0],
        [2, "sand", 0.5],
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Which plot of soils has the largest clay?",
        "soils in long form, with a row for each plot and column",
        "Melt clay and sand of soils: the mean of each",
        "Melt clay and sand of soils: how many rows are above 2?",
        "Melt clay and sand into one column: the mean of that column",
    ],
)
def test_what_is_asked_otherwise(question: str) -> None:
    assert melted_example(question, _SOILS) == ""


def test_no_example_speaks_of_a_column_that_is_not_there() -> None:
    """A small model copies half of its name, and goes on with nonsense."""
    bare = Table("soils", tuple(Column(name, "DOUBLE", samples=("1.5",)) for name in ("clay", "sand")), 3)
    for question in ("melt soils", "unpivot soils: is there anything above 3?", "soils, tidy: how many rows"):
        assert "shop_id" not in shown(question, bare)


def test_the_name_of_a_key_is_not_given_to_another_column() -> None:
    kinds = Table("soils", (Column("kind", "VARCHAR", categories=("'a'", "'b'")), *_SOILS.columns[1:]), 3)
    assert 'var_name="column"' in long_example("soils in long form", kinds)

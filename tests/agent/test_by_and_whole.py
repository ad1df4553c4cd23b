"""Groups behind "by" at the end, the whole of a share with a number of its own, all groups in an order."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.figure_per_group import figure_per_group
from qwen_magics.agent.checks.groups_shown import groups_shown
from qwen_magics.agent.checks.shapes import shapes
from qwen_magics.agent.checks.shares import shares
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB

_STABLES = Table("stables", (Column("stable_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 4)
_HORSES = Table(
    "horses",
    (
        Column("horse_id", "BIGINT", unique=True),
        Column("stable_id", "BIGINT"),
        Column("breed", "VARCHAR"),
        Column("weight", "DOUBLE"),
    ),
    90,
)


@pytest.mark.parametrize(
    "question", ["What is the mean weight of the horses, by breed?", "Mean weight of grey horses per breed."]
)
def test_what_stands_behind_by_is_shown(question: str) -> None:
    put = groups_shown(question, DUCKDB)
    assert put("SELECT AVG(weight) FROM horses GROUP BY breed").startswith("SELECT breed, AVG(weight)")
    assert put("SELECT AVG(weight) FROM horses GROUP BY town").startswith("SELECT AVG(weight)")


@pytest.mark.parametrize(
    "question", ["Total weight of the horses sorted by breed", "Was the weight by breed known in May?"]
)
def test_an_order_and_the_middle_show_nothing(question: str) -> None:
    query = "SELECT AVG(weight) FROM horses GROUP BY breed"
    assert groups_shown(question, DUCKDB)(query) == query


def test_one_figure_is_told_apart_by_what_stands_at_the_end() -> None:
    check = figure_per_group("What is the mean weight of the horses, by breed?", [_HORSES])
    error = check("SELECT AVG(weight) FROM horses")
    assert error is not None
    assert error.hint == "Write: SELECT breed, AVG(weight) FROM horses GROUP BY breed"


def test_the_name_of_a_thing_is_its_label() -> None:
    asked = "What percentage of the horses is heavy, by the name of the stable that they live in?"
    check = figure_per_group(asked, [_HORSES, _STABLES])
    error = check("SELECT AVG(weight > 500) FROM horses JOIN stables ON horses.stable_id = stables.stable_id")
    assert error is not None and error.hint.startswith("Write: SELECT stables.name, AVG(weight > 500)")
    assert error.hint.endswith("GROUP BY stables.name")


@pytest.mark.parametrize(
    "question", ["How many horses are ridden by breeds?", "The weight divided by breed", "Weight by breed A?"]
)
def test_other_words_behind_by_are_no_groups(question: str) -> None:
    assert figure_per_group(question, [_HORSES])("SELECT SUM(weight) FROM horses") is None


def _told(question: str, code: str) -> str:
    result = QueryResult(pd.DataFrame({"share": [12.5]}), 1, False, 0.0, ())
    found = (check(result, code) for check in shares(question, [_HORSES]))
    return next((error.hint for error in found if error is not None), "")


_PART = (
    "SELECT 100.0 * SUM(CASE WHEN breed = 'Cob' AND weight > 400 THEN 1 ELSE 0 END) / COUNT(*) FROM horses"
)


def test_the_whole_has_its_number_in_where() -> None:
    hint = _told("What percentage of the horses with a weight over 400 are of the breed Cob?", _PART)
    assert hint == (
        "Write: SELECT 100.0 * SUM(CASE WHEN breed = 'Cob' THEN 1 ELSE 0 END) / COUNT(*) "
        "FROM horses WHERE weight > 400"
    )


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of the horses are Cobs with a weight over 400?",
        "What percentage of the horses with a weight under 400 are of the breed Cob?",
        "What percentage of the horses with a weight over 4000 are of the breed Cob?",
        "What percentage of the horses from over 400 farms are of the breed Cob?",
    ],
)
def test_numbers_of_the_part_or_of_others_stay(question: str) -> None:
    assert _told(question, _PART) == ""


def test_all_groups_are_left_and_not_ranked_alone() -> None:
    result = QueryResult(pd.DataFrame({"breed": ["Cob"], "mean": [400.0]}), 1, False, 0.0, ())
    code = "SELECT breed, AVG(weight) AS mean FROM horses GROUP BY breed ORDER BY mean DESC LIMIT 1"
    asked = "Mean weight of each breed, the heaviest at the top."
    found = [check(result, code) for check in shapes(asked, [_HORSES], True, lambda _: None)]
    assert [error.hint for error in found if error is not None] == [
        "Write: SELECT breed, AVG(weight) AS mean FROM horses GROUP BY breed ORDER BY mean DESC"
    ]

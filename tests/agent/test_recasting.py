"""What an example reads is what stands at its places in the question."""

from __future__ import annotations

import pytest

from qwen_magics.agent.examples.pandas.recipes import shown
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.tools.schema import Column, Table, describe

PARCELS = Table(
    "parcels",
    (
        Column("year", "BIGINT", samples=("2019", "2020")),
        Column("vanplate", "VARCHAR"),
        Column("depot", "VARCHAR", categories=("'North'", "'South'")),
        Column("recipient", "VARCHAR"),
        Column("size", "VARCHAR", categories=("'L'", "'M'", "'S'")),
        Column("stamps", "BIGINT"),
        Column("mass_kg", "DOUBLE"),
    ),
    5_000,
)


def sql(question: str) -> str:
    return nearest_sql(question, describe([PARCELS]), "DuckDB", PARCELS)


@pytest.mark.parametrize(
    "question",
    [
        "How many different recipients has the van plate with the most @parcels? Ignore unknown van plates.",
        "Find the van plate with the most @parcels. How many different recipients did it visit?",
    ],
)
def test_what_is_counted_and_what_is_ranked(question: str) -> None:
    text = sql(question)
    assert "COUNT(DISTINCT recipient) FROM parcels WHERE vanplate = (SELECT vanplate" in text


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("the three heaviest @parcels of each year, by recipient", "PARTITION BY year ORDER BY mass_kg DESC"),
        ("the three heaviest @parcels of each depot", "PARTITION BY depot ORDER BY mass_kg DESC"),
        ("Count the @parcels by the first letter of the recipient.", "SUBSTR(recipient, 1, 1)"),
        ("how many parcels have no known recipient?", "WHERE recipient IS NULL"),
        ("how many parcels have no known mass?", "WHERE mass_kg IS NULL"),
    ],
)
def test_queries_are_told_by_what_is_named(question: str, query: str) -> None:
    assert query in sql(question)


@pytest.mark.parametrize(
    ("question", "program"),
    [
        (
            "Mean mass of @parcels, depots down and years across",
            'index="depot", columns="year", values="mass_kg"',
        ),
        ("average mass: years as rows, sizes as columns", 'index="year", columns="size", values="mass_kg"'),
        ("mean mass pivoted, one row per size and one column per depot", 'index="size", columns="depot"'),
        ("Cross-tabulate size and number of stamps in @parcels.", '["size"], parcels["stamps"]'),
        ("contingency table of depot and size", '["depot"], parcels["size"]'),
    ],
)
def test_what_goes_down_and_what_across(question: str, program: str) -> None:
    assert program in shown(question, PARCELS)

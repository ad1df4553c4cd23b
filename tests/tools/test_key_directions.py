"""Keys of two directions: the one that the question speaks of."""

from __future__ import annotations

import pytest

from qwen_magics.agent.examples.whole.led_to import led_to
from qwen_magics.tools.join_path import joins_to
from qwen_magics.tools.key_directions import directed
from qwen_magics.tools.schema import Column, Join, Table

PORTS = Table(
    "ports",
    (Column("code", "VARCHAR", unique=True), Column("name", "VARCHAR"), Column("depth", "DOUBLE")),
    9,
)
ONE = Table(
    "sailings",
    (Column("origin", "VARCHAR"), Column("dest", "VARCHAR"), Column("load", "DOUBLE")),
    90,
    joins=(Join("sailings", "origin", "ports", "code"),),
)
BOTH = Table(
    "rides",
    (Column("from_port", "VARCHAR"), Column("to_port", "VARCHAR")),
    90,
    joins=(Join("rides", "from_port", "ports", "code"), Join("rides", "to_port", "ports", "code")),
)


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("How many sailings had a destination deeper than 9?", ["dest"]),
        ("Which ports did sailings arrive at?", ["dest"]),
        ("How deep are the ports that sailings left?", ["origin"]),
        ("Which port is the origin of most sailings?", ["origin"]),
        ("How many sailings went from one port to a destination of the same depth?", ["origin", "dest"]),
        ("How many sailings are there of each port?", ["origin"]),
    ],
)
def test_the_key_that_is_spoken_of(question: str, keys: list[str]) -> None:
    tables = directed(question, [PORTS, ONE])
    assert [join.column for join in tables[1].joins] == keys


def test_of_two_keys_one_is_kept_or_the_way_is_open() -> None:
    tables = directed("How many rides went to a port deeper than 9?", [PORTS, BOTH])
    assert joins_to("ports", ["rides"], tables) == "JOIN ports ON rides.to_port = ports.code"
    assert joins_to("ports", ["rides"], [PORTS, BOTH]) == ""
    assert joins_to("rides", ["ports"], [PORTS, BOTH]) == ""


def test_columns_of_another_type_are_no_keys() -> None:
    other = Table(
        "moves",
        (Column("origin", "VARCHAR"), Column("dest", "BIGINT")),
        9,
        joins=(Join("moves", "origin", "ports", "code"),),
    )
    assert directed("moves by destination", [PORTS, other]) == (PORTS, other)


@pytest.mark.parametrize(
    ("question", "key", "order"),
    [
        (
            "Of all the ports that some of the sailings went to, which lies deepest (depth)? Give its name.",
            "dest",
            " DESC",
        ),
        ("Of the ports that any sailings came from, which has the lowest depth?", "origin", ""),
    ],
)
def test_the_extreme_of_what_is_led_to(question: str, key: str, order: str) -> None:
    found = led_to(question, [PORTS, ONE])
    assert found is not None
    assert found.query == (
        f"SELECT name FROM ports WHERE code IN (SELECT {key} FROM sailings) AND depth IS NOT NULL "
        f"ORDER BY depth{order} LIMIT 1"
    )


def test_a_condition_on_what_leads_there_is_another_question() -> None:
    question = "Of all the ports that late sailings went to, which lies deepest (depth)? Give its name."
    assert led_to(question, [PORTS, ONE]) is None

"""What is to come back and does not: columns named in a list, and how many there are beside a sum."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.two_figures import two_figures
from qwen_magics.agent.checks.wanted import wanted
from qwen_magics.tools.frames import FrameDatabase

_HOUSES = pd.DataFrame(
    {
        "house_id": [1, 2, 3],
        "street": ["Elm", "Oak", "Elm"],
        "town": ["Ulm", "Hof", "Ulm"],
        "year": [1990, 1995, 1990],
        "month": [3, 4, 4],
        "price_eur": [90.0, 70.0, 80.0],
        "agent_id": [1, 1, 2],
    }
)
_AGENTS = pd.DataFrame({"agent_id": [1, 2], "name": ["Ada", "Bo"], "town": ["Hof", "Ulm"]})


@pytest.fixture(scope="module")
def database() -> FrameDatabase:
    return FrameDatabase({"houses": _HOUSES, "agents": _AGENTS})


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        (
            "Where did houses cost less than 75? Town and street please.",
            "SELECT street FROM houses WHERE price_eur < 75",
            "Write: SELECT town, street FROM houses WHERE price_eur < 75",
        ),
        (
            "Which houses are cheap? Tell me the street, the town and the price.",
            "SELECT street FROM houses",
            "Write: SELECT street, town, price_eur FROM houses",
        ),
        (
            "When was a house sold cheapest? Year and month will do.",
            "SELECT month, MIN(price_eur) FROM houses GROUP BY month ORDER BY 2 LIMIT 1",
            "Write: SELECT year, month, MIN(price_eur) FROM houses GROUP BY month, year ORDER BY 2 LIMIT 1",
        ),
        (
            "Which house is the dearest? Street, town.",
            "SELECT town FROM houses ORDER BY price_eur DESC LIMIT 1",
            "Write: SELECT street, town FROM houses ORDER BY price_eur DESC LIMIT 1",
        ),
        (
            "All streets with their price",
            "SELECT street FROM houses",
            "Write: SELECT street, price_eur FROM houses",
        ),
        (
            "Give the street and price of all houses in Ulm.",
            "SELECT street FROM houses WHERE town = 'Ulm'",
            "Write: SELECT street, price_eur FROM houses WHERE town = 'Ulm'",
        ),
        (
            "Which agents sell? I need name and street",
            "SELECT a.name FROM houses AS h JOIN agents AS a ON h.agent_id = a.agent_id",
            "Write: SELECT a.name, h.street FROM houses AS h JOIN agents AS a ON h.agent_id = a.agent_id",
        ),
        (
            "The dearest house of each town? Town and street are enough.",
            "SELECT town, MAX(price_eur) FROM houses GROUP BY town",
            "Select street as well.",
        ),
    ],
)
def test_a_column_that_is_asked_for_comes_back_once(
    database: FrameDatabase, question: str, code: str, hint: str
) -> None:
    check = wanted(question, database.tables)
    error = check(code)
    assert error is not None
    assert (error.kind, error.hint) == ("column_not_shown", hint)
    if hint.startswith("Write: "):
        database.run(database.check(hint.removeprefix("Write: ")))
        assert check(hint.removeprefix("Write: ")) is None
    assert check(code) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Where was it? Town and street please.", "SELECT * FROM houses"),
        ("Where was it? Town and street please.", "SELECT town || ' ' || street AS place FROM houses"),
        ("Per year? Year and price please.", "SELECT year, AVG(price_eur) FROM houses GROUP BY year"),
        ("In Ulm? Town and price please.", "SELECT price_eur FROM houses WHERE town = 'Ulm'"),
        ("Sold when? Year and month.", "SELECT YEAR(d) AS year, month FROM (SELECT 1 AS d, 2 AS month) AS s"),
        ("How many? The town and the street matter a lot here.", "SELECT COUNT(*) FROM houses"),
        (
            "How many streets are there in each town and year?",
            "SELECT town, COUNT(*) FROM houses GROUP BY town",
        ),
        ("How many per town? (Street, year and month are irrelevant.)", "SELECT COUNT(*) FROM houses"),
        # Two tables have it: which is meant?
        ("Who? Name and town.", "SELECT name FROM agents JOIN houses ON agents.agent_id = houses.agent_id"),
        ("Where? Town and street please.", "result = houses[['town']]"),
    ],
)
def test_what_is_there_or_not_certain_is_left_alone(
    database: FrameDatabase, question: str, code: str
) -> None:
    assert wanted(question, database.tables)(code) is None


@pytest.mark.parametrize(
    "question",
    [
        "How many houses were sold per town, and what do they add up to?",
        "How many houses per town and how much did they cost?",
        "Per town, the number of houses and their total price",
        "How many euros did houses make in each town, and how many were there?",
        "How many houses are there in each town, and how many euros is that?",
        "How much do the houses of each town cost, and how many are there?",
    ],
)
def test_a_sum_alone_where_a_number_is_asked_for_too(database: FrameDatabase, question: str) -> None:
    check, code = two_figures(question), "SELECT town, SUM(price_eur) AS total FROM houses GROUP BY town"
    error = check(code)
    assert error is not None
    meant = "SELECT town, COUNT(*) AS number, SUM(price_eur) AS total FROM houses GROUP BY town"
    assert error.hint == f"Write: {meant}"
    assert database.run(database.check(meant)).rows == 2
    assert check(code) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many houses, and how much are they?", "SELECT COUNT(*), SUM(price_eur) FROM houses"),
        ("How many houses, and how much are they?", "SELECT SUM(1), SUM(price_eur) FROM houses"),
        ("How many pieces were sold, and how much is that?", "SELECT SUM(qty), SUM(price) FROM sales"),
        ("How many euros did houses cost?", "SELECT SUM(price_eur) FROM houses"),
        ("How many pieces were sold?", "SELECT SUM(qty) FROM sales"),
        ("How many houses, and how much are they?", "SELECT town FROM houses"),
        ("How many houses, and how much are they?", "SELECT SUM(n) FROM (SELECT 1 AS n) AS s"),
    ],
)
def test_one_figure_may_be_all_that_is_asked_for(question: str, code: str) -> None:
    assert two_figures(question)(code) is None

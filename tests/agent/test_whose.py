"""Whose name is meant is not asked where the question says it; where it does not, it is."""

from __future__ import annotations

import pytest

from qwen_magics.agent.doubts.ambiguity import ambiguity
from qwen_magics.tools.schema import Column, Join, Table


def _table(name: str, /, *joins: Join, **columns: str) -> Table:
    return Table(name, tuple(Column(column, dtype) for column, dtype in columns.items()), 10, joins=joins)


_TEAMS = _table("teams", id="INTEGER", name="VARCHAR", town="VARCHAR")
_PLAYERS = _table(
    "players",
    Join("players", "team_id", "teams", "id"),
    id="INTEGER",
    name="VARCHAR",
    town="VARCHAR",
    team_id="INTEGER",
)


@pytest.mark.parametrize(
    "question",
    [
        "Which of the teams have players older than 30? Ages are in players; give the names from teams.",
        "For each team of the players (its name), how many players are there?",
        "Show every team (its name) and how many players it has.",
        "Which team has the most players? Give its name.",
        "Which player is in two teams? List the name.",
        "What team do most players belong to? Show its town.",
        "Who is the oldest of each team? I want the team's name, the player's name and the age.",
        "List the names of the teams that have more than ten players.",
        "How many players has each team, with the name of the team?",
        "Per team with players (by name): how many of them are there?",
        "Count the players by team, and take the name in teams.",
    ],
)
def test_said(question: str) -> None:
    assert ambiguity(question, (_TEAMS, _PLAYERS)) is None


@pytest.mark.parametrize(
    "question",
    [
        "Which name is the longest of all teams and players?",
        "Teams and players: sorted by name, please.",
        "Count teams, with all players, for every name.",
        "Teams with many players, players with many goals: which towns are there?",
    ],
)
def test_not_said(question: str) -> None:
    assert ambiguity(question, (_TEAMS, _PLAYERS)) is not None

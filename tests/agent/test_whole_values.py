"""A value with more words than the question's comes back where the column has just what it says."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.whole_values import whole_values
from qwen_magics.tools.frames import FrameDatabase

_TOOLS = pd.DataFrame(
    {
        "maker": ["ACME", "ACME WORKS", "Bosch", "Bosch Power Drills", "Stihl Inc", "O'Hara", "O'Hara Sons"],
        "model": list("ABCDEFG"),
    }
)


def _check(question: str, code: str) -> str:
    with FrameDatabase({"tools": _TOOLS}) as database:
        check = whole_values(question, database.tables, database.dialect, database.run)
        found = check(database.run(code), code)
        assert check(database.run(code), code) is None or found is None
    return found.hint if found is not None else ""


@pytest.mark.parametrize(
    ("question", "wrong", "right"),
    [
        ("How many tools of the maker ACME are there?", "ACME WORKS", "ACME"),
        ("Count the tools by Bosch.", "Bosch Power Drills", "Bosch"),
        ("Which models are made by O'Hara?", "O''Hara Sons", "O''Hara"),
    ],
)
def test_the_exact_value_is_told(question: str, wrong: str, right: str) -> None:
    query = "SELECT COUNT(*) FROM tools WHERE maker = '{}'"
    assert _check(question, query.format(wrong)) == f"Write: {query.format(right)}"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many tools of ACME WORKS are there?", "SELECT COUNT(*) FROM tools WHERE maker = 'ACME WORKS'"),
        ("How many tools of Acme Works?", "SELECT COUNT(*) FROM tools WHERE maker = 'ACME WORKS'"),
        # There is no 'Stihl'.
        ("How many tools of Stihl are there?", "SELECT COUNT(*) FROM tools WHERE maker = 'Stihl Inc'"),
        ("How many power drills of Bosch?", "SELECT COUNT(*) FROM tools WHERE maker = 'Bosch Power Drills'"),
        ("Tools of ACME?", "SELECT model FROM tools WHERE maker = 'ACME' OR maker = 'ACME WORKS'"),
        ("Tools of acme?", "SELECT model FROM tools WHERE maker = 'ACME WORKS'"),
        ("How many tools are there?", "SELECT COUNT(*) FROM tools WHERE maker = 'ACME WORKS'"),
        ("Tools of ACME?", "SELECT model FROM tools WHERE maker LIKE 'ACME%'"),
        ("Tools of ACME?", "SELECT model FROM tools WHERE maker <> 'ACME WORKS'"),
    ],
)
def test_what_is_meant_or_not_there_is_not(question: str, code: str) -> None:
    assert _check(question, code) == ""


def test_where_nothing_can_be_run_nothing_is_said() -> None:
    with FrameDatabase({"tools": _TOOLS}) as database:
        code = "SELECT COUNT(*) FROM tools WHERE maker = 'ACME WORKS'"
        assert whole_values("Tools of ACME?", database.tables)(database.run(code), code) is None

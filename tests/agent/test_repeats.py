"""Lists in which rows read alike: sent back where one thing stands twice, and only there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, Request, answer

Make = Callable[..., Any]
MEMBERS = pd.DataFrame({"member_id": [1, 2, 3, 4], "name": ["Ada", "Ada", "Bo", "Bo"], "city": ["Lund"] * 4})
LOANS = pd.DataFrame({"loan_id": [1, 2, 3, 4, 5], "member_id": [1, 1, 2, 2, 3], "days": [1, 2, 3, 4, 5]})
JOINED = "SELECT m.name FROM members m JOIN loans l ON l.member_id = m.member_id"


def run(session: Any, question: str) -> Answer:
    frames = {"members": MEMBERS, "loans": LOANS}
    return answer(Request(question, frames), lambda event: None, session)


def test_people_who_share_a_name_are_several(scripted: Make) -> None:
    session = scripted("SELECT name FROM members WHERE city = 'Lund'")
    result = run(session, "which members live in Lund?")
    assert len(result.value) == 4 and len(session.model().sent) == 1


def test_one_who_is_there_twice_is_not(scripted: Make) -> None:
    session = scripted(JOINED, f"{JOINED} GROUP BY m.member_id, m.name")
    result = run(session, "which members have borrowed anything in loans?")
    assert sorted(result.value["name"]) == ["Ada", "Ada", "Bo"]
    told = session.model().sent[1].messages[-1].content
    assert 'List each once: add GROUP BY m."member_id", m.name.' in told


@pytest.mark.parametrize("sql", ["SELECT city FROM members", "SELECT member_id FROM loans WHERE days < 5"])
def test_what_is_no_name_is_judged_by_its_half(scripted: Make, sql: str) -> None:
    session = scripted(sql, sql.replace("SELECT", "SELECT DISTINCT"))
    run(session, f"which {sql.split()[1]} are in {sql.split()[3]}?")
    assert "List each once: group them, or use DISTINCT." in session.model().sent[1].messages[-1].content


def test_a_program_is_judged_by_its_half(scripted: Make) -> None:
    session = scripted('result = members["name"]', 'result = members["name"].unique()')
    request = Request("which names have members?", {"members": MEMBERS}, route="python")
    answer(request, lambda event: None, session)
    assert "of which only 2 differ" in session.model().sent[1].messages[-1].content


LIST = "SELECT AVG(days) FROM loans GROUP BY member_id"


def test_a_limit_that_hides_the_other_rows_is_no_repair(scripted: Make) -> None:
    whole = "SELECT AVG(days) FROM loans"
    session = scripted(LIST, f"{LIST} LIMIT 1", whole, f"{whole} WHERE days > 0")
    result = run(session, "what is the mean of days in loans?")
    assert (result.value, result.code) == (3.0, whole)
    # Asked afresh: the failed query is not in sight.
    assert LIST not in session.model().sent[2].messages[-1].content


def test_the_first_of_ordered_rows_is_one(scripted: Make) -> None:
    ordered = f"{LIST} ORDER BY AVG(days) DESC"
    session = scripted(ordered, f"{ordered} LIMIT 1")
    result = run(session, "what is the highest mean of days in loans?")
    assert (result.value, len(session.model().sent)) == (5.0, 2)


def test_a_model_that_does_without_a_word_twice_is_believed(scripted: Make) -> None:
    session = scripted("SELECT COUNT(*) FROM loans", "SELECT COUNT(*) FROM loans")
    result = run(session, "how many loans are there, thinking of their days?")
    assert "Use loans.days" in session.model().sent[1].messages[-1].content
    assert (result.value, result.text, len(session.model().sent)) == (5, "5", 2)

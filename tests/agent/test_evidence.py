"""Names in an answer come from the data, the question or the schema; what does not is sent back once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import llguidance
import pandas as pd
import pytest

from qwen_magics.agent import Answer, Request, Session, answer
from qwen_magics.agent.evidence import invented, strange_names
from qwen_magics.agent.wording import words_grammar
from qwen_magics.chat.local import LocalModel
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table
from tests.agent.conftest import ScriptedSession

Make = Callable[..., Any]

AIRLINES = Table(
    "airlines",
    (
        Column("carrier", "VARCHAR", categories=("'UA'", "'F9'")),
        Column("name", "VARCHAR", samples=("'Delta'",)),
    ),
    16,
)
WORDS = [
    ("Use the median, which is robust.", []),
    ("The largest is Frontier Airlines Inc. of Denver.", ["Frontier Airlines Inc. of Denver"]),
    ("Delta Air Lines is the largest.", ["Air Lines"]),
    ("Frontier is not judged where it begins. Nor is Denver.", ["Denver"]),
    ("The United flights of Pandas.", []),
    ('The airline is called "frontier".', ["frontier"]),
    ("Write `SELECT Foo` or\n```sql\nSELECT Bar FROM Baz\n```\nand GROUP BY it.", []),
    ("It is in the UA and the JFK.", ["UA", "JFK"]),
    ("I think that English is fine.", []),
    ("Der Median ist robust, und das Mittel der Daten nicht.", []),
    ("中位数是稳健的。", []),
]


def one(*cells: object) -> QueryResult:
    frame = pd.DataFrame([cells], columns=[f"c{i}" for i in range(len(cells))])
    return QueryResult(frame, 1, False, 0.0, ("airlines",))


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("SELECT 'Frontier' AS name FROM airlines LIMIT 1", ["Frontier"]),
        ("SELECT CASE WHEN carrier = 'F9' THEN 'Frontier' ELSE name END FROM airlines", ["Frontier"]),
        ("SELECT 'Frontier ' || carrier FROM airlines", ["Frontier F9"]),
        ("SELECT concat('Frontier', carrier) FROM airlines", ["FrontierF9"]),
        ("SELECT coalesce(max(name), 'Frontier') FROM airlines", ["Frontier"]),
        ("SELECT 42", [42]),
        ("SELECT 42 AS total FROM airlines LIMIT 1", [42]),
    ],
)
def test_what_a_query_puts_into_its_result_itself(code: str, cells: list[object]) -> None:
    found = invented(code, "sql", one(*cells), "Which airline is late?", [AIRLINES])
    assert found is not None and found.kind == "invented"


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("SELECT name FROM airlines WHERE name = 'Frontier'", ["Frontier"]),
        ("SELECT name FROM airlines WHERE name IN ('Frontier', 'Delta')", ["Frontier"]),
        ("SELECT name FROM airlines WHERE name LIKE 'Frontier%' LIMIT 1", ["Frontier"]),
        ("SELECT 'Delta' AS name, 'F9' AS code", ["Delta", "F9"]),
        ("SELECT CASE WHEN count(*) > 1 THEN 'yes' ELSE 'no' END FROM airlines", ["yes"]),
        ("SELECT CASE WHEN count(*) > 1 THEN 'late' ELSE 'x' END FROM airlines", ["late"]),
        ("SELECT name FROM airlines WHERE contains(name, 'Frontier')", ["Frontier"]),
        ("SELECT name FROM airlines WHERE 'Frontier' = name", ["Frontier"]),
        ("SELECT strftime(d, '%B') FROM airlines", ["January"]),
        ("SELECT name || ' ' || carrier FROM airlines", ["Delta UA"]),
        ("SELECT count(*) FROM airlines", [42]),
        ("SELECT 2024 - min(year) FROM airlines", [42]),
    ],
)
def test_what_comes_from_somewhere(code: str, cells: list[object]) -> None:
    assert invented(code, "sql", one(*cells), "Which airline is late?", [AIRLINES]) is None


def test_programs() -> None:
    made = 'result = "number" + str(len(airlines))'
    assert invented(made, "python", one("number4"), "How many?", [AIRLINES]) is not None
    read = 'result = airlines[airlines["name"] == "Frontier"]["name"].iloc[0]'
    assert invented(read, "python", one("Frontier"), "How many?", [AIRLINES]) is None
    assert invented("result = [", "python", one("x y"), "How many?", [AIRLINES]) is None


def test_a_table_says_no_cell_and_is_not_judged() -> None:
    frame = pd.DataFrame({"band": ["late", "punctual"]})
    table = QueryResult(frame, 2, False, 0.0, ("airlines",))
    assert invented("SELECT 'punctual' AS band", "sql", table, "How many?", [AIRLINES]) is None


@pytest.mark.parametrize(("text", "names"), WORDS)
def test_names_in_words(text: str, names: list[str]) -> None:
    assert strange_names(text, "Which united airline? Use pandas.") == names


def test_names_of_the_question_are_not_strange() -> None:
    assert strange_names("The best is Frontier's Denver.", "Is Frontier in Denver?") == []


def test_a_banned_name_cannot_be_written() -> None:
    tokens = llguidance.LLTokenizer("byte")
    for text, allowed in (("It is Delta.", True), ("It is A/B (C).", False)):
        grammar = llguidance.LLMatcher.grammar_from_lark(words_grammar("which?", ["A/B (C)", "x1"]))
        matcher = llguidance.LLMatcher(tokens, grammar, log_level=0)
        assert not matcher.is_error(), matcher.get_error()
        found = tokens.tokenize_str(text)
        fits = matcher.validate_tokens(found) == len(found)
        assert (fits and matcher.consume_tokens(found) and matcher.is_accepting()) is allowed


def run(session: Session, question: str, frames: dict[str, Any]) -> Answer:
    return answer(Request(question, frames), lambda event: None, session)


def test_words_are_written_once_more_without_the_name(scripted: Make) -> None:
    session = scripted("The best is Delta Air Lines.", "That depends on the data.")
    result = run(session, "Which airline is the best?", {})
    assert result.value == "That depends on the data."
    assert result.text == "That depends on the data. (The model's own words: no data was at hand.)"
    first, second = (sent.grammar for sent in session.model().sent)
    assert "Delta" not in first and "Delta Air Lines" in second
    assert result.trace is not None
    assert [span.status for span in result.trace.spans if span.kind == "check"] == ["error"]


def test_a_name_that_stays_is_told(scripted: Make) -> None:
    result = run(scripted("Take the Alpha Beta.", "Take the Gamma Delta."), "Which one?", {})
    assert result.text.endswith("no data was at hand, and nothing confirms Gamma Delta.)")


def test_over_data_it_is_sent_back_once_and_told_if_it_stays(scripted: Make) -> None:
    frame = pd.DataFrame({"city": ["Bonn", "Ulm"], "amount": [1.0, 2.0]})
    bad = "SELECT 'Kiel' AS city FROM orders LIMIT 1"
    good = "SELECT city FROM orders ORDER BY amount DESC LIMIT 1"
    session = scripted(bad, good)
    result = run(session, "Which city has the highest amount in orders?", {"orders": frame})
    assert result.value == "Ulm" and "Check this" not in result.text
    assert (
        "'Kiel' comes neither from the data nor from the question"
        in session.model().sent[1].messages[-1].content
    )
    session = scripted(*[bad] * 9)
    result = answer(Request("Which city?", {"orders": frame}, route="sql"), lambda event: None, session)
    assert "Check this: 'Kiel' comes neither" in result.text


@pytest.mark.model
def test_the_real_model_names_nobody(real_model: LocalModel) -> None:
    session = ScriptedSession(real_model)  # type: ignore[arg-type]
    result = run(session, "Which airline has the most delays?", {})
    named = strange_names(str(result.value), "Which airline has the most delays?")
    assert "no data was at hand" in result.text and all(name in result.text for name in named[:5])
    plain = run(session, "What is a median?", {})
    assert "nothing confirms" not in plain.text and len(plain.value) > 20

from __future__ import annotations

import datetime

import llguidance
import numpy as np
import pandas as pd
import pytest

from qwen_magics.agent.wording import format_value, sentence, words_grammar


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (336776, "336,776"),
        (np.int64(1000), "1,000"),
        (12.639070257304708, "12.64"),
        (1234567.891, "1,234,567.89"),
        (100.0, "100"),
        (0.0123456, "0.01235"),
        (0.00000123, "1.230e-06"),
        (0.0, "0"),
        (float("inf"), "infinite"),
        (None, "none"),
        (float("nan"), "none"),
        (pd.NaT, "none"),
        (True, "yes"),
        ("JFK", "JFK"),
        (pd.Timestamp("2013-07-04"), "2013-07-04"),
        (datetime.datetime(2013, 7, 4, 12, 30), "2013-07-04 12:30:00"),
    ],
)
def test_values_read_well(value: object, text: str) -> None:
    assert format_value(value) == text


def test_one_cell_is_the_answer() -> None:
    assert sentence(pd.DataFrame({"n": [7]})) == "7"


def test_one_row_names_its_columns() -> None:
    assert (
        sentence(pd.DataFrame({"name": ["Frontier"], "delay": [21.9207]})) == "name: Frontier, delay: 21.92"
    )


def test_a_table_is_counted() -> None:
    assert sentence(pd.DataFrame({"a": [1, 2], "b": [3, 4]})) == "2 rows with 2 columns: a, b."


def test_no_rows_is_said() -> None:
    assert sentence(pd.DataFrame({"a": []})) == "No rows match."


def test_a_missing_cell_of_an_extension_type() -> None:
    assert sentence(pd.DataFrame({"a": pd.array([None], dtype="Int64")})) == "none"


def test_words_may_hold_the_numbers_of_the_question_only() -> None:
    assert words_grammar("no figures").startswith("start: WORDS\nWORDS: /[^0-9]+/ & ~")
    assert '"2024" | "3"' in words_grammar("what is new in pandas 3 since 2024?")


@pytest.mark.parametrize(
    ("question", "text", "allowed"),
    [
        ("why?", "It is fine.\nReally.", True),
        ("why?", "Since 7 days.", False),
        ("why?", "In January it rains.", False),
        ("why in january?", "In January it rains.", True),
        ("why?", "Since Monday.", False),
        ("since 2024-03-01 or 7?", "From 2024-03-01, then 7.", True),
        ("since 2024-03-01 or 7?", "2024-03-07", False),
        ("since 2024-03-01?", "2024", False),
        ("7 and 2024?", "7-2024", False),
        ("7 and 2024?", "72024", False),
        ("7 and 2024?", "7 of 2024.", True),
        ("7 and 2024?", "7 of March 2024.", False),
        ("1,000.5 at 12:30?", "use 1,000.5", True),
    ],
)
def test_numbers_and_dates_are_those_of_the_question(question: str, text: str, allowed: bool) -> None:
    tokens = llguidance.LLTokenizer("byte")
    grammar = llguidance.LLMatcher.grammar_from_lark(words_grammar(question))
    matcher = llguidance.LLMatcher(tokens, grammar, log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    found = tokens.tokenize_str(text)
    fits = matcher.validate_tokens(found) == len(found)
    assert (fits and matcher.consume_tokens(found) and matcher.is_accepting()) is allowed

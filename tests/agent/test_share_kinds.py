"""The kinds of shares: each is shown its own example, and a figure in percent is none that is asked for."""

from __future__ import annotations

import re

import llguidance
import pandas as pd
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.agent.examples.whole.above_share import above_share
from qwen_magics.agent.examples.whole.column_shares import column_shares
from qwen_magics.agent.examples.whole.flagged_amounts import flagged_amounts
from qwen_magics.agent.examples.whole.missing_share import missing_share
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import describe
from qwen_magics.tools.sql.grammar import select_grammar

_SHOPS = pd.DataFrame(
    {
        "shop": ["a", "b", "c", "a", "b", "c"] * 2,
        "region": ["north", "north", "south", "north", "north", "south"] * 2,
        "year": [2020, 2020, 2020, 2021, 2021, 2021] * 2,
        "quarter": [1] * 6 + [2] * 6,
        "revenue": [10.5, 90.0, 20.0, 30.5, 40.0, 50.0] * 2,
        "profit": [1.5, 9.0, 4.0, 3.5, 8.0, 5.0] * 2,
        "manager": ["Ann", None, "Bob", "Cid", None, None] * 2,
    }
)
_BILLS = pd.DataFrame({"client": ["x", "y", "z"], "amount": [10.5, 20.0, 70.0], "settled": [1, 0, 1]})


def _value(frame: pd.DataFrame, name: str, query: str) -> list[tuple[object, ...]]:
    with FrameDatabase({name: frame}) as db:
        return list(db.run(query).frame.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "What percentage of revenue was profit in 2021?",
            "SELECT 100.0 * SUM(profit) / SUM(revenue) FROM shops WHERE year = 2021",
        ),
        (
            "Profit as a share of revenue in the second quarter of 2020",
            "SELECT 1.0 * SUM(profit) / SUM(revenue) FROM shops WHERE year = 2020 AND quarter = 2",
        ),
        (
            "In 2020, what percentage of the takings (revenue and profit together) was profit?",
            "SELECT 100.0 * SUM(profit) / SUM(revenue + profit) FROM shops WHERE year = 2020",
        ),
    ],
)
def test_one_column_over_another(question: str, query: str) -> None:
    with FrameDatabase({"shops": _SHOPS}) as db:
        found = column_shares(question, db.tables)
        assert found is not None and found.query == query
        db.run(found.query)


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of shops had a revenue above 20?",
        "By how many percent did revenue and profit grow from 2020 to 2021?",
        "Which shops have more than 20 percent of revenue as profit?",
        "What percentage of revenue was profit on average?",
        "What percentage of revenue was profit in the shops that closed?",
        "What percentage of revenue was made in the north?",
    ],
)
def test_other_shares_are_not_of_columns(question: str) -> None:
    with FrameDatabase({"shops": _SHOPS}) as db:
        assert column_shares(question, db.tables) is None


@pytest.mark.parametrize(
    ("question", "shops"),
    [
        ("Which shops had more than 60 percent of their region's revenue in 2020?", {"b", "c"}),
        ("which shop made at least half of the total revenue of its region in 2021?", {"b", "c"}),
        ("Which shops had less than a quarter of their region's revenue in 2020?", {"a"}),
    ],
)
def test_above_a_share_of_the_group(question: str, shops: set[str]) -> None:
    with FrameDatabase({"shops": _SHOPS}) as db:
        found = above_share(question, db.tables)
        assert found is not None
        assert {row[0] for row in _value(_SHOPS, "shops", found.query)} == shops
        assert found.query in worked_query(question, db.tables)


@pytest.mark.parametrize(
    "question",
    [
        "Which shops had more than 60 percent of their region's revenue?",  # of which year?
        "Which shops had more than 60 percent of the revenue in 2020?",
        "Which shops had more revenue than 20 percent of their region's shops in 2020?",
        "Which shops had more than 60 percent of their region's revenue in 2020 and in 2021?",
    ],
)
def test_other_bounds_are_left_alone(question: str) -> None:
    with FrameDatabase({"shops": _SHOPS}) as db:
        assert above_share(question, db.tables) is None


def test_rows_of_each_group_without_a_value() -> None:
    with FrameDatabase({"shops": _SHOPS}) as db:
        found = missing_share("What percentage of the rows of each region have no manager?", db.tables)
        assert found is not None
        assert sorted(_value(_SHOPS, "shops", found.query)) == [("north", 50.0), ("south", 50.0)]
        again = missing_share(
            "what share of the shops from each of the regions was never led (no manager)?", db.tables
        )
        assert again is not None and "1.0 * SUM(CASE WHEN manager IS NULL" in again.query
        # Of all that have none, which part each region has.
        asked = "what percentage of all shops without a manager does each region have?"
        assert missing_share(asked, db.tables) is None
        assert missing_share("what percentage of shops in each region has no debts?", db.tables) is None


@pytest.mark.parametrize(
    ("question", "mark"),
    [
        ("Of all the money billed in bills, what percentage has been settled?", "1"),
        ("What percentage of the total amount of the bills is not yet settled?", "0"),
        ("what percentage of the amount is unsettled in bills?", "0"),
    ],
)
def test_amounts_by_a_mark(question: str, mark: str) -> None:
    with FrameDatabase({"bills": _BILLS}) as db:
        found = flagged_amounts(question.replace("billed ", ""), db.tables)
        assert found is not None
        part = f"100.0 * SUM(CASE WHEN settled = {mark} THEN amount ELSE 0 END) / SUM(amount)"
        assert found.query == f"SELECT {part} FROM bills"


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of the bills is settled?",
        "Of all bills, what percentage has been settled?",
        "What percentage of the amount is settled by each client?",
        "What percentage of the amount is settled within 30 days?",
        "What percentage of the amount above 15 is settled?",
    ],
)
def test_rows_by_a_mark_are_no_amounts(question: str) -> None:
    with FrameDatabase({"bills": _BILLS}) as db:
        assert flagged_amounts(question, db.tables) is None


def _shown(question: str) -> str:
    with FrameDatabase({"shops": _SHOPS}) as db:
        return nearest_sql(question, describe(db.tables), "DuckDB", db.tables[0])


def test_a_figure_in_percent_asks_for_no_share() -> None:
    assert "a known" not in _shown("Which shops had more than 20 percent of what the others had?")
    assert "above 20" in _shown("What percentage of the shops with a known revenue is above 20?")
    assert "above 10" not in _shown("What percentage of the shops is in the north?")
    assert "region = 'north'" in _shown("What percentage of the shops is in the north?")


def test_amounts_and_rows_have_examples_of_their_own() -> None:
    shown = _shown("What percentage of the total revenue came from the north?")
    assert "SUM(CASE WHEN region = 'north' THEN revenue ELSE 0 END) / SUM(revenue)" in shown


def test_the_largest_share_among_big_groups() -> None:
    shown = _shown(
        "Among regions with more than 1,000 rows, which has the largest share of shops in the north?"
    )
    assert re.search(r"HAVING COUNT\(\*\) > 1000 ORDER BY AVG\(CASE WHEN region = 'north'", shown)
    assert "HAVING" not in _shown(
        "Which region has the largest share of shops with more than 30 minutes of delay?"
    )


def test_the_factor_of_two_years() -> None:
    shown = _shown("By what factor did the revenue grow from 2020 to 2021?")
    assert (
        "SUM(CASE WHEN year = 2021 THEN revenue END) / SUM(CASE WHEN year = 2020 THEN revenue END)" in shown
    )
    assert "factor" not in _shown("By how many percent did the revenue grow from 2020 to 2021?")


def test_told_queries_can_be_written() -> None:
    with FrameDatabase({"shops": _SHOPS}) as db:
        lark = select_grammar(db.tables, dialect="duckdb")
        tokens = llguidance.LLTokenizer("byte")
        for question in (
            "Which shops had more than 60 percent of their region's revenue in 2020?",
            "What percentage of the rows of each region have no manager?",
            "What percentage of revenue was profit in 2021?",
        ):
            grammar = llguidance.LLMatcher.grammar_from_lark(lark)
            query = worked_query(question, db.tables).split("```sql\n")[1].removesuffix("\n```")
            written = tokens.tokenize_str(query)
            assert llguidance.LLMatcher(tokens, grammar, log_level=0).validate_tokens(written) == len(written)

"""What was so on a day: the example, with the question's own day and the table's two dates."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.ended_later import ended_later
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.tools.schema import Column, Table, describe

_LETS = Table(
    "lets",
    (
        Column("let_id", "BIGINT", unique=True),
        Column("moved_in", "DATE"),
        Column("notice_due", "DATE"),
        Column("moved_out", "DATE", nulls=7),
    ),
    90,
)
_STAFF = Table(
    "staff",
    (Column("staff_id", "BIGINT", unique=True), Column("name", "VARCHAR"), Column("hired", "DATE")),
    40,
)


def _shown(question: str, table: Table, dialect: str = "DuckDB") -> str:
    text = nearest_sql(question, describe([table]), dialect, table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("How many lets were active on 15 March 2022?", "2022-03-15"),
        ("How many lets were still running at the end of 2021?", "2021-12-31"),
        ("How many lets were in force on March 1st, 2020?", "2020-03-01"),
        ("Number of lets that were occupied on 2023-02-28", "2023-02-28"),
        ("How many lets were in effect at the close of 2019?", "2019-12-31"),
        ("On 2nd of May 2022, how many lets were ongoing?", "2022-05-02"),
        ("How many lets began by 31 December 2023 and ended later or not at all?", "2023-12-31"),
        ("How many lets made by March 5, 2022 had not been ended by the end of that day?", "2022-03-05"),
        ("How many lets hadn't ended yet by 31 December 2023?", "2023-12-31"),
        ("How many lets had begun but were yet to be closed on 1 May 2021?", "2021-05-01"),
    ],
)
def test_begun_by_then_and_not_ended(question: str, day: str) -> None:
    assert _shown(question, _LETS) == (
        f"SELECT COUNT(*) FROM lets WHERE moved_in <= '{day}' AND (moved_out > '{day}' OR moved_out IS NULL)"
    )


@pytest.mark.parametrize(
    ("question", "day", "years"),
    [
        (
            "How many of the staff had been with us for ten years or more on 31 December 2024?",
            "2024-12-31",
            10,
        ),
        ("How many staff had been employed for at least 3 years at the end of 2023?", "2023-12-31", 3),
        ("Number of staff who had served twelve years or longer on 1 July 2020", "2020-07-01", 12),
    ],
)
def test_for_years_by_then(question: str, day: str, years: int) -> None:
    assert _shown(question, _STAFF) == (
        f"SELECT COUNT(*) FROM staff WHERE hired <= DATE '{day}' - INTERVAL '{years}' YEAR"
    )
    assert f"DATE('{day}', '-{years} years')" in _shown(question, _STAFF, "SQLite")


@pytest.mark.parametrize(
    "question",
    [
        "How many lets began in 2022?",
        "How many lets were there on 15 March 2022?",
        "How many lets are active?",
    ],
)
def test_other_questions(question: str) -> None:
    assert "moved_out IS NULL" not in _shown(question, _LETS)


def test_what_ended_later_had_not_ended_by_then() -> None:
    question = "How many lets begun by March 5, 2022 had not been ended by the end of that day?"
    code = "SELECT COUNT(*) FROM lets WHERE moved_in <= '2022-03-05' AND moved_out IS NULL"
    error = ended_later(question, [_LETS])(code)
    assert error is not None
    assert error.hint == "Write: " + code.replace("moved_out", "(moved_out > '2022-03-05' OR moved_out") + ")"
    whole = error.hint.removeprefix("Write: ")
    assert ended_later(question, [_LETS])(whole) is None
    assert ended_later("How many lets have no end?", [_LETS])(code) is None
    assert ended_later("How many lets were made on 5 March 2022?", [_LETS])(code) is None


@pytest.mark.parametrize(("word", "order"), [("fewest", ""), ("most", " DESC")])
def test_the_day_of_the_week_of_parts(word: str, order: str) -> None:
    parts = tuple(Column(name, "BIGINT") for name in ("year", "month", "day"))
    table = Table("walks", (*parts, Column("park", "VARCHAR")), 90)
    day = "DAYNAME(MAKE_DATE(year, month, day))"
    shown = _shown(f"On which day of the week are there the {word} @walks (year, month, day)?", table)
    assert shown == f"SELECT {day} AS weekday FROM walks GROUP BY {day} ORDER BY COUNT(*){order} LIMIT 1"

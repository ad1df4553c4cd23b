"""One number at two moments of a series, and what looks alike."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.tools.frames import FrameDatabase

_MACRO = pd.DataFrame(
    {"year": [1990] * 4 + [1991] * 4, "quarter": [1.0, 2, 3, 4] * 2, "wages": range(10, 18), "rate": range(8)}
)
_SHARES = pd.DataFrame(
    {
        "firm": ["ABC"] * 4 + ["XYZ"] * 4,
        "day": pd.to_datetime(["2001-01-01", "2002-01-01", "2003-01-01", "2004-01-01"] * 2),
        "quote": [10.0, 20, 30, 40, 1, 2, 3, 4],
    }
)
_RAIN = pd.DataFrame({"year": [2000] * 12, "month": range(1, 13), "mm": range(12)})
_CITIES = pd.DataFrame(
    {"city": ["Rome", "Oslo"] * 4, "year": [1990] * 8, "quarter": [1, 1, 2, 2, 3, 3, 4, 4], "rent": range(8)}
)


def _told(question: str) -> tuple[str, object]:
    frames = {"macro": _MACRO, "shares": _SHARES, "rain": _RAIN, "cities": _CITIES}
    with FrameDatabase(frames) as database:
        found = spelled_out(question, database.tables, database.dialect)
        if found is None:
            return "", None
        return found.query, database.run(found.query).frame.iat[0, 0]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (
            "By how many points did macro wages rise from the first quarter of 1990 to Q4 1991?",
            7,
        ),
        ("By how much did wages in macro change between Q2 1990 and Q1 1991?", 3),
        (
            "By how much did the rate in macro fall from the second quarter of 1991 to Q3 1991?",
            -1,
        ),
        ("By what percentage did wages of macro grow from Q1 1990 to Q1 1991?", 40.0),
        ("By how much did mm rise from March 2000 to May 2000 in rain?", 2),
        ("By how much did the quote of ABC rise from 2001-01-01 to 2003-01-01 in shares?", 20.0),
        ("By how much did rent in Rome rise from Q1 1990 to Q4 1990 in cities?", 6),
        (
            "If I had put 1000 dollars into XYZ at its quote of 2001-01-01, what would they have been "
            "worth at the quote of 2004-01-01, going by shares?",
            4000.0,
        ),
        (
            "If you had invested $500 in ABC at the quote of 2002-01-01, how much would it have been "
            "worth at the quote of 2004-01-01 in shares?",
            1000.0,
        ),
    ],
)
def test_what_is_told(question: str, value: float) -> None:
    query, result = _told(question)
    assert result == value, query


@pytest.mark.parametrize(
    "question",
    [
        "By how much did wages rise on average from Q1 1990 to Q4 1991 in macro?",
        "In how many quarters did wages rise from Q1 1990 to Q4 1991 in macro?",
        "By how much did rent rise from Q1 1990 to Q4 1990 in cities?",
        "By how much did the rent of each city rise from Q1 1990 to Q4 1990 in cities?",
        "By how much did the quote rise from 2001-01-01 to 2003-01-01 in shares?",
        "Which firm had the quote that rose most from 2001-01-01 to 2003-01-01 in shares?",
        "By how much did real wages after tax rise from Q1 1990 to Q4 1991 in macro?",
        "By how much did wages and the rate rise from Q1 1990 to Q4 1991 in macro?",
        "By how much did total wages rise from 1990 to 1991 in macro?",
        "If I had put 1000 dollars into each firm at its quote of 2001-01-01, what would they have been "
        "worth at the quote of 2004-01-01 in shares?",
        "If I had put 1000 dollars into ABC and XYZ at the quote of 2001-01-01, what would they have been "
        "worth at the quote of 2004-01-01 in shares?",
        "If I had put 1000 dollars into ABC at its quote of 2001-01-01, after 2 percent of fees, what would "
        "they have been worth at the quote of 2004-01-01 in shares?",
        "By how much did the mm rise from March 2000 to May 2000 without April in rain?",
    ],
)
def test_what_is_another_kind(question: str) -> None:
    assert _told(question) == ("", None)

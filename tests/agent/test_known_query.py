"""A query that a check knows is run as it stands; the model need not copy it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from qwen_magics.agent import Answer, Request, answer

Make = Callable[..., Any]
_QUESTION = "What is the largest number of days in a row with rain as sky in @days?"
_WRONG = "SELECT COUNT(*) FROM days WHERE sky = 'rain'"


def _days() -> pd.DataFrame:
    sky = ["rain", "sun", "rain", "rain", "rain", "sun", "rain", "sun"]
    return pd.DataFrame({"day": pd.date_range("2026-01-01", periods=len(sky)), "sky": sky})


def _run(session: Any, **more: Any) -> Answer:
    return answer(Request(_QUESTION, {"days": _days()}, **more), lambda event: None, session)


def test_it_stands_where_the_models_next_would(scripted: Make) -> None:
    session = scripted(_WRONG)
    result = _run(session, route="sql")
    assert result.value == 3
    assert len(session.model().sent) == 1
    assert result.trace is not None
    told = next(span for span in result.trace.spans if span.kind == "retry")
    assert str(told.data["reason"]).startswith("Asked for is: ")


def test_after_a_pandas_program_it_is_run_as_sql(scripted: Make) -> None:
    session = scripted("result = int((days['sky'] == 'rain').sum())", _WRONG)
    result = _run(session)
    assert result.value == 3
    assert result.code.startswith("SELECT")


def test_what_the_model_has_right_stays(scripted: Make) -> None:
    right = (
        "SELECT MAX(n) AS longest FROM (SELECT COUNT(*) AS n FROM (SELECT CAST(day AS DATE) - "
        "CAST(ROW_NUMBER() OVER (ORDER BY day) AS INTEGER) AS run FROM days WHERE sky = 'rain') AS s "
        "GROUP BY run) AS runs"
    )
    result = _run(scripted(right), route="sql")
    assert result.value == 3 and "longest" in result.code

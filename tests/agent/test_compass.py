"""Directions and the signs of coordinates."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.compass import compass


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        ("towns east of longitude 8", "SELECT 1 FROM t WHERE longitude < 8", "Write longitude > 8."),
        ("towns west of -3.5", "SELECT 1 FROM t WHERE lon >= -3.5", "Write lon < -3.5."),
        ("ports north of 60 degrees", 'result = t[t["lat"] < 60]', "Write lat > 60."),
        ("ports south of 60 degrees", 'result = t[t["lat"] < 60]', ""),
        ("between north of 50 and south of 60", "SELECT 1 FROM t WHERE lat > 50 AND lat < 60", ""),
        ("ports with a latitude below 60", "SELECT 1 FROM t WHERE latitude < 60", ""),
        ("east of the river", "SELECT 1 FROM t WHERE platform < 8", ""),
    ],
)
def test_the_side_that_is_meant(question: str, code: str, hint: str) -> None:
    error = compass(question)(code)
    assert (error.hint if error is not None else "") == hint

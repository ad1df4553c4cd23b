"""Factors that are given in percent, and those that are not."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.hundredfold import hundredfold

_ASKED = "By what factor did the milk of the North exceed that of the South?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SELECT 100.0 * SUM(a) / SUM(b) FROM farms", "SELECT 1.0 * SUM(a) / SUM(b) FROM farms"),
        ("SELECT 1.0 * SUM(a) / SUM(b) * 100 FROM farms", "SELECT 1.0 * SUM(a) / SUM(b) FROM farms"),
    ],
)
def test_without_the_hundred(written: str, meant: str) -> None:
    """The query comes back as a ratio."""
    error = hundredfold(_ASKED, written)
    assert error is not None
    assert error.hint == f"Write: {meant}"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (_ASKED, "SELECT 1.0 * SUM(a) / SUM(b) FROM farms WHERE cows > 100"),
        ("What percent of the milk is from the North?", "SELECT 100.0 * SUM(a) / SUM(b) FROM farms"),
        (f"{_ASKED} In percent, please.", "SELECT 100.0 * SUM(a) / SUM(b) FROM farms"),
        (_ASKED, "result = 1"),
    ],
)
def test_left_alone(question: str, code: str) -> None:
    """Percent that is asked for, and a hundred that is something else."""
    assert hundredfold(question, code) is None

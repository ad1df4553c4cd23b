"""Questions of kinds that handbooks of SQL and pandas list, all written before any model saw them.

They say whether a worked example of a kind is of use beyond the words that it was written for.
"""

from __future__ import annotations

from evals.kinds import groups, measures, series
from evals.question import Category, Question

__all__ = ["QUESTIONS"]

QUESTIONS: tuple[tuple[Category, Question], ...] = (*groups.QUESTIONS, *series.QUESTIONS, *measures.QUESTIONS)

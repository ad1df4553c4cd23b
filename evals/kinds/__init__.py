"""Questions of kinds that handbooks of SQL and pandas list, and two modules of mixed ones by authors who did
not know where the agent fails. All were written before any model saw them.

They say whether a worked example of a kind is of use beyond the words that it was written for.
"""

from __future__ import annotations

from evals.kinds import groups, measures, mixed_databases, mixed_frames, series
from evals.question import Category, Question

__all__ = ["QUESTIONS"]

MODULES = (groups, series, measures, mixed_frames, mixed_databases)
QUESTIONS: tuple[tuple[Category, Question], ...] = tuple(
    question for module in MODULES for question in module.QUESTIONS
)

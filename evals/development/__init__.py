"""Questions written after the suite, all of them before any model had seen one.

Each module has `QUESTIONS`, pairs of a category and a question. `evals.suite.part` halves them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from evals.question import CATEGORIES, Category, Question

__all__ = ["MODULES", "groups"]

MODULES = ("packaged", "wholesale")


def groups() -> Iterator[tuple[Category, tuple[Question, ...]]]:
    """The questions of each category of each module: a new module moves none of another to the other half."""
    for module in MODULES:
        questions: tuple[tuple[Category, Question], ...] = import_module(f"{__name__}.{module}").QUESTIONS
        for category in CATEGORIES:
            yield category, tuple(question for found, question in questions if found == category)

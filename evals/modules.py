"""Questions that a package keeps in modules of its own, gathered by category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module

from evals.question import CATEGORIES, Category, Question

__all__ = ["Groups", "gathered"]

Groups = Iterator[tuple[Category, tuple[Question, ...]]]


def gathered(package: str, modules: Sequence[str]) -> Groups:
    """The questions of each category of each module: a new module moves none of another to the other half.

    Args:
        modules: each has `QUESTIONS`, pairs of a category and a question.
    """
    for module in modules:
        questions: tuple[tuple[Category, Question], ...] = import_module(f"{package}.{module}").QUESTIONS
        for category in CATEGORIES:
            yield category, tuple(question for found, question in questions if found == category)

"""Questions over tables of installed packages (`evals.packages`), a module per category."""

from __future__ import annotations

from evals.development.packaged import (
    ambiguous,
    dates,
    filtering,
    grouping,
    joining,
    multistep,
    ratios,
    reshaping,
    statistics,
    texts,
    unanswerable,
    windows,
)
from evals.question import Category, Question

__all__ = ["QUESTIONS"]

_BY_CATEGORY: dict[Category, tuple[Question, ...]] = {
    "filter": filtering.QUESTIONS,
    "group": grouping.QUESTIONS,
    "join": joining.QUESTIONS,
    "ratio": ratios.QUESTIONS,
    "date": dates.QUESTIONS,
    "window": windows.QUESTIONS,
    "text": texts.QUESTIONS,
    "reshape": reshaping.QUESTIONS,
    "statistics": statistics.QUESTIONS,
    "multi-step": multistep.QUESTIONS,
    "ambiguous": ambiguous.QUESTIONS,
    "unanswerable": unanswerable.QUESTIONS,
}
QUESTIONS: tuple[tuple[Category, Question], ...] = tuple(
    (category, question) for category, questions in _BY_CATEGORY.items() for question in questions
)

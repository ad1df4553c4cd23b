"""The questions about the wholesaler's database, all written before any model had seen one of them."""

from __future__ import annotations

from evals.development import wholesale_joins, wholesale_simple
from evals.question import Category, Question

__all__ = ["QUESTIONS"]

QUESTIONS: tuple[tuple[Category, Question], ...] = tuple(
    (category, question)
    for category, questions in (wholesale_joins.QUESTIONS | wholesale_simple.QUESTIONS).items()
    for question in questions
)

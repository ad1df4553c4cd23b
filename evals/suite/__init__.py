"""The questions by category, and which third of them is unseen.

All were written before any model had seen them. The unseen third is fixed by a hash of the key within each
category, so nobody chose it; it is run after the last change that the others led to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import import_module
from typing import Literal

from evals.question import Category, Question

__all__ = ["PARTS", "Part", "by_category", "part"]

Part = Literal["tuning", "unseen"]
PARTS: tuple[Part, ...] = ("tuning", "unseen")
_MODULES: dict[Category, str] = {
    "filter": "filtering",
    "group": "grouping",
    "join": "joining",
    "ratio": "ratios",
    "date": "dates",
    "window": "windows",
    "text": "texts",
    "reshape": "reshaping",
    "statistics": "statistics",
    "multi-step": "multistep",
    "ambiguous": "ambiguous",
    "unanswerable": "unanswerable",
    "api-read": "api_reads",
    "api-write": "api_writes",
}


def by_category() -> dict[Category, tuple[Question, ...]]:
    """All questions."""
    return {name: import_module(f"evals.suite.{module}").QUESTIONS for name, module in _MODULES.items()}


def part(wanted: Part) -> Iterator[tuple[Category, Question]]:
    """The questions of the tuning part or of the unseen third, each with its category."""
    for category, questions in by_category().items():
        shuffled = sorted(questions, key=lambda question: _digest(question.key))
        unseen = shuffled[: round(len(questions) / 3)]
        for question in questions:
            if (question in unseen) == (wanted == "unseen"):
                yield category, question


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

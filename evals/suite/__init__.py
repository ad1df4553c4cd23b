"""The questions by category, and which third of them is unseen.

All were written before any model had seen them. The unseen third is fixed by a hash of the key within each
category, so nobody chose it; it is run after the last change that the others led to. The later questions of
`evals.development`, `evals.further` and `evals.later` are halved in the same way: into `development`,
`further` and `later`, whose failures are looked at, and `held`, `sealed` and `reserved`. `kinds` are all of
`evals.kinds`, `added` all of `evals.added`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Literal

from evals import added, development, further, kinds, later
from evals.question import Category, Question

__all__ = ["PARTS", "Part", "by_category", "part"]

Part = Literal[
    "tuning", "unseen", "development", "held", "further", "sealed", "later", "reserved", "kinds", "added"
]
PARTS: tuple[Part, ...] = Part.__args__  # type: ignore[attr-defined]
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

# The package of a half, and whether the hashes draw it.
_HALVED = {
    "development": (development, False),
    "held": (development, True),
    "further": (further, False),
    "sealed": (further, True),
    "later": (later, False),
    "reserved": (later, True),
}


def by_category() -> dict[Category, tuple[Question, ...]]:
    """All questions of the suite; the later ones are not among them."""
    return {name: import_module(f"evals.suite.{module}").QUESTIONS for name, module in _MODULES.items()}


def part(wanted: Part) -> Iterator[tuple[Category, Question]]:
    """The questions of a part, each with its category."""
    if wanted == "kinds":
        return iter(kinds.QUESTIONS)
    if wanted == "added":
        return ((category, question) for category, found in added.groups() for question in found)
    if wanted in ("tuning", "unseen"):
        return _split(by_category().items(), 3, drawn=wanted == "unseen")
    package, drawn = _HALVED[wanted]
    return _split(package.groups(), 2, drawn=drawn)


def _split(
    groups: Iterable[tuple[Category, Sequence[Question]]], parts: int, *, drawn: bool
) -> Iterator[tuple[Category, Question]]:
    """Of each group the one of `parts` parts that the hashes draw, or what they leave."""
    for category, questions in groups:
        shuffled = sorted(questions, key=lambda question: _digest(question.key))
        chosen = shuffled[: round(len(questions) / parts)]
        for question in questions:
            if (question in chosen) == drawn:
                yield category, question


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

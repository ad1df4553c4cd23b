"""Questions written after the suite, all of them before any model had seen one.

Each module has `QUESTIONS`, pairs of a category and a question. `evals.suite.part` halves them.
"""

from __future__ import annotations

from evals.modules import Groups, gathered

__all__ = ["MODULES", "groups"]

MODULES = ("packaged", "wholesale")


def groups() -> Groups:
    """The questions of each category of each module."""
    return gathered(__name__, MODULES)

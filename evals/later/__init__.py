"""Questions by authors who knew neither the agent nor where it fails, written after those of `evals.further`.

Each module has `QUESTIONS`, pairs of a category and a question, four of each category of data.
"""

from __future__ import annotations

from evals.modules import Groups, gathered

__all__ = ["MODULES", "groups"]

MODULES = ("packaged", "samples", "databases")


def groups() -> Groups:
    """The questions of each category of each module."""
    return gathered(__name__, MODULES)

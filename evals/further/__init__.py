"""Questions written last, by authors who did not know where the agent fails; none had been asked of a model.

Each module has `QUESTIONS`, pairs of a category and a question, four of each category of data.
`evals.suite.part` halves them: of `sealed` nothing but counts was looked at, not even the texts.
"""

from __future__ import annotations

from evals.modules import Groups, gathered

__all__ = ["MODULES", "groups"]

MODULES = ("packaged", "samples", "databases")


def groups() -> Groups:
    """The questions of each category of each module."""
    return gathered(__name__, MODULES)

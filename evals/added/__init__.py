"""Questions by authors who knew neither the agent nor where it fails, written after those of `evals.later`.

Mostly of the kinds that are hard for small models: windows, tables laid out anew, several steps, statistics,
joins, shares. All of them are looked at. Each module has `QUESTIONS`, pairs of a category and a question.
"""

from __future__ import annotations

from evals.modules import Groups, gathered

__all__ = ["MODULES", "groups"]

MODULES = (
    "packaged",
    "samples",
    "databases",
    "frames_again",
    "samples_again",
    "databases_again",
    "siblings_plain",
    "siblings_joined",
    "siblings_staged",
    "siblings_open",
    "siblings_more",
    "siblings_others",
    "siblings_later",
    "siblings_last",
    "natural",
    "siblings_rows",
    "siblings_time",
    "siblings_shapes",
    "siblings_ranks",
    "siblings_names",
    "siblings_rare",
    "natural_again",
    "siblings_fresh",
    "natural_more",
)


def groups() -> Groups:
    """The questions of each category of each module."""
    return gathered(__name__, MODULES)

"""Checks that speak once: one whose hint did not help must not keep sending the model back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

from qwen_magics.errors import QueryError

__all__ = ["once", "silent"]

_P = ParamSpec("_P")


def once(check: Callable[_P, QueryError | None]) -> Callable[_P, QueryError | None]:
    """The same check until it has returned an error, from then on None.

    >>> check = once(lambda code: QueryError("other_date", "That is another day.") if "day" in code else None)
    >>> [check(code) is None for code in ("SELECT 1", "SELECT day", "SELECT day")]
    [True, False, True]
    """
    told = False

    @functools.wraps(check)
    def first(*args: _P.args, **kwargs: _P.kwargs) -> QueryError | None:
        nonlocal told
        problem = None if told else check(*args, **kwargs)
        told = told or problem is not None
        return problem

    return first


def silent(*_: object) -> None:
    """The check of a question that it has nothing to say about."""

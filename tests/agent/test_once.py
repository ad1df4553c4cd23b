"""A check that has spoken keeps quiet."""

from __future__ import annotations

import doctest

import pytest

from qwen_magics.agent.checks import once as module
from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError


def test_its_example() -> None:
    assert doctest.testmod(module).failed == 0


def test_it_waits_until_there_is_something_to_say() -> None:
    seen = []

    @once
    def check(result: int, code: str) -> QueryError | None:
        seen.append((result, code))
        return QueryError("several", code) if result > 1 else None

    assert check(1, "a") is None
    assert check(1, "b") is None
    problem = check(2, "c")
    assert problem is not None
    assert problem.message == "c"
    assert check(3, "d") is None
    assert check(1, "e") is None
    assert seen == [(1, "a"), (1, "b"), (2, "c")]


def test_each_speaks_for_itself() -> None:
    def check(code: str) -> QueryError | None:
        return QueryError("several", code)

    one, two = once(check), once(check)
    assert one("a") is not None
    assert one("a") is None
    assert two("a") is not None


def test_what_it_raises_is_not_taken_for_speech() -> None:
    said = iter([ValueError("odd"), None])

    @once
    def check(code: str) -> QueryError | None:
        if (problem := next(said)) is not None:
            raise problem
        return QueryError("several", code)

    with pytest.raises(ValueError, match="odd"):
        check("a")
    assert check("a") is not None


@pytest.mark.parametrize("arguments", [("SELECT 1",), (None, "SELECT 1")])
def test_silence(arguments: tuple[object, ...]) -> None:
    check = silent
    assert [check(*arguments), check(*arguments)] == [None, None]

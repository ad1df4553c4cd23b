"""Answers that go round in a loop are ended; lists of equal rows are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.engine.choosing import Chooser
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.repetition import goes_round
from qwen_magics.engine.sampling import check_params
from qwen_magics.errors import ConfigError

BLOCK = list(range(10, 22))


@pytest.mark.parametrize(
    ("tokens", "times", "found"),
    [
        ([1, 2, *BLOCK * 3], 3, True),
        ([1, 2, *BLOCK * 3], 4, False),
        ([*BLOCK * 3, 7], 3, False),
        ([5] * 40, 4, True),  # eight equal ones, four times
        ([5, 6] * 8, 4, False),
        (BLOCK, 2, False),
        ([], 2, False),
    ],
)
def test_the_same_tokens_over_and_over(tokens: list[int], times: int, found: bool) -> None:
    assert goes_round(tokens, times) is found


@given(
    before=st.lists(st.integers(0, 50), max_size=30),
    block=st.lists(st.integers(0, 50), min_size=8, max_size=64),
    times=st.integers(2, 5),
)
def test_whatever_stands_before_it(before: list[int], block: list[int], times: int) -> None:
    assert goes_round([*before, *block * times], times)


@given(tokens=st.lists(st.integers(0, 10_000), max_size=200, unique=True), times=st.integers(2, 5))
def test_tokens_that_differ_are_no_loop(tokens: list[int], times: int) -> None:
    assert not goes_round(tokens, times)


@pytest.mark.parametrize(
    ("repeats", "reason", "length"), [(3, "repetition", 3 * len(BLOCK)), (0, "length", 50)]
)
def test_an_answer_ends_where_it_goes_round(repeats: int, reason: str, length: int) -> None:
    chooser, ended = Chooser(SamplingParams(max_tokens=50, repeats=repeats), [1], frozenset()), None
    while ended is None:
        logits = np.zeros(30, dtype=np.float32)
        logits[BLOCK[len(chooser.tokens) % len(BLOCK)]] = 9.0
        _, ended = chooser.choose(logits)
    assert (ended, len(chooser.tokens)) == (reason, length)


def test_once_is_no_repetition() -> None:
    with pytest.raises(ConfigError, match=r"repeats is 1; it must be 0 \(off\), or 2 or more"):
        check_params(SamplingParams(repeats=1))

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.engine.step_cost import StepCost

_USUAL = StepCost().per_row(100)


def test_the_cost_of_a_row_follows_what_was_measured() -> None:
    cost = StepCost()
    for rows in (2, 4, 8) * 100:
        cost.observe(rows, 0.5 + 0.25 * (rows - 2), 100)
    assert cost.per_row(100) == pytest.approx(0.5, rel=0.1)


def test_steps_of_one_length_say_nothing_of_rows_however_slow_they_are() -> None:
    cost = StepCost()
    for number in range(1000):
        cost.observe(2, 0.03 if number < 500 else 0.09, 100)
    assert cost.per_row(100) == pytest.approx(_USUAL)


def test_a_longer_context_is_not_taken_for_a_cheaper_row() -> None:
    cost = StepCost()
    for _ in range(200):
        cost.observe(2, 0.02, 128)
        cost.observe(6, 0.03, 128)
    for _ in range(5):
        cost.observe(2, 0.06, 16_000)
        cost.observe(4, 0.09, 16_000)
    assert cost.per_row(128) == pytest.approx(0.125, rel=0.05)
    assert 0.15 < cost.per_row(16_000) < 0.25


@given(
    st.lists(
        st.tuples(st.integers(1, 5).map(lambda n: 2 * n), st.floats(1e-4, 10), st.integers(0, 40_000)),
        max_size=60,
    )
)
def test_any_measurement_leaves_a_usable_cost(steps: list[tuple[int, float, int]]) -> None:
    cost = StepCost()
    for rows, seconds, context in steps:
        cost.observe(rows, seconds, context)
        assert 0.01 <= cost.per_row(context) < 1e6

"""Filters and draws against their formulas."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.sampling import Sampler, check_params, filtered
from qwen_magics.errors import ConfigError, EngineError

# Few distinct values on purpose: ties are where filters go wrong. Steps of 1/16, because differences under
# float32's resolution of exp are ties to the code and none to the reference.
logits_strategy = st.lists(
    st.one_of(st.sampled_from([-2.0, 0.0, 1.0, 3.0]), st.integers(-480, 480).map(lambda step: step / 16)),
    min_size=1,
    max_size=40,
).map(lambda values: np.array(values, dtype=np.float32))
params_strategy = st.builds(
    SamplingParams,
    temperature=st.floats(0.05, 5.0),
    top_k=st.integers(0, 45),
    top_p=st.floats(0.01, 1.0),
    min_p=st.floats(0.0, 1.0),
    seed=st.integers(0, 2**32),
)


def normalised(
    logits: NDArray[np.float32], params: SamplingParams
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    ids, weights = filtered(logits, params)
    ids = np.arange(len(logits)) if ids is None else ids
    return ids, weights.astype(np.float64) / weights.sum(dtype=np.float64)


def reference(logits: NDArray[np.float32], params: SamplingParams) -> dict[int, float]:
    """The documented formulas, one token at a time, without any shortcut."""
    z = [float(value) / params.temperature for value in logits]
    top = max(z)
    weights = {i: math.exp(value - top) for i, value in enumerate(z)}
    ranked = sorted(weights, key=lambda i: (-weights[i], i))
    if params.top_k:
        ranked = ranked[: params.top_k]
    if params.top_p < 1.0:
        total, reached, nucleus = sum(weights[i] for i in ranked), 0.0, []
        for i in ranked:
            nucleus.append(i)
            reached += weights[i]
            if reached >= params.top_p * total:
                break
        ranked = nucleus
    ranked = [i for i in ranked if weights[i] >= params.min_p * weights[ranked[0]]]
    total = sum(weights[i] for i in ranked)
    return {i: weights[i] / total for i in ranked}


@given(logits_strategy, params_strategy)
def test_filters_follow_their_formulas(logits: NDArray[np.float32], params: SamplingParams) -> None:
    ids, probabilities = normalised(logits, params)
    actual = dict(zip(ids.tolist(), probabilities.tolist(), strict=True))
    # Sums in another order may put the last member of a set on either side of its border: then the reference
    # with the border moved by a rounding error must agree.
    moved = [
        replace(params, top_p=min(1.0, params.top_p * p), min_p=min(1.0, params.min_p * m))
        for p in (1, 1 - 2e-5, 1 + 2e-5)
        for m in (1, 1 - 2e-5, 1 + 2e-5)
    ]
    assert any(actual == pytest.approx(reference(logits, near), rel=5e-5, abs=1e-9) for near in moved)


@given(logits_strategy, params_strategy)
def test_something_always_survives_and_sums_to_one(
    logits: NDArray[np.float32], params: SamplingParams
) -> None:
    ids, probabilities = normalised(logits, params)
    assert len(ids) >= 1
    assert probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert int(logits.argmax()) in ids


@given(logits_strategy, params_strategy)
def test_same_seed_draws_the_same_tokens(logits: NDArray[np.float32], params: SamplingParams) -> None:
    first, second = Sampler(params), Sampler(params)
    assert [first.pick(logits) for _ in range(5)] == [second.pick(logits) for _ in range(5)]


@given(logits_strategy, st.data())
def test_a_refused_token_is_never_drawn(logits: NDArray[np.float32], data: st.DataObject) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=len(logits), max_size=len(logits)).filter(any))
    allowed = np.array(flags)
    temperature = data.draw(st.sampled_from([0.0, 0.5, 2.0]))
    sampler = Sampler(SamplingParams(temperature=temperature, seed=1, top_p=0.9))
    assert all(allowed[sampler.pick(logits, allowed)] for _ in range(5))


def test_draws_follow_the_distribution() -> None:
    logits = np.log(np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32))
    sampler = Sampler(SamplingParams(temperature=1.0, seed=7))
    counts = np.bincount([sampler.pick(logits) for _ in range(20_000)], minlength=4)
    assert counts / 20_000 == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.015)


def test_draws_over_many_blocks_follow_the_distribution() -> None:
    probabilities = np.full(2_000, 0.1 / 1_997)
    probabilities[[3, 700, 1999]] = 0.2, 0.3, 0.4
    sampler = Sampler(SamplingParams(temperature=1.0, seed=7))
    logits = np.log(probabilities).astype(np.float32)
    counts = np.bincount([sampler.pick(logits) for _ in range(10_000)], minlength=2_000) / 10_000
    assert counts[[3, 700, 1999]] == pytest.approx([0.2, 0.3, 0.4], abs=0.02)
    assert np.count_nonzero(counts) > 500


def test_no_seed_draws_fresh() -> None:
    logits = np.zeros(10_000, dtype=np.float32)
    params = SamplingParams(temperature=1.0)
    draws = {tuple(Sampler(params).pick(logits) for _ in range(4)) for _ in range(3)}
    assert len(draws) > 1


def test_greedy_takes_the_first_of_equals() -> None:
    assert Sampler(SamplingParams()).pick(np.array([0, 5, 5], dtype=np.float32)) == 1


@pytest.mark.parametrize("temperature", [0.0, 1e-300, 1e-30, 1.0])
def test_extreme_logits_do_not_overflow(temperature: float) -> None:
    logits = np.array([-3e38, 3e38, 0], dtype=np.float32)
    assert Sampler(SamplingParams(temperature=temperature, seed=0)).pick(logits) == 1


def test_repetition_penalty_follows_its_formula() -> None:
    sampler = Sampler(SamplingParams(repetition_penalty=2.0), seen=[0])
    sampler.observe([1])
    scores = sampler.penalised(np.array([4.0, -4.0, 3.0], dtype=np.float32))
    assert scores.tolist() == [2.0, -8.0, 3.0]


def test_without_a_penalty_nothing_is_copied() -> None:
    logits = np.ones(3, dtype=np.float32)
    assert Sampler(SamplingParams(), seen=[0]).penalised(logits) is logits


def test_large_vocabulary_nucleus_equals_full_sort() -> None:
    logits = (np.random.default_rng(0).standard_normal(151_936) * 4).astype(np.float32)
    params = SamplingParams(temperature=0.8, top_p=0.95, top_k=500)
    ids, probabilities = normalised(logits, params)
    expected = reference(logits, params)
    assert ids.tolist() == list(expected)
    assert probabilities == pytest.approx(list(expected.values()), rel=1e-4)


@pytest.mark.parametrize("values", [[np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf]])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_broken_logits_are_an_error(values: list[float], temperature: float) -> None:
    with pytest.raises(EngineError, match="not a number"):
        Sampler(SamplingParams(temperature=temperature)).pick(np.array(values, dtype=np.float32))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("top_k", -1),
        ("top_p", 0.0),
        ("top_p", 1.1),
        ("min_p", -0.1),
        ("min_p", 2.0),
        ("repetition_penalty", 0.0),
        ("max_tokens", 0),
        ("seed", -1),
    ],
)
def test_meaningless_parameters_are_refused(field: str, value: float) -> None:
    with pytest.raises(ConfigError, match=f"{field} is"):
        check_params(replace(SamplingParams(), **{field: value}))

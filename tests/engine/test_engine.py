"""The engine on a tiny model: reuse, stopping, cancelling, failing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import ConfigError, ContextOverflowError, EngineError

Load = Callable[..., Engine]
PROMPT = [65, 66, 67, 68, 69, 70, 71, 72] * 5
SHORT = SamplingParams(max_tokens=12)
PLAIN = SamplingParams(max_tokens=12, speculate=False)

# Prompts that share prefixes of many lengths with each other, and answers that the next prompt contains.
turns = st.lists(
    st.tuples(st.integers(0, 60), st.lists(st.integers(0, 255), min_size=1, max_size=40)),
    min_size=2,
    max_size=5,
)


@pytest.fixture(scope="module")
def warm(tiny: Path) -> Engine:
    return Engine(tiny, provider="cpu", threads=1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=turns)
def test_reuse_changes_no_token(turns: list[tuple[int, list[int]]], warm: Engine, tiny: Path) -> None:
    history: list[int] = []
    for kept, fresh in turns:
        prompt = history[:kept] + fresh
        params = SamplingParams(max_tokens=6)
        reused = warm.generate(prompt, params)
        cold = Engine(tiny, provider="cpu", threads=1)
        assert reused.tokens == cold.generate(prompt, params).tokens
        assert reused.mean_logprob == cold.generate(prompt, params).mean_logprob
        history = prompt + reused.tokens


def test_usage_counts_exactly(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    first = engine.generate(PROMPT, SHORT)
    assert first.usage.prompt_tokens == len(PROMPT)
    assert first.usage.cached_tokens == 0
    assert first.usage.output_tokens == len(first.tokens)
    assert first.usage.forced_tokens == 0
    assert 0 < first.usage.prefill_s <= first.usage.time_to_first_token_s
    second = engine.generate([*PROMPT, 5, 6, 7], SHORT)
    assert second.usage.cached_tokens == len(PROMPT)
    assert engine.generate(PROMPT, SHORT).usage.cached_tokens == len(PROMPT) - 1


def test_chunks_change_nothing(tiny: Path, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = list(range(200))
    whole = load(tiny).generate(prompt, SHORT)
    for size in (2, 3, 7, 64, 199):
        engine = load(tiny)
        monkeypatch.setattr(engine, "_chunk", size)
        pieces = engine.generate(prompt, SHORT)
        assert (pieces.tokens, pieces.mean_logprob) == (whole.tokens, whole.mean_logprob)


def test_growth_keeps_the_cache(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    start = engine.generate(PROMPT, SHORT)
    long_prompt = PROMPT * 15
    grown = engine.generate(long_prompt, SHORT)
    assert grown.usage.cached_tokens == len(PROMPT)
    assert grown.tokens == load(tiny).generate(long_prompt, SHORT).tokens
    assert engine.generate(PROMPT, SHORT).tokens == start.tokens


def test_greedy_follows_the_logits(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    generation = engine.generate(PROMPT, SHORT)
    rows = load(tiny).logits(PROMPT + generation.tokens)
    assert rows.shape == (len(PROMPT) + len(generation.tokens), engine.vocab_size)
    assert rows.dtype == np.float32
    answer = rows[len(PROMPT) - 1 : -1]
    assert answer.argmax(axis=1).tolist() == generation.tokens
    exact = answer.astype(np.float64)
    logprobs = exact.max(axis=1) - np.log(np.exp(exact).sum(axis=1))
    assert generation.mean_logprob == pytest.approx(logprobs.mean(), abs=1e-3)
    assert generation.logprobs == pytest.approx(logprobs.tolist(), abs=1e-3)


def test_logits_equal_however_long_the_text(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    rows = engine.logits(PROMPT)
    assert np.array_equal(engine.logits(PROMPT + PROMPT)[: len(PROMPT)], rows)


def test_seed_reproduces(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    draws = [
        engine.generate(PROMPT, SamplingParams(temperature=1.5, seed=seed, max_tokens=10)).tokens
        for seed in (3, 3, 4)
    ]
    assert draws[0] == draws[1] != draws[2]


def test_stop_token_ends_and_is_left_out(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    tokens = engine.generate(PROMPT, SHORT).tokens
    stop = tokens[5]
    streamed: list[int] = []
    generation = engine.generate(
        PROMPT, SamplingParams(max_tokens=12, stop_tokens=frozenset([stop])), on_token=streamed.append
    )
    assert generation.tokens == streamed == tokens[: tokens.index(stop)]
    assert generation.finish_reason == "stop"


def test_length_limit(tiny: Path, load: Load) -> None:
    generation = load(tiny).generate(PROMPT, SamplingParams(max_tokens=1))
    assert (len(generation.tokens), generation.finish_reason) == (1, "length")


def test_overflow_is_refused_with_the_numbers(tiny: Path, load: Load) -> None:
    engine = load(tiny, context_length=64)
    with pytest.raises(ContextOverflowError, match=r"40 tokens.*25.*65.*64") as caught:
        engine.generate(PROMPT, SamplingParams(max_tokens=25))
    assert (caught.value.needed, caught.value.available) == (65, 64)
    # One token fewer fills the context to its last position.
    assert engine.generate(PROMPT, SamplingParams(max_tokens=24)).usage.prompt_tokens == 40


@pytest.mark.parametrize(
    ("prompt", "message"), [([], "no tokens"), ([5, 10**6], "ids outside"), ([-1], "outside")]
)
def test_impossible_prompts_are_refused(prompt: list[int], message: str, tiny: Path, load: Load) -> None:
    with pytest.raises(EngineError, match=message):
        load(tiny).generate(prompt)


def test_bad_parameters_are_refused_before_work(tiny: Path, load: Load) -> None:
    with pytest.raises(ConfigError, match="temperature"):
        load(tiny).generate(PROMPT, SamplingParams(temperature=-1))


def test_one_token_prompt(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    first = engine.generate([65], SHORT)
    engine.generate(PROMPT, SHORT)
    assert engine.generate([65], SHORT).tokens == first.tokens == load(tiny).generate([65], SHORT).tokens


@pytest.mark.parametrize("after", [0, 1, 4])
def test_cancel_honoured_within_one_token(after: int, tiny: Path, load: Load) -> None:
    engine, cancel = load(tiny), threading.Event()
    seen: list[int] = []

    def on_token(token: int) -> None:
        seen.append(token)
        if len(seen) == after:
            cancel.set()

    if after == 0:
        cancel.set()
    generation = engine.generate(PROMPT, SHORT, on_token=on_token, cancel=cancel)
    assert generation.finish_reason == "cancelled"
    assert generation.tokens == seen
    assert len(seen) == after
    assert engine.generate(PROMPT, SHORT).tokens == load(tiny).generate(PROMPT, SHORT).tokens


class SessionProxy:
    """A session whose n-th run from now does something else first."""

    def __init__(self, session: Any, nth: int, action: Callable[[], None]) -> None:
        self._session = session
        self._left = nth
        self._action = action

    def run_with_iobinding(self, binding: Any, options: Any) -> None:
        self._left -= 1
        if self._left == 0:
            self._action()
        self._session.run_with_iobinding(binding, options)


def sabotage(engine: Engine, nth: int, action: Callable[[], None]) -> None:
    forward: Any = engine._forward
    forward._session = SessionProxy(forward._session, nth, action)


# Runs 1 to 3 prefill 40 tokens in chunks of 16; later ones decode.
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 7])
def test_interrupt_stops_the_run_and_keeps_the_cache_valid(nth: int, tiny: Path, load: Load) -> None:
    engine = load(tiny)
    engine._chunk = 16
    expected = load(tiny).generate(PROMPT, SHORT).tokens
    sabotage(engine, nth, engine.interrupt)
    generation = engine.generate(PROMPT, PLAIN)
    assert generation.finish_reason == "cancelled"
    assert generation.tokens == expected[: max(0, nth - 3)]
    again = engine.generate(PROMPT, SHORT)
    assert again.tokens == expected
    assert again.usage.cached_tokens == min(16 * (nth - 1), len(PROMPT) - 1)


@pytest.mark.parametrize("nth", [1, 2, 5])
def test_a_failed_run_leaves_the_engine_usable(nth: int, tiny: Path, load: Load) -> None:
    def fail() -> None:
        msg = "[ONNXRuntimeError] : 6 : Failed to allocate memory for requested buffer of size 1"
        raise RuntimeError(msg)

    engine = load(tiny)
    engine._chunk = 16
    sabotage(engine, nth, fail)
    with pytest.raises(EngineError, match="Not enough memory"):
        engine.generate(PROMPT, SHORT)
    assert engine.generate(PROMPT, SHORT).tokens == load(tiny).generate(PROMPT, SHORT).tokens


def test_a_failing_callback_leaves_the_engine_usable(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    with pytest.raises(ZeroDivisionError):
        engine.generate(PROMPT, SHORT, on_token=lambda token: 1 // 0)
    assert engine.generate(PROMPT, SHORT).tokens == load(tiny).generate(PROMPT, SHORT).tokens


def test_interrupt_without_a_run_does_nothing(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    engine.interrupt()
    assert engine.generate(PROMPT, SHORT).finish_reason == "length"


def test_a_second_caller_waits(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    expected = {start: load(tiny).generate([start, *PROMPT], SHORT).tokens for start in range(4)}
    results: dict[int, list[int]] = {}

    def work(start: int) -> None:
        results[start] = engine.generate([start, *PROMPT], SHORT).tokens

    threads = [threading.Thread(target=work, args=(start,)) for start in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == expected


def test_a_waiting_caller_can_be_cancelled(tiny: Path, load: Load) -> None:
    engine, cancel, entered, leave = load(tiny), threading.Event(), threading.Event(), threading.Event()

    def hold(token: int) -> None:
        entered.set()
        leave.wait(10)

    holder = threading.Thread(target=engine.generate, args=(PROMPT, SHORT), kwargs={"on_token": hold})
    holder.start()
    try:
        assert entered.wait(10)
        cancel.set()
        waiting = engine.generate(PROMPT, SHORT, cancel=cancel)
    finally:
        leave.set()
        holder.join()
    assert (waiting.tokens, waiting.finish_reason) == ([], "cancelled")


def test_closed_engine_says_so(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    engine.close()
    engine.close()
    engine.interrupt()
    with pytest.raises(EngineError, match="closed"):
        engine.generate(PROMPT, SHORT)

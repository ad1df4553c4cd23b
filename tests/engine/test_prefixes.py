"""Several cached sequences: found, forked, evicted, and never able to change an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.engine.cache import KvCache, shared_prefix
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.prefixes import PrefixCache
from qwen_magics.engine.signature import KvSlot

Load = Callable[..., Engine]
SLOTS = (KvSlot("p", "q", heads=1, head_dim=1, dtype="float32"),)
SYSTEM = [7] * 10
ONE, TWO = [*SYSTEM, *range(20, 60)], [*SYSTEM, *range(120, 160)]
PARAMS = SamplingParams(max_tokens=8)


def sequence(tokens: list[int] | None = None) -> KvCache:
    made = KvCache(SLOTS, 10_000)
    made.extend(tokens or [])
    made.reserve(len(made))
    return made


def cache(budget: int = 1 << 30) -> PrefixCache:
    return PrefixCache(sequence, budget)


def fill(prefixes: PrefixCache, prompt: list[int]) -> KvCache:
    taken = prefixes.take(prompt)
    taken.reserve(len(prompt))
    taken.extend(prompt[len(taken) :])
    prefixes.trim()
    return taken


def test_another_question_on_the_same_tables_goes_on_in_place() -> None:
    prefixes = cache()
    first = fill(prefixes, [*ONE, 1, 2, 3])
    second = prefixes.take([*ONE, 9, 9])
    assert second is first and second.tokens == ONE
    assert len(prefixes.sequences) == 1


def test_a_shared_system_prompt_is_copied_and_the_other_tables_stay() -> None:
    prefixes = cache()
    first = fill(prefixes, [*ONE, 1])
    second = prefixes.take([*TWO, 1])
    assert second is not first and second.tokens == SYSTEM
    assert prefixes.take([*ONE, 2]).tokens == ONE
    assert len(prefixes.sequences) == 2


def test_the_same_prompt_again_leaves_one_token_to_compute() -> None:
    prefixes = cache()
    fill(prefixes, ONE)
    assert prefixes.take(ONE).tokens == ONE[:-1]


def test_an_unknown_prompt_gets_an_empty_sequence() -> None:
    prefixes = cache()
    fill(prefixes, ONE)
    assert prefixes.take([5, 6]).tokens == []
    assert [len(kept) for kept in prefixes.sequences] == [len(ONE), 0]


def test_the_least_recently_used_goes_first_and_the_one_in_use_stays() -> None:
    one_sequence = sequence(ONE).bytes
    prefixes = cache(budget=2 * one_sequence)
    for start in range(4):
        fill(prefixes, [1000 + start, *ONE])
    assert [kept.tokens[0] for kept in prefixes.sequences] == [1002, 1003]
    fill(prefixes, [1002, *ONE, 1])
    fill(prefixes, [1009])
    assert [kept.tokens[0] for kept in prefixes.sequences] == [1002, 1009]
    tight = cache(budget=1)
    taken = fill(tight, ONE)
    assert tight.sequences == [taken]


@given(one=st.lists(st.integers(0, 2)), other=st.lists(st.integers(0, 2)))
def test_the_shared_prefix_is_the_longest(one: list[int], other: list[int]) -> None:
    length = shared_prefix(one, other)
    assert one[:length] == other[:length]
    assert length == min(len(one), len(other)) or one[length] != other[length]


def test_a_fork_has_the_values_of_its_prefix_and_memory_of_its_own() -> None:
    first = sequence(list(range(300)))
    first.values[0].numpy()[0, 0, :300, 0] = range(300)
    fork = first.fork(270)
    assert fork.tokens == list(range(270)) and fork.capacity >= 270
    assert fork.values[0].numpy()[0, 0, :270, 0].tolist() == list(range(270))
    fork.values[0].numpy()[0, 0, 0, 0] = -1
    assert first.values[0].numpy()[0, 0, 0, 0] == 0
    assert sequence().fork(0).tokens == []


@settings(max_examples=15)
@given(
    turns=st.lists(
        st.tuples(st.sampled_from([ONE, TWO, SYSTEM]), st.lists(st.integers(0, 255), min_size=1, max_size=9)),
        min_size=2,
        max_size=8,
    )
)
def test_notebooks_that_take_turns_get_the_answers_of_a_cold_engine(
    turns: list[tuple[list[int], list[int]]], tiny_warm: Engine, tiny: Path
) -> None:
    cold = Engine(tiny, provider="cpu", threads=1)
    for tables, question in turns:
        prompt = [*tables, *question]
        cold._prefixes.clear()
        warm, fresh = tiny_warm.generate(prompt, PARAMS), cold.generate(prompt, PARAMS)
        assert (warm.tokens, repr(warm.mean_logprob)) == (fresh.tokens, repr(fresh.mean_logprob))


@pytest.fixture(scope="module")
def tiny_warm(tiny: Path) -> Engine:
    return Engine(tiny, provider="cpu", threads=1)


def test_two_notebooks_do_not_push_each_other_out(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    for tables in (ONE, TWO):
        engine.generate([*tables, 1], PARAMS)
    assert [engine.generate([*t, 2], PARAMS).usage.cached_tokens for t in (ONE, TWO, ONE)] == [50, 50, 50]


def test_the_cache_of_an_answer_is_reused_when_it_is_quoted(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    answer = engine.generate(ONE, PARAMS).tokens
    quoted = engine.generate([*ONE, *answer, 1, 2], PARAMS)
    # The last token of an answer is chosen and never run.
    assert quoted.usage.cached_tokens == len(ONE) + len(answer) - 1
    assert quoted.tokens == load(tiny).generate([*ONE, *answer, 1, 2], PARAMS).tokens

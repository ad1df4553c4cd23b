"""Speculation changes the number of steps and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qwen_magics.engine.drafting import Drafter, DraftMemory, NgramIndex
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import Generation, SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler

Load = Callable[..., Engine]
COPYING = [65, 66, 67, 68, 69, 70, 71, 72] * 5
GRAMMAR = 'start: ("count" | "flights" | " the" | /[a-z]/)* ";"'
relaxed = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def engine(tiny: Path) -> Engine:
    return Engine(tiny, provider="cpu", threads=1)


def same(one: Generation, other: Generation) -> bool:
    return (one.tokens, one.finish_reason, repr(one.mean_logprob), one.rejected_mass) == (
        other.tokens,
        other.finish_reason,
        repr(other.mean_logprob),
        other.rejected_mass,
    )


@relaxed
@given(
    prompt=st.lists(st.integers(0, 20), min_size=1, max_size=60),
    temperature=st.sampled_from([0.0, 0.7, 3.0]),
    seed=st.integers(0, 9),
    max_tokens=st.integers(1, 20),
    penalty=st.sampled_from([1.0, 1.3]),
    with_grammar=st.booleans(),
)
def test_every_token_and_probability_is_that_of_plain_decoding(
    prompt: list[int],
    temperature: float,
    seed: int,
    max_tokens: int,
    penalty: float,
    with_grammar: bool,
    engine: Engine,
    compiler: GrammarCompiler,
) -> None:
    params = SamplingParams(
        temperature=temperature, seed=seed, max_tokens=max_tokens, repetition_penalty=penalty
    )
    grammar = compiler.compile(GRAMMAR) if with_grammar else None
    fast = engine.generate(prompt, params, grammar=grammar)
    plain = engine.generate(prompt, replace(params, speculate=False), grammar=grammar)
    assert same(fast, plain)
    assert plain.usage.drafted_tokens == plain.usage.accepted_tokens == 0
    assert fast.usage.accepted_tokens <= fast.usage.drafted_tokens
    # Each accepted token saves a step, at most.
    assert plain.usage.steps - fast.usage.accepted_tokens <= fast.usage.steps <= plain.usage.steps


def test_an_answer_that_repeats_itself_takes_fewer_steps(tiny: Path, load: Load) -> None:
    engine, params = load(tiny), SamplingParams(max_tokens=64)
    plain = engine.generate(COPYING, replace(params, speculate=False))
    again = engine.generate(COPYING, params)
    assert again.tokens == plain.tokens
    assert again.usage.steps < plain.usage.steps == 63


def test_an_earlier_answer_is_drafted_from(tiny: Path, load: Load) -> None:
    engine, prompt = load(tiny), list(range(40, 90))
    # Hot enough not to repeat itself within one answer.
    params = [SamplingParams(temperature=3.0, seed=seed, max_tokens=40) for seed in range(4)]
    first = [engine.generate(prompt, one) for one in params]
    again = [engine.generate(prompt, one) for one in params]
    assert [one.tokens for one in again] == [one.tokens for one in first]
    assert sum(one.usage.accepted_tokens for one in again) > sum(one.usage.accepted_tokens for one in first)


def test_what_a_draft_left_behind_is_never_read(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    for length in range(1, 12):
        params = SamplingParams(max_tokens=length)
        warm = engine.generate(COPYING, params)
        longer = [*COPYING, *warm.tokens, 5]
        assert same(engine.generate(longer, params), load(tiny).generate(longer, params))


def test_a_full_context_leaves_no_room_for_drafts(tiny: Path, load: Load) -> None:
    engine = load(tiny, context_length=64)
    params = SamplingParams(max_tokens=24)
    fast = engine.generate(COPYING, params)
    assert fast.tokens == engine.generate(COPYING, replace(params, speculate=False)).tokens
    assert fast.usage.output_tokens == 24


@given(tokens=st.lists(st.integers(0, 3), max_size=40), most=st.integers(1, 8))
def test_a_continuation_stands_after_an_equal_run(tokens: list[int], most: int) -> None:
    index = NgramIndex(tokens)
    for length in (1, 2, 3):
        ngram = tokens[-length:]
        found = index.continuation(ngram, most)
        assert len(found) <= most
        places = [
            place
            for place in range(len(ngram), len(tokens))
            if ngram and tokens[place - len(ngram) : place] == ngram
        ]
        assert found == (tokens[places[-1] : places[-1] + most] if places else [])


def test_end_tokens_and_what_the_grammar_refuses_are_not_drafted(compiler: GrammarCompiler) -> None:
    matcher = compiler.compile('start: "ab" /[a-z]/ "d"').start()
    a, b, c, d, end = (*b"abcd", 300)
    drafter = Drafter([a, b, c, c, 0, a, end, b, 0], DraftMemory(), frozenset([end]))
    assert drafter.draft(8, matcher) == [a]
    free = Drafter([a, b, c, d, end, c, a, b], DraftMemory(), frozenset([end]))
    assert free.draft(8) == [c, d][: len(free.draft(8))] != []


def test_drafts_get_longer_with_success_and_shorter_without() -> None:
    def lengths(kept: bool) -> int:
        memory, prompt = DraftMemory(), [*range(30), 0, 1, 2]
        for _ in range(30):
            drafter = Drafter(prompt, memory, frozenset())
            drafted = drafter.draft(8)
            drafter.observe(len(drafted) if kept else 0)
        return len(drafted)

    assert (lengths(True), lengths(False)) == (7, 1)


def test_a_dear_row_shortens_drafts() -> None:
    memory, prompt = DraftMemory(), [*range(30), 0, 1, 2]
    for rows in (2, 3, 4, 6, 8) * 40:
        memory.cost.observe(rows, 0.02 * rows / 2, len(prompt))
    assert len(Drafter(prompt, memory, frozenset()).draft(8)) == 1

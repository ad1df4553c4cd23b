"""A batch gives the answers of single calls, whatever its size, and stops like them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.engine.batch import common_prefix
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import Generation, SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler
from qwen_magics.errors import ContextOverflowError, EngineError

Load = Callable[..., Engine]
TABLES = list(range(40, 80))
PROMPTS = [[*TABLES, *range(start, start + 3 + start % 5)] for start in range(80, 92)]
PARAMS = SamplingParams(max_tokens=9)
GRAMMAR = 'start: ("count" | "flights" | /[a-z]/)* ";"'


def essence(generation: Generation) -> tuple[list[int], str, str]:
    return generation.tokens, generation.finish_reason, repr(generation.mean_logprob)


def singly(engine: Engine, params: SamplingParams = PARAMS) -> list[tuple[list[int], str, str]]:
    return [essence(engine.generate(prompt, params)) for prompt in PROMPTS]


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 12, 32])
@pytest.mark.parametrize("temperature", [0.0, 2.0])
def test_every_answer_is_that_of_a_single_call(rows: int, temperature: float, tiny: Path, load: Load) -> None:
    params = replace(PARAMS, temperature=temperature, seed=3)
    told: dict[int, Generation] = {}
    answers = load(tiny).generate_batch(PROMPTS, params, rows=rows, on_answer=told.__setitem__)
    assert [essence(answer) for answer in answers] == singly(load(tiny), params)
    assert [told[number] for number in range(len(PROMPTS))] == answers


@settings(max_examples=15)
@given(
    shared=st.lists(st.integers(0, 255), max_size=30),
    rests=st.lists(st.lists(st.integers(0, 255), min_size=1, max_size=12), min_size=2, max_size=7),
    rows=st.integers(2, 6),
    max_tokens=st.integers(1, 8),
)
def test_prompts_of_any_shape(
    shared: list[int], rests: list[list[int]], rows: int, max_tokens: int, tiny_warm: Engine
) -> None:
    params = SamplingParams(max_tokens=max_tokens)
    prompts = [[*shared, *rest] for rest in rests]
    answers = tiny_warm.generate_batch(prompts, params, rows=rows)
    assert [a.tokens for a in answers] == [tiny_warm.generate(p, params).tokens for p in prompts]


@pytest.fixture(scope="module")
def tiny_warm(tiny: Path) -> Engine:
    return Engine(tiny, provider="cpu", threads=1)


def test_a_grammar_holds_in_every_row(tiny: Path, load: Load, compiler: GrammarCompiler) -> None:
    grammar, params = compiler.compile(GRAMMAR), SamplingParams(temperature=2.0, seed=1, max_tokens=12)
    together = load(tiny).generate_batch(PROMPTS, params, grammar=grammar)
    alone = [load(tiny).generate(prompt, params, grammar=grammar) for prompt in PROMPTS]
    assert [essence(one) for one in together] == [essence(one) for one in alone]
    dictated = compiler.compile('start: "SELECT count FROM flights"')
    assert {tuple(one.tokens) for one in load(tiny).generate_batch(PROMPTS, grammar=dictated)} == {
        tuple(load(tiny).generate(PROMPTS[0], grammar=dictated).tokens)
    }


def test_what_all_prompts_begin_with_is_computed_once(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    answers = engine.generate_batch(PROMPTS, PARAMS)
    assert {answer.usage.cached_tokens for answer in answers} == {len(TABLES)}
    assert engine.generate([*TABLES, 1, 2], PARAMS).usage.cached_tokens == len(TABLES)


def test_a_wrong_guess_of_the_batch_is_corrected(
    tiny: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qwen_magics.engine.batch import Lane
    from qwen_magics.engine.engine import BatchDecoding

    honest = BatchDecoding.run

    def lying(self: BatchDecoding, cancelled: Callable[[], bool]) -> object:
        for lane in honest(self, cancelled):
            assert isinstance(lane, Lane)
            lane.chooser.tokens[2:] = [1, 1, 1, 1]
            yield lane

    monkeypatch.setattr(BatchDecoding, "run", lying)
    assert [essence(a) for a in load(tiny).generate_batch(PROMPTS, PARAMS)] == singly(load(tiny))


def test_cancelling_keeps_what_has_ended(tiny: Path, load: Load) -> None:
    engine, cancel = load(tiny), threading.Event()
    ended: list[int] = []

    def on_answer(number: int, generation: Generation) -> None:
        ended.append(number)
        if len(ended) == 3:
            cancel.set()

    answers = engine.generate_batch(PROMPTS, PARAMS, rows=2, on_answer=on_answer, cancel=cancel)
    expected = singly(load(tiny))
    assert 3 <= len(ended) < len(PROMPTS)
    for number, answer in enumerate(answers):
        if number in ended[:3]:
            assert essence(answer) == expected[number]
        else:
            assert answer.finish_reason == "cancelled"
    assert singly(engine) == expected


def test_interrupting_a_batch_leaves_the_engine_usable(tiny: Path, load: Load) -> None:
    engine = load(tiny)
    answers = engine.generate_batch(PROMPTS, PARAMS, rows=2, on_answer=lambda *_: engine.interrupt())
    assert [a.finish_reason for a in answers].count("cancelled") == len(PROMPTS) - 1
    assert singly(engine) == singly(load(tiny))


def test_prompts_are_checked_before_any_work(tiny: Path, load: Load) -> None:
    engine = load(tiny, context_length=64)
    with pytest.raises(ContextOverflowError):
        engine.generate_batch([[1], [2] * 80], PARAMS)
    with pytest.raises(EngineError, match="no tokens"):
        engine.generate_batch([[1], []], PARAMS)
    assert engine.generate_batch([], PARAMS) == []


@pytest.mark.parametrize(
    ("prompts", "length"),
    [
        ([[1, 2, 3], [1, 2, 4]], 2),
        ([[1, 2], [1, 2]], 1),
        ([[1], [2]], 0),
        ([[1, 2, 3]], 2),
        ([[5], [5, 6]], 0),
    ],
)
def test_the_common_prefix_leaves_each_prompt_a_token(prompts: list[list[int]], length: int) -> None:
    assert common_prefix(prompts) == length

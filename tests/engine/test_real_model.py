"""The engine on the real Qwen2.5-Coder-0.5B."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter

import numpy as np
import pytest

from qwen_magics.chat.local import grammar_compiler
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler
from qwen_magics.engine.measure import measure_speed
from qwen_magics.model.tokenizer import Tokenizer

pytestmark = pytest.mark.model
QUESTION = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"


@pytest.fixture(scope="module")
def engine(coder_05b: Path) -> Iterator[Engine]:
    engine = Engine(coder_05b, provider="cpu")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def tokenizer(coder_05b: Path) -> Tokenizer:
    return Tokenizer.from_directory(coder_05b)


@pytest.fixture(scope="module")
def compiler(tokenizer: Tokenizer, engine: Engine) -> GrammarCompiler:
    return grammar_compiler(tokenizer, engine.vocab_size, tokenizer.token_id("<|im_end|>"))


def test_greedy_text_is_sane_and_ends(engine: Engine, tokenizer: Tokenizer) -> None:
    prompt = tokenizer.encode(QUESTION.format("What is the capital of France? Answer with one word."))
    generation = engine.generate(prompt, SamplingParams(max_tokens=16))
    assert "Paris" in tokenizer.decode(generation.tokens)
    assert generation.finish_reason == "stop"
    assert generation.mean_logprob > -1
    assert engine.eos_tokens == {151643, 151645}


def test_second_question_computes_only_the_rest_and_nothing_changes(
    engine: Engine, tokenizer: Tokenizer, coder_05b: Path
) -> None:
    shared = "You know the table orders with the columns id, customer, amount and day. " * 4
    first = tokenizer.encode(QUESTION.format(shared + "How many rows has it?"))
    second = tokenizer.encode(QUESTION.format(shared + "Which customer paid most?"))
    params = SamplingParams(max_tokens=12)
    engine.generate(first, params)
    warm = engine.generate(second, params)
    common = next(i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    assert warm.usage.cached_tokens == common > 60
    cold = Engine(coder_05b, provider="cpu")
    fresh = cold.generate(second, params)
    cold.close()
    assert (warm.tokens, warm.mean_logprob) == (fresh.tokens, fresh.mean_logprob)


def test_bits_do_not_depend_on_how_tokens_are_cut_into_runs(engine: Engine, tokenizer: Tokenizer) -> None:
    text = "You know the table orders with the columns id, customer, amount and day. " * 9
    tokens = tokenizer.encode(QUESTION.format(text))
    assert len(tokens) % 2 == 1
    random, whole = Random(0), engine.logits(tokens)
    for sizes in ([1], [2], [3], [5, 2], [len(tokens) - 1], range(1, 40)):
        sequence, rows = engine._sequence(), []
        while len(sequence) < len(tokens):
            part = tokens[len(sequence) :][: random.choice(sizes)]
            rows.append(np.array(engine._forward.run(sequence, part, keep=len(part))))
        assert np.array_equal(np.concatenate(rows), whole), sizes


def test_grammar_is_obeyed_and_forces_tokens(
    engine: Engine, tokenizer: Tokenizer, compiler: GrammarCompiler
) -> None:
    grammar = compiler.compile(
        r"""start: "SELECT " column " FROM " table " WHERE " column " > " /[0-9]{1,4}/ ";"
column: "customer_id" | "amount_in_cents"
table: "purchase_orders" | "customers"
"""
    )
    prompt = tokenizer.encode(QUESTION.format("Write a poem about the sea."))
    generation = engine.generate(prompt, SamplingParams(max_tokens=60), grammar=grammar)
    pattern = r"SELECT (\w+) FROM (purchase_orders|customers) WHERE (\w+) > [0-9]{1,4};"
    assert re.fullmatch(pattern, tokenizer.decode(generation.tokens))
    assert generation.finish_reason == "grammar"
    assert generation.usage.forced_tokens >= generation.usage.output_tokens / 2
    # The model wanted to write a poem.
    assert generation.rejected_mass > 0.1


def test_interrupt_stops_a_prefill_under_way(engine: Engine, tokenizer: Tokenizer) -> None:
    prompt = tokenizer.encode("The rows of the table are as follows. " * 300)
    timer = threading.Timer(0.4, engine.interrupt)
    started = perf_counter()
    timer.start()
    generation = engine.generate(prompt, SamplingParams(max_tokens=4))
    stopped_after = perf_counter() - started - 0.4
    timer.join()
    assert (generation.tokens, generation.finish_reason) == ([], "cancelled")
    # A chunk takes about a second here; an operator, milliseconds.
    assert stopped_after < 0.5
    assert "Paris" in tokenizer.decode(
        engine.generate(
            tokenizer.encode(QUESTION.format("What is the capital of France?")), SamplingParams(max_tokens=12)
        ).tokens
    )


def test_measured_speed_is_plausible(engine: Engine) -> None:
    started = perf_counter()
    speed = measure_speed(engine)
    assert 1 < speed.decode_tok_s < speed.prefill_tok_s
    assert perf_counter() - started < 15


def test_a_batch_gives_the_answers_of_single_calls(engine: Engine, tokenizer: Tokenizer) -> None:
    reviews = ["Great, fast and cheap.", "Broke after a day.", "It is a chair.", "Never again!", "Lovely."]
    instructions = (
        "Is this review positive, negative or neutral? Answer with one word, then say why. Review: "
    )
    prompts = [tokenizer.encode(QUESTION.format(instructions + review)) for review in reviews]
    params = SamplingParams(max_tokens=12)
    together = engine.generate_batch(prompts, params, rows=4)
    alone = [engine.generate(prompt, params) for prompt in prompts]
    assert [(a.tokens, a.mean_logprob) for a in together] == [(a.tokens, a.mean_logprob) for a in alone]
    assert len({tuple(a.tokens) for a in together}) > 1


def test_speculation_changes_no_token(engine: Engine, tokenizer: Tokenizer) -> None:
    table = "CREATE TABLE orders (customer_id INTEGER, amount_in_cents BIGINT, ordered_on DATE);\n"
    task = "Write four SQL queries over this table, one per line, each with all three columns."
    prompt = tokenizer.encode(QUESTION.format(table + task))
    fast = engine.generate(prompt, SamplingParams(max_tokens=80))
    plain = engine.generate(prompt, SamplingParams(max_tokens=80, speculate=False))
    assert (fast.tokens, fast.mean_logprob) == (plain.tokens, plain.mean_logprob)
    assert fast.usage.steps < plain.usage.steps

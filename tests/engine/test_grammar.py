"""Grammars: obeyed, forced tokens equal to chosen ones, counted exactly."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler, TokenGrammar, TokenMatcher, unpacked
from qwen_magics.errors import GrammarError

Load = Callable[..., Engine]
PROMPT = list(range(40, 80))
# No piece of it is a merge of the tokenizer: every text has one tokenisation.
CODE = 'start: "@#" /[0-9]/ "%&+" /[a-c]{2}/ "~@"'


@pytest.fixture(scope="session")
def text(tiny_fp32: Path) -> Callable[[list[int]], str]:
    tokenizer = Tokenizer.from_file(str(tiny_fp32 / "tokenizer.json"))
    return lambda ids: str(tokenizer.decode(ids, skip_special_tokens=False))


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_answers_obey_the_grammar(
    temperature: float, tiny: Path, load: Load, compiler: GrammarCompiler, text: Callable[[list[int]], str]
) -> None:
    engine, grammar = load(tiny), compiler.compile(CODE)
    for seed in range(5):
        params = SamplingParams(temperature=temperature, seed=seed, max_tokens=40)
        generation = engine.generate(PROMPT, params, grammar=grammar)
        assert re.fullmatch(r"@#[0-9]%&\+[abc]{2}~@", text(generation.tokens))
        assert generation.finish_reason == "grammar"
        assert generation.usage.output_tokens == 10
        assert generation.usage.forced_tokens == 7


def test_forced_tokens_equal_chosen_ones(
    tiny_fp32: Path, load: Load, compiler: GrammarCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar = compiler.compile(CODE)
    forced = load(tiny_fp32).generate(PROMPT, grammar=grammar)
    monkeypatch.setattr(TokenMatcher, "forced", lambda self: [])
    chosen = load(tiny_fp32).generate(PROMPT, grammar=grammar)
    assert chosen.tokens == forced.tokens
    assert (chosen.usage.forced_tokens, forced.usage.forced_tokens) == (0, 7)


def test_a_fully_forced_answer_needs_no_run(
    tiny: Path, load: Load, compiler: GrammarCompiler, text: Callable[[list[int]], str]
) -> None:
    engine = load(tiny)
    streamed: list[int] = []
    generation = engine.generate(
        PROMPT, grammar=compiler.compile('start: "SELECT count FROM flights"'), on_token=streamed.append
    )
    assert text(generation.tokens) == "SELECT count FROM flights"
    assert streamed == generation.tokens
    assert generation.finish_reason == "grammar"
    assert generation.usage.forced_tokens == generation.usage.output_tokens == len(streamed)
    assert math.isnan(generation.mean_logprob)
    assert generation.logprobs == [None] * len(generation.tokens)
    assert generation.usage.prefill_s == 0
    assert generation.usage.steps == 0
    assert engine.generate(PROMPT).usage.cached_tokens == 0


@pytest.mark.parametrize("limit", range(1, 11))
def test_length_limit_counts_forced_tokens(
    limit: int, tiny: Path, load: Load, compiler: GrammarCompiler
) -> None:
    grammar = compiler.compile(CODE)
    generation = load(tiny).generate(PROMPT, SamplingParams(max_tokens=limit), grammar=grammar)
    assert len(generation.tokens) == limit
    assert generation.finish_reason == ("grammar" if limit == 10 else "length")


def test_every_end_token_may_end_an_optional_tail(tiny: Path, load: Load, compiler: GrammarCompiler) -> None:
    engine = load(tiny)
    seen = set()
    for end in sorted(engine.eos_tokens | {7}):
        matcher = compiler.compile("start: /a{1,30}/").start([end])
        assert not unpacked(matcher.mask(), 384)[end]
        matcher.consume([97])
        assert unpacked(matcher.mask(), 384)[end]
        seen.add(end)
    assert len(seen) == 3


def test_rejected_mass_is_what_the_grammar_took_away(
    tiny: Path, load: Load, compiler: GrammarCompiler
) -> None:
    generation = load(tiny).generate(
        PROMPT, SamplingParams(max_tokens=1), grammar=compiler.compile("start: /[0-9]/")
    )
    row = load(tiny).logits(PROMPT)[-1].astype(np.float64)
    probabilities = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
    digits = probabilities[ord("0") : ord("9") + 1]
    assert generation.rejected_mass == pytest.approx(1 - digits.sum(), abs=1e-4)
    assert generation.mean_logprob == pytest.approx(np.log(digits.max()), abs=1e-3)


def test_a_permissive_grammar_changes_nothing(tiny: Path, load: Load, compiler: GrammarCompiler) -> None:
    params = SamplingParams(max_tokens=10)
    free = load(tiny).generate(PROMPT, params)
    everything = compiler.compile(r"start: /(.|\n){1,200}/")
    bound = load(tiny).generate(PROMPT, params, grammar=everything)
    # Only where the free answer is text: the random model may pick half of a character.
    if bound.rejected_mass < 0.05:
        assert bound.tokens == free.tokens
    assert bound.mean_logprob <= 0


def test_repetition_penalty_sees_forced_tokens(tiny: Path, load: Load, compiler: GrammarCompiler) -> None:
    params = SamplingParams(max_tokens=6, repetition_penalty=1e6)
    generation = load(tiny).generate(PROMPT, params, grammar=compiler.compile('start: "aa" /[ab]/'))
    assert generation.tokens[:3] in ([97, 97, 98], [97, 97, 97])


def test_special_tokens_can_be_demanded(tiny_fp32: Path, load: Load, compiler: GrammarCompiler) -> None:
    added = {
        t["content"]: t["id"] for t in json.loads((tiny_fp32 / "tokenizer.json").read_text())["added_tokens"]
    }
    grammar = compiler.compile('start: <tool_call> "x" </tool_call>')
    tokens = load(tiny_fp32).generate(PROMPT, grammar=grammar).tokens
    assert tokens == [added["<tool_call>"], ord("x"), added["</tool_call>"]]


def test_a_grammar_serves_many_generations(tiny: Path, load: Load, compiler: GrammarCompiler) -> None:
    engine, grammar = load(tiny), compiler.compile(CODE)
    first = engine.generate(PROMPT, grammar=grammar)
    assert engine.generate(PROMPT, grammar=grammar).tokens == first.tokens
    assert engine.generate(PROMPT, SamplingParams(max_tokens=4)).usage.forced_tokens == 0


@pytest.mark.parametrize("lark", ["start: (", "", "start: missing", 'begin: "a"'])
def test_bad_grammars_are_refused_in_llguidance_words(lark: str, compiler: GrammarCompiler) -> None:
    with pytest.raises(GrammarError, match=r"does not compile: .+"):
        compiler.compile(lark)


def test_a_bad_tokenizer_is_refused() -> None:
    with pytest.raises(GrammarError, match="cannot be used for grammars"):
        GrammarCompiler([], [], list, 2).compile('start: "a"')


def test_a_token_against_the_grammar_is_an_error(compiler: GrammarCompiler) -> None:
    matcher = compiler.compile('start: "a"').start()
    with pytest.raises(GrammarError, match="cannot go on"):
        matcher.consume([98])


def test_masks_unpack_to_their_bits() -> None:
    bits = np.array([0b00000101, 0b10000000], dtype=np.uint8)
    assert np.flatnonzero(unpacked(bits, 16)).tolist() == [0, 2, 15]
    assert unpacked(bits, 20).tolist()[16:] == [False] * 4
    assert unpacked(bits, 3).tolist() == [True, False, True]


def test_the_prompt_is_computed_while_a_grammar_is_compiled(
    tiny: Path, load: Load, compiler: GrammarCompiler
) -> None:
    class Compiling(Future[TokenGrammar]):
        """Ready once it was asked often enough, as if the compiler had needed that long."""

        asked = 0

        def done(self) -> bool:
            self.asked += 1
            if self.asked == 3:
                self.set_result(compiler.compile(CODE))
            return super().done()

    engine = load(tiny)
    engine._chunk = 8
    compiling = Compiling()
    late = engine.generate(PROMPT, grammar=compiling)
    ready = load(tiny).generate(PROMPT, grammar=compiler.compile(CODE))
    assert compiling.asked == 3
    assert (late.tokens, repr(late.mean_logprob)) == (ready.tokens, repr(ready.mean_logprob))
    assert (late.usage.prompt_tokens, late.usage.cached_tokens) == (len(PROMPT), 0)


def test_a_grammar_that_fails_to_compile_is_said_and_the_prompt_is_kept(tiny: Path, load: Load) -> None:
    engine, failed = load(tiny), Future[TokenGrammar]()
    engine._chunk = 8
    failed.set_exception(GrammarError("no such rule"))
    with pytest.raises(GrammarError, match="no such rule"):
        engine.generate(PROMPT, grammar=failed)
    assert engine.generate(PROMPT, SamplingParams(max_tokens=2)).finish_reason == "length"

"""On a real card: the tokens of the CPU, steps recorded, no row fetched. Skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.chat.device_check import behind_best, divergence
from qwen_magics.engine.device import DeviceRow
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.provider import choose_provider
from tests.tiny import build_tiny

pytestmark = pytest.mark.cuda
PROMPT = [65, 66, 67, 68, 69, 70, 71, 72] * 5
# Twice the widths of the other tests: CUDA's attention wants heads of a multiple of 8, and its product of
# weights in blocks wants 64 rows.
WIDTHS = {"hidden_size": 128, "intermediate_size": 192, "head_dim": 64}


@pytest.fixture(scope="module", params=["fp16", "int8-fp16", "int4-fp16"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    """The same model on the card and on the CPU."""
    choice = choose_provider()
    if choice.name != "cuda":
        pytest.skip(choice.reason)
    path: Path = tmp_path_factory.mktemp("cuda") / "model"
    build_tiny(path, family="qwen3", quantisation=request.param, **WIDTHS)
    engines = [Engine(path, provider="cuda"), Engine(path, provider="cpu", threads=1)]
    yield engines
    for engine in engines:
        engine.close()


def test_distributions_are_those_of_the_cpu(pair: list[Engine]) -> None:
    card, cpu = pair
    assert divergence(cpu.logits(PROMPT), card.logits(PROMPT)) < 0.01


@pytest.mark.parametrize("speculate", [True, False])
def test_tokens_are_ones_that_the_cpu_would_write(pair: list[Engine], speculate: bool) -> None:
    card, cpu = pair
    tokens = card.generate(PROMPT, SamplingParams(max_tokens=40, speculate=speculate)).tokens
    rows = cpu.logits([*PROMPT, *tokens])[len(PROMPT) - 1 :]
    assert behind_best(rows[: len(tokens)], tokens) < 0.5


def test_steps_are_recorded_and_repeat_themselves(pair: list[Engine]) -> None:
    card, _ = pair
    # Drafts would differ the second time, and with them the shapes of the steps, on which bits depend. And an
    # answer as long as the prompt would be kept: the second would get a sequence of its own.
    params = SamplingParams(max_tokens=20, temperature=1.0, seed=1, speculate=False)
    first = card.generate(PROMPT, params).tokens
    forward: Any = card._forward
    recordings = forward.recordings
    assert forward._recorded and recordings
    assert card.generate(PROMPT, params).tokens == first
    assert forward.recordings == recordings


def test_no_row_comes_to_the_host(pair: list[Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    card, _ = pair
    monkeypatch.setattr(DeviceRow, "fetch", lambda self: pytest.fail("a row of logits was fetched"))
    for temperature in (0.0, 1.0):
        params = SamplingParams(max_tokens=8, temperature=temperature, repetition_penalty=1.2, seed=0)
        assert card.generate(PROMPT, params).tokens
    assert {value.device_name() for value in card._prefixes.sequences[0].values} == {"cuda"}

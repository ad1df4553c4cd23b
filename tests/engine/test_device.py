"""What runs beside a GPU, on the CPU provider: the small graphs, and steps of fixed shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.engine import device_forward
from qwen_magics.engine.choosing import Chooser
from qwen_magics.engine.device import Device, DeviceRows
from qwen_magics.engine.device_forward import DeviceForward
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler
from qwen_magics.engine.sampling import Draw, Sampler
from qwen_magics.errors import EngineError

Load = Callable[..., Engine]
PROMPT = [65, 66, 67, 68, 69, 70, 71, 72] * 5
GRAMMAR = 'start: ("count" | "flights" | /[a-z]/)* ";"'


@pytest.fixture
def remote(load: Load, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Engine]:
    """An engine that treats the CPU as a device: nothing but chosen ids comes back from its graphs."""
    # On the CPU only pairs of rows give equal bits (see `engine.forward`).
    monkeypatch.setattr(device_forward, "_STEP_ROWS", (2, 4, 10))

    def on_device(path: Path, *, recorded: bool = True, **options: int) -> Engine:
        engine = load(path, **options)
        plain: Any = engine._forward
        slot = engine._signature.slots[0]
        engine._device = Device("cpu", engine.vocab_size, engine._signature.logits_dtype, slot.dtype)
        engine._forward = DeviceForward(
            plain._session,
            engine._signature,
            engine.vocab_size,
            engine._device,
            limit=engine.context_length,
            recorded=recorded and engine._in_place,
        )
        return engine

    return on_device


@settings(max_examples=40)
@given(seed=st.integers(0, 1000), rows=st.integers(1, 4), masked=st.booleans())
def test_the_best_token_of_the_device_is_the_best_here(seed: int, rows: int, masked: bool) -> None:
    random = np.random.default_rng(seed)
    logits = random.normal(0, 5, (1, rows, 300)).astype(np.float32)
    allowed = random.random(300) < 0.2 if masked else None
    if allowed is not None:
        allowed[seed % 300] = True
    device = Device("cpu", 300, "float32", "float32")
    for row in range(rows):
        token, logprob, rejected = DeviceRows(device, device.put(logits), 0)[row].choose(allowed, Draw())
        scores = logits[0, row].astype(np.float64)
        share = np.exp(scores - scores.max())
        share /= share.sum()
        kept = np.ones(300, dtype=bool) if allowed is None else allowed
        assert token == int(np.where(kept, scores, -np.inf).argmax())
        assert logprob == pytest.approx(np.log(share[token]), abs=1e-4)
        assert rejected == pytest.approx(share[~kept].sum(), abs=1e-5)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 1000),
    vocab=st.sampled_from([8, 300, 512, 1500]),
    masked=st.booleans(),
    temperature=st.sampled_from([0.0, 1e-40, 0.3, 1.0, 4.0]),
    penalty=st.sampled_from([1.0, 0.8, 1.7]),
)
def test_drawing_on_the_device_equals_drawing_here(
    seed: int, vocab: int, masked: bool, temperature: float, penalty: float
) -> None:
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, (1, 2, vocab)).astype(np.float32)
    allowed = random.random(vocab) < 0.5 if masked else None
    if allowed is not None:
        allowed[seed % vocab] = True
    params = SamplingParams(temperature=temperature, repetition_penalty=penalty, seed=seed)
    here, there = (Sampler(params, seen=range(0, vocab, 3)) for _ in range(2))
    device = Device("cpu", vocab, "float32", "float32")
    row = DeviceRows(device, device.put(logits), 0)[1]
    for _ in range(5):
        token = here.pick(here.penalised(logits[0, 1]), allowed)
        assert row.choose(allowed, there.draw())[0] == token
        here.observe([token])
        there.observe([token])


@pytest.mark.parametrize("drawn", [None, 0.5])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_that_are_no_numbers_are_refused(bad: float, drawn: float | None) -> None:
    device = Device("cpu", 8, "float32", "float32")
    logits = np.zeros((1, 1, 8), dtype=np.float32)
    logits[0, 0, 3] = bad
    with pytest.raises(EngineError, match="not a number"):
        DeviceRows(device, device.put(logits), 0)[0].choose(None, Draw(1.0, drawn))


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_row_is_fetched_alone(dtype: str) -> None:
    device = Device("cpu", 6, dtype, "float32")
    logits = np.arange(18, dtype=dtype).reshape(1, 3, 6)
    row = DeviceRows(device, device.put(logits), 1)[1].fetch()
    assert row.dtype == np.float32
    assert row.tolist() == [12, 13, 14, 15, 16, 17]


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_cache_grows_and_shrinks_on_the_device(dtype: str) -> None:
    device = Device("cpu", 10, "float32", dtype)
    old = np.arange(2 * 6 * 3, dtype=dtype).reshape(1, 2, 6, 3)
    for used, capacity in ((6, 8), (4, 8), (2, 3), (0, 4)):
        new = device.grown(device.put(old), used, capacity).numpy()
        assert new.shape == (1, 2, capacity, 3) and new.dtype == dtype
        assert np.array_equal(new[:, :, :used], old[:, :, :used])
        assert not new[:, :, used:].any()


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_an_engine_on_a_device_gives_the_same_tokens(
    recorded: bool, temperature: float, tiny: Path, load: Load, remote: Callable[..., Engine]
) -> None:
    there, here = remote(tiny, recorded=recorded), load(tiny)
    for length in (1, 2, 39, 40, 300):
        prompt = (PROMPT * 8)[:length]
        for speculate in (True, False):
            params = SamplingParams(temperature=temperature, seed=length, max_tokens=20, speculate=speculate)
            one, other = there.generate(prompt, params), here.generate(prompt, params)
            assert one.tokens == other.tokens
            assert one.mean_logprob == pytest.approx(other.mean_logprob, abs=1e-4)


def test_grammars_and_penalties_hold_on_a_device(
    tiny: Path, load: Load, remote: Callable[..., Engine], compiler: GrammarCompiler
) -> None:
    there, here, grammar = remote(tiny), load(tiny), compiler.compile(GRAMMAR)
    for penalty, temperature, top_k in ((1.0, 0.0, 0), (1.4, 0.0, 0), (1.4, 1.2, 0), (1.0, 1.2, 5)):
        params = SamplingParams(
            max_tokens=20, repetition_penalty=penalty, temperature=temperature, top_k=top_k, seed=3
        )
        one, other = (e.generate(PROMPT, params, grammar=grammar) for e in (there, here))
        assert one.tokens == other.tokens
        assert one.rejected_mass == pytest.approx(other.rejected_mass, abs=1e-4)


def test_logits_of_a_device_come_back_for_measurements(
    tiny: Path, load: Load, remote: Callable[..., Engine]
) -> None:
    assert np.array_equal(remote(tiny).logits(PROMPT), load(tiny).logits(PROMPT))


def recordings(engine: Engine) -> dict[tuple[int, int], Any]:
    """Of the sequence used last, by rows and width."""
    buffers = engine._prefixes.sequences[-1].buffers
    return {} if buffers is None else buffers.recordings


def test_steps_of_equal_shape_share_one_recording(tiny: Path, remote: Callable[..., Engine]) -> None:
    engine = remote(tiny)
    engine.generate(PROMPT, SamplingParams(max_tokens=60, speculate=False))
    # A cache that grows has no fixed addresses.
    shapes = [(2, 256)] if engine._in_place else []
    assert list(recordings(engine)) == shapes
    assert [step.graph for step in recordings(engine).values()] == [1] * len(shapes)
    engine.generate(PROMPT, SamplingParams(max_tokens=60))
    assert {rows for rows, _ in recordings(engine)} <= {2, 4, 10}


def test_the_same_again_records_nothing_new(tiny: Path, remote: Callable[..., Engine]) -> None:
    engine, params = remote(tiny), SamplingParams(max_tokens=20, temperature=1.0, seed=1, speculate=False)
    engine.generate(PROMPT, SamplingParams(max_tokens=20))
    first, forward = engine.generate(PROMPT, params).tokens, engine._forward
    assert isinstance(forward, DeviceForward)
    made = forward.recordings
    assert engine.generate(PROMPT, params).tokens == first
    assert forward.recordings == made


def test_a_sequence_takes_the_buffers_and_recordings_of_one_that_is_gone(
    tiny: Path, load: Load, remote: Callable[..., Engine]
) -> None:
    engine, here = remote(tiny, cache_bytes=1), load(tiny)
    if not engine._in_place:
        pytest.skip("a cache that grows has no fixed addresses")
    params = SamplingParams(max_tokens=20, speculate=False)
    forward: Any = engine._forward
    for number in range(12):  # nothing in common: each drops the sequence before it
        prompt = [number, *PROMPT]
        assert engine.generate(prompt, params).tokens == here.generate(prompt, params).tokens
    assert forward.recordings <= 2
    assert len(engine._prefixes.sequences) == 1
    assert engine._device is not None and len(engine._device._spare) <= 4


def test_a_device_that_is_full_leaves_the_cache_as_it_was(
    tiny: Path, remote: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = remote(tiny)
    if not engine._in_place:
        pytest.skip("a cache that grows makes its buffers otherwise")
    before = engine.generate(PROMPT, SamplingParams(max_tokens=4)).tokens
    cache = engine._prefixes.sequences[0]
    held = cache.tokens[:], cache.values, cache.capacity

    def full(*_: Any) -> Any:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(engine._device, "buffers", full)
        with pytest.raises(MemoryError):
            cache.reserve(cache.capacity + 1)
    assert (cache.tokens, cache.values, cache.capacity) == held
    assert engine.generate(PROMPT, SamplingParams(max_tokens=4)).tokens == before


def test_at_the_end_of_the_context_steps_run_free(
    tiny: Path, load: Load, remote: Callable[..., Engine]
) -> None:
    params = SamplingParams(max_tokens=24)
    there, here = remote(tiny, context_length=64), load(tiny, context_length=64)
    assert there.generate(PROMPT, params).tokens == here.generate(PROMPT, params).tokens


@pytest.mark.parametrize(
    "params",
    [
        SamplingParams(),
        SamplingParams(repetition_penalty=1.3),
        SamplingParams(temperature=0.01, repetition_penalty=1.3, seed=1),
    ],
)
def test_no_row_is_fetched_where_nothing_is_ranked(
    params: SamplingParams, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device("cpu", 8, "float32", "float32")
    rows = DeviceRows(device, device.put(np.eye(1, 8, 5, dtype=np.float32)[None]), 0)
    monkeypatch.setattr(type(rows[0]), "fetch", lambda self: pytest.fail("the whole row came back"))
    chooser = Chooser(params, [1], frozenset())
    assert chooser.choose(rows[0]) == ([5], None)

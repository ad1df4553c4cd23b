"""Prompts on the disk: an engine that starts anew goes on where another one was, with the same bits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import Generation, SamplingParams
from qwen_magics.engine.saved_prompts import BLOCK, SavedPrompts, fingerprint
from qwen_magics.engine.signature import KvSlot
from tests.tiny import build_tiny

PARAMS = SamplingParams(max_tokens=8)
TABLES = [(7 * i) % 250 for i in range(3 * BLOCK)]
PROMPT = [*TABLES, 1, 2, 3]
SLOTS = (
    KvSlot("k", "q", heads=2, head_dim=3, dtype="float32"),
    KvSlot("v", "w", heads=2, head_dim=3, dtype="float16"),
)
POSIX = pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("tiny") / "model", quantisation="int4")


@pytest.fixture
def start(model: Path, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """A fresh process' engine, as far as its caches go; closed by the test or after it."""
    opened: list[Engine] = []

    def begin(folder: Path | None = tmp_path / "prompts", threads: int = 1, budget: int = 1 << 30) -> Engine:
        opened.append(
            Engine(model, provider="cpu", threads=threads, saved_prompts=folder, saved_bytes=budget)
        )
        return opened[-1]

    yield begin
    for engine in opened:
        engine.close()


def same(one: Generation, other: Generation) -> bool:
    return (one.tokens, repr(one.logprobs)) == (other.tokens, repr(other.logprobs))


def asked(engine: Engine, prompt: list[int]) -> Generation:
    """The answer, once the prompt is kept."""
    answer = engine.generate(prompt, PARAMS, save=True)
    engine.close()
    return answer


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "prompts").glob("*.kv"), key=lambda path: path.stat().st_mtime_ns)


def test_another_process_computes_only_what_is_new(start: Callable[..., Engine], tmp_path: Path) -> None:
    first = asked(start(), PROMPT)
    assert first.usage.cached_tokens == 0 and len(files(tmp_path)) == 3
    again = start().generate(PROMPT, PARAMS)
    assert again.usage.cached_tokens == len(TABLES) and same(again, first)
    other = [*TABLES, 9, 9]
    second = start().generate(other, PARAMS)
    assert second.usage.cached_tokens == len(TABLES)
    assert same(second, start(None).generate(other, PARAMS))


def test_one_token_is_left_to_compute(start: Callable[..., Engine]) -> None:
    first = asked(start(), TABLES)
    again = start().generate(TABLES, PARAMS)
    assert again.usage.cached_tokens == len(TABLES) - BLOCK and same(again, first)


def test_a_part_in_memory_is_completed_from_the_disk(start: Callable[..., Engine]) -> None:
    asked(start(), PROMPT)
    engine = start()
    engine.generate([*TABLES[:10], 5], PARAMS)
    answer = engine.generate(PROMPT, PARAMS)
    assert answer.usage.cached_tokens == len(TABLES)
    assert same(answer, start(None).generate(PROMPT, PARAMS))


def test_nothing_is_kept_that_was_not_asked_to_be(start: Callable[..., Engine], tmp_path: Path) -> None:
    engine = start()
    engine.generate(PROMPT, PARAMS)
    engine.close()
    assert not (tmp_path / "prompts").exists()


def test_a_stopped_prompt_is_kept_as_far_as_it_was_computed(
    start: Callable[..., Engine], tmp_path: Path
) -> None:
    engine, stopped = start(), threading.Event()
    stopped.set()
    engine.generate(PROMPT, PARAMS, cancel=stopped, save=True)
    engine.close()
    assert files(tmp_path) == []


def test_another_number_of_threads_is_another_engine(start: Callable[..., Engine]) -> None:
    asked(start(), PROMPT)
    assert start(threads=2).generate(PROMPT, PARAMS).usage.cached_tokens == 0


def test_other_weights_are_another_engine(model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in model.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    before = fingerprint(copy, 1)
    assert before == fingerprint(copy, 1)
    os.utime(copy / "model.onnx", ns=(1, 1))
    assert fingerprint(copy, 1) != before


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "a folder"])
def test_a_damaged_block_is_computed_again(start: Callable[..., Engine], tmp_path: Path, damage: str) -> None:
    first = asked(start(), PROMPT)
    block = files(tmp_path)[1]
    content = bytearray(block.read_bytes())
    content[100] ^= 1
    block.unlink()
    if damage == "a folder":
        block.mkdir()
    else:
        block.write_bytes({"flipped": bytes(content), "cut": bytes(content[:500]), "empty": b""}[damage])
    again = start().generate(PROMPT, PARAMS)
    assert again.usage.cached_tokens in (0, BLOCK, 2 * BLOCK) and same(again, first)


@POSIX
def test_only_the_owner_can_read_it(start: Callable[..., Engine], tmp_path: Path) -> None:
    asked(start(), PROMPT)
    assert (tmp_path / "prompts").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o600}


def test_a_folder_that_cannot_be_made_costs_nothing(start: Callable[..., Engine], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    engine = start(tmp_path / "file" / "prompts")
    first = asked(engine, PROMPT)
    assert same(first, start(None).generate(PROMPT, PARAMS))


def test_a_nearly_full_disk_is_left_alone(start: Callable[..., Engine], tmp_path: Path) -> None:
    asked(start(budget=1 << 62), PROMPT)
    assert files(tmp_path) == []


def test_the_least_recently_used_blocks_go_first(start: Callable[..., Engine], tmp_path: Path) -> None:
    asked(start(), PROMPT)
    one = files(tmp_path)[0].stat().st_size
    for path in files(tmp_path):
        os.utime(path, ns=(10**18, 10**18))
    asked(start(), [5] * (2 * BLOCK))
    start(budget=4 * one).generate(
        [*TABLES[:BLOCK], 1], PARAMS
    )  # used again: the first block of the old ones
    last = start(budget=4 * one)
    asked(last, [6] * BLOCK)
    left = start(budget=4 * one)
    assert len(files(tmp_path)) == 3
    assert left.generate([*TABLES[:BLOCK], 1], PARAMS).usage.cached_tokens == BLOCK


def test_the_beginning_of_a_prompt_outlives_its_end(start: Callable[..., Engine], tmp_path: Path) -> None:
    asked(start(), PROMPT)
    engine = start(budget=6 * files(tmp_path)[0].stat().st_size)
    for last in range(4):  # the beginning is in memory all the while, and not read again
        engine.generate([*TABLES, *[last] * BLOCK], PARAMS, save=True)
        assert engine._saved is not None
        engine._saved._writer.submit(str).result()  # the next question would take the place in memory
    engine.close()
    assert len(files(tmp_path)) == 5
    assert start().generate([*TABLES, 1], PARAMS).usage.cached_tokens == len(TABLES)


def test_what_a_killed_process_left_is_cleared_away(start: Callable[..., Engine], tmp_path: Path) -> None:
    folder = tmp_path / "prompts"
    folder.mkdir()
    old, new = folder / ".old.kv.1", folder / ".new.kv.2"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, ns=(10**18, 10**18))
    asked(start(), PROMPT)
    assert not old.exists() and new.exists()


def test_what_changed_meanwhile_is_not_kept(tmp_path: Path) -> None:
    saved = SavedPrompts(tmp_path, b"engine", 1 << 20)
    cache = KvCache(SLOTS, 1000)
    cache.extend(TABLES)
    cache.reserve(len(TABLES))
    cache.rewind(BLOCK + 1)
    cache.extend([0] * len(TABLES))
    saved.save(cache, TABLES, threading.Lock()).result()
    assert len(list(tmp_path.glob("*.kv"))) == 1


@given(lengths=st.lists(st.integers(1, 200), min_size=1, max_size=3), seed=st.integers(0, 9))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_put_back_is_what_was_copied(
    lengths: list[int], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, tokens = tmp_path_factory.mktemp("prompts"), [(seed + i) % 11 for i in range(sum(lengths))]
    saved, cache = SavedPrompts(folder, b"engine", 1 << 24), KvCache(SLOTS, 1000)
    cache.reserve(len(tokens))
    for place, value in enumerate(cache.values):
        value.numpy()[:] = (seed + place + 1) / 4
    end = 0
    for length in lengths:
        cache.extend(tokens[end : end + length])
        end += length
        saved.save(cache, tokens[:end], threading.Lock()).result()
    fresh = KvCache(SLOTS, 1000)
    fresh.reserve(len(tokens))
    saved.fill(fresh, tokens)
    assert fresh.tokens == tokens[: (len(tokens) - 1) // BLOCK * BLOCK]
    assert fresh.copy(0, len(fresh)) == cache.copy(0, len(fresh))


@pytest.mark.model
def test_the_real_model_goes_on_with_the_same_bits(coder_05b: Path, tmp_path: Path) -> None:
    prompt = [(31 * i) % 5000 + 100 for i in range(300)]

    def begun(folder: Path | None) -> Engine:
        return Engine(coder_05b, provider="cpu", saved_prompts=folder)

    first = asked(begun(tmp_path), prompt)
    engine = begun(tmp_path)
    again = engine.generate(prompt, PARAMS)
    engine.close()
    assert first.usage.cached_tokens == 0 and again.usage.cached_tokens == 4 * BLOCK
    assert same(first, again)

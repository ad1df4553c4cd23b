"""Heads that are rows of one product: the same bits as heads one by one, wherever a run is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.forward import Forward, grouped_tokens
from qwen_magics.engine.signature import GraphSignature
from tests.model.graphs import open_graph, run
from tests.tiny import build_tiny
from tests.tiny_checkpoint import Family

CONTEXT = 8192
TOKENS = [(7 * place) % 300 for place in range(CONTEXT)]


class Model:
    """A graph with and without grouping over caches of its own."""

    def __init__(self, path: Path) -> None:
        directory = ModelDirectory.read(path)
        session = open_graph(path)
        self.signature = GraphSignature.of(session, heads=directory.kv_heads, head_dim=directory.head_dim)
        self.vocab_size = directory.vocab_size
        self.grouped = Forward(session, self.signature, self.vocab_size)
        self.plain = Forward(session, self.signature, self.vocab_size, max_grouped_tokens=0)

    def cache(self, before: int, room: int) -> KvCache:
        """Holds `before` tokens, in buffers for `room` more."""
        cache = KvCache(self.signature.slots, before + room)
        cache.reserve(before + room)
        for start in range(0, before, 128):
            self.plain.run(cache, TOKENS[start : min(start + 128, before)])
        return cache


@pytest.fixture(scope="module", params=["qwen2", "qwen3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    family: Family = request.param
    path = tmp_path_factory.mktemp("few") / family
    return Model(build_tiny(path, family=family, quantisation="int8", max_position_embeddings=CONTEXT))


def valid(cache: KvCache) -> list[np.ndarray]:
    return [value.numpy()[:, :, : len(cache)] for value in cache.values]


def behind(cache: KvCache) -> bool:
    """Whether anything stands where no position counts yet: rows of grouped heads do."""
    return any(value.numpy()[:, :, len(cache) :].any() for value in cache.values)


def assert_equal(model: Model, before: int, tokens: int, room: int, *, grouped: bool) -> None:
    caches = [model.cache(before, room), model.cache(before, room)]
    forwards = [model.plain, model.grouped]
    results = []
    for forward, cache in zip(forwards, caches, strict=True):
        logits = forward.run(cache, TOKENS[before : before + tokens], keep=tokens)
        assert logits is not None
        results.append(logits.copy())
    assert np.array_equal(*results)
    assert all(np.array_equal(*pair) for pair in zip(*map(valid, caches), strict=True))
    # An odd run has a filler, which stands behind as well.
    assert tokens % 2 or [behind(cache) for cache in caches] == [False, grouped]


@given(st.integers(1, 300), st.integers(1, 16), st.integers(0, 40))
def test_equal_bits(model: Model, before: int, tokens: int, room: int) -> None:
    rows = tokens + tokens % 2
    assert_equal(model, before, tokens, rows + room, grouped=room >= rows)


@pytest.mark.parametrize("before", [1023, 2048, 5000, CONTEXT - 40])
@pytest.mark.parametrize("tokens", [1, 2, 9, 16])
def test_equal_bits_behind_many_tokens(model: Model, before: int, tokens: int) -> None:
    """The kernel works in blocks of keys, whose number differs with the rows behind."""
    assert_equal(model, before, tokens, 40, grouped=True)


def test_many_tokens_and_first_ones_are_not_grouped(model: Model) -> None:
    assert_equal(model, 100, 18, 64, grouped=False)
    assert_equal(model, 0, 8, 64, grouped=False)


def test_what_was_written_behind_does_not_count(model: Model) -> None:
    """Steps go on over it, and a rewound cache too."""
    caches = [model.cache(50, 100), model.cache(50, 100)]
    for number in (2, 6, 2, 16, 2, 4):
        results = []
        for forward, cache in zip((model.plain, model.grouped), caches, strict=True):
            place = len(cache)
            logits = forward.run(cache, TOKENS[place : place + number])
            assert logits is not None
            results.append(logits.copy())
            cache.rewind(place + number - number // 3)
        assert np.array_equal(*results)


def test_a_past_without_room_runs(tmp_path: Path) -> None:
    """As runtimes do that know nothing of the buffers: past and present are as long as what they hold."""
    session = open_graph(build_tiny(tmp_path / "m"))
    _, past = run(session, [TOKENS[:9]])
    step, _ = run(session, [TOKENS[9:11]], past)
    whole, _ = run(session, [TOKENS[:11]])
    np.testing.assert_allclose(step, whole[:, -2:], atol=1e-5)


def test_sequences_in_a_batch_run(tmp_path: Path) -> None:
    session = open_graph(build_tiny(tmp_path / "m"))
    _, past = run(session, [TOKENS[:9], TOKENS[20:29]])
    step, _ = run(session, [TOKENS[9:10], TOKENS[29:30]], past)
    for row, start in enumerate((0, 20)):
        whole, _ = run(session, [TOKENS[start : start + 10]])
        np.testing.assert_allclose(step[row], whole[0, -1:], atol=1e-5)


def test_heads_of_their_own_keys_have_nothing_to_share(tmp_path: Path) -> None:
    session = open_graph(build_tiny(tmp_path / "m", num_key_value_heads=4))
    assert [entry.name for entry in session.get_overridable_initializers()] == ["num_logits_to_keep"]


@pytest.mark.parametrize(("threads", "most"), [(1, None), (2, None), (3, 2), (4, 2), (5, 0), (16, 0)])
def test_threads_without_a_group_get_heads(threads: int, most: int | None) -> None:
    assert grouped_tokens(threads, kv_heads=2) == most

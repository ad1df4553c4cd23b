"""The measurement: zero where nothing is lost, not zero where something is, and the real model's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from qwen_magics.model.build import open_source
from qwen_magics.model.directory import read_directory
from qwen_magics.model.fidelity import Fidelity, graph_logits, join, measure_fidelity, self_test_text
from qwen_magics.model.tokenizer import Tokenizer
from tests.tiny import build_tiny
from tests.tiny_checkpoint import Family


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
@pytest.mark.parametrize("tied", [True, False])
def test_float32_is_itself(tmp_path: Path, family: Family, tied: bool) -> None:
    path = build_tiny(tmp_path / "m", family=family, tie_word_embeddings=tied)
    with open_source(tmp_path / "m-source") as source:
        result = measure_fidelity(source, path)
    assert result.kl < 1e-6
    assert (result.top1, result.tokens) == (1.0, 448)


def test_fewer_bits_are_further_away(tmp_path: Path) -> None:
    kls = {}
    for quantisation in ("fp32", "int8", "mixed", "int4"):
        path = build_tiny(tmp_path / quantisation, quantisation=quantisation)
        with open_source(tmp_path / f"{quantisation}-source") as source:
            kls[quantisation] = measure_fidelity(source, path, text="SELECT count FROM flights").kl
    assert kls["fp32"] * 100 < min(kls["int8"], kls["mixed"])
    assert max(kls["int8"], kls["mixed"]) * 10 < kls["int4"]


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
@pytest.mark.parametrize("tied", [True, False])
def test_float16_is_near_float32(tmp_path: Path, family: Family, tied: bool) -> None:
    """Measured: 1.1e-5 nats at most, and logits up to 0.044 of 20.5 apart."""
    path = build_tiny(tmp_path / "m", family=family, quantisation="fp16", tie_word_embeddings=tied)
    with open_source(tmp_path / "m-source") as source:
        result = measure_fidelity(source, path)
    assert result.kl < 3e-5
    assert result.top1 > 0.99


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
@pytest.mark.parametrize("bits", ["int8", "int4"])
def test_float16_around_the_blocks_costs_nothing_beside_the_blocks(
    tmp_path: Path, family: Family, bits: str
) -> None:
    """Measured: between 2.5 % less and 3.7 % more."""
    kls = {}
    for quantisation in (bits, f"{bits}-fp16"):
        path = build_tiny(tmp_path / quantisation, family=family, quantisation=quantisation)
        with open_source(tmp_path / f"{quantisation}-source") as source:
            kls[quantisation] = measure_fidelity(source, path).kl
    assert kls[f"{bits}-fp16"] == pytest.approx(kls[bits], rel=0.06)


def test_texts_count_by_their_tokens() -> None:
    joined = join([Fidelity(0.1, 0.5, 1.0, 300), Fidelity(0.3, 0.4, 0.8, 100)])
    assert joined == Fidelity(kl=0.15, kl_worst=0.5, top1=0.95, tokens=400)


def test_a_wrong_graph_is_noticed(tmp_path: Path) -> None:
    """The reference shares no code with the graph: another model's graph is far away."""
    build_tiny(tmp_path / "one", seed=1)
    other = build_tiny(tmp_path / "other", seed=2)
    with open_source(tmp_path / "one-source") as source:
        assert measure_fidelity(source, other).kl > 1


def test_forward_can_be_another_runtime(tmp_path: Path) -> None:
    path = build_tiny(tmp_path / "m")

    def shifted(tokens: Sequence[int]) -> Iterator[np.ndarray]:
        for part in graph_logits(path, tokens):
            yield part + 7  # a constant changes no probability

    with open_source(tmp_path / "m-source") as source:
        assert measure_fidelity(source, path, forward=shifted).kl < 1e-5


def test_text_is_mixed() -> None:
    text = self_test_text()
    assert all(word in text for word in ("SELECT", "def ", "客户", "<|im_start|>", "harbour"))


@pytest.mark.model
def test_the_real_model_is_close_to_its_weights(coder_05b: Path) -> None:
    directory = read_directory(coder_05b)
    assert directory.card["self_test"]["tokens"] >= 300
    if directory.quantisation in ("int8", "mixed"):
        assert directory.kl is not None and directory.kl < 0.01
        assert directory.card["self_test"]["top1"] > 0.97
    tokens = Tokenizer.from_directory(coder_05b).encode("SELECT COUNT(*) FROM")
    last = list(graph_logits(coder_05b, tokens))[-1][-1]
    assert np.isfinite(last).all()
    assert last.shape == (151936,)

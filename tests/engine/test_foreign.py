"""Model directories that other people's tools made (`tests/golden/foreign`) run as transformers does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qwen_magics.chat.local import LocalModel
from qwen_magics.chat.messages import Message
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.growing import GrowingCache
from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from tests.engine.conftest import FOREIGN

Load = Callable[..., Engine]
EXPECTED = np.load(FOREIGN / "expected.npz")
TOKENS: list[int] = EXPECTED["tokens"].tolist()


@pytest.fixture
def community(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOREIGN / "community", tmp_path / "community"))


@pytest.mark.parametrize("name", ["optimum", "genai"])
def test_the_logits_are_those_of_transformers(name: str, load: Load) -> None:
    rows = load(FOREIGN / name).logits(TOKENS)
    assert np.abs(rows - EXPECTED["logits"]).max() < 1e-4


def test_half_precision_with_a_half_precision_cache(community: Path, load: Load) -> None:
    (community / "onnx" / "model_q4.onnx").unlink()
    engine = load(community)
    assert {slot.dtype for slot in engine._signature.slots} == {"float16"}
    rows = engine.logits(TOKENS)
    assert np.abs(rows - EXPECTED["logits"]).max() < 0.05
    one_by_one = engine.generate(TOKENS, SamplingParams(max_tokens=20, speculate=False))
    assert one_by_one.tokens == engine.generate(TOKENS, SamplingParams(max_tokens=20)).tokens


def test_the_four_bit_variant_is_preferred(community: Path, load: Load) -> None:
    assert ModelDirectory.read(community).graph.name == "model_q4.onnx"
    near = load(community).logits(TOKENS)
    # Tiny matrices in 4 bit are far off; they still have to be this model's.
    assert np.corrcoef(near.ravel(), EXPECTED["logits"].ravel())[0, 1] > 0.9


@pytest.mark.parametrize(("name", "grows"), [("optimum", True), ("genai", False), ("community", True)])
def test_a_cache_is_shared_where_every_layer_allows_it(name: str, grows: bool, load: Load) -> None:
    assert isinstance(load(FOREIGN / name)._sequence(), GrowingCache) == grows


def test_one_other_attention_among_the_layers_forbids_sharing(tiny_fp32: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny_fp32, tmp_path / "copy"))
    assert ModelDirectory.read(copy).shares_cache(4)
    graph = copy / "model.onnx"
    graph.write_bytes(graph.read_bytes().replace(b"\x22\x13GroupQuery", b"\x22\x13GroupQuerx", 1))
    assert not ModelDirectory.read(copy).shares_cache(4)


@pytest.mark.parametrize("name", ["optimum", "genai", "community"])
def test_text_goes_in_and_comes_out(name: str) -> None:
    model = LocalModel(FOREIGN / name, provider="cpu", threads=1)
    try:
        answer = model.complete(
            [Message("user", "count <|im_end|>")],
            grammar='start: "SELECT " /[a-z]{2,5}/',
            params=SamplingParams(max_tokens=20),
        )
    finally:
        model.close()
    assert answer.prompt == "<|im_start|>user\ncount <|im_end|><|im_end|>\n<|im_start|>assistant\n"
    assert answer.text.startswith("SELECT ")


def test_the_end_of_a_turn_comes_from_the_generation_config(community: Path) -> None:
    ends = json.loads((community / "generation_config.json").read_text())["eos_token_id"]
    assert ModelDirectory.read(community).eos_tokens == frozenset(ends)
    assert len(ends) == 2
    (community / "generation_config.json").unlink()
    assert len(ModelDirectory.read(community).eos_tokens) == 1


@pytest.mark.parametrize("field", ["max_position_embeddings", "vocab_size", "eos_token_id"])
def test_missing_settings_are_named(field: str, community: Path) -> None:
    (community / "generation_config.json").unlink()
    config = json.loads((community / "config.json").read_text())
    del config[field]
    (community / "config.json").write_text(json.dumps(config))
    with pytest.raises(DamagedModelError, match=f"{field}.*qwen-magics export"):
        ModelDirectory.read(community)


def test_an_open_head_size_is_looked_up_and_asked_for(tmp_path: Path, load: Load) -> None:
    copy = Path(shutil.copytree(FOREIGN / "genai", tmp_path / "copy"))
    assert load(copy)._signature.slots[0].head_dim == 16
    config = json.loads((copy / "genai_config.json").read_text())
    del config["model"]["decoder"]["head_size"]
    (copy / "genai_config.json").write_text(json.dumps(config))
    with pytest.raises(UnsupportedModelError, match=r"head size of past_key_values\.0\.key.*Add them"):
        load(copy)


def test_a_forked_cache_shares_what_it_holds(load: Load) -> None:
    engine = load(FOREIGN / "optimum")
    assert engine._forward is not None
    first = engine._sequence()
    engine._forward.run(first, TOKENS)
    fork = first.fork(5)
    assert fork.values is first.values
    before = first.values[0].numpy().copy()
    engine._forward.run(fork, [9, 9])
    assert len(fork) == 7 and fork.values[0].shape() == [1, 1, 7, 16]
    assert np.array_equal(first.values[0].numpy(), before)

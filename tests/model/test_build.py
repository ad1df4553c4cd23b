"""A build happens completely or leaves nothing behind."""

from __future__ import annotations

import errno
import json
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qwen_magics.errors import ConfigError, DamagedModelError, DiskSpaceError, UnsupportedModelError
from qwen_magics.model import external_data
from qwen_magics.model.build import build, open_source
from qwen_magics.model.directory import read_directory, sha256_of
from qwen_magics.model.formats import QUANTISATIONS, planned_bytes
from qwen_magics.model.progress import ProgressEvent
from tests.model.graphs import open_graph, run
from tests.tiny import CHAT_TEMPLATE, build_tiny, write_checkpoint, write_safetensors
from tests.tiny_checkpoint import Family, tiny_config, tiny_weights

FILES = {
    "model.onnx",
    "model.onnx.data",
    "genai_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "qwen_magics.json",
}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    config = tiny_config()
    return write_checkpoint(tmp_path / "source", config, tiny_weights(config))


def test_directory_is_complete_and_verifies(checkpoint: Path, tmp_path: Path) -> None:
    events: list[ProgressEvent] = []
    info = {"kind": "hub", "repo": "Qwen/x", "file": "x", "sha256": "ab", "bytes": 1}
    target = tmp_path / "deep" / "model"
    assert (
        build(checkpoint, target, quantisation="int8", progress=events.append, source_info=info, name="x")
        == target
    )
    assert {file.name for file in target.iterdir()} == FILES
    directory = read_directory(target)
    directory.verify()
    assert (directory.name, directory.sha256, directory.quantisation) == ("x", "ab", "int8")
    assert directory.kl is not None and 0 < directory.kl < 0.05
    assert directory.card["quantisation"] == {
        "weights": "int8",
        "block_size": 32,
        "lm_head": "int8",
        "accuracy_level": 4,
    }
    assert (target / "chat_template.jinja").read_text() == CHAT_TEMPLATE
    assert json.loads((target / "genai_config.json").read_text())["model"]["type"] == "qwen2"
    written = [event for event in events if event.phase == "build"]
    assert written[-1].done == written[-1].total
    assert any(event.phase == "check" for event in events)
    assert [entry.name for entry in target.parent.iterdir()] == ["model"]


def test_source_is_described_by_default(checkpoint: Path, tmp_path: Path) -> None:
    card = read_directory(build(checkpoint, tmp_path / "m", check=False)).card
    assert card["source"]["kind"] == "safetensors"
    assert card["source"]["sha256"] == sha256_of(checkpoint / "model.safetensors")
    assert card["self_test"] is None


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("quantisation", ["int8", "int4", "mixed", "int8-fp16", "int4-fp16"])
def test_quantised_logits_follow_float32(
    tmp_path: Path, family: Family, tied: bool, quantisation: str
) -> None:
    exact, rounded = (
        run(
            open_graph(build_tiny(tmp_path / q, family=family, quantisation=q, tie_word_embeddings=tied)),
            [[9, 8, 7]],
        )[0]
        for q in ("fp32", quantisation)
    )
    relative = np.abs(rounded - exact).mean() / np.abs(exact).mean()
    assert 0 < relative < {"int8": 0.05, "mixed": 0.15, "int4": 0.5}[quantisation.removesuffix("-fp16")]


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
@pytest.mark.parametrize("tied", [True, False])
def test_planned_bytes_are_what_is_written(tmp_path: Path, quantisation: str, tied: bool) -> None:
    path = build_tiny(tmp_path / "m", quantisation=quantisation, tie_word_embeddings=tied)
    with open_source(tmp_path / "m-source") as source:
        planned = planned_bytes(source.architecture, QUANTISATIONS[quantisation], tied=tied)
    rotary, pages = 2 * 1024 * 8 * 4, 40 * 4096
    assert planned <= (path / "model.onnx.data").stat().st_size <= planned + rotary + pages


def test_unknown_quantisation(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'q3': use one of int8, int4"):
        build(checkpoint, tmp_path / "m", quantisation="q3")


def test_target_exists(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    with pytest.raises(ConfigError, match="exists"):
        build(checkpoint, tmp_path / "m")


def leftovers(tmp_path: Path) -> list[str]:
    return sorted(entry.name for entry in tmp_path.iterdir() if entry.name != "source")


def test_no_room_is_known_before(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with pytest.raises(DiskSpaceError, match="1 kB are free"):
        build(checkpoint, tmp_path / "m")
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_disk_full_on_the_way(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failing(monkeypatch, OSError(number, "No space left on device"))
    with pytest.raises(DiskSpaceError, match="free some space"):
        build(checkpoint, tmp_path / "m")
    assert leftovers(tmp_path) == []


def test_interrupted(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        build(checkpoint, tmp_path / "m")
    assert leftovers(tmp_path) == []


def test_interrupted_by_the_progress_callback(checkpoint: Path, tmp_path: Path) -> None:
    def stop(event: ProgressEvent) -> None:
        if event.phase == "check":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(checkpoint, tmp_path / "m", progress=stop)
    assert leftovers(tmp_path) == []


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The fifth tensor cannot be written."""
    write, calls = external_data.ExternalData.write, []

    def flaky(self: Any, parts: Any) -> Any:
        calls.append(1)
        if len(calls) == 5:
            raise error
        return write(self, parts)

    monkeypatch.setattr(external_data.ExternalData, "write", flaky)


def test_weights_that_are_no_numbers(tmp_path: Path) -> None:
    config = tiny_config()
    weights = tiny_weights(config)
    weights["model.layers.0.mlp.down_proj.weight"][:] = np.nan
    source = write_checkpoint(tmp_path / "source", config, weights)
    with np.errstate(all="ignore"), pytest.raises(DamagedModelError, match="no numbers"):
        build(source, tmp_path / "m", quantisation="fp32")
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"model_type": "qwen2_moe"}, "'qwen2_moe'"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "'yarn'"),
        ({"use_sliding_window": True}, "sliding"),
        ({"hidden_act": "gelu"}, "'gelu'"),
        ({"quantization_config": {"quant_method": "awq"}}, "quantised already"),
    ],
)
def test_checkpoints_that_cannot_be_built(tmp_path: Path, change: dict[str, Any], match: str) -> None:
    config = tiny_config() | change
    source = write_checkpoint(tmp_path / "source", config, tiny_weights(tiny_config()))
    with pytest.raises(UnsupportedModelError, match=match):
        build(source, tmp_path / "m")
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"hidden_size": 32}, r"embed_tokens.*shape \(384, 64\) instead of \(384, 32\)"),
        ({"num_hidden_layers": 3}, r"model\.layers\.2"),
        ({"num_key_value_heads": 3}, "contradict"),
        ({"vocab_size": "many"}, "no usable number"),
    ],
)
def test_configurations_that_do_not_fit(tmp_path: Path, change: dict[str, Any], match: str) -> None:
    source = write_checkpoint(tmp_path / "source", tiny_config() | change, tiny_weights(tiny_config()))
    with pytest.raises(DamagedModelError, match=match):
        build(source, tmp_path / "m")


def test_sharded_safetensors(tmp_path: Path) -> None:
    whole = build_tiny(tmp_path / "whole")
    source = tmp_path / "whole-source"
    weights = tiny_weights(tiny_config())
    (source / "model.safetensors").unlink()
    names, where = sorted(weights), {}
    for i, part in enumerate((names[:7], names[7:]), 1):
        file = f"model-{i:05}-of-00002.safetensors"
        write_safetensors(source / file, {name: weights[name] for name in part})
        where |= dict.fromkeys(part, file)
    (source / "model.safetensors.index.json").write_text(json.dumps({"weight_map": where}))
    sharded = build(source, tmp_path / "sharded", quantisation="fp32", check=False)
    assert sha256_of(whole / "model.onnx.data") == sha256_of(sharded / "model.onnx.data")
    (source / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(DamagedModelError, match="model-00002-of-00002"):
        build(source, tmp_path / "missing")


def test_half_precision_safetensors(tmp_path: Path) -> None:
    """bfloat16 is the upper half of float32."""
    config, weights = tiny_config(), tiny_weights(tiny_config())
    upper = {name: (value.view(np.uint32) >> 16).astype(np.uint16) for name, value in weights.items()}
    with open_source(write_checkpoint(tmp_path / "s", config, upper)) as source:
        for name, value in weights.items():
            got = source.vector(name).reshape(value.shape)
            assert np.allclose(got, value, rtol=2**-7)
            assert not np.any(got.view(np.uint32) & 0xFFFF)


@pytest.mark.parametrize("size", [0, 4, 100, 5000, -1])
def test_truncated_safetensors(checkpoint: Path, tmp_path: Path, size: int) -> None:
    file = checkpoint / "model.safetensors"
    content = file.read_bytes()
    file.write_bytes(content[: size if size >= 0 else len(content) - 1])
    with pytest.raises(DamagedModelError, match=r"model\.safetensors"):
        build(checkpoint, tmp_path / "m")


def test_other_types_are_named(tmp_path: Path) -> None:
    weights = tiny_weights(tiny_config())
    weights["model.norm.weight"] = weights["model.norm.weight"].astype(np.int8)
    source = write_checkpoint(tmp_path / "s", tiny_config(), weights)
    with pytest.raises(UnsupportedModelError, match="I8"):
        build(source, tmp_path / "m")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_missing_files_are_named(checkpoint: Path, tmp_path: Path, name: str) -> None:
    (checkpoint / name).unlink()
    with pytest.raises(DamagedModelError, match=r"config\.json|tokenizer\.json|\.safetensors"):
        build(checkpoint, tmp_path / "m", check=False)
    assert leftovers(tmp_path) == []


def test_no_such_source(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match="check the path"):
        build(tmp_path / "nothing.gguf", tmp_path / "m")

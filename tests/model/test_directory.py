"""A model directory is checked before anything is loaded from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qwen_magics.errors import DamagedModelError
from qwen_magics.model.directory import read_directory
from tests.tiny import build_tiny


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("built") / "model", quantisation="int8")


@pytest.fixture
def model(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "model"))


def test_whole(model: Path) -> None:
    directory = read_directory(model)
    assert directory.graph == model / "model.onnx"
    assert directory.genai["model"]["decoder"]["num_key_value_heads"] == 2
    directory.verify()


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json", "chat_template.jinja"])
def test_missing_file_is_named(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(DamagedModelError, match=f"{name} is missing; delete"):
        read_directory(model)


def test_truncated_file_is_named(model: Path) -> None:
    data = (model / "model.onnx.data").read_bytes()
    (model / "model.onnx.data").write_bytes(data[:-1])
    with pytest.raises(DamagedModelError, match=r"model\.onnx\.data has [\d,]+ bytes instead of"):
        read_directory(model)


def test_changed_bytes_are_found_by_verify(model: Path) -> None:
    data = bytearray((model / "model.onnx.data").read_bytes())
    data[1000] ^= 1
    (model / "model.onnx.data").write_bytes(data)
    directory = read_directory(model)
    with pytest.raises(DamagedModelError, match=r"model\.onnx\.data is not the file"):
        directory.verify()


@pytest.mark.parametrize("content", ["{", "[]", '"x"'])
def test_broken_card(model: Path, content: str) -> None:
    (model / "qwen_magics.json").write_text(content)
    with pytest.raises(DamagedModelError, match=r"qwen_magics\.json"):
        read_directory(model)


def test_card_of_a_newer_version(model: Path) -> None:
    card = json.loads((model / "qwen_magics.json").read_text())
    (model / "qwen_magics.json").write_text(json.dumps(card | {"schema": 99}))
    with pytest.raises(DamagedModelError, match="newer version"):
        read_directory(model)


def test_directory_of_somebody_else(model: Path) -> None:
    """From the hub: no card, perhaps another name for the graph."""
    (model / "qwen_magics.json").unlink()
    genai = json.loads((model / "genai_config.json").read_text())
    genai["model"]["decoder"]["filename"] = "decoder.onnx"
    (model / "genai_config.json").write_text(json.dumps(genai))
    (model / "model.onnx").rename(model / "decoder.onnx")
    directory = read_directory(model)
    assert (directory.graph.name, directory.kl, directory.sha256) == ("decoder.onnx", None, None)


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match="no model directory"):
        read_directory(tmp_path / "nothing")

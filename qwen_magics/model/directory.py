"""A model directory: writing its descriptions, reading and checking them before anything is loaded.

The layout is onnxruntime-genai's, plus `qwen_magics.json`. Directories without that file (from the hub) are
accepted; they just have no digests and no self-test. So are those of other exporters (`foreign.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import DamagedModelError
from qwen_magics.model.foreign import find_graph

if TYPE_CHECKING:
    from qwen_magics.model.architecture import Architecture

__all__ = ["CARD", "GRAPH", "ModelDirectory", "genai_config", "read_directory", "sha256_of", "write_json"]

CARD, GRAPH = "qwen_magics.json", "model.onnx"
SCHEMA = 1
_CHUNK = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """What a model directory says about itself.

    Attributes:
        path: the directory.
        graph: the ONNX file in it.
        card: `qwen_magics.json`, empty if the directory is not ours.
        genai: `genai_config.json`, empty if there is none.
    """

    path: Path
    graph: Path
    card: Mapping[str, Any]
    genai: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.card.get("name") or self.path.name)

    @property
    def quantisation(self) -> str:
        return str(self.card.get("quantisation", {}).get("weights", "unknown"))

    @property
    def sha256(self) -> str | None:
        """Digest of the weights that it was built from."""
        digest = self.card.get("source", {}).get("sha256")
        return None if digest is None else str(digest)

    @property
    def kl(self) -> float | None:
        """Mean nats against fp32 of the same weights, as measured when it was built."""
        value = (self.card.get("self_test") or {}).get("kl")
        return None if value is None else float(value)

    def verify(self) -> None:
        """Reads every file and compares digests; DamagedModelError names the first that differs. Takes
        seconds.
        """
        for name, expected in self.card.get("files", {}).items():
            if sha256_of(self.path / name) != expected["sha256"]:
                raise _damaged(self.path, f"{name} is not the file that was built")


def read_directory(path: Path) -> ModelDirectory:
    """Reads the descriptions and compares file sizes (not digests: that would read gigabytes at each load).

    Raises:
        DamagedModelError: no graph, a file missing or of another size, or a description that is no JSON.
    """
    if not path.is_dir():
        msg = f"there is no model directory {path}; pull a model by name or build one from a GGUF file."
        raise DamagedModelError(msg)
    card, genai = _read_json(path, CARD), _read_json(path, "genai_config.json")
    if int(card.get("schema", SCHEMA)) > SCHEMA:
        raise _damaged(path, f"{CARD} was written by a newer version of qwen-magics")
    for name, expected in card.get("files", {}).items():
        file = path / name
        size = file.stat().st_size if file.is_file() else None
        if size != expected["bytes"]:
            state = "is missing" if size is None else f"has {size:,} bytes instead of {expected['bytes']:,}"
            raise _damaged(path, f"{name} {state}")
    graph = path / str(genai.get("model", {}).get("decoder", {}).get("filename", GRAPH))
    graph = graph if genai else find_graph(path) or graph
    if not graph.is_file():
        raise _damaged(path, f"{graph.name} is missing")
    return ModelDirectory(path, graph, card, genai)


def genai_config(architecture: Architecture, *, eos: list[int], pad: int) -> dict[str, Any]:
    """What onnxruntime-genai needs to run the directory."""
    a = architecture
    names = {
        "input_ids": "input_ids",
        "attention_mask": "attention_mask",
        "past_key_names": "past_key_values.%d.key",
        "past_value_names": "past_key_values.%d.value",
    }
    decoder = {
        "session_options": {"log_id": "onnxruntime-genai", "log_severity_level": 3, "provider_options": []},
        "filename": GRAPH,
        "head_size": a.head_dim,
        "hidden_size": a.hidden,
        "inputs": names,
        "outputs": {
            "logits": "logits",
            "present_key_names": "present.%d.key",
            "present_value_names": "present.%d.value",
        },
        "num_attention_heads": a.heads,
        "num_hidden_layers": a.layers,
        "num_key_value_heads": a.kv_heads,
    }
    model = {
        "type": a.family,
        "context_length": a.context_length,
        "vocab_size": a.vocabulary,
        "bos_token_id": pad,
        "eos_token_id": eos,
        "pad_token_id": pad,
        "decoder": decoder,
    }
    search = {
        "do_sample": False,
        "max_length": a.context_length,
        "past_present_share_buffer": True,
        "temperature": 1.0,
    }
    return {"model": model, "search": search}


def sha256_of(path: Path) -> str:
    """Hex digest of a file; DamagedModelError if it is missing."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as exc:
        raise _damaged(path.parent, f"{path.name} is missing") from exc
    return digest.hexdigest()


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Writes a description, readable by people."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _read_json(path: Path, name: str) -> dict[str, Any]:
    try:
        value = json.loads((path / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as exc:
        raise _damaged(path, f"{name} is no valid JSON") from exc
    if not isinstance(value, dict):
        raise _damaged(path, f"{name} is no JSON object")
    return value


def _damaged(path: Path, what: str) -> DamagedModelError:
    return DamagedModelError(
        f"the model in {path} is damaged: {what}; delete the folder and pull or build it again."
    )

"""What a model directory says about itself: graph file, context length, vocabulary width, end tokens.

The layout is the one onnxruntime-genai uses, or that of transformers (`model.foreign`). Nothing here opens
the graph.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwen_magics.errors import DamagedModelError
from qwen_magics.model.foreign import find_graph

__all__ = ["ModelDirectory", "damaged"]


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """The parts of its descriptions that running the model needs.

    Attributes:
        path: the folder.
        graph: the ONNX file in it.
        context_length: most tokens, prompt and answer together, that the model was trained for.
        vocab_size: width of the logits (at Qwen more than the tokenizer's ids).
        eos_tokens: ids that end an answer.
        kv_heads: heads of keys and values, if it says so; graphs may leave them open.
        head_dim: size of a head, likewise.
    """

    path: Path
    graph: Path
    context_length: int
    vocab_size: int
    eos_tokens: frozenset[int]
    kv_heads: int | None = None
    head_dim: int | None = None

    @classmethod
    def read(cls, path: Path) -> ModelDirectory:
        """Read the descriptions and check that the files it needs are there and whole.

        Raises:
            DamagedModelError: a file is missing, cut off or not what it should be.
        """
        foreign = (path / "config.json").is_file() and not (path / "genai_config.json").is_file()
        directory = cls._of_transformers(path) if foreign else cls._of_genai(path)
        if not directory.graph.is_file():
            raise damaged(path, f"{directory.graph.name} is missing")
        directory._check_sizes()
        return directory

    @classmethod
    def _of_genai(cls, path: Path) -> ModelDirectory:
        config = _read_json(path, "genai_config.json")
        try:
            model = config["model"]
            return cls(
                path=path,
                graph=path / model["decoder"]["filename"],
                context_length=int(model["context_length"]),
                vocab_size=int(model["vocab_size"]),
                eos_tokens=_token_ids(model["eos_token_id"]),
                kv_heads=_size(model["decoder"].get("num_key_value_heads")),
                head_dim=_size(model["decoder"].get("head_size")),
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise damaged(path, f"genai_config.json lacks or garbles {exc}") from exc

    @classmethod
    def _of_transformers(cls, path: Path) -> ModelDirectory:
        config = _read_json(path, "config.json")
        # What ends an answer stands in generation_config.json; config.json often names the end of a text.
        generation = path / "generation_config.json"
        ends = {**config, **(_read_json(path, generation.name) if generation.is_file() else {})}
        try:
            return cls(
                path=path,
                graph=find_graph(path) or path / "model.onnx",
                context_length=int(config["max_position_embeddings"]),
                vocab_size=int(config["vocab_size"]),
                eos_tokens=_token_ids(ends["eos_token_id"]),
                kv_heads=_size(config.get("num_key_value_heads")),
                head_dim=_size(config.get("head_dim")),
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise damaged(path, f"config.json lacks or garbles {exc}") from exc

    @property
    def quantisation(self) -> str:
        """How we stored the weights; empty for a graph of another tool."""
        if not (self.path / "qwen_magics.json").is_file():
            return ""
        return str(_read_json(self.path, "qwen_magics.json").get("quantisation", {}).get("weights", ""))

    @property
    def weight_bytes(self) -> int:
        """Size of the graph's file and those beside it that hold its weights."""
        return sum(file.stat().st_size for file in self.path.glob(f"{self.graph.name}*"))

    def _check_sizes(self) -> None:
        """Compare byte counts with our manifest: a cut-off weight file would crash or, worse, load."""
        if not (self.path / "qwen_magics.json").is_file():
            return
        for name, facts in _read_json(self.path, "qwen_magics.json").get("files", {}).items():
            file = self.path / name
            if not file.is_file():
                raise damaged(self.path, f"{name} is missing")
            if file.stat().st_size != facts.get("bytes"):
                raise damaged(
                    self.path, f"{name} has {file.stat().st_size:,} bytes instead of {facts.get('bytes'):,}"
                )

    def shares_cache(self, attentions: int) -> bool:
        """Whether past and present may be one buffer: all `attentions` are GroupQueryAttention.

        With any other operator, sharing one buffer would silently compute nonsense.
        """
        # A node's op_type in the file: field 4 of its message, as text. A byte search, because it takes
        # milliseconds and no ONNX package at run time; nodes come before weights, so it rarely reads far.
        entry, found, at = b"\x22\x13GroupQueryAttention", 0, -1
        with self.graph.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            while found < attentions and (at := content.find(entry, at + 1)) >= 0:
                found += 1
        return found == attentions


def damaged(path: Path, fault: str) -> DamagedModelError:
    """The error for a broken model directory, with the way to repair it."""
    if (path / "config.json").is_file() and not (path / "genai_config.json").is_file():
        fix = "Get that folder again from where it came, or make it again with `qwen-magics export`."
        return DamagedModelError(f"The model in {path} is damaged: {fault}. {fix}")
    name = path.parent.name if path.parent.name and (path / "qwen_magics.json").is_file() else path.name
    return DamagedModelError(
        f"The model in {path} is damaged: {fault}. Delete that folder and run `qwen-magics pull {name}` "
        "(or `qwen-magics build` with the file it was made from)."
    )


def _token_ids(value: Any) -> frozenset[int]:
    return frozenset([value] if isinstance(value, int) else map(int, value))


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _read_json(path: Path, name: str) -> Mapping[str, Any]:
    try:
        value = json.loads((path / name).read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise damaged(path, f"{name} is missing") from exc
    except (OSError, ValueError) as exc:
        raise damaged(path, f"{name} cannot be read ({exc})") from exc
    if not isinstance(value, dict):
        raise damaged(path, f"{name} is not a JSON object")
    return value

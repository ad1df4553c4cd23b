"""What a model directory says about itself: graph file, context length, vocabulary width, end tokens.

The layout is the one onnxruntime-genai uses. Nothing here opens the graph.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwen_magics.errors import DamagedModelError

__all__ = ["ModelDirectory", "damaged"]


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """The parts of `genai_config.json` that running the model needs.

    Attributes:
        path: the folder.
        graph: the ONNX file in it.
        context_length: most tokens, prompt and answer together, that the model was trained for.
        vocab_size: width of the logits (at Qwen more than the tokenizer's ids).
        eos_tokens: ids that end an answer.
    """

    path: Path
    graph: Path
    context_length: int
    vocab_size: int
    eos_tokens: frozenset[int]

    @classmethod
    def read(cls, path: Path) -> ModelDirectory:
        """Read `genai_config.json` and check that the files it needs are there and whole.

        Raises:
            DamagedModelError: a file is missing, cut off or not what it should be.
        """
        config = _read_json(path, "genai_config.json")
        try:
            model = config["model"]
            eos = model["eos_token_id"]
            directory = cls(
                path=path,
                graph=path / model["decoder"]["filename"],
                context_length=int(model["context_length"]),
                vocab_size=int(model["vocab_size"]),
                eos_tokens=frozenset([eos] if isinstance(eos, int) else map(int, eos)),
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise damaged(path, f"genai_config.json lacks or garbles {exc}") from exc
        if not directory.graph.is_file():
            raise damaged(path, f"{directory.graph.name} is missing")
        directory._check_sizes()
        return directory

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

    def contains_operator(self, name: str) -> bool:
        """Whether the graph file names an operator. A byte search: no ONNX package at run time."""
        with self.graph.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(name.encode()) >= 0


def damaged(path: Path, fault: str) -> DamagedModelError:
    """The error for a broken model directory, with the way to repair it."""
    name = path.parent.name if path.parent.name and (path / "qwen_magics.json").is_file() else path.name
    return DamagedModelError(
        f"The model in {path} is damaged: {fault}. Delete that folder and run `qwen-magics pull {name}` "
        "(or `qwen-magics build` with the file it was made from)."
    )


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

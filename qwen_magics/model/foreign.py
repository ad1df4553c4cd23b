"""Folders that transformers-style exporters make: `config.json` beside ONNX files, no `genai_config.json`.

optimum puts `model.onnx` beside the configuration; the hub's onnx-community (for transformers.js) keeps
variants of it in `onnx/`.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["find_graph", "is_foreign"]

# The first one that is there. 4-bit weights with float32 activations are what a processor runs best; the
# dynamically quantised ones round activations per tensor, which costs a language model most of its sense.
_PREFERRED = (
    "model_q4.onnx",
    "model.onnx",
    "model_q4f16.onnx",
    "model_fp16.onnx",
    "model_quantized.onnx",
    "model_int8.onnx",
    "model_uint8.onnx",
    "model_bnb4.onnx",
)


def find_graph(folder: Path) -> Path | None:
    """The graph to run: the most suitable of the usual names, or the only one there is."""
    places = [place for place in (folder, folder / "onnx") if place.is_dir()]
    for place in places:
        for name in _PREFERRED:
            if (place / name).is_file():
                return place / name
    graphs = [graph for place in places for graph in place.glob("*.onnx")]
    return graphs[0] if len(graphs) == 1 else None


def is_foreign(folder: Path) -> bool:
    """Whether `folder` is such a model directory."""
    return (folder / "config.json").is_file() and find_graph(folder) is not None

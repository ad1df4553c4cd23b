"""What onnxruntime-genai loads: the same numbers, of the last token only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bench.last_logits import keep_last_logits
from qwen_magics.engine.runtime import load_runtime


def test_the_last_row_is_that_of_the_whole(tiny: Path, tmp_path: Path) -> None:
    keep_last_logits(tiny, tmp_path / "last")
    whole, last = _logits(tiny), _logits(tmp_path / "last")
    assert whole.shape[1] == 5
    assert last.shape[1] == 1
    np.testing.assert_array_equal(last[:, -1], whole[:, -1])


def test_the_graph_says_so_and_asks_for_no_number(tiny: Path, tmp_path: Path) -> None:
    keep_last_logits(tiny, tmp_path / "last")
    session = _session(tmp_path / "last")
    assert session.get_outputs()[0].shape[1] == 1
    # The runtime would feed 0, all, if it were an input.
    assert "num_logits_to_keep" not in [value.name for value in session.get_overridable_initializers()]


def _session(directory: Path) -> Any:
    return load_runtime().InferenceSession(directory / "model.onnx", providers=["CPUExecutionProvider"])


def _logits(directory: Path) -> Any:
    decoder = json.loads((directory / "genai_config.json").read_text())["model"]["decoder"]
    empty = np.zeros((1, decoder["num_key_value_heads"], 0, decoder["head_size"]), np.float32)
    feeds = {
        f"past_key_values.{layer}.{part}": empty
        for layer in range(decoder["num_hidden_layers"])
        for part in ("key", "value")
    }
    ids = np.array([[1, 2, 3, 4, 5]], np.int64)
    feeds |= {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    return _session(directory).run(["logits"], feeds)[0]

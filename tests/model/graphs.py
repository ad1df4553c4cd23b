"""Runs a built graph the simplest way: what the tests compare with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

DTYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


def open_graph(directory: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(directory / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )


def run(
    session: onnxruntime.InferenceSession,
    tokens: Sequence[Sequence[int]],
    past: dict[str, np.ndarray] | None = None,
    keep: int | None = None,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Logits [batch, kept, vocabulary] and the cache to go on with."""
    ids = np.array(tokens, np.int64)
    if past is None:
        past = {
            entry.name: np.zeros((len(ids), entry.shape[1], 0, entry.shape[3]), DTYPES[entry.type])
            for entry in session.get_inputs()
            if entry.name.startswith("past_key_values")
        }
    length = ids.shape[1] + next(iter(past.values())).shape[2]
    feeds: dict[str, Any] = {
        "input_ids": ids,
        "attention_mask": np.ones((len(ids), length), np.int64),
        **past,
    }
    if keep is not None:
        feeds["num_logits_to_keep"] = np.array(keep, np.int64)
    names = [output.name for output in session.get_outputs()]
    values = dict(zip(names, session.run(None, feeds), strict=True))
    logits = values.pop("logits")
    return logits, {name.replace("present", "past_key_values"): value for name, value in values.items()}

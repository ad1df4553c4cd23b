"""A model directory for onnxruntime-genai whose graph gives the logits of the last token only.

That runtime feeds 0 to `num_logits_to_keep`, which means all: it would multiply every token of a prompt by
the output matrix, a quarter of the work of a 0.5B model, and throw all rows but one away. It leaves that
out where the graph says so by a dimension of 1 (its `src/models/logits.cpp`; its model builder calls the
option `prune_lm_head`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import onnx_ir as ir

__all__ = ["keep_last_logits"]

_KEEP = "num_logits_to_keep"


def keep_last_logits(source: Path, target: Path) -> None:
    """Make `target` of `source`: other graph, the same files by link.

    Raises:
        FileExistsError: `target` is there.
    """
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.name != "model.onnx":
            _link(path, target / path.name)
    model = ir.load(source / "model.onnx")
    keep = model.graph.initializers[_KEEP]
    keep.const_value = ir.tensor(np.array(1, np.int64), name=_KEEP)
    model.graph.inputs.remove(keep)
    logits = next(value for value in model.graph.outputs if value.name == "logits")
    assert logits.shape is not None
    logits.shape = ir.Shape([logits.shape[0], 1, logits.shape[2]])
    ir.save(model, target / "model.onnx")


def _link(path: Path, target: Path) -> None:
    # No symbolic ones: ONNX Runtime refuses weights whose real path is outside the graph's folder.
    try:
        os.link(path, target)
    except OSError:
        shutil.copy(path, target)

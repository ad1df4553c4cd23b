"""Against optimum's export of the same checkpoint: thousands of plain nodes, made by torch. Needs the
`export` extra.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from tests.model.graphs import open_graph, run
from tests.tiny import build_tiny
from tests.tiny_checkpoint import Family

pytest.importorskip("optimum.exporters.onnx", reason="install qwen-magics[export]")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
@pytest.mark.parametrize("tied", [True, False])
def test_same_logits_as_optimums_export(tmp_path: Path, family: Family, tied: bool) -> None:
    import onnxruntime
    from optimum.exporters.onnx import main_export

    built = build_tiny(tmp_path / "built", family=family, tie_word_embeddings=tied)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main_export(
            str(tmp_path / "built-source"),
            tmp_path / "export",
            task="text-generation-with-past",
            library_name="transformers",
        )
    tokens = [[3, 7, 65, 300, 301, 1, 0, 88, 250]]
    session = onnxruntime.InferenceSession(
        str(tmp_path / "export" / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    feeds = {
        "input_ids": np.array(tokens),
        "attention_mask": np.ones((1, 9), np.int64),
        "position_ids": np.arange(9)[None],
    }
    for entry in session.get_inputs():
        if entry.name.startswith("past_key_values"):
            feeds[entry.name] = np.zeros((1, entry.shape[1], 0, entry.shape[3]), np.float32)
    expected = session.run(["logits"], feeds)[0]
    assert np.abs(run(open_graph(built), tokens)[0] - expected).max() < 1e-3

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import random_weights
from bench.cuda import build_random, bytes_read, measure
from bench.cuda_table import table
from bench.documentation import RESULTS
from bench.environments import ROOT
from qwen_magics.model.architecture import Architecture

TINY = Architecture("qwen2", 2, 64, 96, 4, 2, 16, 151936, 512, 1e4, 1e-6, True)


def test_the_page_says_what_was_measured() -> None:
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    for path in (RESULTS / "curves").glob("cuda-*.json"):
        assert table(json.loads(path.read_text(encoding="utf-8"))) in page


@pytest.mark.parametrize("quantisation", ["fp16", "int8-fp16", "int4-fp16"])
def test_random_weights_make_a_model_that_runs(
    quantisation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(random_weights.SHAPES, "tiny", TINY)
    path = build_random("tiny", quantisation, tmp_path)
    found = measure(path, [8], provider="cpu", recorded=False, repeat=2)
    assert found["contexts"][8]["steps"] > 0 and not found["laid_out"]
    # Half a byte, one or two for each weight, and what is written is at least what is read.
    least = TINY.vocabulary * TINY.hidden * {"fp16": 2, "int8-fp16": 1, "int4-fp16": 0.5}[quantisation]
    assert least < bytes_read("tiny", quantisation, 0) < (path / "model.onnx.data").stat().st_size

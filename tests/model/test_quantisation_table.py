"""The documentation's tables of quantisations are what `python -m bench.quantisation --save` measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.quantisation import saved_rows, table
from qwen_magics.model.catalogue import DEFAULT_QUANTISATION

PAGE = (Path(__file__).parents[2] / "docs" / "models-build.md").read_text(encoding="utf-8")
MODELS = ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"]


@pytest.mark.parametrize("model", MODELS)
def test_the_page_has_the_saved_figures(model: str) -> None:
    assert table(saved_rows(model)) in PAGE


@pytest.mark.parametrize("model", MODELS)
def test_the_default_is_quick_and_faithful(model: str) -> None:
    [default] = [row for row in saved_rows(model) if row.name == DEFAULT_QUANTISATION["cpu"]]
    assert default.agent.kl <= 0.02
    assert default.agent.top1 >= 0.97
    assert min(default.decode, default.decode_one_thread) > 1
    assert min(default.prefill, default.prefill_one_thread) > 1

"""The curves over context and rows: measured on a tiny graph, and the docs say what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import batches, context, prompt_profile, restart
from tests.tiny import build_tiny

DOCS = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("curves") / "model")


def test_a_context_costs_memory_and_attention(tiny: Path) -> None:
    near, far = context.measure(tiny, threads=1, contexts=(16, 64), rounds=1)
    assert far.kv_bytes == 4 * near.kv_bytes > 0
    for point in (near, far):
        assert 0 < point.step_attention_s < point.step_s
        assert 0 < point.chunk_attention_s < point.chunk_s


def test_the_slope_is_that_of_a_line() -> None:
    points = [context.Point(at, 0, 0.02 + 5e-6 * at, 0.0, 0.0, 0.0) for at in (128, 512, 1024)]
    assert context.slope(points, "step_s") == pytest.approx(5e-6)
    assert context.slope(points, "chunk_s") == 0


@pytest.mark.model
def test_widths_give_the_same_answers_or_the_run_fails(coder_05b: Path) -> None:
    widths = batches.measure(coder_05b, threads=2, rows=(1, 2), prompts=3)
    assert [(width.work, width.rows) for width in widths] == [
        ("sort", 1),
        ("sort", 2),
        ("reply", 1),
        ("reply", 2),
    ]
    assert widths[0].tokens == widths[1].tokens > 3


def test_the_page_has_the_kept_context_curve() -> None:
    kept = context.saved("qwen2.5-coder-0.5b")
    assert [point.context for point in kept] == list(context.CONTEXTS)
    assert context.table(kept) in DOCS


def test_the_page_has_the_kept_batch_curve() -> None:
    kept = batches.saved("qwen2.5-coder-0.5b")
    assert [w.rows for w in kept if w.work == "reply"] == list(batches.ROWS)
    assert batches.table(kept) in DOCS


def test_a_profile_counts_every_product(tmp_path: Path) -> None:
    parts = prompt_profile.measure(build_tiny(tmp_path / "model", quantisation="mixed"))
    kinds = ["qkv", "o", "gate", "up", "down", "shortlist", "attention and the rest"]
    assert [part.kind for part in parts] == kinds
    prompt = {part.kind: part.giga_operations for part in parts}
    # Two layers of [96, 64]; of the last only the two rows that get logits.
    assert prompt["gate"] == pytest.approx(2e-9 * 96 * 64 * (128 + 2))
    assert prompt["qkv"] == pytest.approx(2e-9 * 128 * 64 * 2 * 128)
    assert prompt["shortlist"] == pytest.approx(2e-9 * 384 * 64 * 2)
    assert all(part.ms > 0 for part in parts if part.giga_operations)


def test_the_page_has_the_kept_profile() -> None:
    assert prompt_profile.table(prompt_profile.saved("qwen2.5-coder-1.5b")) in DOCS


@pytest.mark.parametrize("model", ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"])
def test_the_page_has_the_kept_starts(model: str) -> None:
    kept = restart.saved(model)
    assert [s.kind for s in kept] == [*restart.KINDS] * 2
    assert all((s.cached_tokens == 0) is (s.kind == restart.KINDS[0]) for s in kept)
    assert restart.table(kept) in DOCS

"""Logits of checkpoints that transformers saved, against transformers' own (scripts/regenerate_golden)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from qwen_magics.model.build import build, open_source
from qwen_magics.model.reference import reference_logits
from qwen_magics.model.ties import outer_names
from tests.model.graphs import open_graph, run
from tests.tiny import tiny_tokenizer_json

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = ["qwen2-tied", "qwen2-untied", "qwen3-tied", "qwen3-untied"]
TOLERANCE = 1e-3


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a golden checkpoint with a tokenizer, built to `model` beside it."""
    folder = tmp_path_factory.mktemp("golden") / str(request.param)
    shutil.copytree(GOLDEN / str(request.param), folder)
    (folder / "tokenizer.json").write_text(tiny_tokenizer_json(), encoding="utf-8")
    build(folder, folder.parent / "model", quantisation="fp32", check=False)
    return folder


def expected(case: Path) -> tuple[list[int], np.ndarray]:
    with np.load(case / "expected.npz") as golden:
        return golden["tokens"].tolist(), golden["logits"]


def test_one_shot(case: Path) -> None:
    tokens, logits = expected(case)
    got, _ = run(open_graph(case.parent / "model"), [tokens])
    assert np.abs(logits).max() > 1  # else agreement would say little
    assert np.abs(got[0] - logits).max() < TOLERANCE


@pytest.mark.parametrize("sizes", [(5, 1, 8), (1,) * 14, (13, 1)])
def test_chunks_with_a_past(case: Path, sizes: tuple[int, ...]) -> None:
    tokens, logits = expected(case)
    session, past, at = open_graph(case.parent / "model"), None, 0
    for size in sizes:
        got, past = run(session, [tokens[at : at + size]], past)
        assert np.abs(got[0] - logits[at : at + size]).max() < TOLERANCE
        at += size


@pytest.mark.parametrize("keep", [1, 3, 14, 99])
def test_only_the_last_logits(case: Path, keep: int) -> None:
    tokens, logits = expected(case)
    got, past = run(open_graph(case.parent / "model"), [tokens], keep=keep)
    assert got.shape[1] == min(keep, len(tokens))
    assert np.abs(got[0] - logits[-keep:]).max() < TOLERANCE
    # What was not kept still went into the cache.
    assert next(iter(past.values())).shape[2] == len(tokens)


def test_rows_of_a_batch_are_independent(case: Path) -> None:
    tokens, logits = expected(case)
    got, _ = run(open_graph(case.parent / "model"), [tokens, tokens[::-1]])
    assert np.abs(got[0] - logits).max() < TOLERANCE
    assert np.abs(got[1] - logits).max() > 1


def test_numpy_reference(case: Path) -> None:
    tokens, logits = expected(case)
    with open_source(case) as source:
        head, embedding = outer_names(source)
        got = reference_logits(source, tokens, head=head, embedding=embedding)
    assert np.abs(got - logits).max() < TOLERANCE


def test_golden_files_are_small_and_say_what_made_them() -> None:
    assert sum(file.stat().st_size for file in GOLDEN.rglob("*") if file.is_file()) < 1_300_000
    for versions in (GOLDEN / "versions.json", GOLDEN / "foreign" / "versions.json"):
        assert {"torch", "transformers"} <= json.loads(versions.read_text()).keys()

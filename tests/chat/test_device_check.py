"""A device that computes something else is found out, once, and not used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qwen_magics.chat import local
from qwen_magics.chat.device_check import behind_best, divergence, fault_of_device
from qwen_magics.chat.local import LocalModel
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import Generation
from qwen_magics.engine.provider import ProviderChoice
from qwen_magics.errors import ProviderError
from tests.tiny import build_tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return build_tiny(tmp_path / "model")


class Suspect(Engine):
    """An engine that says it runs on a GPU; `skew` is added to its logits."""

    skew = 0.0
    wrong: tuple[int, ...] = ()

    def __init__(self, directory: Path, *, provider: Any = "auto", **options: Any) -> None:
        super().__init__(directory, provider="cpu", **options)
        if provider != "cpu":
            self.provider = ProviderChoice("cuda", "CUDA on a card for tests.")

    def logits(self, tokens: Any) -> Any:
        rows = super().logits(tokens)
        if self.provider.name == "cuda":
            rows[:, 5] += self.skew
        return rows

    def generate(self, *arguments: Any, **options: Any) -> Generation:
        found = super().generate(*arguments, **options)
        return replace(found, tokens=[*self.wrong, *found.tokens[len(self.wrong) :]])


def test_how_far_a_token_is_behind() -> None:
    rows = np.array([[1, 3, 2], [5, 0, 4.5]], dtype=np.float32)
    assert behind_best(rows, [1, 0]) == 0
    assert behind_best(rows, [2, 2]) == 1
    assert behind_best(rows[:0], []) == 0


def test_a_device_that_writes_other_tokens_is_left(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its logits over a text are right; what its steps choose is not."""
    right = Engine(tiny, provider="cpu")
    worst = int(right.logits([65])[0].argmin())
    right.close()
    monkeypatch.setattr(local, "Engine", Suspect)
    monkeypatch.setattr(Suspect, "wrong", (worst,) * 3)
    model = LocalModel(tiny)
    assert model.card.provider == "cpu"
    assert "tokens that the CPU would not write" in model.engine.provider.reason
    model.close()


def test_the_divergence_is_the_mean_kl() -> None:
    reference = np.log(np.array([[0.5, 0.5], [0.9, 0.1]], dtype=np.float32))
    other = np.log(np.array([[0.25, 0.75], [0.9, 0.1]], dtype=np.float32))
    expected = (0.5 * np.log(0.5 / 0.25) + 0.5 * np.log(0.5 / 0.75)) / 2
    assert divergence(reference, other + 7) == pytest.approx(expected, rel=1e-5)
    assert divergence(reference, other * np.nan) == float("inf")


def test_a_faultless_device_is_used_and_tested_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "Engine", Suspect)
    model = LocalModel(tiny)
    assert model.card.provider == "cuda"
    runs: list[int] = []
    monkeypatch.setattr(Suspect, "logits", lambda self, tokens: runs.append(1))
    assert fault_of_device(model.engine, tiny, model.tokenizer) is None
    assert runs == []
    model.close()


def test_a_faulty_device_is_left_with_the_reason(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "Engine", Suspect)
    monkeypatch.setattr(Suspect, "skew", 9.0)
    model = LocalModel(tiny)
    assert model.card.provider == "cpu"
    assert "something else" in model.engine.provider.reason
    assert model.engine.generate([1, 2, 3]).tokens
    model.close()
    with pytest.raises(ProviderError, match="CUDA was asked for, but it computes something else"):
        LocalModel(tiny, provider="cuda")


def test_a_new_runtime_or_a_damaged_note_is_tested_again(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "Engine", Suspect)
    LocalModel(tiny).close()
    note = tiny / "device_check.json"
    good = note.read_text(encoding="utf-8")
    for text in ("", "[]", '{"key": 1}', good.replace("card", "other card")):
        note.write_text(text, encoding="utf-8")
        LocalModel(tiny).close()
        assert note.read_text(encoding="utf-8") == good

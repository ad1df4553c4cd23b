"""The short speed measurement."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.measure import measure_speed


def test_figures_are_finite_and_positive(tiny: Path, load: Callable[..., Engine]) -> None:
    engine = load(tiny)
    for _ in range(3):
        speed = measure_speed(engine)
        assert speed.load_s == engine.load_s
        assert all(math.isfinite(value) and value > 0 for value in (speed.prefill_tok_s, speed.decode_tok_s))


def test_a_slow_model_is_cut_short(tiny: Path, load: Callable[..., Engine]) -> None:
    assert measure_speed(load(tiny), budget_s=0).decode_tok_s > 0

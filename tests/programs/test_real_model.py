"""Pandas questions, a chart and a repair by the real 0.5B."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from evals.scoring import matches
from qwen_magics.agent import Answer, FailedCell, Request, Session, answer, fix
from qwen_magics.chat.local import LocalModel
from qwen_magics.engine.generation import SamplingParams

pytestmark = pytest.mark.model

Frames = dict[str, pd.DataFrame]


class RealSession(Session):
    """A session whose model is loaded already, for all tests together."""

    def __init__(self, model: LocalModel) -> None:
        super().__init__()
        self._real = model

    def model(self, name: object = None, listener: object = None) -> LocalModel:  # type: ignore[override]
        return self._real

    def load_in_background(self) -> bool:
        return True


@pytest.fixture(scope="module")
def session(real_model: LocalModel) -> RealSession:
    return RealSession(real_model)


def asked(session: Session, question: str, frames: Frames, **more: Any) -> Answer:
    request = Request(question, frames, params=SamplingParams(seed=0), **more)
    return answer(request, lambda event: None, session)


def penguins(frames: Frames) -> Frames:
    return {"penguins": frames["penguins"]}


def test_a_correlation(session: RealSession, quickstart_frames: Frames) -> None:
    frames = penguins(quickstart_frames)
    result = asked(session, "How strongly do bill length and bill depth correlate in penguins?", frames)
    expected = frames["penguins"]["bill_length_mm"].corr(frames["penguins"]["bill_depth_mm"])
    assert result.value == pytest.approx(expected)
    assert "corr(" in result.code


def test_an_example_over_the_questions_own_columns(session: RealSession, quickstart_frames: Frames) -> None:
    frames = penguins(quickstart_frames)
    question = "How much of the variance of body mass does flipper length explain (R squared) in penguins?"
    table = frames["penguins"]
    expected = table["body_mass_g"].corr(table["flipper_length_mm"]) ** 2
    assert asked(session, question, frames).value == pytest.approx(expected)


def test_a_cross_table(session: RealSession, quickstart_frames: Frames) -> None:
    frames = penguins(quickstart_frames)
    result = asked(session, "Cross-tabulate species and island in penguins.", frames)
    table = frames["penguins"]
    assert matches(result.value, pd.crosstab(table["species"], table["island"]).reset_index())


def test_a_correlation_within_groups(session: RealSession, quickstart_frames: Frames) -> None:
    frames = penguins(quickstart_frames)
    question = "What is the correlation of bill length and bill depth within each species of penguins?"
    groups = frames["penguins"].groupby("species")
    rows = [(name, g["bill_length_mm"].corr(g["bill_depth_mm"])) for name, g in groups]
    assert matches(asked(session, question, frames).value, pd.DataFrame(rows))


def test_a_chart(session: RealSession, quickstart_frames: Frames) -> None:
    frames = penguins(quickstart_frames)
    result = asked(session, "Draw how many penguins of each species there are in penguins.", frames)
    assert result.kind == "chart" and result.chart is not None
    assert result.chart.choice.x == "species" and result.chart.png is not None
    assert len(result.chart.spec["data"]["values"]) == 3


def test_a_repair(session: RealSession, quickstart_frames: Frames) -> None:
    source = 'penguins.groupby("species")["body_mas_g"].mean()'
    failed = FailedCell(source, "KeyError", "'Column not found: body_mas_g'", source)
    result = fix(
        failed,
        penguins(quickstart_frames),
        Request("", params=SamplingParams(seed=0)),
        lambda e: None,
        session,
    )
    assert "body_mass_g" in result.code and "ran on copies" in result.text
    scope: dict[str, Any] = dict(penguins(quickstart_frames))
    exec(result.cell, scope)

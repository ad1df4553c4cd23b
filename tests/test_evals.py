from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evals.questions.quickstart import QUESTIONS
from evals.run import evaluate


@pytest.mark.model
def test_the_smallest_model_answers_plain_questions(
    coder_05b: Path, quickstart_frames: dict[str, pd.DataFrame]
) -> None:
    outcomes = evaluate(QUESTIONS, quickstart_frames, str(coder_05b))
    wrong = [f"{o.key}: {o.code or o.shown}" for o in outcomes if not o.right]
    assert len(outcomes) == 12
    assert len(outcomes) - len(wrong) >= 8, wrong

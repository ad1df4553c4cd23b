"""A result becomes a chart: the model chooses mark and columns under a grammar, the rest is ours."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qwen_magics.agent.prompts import CHART_PREFIX, CHART_STOP, chart_messages
from qwen_magics.agent.recording import record_completion
from qwen_magics.errors import GrammarError, QueryError
from qwen_magics.tools.charts.choice import (
    ChartChoice,
    choice_grammar,
    column_kinds,
    default_choice,
    parse_choice,
)
from qwen_magics.tools.charts.spec import MOST_ROWS, specification

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.chat.messages import LanguageModel
    from qwen_magics.engine.generation import SamplingParams
    from qwen_magics.tools.charts.chart import Chart
    from qwen_magics.trace.recorder import Recorder

__all__ = ["draw", "wants_chart"]

_CHART = re.compile(
    r"^\W*(plot|chart|draw|graph|visuali[sz]e|sketch)\b"
    r"|\b(bar|line|area|pie|column|scatter|box) ?-?(chart|plot|graph|diagram)s?\b"
    r"|\b(scatter|box)plots?\b|\bhistograms?\b|\bheat ?maps?\b|\b(as|in) an? (chart|plot|graph|diagram)\b"
    r"|画图|绘图|绘制|作图|图表|柱状图|条形图|折线图|散点图|饼图|直方图|热力图|箱线图",
    re.IGNORECASE,
)
_CHOICE_TOKENS = 96


def wants_chart(question: str) -> bool:
    """Whether the question plainly asks for a picture.

    >>> wants_chart("Plot the sales per month"), wants_chart("which plot of land is largest?")
    (True, False)
    """
    return _CHART.search(question) is not None


def draw(
    question: str, frame: pd.DataFrame, model: LanguageModel, recorder: Recorder, params: SamplingParams
) -> Chart:
    """A chart of `frame` that suits the question.

    Raises:
        QueryError: `no_chart`, the result has nothing to draw.
    """
    from qwen_magics.tools.charts.chart import Chart

    kinds = column_kinds(frame)
    default = default_choice(kinds, len(frame))
    # Where only one chart makes sense, no model is asked.
    choice = default if len(kinds) == 1 else _choose(question, frame, model, recorder, params) or default
    note = f"{MOST_ROWS:,} of {len(frame):,} rows, evenly spaced" if len(frame) > MOST_ROWS else ""
    return Chart(choice, specification(choice, frame, kinds, description=question), note)


def _choose(
    question: str, frame: pd.DataFrame, model: LanguageModel, recorder: Recorder, params: SamplingParams
) -> ChartChoice | None:
    """The model's choice; None if it has none that can be drawn."""
    kinds = column_kinds(frame)
    grammar = choice_grammar(kinds, len(frame), ending=CHART_STOP)
    columns = ", ".join(f"{name} ({kind})" for name, kind in kinds.items())
    try:
        with recorder.span("llm", "choose a chart", grammar=grammar) as span:
            completion = record_completion(
                span,
                lambda: model.complete(
                    chart_messages(columns, len(frame), question),
                    prefix=CHART_PREFIX,
                    grammar=grammar,
                    params=replace(params, max_tokens=_CHOICE_TOKENS),
                    stop=(CHART_STOP,),
                ),
            )
            return parse_choice(completion.text.strip(), kinds)
    except (QueryError, GrammarError):
        return None

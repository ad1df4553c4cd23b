from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import samples
from test_read import notebook

from qwen_magics.trace import Traces, mime_bundle, read_traces
from qwen_magics.trace.frames import RUN_COLUMNS, STEP_COLUMNS


@pytest.fixture
def traces(tmp_path: Path) -> Traces:
    path = notebook(tmp_path / "a.ipynb", *(mime_bundle(make()) for make in samples.ALL.values()))
    return read_traces(path)


def test_one_row_per_run(traces: Traces) -> None:
    runs = traces.runs.set_index("question")
    assert len(runs) == len(samples.ALL)
    run = runs.loc["How many flights in @flights arrived more than an hour late?"].iloc[0]
    assert (run["cell"], run["status"], run["answer"], run["tokens_prompt"]) == (3, "ok", "27,789", 1004)
    assert run["notebook"].endswith("a.ipynb")
    assert runs.loc["What was the average fare per mile in @flights?", "error"].startswith(
        "There is no column"
    )
    assert list(traces.runs.columns) == list(RUN_COLUMNS)
    assert str(traces.runs["started_at"].dt.tz) == "UTC"
    assert traces.runs["seconds"].sum() == pytest.approx(sum(t.totals["seconds"] for t in traces))


def test_one_row_per_step(traces: Traces) -> None:
    steps = traces.steps
    assert list(steps.columns) == list(STEP_COLUMNS)
    repaired = steps[steps["trace_id"] == traces[1].trace_id]
    assert repaired["kind"].tolist() == ["llm", "check", "retry", "llm", "check", "tool"]
    assert repaired["step"].tolist() == [1, 2, pd.NA, 3, 4, 5]
    assert repaired["error_type"].dropna().tolist() == ["unknown_column"]
    assert repaired["evidence"].tolist() == [False] * 5 + [True]
    assert repaired["rows"].sum() == 1
    # The two frames join.
    assert len(steps.merge(traces.runs, on="trace_id")) == len(steps)


def test_without_any_trace_the_columns_are_there() -> None:
    assert list(Traces().runs.columns) == list(RUN_COLUMNS)
    assert Traces().steps.empty
    assert "<table" in Traces()._repr_html_()


def test_a_folder_stands_for_its_notebooks(tmp_path: Path) -> None:
    notebook(tmp_path / "b.ipynb", mime_bundle(samples.ok()))
    notebook(tmp_path / "a.ipynb", mime_bundle(samples.failed()))
    (tmp_path / "c.txt").write_text("no notebook")
    assert [trace.status for trace in read_traces(tmp_path)] == ["error", "ok"]

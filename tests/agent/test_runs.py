from __future__ import annotations

import json
from pathlib import Path

import pytest

from qwen_magics.agent.asking import answer
from qwen_magics.agent.request import Request
from qwen_magics.agent.runs import Runs, is_run_name
from qwen_magics.errors import AgentError, Cancelled, TraceError
from qwen_magics.trace import Recorder, Trace, mime_bundle


def trace(question: str) -> Trace:
    return Recorder(question, versions={}).finish("ok")


@pytest.fixture
def runs() -> Runs:
    kept = Runs()
    for question in ("one", "two", "three"):
        kept.add(trace(question))
    return kept


@pytest.mark.parametrize(("name", "question"), [("1", "one"), ("3", "three"), ("-1", "three"), ("-3", "one")])
def test_by_number(runs: Runs, name: str, question: str) -> None:
    assert runs.find(name).question == question
    assert runs.find().question == "three"


def test_by_the_beginning_of_the_id(runs: Runs) -> None:
    second = runs.find("2")
    beginning = next(
        second.trace_id[:n] for n in range(6, 33) if any(c.isdigit() for c in second.trace_id[:n])
    )
    assert runs.find(beginning) is second


def test_in_a_saved_notebook(runs: Runs, tmp_path: Path) -> None:
    path = tmp_path / "a b.ipynb"
    outputs = [{"data": mime_bundle(run)} for _, run in runs]
    path.write_text(json.dumps({"cells": [{"outputs": outputs}]}), encoding="utf-8")
    assert [runs.find(f"{path}{n}").question for n in (":1", ":3", ":-2", "")] == [
        "one",
        "three",
        "two",
        "three",
    ]
    with pytest.raises(TraceError, match="has 3 runs; there is no run 4 in it"):
        runs.find(f"{path}:4")


def test_by_id_in_the_session_or_in_the_notebook(runs: Runs, tmp_path: Path) -> None:
    path, saved = tmp_path / "a b.ipynb", trace("saved")
    here = runs.find("2")
    assert runs.find(f"{path}:{here.trace_id[:8]}") is here  # the notebook was not saved yet
    path.write_text(json.dumps({"cells": [{"outputs": [{"data": mime_bundle(saved)}]}]}), encoding="utf-8")
    assert runs.find(f"{path}:{saved.trace_id[:12]}").question == "saved"
    with pytest.raises(TraceError, match=r"no run 01234567 in .* save the notebook"):
        runs.find(f"{path}:01234567")


@pytest.mark.parametrize("name", ["4", "-4", "123abc", "0"])
def test_a_run_that_is_not_there(runs: Runs, name: str) -> None:
    with pytest.raises(TraceError, match=f"There is no run {name}. Runs 1 to 3 are there"):
        runs.find(name)
    with pytest.raises(TraceError, match="Nothing was asked yet"):
        Runs().find(name)


def test_numbers_stay_when_old_runs_go() -> None:
    kept = Runs()
    for number in range(1, 251):
        kept.add(trace(f"question {number}"))
    assert len(kept) == 200
    assert kept.find("250").question == "question 250"
    with pytest.raises(TraceError, match="Runs 51 to 250"):
        kept.find("50")
    assert kept.clear() == 200
    kept.add(trace("again"))
    assert kept.find("1").question == "again"


@pytest.mark.parametrize("word", ["of", "orders", "0", "deadbeef", "12-3", "a.ipynb:0", "1.5", "--3", "feed"])
def test_words_that_are_no_run(word: str) -> None:
    assert not is_run_name(word)


def test_failed_and_stopped_runs_are_kept_and_untraced_ones_are_not(scripted: object, orders: object) -> None:
    bad = ["SELECT 1 FROM nothing"] * 7
    session = scripted(*bad, Cancelled("Stopped."), "SELECT count(*) AS a FROM orders", *bad)  # type: ignore[operator]
    frames = {"orders": orders}
    with pytest.raises(AgentError):
        answer(Request("fails", frames), lambda _: None, session)
    with pytest.raises(Cancelled):
        answer(Request("stops", frames), lambda _: None, session)
    answer(Request("untraced", frames, trace=False), lambda _: None, session)
    with pytest.raises(AgentError):
        answer(Request("untraced, fails", frames, trace=False), lambda _: None, session)
    assert [(number, run.question, run.status) for number, run in session.runs] == [
        (1, "fails", "error"),
        (2, "stops", "cancelled"),
    ]

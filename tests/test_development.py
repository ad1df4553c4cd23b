"""The questions that came after the suite: halves, gold results, and that the suite is as it was."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from evals import __main__ as command
from evals import agent, development, further, kinds, later, outcome, packages
from evals.agent import Agent
from evals.development import packaged
from evals.outcome import Outcome, Run
from evals.question import Category, Question, Readings
from evals.scoring import is_right
from evals.sources import Sources, frames, opened
from evals.suite import PARTS, Part, by_category, part
from qwen_magics.agent.references import find_references
from qwen_magics.errors import ToolError

LATER = [(category, question) for category, found in development.groups() for question in found]
FURTHER = [(category, question) for category, found in further.groups() for question in found]
NEWEST = [(category, question) for category, found in later.groups() for question in found]
ADDED = list(part("added"))


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with opened(with_office=False) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("tuning", "14fd1cc7b72118913e26207c93ff1567e2da0c33af298078a189fb80430d2214"),
        ("unseen", "d946e3350df3a399c599810eaa666df920d2acad040201134c46efade212ad64"),
    ],
)
def test_the_suite_is_as_it_was(name: Part, digest: str) -> None:
    found = "\n".join(f"{category} {question.key} {question.text}" for category, question in part(name))
    assert hashlib.sha256(found.encode()).hexdigest() == digest


def test_parts_share_no_key() -> None:
    keys = Counter(question.key for name in PARTS for _, question in part(name))
    assert not [key for key, count in keys.items() if count > 1]
    suite = sum(map(len, by_category().values()))
    assert len(keys) == suite + len(LATER) + len(FURTHER) + len(NEWEST) + len(kinds.QUESTIONS) + len(ADDED)


def test_half_of_each_category_is_held() -> None:
    half = [category for category, _ in part("held")]
    assert Counter(half) == {
        category: sum(round(len(found) / 2) for name, found in development.groups() if name == category)
        for category in {category for category, _ in LATER}
    }
    assert len(list(part("development"))) + len(half) == len(LATER)


@pytest.mark.parametrize(
    ("written", "looked_at", "drawn"), [(FURTHER, "further", "sealed"), (NEWEST, "later", "reserved")]
)
def test_of_each_category_of_data_half_of_twelve_are_drawn(
    written: list[tuple[Category, Question]], looked_at: Part, drawn: Part
) -> None:
    half = [category for category, _ in part(drawn)]
    assert set(Counter(category for category, _ in written).values()) == {12}
    assert set(Counter(half).values()) == {6} and len(half) == 72
    assert len(list(part(looked_at))) + len(half) == len(written)
    assert all(find_references(q.text) for _, q in written if q.source in ("frames", "packages"))


def test_a_new_module_moves_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(development, "MODULES", ("packaged",))
    held = {question.key for _, question in part("held")}
    monkeypatch.setattr(development, "MODULES", ("more", "packaged"))
    more = SimpleNamespace(QUESTIONS=(("filter", Question("one-more", "How many?", lambda f: 1)),))
    monkeypatch.setitem(sys.modules, "evals.development.more", more)
    assert held <= {question.key for _, question in part("held")} <= held | {"one-more"}


def test_six_questions_of_each_category_are_about_packages() -> None:
    assert set(Counter(category for category, _ in packaged.QUESTIONS).values()) == {6}
    assert len(packaged.QUESTIONS) == 72
    assert all(question.source == "packages" for _, question in packaged.QUESTIONS)


def test_the_tables_are_other_ones_than_the_suite_has() -> None:
    assert not set(packages.tables()) & set(frames())
    assert not any(new.equals(old) for new in packages.tables().values() for old in frames().values())


@pytest.mark.parametrize(("_", "question"), packaged.QUESTIONS, ids=lambda item: getattr(item, "key", ""))
def test_questions_name_their_tables(_: Category, question: Question) -> None:
    named = find_references(question.text)
    assert named and set(named) <= set(packages.tables())


@pytest.mark.parametrize(
    ("category", "question"),
    [*LATER, *FURTHER, *NEWEST, *kinds.QUESTIONS, *ADDED],
    ids=lambda item: getattr(item, "key", ""),
)
def test_gold_results_are_there(category: Category, question: Question, sources: Sources) -> None:
    gold = question.gold(sources.tables(question.source))
    assert (gold is None) == (category == "unanswerable")
    assert (isinstance(gold, Readings) and gold.ambiguous) == (category == "ambiguous")
    if gold is None:
        return
    values = gold.values if isinstance(gold, Readings) else (gold,)
    # A reading may have gaps (the first change, an empty cell), but not all readings.
    assert all(map(_is_there, values)) and any(not _gaps(value) for value in values)
    for value in values:
        assert is_right(value, gold, False, None, ordered=question.ordered)
    assert not is_right("nothing of the kind", gold, False, None, ordered=question.ordered)


def _is_there(value: object) -> bool:
    if isinstance(value, pd.DataFrame):
        return not value.empty and not value.isna().all(axis=None)
    return value not in ("", None) and value == value


def _gaps(value: object) -> bool:
    return isinstance(value, pd.DataFrame) and bool(value.isna().any(axis=None))


def test_a_run_of_a_part_asks_its_questions_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "RESULTS", tmp_path)

    def answer(category: Category, question: Question, _: Sources) -> Outcome:
        return Outcome(question.key, category, True, True, False, True, 1, 0, (), 0.1, "", "")

    def contestant(flags: Any, _: object) -> tuple[Run, command.Answering]:
        return Run(flags.contestant, "m", "mixed", flags.part, {}), answer

    monkeypatch.setattr(command, "_contestant", contestant)
    command.main(["--contestant", "oneshot", "--part", "held"])
    (run,) = outcome.saved_runs()
    assert run.part == "held" and set(run.outcomes) == {question.key for _, question in part("held")}


def test_the_agent_gets_the_tables_that_a_question_names(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Mapping[str, pd.DataFrame]] = []

    def ask(_: str, *, data: Mapping[str, pd.DataFrame], **__: object) -> None:
        asked.append(data)
        msg = "no model here"
        raise ToolError(msg)

    monkeypatch.setattr(agent, "ask", ask)
    monkeypatch.setattr(agent, "session", SimpleNamespace(model=lambda _: SimpleNamespace(card=None)))
    question = next(question for _, question in packaged.QUESTIONS if question.key == "gas-and-jobs")
    assert not Agent("m").answer("multi-step", question, sources).right
    assert {name: len(frame) for name, frame in asked[0].items()} == {"driving": 55, "employment": 120}

"""The rules of the evaluation: questions, gold results, scoring, replies of the baseline, resuming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from evals import library, office, oneshot_api, outcome, report
from evals.evidence import invented
from evals.oneshot import read_reply
from evals.outcome import Outcome, Run
from evals.question import CATEGORIES, Category, Changed, Question, Readings
from evals.scoring import is_right
from evals.sources import Sources, opened
from evals.suite import by_category, part

SUITE = by_category()
QUESTIONS = [(category, question) for category, found in SUITE.items() for question in found]


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with opened(with_office=True) as found:
        yield found


def test_there_are_enough_and_no_key_is_there_twice() -> None:
    keys = [question.key for _, question in QUESTIONS]
    assert len(keys) == len(set(keys)) >= 120
    assert set(SUITE) == set(CATEGORIES) and min(map(len, SUITE.values())) >= 9


def test_a_third_of_each_category_is_unseen() -> None:
    tuning, unseen = list(part("tuning")), list(part("unseen"))
    assert not {q.key for _, q in tuning} & {q.key for _, q in unseen}
    assert len(tuning) + len(unseen) == len(QUESTIONS)
    for category, questions in SUITE.items():
        assert sum(c == category for c, _ in unseen) == round(len(questions) / 3)


@pytest.mark.parametrize(("category", "question"), QUESTIONS, ids=lambda item: getattr(item, "key", None))
def test_gold_results_are_of_their_kind(category: Category, question: Question, sources: Sources) -> None:
    tables = sources.tables(question.source)
    gold = question.gold(tables)
    assert (gold is None) == (category == "unanswerable")
    assert isinstance(gold, Changed) == (category == "api-write")
    assert isinstance(gold, Readings) or category != "ambiguous"
    assert (question.source == "office") == category.startswith("api-")
    if isinstance(gold, Changed):
        # Doing nothing must not be right, and doing it must.
        assert not is_right("done", gold, False, tables)
        assert is_right("done", gold, False, gold.tables)
    for value in gold.values if isinstance(gold, Readings) else (gold,):
        assert len(value) if isinstance(value, pd.DataFrame) else value is None or value == value


def test_the_library_is_the_same_each_time_and_its_keys_hold(tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        library.create(tmp_path / name)
    first, second = library.read(tmp_path / "one.db"), library.read(tmp_path / "two.db")
    assert len(first) >= 6
    for name, frame in first.items():
        pd.testing.assert_frame_equal(frame, second[name])
    for table, column, other in (
        ("copies", "book_id", "books"),
        ("loans", "copy_id", "copies"),
        ("fines", "loan_id", "loans"),
    ):
        assert set(first[table][column]) <= set(first[other][column])


def test_a_change_elsewhere_is_wrong(sources: Sources) -> None:
    gold = next(q for _, q in QUESTIONS if q.key == "delete-b03").gold(sources.tables("office"))
    assert isinstance(gold, Changed)
    more = {**gold.tables, "rooms": gold.tables["rooms"].head(3)}
    assert not is_right("done", gold, False, more)


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    assert is_right(None, None, True, None) and not is_right(12, None, False, None)
    assert not is_right(None, 12, True, None)
    readings = Readings((1, 2))
    assert is_right(2, readings, False, None) and not is_right(3, readings, False, None)
    assert not is_right(None, readings, True, None)
    assert is_right(None, replace(readings, ambiguous=True), True, None)


@pytest.mark.parametrize(
    ("sentence", "value", "found"),
    [
        ("336,776", 336776, ()),
        ("name: Frontier, delay: 21.92", pd.DataFrame({"n": ["Frontier"], "d": [21.9207]}), ()),
        ("2 rows with 1 column: day.", pd.DataFrame({"day": ["a", "b"]}), ()),
        ("2014-08-11", pd.Timestamp("2014-08-11"), ()),
        ("in July there were 29 of them", 27, ("29",)),
        ("17.73, more than 15", 17.7275, ()),
        ("12.5", 12.6, ("12.5",)),
    ],
)
def test_numbers_from_nowhere_are_found(sentence: str, value: object, found: tuple[str, ...]) -> None:
    assert invented(sentence, "how many are above 15?", value) == found


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("```sql\nSELECT 1;\n```", ("SELECT 1", False)),
        ("Here it is:\n```\nwith a AS (SELECT 1) SELECT * FROM a\n```\nIt counts.", (None, False)),
        ("SELECT 2", ("SELECT 2", False)),
        ("CANNOT ANSWER", ("", True)),
        ("```sql\nCANNOT ANSWER\n```", ("", True)),
        ("The tables hold no prices.", ("", True)),
        ("```sql\nDROP TABLE a\n```", ("DROP TABLE a", False)),
    ],
)
def test_replies_of_the_baseline(reply: str, read: tuple[str | None, bool]) -> None:
    sql, declined = read_reply(reply)
    assert declined == read[1] and read[0] in (sql, None) and bool(sql) != declined


def test_a_run_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "RESULTS", tmp_path / "results")
    one = Outcome("a", "filter", True, True, False, True, 1, 0, ("7",), 1.5, "SELECT 1", "1")
    run = Run("agent", "m", "mixed", "tuning", {})
    assert run.resumed() == run
    run.add(one)
    run.add(replace(one, key="b"))
    again = Run("agent", "m", "mixed", "tuning", {}).resumed()
    assert list(again.outcomes) == ["a", "b"] and again.outcomes["a"] == one
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["m-mixed-agent-tuning.json"]


def test_the_page_has_the_tables_of_the_saved_runs() -> None:
    text = report.PAGE.read_text(encoding="utf-8")
    assert report.page(text) == text, "run: python -m evals --report"


def test_saved_runs_are_of_the_questions_that_there_are() -> None:
    for run in outcome.saved_runs():
        known = {question.key: category for category, question in part(run.part)}
        assert {key: o.category for key, o in run.outcomes.items()}.items() <= known.items()


def test_the_baseline_runs_its_program_over_the_api(sources: Sources) -> None:
    assert sources.office is not None
    document = office.document(sources.office.url)
    url = document["servers"][0]["url"]
    told = oneshot_api.operations(document)
    assert "PATCH /rooms/records/{id} -- Change fields of the room" in told and "seats (integer)" in told
    listed = "rows = client.get('/rooms/records').json()['data']\n"
    rooms = sources.tables("office")["rooms"]
    assert (
        oneshot_api.run(f"{listed}result = sum(room['seats'] for room in rows)", url) == rooms["seats"].sum()
    )
    ids = oneshot_api.run(f"{listed}result = [room['id'] for room in rows]", url)
    assert is_right(ids, rooms[["id"]], False, None)
    teams = "e = pd.DataFrame(client.get('/employees/records').json()['data'])\n"
    means = oneshot_api.run(f"{teams}result = e.groupby('team')['salary'].mean()", url)
    gold = next(q for _, q in QUESTIONS if q.key == "salary-per-team").gold(sources.tables("office"))
    assert is_right(means, gold, False, None)
    own = "import httpx\nclient = httpx.Client(base_url='https://api.example.com')\n"
    assert oneshot_api.run(f"{own}{listed}result = len(rows)", url) == len(rooms)
    with pytest.raises(RuntimeError, match="another machine"):
        oneshot_api.run("import httpx\nhttpx.get('http://example.com')", url)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        oneshot_api.run("1 / 0", url)
    gold = next(q for _, q in QUESTIONS if q.key == "delete-b03").gold(sources.tables("office"))
    assert oneshot_api.run("client.delete('/bookings/records/b03').raise_for_status()", url) is None
    assert is_right(None, gold, False, sources.tables("office"))
    sources.office.reset()


def test_how_many_rows_differ_comes_from_the_result() -> None:
    value = pd.DataFrame({"name": ["Ada", "Ada", "Bo"], "tags": [["x"], ["x"], ["y"]]})
    assert invented("3 rows, of which only 2 differ.", "which names?", value) == ()
    assert invented("3 rows, of which only 7 differ.", "which names?", value) == ("7",)

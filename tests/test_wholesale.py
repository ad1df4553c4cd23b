"""The wholesaler's database and the questions about it; no model is asked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from evals import wholesale
from evals.agent import _data
from evals.development.wholesale import QUESTIONS
from evals.oneshot import _run
from evals.question import Category, Frames, Question, Readings
from evals.scoring import is_right
from evals.sources import opened
from qwen_magics.tools.databases import find

EACH = pytest.mark.parametrize(("category", "question"), QUESTIONS, ids=lambda item: getattr(item, "key", ""))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wholesale") / "wholesale.duckdb"
    wholesale.create(path)
    return path


@pytest.fixture(scope="module")
def tables(path: Path) -> Frames:
    return wholesale.read(path)


def test_the_rows_are_the_same_each_time(tables: Frames, tmp_path: Path) -> None:
    wholesale.create(tmp_path / "again.duckdb")
    again = wholesale.read(tmp_path / "again.duckdb")
    assert sum(map(len, again.values())) > 5000
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, again[name])


def test_every_table_has_its_keys_and_what_is_not_plain_has_a_comment(path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        keys = connection.execute("SELECT table_name, constraint_type FROM duckdb_constraints()").fetchall()
        columns = connection.execute("SELECT column_name, comment FROM duckdb_columns()").fetchall()
    counts = Counter(keys)
    assert all(counts[table, "PRIMARY KEY"] == 1 for table in wholesale.TABLES)
    assert sum(kind == "FOREIGN KEY" for _, kind in keys) == 12
    assert {"status", "disc", "paid_on"} <= {name for name, comment in columns if comment}


def test_what_has_not_happened_yet_is_empty(tables: Frames) -> None:
    sent = tables["shipments"].merge(tables["orders"], on="order_id")
    assert set(sent.status) == {"P", "S", "D"}
    assert (sent.shipped.isna() == (sent.status == "P")).all()
    assert (sent.delivered.isna() == (sent.status != "D")).all()
    assert not (sent.shipped < sent.placed).any() and not (sent.delivered <= sent.shipped).any()
    payments = tables["payments"]
    assert (payments.paid_on.isna() == payments.method.isna()).all() and payments.paid_on.isna().any()
    lines = tables["order_lines"]
    assert lines.qty_back.between(0, lines.qty).all() and (lines.qty_back > 0).any()


def test_an_order_is_paid_for_in_full_and_has_only_what_was_sold_then(tables: Frames) -> None:
    lines = tables["order_lines"].merge(tables["orders"], on="order_id").merge(tables["products"])
    assert not (lines.placed > lines.discontinued).any()
    asked = tables["payments"].groupby("order_id").amount.sum()
    worth = (lines.qty * lines.unit_price * (1 - lines.disc)).groupby(lines.order_id).sum()
    assert (asked - worth[asked.index]).abs().max() < 0.02


def test_both_contestants_get_the_file() -> None:
    _, question = QUESTIONS[0]
    with opened(with_office=False) as sources:
        assert not list(sources.library.parent.glob("*.duckdb")), "made although nobody asked"
        file = _data(question, sources)["sql"]
        with find(file).open() as database:
            assert database.dialect.title == "DuckDB"
            assert {table.name for table in database.tables} == set(wholesale.TABLES)
        sql = (
            "SELECT count(*) FROM orders JOIN customers USING (customer_id) "
            "JOIN regions USING (region_id) WHERE name = 'Coast'"
        )
        gold = question.gold(sources.tables("wholesale"))
        assert is_right(_run(sql, question, sources), gold, False, None)
        with pytest.raises(duckdb.Error):
            _run("DELETE FROM stock", question, sources)


def test_the_questions_are_as_many_as_they_should_be() -> None:
    assert Counter(category for category, _ in QUESTIONS) == {
        **{"join": 8, "multi-step": 6, "group": 4, "ratio": 4, "date": 4},
        **{"filter": 3, "window": 2, "text": 2, "unanswerable": 3},
    }
    assert len({question.key for _, question in QUESTIONS}) == 36
    assert all(q.key.startswith("w-") and q.source == "wholesale" for _, q in QUESTIONS)


@EACH
def test_every_gold_result_is_there(category: Category, question: Question, tables: Frames) -> None:
    gold = question.gold(tables)
    assert (gold is None) == (category == "unanswerable")
    for value in gold.values if isinstance(gold, Readings) else (gold,):
        if isinstance(value, pd.DataFrame):
            assert len(value) and not value.isna().any(axis=None) and not value.duplicated().any()
        else:
            assert value is None or (value == value and value)


@EACH
def test_no_gold_result_depends_on_the_order_of_rows(
    category: Category, question: Question, tables: Frames
) -> None:
    # What is first among equals would come out differently.
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in tables.items()}
    gold, other = question.gold(tables), question.gold(turned)
    value = other.values[0] if isinstance(other, Readings) else other
    assert is_right(value, gold, gold is None, None, ordered=question.ordered)

"""Saying that the data has no answer: only where the model hesitates, and only with evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, Limits, Request, answer
from qwen_magics.agent.doubts.absence import is_absent, is_formula
from qwen_magics.agent.doubts.doubting import Unanswerable, missing_name, refuse_missing
from qwen_magics.agent.doubts.strange import implied, strange_words
from qwen_magics.agent.loop import QueryLoop
from qwen_magics.chat.messages import Completion
from qwen_magics.errors import AgentError, QueryError
from qwen_magics.tools.schema import Column, Table
from qwen_magics.trace.recorder import Recorder

Make = Callable[..., Any]
ORDERS = Table(
    "orders",
    (
        Column("order_id", "BIGINT"),
        Column("unitPrice", "DOUBLE"),
        Column("status", "VARCHAR", categories=("'paid'", "'open'")),
    ),
    4,
)


@pytest.fixture
def hesitant(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A scripted session whose model is unsure of its first query."""

    def make(*replies: str) -> Any:
        session = scripted(*replies)
        model, complete = session.model(), session.model().complete

        def unsure(*arguments: Any, **options: Any) -> Completion:
            first = not model.sent
            done = complete(*arguments, **options)
            return replace(done, mean_logprob=-1.0) if first else done

        monkeypatch.setattr(model, "complete", unsure)
        return session

    return make


def run(session: Any, question: str, orders: pd.DataFrame) -> Answer:
    return answer(Request(question, {"orders": orders}), lambda event: None, session)


def test_what_is_not_in_the_data_is_said(hesitant: Make, orders: pd.DataFrame) -> None:
    session = hesitant("SELECT avg(total) FROM orders", "yes", "SELECT avg(weight) FROM orders")
    result = run(session, "what is the average weight of the parcels?", orders)
    assert (result.value, result.kind, result.code) == (None, "text", "")
    assert result.text == (
        "This cannot be answered from the data: there is nothing about “weight” in it. "
        "orders has order_id, customer, total, status."
    )
    assert [sent.grammar is None for sent in session.model().sent] == [False, False, True]
    assert result.trace is not None and result.trace.status == "ok"
    assert any(span.name == "is it in the data?" for span in result.trace.spans)


@pytest.mark.parametrize(
    "free",
    [
        "SELECT sum(total) FROM orders",  # it binds
        "SELECT avg(totals) FROM orders",  # nearly a column
        "SELECT avg(price) FROM orders",  # not a word of the question
        "SELECT avg(average_value) FROM orders",  # no measure's name
        "SELECT nothing_at_all(",
    ],
)
def test_without_evidence_the_answer_stands(hesitant: Make, orders: pd.DataFrame, free: str) -> None:
    session = hesitant("SELECT avg(total) FROM orders", free)
    assert run(session, "what is the average value of the orders?", orders).value == orders["total"].mean()


def test_asking_again_is_a_step(hesitant: Make, orders: pd.DataFrame) -> None:
    session = hesitant("SELECT no FROM orders", "SELECT 1", "SELECT avg(total) FROM orders")
    request = Request("average?", {"orders": orders}, limits=Limits(steps=2), route="sql")
    with pytest.raises(AgentError):
        answer(request, lambda event: None, session)
    assert len(session.model().sent) == 2


def test_a_sure_model_is_not_asked_again(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT avg(total) FROM orders")
    assert run(session, "what is the average total weight?", orders).kind == "number"


def test_a_sure_model_is_asked_again_about_what_no_name_resembles(
    scripted: Make, orders: pd.DataFrame
) -> None:
    session = scripted("SELECT avg(total) FROM orders", "yes", "SELECT avg(weight) FROM orders")
    assert run(session, "what is the average weight?", orders).status == "unanswerable"


@pytest.mark.parametrize(
    ("question", "column", "missing"),
    [
        ("average ticket price", "ticket_price", None),  # there is a unitPrice
        ("how many passengers?", "passengers", "passengers"),
        ("how many passengers?", "passenger_count", "passengers"),
        ("which colour do parcels have?", "color", "colour"),
        ("which parcels are there?", "parts", None),
        ("which pilots were paid?", "pilot", "pilots"),
        ("which were paid?", "paid", None),  # a value
        ("which order has the best rating?", "order_ratings", "rating"),  # ratings of orders
        ("what was the price of the order?", "order_price", None),  # there is a unitPrice
        ("how many orders?", "orders", None),
        ("how many?", "n", None),
        ("rate of orders", "rate", None),
    ],
)
def test_what_counts_as_missing(question: str, column: str, missing: str | None) -> None:
    error = QueryError("unknown_column", f'There is no column "{column}".')
    assert missing_name(question, error, [ORDERS]) == missing


@pytest.mark.parametrize(
    ("question", "strange"),
    [
        ("how old are the customers?", ["age"]),
        ("how tall is each parcel?", ["height"]),
        ("how expensive is the order?", []),  # there is a unitPrice
        ("how old and how heavy?", ["age"]),
        ("are the old orders open?", []),
    ],
)
def test_how_old_asks_for_an_age(question: str, strange: list[str]) -> None:
    assert strange_words(question, [ORDERS]) == strange


def test_the_noun_of_how_old_may_be_what_is_missing(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT avg(order_id) FROM orders", "yes", "SELECT avg(age) FROM orders")
    result = run(session, "how old are the customers on average?", orders)
    assert result.status == "unanswerable" and "nothing about “age”" in result.text


@pytest.mark.parametrize("said", ["yes", "no"])
@pytest.mark.parametrize(
    ("cell", "status"),
    [("Organic rice", "answered"), ("Rice", "unanswerable"), ("Inorganic salt", "unanswerable")],
)
def test_texts_that_have_the_word_are_evidence_against(
    scripted: Make, cell: str, status: str, said: str
) -> None:
    names = [f"thing {number}" for number in range(60)] + [cell]
    things = pd.DataFrame({"name": names, "price": range(61)})
    query = "SELECT count(*) FROM things WHERE name LIKE '%Organic%'"
    session = scripted(query, said, "SELECT count(*) FROM things WHERE organic")
    question = "how much organic is there in things?"
    found = answer(Request(question, {"things": things}, route="sql"), lambda event: None, session)
    assert found.status == status


def test_other_errors_are_no_evidence() -> None:
    assert missing_name("passengers", QueryError("syntax", 'near "passengers"'), [ORDERS]) is None
    assert missing_name("passengers", QueryError("unknown_column", "no name"), [ORDERS]) is None


@pytest.mark.parametrize(
    ("question", "strange"),
    [
        ("which colour is most frequent?", ["colour", "frequent"]),
        ("how humid was it: the average humidity?", ["humidity"]),
        ("which status has the highest unit price?", []),
        ("what percentage was paid?", []),
        ("how many orders are open?", []),
    ],
)
def test_what_no_name_resembles_is_reason_to_ask_again(question: str, strange: list[str]) -> None:
    assert strange_words(question, [ORDERS]) == strange


def test_programs_that_look_for_what_is_not_there_end_in_saying_so(
    scripted: Make, orders: pd.DataFrame
) -> None:
    programs = [f'result = orders.groupby("winery")["total"].sum(){".max()" * n}' for n in range(4)]
    session = scripted(*programs, "SELECT nothing", "SELECT more", "yes", "SELECT winery FROM orders")
    result = run(session, "which winery has the highest rolling total?", orders)
    assert result.status == "unanswerable" and "nothing about “winery”" in result.text


def test_a_mean_of_keys_is_no_answer(scripted: Make, orders: pd.DataFrame) -> None:
    means = ["SELECT AVG(order_id) FROM orders", "SELECT AVG(orders.order_id) FROM orders"]
    session = scripted(*means, "yes", *means * 2)
    result = run(session, "how old are the customers on average?", orders)
    assert (result.value, result.status) == (None, "unanswerable")
    assert result.text == (
        "This cannot be answered from the data: order_id only tells rows apart: a sum or a mean of it says "
        "nothing. orders has order_id, customer, total, status."
    )


def test_a_mean_of_keys_comes_back_first(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT AVG(order_id) FROM orders", "SELECT AVG(total) FROM orders")
    assert run(session, "what is the average of the orders?", orders).value == orders["total"].mean()


def test_a_table_that_is_not_there_is_evidence_too() -> None:
    error = QueryError("unknown_table", 'There is no table "wineries".', "")
    assert missing_name("which winery made it?", error, [ORDERS]) == "winery"


def test_a_table_that_was_not_shown_is_there_all_the_same() -> None:
    error = QueryError("unknown_table", 'There is no table "wineries".', "")
    with pytest.raises(Unanswerable, match="Nothing in the other tables is named like it"):
        refuse_missing("which winery made it?", [error], [ORDERS], [Table("grapes", (), 0)])
    refuse_missing("which winery made it?", [error], [ORDERS], [Table("wineries", (), 0)])


@pytest.mark.parametrize("quoted", ["`winery`", "[winery]", "'winery'"])
def test_names_are_found_in_the_quotes_of_each_system(quoted: str) -> None:
    error = QueryError("unknown_column", f"There is no column {quoted}.")
    assert missing_name("which winery made it?", error, [ORDERS]) == "winery"


@pytest.mark.parametrize(("said", "status"), [("no", "unanswerable"), ("yes", "answered")])
def test_a_model_that_takes_another_column_is_asked_about_the_thing_itself(
    scripted: Make, orders: pd.DataFrame, said: str, status: str
) -> None:
    query = "SELECT AVG(total) AS average_humidity FROM orders"
    session = scripted(*([query, said] if said == "no" else [query, said, query]))
    result = run(session, "what is the average humidity?", orders)
    assert result.status == status
    asked = session.model().sent[1]
    assert asked.messages[-1].content.endswith("Does the table say anything about: humidity?")
    assert asked.grammar == 'start: "yes" | "no"'
    if said == "no":
        assert "nothing about “humidity”" in result.text and result.value is None


def test_a_formula_of_several_columns_is_no_other_column(scripted: Make, orders: pd.DataFrame) -> None:
    query = "SELECT AVG(total / order_id) AS humidity FROM orders"
    session = scripted(query, query)
    assert run(session, "what is the average humidity?", orders).status == "answered"
    assert is_formula(query) and not is_formula("SELECT AVG(total * 2) FROM orders")
    assert not is_formula("no SQL at all (")


def test_what_is_counted_is_asked_about_too(scripted: Make, orders: pd.DataFrame) -> None:
    query = "SELECT COUNT(*) FROM orders"
    assert run(scripted(query, "no"), "how many passengers were there?", orders).status == "unanswerable"
    assert run(scripted(query, "yes"), "how many passengers were there?", orders).value == len(orders)
    assert run(scripted(query), "how many people were there?", orders).value == len(orders)


def test_how_a_thing_is_meant_is_no_thing(scripted: Make, orders: pd.DataFrame) -> None:
    query = "SELECT MAX(status) FROM orders"
    session = scripted(query, query)
    assert run(session, "what is the most popular status?", orders).status == "answered"
    assert len(session.model().sent) == 2


@pytest.mark.parametrize(
    ("logprob", "rejected", "certain"), [(-0.2, 0.0, True), (-0.4, 0.0, False), (-1.0, 0.55, True)]
)
def test_only_a_certain_no_counts(
    scripted: Make,
    orders: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    logprob: float,
    rejected: float,
    certain: bool,
) -> None:
    session = scripted("no")
    model = session.model()
    complete = model.complete
    monkeypatch.setattr(
        model,
        "complete",
        lambda *a, **k: replace(complete(*a, **k), mean_logprob=logprob, rejected_mass=rejected),
    )
    loop = QueryLoop(model, None, Recorder("q"), lambda event: None, "", None)  # type: ignore[arg-type]
    assert is_absent("humidity", loop, [ORDERS]) == certain


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("How many orders came from women?", ["gender", "sex"]),
        ("The average total among men", ["gender", "sex"]),
        ("How many orders were written in Spanish?", ["language"]),
        ("What was published in Portuguese?", ["language"]),
        ("How many were published in June?", []),
        ("How many were printed in Berlin?", []),
        ("How many were written in ink?", []),
        ("How many orders were paid?", []),
    ],
)
def test_what_a_condition_implies(question: str, nouns: list[str]) -> None:
    assert list(implied(question, [ORDERS])) == nouns
    people = Table(
        "people", (Column("sex", "VARCHAR"), Column("tongue", "VARCHAR", samples=("'spanish'",))), 4
    )
    assert list(implied(question, [people])) == [n for n in nouns if "Portuguese" in question]


def test_a_condition_on_a_column_that_is_not_there_is_what_is_missing() -> None:
    error = QueryError("unknown_column", "There is no column 'sex'.")
    assert missing_name("the total of the women", error, [ORDERS]) == "sex"
    both = Table("counts", (Column("men", "BIGINT"), Column("women", "BIGINT")), 4)
    assert missing_name("how many women were there?", error, [both]) is None
    coded = Table("staff", (Column("g", "VARCHAR", categories=("'F'", "'M'")), Column("m1", "DOUBLE")), 4)
    assert missing_name("how many women were there?", error, [coded]) is None
    assert missing_name("how many women?", error, [replace(coded, columns=coded.columns[1:])]) == "sex"


@pytest.mark.parametrize(("cell", "status"), [("Spanish", "answered"), ("plain", "unanswerable")])
def test_texts_that_have_the_language_are_evidence_against(scripted: Make, cell: str, status: str) -> None:
    names = [f"thing {number}" for number in range(60)] + [cell]
    things = pd.DataFrame({"name": names, "price": range(61)})
    query = "SELECT COUNT(*) FROM things"
    session = scripted(query, "no", query)
    request = Request("how many things were written in Spanish?", {"things": things}, route="sql")
    assert answer(request, lambda event: None, session).status == status

"""Questions over real servers with a scripted model: answers, and that no password comes along."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qwen_magics.agent import Limits, Request, answer
from qwen_magics.agent.session import Session
from qwen_magics.errors import AgentError
from qwen_magics.tools.databases import Connection
from tests.scripted_model import ScriptedModel
from tests.tools.databases.shop import PASSWORD, PASSWORD_IN_URL


class _Session(Session):
    def __init__(self, *replies: str) -> None:
        super().__init__()
        self.scripted = ScriptedModel(list(replies))

    def model(self, name: object = None, listener: object = None) -> Any:
        return self.scripted

    def load_in_background(self) -> bool:
        return True


def _ignore(event: object) -> None:
    pass


@pytest.mark.parametrize("system", ["postgresql", "mariadb"])
def test_no_password_in_prompt_trace_events_or_error(where: str, system: str) -> None:
    events: list[object] = []
    joined = "FROM orders o JOIN customers c ON o.customer_id = c.id GROUP BY c.city"
    sql = f"SELECT c.city, SUM(o.total) AS total {joined}"
    session = _Session("SELECT cty FROM customers", sql)
    result = answer(Request("total per city", database=where), events.append, session)
    assert sorted(result.value["city"]) == ["Berlin", "Paris"]
    assert result.trace is not None
    failing = _Session("SELECT nothing FROM customers")
    with pytest.raises(AgentError) as caught:
        answer(Request("x", database=where, limits=Limits(steps=1)), events.append, failing)
    everything = [json.dumps(result.trace.to_dict(), ensure_ascii=False), str(caught.value), repr(events)]
    everything += [repr(sent) for sent in (*session.scripted.sent, *failing.scripted.sent)]
    everything.append(json.dumps(result._repr_mimebundle_(), default=str, ensure_ascii=False))
    assert caught.value.trace is not None
    everything.append(json.dumps(caught.value.trace.to_dict(), ensure_ascii=False))
    for text in everything:
        assert PASSWORD not in text and PASSWORD_IN_URL not in text
    assert "@" in str(result.trace.parameters["database"]) and "shop" in str(
        result.trace.parameters["database"]
    )
    span = next(span for span in result.trace.spans if span.kind == "tool")
    assert span.data["dialect"] in {"PostgreSQL", "MariaDB"}
    assert span.data["tables"] == ["orders", "customers"]


@pytest.mark.parametrize("system", ["postgresql", "mariadb"])
def test_a_user_who_may_write_is_told_so(shop: Connection, system: str) -> None:
    assert shop.may_write is True


@pytest.mark.parametrize("system", ["sqlite", "duckdb", "postgresql", "mariadb"])
def test_what_the_database_lacks_is_said(where: str) -> None:
    session = _Session("SELECT AVG(total) FROM orders", "yes", "SELECT AVG(weight) FROM orders")
    result = answer(Request("what is the average weight of the orders?", database=where), _ignore, session)
    assert (result.status, result.value, result.code) == ("unanswerable", None, "")
    assert "nothing about “weight”" in result.text and "orders has id, customer_id, total" in result.text
    assert [sent.grammar is None for sent in session.scripted.sent] == [False, False, True]


@pytest.mark.parametrize("system", ["sqlite", "duckdb", "postgresql", "mariadb"])
def test_where_no_query_runs_the_last_one_is_free_and_shows_what_it_looks_for(where: str) -> None:
    wrong = ["SELECT a FROM orders", "SELECT b FROM orders"]
    session = _Session(*wrong, "SELECT supplier, COUNT(*) FROM orders GROUP BY supplier")
    request = Request("how many orders came from each supplier?", database=where, limits=Limits(steps=3))
    assert "nothing about “supplier”" in answer(request, _ignore, session).text
    assert [sent.grammar is None for sent in session.scripted.sent] == [False, False, True]


@pytest.mark.parametrize("system", ["sqlite", "duckdb", "postgresql", "mariadb"])
def test_a_last_query_that_runs_is_the_answer(where: str) -> None:
    session = _Session("SELECT a FROM orders", "SELECT b FROM orders", "SELECT COUNT(*) FROM orders")
    result = answer(Request("how many?", database=where, limits=Limits(steps=3)), _ignore, session)
    assert result.value == 4


@pytest.mark.parametrize("system", ["sqlite", "duckdb", "postgresql"])
def test_without_evidence_it_stays_an_error(where: str) -> None:
    session = _Session(*[f"SELECT {name} FROM orders" for name in "abc"])
    with pytest.raises(AgentError, match="No query worked within 3 steps"):
        answer(Request("how many?", database=where, limits=Limits(steps=3)), _ignore, session)

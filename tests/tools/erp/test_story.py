"""Questions over a real Tryton: read, write after approval, refused without one, and the password nowhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from qwen_magics.agent import Answer, Request, answer
from qwen_magics.agent.calling.approvals import Approval, Decision, ask_person, policy
from qwen_magics.chat.local import LocalModel
from qwen_magics.errors import DeniedError
from qwen_magics.tools.erp.service import Erp
from qwen_magics.trace.html import to_html
from tests.agent.conftest import ScriptedSession
from tests.scripted_model import ScriptedModel
from tests.tryton_server import LOGIN

SCHEMA = json.loads((Path(__file__).parents[3] / "qwen_magics" / "trace" / "schema-v1.json").read_text())
QUERY = "SELECT customer, sum(amount) AS amount FROM late_orders GROUP BY customer ORDER BY amount DESC"
ORDER = "Order 7 units of STL-1"
CALL = 'create_purchase(product="STL-1", quantity=7)'

Ask = Callable[..., Answer]
asked: list[Approval] = []
seen: list[str] = []


@pytest.fixture(autouse=True)
def forget() -> None:
    asked.clear()
    seen.clear()


def decide(allowed: bool) -> Callable[[Approval], Decision]:
    def approver(approval: Approval) -> Decision:
        asked.append(approval)
        return Decision(allowed, "user", "as the test says")

    return approver


@pytest.fixture
def ask(erp: Erp) -> Ask:
    def ask(question: str, *replies: str, approver: Any = None, approve: str = "ask") -> Answer:
        model = ScriptedModel(list(replies), context_length=8192)
        request = Request(
            question, tools=erp.tools, approver=approver or decide(False), approve=policy(approve)
        )
        try:
            result = answer(request, lambda event: None, ScriptedSession(model))
        finally:
            seen.append(json.dumps([[m.content for m in sent.messages] for sent in model.sent]))
        assert result.trace is not None
        jsonschema.validate(result.trace.to_dict(), SCHEMA)
        seen.append(json.dumps(result.trace.to_dict()) + to_html(result.trace))
        return result

    return ask


def drafts(erp: Erp) -> int:
    (purchases,) = [tool for tool in erp.tools if tool.name == "list_purchases"]
    return len(purchases.function().frame)


def test_late_orders_are_summed(ask: Ask) -> None:
    result = ask("what is the amount of late orders per customer?", "list_late_orders()", "sql", QUERY)
    assert result.value.to_dict("list") == {
        "customer": ["Alder Offices", "Cedar School", "Dogwood Hotel", "Birch & Sons"],
        "amount": [5520.0, 1300.0, 960.0, 850.0],
    }
    assert "each row is a late order" in seen[0]


def test_a_purchase_is_recorded_after_approval(ask: Ask, erp: Erp) -> None:
    before = drafts(erp)
    result = ask(ORDER, CALL, approver=decide(True))
    assert asked[0].tool == "erp.create_purchase" and asked[0].effect == "write"
    assert "7 × STL-1 Steel frame desk from Ruhr Metal" in asked[0].shown
    assert '"method": "model.purchase.purchase.create"' in asked[0].shown
    assert result.text.startswith("Done: create_purchase") and drafts(erp) == before + 1


def test_a_rule_approves_and_the_trace_shows_the_request(ask: Ask, erp: Erp) -> None:
    before = drafts(erp)
    result = ask(ORDER, CALL, approve="erp.create_purchase=allow")
    assert result.trace is not None and asked == [] and drafts(erp) == before + 1
    (approval,) = [span for span in result.trace.spans if span.kind == "approval"]
    assert approval.data["by"] == "policy" and approval.data["decision"] == "allowed"
    (called,) = [
        span for span in result.trace.spans if span.kind == "tool" and span.name == "create_purchase"
    ]
    bodies = [sent["request_body"] for sent in called.data["http"]]
    assert approval.data["preview"].partition("\n\n")[2].partition("\n\n")[2] in bodies


@pytest.mark.parametrize("rules", ["ask", "deny"])
def test_nothing_is_recorded_without_approval(ask: Ask, erp: Erp, rules: str) -> None:
    before = drafts(erp)
    with pytest.raises(DeniedError, match=r"erp\.create_purchase was not run.*Nothing was changed"):
        ask(ORDER, CALL, approve=rules)
    assert drafts(erp) == before


def test_nothing_is_recorded_where_nobody_can_answer(ask: Ask, erp: Erp) -> None:
    def no_frontend(prompt: str) -> str:
        raise EOFError

    before = drafts(erp)
    with pytest.raises(DeniedError, match="nobody can answer here"):
        ask(ORDER, CALL, approver=lambda approval: ask_person(approval, ask=no_frontend))
    assert drafts(erp) == before


def test_login_and_session_are_in_no_prompt_and_no_trace(ask: Ask, erp: Erp) -> None:
    ask("what is the amount of late orders per customer?", "list_late_orders()", "sql", QUERY)
    ask(ORDER, CALL, approver=decide(True))
    session = erp._client._http.auth.headers()["Authorization"].removeprefix("Session ")
    token = base64.b64decode(session).decode().rpartition(":")[2]
    assert len(token) > 20 and len(seen) == 4 and "list_late_orders" in seen[1]
    for secret in (LOGIN, LOGIN.partition(":")[2], session, token):
        assert not any(secret in text for text in [*seen, *(approval.shown for approval in asked)])


@pytest.mark.model
def test_the_real_model_counts_the_late_orders(erp: Erp, real_model: LocalModel) -> None:
    session = ScriptedSession(real_model)  # type: ignore[arg-type]  # the real model in the scripted one's place
    result = answer(Request("How many orders are late?", tools=erp.tools), lambda event: None, session)
    assert result.value == 5 and "late_orders = list_late_orders()" in result.code

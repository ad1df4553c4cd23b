"""Filters that no record meets, over a real Kinto described as an application's API would be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from qwen_magics.agent import Answer, Request, answer, policy
from qwen_magics.agent.calling.approvals import Approval, Decision
from qwen_magics.agent.checks.grounding import as_spelled
from qwen_magics.tools.api.auth import AuthSource, auth_from
from qwen_magics.tools.toolbox import Toolbox
from tests.agent.conftest import ScriptedSession
from tests.scripted_model import ScriptedModel
from tests.tools.api.conftest import KINTO_LOGIN, Answered, ObedientServer

SCHEMA = Path(__file__).parents[3] / "qwen_magics" / "trace" / "schema-v1.json"
FILTERS = {"room": "string", "status": "string", "hours": "integer"}
Ask = Callable[..., tuple[Answer, ScriptedModel]]


@pytest.fixture
def box(kinto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toolbox:
    monkeypatch.setenv("KINTO_LOGIN", KINTO_LOGIN)
    auth = auth_from(AuthSource("basic", "KINTO_LOGIN"), input)
    box = Toolbox()
    box.connect("kinto", f"{kinto}__api__", auth=auth)
    call = {tool.name: tool.function for tool in box.resolve("kinto", [])}
    call["update_bucket"](id="hotel")
    call["update_collection"](bucket_id="hotel", id="bookings")
    for number, room in enumerate(["oak", "elm", "oak", "ash", "oak"]):
        data = {"room": room, "status": "waiting" if room == "elm" else "confirmed", "hours": number}
        call["update_record"](bucket_id="hotel", collection_id="bookings", id=f"b{number}", data=data)
    parameters = [{"name": n, "in": "query", "schema": {"type": kind}} for n, kind in FILTERS.items()]
    operation = {"operationId": "list_bookings", "summary": "All bookings", "parameters": parameters}
    document = tmp_path / "hotel.json"
    paths = {"/bookings/records": {"get": {**operation, "responses": {}}}}
    info = {"title": "Hotel", "version": "1"}
    document.write_text(json.dumps({"openapi": "3.0.3", "info": info, "paths": paths}))
    box.connect("hotel", str(document), url=f"{kinto}buckets/hotel/collections", auth=auth)
    return box


@pytest.fixture
def ask(box: Toolbox) -> Ask:
    def ask(question: str, *replies: str, **more: Any) -> tuple[Answer, ScriptedModel]:
        model = ScriptedModel(list(replies), context_length=8192)
        request = Request(question, tools=box.resolve("hotel", []), **more)
        result = answer(request, lambda event: None, ScriptedSession(model))
        assert result.trace is not None
        jsonschema.validate(result.trace.to_dict(), json.loads(SCHEMA.read_text()))
        return result, model

    return ask


def test_another_letter_case_goes_back_with_the_right_one(ask: Ask) -> None:
    sql = "SELECT SUM(hours) FROM bookings"
    calls = ['list_bookings(room="Oak")', 'list_bookings(room="oak")', sql]
    result, model = ask("how many hours is room Oak booked?", *calls)
    assert result.value == 0 + 2 + 4
    told = model.sent[1].messages[-1].content
    assert 'Nothing in bookings has room="Oak". It is "oak".' in told
    assert '"enum": ["oak"]' in model.sent[1].grammar
    assert result.trace is not None
    check = next(span for span in result.trace.spans if span.name == "why is it empty?")
    assert check.error is not None and check.error["type"] == "no_such_value"
    # Kinto's pages of three, without the filter.
    assert [exchange["status"] for exchange in check.data["http"]] == [200, 200]


def test_a_model_that_insists_gets_its_empty_table(ask: Ask) -> None:
    result, _ = ask("bookings of Oak?", *['list_bookings(room="Oak")'] * 6)
    assert result.value.empty


def test_a_value_that_is_nowhere_is_looked_for_in_all_records(ask: Ask) -> None:
    sql = "SELECT COUNT(*) FROM bookings WHERE status = 'waiting'"
    result, model = ask("how many bookings are pending?", 'list_bookings(status="pending")', sql)
    assert result.value == 1 and len(model.sent) == 2
    assert result.code == f"-- bookings = list_bookings()\n{sql}"
    assert result.trace is not None
    check = next(span for span in result.trace.spans if span.name == "why is it empty?")
    assert check.data["result"] == 'Nothing in bookings has status="pending".'


def test_what_is_not_there_is_none_and_said_with_what_is(ask: Ask) -> None:
    sql = "SELECT COUNT(*) FROM bookings WHERE room = 'yew'"
    result, _ = ask("how many bookings has room yew?", 'list_bookings(room="yew")', *[sql] * 6)
    assert result.value == 0 and "'ash', 'elm', 'oak'" in result.text


def test_values_that_never_meet_are_an_answer(ask: Ask) -> None:
    call = 'list_bookings(room="elm", status="confirmed")'
    result, _ = ask("which bookings of elm are confirmed?", call)
    assert result.text == f"{call} found no records."


def test_nothing_is_fetched_unasked_where_reading_asks(ask: Ask) -> None:
    asked: list[Approval] = []

    def agree(approval: Approval) -> Decision:
        asked.append(approval)
        return Decision(True, "user", "approved")

    call, rules = 'list_bookings(room="yew")', policy("hotel.*=ask")
    result, _ = ask("which bookings has room yew?", call, approve=rules, approver=agree)
    assert result.text == f"{call} found no records." and len(asked) == 1
    assert result.trace is not None
    assert [span.name for span in result.trace.spans if span.kind == "check"] == ["check call"]


def test_texts_lose_the_capitals_that_the_question_does_not_have() -> None:
    question = "Update the employee boris: the team is now Support, the note is DE, priority high"
    given = {"id": "Boris", "data": {"team": "support", "note": "DE", "tags": ["BORIS", 3, "other"]}}
    meant = {"id": "boris", "data": {"team": "support", "note": "DE", "tags": ["boris", 3, "other"]}}
    assert as_spelled(given, {}, question, question) == meant
    # So it stands in a result, or is a choice.
    assert as_spelled("Boris", {}, question, f"{question} -- 'Boris'") == "Boris"
    schema = {"properties": {"priority": {"enum": ["High", "Low"]}}}
    assert as_spelled({"priority": "High"}, schema, question, question) == {"priority": "High"}


def test_an_id_that_is_not_there_is_looked_for_in_the_list(obedient: ObedientServer, tmp_path: Path) -> None:
    def get(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
        return {"get": {"operationId": name, "parameters": list(parameters), "responses": {}}}

    one = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {"/staff": get("list_staff"), "/staff/{id}": get("get_staff", one)}
    info = {"title": "Staff", "version": "1"}
    (tmp_path / "staff.json").write_text(json.dumps({"openapi": "3.0.3", "info": info, "paths": paths}))
    obedient.on("/staff", Answered(body=[{"id": "ada", "pay": 5}, {"id": "bo", "pay": 7}]))
    box = Toolbox()
    box.connect("staff", str(tmp_path / "staff.json"), url=obedient.url)
    sql = "SELECT id FROM staff ORDER BY pay DESC LIMIT 1"
    model = ScriptedModel(['get_staff(id="staff")', "list_staff()", "sql", sql], context_length=8192)
    request = Request("which of the staff has the highest pay?", tools=box.resolve("staff", []))
    assert answer(request, lambda event: None, ScriptedSession(model)).value == "bo"
    assert "get_staff" not in model.sent[1].grammar and "get_staff" in model.sent[0].grammar  # type: ignore[operator]

"""A real Kinto: its own Swagger 2.0 document, a login, pages, changes, and a conflict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qwen_magics.errors import ToolError
from qwen_magics.tools.api.auth import AuthSource, auth_from
from qwen_magics.tools.api.service import Service, connect
from tests.tools.api.conftest import KINTO_LOGIN

PLACE = {"bucket_id": "shop", "collection_id": "orders"}


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINTO_LOGIN", KINTO_LOGIN)


@pytest.fixture
def api(kinto: str, login: None) -> Service:
    return connect("kinto", f"{kinto}__api__", auth=auth_from(AuthSource("basic", "KINTO_LOGIN"), input))


Call = Callable[..., Any]


@pytest.fixture
def call(api: Service) -> Call:
    tools = {tool.name: tool for tool in api.tools}
    return lambda name, **arguments: tools[name].function(**arguments)


@pytest.fixture
def orders(call: Call) -> Call:
    call("update_bucket", id="shop")
    call("update_collection", bucket_id="shop", id="orders")
    call("delete_records", **PLACE)
    for number in range(8):
        call("create_record", **PLACE, data={"customer": f"c{number % 3}", "total": number * 10})
    return call


def test_its_document_becomes_tools(api: Service) -> None:
    effects = {tool.name: tool.effect for tool in api.tools}
    assert effects["get_records"] == "read" and effects["create_record"] == "write"
    assert len(effects) > 30
    records = next(tool for tool in api.tools if tool.name == "get_records")
    assert list(records.schema["required"]) == ["bucket_id", "collection_id"]
    assert not {"_limit", "_token", "If_Match"} & set(records.schema["properties"])


def test_all_pages_of_a_list_come(orders: Call) -> None:
    output = orders("get_records", **PLACE)
    assert output.frame["total"].sum() == 280 and len(output.exchanges) == 3


def test_without_a_login_it_says_what_to_do(kinto: str) -> None:
    api = connect("kinto", f"{kinto}__api__")
    with pytest.raises(ToolError, match=r"401 Unauthorized.*--basic") as error:
        next(tool for tool in api.tools if tool.name == "get_buckets").function()
    assert error.value.kind == "http_401"


def test_a_change_of_what_was_read_carries_its_etag(api: Service, orders: Call) -> None:
    record = orders("get_records", **PLACE).frame["id"][0]
    patch = next(tool for tool in api.tools if tool.name == "patch_record")
    change = {**PLACE, "id": record, "data": {"total": 5}}
    assert patch.preview is not None and "If-Match" not in patch.preview(change)
    orders("get_record", **PLACE, id=record)
    assert 'If-Match: "' in patch.preview(change)
    assert orders("patch_record", **change).value["data"]["total"] == 5


def test_a_conflict_is_told_and_nothing_is_overwritten(kinto: str, api: Service, orders: Call) -> None:
    record = orders("get_records", **PLACE).frame["id"][0]
    orders("get_record", **PLACE, id=record)
    other = connect("kinto", f"{kinto}__api__", auth=auth_from(AuthSource("basic", "KINTO_LOGIN"), input))
    patch = next(tool for tool in other.tools if tool.name == "patch_record").function
    patch(**PLACE, id=record, data={"total": 1})
    with pytest.raises(ToolError, match=r"412.*read it again") as error:
        orders("patch_record", **PLACE, id=record, data={"total": 2})
    assert error.value.kind == "http_412"
    assert orders("get_record", **PLACE, id=record).value["data"]["total"] == 1

"""The tools against a real Tryton: what they read, what a purchase does, and everything that goes wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from qwen_magics.errors import ConfigError, ToolError
from qwen_magics.tools.api.auth import Auth, AuthSource, auth_from
from qwen_magics.tools.erp.service import Erp, connect_tryton
from qwen_magics.tools.output import ToolOutput
from qwen_magics.tools.toolbox import Toolbox
from tests.tools.api.conftest import Answered, ObedientServer
from tests.tryton_server import LOGIN, Tryton, running

PASSWORD = LOGIN.partition(":")[2]


def call(erp: Erp, name: str, /, **arguments: Any) -> ToolOutput:
    output = next(tool for tool in erp.tools if tool.name == name).function(**arguments)
    assert isinstance(output, ToolOutput)
    return output


def table(erp: Erp, name: str, /, **arguments: Any) -> pd.DataFrame:
    return call(erp, name, **arguments).frame


def test_the_late_orders(erp: Erp) -> None:
    late = table(erp, "list_late_orders")
    assert list(zip(late["order_number"], late["customer"], late["days_late"], strict=True)) == [
        ("1", "Alder Offices", 12),
        ("2", "Birch & Sons", 5),
        ("3", "Cedar School", 8),
        ("4", "Dogwood Hotel", 2),
        ("5", "Alder Offices", 3),
    ]
    assert late["amount"].sum() == 8630.0 and late["products"][0] == "6 OAK-1, 12 STL-2"
    days = (pd.Timestamp(date.today()) - late["planned_date"]).dt.days
    assert days.tolist() == late["days_late"].tolist()


def test_stock_by_location(erp: Erp) -> None:
    stock = table(erp, "list_stock").set_index("product_code")
    # What the filling script put there, less what it shipped.
    assert stock["units_in_stock"].to_dict() == {
        **{"OAK-1": 12, "OAK-2": 52, "PIN-1": 26, "STL-1": 25},
        **{"STL-2": 31, "LMP-1": 62, "LMP-2": 22},
    }
    assert set(stock["location"]) == {"Storage Zone"}
    assert table(erp, "list_stock", product="oak table")["units_in_stock"].tolist() == [12]


def test_shortages_count_late_orders_too(erp: Erp) -> None:
    short = table(erp, "list_shortages").set_index("product_code")
    assert short["units_available"].to_dict() == {"OAK-1": 2, "PIN-1": 6, "STL-2": 3}
    assert short["units_missing"].to_dict() == {"OAK-1": 38, "PIN-1": 74, "STL-2": 97}


def test_orders_and_parties(erp: Erp) -> None:
    orders = table(erp, "list_sales_orders")
    assert len(orders) == 12 and (orders["shipment"] == "sent").sum() == 3
    assert table(erp, "list_sales_orders", customer="alder")["order_number"].tolist() == ["1", "5"]
    sold = table(erp, "list_sold_products", customer="Alder Offices")
    assert sold.groupby("product_code")["quantity"].sum().to_dict() == {"OAK-1": 10, "STL-2": 12}
    (elm,) = table(erp, "list_parties", name="elm").to_dict("records")
    assert (elm["party"], elm["city"], elm["country"]) == ("Elm Clinic", "Bremen", "Germany")
    products = table(erp, "list_products").set_index("product_code")
    assert products.loc["OAK-1", ["list_price", "cost_price"]].tolist() == [480.0, 260.0]


def test_only_one_tool_writes(erp: Erp) -> None:
    assert {tool.name for tool in erp.tools if tool.effect == "write"} == {"create_purchase"}
    assert all(tool.origin == "erp" and tool.description for tool in erp.tools) and len(erp.tools) == 9


def test_a_purchase_is_what_was_shown(erp: Erp) -> None:
    (buy,) = [tool for tool in erp.tools if tool.effect == "write"]
    assert buy.preview is not None
    before = len(table(erp, "list_purchases"))
    shown = buy.preview({"product": "LMP-2", "quantity": 7})
    assert shown.startswith(
        "A draft purchase of 7 × LMP-2 Floor lamp from Lumen Trade, at 55.00 each, 385.00"
    )
    assert len(table(erp, "list_purchases")) == before
    made = call(erp, "create_purchase", product="LMP-2", quantity=7)
    assert made.value["state"] == "draft" and made.value["amount"] == 385.0
    (request,) = [sent for sent in made.exchanges if "purchase.purchase.create" in sent.request_body]
    assert request.request_body == shown.partition("\n\n")[2].partition("\n\n")[2]
    bought = table(erp, "list_purchases").set_index("purchase").loc[made.value["purchase"]]
    assert (bought["product_code"], bought["quantity"], bought["state"]) == ("LMP-2", 7, "draft")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"product": "OAK-7", "quantity": 1}, r"no product 'OAK-7' in Tryton\. Did you mean OAK-"),
        (
            {"product": "lamp", "quantity": 1},
            r"is several: LMP-1 Desk lamp, LMP-2 Floor lamp\. Give one code",
        ),
        ({"product": "OAK-1", "quantity": -1}, r"quantity=-1 cannot be ordered\. Give a positive number"),
    ],
)
def test_a_purchase_that_cannot_be(erp: Erp, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ToolError, match=message):
        call(erp, "create_purchase", **arguments)


def test_a_wrong_password(tryton: Tryton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYTON_LOGIN", "analyst:not-the-password")
    wrong = auth_from(AuthSource("basic", "TRYTON_LOGIN"), input)
    with pytest.raises(
        ToolError, match=r"does not accept this user and password .*--basic VARIABLE"
    ) as caught:
        connect_tryton("erp", tryton.spec, auth=wrong)
    assert "not-the-password" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_session_that_has_expired_is_opened_anew(erp: Erp, tryton: Tryton) -> None:
    assert len(table(erp, "list_late_orders")) == 5
    _forget_sessions(tryton)
    found = call(erp, "list_late_orders")
    assert len(found.frame) == 5
    assert [sent.status for sent in found.exchanges][:2] == [401, 200]
    text = json.dumps([sent.to_dict() for sent in found.exchanges])
    assert PASSWORD not in text and "common.db.login" not in text


def test_a_session_that_has_expired_after_a_change_of_password(
    tryton: Tryton, login: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = connect_tryton("erp", tryton.spec, auth=login)
    monkeypatch.setattr(connected._client, "_password", "the-old-one")
    _forget_sessions(tryton)
    with pytest.raises(ToolError, match="does not accept this user and password"):
        call(connected, "list_late_orders")
    connected.close()


def _forget_sessions(tryton: Tryton) -> None:
    # What Tryton itself does with a session that is too old.
    connection = sqlite3.connect(tryton.database, timeout=20)
    with connection:
        connection.execute("DELETE FROM ir_session")
    connection.close()


def test_a_server_that_is_gone(tryton_company: Path, tmp_path: Path, login: Auth) -> None:
    shutil.copytree(tryton_company, tmp_path / "copy")
    with running(tmp_path / "copy") as server:
        connected = connect_tryton("erp", server.spec, auth=login, sleep=lambda seconds: None)
    with pytest.raises(ToolError, match=r"127\.0\.0\.1 cannot be reached .*Check that the server runs"):
        call(connected, "list_late_orders")
    connected.close()


def test_an_address_that_is_none(tryton: Tryton, login: Auth) -> None:
    base = tryton.spec.removesuffix("/company")
    with pytest.raises(ConfigError, match="names a server and a database"):
        connect_tryton("erp", base, auth=login)
    with pytest.raises(ConfigError, match="would be saved with the notebook"):
        connect_tryton("erp", tryton.spec.replace("//", "//analyst:secret@"), auth=login)
    with pytest.raises(ConfigError, match="needs a login: %qwen api erp"):
        connect_tryton("erp", tryton.spec)
    with pytest.raises(ToolError, match="There is no Tryton database nix on 127"):
        connect_tryton("erp", f"{base}/nix", auth=login)


def test_a_bearer_token_is_no_login(tryton: Tryton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "abcdefgh")
    with pytest.raises(ConfigError, match="takes user and password: --basic VARIABLE"):
        connect_tryton("erp", tryton.spec, auth=auth_from(AuthSource("bearer", "TOKEN"), input))


def test_a_server_that_is_no_tryton(obedient: ObedientServer, login: Auth) -> None:
    obedient.on("/company/rpc/", Answered(200, {"hello": "world"}))
    with pytest.raises(ToolError, match="does not answer as Tryton does"):
        connect_tryton("erp", f"tryton+{obedient.url}/company", auth=login)


def test_the_password_follows_no_redirect(
    obedient: ObedientServer, second: ObedientServer, login: Auth
) -> None:
    obedient.on("/company/rpc/", Answered(307, {}, {"Location": f"{second.url}/company/rpc/"}))
    with pytest.raises(ToolError, match="which is never done"):
        connect_tryton("erp", f"tryton+{obedient.url}/company", auth=login)
    assert second.seen == []


def test_too_many_logins_are_not_repeated(obedient: ObedientServer, login: Auth) -> None:
    obedient.on("/company/rpc/", Answered(429, {}))
    with pytest.raises(ToolError, match="refuses logins for a while"):
        connect_tryton("erp", f"tryton+{obedient.url}/company", auth=login)
    assert len(obedient.seen) == 1


def test_what_tryton_refuses_is_one_line(erp: Erp) -> None:
    with pytest.raises(ToolError, match=r'Tryton refused .*not allowed to access "Cron".*administrator'):
        erp._client.call("ir.cron.create", [{"method": "x"}])
    with pytest.raises(ToolError, match=r"Tryton failed in nix\.nix\.search_read: nix\.nix\."):
        erp._client.rows("nix.nix", (), ("id",))


def test_pages_are_followed(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qwen_magics.tools.erp.client._PAGE", 5)
    assert len(table(erp, "list_sold_products")) == 17


def test_it_is_registered_by_its_address(tryton: Tryton, login: Auth) -> None:
    box = Toolbox()
    with pytest.raises(ConfigError, match=r"Tryton has one address, in SPEC.*Leave out --url"):
        box.connect("erp", tryton.spec, url="http://127.0.0.1/", auth=login)
    connected = box.connect("erp", tryton.spec, auth=login)
    assert connected.auth == "basic from TRYTON_LOGIN" and connected.hosts() == [
        f"http://127.0.0.1:{tryton.port}"
    ]
    assert [tool.full_name for tool in box.resolve([], ["erp.list_stock"])] == ["erp.list_stock"]
    box.close()

"""Where a request may go, and where it may not: names, addresses, redirects, rebinding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from qwen_magics.errors import ToolError
from qwen_magics.tools.api.addresses import Hosts, address_kind
from qwen_magics.tools.api.auth import AuthSource, auth_from
from qwen_magics.tools.api.service import Service, connect
from tests.tools.api.conftest import Answered, ObedientServer, document


def service(url: str, tmp_path: Path, **more: Any) -> Service:
    """An API with `read` (GET /data) and `write` (POST /data), its address typed."""
    spec = document(("get", "/data", {"operationId": "read"}), ("post", "/data", {"operationId": "write"}))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(spec))
    return connect("api", str(path), url=url, **more)


def call(api: Service, name: str = "read") -> Any:
    tool = next(tool for tool in api.tools if tool.name == name)
    return tool.function()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("8.8.8.8", "public"),
        ("127.0.0.1", "loopback"),
        ("127.8.9.1", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private"),
        ("192.168.1.1", "private"),
        ("172.16.0.1", "private"),
        ("100.64.0.1", "private"),
        ("fd00::1", "private"),
        ("169.254.169.254", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("0.0.0.0", "special"),
        ("::", "special"),
        ("224.0.0.1", "special"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:169.254.169.254", "link-local"),
        ("64:ff9b::7f00:1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("2606:4700:4700::1111", "public"),
    ],
)
def test_kinds_of_addresses(address: str, kind: str) -> None:
    assert address_kind(address) == kind


def test_a_typed_address_of_this_machine_is_reached(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(body={"n": 1}))
    assert call(service(obedient.url, tmp_path)).value == {"n": 1}


def test_a_private_server_that_only_the_document_names_is_refused(
    obedient: ObedientServer, tmp_path: Path
) -> None:
    spec = document(("get", "/data", {"operationId": "read"}), servers=[{"url": obedient.url}])
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(spec))
    with pytest.raises(ToolError, match=r"loopback address 127.0.0.1, which was not registered") as error:
        call(connect("api", str(path)))
    assert "--url" in error.value.hint
    assert obedient.seen == []


def test_a_name_that_turns_to_this_machine_after_its_registration_is_refused(
    obedient: ObedientServer, tmp_path: Path
) -> None:
    port = httpx.URL(obedient.url).port
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    api = service(f"http://api.example.org:{port}", tmp_path, resolver=lambda host, p: answers.pop(0))
    with pytest.raises(ToolError, match="loopback"):
        call(api)
    assert obedient.seen == []


def test_the_connection_goes_to_the_address_that_was_checked(
    obedient: ObedientServer, tmp_path: Path
) -> None:
    # No name server knows this name: only the checked address can have been used.
    port = httpx.URL(obedient.url).port
    obedient.on("/data", Answered(body=1))
    api = service(f"http://internal.invalid:{port}", tmp_path, resolver=lambda host, p: ["127.0.0.1"])
    assert call(api).value == 1
    assert obedient.seen[0].headers["Host"] == f"internal.invalid:{port}"


def test_one_bad_address_among_good_ones_is_enough_to_refuse() -> None:
    answers = [["93.184.216.34"], ["93.184.216.34", "169.254.169.254"]]
    hosts = Hosts(lambda host, port: answers.pop(0))
    url = httpx.URL("https://api.example.org")
    hosts.allow(url, typed=True)
    with pytest.raises(ToolError, match="link-local"):
        hosts.address(url)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/",
        "//127.0.0.1:1/x",
        "http://[::1]:1/",
        "http://0x7f.1:1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:1/",
        "http://[broken",
    ],
)
def test_a_redirect_leads_to_registered_servers_only(
    obedient: ObedientServer, tmp_path: Path, target: str
) -> None:
    obedient.on("/data", Answered(302, headers={"Location": target}))
    with pytest.raises(ToolError, match=r"not a registered server|no address"):
        call(service(obedient.url, tmp_path))
    assert len(obedient.seen) == 1


def test_a_redirect_on_the_same_server_is_followed(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(307, headers={"Location": "/elsewhere"}))
    obedient.on("/elsewhere", Answered(body=[1, 2]))
    assert call(service(obedient.url, tmp_path)).value == [1, 2]


def test_redirects_in_a_circle_end(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(302, headers={"Location": "/data"}))
    with pytest.raises(ToolError, match="more than 5 times"):
        call(service(obedient.url, tmp_path))


def test_a_change_is_never_repeated_elsewhere(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(307, headers={"Location": "/other"}))
    with pytest.raises(ToolError, match="never done"):
        call(service(obedient.url, tmp_path), "write")
    assert [seen.path for seen in obedient.seen] == ["/data"]


def test_a_secret_does_not_follow_a_redirect_to_another_registered_server(
    obedient: ObedientServer, second: ObedientServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "tok-12345")
    api = service(obedient.url, tmp_path, auth=auth_from(AuthSource("bearer", "TOKEN"), input))
    api._client.hosts.allow(httpx.URL(second.url), typed=True)
    obedient.on("/data", Answered(302, headers={"Location": f"{second.url}/data"}))
    second.on("/data", Answered(body=1))
    assert call(api).value == 1
    assert obedient.seen[0].headers["Authorization"] == "Bearer tok-12345"
    assert "Authorization" not in second.seen[0].headers


def test_the_next_page_of_another_server_is_not_fetched(
    obedient: ObedientServer, second: ObedientServer, tmp_path: Path
) -> None:
    obedient.on("/data", Answered(body={"items": [{"id": 1}], "next": f"{second.url}/data"}))
    output = call(service(obedient.url, tmp_path))
    assert len(output.frame) == 1 and "leads elsewhere" in output.notes[0]
    assert second.seen == []

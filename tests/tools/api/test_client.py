"""Retries, limits, secrets and broken servers."""

from __future__ import annotations

import email.utils
import gzip
import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.errors import ConfigError, ToolError
from qwen_magics.tools.api import client as client_module
from qwen_magics.tools.api.auth import AuthSource, auth_from
from qwen_magics.tools.api.client import Sending
from qwen_magics.tools.api.service import Service, connect
from qwen_magics.tools.news import listening
from tests.tools.api.conftest import Answered, ObedientServer, Seen, document, query

BODY = {"content": {"application/json": {"schema": {"properties": {"name": {"type": "string"}}}}}}
SPEC = document(
    ("get", "/data", {"operationId": "read", "parameters": [query("q"), query("tags", "array")]}),
    ("get", "/data/{id}", {"operationId": "one", "parameters": [{"name": "id", "in": "path"}]}),
    ("post", "/data", {"operationId": "write", "requestBody": BODY}),
)


class Waits(list[float]):
    """In the place of `time.sleep`."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def service(server: ObedientServer, tmp_path: Path, **more: Any) -> Service:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(SPEC))
    return connect("api", str(path), url=server.url, **more)


def call(api: Service, operation: str, /, **arguments: Any) -> Any:
    return next(tool for tool in api.tools if tool.name == operation).function(**arguments)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_more_and_more_slowly(
    obedient: ObedientServer, tmp_path: Path, status: int
) -> None:
    obedient.on("/data", Answered(status), Answered(status), Answered(body=[1]))
    waits, told = Waits(), list[str]()
    with listening(told.append):
        output = call(service(obedient, tmp_path, sleep=waits), "read")
    assert told[0] == "127.0.0.1 is busy: trying again in 0.5 s"
    assert output.value == [1] and waits == [0.5, 1.0]
    assert [exchange.status for exchange in output.exchanges] == [status, status, 200]


def test_retry_after_is_kept_to(obedient: ObedientServer, tmp_path: Path) -> None:
    soon = email.utils.formatdate(time.time() + 20, usegmt=True)
    obedient.on(
        "/data",
        Answered(429, headers={"Retry-After": "7"}),
        Answered(503, headers={"Retry-After": soon}),
        Answered(body=1),
    )
    waits = Waits()
    call(service(obedient, tmp_path, sleep=waits), "read")
    assert waits[0] == 7 and 10 < waits[1] <= 20


def test_a_wait_longer_than_the_call_may_take_is_not_begun(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(429, {"error": "slow down"}, {"Retry-After": "3600"}))
    waits = Waits()
    with pytest.raises(ToolError, match=r"429 Too Many Requests.*slow down") as error:
        call(service(obedient, tmp_path, sleep=waits), "read")
    assert error.value.kind == "http_429" and waits == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_change_that_may_have_happened_is_not_repeated(
    obedient: ObedientServer, tmp_path: Path, status: int
) -> None:
    obedient.on("/data", Answered(status))
    with pytest.raises(ToolError):
        call(service(obedient, tmp_path, sleep=Waits()), "write", name="x")
    assert len(obedient.seen) == 1


def test_a_change_that_was_put_off_is_repeated(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(429), Answered(201, {"id": 5}))
    assert call(service(obedient, tmp_path, sleep=Waits()), "write", name="x").value == {"id": 5}


def test_an_error_is_one_line_with_what_the_server_said(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(422, {"detail": "name must be\n short" + "!" * 5000}))
    with pytest.raises(ToolError, match=r"422.*name must be") as error:
        call(service(obedient, tmp_path), "write", name="x")
    assert "\n" not in str(error.value) and len(str(error.value)) < 600
    assert error.value.exchanges[0].status == 422


@pytest.mark.parametrize("packed", [False, True])
def test_a_reply_without_end_is_not_read_to_its_end(
    obedient: ObedientServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(
        "qwen_magics.tools.api.service.Sending",
        lambda deadline: Sending(deadline, bytes_left=100_000),
    )
    body = json.dumps(["x" * 1000] * 1000).encode()
    headers = {"Content-Encoding": "gzip"} if packed else {}
    obedient.on("/data", Answered(body=gzip.compress(body) if packed else body, headers=headers))
    with pytest.raises(ToolError, match="not read to its end") as error:
        call(service(obedient, tmp_path), "read")
    assert error.value.kind == "too_large"


@pytest.mark.parametrize(
    ("answered", "kind"),
    [
        (Answered(body=b"{broken"), "broken_reply"),
        (Answered(body=b"[" * 200_000), "broken_reply"),
        (Answered(body=b"not gzip", headers={"Content-Encoding": "gzip"}), "connection"),
    ],
)
def test_broken_replies(obedient: ObedientServer, tmp_path: Path, answered: Answered, kind: str) -> None:
    obedient.on("/data", answered)
    with pytest.raises(ToolError) as error:
        call(service(obedient, tmp_path, sleep=Waits()), "read")
    assert error.value.kind == kind


def test_text_of_any_charset_is_read(obedient: ObedientServer, tmp_path: Path) -> None:
    kinds = ["text/plain; charset=latin-1", "text/plain; charset=no-such"]
    obedient.on("/data", *[Answered(body=b"caf\xe9", headers={"Content-Type": kind}) for kind in kinds])
    api = service(obedient, tmp_path)
    assert [call(api, "read").value, call(api, "read").value] == ["café", "caf\ufffd"]


def test_a_server_that_is_not_there(obedient: ObedientServer, tmp_path: Path) -> None:
    api = service(obedient, tmp_path, sleep=Waits())
    obedient.close()
    with pytest.raises(ToolError, match="cannot be reached") as error:
        call(api, "write", name="x")
    assert "Whether it was carried out is not known" in str(error.value)


def test_a_silent_server_is_given_up(
    obedient: ObedientServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_SILENCE_S", 0.2)

    def slow(seen: Seen) -> Answered:
        time.sleep(1)
        return Answered()

    obedient.on("/data", slow)
    with pytest.raises(ToolError, match="did not answer in time"):
        call(service(obedient, tmp_path, sleep=Waits()), "write", name="x")


def test_a_stop_ends_a_request_under_way(obedient: ObedientServer, tmp_path: Path) -> None:
    released = threading.Event()

    def hang(seen: Seen) -> Answered:
        os.kill(os.getpid(), signal.SIGINT)
        released.wait(30)
        return Answered()

    obedient.on("/data", hang)
    with pytest.raises(KeyboardInterrupt):
        call(service(obedient, tmp_path), "read")
    released.set()


def test_a_value_cannot_leave_its_place_in_the_path(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data/a%2F..%2Fadmin%3Fx%3D1%23y", Answered(body=1))
    api = service(obedient, tmp_path)
    assert call(api, "one", id="a/../admin?x=1#y").value == 1
    for value in ("..", ".", ""):
        with pytest.raises(ToolError, match="cannot be a part of an address"):
            call(api, "one", id=value)


def test_query_values_are_encoded_and_lists_repeated(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(body=1))
    call(service(obedient, tmp_path), "read", q="a&admin=1", tags=["x", "y"])
    assert obedient.seen[0].path == "/data?q=a%26admin%3D1&tags=x&tags=y"


def test_what_is_shown_is_what_is_sent(obedient: ObedientServer, tmp_path: Path) -> None:
    obedient.on("/data", Answered(201, {}))
    write = next(tool for tool in service(obedient, tmp_path).tools if tool.name == "write")
    assert write.preview is not None
    shown = write.preview({"name": "Ünï"})
    write.function(name="Ünï")
    head, _, body = shown.partition("\n\n")
    assert head.splitlines()[0] == f"POST {obedient.url}/data"
    assert body == obedient.seen[0].body == '{\n  "name": "Ünï"\n}'


@pytest.mark.parametrize(
    ("source", "secret", "header", "value"),
    [
        (AuthSource("bearer", "SECRET"), "tok-98765", "Authorization", "Bearer tok-98765"),
        (AuthSource("basic", "SECRET"), "ada:pass-98765", "Authorization", "Basic YWRhOnBhc3MtOTg3NjU="),
        (AuthSource("key", "SECRET", "X-API-Key"), "key-98765", "X-Api-Key", "key-98765"),
    ],
)
def test_a_secret_reaches_the_server_and_nothing_else(
    obedient: ObedientServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: AuthSource,
    secret: str,
    header: str,
    value: str,
) -> None:
    monkeypatch.setenv("SECRET", secret)
    auth = auth_from(source, input)
    api = service(obedient, tmp_path, auth=auth)
    # The server echoes everything, as some test servers and error pages do.
    obedient.on("/data", lambda seen: Answered(body={"you sent": seen.headers, "login": secret}))
    output = call(api, "read")
    assert {k.casefold(): v for k, v in obedient.seen[0].headers.items()}[header.casefold()] == value
    kept = repr(auth) + repr(output.value) + output.frame.to_string() + repr(output.exchanges)
    kept += api.tools[2].preview({"name": "x"}) or ""
    obedient.on("/data", lambda seen: Answered(500, body={"headers": seen.headers, "login": secret}))
    with pytest.raises(ToolError) as error:
        call(api, "read")
    kept += str(error.value) + repr(error.value.exchanges)
    for part in {secret, secret.partition(":")[2] or secret, value.partition(" ")[2] or value}:
        assert part not in kept
    assert "[redacted]" in kept


def test_a_secret_that_is_not_there_is_asked_for_and_else_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET", raising=False)
    source = AuthSource("bearer", "SECRET")
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return " tok-1 "

    assert auth_from(source, typed).headers() == {"Authorization": "Bearer tok-1"}
    assert "SECRET is not set" in asked[0]
    for answer in ("", "two\nlines", "ключ"):
        with pytest.raises(ConfigError, match="no usable secret in SECRET"):
            auth_from(source, lambda prompt, answer=answer: answer)  # type: ignore[misc]

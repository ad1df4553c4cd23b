"""A Hugging Face hub on this machine: redirects to another host, ranges, refusals, broken transfers."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Request:
    host: str
    method: str
    path: str
    headers: Message


@dataclass
class Hub:
    """What the server has, how it misbehaves, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 0
    accepts_token: str | None = None
    head_delay_s: float = 0
    no_digest: bool = False
    moved_to: str = ""
    # The content host: bytes to send before the connection is cut, one number per request; then all is well.
    cuts: list[int] = field(default_factory=list)
    cdn_status: int = 0
    stall: threading.Event | None = None
    wrong_bytes: bool = False
    ranges: bool = True
    requests: list[Request] = field(default_factory=list)
    endpoint: str = ""
    cdn: str = ""

    def to(self, host: str) -> list[Request]:
        return [request for request in self.requests if request.host == host]


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    servers = [
        ThreadingHTTPServer(("127.0.0.1", 0), _handler(kind, hub)) for kind in (_HubHandler, _CdnHandler)
    ]
    hub.endpoint = f"http://127.0.0.1:{servers[0].server_port}"
    hub.cdn = f"http://localhost:{servers[1].server_port}"
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield hub
    finally:
        if hub.stall is not None:
            hub.stall.set()
        for server in servers:
            server.shutdown()
            server.server_close()


def _handler(kind: type[_Handler], hub: Hub) -> type[_Handler]:
    return type(kind.__name__, (kind,), {"hub": hub})


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    host = ""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError, TimeoutError):  # the client went away: some tests want that
            super().handle()

    def do_HEAD(self) -> None:
        self._noted()

    def do_GET(self) -> None:
        self._noted()

    def _noted(self) -> None:
        self.hub.requests.append(Request(self.host, self.command, self.path, self.headers))
        self.respond()

    def respond(self) -> None:
        raise NotImplementedError

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


class _HubHandler(_Handler):
    host = "hub"

    def respond(self) -> None:
        hub = self.hub
        time.sleep(hub.head_delay_s)
        token = self.headers.get("Authorization")
        if hub.status:
            return self.answer(hub.status)
        if hub.accepts_token is not None and token is not None and token != f"Bearer {hub.accepts_token}":
            return self.answer(401)
        if self.path.startswith("/api/models/"):
            return self._list()
        if hub.moved_to and not self.path.startswith(hub.moved_to):
            return self.answer(307, Location=hub.moved_to + self.path)
        name = self.path.removeprefix(hub.moved_to).lstrip("/")
        repo, _, rest = name.partition("/resolve/")
        content = hub.files.get(f"{repo}/{rest.partition('/')[2]}")
        if content is None:
            return self.answer(404)
        if hub.no_digest:
            return self.answer(200, b"<html>Please sign in</html>")
        self.answer(
            302,
            Location=f"{hub.cdn}/blob/{repo}/{rest.partition('/')[2]}?signature=x",
            X_Linked_ETag=f'"{hashlib.sha256(content).hexdigest()}"',
            X_Linked_Size=str(len(content)),
            X_Repo_Commit=COMMIT,
        )

    def _list(self) -> None:
        repo = self.path.removeprefix("/api/models/").removesuffix("/tree/main")
        names = [name.removeprefix(repo + "/") for name in self.hub.files if name.startswith(repo + "/")]
        body = json.dumps([{"type": "file", "path": name} for name in names]).encode()
        self.answer(200 if names else 404, body)


class _CdnHandler(_Handler):
    host = "cdn"

    def respond(self) -> None:
        hub = self.hub
        if hub.cdn_status:
            return self.answer(hub.cdn_status)
        content = hub.files[self.path.removeprefix("/blob/").partition("?")[0]]
        if hub.wrong_bytes:
            content = bytes(len(content))
        start = 0
        if hub.ranges and (asked := self.headers.get("Range")):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(content):
            return self.answer(416)
        body = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        cut = hub.cuts.pop(0) if hub.cuts else len(body)
        self.wfile.write(body[:cut])
        if cut < len(body) and hub.stall is not None:
            self.wfile.flush()
            hub.stall.wait(20)
        self.close_connection = True

"""Real servers on loopback: one that does as it is told, Kinto, and Datasette."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

KINTO_LOGIN = "ada:correct horse battery"


@dataclass
class Answered:
    """What the server answers with."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class ObedientServer:
    """Answers each path by a function of the request; keeps what it was asked."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answers: dict[str, Callable[[Seen], Answered]] = {}
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                seen = Seen(self.command, self.path, dict(self.headers), self.rfile.read(length).decode())
                owner.seen.append(seen)
                make = owner.answers.get(self.path.partition("?")[0])
                answered = make(seen) if make else Answered(404, {"error": "nothing here"})
                body = (
                    answered.body if isinstance(answered.body, bytes) else json.dumps(answered.body).encode()
                )
                self.send_response(answered.status)
                headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
                for name, value in (headers | answered.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def on(self, path: str, *answers: Answered | Callable[[Seen], Answered]) -> None:
        """Answer `path` with these in turn, the last one for ever."""
        queue = list(answers)

        def make(seen: Seen) -> Answered:
            answer = queue.pop(0) if len(queue) > 1 else queue[0]
            return answer(seen) if callable(answer) else answer

        self.answers[path] = make

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def obedient() -> Iterator[ObedientServer]:
    server = ObedientServer()
    yield server
    server.close()


@pytest.fixture
def second() -> Iterator[ObedientServer]:
    server = ObedientServer()
    yield server
    server.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(command: list[str], url: str, log: Path) -> Iterator[str]:
    """Run a server until the tests are over; wait until `url` answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            for _ in range(300):
                assert process.poll() is None, log.read_text()[-2000:]
                try:
                    urllib.request.urlopen(url, timeout=5).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.1)
            else:
                pytest.fail(f"{command[0]} did not start: {log.read_text()[-2000:]}")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


KINTO_INI = """\
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
[app:main]
use = egg:kinto
kinto.userid_hmac_secret = only-for-tests
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
kinto.bucket_create_principals = system.Authenticated
kinto.bucket_read_principals = system.Authenticated
kinto.paginate_by = 3
"""


@pytest.fixture(scope="session")
def kinto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Kinto; gives its base URL. Pages hold three records."""
    folder, port = tmp_path_factory.mktemp("kinto"), free_port()
    (folder / "kinto.ini").write_text(KINTO_INI.format(port=port))
    arguments = ["start", "--ini", str(folder / "kinto.ini"), "--port", str(port)]
    command = [sys.executable, "-W", "ignore", "-c", f"from kinto.__main__ import main; main({arguments})"]
    url = f"http://127.0.0.1:{port}/v1/"
    yield from started(command, url, folder / "log")


@pytest.fixture(scope="session")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Datasette over a table of 250 late deliveries; gives its base URL."""
    folder, port = tmp_path_factory.mktemp("datasette"), free_port()
    connection = sqlite3.connect(folder / "shop.db")
    connection.execute("CREATE TABLE deliveries (id INTEGER PRIMARY KEY, country TEXT, days_late INTEGER)")
    rows = [(i, ("DE", "FR", "US")[i % 3], i % 11) for i in range(250)]
    connection.executemany("INSERT INTO deliveries VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    command = [sys.executable, "-W", "ignore", "-m", "datasette", str(folder / "shop.db"), "-p", str(port)]
    yield from started(command, f"http://127.0.0.1:{port}/", folder / "log")


def document(*paths: tuple[str, str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A small OpenAPI document: `(method, path, operation)`."""
    found: dict[str, Any] = {}
    for method, path, operation in paths:
        found.setdefault(path, {})[method] = operation
    return {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": found, **more}


def query(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind, **more}}

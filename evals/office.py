"""An API: a real Kinto on loopback that keeps the rooms, employees and bookings of an office.

Kinto's own document is generic (`get_records` of a bucket and a collection); this one describes the three
collections as an application's API would, over the same addresses.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["LOGIN", "Office", "document", "serve"]

LOGIN = "ada:only for the evaluation"
_BUCKET = "office"
_INI = """\
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
[app:main]
use = egg:kinto
kinto.userid_hmac_secret = only-for-the-evaluation
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
kinto.bucket_create_principals = system.Authenticated
kinto.bucket_read_principals = system.Authenticated
kinto.paginate_by = 20
"""
_FLOORS, _BUILDINGS = (1, 2, 3), ("North", "South")
_ROOMS = ("oak", "elm", "fir", "ash", "yew", "lime", "pine", "birch", "maple", "cedar")
_PEOPLE = (
    "amira",
    "boris",
    "carla",
    "deniz",
    "emeka",
    "fiona",
    "goran",
    "hanna",
    "ivan",
    "julia",
    "kofi",
    "lena",
)
_TEAMS = ("sales", "support", "research")
_FIELDS: dict[str, dict[str, str]] = {
    "rooms": {"building": "string", "floor": "integer", "seats": "integer", "projector": "boolean"},
    "employees": {"team": "string", "salary": "integer", "started": "string"},
    "bookings": {
        "room": "string",
        "employee": "string",
        "day": "string",
        "hours": "integer",
        "status": "string",
    },
}
_SINGULAR = {"rooms": "room", "employees": "employee", "bookings": "booking"}


def initial() -> dict[str, dict[str, dict[str, Any]]]:
    """Collection → id → fields, the same each time."""
    chance = random.Random(7)
    rooms = {
        name: {
            "building": chance.choice(_BUILDINGS),
            "floor": chance.choice(_FLOORS),
            "seats": chance.choice((4, 6, 8, 12, 20)),
            "projector": chance.random() < 0.5,
        }
        for name in _ROOMS
    }
    employees = {
        name: {
            "team": chance.choice(_TEAMS),
            "salary": 100 * chance.randint(320, 780),
            "started": f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-01",
        }
        for name in _PEOPLE
    }
    bookings = {
        f"b{i:02}": {
            "room": chance.choice(_ROOMS),
            "employee": chance.choice(_PEOPLE),
            "day": f"2026-{chance.choice((3, 4, 5)):02}-{chance.randint(1, 28):02}",
            "hours": chance.randint(1, 6),
            "status": chance.choices(("confirmed", "cancelled", "waiting"), (6, 2, 2))[0],
        }
        for i in range(1, 46)
    }
    return {"rooms": rooms, "employees": employees, "bookings": bookings}


class Office:
    """The running server.

    Attributes:
        url: the API's root, ending in a slash.
    """

    def __init__(self, url: str) -> None:
        import httpx

        self.url = url
        self._client = httpx.Client(base_url=url, auth=tuple(LOGIN.split(":")), timeout=30, trust_env=False)
        self._collection("", {})
        for name in _FIELDS:
            self._collection(f"/collections/{name}", {})

    def reset(self) -> None:
        """Put everything back as `initial` says."""
        for name, records in initial().items():
            self._send("DELETE", f"/collections/{name}/records")
            for key, fields in records.items():
                self.put(name, key, fields)

    def put(self, name: str, key: str, fields: Mapping[str, Any]) -> None:
        """Create or replace one record of a collection."""
        self._collection(f"/collections/{name}/records/{key}", {"data": dict(fields)})

    def state(self) -> dict[str, pd.DataFrame]:
        """All records now, a frame per collection, without the server's own columns."""
        return {name: _frame(self._records(name)) for name in _FIELDS}

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _records(self, name: str) -> list[dict[str, Any]]:
        found, path = [], f"buckets/{_BUCKET}/collections/{name}/records"
        while path:
            reply = self._client.get(path)
            reply.raise_for_status()
            found += reply.json()["data"]
            path = reply.headers.get("Next-Page", "")
        return found

    def _collection(self, path: str, body: Mapping[str, Any]) -> None:
        self._send("PUT", path, json=body)

    def _send(self, method: str, path: str, **more: Any) -> None:
        self._client.request(method, f"buckets/{_BUCKET}{path}", **more).raise_for_status()


def _frame(records: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(records).drop(columns=["last_modified", "schema"], errors="ignore")
    return frame.sort_values("id", ignore_index=True)


@contextmanager
def serve(folder: Path) -> Iterator[Office]:
    """Start Kinto with its files in `folder`, filled; it ends with the block.

    Raises:
        RuntimeError: it did not start within 60 s.
    """
    port = _free_port()
    (folder / "kinto.ini").write_text(_INI.format(port=port))
    arguments = ["start", "--ini", str(folder / "kinto.ini"), "--port", str(port)]
    command = [sys.executable, "-W", "ignore", "-c", f"from kinto.__main__ import main; main({arguments})"]
    with (folder / "kinto.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=_environment())
    try:
        office = Office(_waited(f"http://127.0.0.1:{port}/v1/", process))
        try:
            office.reset()
            yield office
        finally:
            office.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def document(url: str) -> dict[str, Any]:
    """The OpenAPI document of the office's API at `url`."""
    schemas = {_SINGULAR[name].title(): _schema(fields) for name, fields in _FIELDS.items()}
    paths: dict[str, Any] = {}
    for name in _FIELDS:
        paths.update(_paths(name))
    return {
        "openapi": "3.0.3",
        "info": {"title": "Office", "version": "1"},
        "servers": [{"url": f"{url}buckets/{_BUCKET}/collections"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _schema(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in fields.items()}}


def _paths(name: str) -> dict[str, Any]:
    one, fields = _SINGULAR[name], _FIELDS[name]
    body = {"required": True, "content": {"application/json": {"schema": _enveloped(one)}}}
    done = {"200": {"description": "The record"}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    filters = [{"name": f, "in": "query", "schema": {"type": kind}} for f, kind in fields.items()]
    return {
        f"/{name}/records": {
            "get": {
                "operationId": f"list_{name}",
                "summary": f"All {name}, with {', '.join(fields)}; or those with these values",
                "parameters": filters,
                "responses": done,
            },
            "post": {
                "operationId": f"create_{one}",
                "summary": f"Add a new {one}",
                "requestBody": body,
                "responses": done,
            },
        },
        f"/{name}/records/{{id}}": {
            "parameters": [key],
            "get": {"operationId": f"get_{one}", "summary": f"One {one} by its id", "responses": done},
            "patch": {
                "operationId": f"update_{one}",
                "summary": f"Change fields of the {one} with this id; the others stay",
                "requestBody": body,
                "responses": done,
            },
            "delete": {"operationId": f"delete_{one}", "summary": f"Delete one {one}", "responses": done},
        },
    }


def _enveloped(one: str) -> dict[str, Any]:
    data = {"$ref": f"#/components/schemas/{one.title()}"}
    return {"type": "object", "properties": {"data": data}, "required": ["data"]}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _waited(url: str, process: subprocess.Popen[bytes]) -> str:
    import httpx

    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            httpx.get(url, timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return url
    msg = "Kinto did not start. Is the extra `evals` installed? Its log is kinto.log."
    raise RuntimeError(msg)

"""The baseline over the office's API: one program by the same weights, run as it is.

It is told the operations, how lists come and where their next page is, and gets a client that is logged in,
also where it makes another for itself. What it writes is run by Python in a process of its own, without any
check, but reaches no other machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pandas as pd

from evals.office import LOGIN

__all__ = ["RULES", "operations", "run"]

RULES = """\
You answer questions about a web API with one Python program in a code block.
`client` is an httpx.Client: its base URL and login are set, paths are those of the list below.
A list comes as {"data": [record, ...]}, 20 records a page; the address of the next page is in the reply's
header Next-Page, which is missing on the last one. A record comes as {"data": record}, and bodies are sent
like that: json={"data": {...}}. `pd` is pandas.
Put the answer into `result`: a number, a text, a list or a DataFrame; None after a change.

Question: how many shops are open?
```python
reply = client.get("/shops/records", params={"open": True})
result = len(reply.json()["data"])
```"""
_TIMEOUT_S = 30
_HARNESS = """
import json, socket, sys
import httpx, pandas as pd
found_addresses = socket.getaddrinfo
def only_here(host, *rest, **more):
    if host not in ("127.0.0.1", b"127.0.0.1", "localhost"):
        raise OSError(f"{host} is another machine")
    return found_addresses(host, *rest, **more)
socket.getaddrinfo = only_here
task = json.load(sys.stdin)
client = httpx.Client(base_url=task["url"], auth=tuple(task["login"].split(":")), timeout=10, trust_env=False)
# Models write these lines by heart; where the API is, they cannot know.
httpx.Client = lambda *rest, **more: client
space = {"client": client, "httpx": httpx, "pd": pd, "json": json}
exec(compile(task["code"], "<reply>", "exec"), space)
found = space.get("result")
if isinstance(found, pd.Series):
    found = found.reset_index()
if isinstance(found, dict):
    rows = found.items() if not any(isinstance(v, (dict, list)) for v in found.values()) else [found]
    found = pd.DataFrame(list(rows))
if isinstance(found, (list, tuple, set)):
    found = pd.DataFrame(list(found))
table = json.loads(found.to_json(orient="split", index=False)) if isinstance(found, pd.DataFrame) else None
value = found.item() if hasattr(found, "item") else found
print("\\n" + json.dumps({"table": table, "value": None if table else value}, default=str))
"""


def operations(document: Mapping[str, Any]) -> str:
    """The operations of the document, a line each, and the fields of their bodies."""
    lines = []
    for path, entry in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if (operation := entry.get(method)) is not None:
                filters = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
                query = f"?{'&'.join(f'{name}=' for name in filters)}" if filters else ""
                lines.append(f"{method.upper()} {path}{query} -- {operation['summary']}")
    for name, schema in document["components"]["schemas"].items():
        fields = ", ".join(f"{field} ({kind['type']})" for field, kind in schema["properties"].items())
        lines.append(f"{name}: {fields}")
    return "\n".join(lines)


def run(code: str, url: str) -> object:
    """What the program puts into `result`: a DataFrame for rows.

    Raises:
        RuntimeError: it failed, or took longer than 30 s.
    """
    task = json.dumps({"code": code, "url": url, "login": LOGIN})
    command = [sys.executable, "-I", "-W", "ignore", "-c", _HARNESS]
    try:
        done = subprocess.run(command, input=task, capture_output=True, text=True, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        msg = f"It ran longer than {_TIMEOUT_S} s."
        raise RuntimeError(msg) from None
    if done.returncode:
        raise RuntimeError(done.stderr.strip().rpartition("\n")[2])
    found = json.loads(done.stdout.strip().rpartition("\n")[2])
    if found["table"] is None:
        return found["value"]
    return pd.DataFrame(found["table"]["data"], columns=found["table"]["columns"])

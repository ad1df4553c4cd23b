"""`python notebook.py FOLDER MODEL`: a real Datasette and a notebook over it, saved as `run.ipynb`."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import nbformat
from nbclient import NotebookClient

PARAMETER = {"name": "country__exact", "in": "query", "schema": {"type": "string"}}
OPERATION = {
    "operationId": "list_deliveries",
    "summary": "Deliveries with their country and how many days late they were",
    "parameters": [PARAMETER],
}
CELLS = """\
%load_ext qwen_magics
%qwen use {model}
---
import qwen_magics
print(qwen_magics.__file__)
---
import pandas as pd
orders = pd.DataFrame({{"city": ["Bonn", "Ulm", "Bonn", "Kiel"], "amount": [10.0, 20.0, 5.0, 7.5]}})
---
%qwen How many rows are in @orders?
---
from qwen_magics import ask
ask("How many orders are there?", data={{"orders": orders}}, route="python")
---
%%qwen --format chart
Draw the total amount per city of @orders
---
%qwen connect shop {folder}/shop.db
---
%%qwen --sql shop
How many deliveries are there?
---
%qwen api web {folder}/api.json --url {url}
---
%%qwen --api web
How many deliveries went to FR?
---
%qwen status
---
%qwen doctor"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fill(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as connection, connection:
        connection.execute(
            "CREATE TABLE deliveries (id INTEGER PRIMARY KEY, country TEXT, days_late INTEGER)"
        )
        rows = [(i, ("DE", "FR", "US")[i % 3], i % 11) for i in range(250)]
        connection.executemany("INSERT INTO deliveries VALUES (?, ?, ?)", rows)
    paths = {"/shop/deliveries.json": {"get": OPERATION}}
    document = {"openapi": "3.0.3", "info": {"title": "shop", "version": "1"}, "paths": paths}
    (folder / "api.json").write_text(json.dumps(document), encoding="utf-8")


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main(folder: Path, model: str) -> None:
    fill(folder)
    url = f"http://127.0.0.1:{(port := free_port())}/"
    serve = [sys.executable, "-W", "ignore", "-m", "datasette", str(folder / "shop.db"), "-p", str(port)]
    with subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(url)
            sources = CELLS.format(folder=folder, url=url, model=model).split("\n---\n")
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
            NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(folder))
            nbformat.write(notebook, folder / "run.ipynb")
        finally:
            server.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

"""Runs `scripts/tryton`, as a person would: in its own environment, on this machine only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOGIN = "analyst:oak-iron-desk-7"
_ENVIRONMENT = {**os.environ, "TRYTON_LOGIN": LOGIN}


@dataclass
class Tryton:
    """A server that runs, and the folder of its database."""

    port: int
    folder: Path

    @property
    def spec(self) -> str:
        return f"tryton+http://127.0.0.1:{self.port}/company"

    @property
    def database(self) -> Path:
        return self.folder / "company.sqlite"


def filled(folder: Path) -> Path:
    """Make the company's database in `folder`: ten seconds."""
    if shutil.which("bash") is None:
        pytest.skip("scripts/tryton needs bash")
    command = [str(ROOT / "scripts" / "tryton"), "--fill", str(folder)]
    done = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@contextmanager
def running(folder: Path) -> Iterator[Tryton]:
    """Serve the database in `folder`: two seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(ROOT / "scripts" / "tryton"), "--serve", str(folder), "--port", str(port)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=_ENVIRONMENT, stdout=output, stderr=subprocess.STDOUT)
        try:
            _await(process, f"http://127.0.0.1:{port}/", log)
            yield Tryton(port, folder)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"Tryton did not start: {log.read_text()[-3000:]}")

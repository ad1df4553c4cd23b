from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from bench.worker import Worker, WorkerError

ECHO = [sys.executable, str(Path(__file__).with_name("echo_worker.py"))]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    with Worker(ECHO, tmp_path / "echo.log", {}) as one:
        yield one


def is_stopped(worker: Worker, patience_s: float = 10.0) -> bool:
    """The signal is sent when `call` returns; the kernel delivers it soon after."""
    until = monotonic() + patience_s
    while monotonic() < until:
        if Path(f"/proc/{worker._process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            return True
        sleep(0.01)
    return False


def test_answers_with_counts_and_memory(worker: Worker) -> None:
    assert worker.call("load", threads=2)["settings"] == {"threads": 2}
    reply = worker.call("generate", prompt=[5, 6, 7])
    assert reply["text"] == "5 6 7 "
    assert (reply["tokens"], reply["decoded_tokens"]) == (3, 2)
    assert 0 <= reply["ttft_s"] <= reply["total_s"]
    assert reply["peak_bytes"] > 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_is_stopped_between_calls(worker: Worker) -> None:
    worker.call("load", threads=1)
    assert is_stopped(worker)
    assert worker.call("generate", prompt=[5])["tokens"] == 1


def test_survives_an_error(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="ValueError: no zeros"):
        worker.call("generate", prompt=[0])
    assert worker.call("generate", prompt=[5])["text"] == "5 "


def test_says_what_a_dead_worker_said_last(worker: Worker) -> None:
    with pytest.raises(WorkerError, match=r"status 3: .*out of memory"):
        worker.call("generate", prompt=[1])


def test_does_not_wait_for_ever(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="no reply to generate within"):
        worker.call("generate", prompt=[2], timeout=0.5)

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import qwen_magics
from qwen_magics import agent, cli
from qwen_magics.errors import DownloadError
from qwen_magics.model.progress import ProgressEvent


class FakeSession:
    def doctor(self) -> dict[str, object]:
        return {"provider": "cpu", "reason": "no NVIDIA driver", "kl": 0.001}

    def model_name(self) -> str:
        return "qwen2.5-coder-0.5b"

    def wanted_model(self) -> str:
        return "qwen2.5-coder-0.5b"

    def store(self) -> FakeStore:
        return FakeStore()


class FakeStore:
    def installed(self) -> list[Any]:
        return [SimpleNamespace(name="qwen2.5-coder-0.5b")]

    def pull(self, name: str, *, progress: Any, quantisation: str | None) -> Path:
        if name == "refused":
            msg = "No source gave it."
            raise DownloadError(msg)
        progress(ProgressEvent("download", 1, 2))
        return Path("models") / name / (quantisation or "int8")

    def build(self, path: Path, *, name: str | None, quantisation: str | None, progress: Any) -> Path:
        return Path("models") / (name or path.stem) / (quantisation or "int8")


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "session", FakeSession())
    monkeypatch.setitem(sys.modules, "qwen_magics.model.store", SimpleNamespace(Store=FakeStore))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    call: dict[str, Any] = {}

    def ask(question: str, **options: Any) -> agent.Answer:
        call.update(options, question=question)
        options["on_event"](agent.Event("status", "Writing a query"))
        return agent.Answer("It is 2.", pd.DataFrame({"n": [2]}), "table", "SELECT 2 AS n")

    monkeypatch.setattr(agent, "ask", ask)
    return call


def test_pull(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pull"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("qwen2.5-coder-0.5b is on this machine: ")
    assert "Downloading: 1 B of 2 B" in captured.err
    assert cli.main(["pull", "qwen3-4b", "--quantisation", "int4"]) == 0
    assert str(Path("qwen3-4b", "int4")) in capsys.readouterr().out


def test_build(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "my.gguf", "--quantisation", "int4"]) == 0
    assert "%qwen use my\n" in capsys.readouterr().out


def test_errors_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pull", "refused"]) == 1
    assert capsys.readouterr().err == "qwen-magics: No source gave it.\n"


def test_stop(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeStore, "pull", stop)
    assert cli.main(["pull"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows if row["installed"]] == ["qwen2.5-coder-0.5b"]
    assert cli.main(["models"]) == 0
    assert "installed, in use" in capsys.readouterr().out


def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reason"] == "no NVIDIA driver"
    assert cli.main(["doctor"]) == 0
    assert "provider  cpu" in capsys.readouterr().out


def test_ask(asked: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("id,customer\n1,a\n2,\n")
    line = ["ask", "--data", f"orders={file}", "-m", "qwen3-4b", "--max-steps", "2", "how many @orders?"]
    assert cli.main(line) == 0
    captured = capsys.readouterr()
    assert captured.out == "It is 2.\n"
    assert "Writing a query" in captured.err
    assert list(asked["data"]["orders"].columns) == ["id", "customer"]
    assert (asked["question"], asked["model"], asked["max_steps"]) == ("how many @orders?", "qwen3-4b", 2)
    assert "seed" not in asked


def test_ask_as_json(asked: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "--json", "two?"]) == 0
    expected = {"text": "It is 2.", "kind": "table", "code": "SELECT 2 AS n", "value": [{"n": 2}]}
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--data", "orders.csv"], "write it as NAME=FILE"),
        (["--data", "2=orders.csv"], "write it as NAME=FILE"),
        (["--data", "orders=orders.xlsx"], "Use .csv, .parquet or .json."),
        (["--data", "orders=missing.csv"], "missing.csv cannot be read"),
        (["--max-steps", "0"], "max_steps must be at least 1"),
    ],
)
def test_ask_mistakes(
    asked: dict[str, Any], options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "how many?", *options]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("line", [[], ["nothing"], ["ask"], ["pull", "--nothing"]])
def test_wrong_command_line(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(line)
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_console_script() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qwen_magics.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"qwen-magics {qwen_magics.__version__}\n"

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import agent, config
from qwen_magics.agent.runs import Runs
from qwen_magics.errors import UnknownModelError
from qwen_magics.model import catalogue
from qwen_magics.model.progress import ProgressEvent
from qwen_magics.trace import mime_bundle
from qwen_magics.widgets.commands import COMMANDS, find_cell_command, find_command

sys.path.insert(0, str(Path(__file__).parents[1] / "trace"))
import samples

from qwen_magics.tools.toolbox import Toolbox

MCP_SERVER = Path(__file__).parents[1] / "mcp_server.py"


class FakeSession:
    """What the subcommands use of `agent.session`."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.history: list[agent.Answer] = []
        self.turns: list[object] = []
        self.runs = Runs()
        self.runs.add(samples.repaired())
        self.runs.add(samples.words())
        self.toolbox = Toolbox()

    def store(self) -> FakeStore:
        return FakeStore()

    def status(self) -> dict[str, object]:
        return {"model": "qwen2.5-coder-0.5b", "loaded": True}

    def doctor(self) -> dict[str, object]:
        return {"provider": "cpu", "reason": "no <NVIDIA> driver", "decode_tok_s": 54.321, "kl": None}

    def model_name(self) -> str:
        return "qwen2.5-coder-0.5b"

    def wanted_model(self) -> str:
        return "qwen2.5-coder-0.5b"

    def load_in_background(self) -> bool:
        self.calls.append("load_in_background")
        return True

    def model(self, listener: Any) -> None:
        listener(agent.Event("status", "Loading it"))

    def unload(self) -> bool:
        self.calls.append("unload")
        return True


class FakeStore:
    pulled: list[str]

    def check_name(self, name: str) -> None:
        catalogue.entry(name)

    def installed(self) -> list[Any]:
        return [SimpleNamespace(name="qwen2.5-coder-0.5b"), SimpleNamespace(name="mine")]

    def pull(self, name: str, *, progress: Any) -> Path:
        progress(ProgressEvent("download", 50, 100, "part"))
        return Path("models") / name


@pytest.fixture
def session(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    fake = FakeSession()
    monkeypatch.setattr(agent, "session", fake)
    monkeypatch.setitem(sys.modules, "qwen_magics.model.store", SimpleNamespace(Store=FakeStore))
    return fake


@pytest.fixture(autouse=True)
def specification(bare_shell: InteractiveShell) -> None:
    # In the shell's own folder.
    paths = {"/orders": {"get": {}, "post": {}}}
    Path("spec.json").write_text(json.dumps({"openapi": "3.0.0", "paths": paths}), encoding="utf-8")


def output(shell: InteractiveShell, capsys: pytest.CaptureFixture[str], line: str) -> str:
    capsys.readouterr()
    result = shell.run_cell(line)
    assert result.success, result.error_in_exec
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("status", ["qwen2.5-coder-0.5b", "loaded  yes"]),
        ("doctor", ["no <NVIDIA> driver", "54.32", "–"]),
        ("models", ["installed, in use", "mine", "Apache-2.0"]),
        ("use qwen3-4b", ["qwen3-4b", "Loading it in the background."]),
        ("pull", ["Downloading: 50 B of 100 B", "qwen2.5-coder-0.5b is on this machine"]),
        ("pull qwen3-4b", ["qwen3-4b is on this machine"]),
        ("load", ["Loading it", "loaded  yes"]),
        ("unload", ["memory is free again"]),
        ("connect", ["No database is connected."]),
        ("config", ["max_steps", "default", "%config QwenMagics."]),
        ("history", ["1  ✓ ok", "27,789", "What does a left join do?", "%qwen diff 1 2"]),
        ("history 1", ["27,789", "repaired by step 4"]),
        ("replay 1", ["1 tool step: 1 not run", "There is no variable flights"]),
        ("replay", ["This run called no tool"]),
        ("replay 1 --from 5", ["1 tool step: 1 not run", "From step 5 on."]),
        ("diff", ["only in A", "answer: 27,789 → A left join"]),
        ("diff 1", ["A: How many flights", "B: What does"]),
        ("diff 2 1", ["A: What does", "B: How many flights"]),
        ("scrub 1", ["arr_delay > 0", "Scrubbed: values were taken out"]),
        ("code 1", ["is in the cell below"]),
        ("reset", ["Forgot 2 runs"]),
        (
            "api shop spec.json --url http://127.0.0.1:9/v1",
            ["http://127.0.0.1:9/v1", "1 operation, each asks"],
        ),
        (f"mcp shop -- {sys.executable} {MCP_SERVER}", ["shop.stock", "sku", "asks at its first call"]),
        ("tools", ["Nothing can be called yet.", "%qwen api NAME SPEC"]),
        ("metrics", ["No metrics are loaded.", "%qwen metrics metrics.yml"]),
        ("help", ["%qwen doctor", "--max-steps", "{{expr}}"]),
        ("help use", ["%qwen use NAME"]),
    ],
)
def test_each(
    shell: InteractiveShell,
    session: FakeSession,
    capsys: pytest.CaptureFixture[str],
    line: str,
    expected: list[str],
) -> None:
    text = output(shell, capsys, f"%qwen {line}")
    for part in expected:
        assert part in text


def test_every_subcommand_is_tested_above() -> None:
    marks = [mark for mark in test_each.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    elsewhere = {"fix"}  # test_fixing.py
    assert {line.split()[0] for line, _ in marks[0].args[1]} == set(COMMANDS) - elsewhere


def test_after_a_reset_nothing_is_there(
    shell: InteractiveShell, session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    session.history.append(agent.Answer(text="It is 3.", value=3, kind="number"))
    shell.user_ns["_qwen"] = session.history[0]
    output(shell, capsys, "%qwen reset")
    assert "Nothing was asked yet." in output(shell, capsys, "%qwen history")
    assert not session.history and "_qwen" not in shell.user_ns


def test_code_goes_into_a_new_cell(
    shell: InteractiveShell, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells: list[tuple[str, bool]] = []
    monkeypatch.setattr(shell, "set_next_input", lambda text, replace: cells.append((text, replace)))
    assert shell.run_cell("%qwen code 1").success
    assert [replace for _, replace in cells] == [False]
    assert "duckdb.sql" in cells[0][0]


def test_a_cell_replays_a_step_with_its_program(
    shell: InteractiveShell, session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    pd = pytest.importorskip("pandas")
    shell.user_ns["flights"] = shell.user_ns["airlines"] = pd.DataFrame({"arr_delay": [10.0, 61.0, 70.0]})
    cell = "%%qwen replay 1 --from 5\nSELECT count(*) AS late FROM flights WHERE arr_delay > 65"
    text = output(shell, capsys, cell)
    assert "with the program of this cell" in text and "+ 1" in text
    Path("my runs.ipynb").write_text(
        json.dumps({"cells": [{"outputs": [{"data": mime_bundle(samples.repaired())}]}]}), encoding="utf-8"
    )
    assert "1 tool step: 1 changed" in output(shell, capsys, '%qwen replay "my runs.ipynb:1" --from 5')
    assert find_cell_command("replay orders --from 5") is None  # a question of a cell


def test_scrub_copies_a_notebook(
    shell: InteractiveShell, session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = {"outputs": [{"data": mime_bundle(samples.ok())}, {"text": "42"}]}
    Path("a.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    text = output(shell, capsys, "%qwen scrub a.ipynb b.ipynb")
    assert "Wrote b.ipynb" in text and "other outputs, left as they are  1" in text
    assert "Frontier" not in Path("b.ipynb").read_text(encoding="utf-8")
    assert "27,789" not in output(shell, capsys, "%qwen scrub b.ipynb:1")


@pytest.mark.parametrize(
    "line",
    [
        "history of orders",
        "replay orders",
        "replay orders --from 5",
        "replay --since 5",
        "diff orders customers",
        "scrub names",
        "code review",
    ],
)
def test_words_that_name_no_run_make_a_question(line: str) -> None:
    assert find_command(line) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("history 7", "There is no run 7. Runs 1 to 2 are there"),
        ("diff 1 a.ipynb:1", "The notebook a.ipynb cannot be read"),
        ("replay 1 --from 4", "Step 4 of this run is no tool step that went well."),
        ("replay 1 --from", "--from needs the number of a step"),
        ("replay 1 --from 5 --model", "leave out --model"),
        ("replay 1 --continue", "--continue needs the step to go on from"),
        ("replay 1 --from 1 --continue", "Step 1 of this run is no program and no call to go on from."),
        ("replay a.ipynb:9f31c2d4 --from 5", "The notebook a.ipynb cannot be read"),
        ("scrub 1 2", "%qwen scrub takes one run, or a notebook"),
    ],
)
def test_runs_that_are_not_there(
    shell: InteractiveShell, session: FakeSession, line: str, message: str
) -> None:
    error = shell.run_cell(f"%qwen {line}").error_in_exec
    assert isinstance(error, UsageError)
    assert message in str(error)


def test_use_is_the_same_as_config(shell: InteractiveShell, session: FakeSession) -> None:
    assert shell.run_cell("%qwen use qwen3-4b").success
    assert config.settings().model == "qwen3-4b"
    assert shell.run_cell("chosen = %config QwenMagics.model").success
    assert shell.user_ns["chosen"] == "qwen3-4b"


def test_use_of_an_unknown_model_changes_nothing(shell: InteractiveShell, session: FakeSession) -> None:
    result = shell.run_cell("%qwen use qwen3-4c")
    assert isinstance(result.error_in_exec, UsageError)
    assert isinstance(result.error_in_exec.__cause__, UnknownModelError)
    assert "Did you mean 'qwen3-4b'?" in str(result.error_in_exec)
    assert config.settings().model is None


def test_notebook_gets_one_html_output(
    shell: InteractiveShell, session: FakeSession, published: list[dict[str, Any]]
) -> None:
    assert shell.run_cell("%qwen doctor").success
    assert len(published) == 1
    assert "no &lt;NVIDIA&gt; driver" in published[0]["data"]["text/html"]
    assert "no <NVIDIA> driver" in published[0]["data"]["text/plain"]


@pytest.mark.parametrize(
    "line", ["status of orders", "use the orders table", "help me find x", "load factor?", "x"]
)
def test_more_than_the_subcommand_is_a_question(line: str) -> None:
    assert find_command(line) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("use", "%qwen use needs an argument: %qwen use NAME"),
        ("doctr", "Did you mean %qwen doctor?"),
        ("statsu", "Did you mean %qwen status?"),
    ],
)
def test_mistakes(line: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        find_command(line)
    assert message in str(error.value)


def test_help_of_nothing_known(shell: InteractiveShell) -> None:
    assert isinstance(shell.run_cell("%qwen help nothing").error_in_exec, UsageError)


def test_metrics_are_loaded_listed_and_refused(shell: InteractiveShell, tmp_path: Path, capsys: Any) -> None:
    entry = (
        "metrics:\n- name: orders_total\n  description: Sum of all orders\n  sql: SELECT sum(n) FROM orders\n"
    )
    (tmp_path / "metrics.yml").write_text(entry, encoding="utf-8")
    assert shell.run_cell("%qwen metrics metrics.yml").success
    assert shell.run_cell("%qwen metrics").success
    assert capsys.readouterr().out.count("orders_total") == 2
    (tmp_path / "metrics.yml").write_text(entry.replace("SELECT", "DELETE"), encoding="utf-8")
    wrong = shell.run_cell("%qwen metrics metrics.yml")
    assert "line 4: metric orders_total" in str(wrong.error_in_exec)

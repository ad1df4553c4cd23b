from __future__ import annotations

from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import config
from qwen_magics.agent import Answer, Event
from qwen_magics.errors import AgentError, Cancelled, DownloadError
from qwen_magics.trace import Recorder, Trace


def finished(status: str) -> Trace:
    recorder = Recorder("how many?", model={}, parameters={}, data=[])
    return recorder.finish(status, None)  # type: ignore[arg-type]


def failure(shell: InteractiveShell, cell: str) -> UsageError:
    result = shell.run_cell(cell)
    assert isinstance(result.error_in_exec, UsageError)
    return result.error_in_exec


def test_frames_are_handed_over_by_reference(shell: InteractiveShell, scripted: Any) -> None:
    assert shell.run_cell("orders = [1, 2]\n%qwen how many @orders?").success
    assert scripted.last.question == "how many orders?"
    assert scripted.last.frames["orders"] is shell.user_ns["orders"]


def test_local_variables_are_in_reach(shell: InteractiveShell, scripted: Any) -> None:
    cell = "def ask():\n    inner = [3]\n    get_ipython().run_line_magic('qwen', 'how many @inner?')\nask()"
    assert shell.run_cell(cell).success
    assert scripted.last.frames == {"inner": [3]}


def test_pasted_values(shell: InteractiveShell, scripted: Any) -> None:
    assert shell.run_cell("limit = 3\n%qwen more than {{limit + 1}} but not {limit}?").success
    assert scripted.last.question == "more than 4 but not {limit}?"


def test_flags_reach_the_request(shell: InteractiveShell, scripted: Any) -> None:
    flags = "-m qwen3-4b --format table --max-steps 2 --max-tokens 64 --temperature 0.5 --seed 7"
    assert shell.run_cell(f"%qwen {flags} --dry-run --no-trace how many?").success
    request = scripted.last
    assert (request.model, request.format, request.dry_run, request.trace) == (
        "qwen3-4b",
        "table",
        True,
        False,
    )
    assert (request.limits.steps, request.limits.tokens) == (2, 64)
    assert (request.params.temperature, request.params.seed) == (0.5, 7)


def test_settings_reach_the_request(shell: InteractiveShell, scripted: Any) -> None:
    for line in ("max_steps = 2", "timeout_s = 9", "max_rows = 10", "format = 'number'", "seed = 3"):
        assert shell.run_cell(f"%config QwenMagics.{line}").success
    assert shell.run_cell("%qwen how many?").success
    request = scripted.last
    assert (request.limits.steps, request.limits.seconds, request.limits.rows) == (2, 9, 10)
    assert (request.format, request.params.seed) == ("number", 3)


@pytest.mark.parametrize(
    "cell", ["%qwen -o top how many?", "%%qwen -o top\nhow many?", "top = %qwen how many?"]
)
def test_result_lands_in_a_variable(shell: InteractiveShell, scripted: Any, cell: str) -> None:
    assert shell.run_cell(cell).success
    assert shell.user_ns["top"] == 1
    assert shell.user_ns["_qwen"].text == "one"


def test_the_last_answer_is_hidden_from_who(shell: InteractiveShell, scripted: Any) -> None:
    assert shell.run_cell("%qwen how many?\nnames = %who_ls").success
    assert shell.user_ns["names"] == []


@pytest.mark.parametrize("cell", ["%qwen", "%qwen  ", "%%qwen\n  \n", "%%qwen -o x\n\n", "%qwen -o x"])
def test_no_question(shell: InteractiveShell, scripted: Any, cell: str) -> None:
    assert "Try: %qwen how many rows are in @orders?" in str(failure(shell, cell))
    assert scripted.requests == []


def test_user_mistakes_are_found_before_anything_runs(shell: InteractiveShell, scripted: Any) -> None:
    assert "no variable `ordrs`" in str(failure(shell, "orders = 1\n%qwen how many @ordrs?"))
    assert "-o class_" in str(failure(shell, "%%qwen -o class\nhow many?"))
    assert scripted.requests == []


def test_an_error_is_one_line_without_traceback(
    shell: InteractiveShell, scripted: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted.outcomes = [DownloadError("No source:\n  the hub: refused\n  the index: 404")]
    error = failure(shell, "top = 'before'\n%qwen -o top how many?")
    assert str(error) == "No source: the hub: refused the index: 404"
    captured = capsys.readouterr()
    assert captured.err.strip() == f"UsageError: {error}"
    assert "Traceback" not in captured.out + captured.err
    assert shell.user_ns["top"] == "before"
    assert shell.run_cell("%qwen how many?").success


def test_an_error_shows_the_run_up_to_it(
    shell: InteractiveShell, scripted: Any, published: list[dict[str, Any]]
) -> None:
    error = AgentError("No query worked.")
    error.trace = finished("error")
    scripted.outcomes = [error]
    failure(shell, "%qwen how many?")
    assert "application/vnd.qwen-magics.trace.v1+json" in published[-1]["data"]


def test_no_trace_shows_none_after_an_error(
    shell: InteractiveShell, scripted: Any, published: list[dict[str, Any]]
) -> None:
    error = AgentError("No query worked.")
    error.trace = finished("error")
    scripted.outcomes = [error]
    scripted.events = [Event("status", "Writing")]
    failure(shell, "%qwen --no-trace how many?")
    assert set(published[-1]["data"]) == {"text/html", "text/plain"}


@pytest.mark.parametrize("kind", [Cancelled, KeyboardInterrupt])
def test_a_stop_keeps_the_partial_trace(
    shell: InteractiveShell, scripted: Any, published: list[dict[str, Any]], kind: type[KeyboardInterrupt]
) -> None:
    stop = kind("stop")
    stop.trace = finished("cancelled")  # type: ignore[attr-defined]
    scripted.outcomes = [stop]
    assert str(failure(shell, "%qwen how many?")) == "Stopped."
    trace = published[-1]["data"]["application/vnd.qwen-magics.trace.v1+json"]
    assert trace["status"] == "cancelled"


def test_a_stop_before_there_is_a_trace(shell: InteractiveShell, scripted: Any) -> None:
    scripted.outcomes = [KeyboardInterrupt()]
    assert str(failure(shell, "%qwen how many?")) == "Stopped."


def test_a_bug_keeps_its_traceback(
    shell: InteractiveShell, scripted: Any, published: list[dict[str, Any]]
) -> None:
    scripted.outcomes = [ZeroDivisionError("bug")]
    scripted.events = [Event("status", "Writing")]
    assert isinstance(shell.run_cell("%qwen how many?").error_in_exec, ZeroDivisionError)
    assert "✗ Writing" in published[-1]["data"]["text/html"]


def test_a_broken_project_file_is_one_line(shell: InteractiveShell, scripted: Any, tmp_path: Any) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.qwen_magics]\nmax_step = 1\n")
    assert "did you mean 'max_steps'?" in str(failure(shell, "%qwen how many?"))


def test_notebook_output_is_one_bundle(
    shell: InteractiveShell, scripted: Any, published: list[dict[str, Any]]
) -> None:
    scripted.events = [Event("status", "Writing")]
    scripted.outcomes = [Answer(text="It is 3.", value=3, kind="number", trace=finished("ok"))]
    assert shell.run_cell("%qwen how many?").success
    assert {"text/html", "text/plain", "text/markdown"} < set(published[-1]["data"])
    assert len({item["transient"]["display_id"] for item in published}) == 1
    assert config.overrides() == {}


def test_a_schema_is_a_variable_or_json(shell: InteractiveShell, scripted: Any) -> None:
    shell.user_ns["names"] = list[str]
    assert shell.run_cell("%qwen --schema names which?").success
    assert scripted.last.shape is not None and scripted.last.format == "json"
    assert scripted.last.shape.schema == {"type": "array", "items": {"type": "string"}}
    assert shell.run_cell('%%qwen --schema {"type": "integer"}\nhow many?').success
    assert scripted.last.shape is not None and scripted.last.shape.schema == {"type": "integer"}
    wrong = failure(shell, "%qwen --schema nmes which?")
    assert "Did you mean names?" in str(wrong)
    wrong = failure(shell, "%qwen --schema names --format table which?")
    assert "Keep one of them" in str(wrong)

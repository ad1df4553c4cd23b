from __future__ import annotations

import io
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics.agent import Event
from qwen_magics.model.progress import ProgressEvent
from qwen_magics.trace import MIME, Recorder
from qwen_magics.widgets.live import NotebookOutput
from qwen_magics.widgets.progress import ProgressMeter, duration
from qwen_magics.widgets.terminal import TerminalOutput


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def progress(done: int, total: int | None = 1_000_000, phase: Any = "download") -> Event:
    return Event("progress", "", progress=ProgressEvent(phase, done, total, "a file"))


def test_text_is_drawn_at_most_eight_times_a_second(published: list[dict[str, Any]]) -> None:
    clock = Clock()
    output = NotebookOutput(clock)
    for _ in range(1000):
        clock.now += 0.01
        output.on_event(Event("text", "x"))
    assert 70 <= len(published) <= 81


def test_drawing_takes_one_twentieth_of_the_time_at_most(
    published: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    output = NotebookOutput(clock)

    def slow(bundle: object) -> None:
        clock.now += 0.05
        published.append({})

    monkeypatch.setattr(output, "_publish", slow)
    for _ in range(1000):
        clock.now += 0.01
        output.on_event(Event("text", "x"))
    assert 0.03 < 0.05 * (len(published) - 1) / clock.now <= 0.05


def test_one_output_is_updated_in_place(published: list[dict[str, Any]]) -> None:
    output = NotebookOutput()
    output.on_event(Event("status", "Loading"))
    output.on_event(Event("status", "Writing"))
    output.finish({"text/plain": "42"})
    assert [item["update"] for item in published] == [False, True, True]
    assert len({item["transient"]["display_id"] for item in published}) == 1
    assert published[-1]["data"] == {"text/plain": "42"}


def test_an_answer_without_news_is_one_output(published: list[dict[str, Any]]) -> None:
    NotebookOutput().finish({"text/plain": "42"})
    assert [item["update"] for item in published] == [False]


def test_a_step_is_drawn_at_once(published: list[dict[str, Any]]) -> None:
    output = NotebookOutput(Clock())  # time stands still
    output.on_event(Event("status", "Loading"))
    output.on_event(Event("status", "Writing a query"))
    assert "✓ Loading" in published[-1]["data"]["text/html"]
    assert "… Writing a query" in published[-1]["data"]["text/html"]


def test_model_text_is_escaped(published: list[dict[str, Any]]) -> None:
    output = NotebookOutput()
    output.on_event(Event("status", "<b>step</b>"))
    output = NotebookOutput()
    output.on_event(Event("text", '<img src="https://example.org/?leak">\x1b[31m'))
    for item in published:
        assert "<b>" not in item["data"]["text/html"]
        assert "<img" not in item["data"]["text/html"]
        assert "\x1b" not in item["data"]["text/html"] + item["data"]["text/plain"]


def test_news_about_the_trace_draw_nothing(published: list[dict[str, Any]]) -> None:
    NotebookOutput().on_event(Event("status", ""))
    assert published == []


def test_the_record_of_the_run_goes_along(published: list[dict[str, Any]]) -> None:
    clock = Clock()
    output, recorder = NotebookOutput(clock), Recorder("How many?")
    recorder.on_change = lambda r: output.on_event(Event("status", "", trace=r.snapshot()))
    output.on_event(Event("status", "Loading"))
    assert MIME not in published[-1]["data"]
    with recorder.span("agent", "answer"):
        for number in range(2):
            with recorder.span("llm", "write query"):
                assert published[-1]["data"][MIME]["spans"][-1]["status"] == "running"  # drawn at once
                assert published[-1]["data"][MIME]["spans"][-1]["data"] == {}
                clock.now += 1
                output.on_event(Event("text", f"SELECT {number}"))
                data = published[-1]["data"]
                assert data[MIME]["spans"][-1]["data"] == {"completion": f"SELECT {number}"}
                assert "… Loading" in data["text/html"]  # for front ends without the extension
        output.on_event(progress(500_000))
        output.fail("Failed.")
    assert MIME not in published[-1]["data"]


def test_without_a_trace_there_is_no_record_on_the_way_either(published: list[dict[str, Any]]) -> None:
    output, recorder = NotebookOutput(Clock(), keep_trace=False), Recorder("How many?")
    recorder.on_change = lambda r: output.on_event(Event("status", "", trace=r.snapshot()))
    with recorder.span("llm", "write query"):
        output.on_event(Event("status", "Writing"))
    assert [MIME in item["data"] for item in published] == [False]


def test_failure_keeps_what_was_shown(published: list[dict[str, Any]]) -> None:
    output = NotebookOutput()
    output.fail("Failed.")
    assert published == []
    output.on_event(Event("status", "Loading"))
    output.fail("Stopped.")
    assert "✗ Loading" in published[-1]["data"]["text/html"]
    assert published[-1]["data"]["text/plain"] == "Loading\nStopped."


def test_long_text_shows_its_end(published: list[dict[str, Any]]) -> None:
    NotebookOutput().on_event(Event("text", "\n".join(f"line {i}" for i in range(100))))
    shown = published[-1]["data"]["text/plain"]
    assert "line 99" in shown
    assert "line 50" not in shown


def test_download_shows_a_bar(published: list[dict[str, Any]]) -> None:
    NotebookOutput().on_event(progress(500_000))
    assert "width:50.0%" in published[-1]["data"]["text/html"]
    assert published[-1]["data"]["text/plain"] == "Downloading: 500 kB of 1 MB (a file)"


def test_speed_and_time_left() -> None:
    clock = Clock()
    meter = ProgressMeter(clock)
    for second in range(30):
        clock.now = float(second)
        # Resumed at half, then 10 kB/s: the jump at the beginning must not count for ever.
        line = meter.line(
            ProgressEvent("download", 0 if second == 0 else 500_000 + 10_000 * second, 1_000_000)
        )
    assert line == "Downloading: 790 kB of 1 MB, 10 kB/s, 21 s left"
    assert meter.line(ProgressEvent("check", 3, None)) == "Testing: 3"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3700, "61 min 40 s")]
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_terminal_prints_lines() -> None:
    stream = io.StringIO()
    output = TerminalOutput(stream)
    output.on_event(Event("status", "Writing"))
    output.on_event(Event("text", "SELECT"))
    output.on_event(Event("text", " 1\x1b[0m"))
    output.on_event(progress(1))
    output.on_event(progress(2))
    output.on_event(progress(3, phase="build"))
    output.finish({"text/plain": "42", "text/html": "<b>42</b>"})
    lines = stream.getvalue().splitlines()
    assert lines[:2] == ["Writing", "SELECT 1�[0m"]
    assert [line.split(":")[0] for line in lines[2:4]] == ["Downloading", "Building"]
    assert lines[4:] == ["42"]


def test_terminal_overwrites_progress_on_a_tty(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    output = TerminalOutput(stream)
    output.on_event(progress(100))
    output.on_event(progress(200))
    output.finish({"text/plain": "done"})
    assert stream.getvalue().count("\r") == 2
    assert stream.getvalue().endswith("\ndone\n")


def test_terminal_shell_streams_to_stdout(
    shell: InteractiveShell, scripted: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted.events = [Event("status", "Writing"), Event("text", "SELECT 1")]
    assert shell.run_cell("%qwen how many?").success
    assert capsys.readouterr().out == "Writing\nSELECT 1\none\n"

"""The news of a run as lines of text: terminal IPython and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

from qwen_magics.widgets.progress import ProgressMeter
from qwen_magics.widgets.reports import printable

if TYPE_CHECKING:
    from qwen_magics.agent.events import Event

__all__ = ["TerminalOutput"]


class TerminalOutput:
    """Lines of text; progress is overwritten in place on a terminal, elsewhere printed once per phase."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._meter = ProgressMeter()
        self._open = False  # the cursor is not at the beginning of a line
        self._width = 0
        self._phase = ""

    def on_event(self, event: Event) -> None:
        """Show one piece of news."""
        if event.kind == "text":
            self._write(printable(event.text))
        elif event.kind == "progress" and event.progress is not None:
            line = printable(self._meter.line(event.progress))
            if self._stream.isatty():
                self._write("\r" + line.ljust(self._width))
                self._width = len(line)
            elif event.progress.phase != self._phase or event.progress.total is None:
                self._line(line)
            self._phase = event.progress.phase
        elif event.text:
            self._line(printable(event.text))

    def finish(self, bundle: Mapping[str, Any]) -> None:
        """Print the text view."""
        self._line(str(bundle.get("text/plain", "")))

    def fail(self, note: str) -> None:
        """End the line; IPython prints the message."""
        self._break()

    def _line(self, text: str) -> None:
        self._break()
        self._write(text + "\n")

    def _break(self) -> None:
        if self._open:
            self._write("\n")
        self._width = 0

    def _write(self, text: str) -> None:
        if text:
            self._stream.write(text)
            self._stream.flush()
            self._open = not text.endswith("\n")

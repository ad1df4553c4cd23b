"""The news of a run as lines of text: terminal IPython and the command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from qwen_magics.widgets.progress import ProgressMeter
from qwen_magics.widgets.reports import printable

if TYPE_CHECKING:
    from qwen_magics.agent.events import Event
    from qwen_magics.model.progress import ProgressEvent

__all__ = ["TerminalOutput"]

_SILENCE_S = 10.0  # in a log file: a line of progress at most this often


class TerminalOutput:
    """Lines of text; progress is overwritten in place on a terminal, elsewhere printed now and then."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._printed_at = 0.0
        self._meter = ProgressMeter(clock)
        self._open = False  # the cursor is not at the beginning of a line
        self._width = 0
        self._phase = ""

    def on_event(self, event: Event) -> None:
        """Show one piece of news."""
        if event.kind == "text":
            self._write(printable(event.text))
        elif event.kind == "progress" and event.progress is not None:
            self._progress(event.progress)
        elif event.text:
            self._line(printable(event.text))

    def finish(self, bundle: Mapping[str, Any]) -> None:
        """Print the text view."""
        self._line(str(bundle.get("text/plain", "")))

    def fail(self, note: str) -> None:
        """End the line; IPython prints the message."""
        self._break()

    def _progress(self, event: ProgressEvent) -> None:
        line = printable(self._meter.line(event))
        is_news = event.total is None and not event.done
        if is_news:
            self._line(line)
        elif self._stream.isatty():
            self._write("\r" + line.ljust(self._width))
            self._width = len(line)
        elif event.phase != self._phase or self._clock() - self._printed_at >= _SILENCE_S:
            self._line(line)
            self._phase, self._printed_at = event.phase, self._clock()

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

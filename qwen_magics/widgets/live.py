"""What a cell shows while a question runs, and what stays of it.

In a notebook one output is drawn and redrawn in place, so that the saved notebook holds the last state only:
the answer with its trace. As soon as there is a record of the run it goes along, for front ends with our
renderer; the others draw the HTML. In a terminal the same news are printed as they come.
"""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from qwen_magics.widgets.approval import approval_html
from qwen_magics.widgets.progress import ProgressMeter, fraction
from qwen_magics.widgets.reports import printable
from qwen_magics.widgets.terminal import TerminalOutput

if TYPE_CHECKING:
    from IPython.core.display_functions import DisplayHandle

    from qwen_magics.agent.events import Event
    from qwen_magics.trace import Trace

__all__ = ["LiveOutput", "NotebookOutput", "cell_id", "live_output", "request_metadata"]

_REDRAW_S = 0.125
_SHARE = 20  # a redraw may not take more than one part in so many of the time
_URGENT_SPANS = 200  # of a longer run, a step that begins waits for its turn
_SHOWN_LINES = 30  # of what the model is writing; the trace keeps all of it


class LiveOutput(Protocol):
    """Where the news of a run go. An output is for one run."""

    def on_event(self, event: Event) -> None:
        """Show one piece of news."""

    def finish(self, bundle: Mapping[str, Any]) -> None:
        """Show the final views in the place of everything before."""

    def fail(self, note: str) -> None:
        """The run ended without anything to show; `note` says why."""


def cell_id(shell: InteractiveShell) -> str:
    """What the front end calls the cell that runs now; empty where it does not say."""
    found = request_metadata(shell).get("cellId")
    return found if isinstance(found, str) else ""


def request_metadata(shell: InteractiveShell) -> Mapping[str, Any]:
    """What the front end says beside the code that runs now; empty outside a kernel."""
    get_parent = getattr(getattr(shell, "kernel", None), "get_parent", None)
    metadata = (get_parent("shell") or {}).get("metadata") if get_parent is not None else None
    return metadata if isinstance(metadata, Mapping) else {}


def live_output(shell: InteractiveShell, *, keep_trace: bool = True) -> LiveOutput:
    """The right kind for this shell; without `keep_trace` no record of the run is shown on the way either."""
    if hasattr(shell, "kernel"):
        return NotebookOutput(keep_trace=keep_trace)
    return TerminalOutput(sys.stdout)


class NotebookOutput:
    """One display, updated at most eight times a second, and less often where drawing takes long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, keep_trace: bool = True) -> None:
        self._clock = clock
        self._keep_trace = keep_trace
        self._trace: Trace | None = None
        self._heard_at = 0.0
        self._next_at = float("-inf")
        self._handle: DisplayHandle | None = None
        self._meter = ProgressMeter()
        self._steps: list[str] = []
        self._text = ""
        self._approval = ""
        self._progress: tuple[str, float | None] | None = None

    def on_event(self, event: Event) -> None:
        """Show one piece of news."""
        urgent = False
        if event.trace is not None:
            if not self._keep_trace:
                return
            urgent = self._hear(event.trace)
        elif event.kind == "text":
            self._text += event.text
        elif event.kind == "progress" and event.progress is not None:
            self._progress = (self._meter.line(event.progress), fraction(event.progress))
        elif event.kind == "status" and event.text:
            self._steps.append(event.text)
            self._text, self._progress, self._approval = "", None, ""
            urgent = True
        elif event.kind == "approval":
            self._text, self._approval = "", event.text
            urgent = True  # the question below waits for the reader of this
        else:
            return
        if urgent or self._clock() >= self._next_at:
            self._draw("")

    def _hear(self, trace: Trace) -> bool:
        """Take in a snapshot; whether a step began. That is drawn at once: other news may be seconds away."""
        from qwen_magics.trace.under_way import writing_span

        before, self._trace, self._heard_at = self._trace, trace, self._clock()
        if before is None or len(trace.spans) == len(before.spans):
            return before is None
        if writing_span(trace) is not None:
            self._text = ""  # of a completion before this one
        return len(trace.spans) <= _URGENT_SPANS

    def finish(self, bundle: Mapping[str, Any]) -> None:
        """Show the final views in the place of everything before."""
        self._publish(dict(bundle))

    def fail(self, note: str) -> None:
        """Leave what was shown, with the end of it; the message itself is printed by IPython."""
        if self._handle is not None:
            self._draw(note)

    def _draw(self, note: str) -> None:
        began = self._clock()
        views = {"text/html": self._html(note), "text/plain": self._plain(note)}
        # A download has its bar in the HTML, and a run that failed without a record has nothing else.
        record = {} if note or self._progress else self._record()
        self._publish({**record, **views})
        done = self._clock()
        self._next_at = max(began + _REDRAW_S, done + (_SHARE - 1) * (done - began))

    def _record(self) -> dict[str, Any]:
        if self._trace is None:
            return {}
        from qwen_magics.trace.spans import MIME
        from qwen_magics.trace.under_way import running_record

        elapsed = self._clock() - self._heard_at
        return {MIME: running_record(self._trace, self._approval or self._text, elapsed)}

    def _publish(self, bundle: dict[str, Any]) -> None:
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def _tail(self) -> str:
        return "\n".join(printable(self._text).splitlines()[-_SHOWN_LINES:])

    def _plain(self, note: str) -> str:
        lines = [
            *self._steps,
            self._tail(),
            printable(self._approval),
            self._progress[0] if self._progress else "",
            note,
        ]
        return "\n".join(line for line in lines if line)

    def _html(self, note: str) -> str:
        last = len(self._steps) - 1
        marks = ["✓" if i < last else ("✗" if note else "…") for i in range(last + 1)]
        muted = "color:var(--jp-ui-font-color2,#616161)"
        parts = [
            f'<div style="{muted if mark == "✓" else ""}">{mark} {html.escape(printable(step))}</div>'
            for mark, step in zip(marks, self._steps, strict=True)
        ]
        if self._progress:
            parts.append(_bar(*self._progress))
        if self._text:
            parts.append(f'<pre style="margin:4px 0;white-space:pre-wrap">{html.escape(self._tail())}</pre>')
        if self._approval and not note:
            parts.append(approval_html(printable(self._approval)))
        if note:
            parts.append(f"<div>{html.escape(note)}</div>")
        return f'<div style="font-family:var(--jp-ui-font-family,sans-serif)">{"".join(parts)}</div>'


def _bar(line: str, done: float | None) -> str:
    text = f"<div>{html.escape(printable(line))}</div>"
    if done is None:
        return text
    track = (
        "width:100%;max-width:32em;height:6px;background:var(--jp-layout-color3,#bdbdbd);border-radius:3px"
    )
    fill = f"width:{done:.1%};height:6px;background:var(--jp-brand-color1,#1976d2);border-radius:3px"
    return f'{text}<div style="{track}"><div style="{fill}"></div></div>'

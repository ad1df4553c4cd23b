"""`qwen-magics logs`: the traces of saved notebooks, searched, listed, shown or exported."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qwen_magics.trace import Trace, read_traces
from qwen_magics.trace.escape import visible

__all__ = ["FORMATS", "add_arguments", "run"]

_LONGEST_CELL = 60


def add_arguments(to: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    to.add_argument("notebook", nargs="+", type=Path, help="a notebook, or a folder with notebooks")
    to.add_argument(
        "-q", "--query", metavar="TEXT", help="only runs with this text in question, answer, program or error"
    )
    to.add_argument("--status", metavar="STATUS", help="only runs that ended so: ok, error, cancelled, …")
    to.add_argument("--format", choices=FORMATS, default="list", help="what to write; list is a line per run")
    to.add_argument(
        "--json", action="store_const", dest="format", const="json", help="the same as --format json"
    )
    to.add_argument("--scrub", action="store_true", help="without values, for sharing")


def run(arguments: argparse.Namespace) -> None:
    """Print the runs; a trace that cannot be read is named on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        traces = read_traces(arguments.notebook)
    for warning in caught:
        print(f"qwen-magics: {visible(warning.message)}", file=sys.stderr)
    found = [
        trace
        for trace in traces
        if _matches(trace, arguments.query) and arguments.status in (None, trace.status)
    ]
    places = {id_: f"{Path(path).name}:{cell}" for id_, (path, cell) in traces.places.items()}
    shown = [_scrubbed(trace) for trace in found] if arguments.scrub else found
    for line in FORMATS[arguments.format](shown, [places[trace.trace_id] for trace in shown]):
        # On a terminal nothing of a foreign notebook may act; a file gets the text as it is.
        print(visible(line) if sys.stdout.isatty() else line)


def _scrubbed(trace: Trace) -> Trace:
    from qwen_magics.trace.scrub import scrub

    return scrub(trace)


def _matches(trace: Trace, query: str | None) -> bool:
    return query is None or any(query.casefold() in text.casefold() for text in _texts(trace))


def _texts(trace: Trace) -> Iterator[str]:
    from qwen_magics.trace.details import program_of

    yield trace.question
    for part in (trace.answer or {}, trace.error or {}):
        yield from (value for value in part.values() if isinstance(value, str))
    for span in trace.spans:
        yield span.name
        yield program_of(span.data)
        yield str(span.data.get("completion") or "")
        yield from (span.error or {}).values()


def _list(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.outline import GLYPHS, answer_view, failure, seconds
    from qwen_magics.widgets.reports import Report

    rows = []
    for trace, place in zip(traces, places, strict=True):
        answer, error = answer_view(trace), failure(trace)
        told = answer.text if answer else error.get("message", "") if error else ""
        cells = (
            place,
            trace.started_at[:19].replace("T", " "),
            f"{GLYPHS[trace.status]} {trace.status}",
            seconds(trace.totals["seconds"]),
            str(trace.totals["steps"]),
            trace.question,
            told,
        )
        rows.append(tuple(_short(cell) for cell in cells))
    header = ("notebook:cell", "started", "status", "time", "steps", "question", "answer")
    yield Report("", header, rows).text() if rows else "No run found."


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CELL else line[: _LONGEST_CELL - 1] + "…"


def _text(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.text import to_text

    for trace, place in zip(traces, places, strict=True):
        title = f"{place}  {_short(trace.question)}"
        yield f"{title}\n{'─' * len(title)}\n{to_text(trace)}\n"


def _html(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.html_page import to_page

    yield to_page(
        zip(places, traces, strict=True), ", ".join(dict.fromkeys(p.rpartition(":")[0] for p in places))
    )


def _markdown(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.escape import markdown
    from qwen_magics.trace.markdown import to_markdown

    for trace, place in zip(traces, places, strict=True):
        yield f"## {markdown(_short(trace.question))} ({markdown(place)})\n\n{to_markdown(trace)}"


def _json(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    rows = [{"place": place, **trace.to_dict()} for trace, place in zip(traces, places, strict=True)]
    yield json.dumps(rows, ensure_ascii=False, indent=2)


def _json_lines(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    for trace in traces:
        yield json.dumps(trace.to_dict(), ensure_ascii=False)


def _otlp(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.otel import to_otlp

    yield json.dumps(to_otlp(traces), ensure_ascii=False, indent=2)


def _otlp_lines(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.otel import to_otlp_lines

    yield from to_otlp_lines(traces)


def _script(traces: Sequence[Trace], places: Sequence[str]) -> Iterator[str]:
    from qwen_magics.trace.script import to_script

    for trace, place in zip(traces, places, strict=True):
        yield f"# %% {place}\n{to_script(trace)}"


FORMATS: dict[str, Callable[[Sequence[Trace], Sequence[str]], Iterator[str]]] = {
    "list": _list,
    "text": _text,
    "html": _html,
    "markdown": _markdown,
    "json": _json,
    "jsonl": _json_lines,
    "otlp": _otlp,
    "otlp-jsonl": _otlp_lines,
    "script": _script,
}

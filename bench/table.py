"""The result as Markdown tables. Pure functions of the JSON, so that the docs can be checked against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.ratios import median, ratio

__all__ = ["agent_table", "markdown", "size_table", "speed_table", "start_table"]

Result = dict[str, Any]
_Shown = Callable[[float], str]


def markdown(result: Result) -> str:
    """The whole report."""
    parts = [
        _heading(result),
        "Each cell: median of the rounds, and how many times better the first row is (least and greatest of "
        "the rounds' own ratios).",
        "### Start",
        start_table(result),
        *(
            part
            for length in _lengths(result)
            for part in (f"### Prompts of {length:,} tokens", speed_table(result, length))
        ),
        "### Agent",
        agent_table(result),
        "### Memory",
        size_table(result),
        _notes(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def start_table(result: Result) -> str:
    """Seconds until something happens."""
    return _table(
        result,
        [
            ("process start to loaded, s", "load_s", False, _two),
            ("process start to first token, s", "first_token_s", False, _two),
            ("first token, cold, s", "ttft_cold_s", False, _two),
            ("first token, cached, s", "ttft_cached_s", False, _two),
        ],
    )


def speed_table(result: Result, length: int) -> str:
    """Prefill and decode after one prompt length."""
    return _table(
        result,
        [
            ("prefill, tok/s", f"prefill_tok_s@{length}", True, _none),
            ("decode, tok/s", f"decode_tok_s@{length}", True, _one),
            ("CPU, s", f"cpu_s@{length}", False, _one),
            ("peak memory, MB", f"peak_bytes@{length}", False, _megabytes),
        ],
    )


def agent_table(result: Result) -> str:
    """The questions."""
    return _table(
        result,
        [
            ("all questions, s", "agent_s", False, _one),
            ("right", "agent_right", None, _none),
            ("s per right answer", "agent_s_per_right", False, _two),
            ("CPU, s", "agent_cpu_s", False, _one),
        ],
    )


def size_table(result: Result) -> str:
    """Files, and the memory of the process that answered the questions."""
    rows = [("engine", "model files, MB", "peak memory, MB", "of that not file-backed, MB", "grammar")]
    for peer in result["peers"].values():
        peak = median(peer["samples"].get("agent_peak_bytes"))
        anonymous = peer.get("agent_anonymous_bytes")
        rows.append(
            (
                peer["title"],
                _megabytes(peer["file_bytes"]),
                _megabytes(peak) if peak else "–",
                _megabytes(anonymous) if anonymous else "–",
                peer["guided"] or "none",
            )
        )
    return _lines(rows)


def _table(result: Result, columns: Sequence[tuple[str, str, bool | None, _Shown]]) -> str:
    peers = list(result["peers"].values())
    columns = [c for c in columns if any(median(peer["samples"].get(c[1])) is not None for peer in peers)]
    if not columns:
        return ""
    rows = [("engine", *(title for title, *_ in columns))]
    for peer in peers:
        cells = [_cell(peers[0], peer, metric, better, shown) for _, metric, better, shown in columns]
        rows.append((peer["title"], *cells))
    return _lines(rows)


def _cell(first: Any, peer: Any, metric: str, more_is_better: bool | None, shown: _Shown) -> str:
    value = median(peer["samples"].get(metric))
    if value is None:
        return "–"
    if peer is first or more_is_better is None:
        return shown(value)
    found = ratio(first["samples"].get(metric), peer["samples"].get(metric), more_is_better=more_is_better)
    return f"{shown(value)}, {found}" if found else shown(value)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))


def _heading(result: Result) -> str:
    machine = result["machine"]
    load = " to ".join(f"{value:g}" for value in machine["load_average"])
    return (
        f"## {result['model']}\n\n{machine['cpu']}, {result['threads']} threads "
        f"({', '.join(machine['features'])}); {result['repeat']} rounds; load average {load}; "
        f"commit {machine['commit']}; {result['started_at'][:10]}."
    )


def _notes(result: Result) -> str:
    lines = []
    for peer in result["peers"].values():
        versions = ", ".join(f"{name} {version}" for name, version in peer.get("versions", {}).items())
        lines.append(f"* {peer['title']}: {versions}" + "".join(f"; {note}" for note in peer["notes"]))
    return "\n".join(lines)


def _lengths(result: Result) -> list[int]:
    return list(result["lengths"])


def _none(value: float) -> str:
    return f"{value:,.0f}"


def _one(value: float) -> str:
    return f"{value:,.1f}"


def _two(value: float) -> str:
    return f"{value:,.2f}"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f}"

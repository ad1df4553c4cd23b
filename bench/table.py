"""The result as Markdown tables. Pure functions of the JSON, so that the docs can be checked against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.ratios import median, ratio

__all__ = [
    "agent_table",
    "circumstances",
    "markdown",
    "notes",
    "size_table",
    "speed_table",
    "speed_tables",
    "start_table",
]

Result = dict[str, Any]
_Shown = Callable[[float], str]


def markdown(result: Result) -> str:
    """The whole report."""
    parts = [
        f"## {result['model']}",
        circumstances(result),
        "Each cell: median of the rounds, and how many times better the first row is (least and greatest of "
        "the rounds' own ratios).",
        *_section("### Start", start_table(result)),
        *_section("", speed_tables(result)),
        *_section("### Agent", agent_table(result)),
        *_section("### Memory", size_table(result)),
        notes(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def circumstances(result: Result) -> str:
    """One line: machine, threads, rounds, load, commit, day."""
    machine = result["machine"]
    load = " to ".join(f"{value:g}" for value in machine["load_average"])
    rounds = "1 round" if result["repeat"] == 1 else f"{result['repeat']} rounds"
    return (
        f"{machine['cpu']}, {result['threads']} threads ({', '.join(machine['features'])}); "
        f"{rounds}; load average {load}; commit {machine['commit']}; "
        f"{result['started_at'][:10]}."
    )


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


def speed_tables(result: Result) -> str:
    """One table per prompt length."""
    parts = []
    for length in result["lengths"]:
        parts += _section(f"### Prompts of {length:,} tokens", speed_table(result, length))
    return "\n\n".join(parts)


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
            ("grammar ready, s", "grammar_s", None, _two),
        ],
    )


def size_table(result: Result) -> str:
    """Files, keys and values of one token, and the memory of the process that answered the questions."""
    head = ("engine", "model files, MB", "KV per 1,000 tokens, MB", "peak, MB", "peak / (files + KV)")
    rows = [(*head, "not file-backed, MB", "grammar")]
    for peer in result["peers"].values():
        peak = median(peer["samples"].get("agent_peak_bytes"))
        kv = peer.get("kv_bytes_per_token")
        anonymous = peer.get("agent_anonymous_bytes")
        # Where the cache grows with its use, what was held at the most; else room for the whole context.
        held = peer.get("agent_kv_bytes", result.get("agent_context", 0) * (kv or 0))
        needed = peer["file_bytes"] + held
        rows.append(
            (
                peer["title"],
                _megabytes(peer["file_bytes"]),
                _one(kv / 1e3) if kv else "–",
                _megabytes(peak) if peak else "–",
                _two(peak / needed) if peak else "–",
                _megabytes(anonymous) if anonymous else "–",
                peer["guided"] or "none",
            )
        )
    return _lines(rows)


def notes(result: Result) -> str:
    """Versions, and what was left out or failed, per engine."""
    lines = []
    for peer in result["peers"].values():
        versions = ", ".join(f"{name} {version}" for name, version in peer.get("versions", {}).items())
        lines.append(f"* {peer['title']}: {versions}" + "".join(f"; {note}" for note in peer["notes"]))
    return "\n".join(lines)


def _section(heading: str, content: str) -> list[str]:
    return [heading, content] if content else []


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


def _none(value: float) -> str:
    return f"{value:,.0f}"


def _one(value: float) -> str:
    return f"{value:,.1f}"


def _two(value: float) -> str:
    return f"{value:,.2f}"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f}"

"""What all workers share: JSON lines on stdin and stdout, clocks, memory. Standard library only.

Each worker runs in an environment of its own, so nothing of qwen_magics may be imported here.

Requests: {"op": "load" | "generate" | "idle" | "reset_peak", …}, one per line. Replies: one line each, with
"error" if it failed. A worker ends when its stdin does.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

__all__ = ["Backend", "Progress", "StopText", "common_prefix", "serve", "versions"]


@dataclass
class Progress:
    """When the tokens of one answer came. The clock starts when the request has been read.

    Attributes:
        cached: prompt tokens that were not computed again, as the engine reports it; None if it does not.
        text: the answer; set by the backend.
        finish: why it ended.
    """

    started: float = field(default_factory=perf_counter)
    first: float = 0.0
    last: float = 0.0
    first_tokens: int = 0
    tokens: int = 0
    cached: int | None = None
    text: str = ""
    finish: str = ""

    def add(self, tokens: int = 1) -> None:
        """`tokens` more have come now."""
        self.last = perf_counter()
        if not self.tokens:
            self.first, self.first_tokens = self.last, tokens
        self.tokens += tokens

    def reply(self) -> dict[str, Any]:
        """Seconds, counts and the text."""
        return {
            "text": self.text,
            "finish": self.finish,
            "tokens": self.tokens,
            "cached_tokens": self.cached,
            "ttft_s": self.first - self.started if self.tokens else None,
            "total_s": perf_counter() - self.started,
            "decoded_tokens": self.tokens - self.first_tokens,
            "decode_s": self.last - self.first,
        }


class Backend(ABC):
    """One engine. `load` comes first, once."""

    @abstractmethod
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Load `request["model"]`; what it returns is recorded: `settings`, `versions`."""

    @abstractmethod
    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        """Answer `request`: prompt (ids), max_tokens, grammar (Lark) or null, stop, temperature, seed."""

    def state(self) -> dict[str, Any]:
        """What every reply to `generate` reports besides: `kv_bytes` where the cache grows with its use."""
        return {}


class StopText:
    """Looks for stop strings in the text of the last few tokens, for engines that only stop at ids."""

    def __init__(self, stop: Sequence[str], tail: int = 8) -> None:
        self._stop, self._tail = tuple(stop), tail

    def found(self, decode: Any, tokens: Sequence[int]) -> bool:
        """Whether a stop string is in what `decode` makes of the last tokens."""
        return bool(self._stop) and any(s in decode(list(tokens[-self._tail :])) for s in self._stop)

    def cut(self, text: str) -> str:
        """`text` up to the first stop string."""
        return text[: min((at for s in self._stop if (at := text.find(s)) >= 0), default=len(text))]


def common_prefix(left: Sequence[int], right: Sequence[int]) -> int:
    """Length of the common beginning."""
    pairs = zip(left, right, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def versions(*packages: str) -> dict[str, str]:
    """Installed versions."""
    return {package: metadata.version(package) for package in packages}


def serve(backend: Backend) -> None:
    """Answer requests until stdin ends."""
    _offer_to_the_oom_killer()
    # Libraries print to stdout, which carries replies here: theirs goes to stderr.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        before = _cpu_seconds()
        try:
            reply = _answer(backend, json.loads(line))
        except Exception as exc:
            traceback.print_exc()
            reply = {"error": f"{type(exc).__name__}: {exc}"}
        reply |= {"cpu_s": _cpu_seconds() - before, **_memory()}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def _offer_to_the_oom_killer() -> None:
    # An engine that needs more than there is ends here, not in whatever else runs on the machine.
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text("1000")


def _answer(backend: Backend, request: dict[str, Any]) -> dict[str, Any]:
    if request["op"] == "load":
        started = perf_counter()
        return {**backend.load(request), "load_call_s": perf_counter() - started}
    if request["op"] == "generate":
        progress = Progress()
        backend.generate(request, progress)
        return {**progress.reply(), **backend.state()}
    if request["op"] == "idle":
        sleep(request["seconds"])
        return {}
    if request["op"] == "reset_peak":
        _reset_peak()
        return {}
    msg = f"unknown op {request['op']!r}"
    raise ValueError(msg)


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _memory() -> dict[str, int]:
    """Peak and present resident bytes. Weights mapped from a file count as far as they were touched."""
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return {name: 1024 * int(fields[key].split()[0]) for name, key in _STATUS.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"peak_bytes": peak if sys.platform == "darwin" else 1024 * peak}


_STATUS = {"peak_bytes": "VmHWM", "resident_bytes": "VmRSS", "anonymous_bytes": "RssAnon"}


def _reset_peak() -> None:
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")

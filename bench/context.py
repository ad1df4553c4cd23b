"""What a longer context costs: a decoding step and a piece of prompt behind 128 to 16,384 others.

    python -m bench.context [--model qwen2.5-coder-0.5b] [--save]

Nothing has to be computed to get there: the cache is declared full. Times are medians, in turns over all
contexts so that other load hits them alike; the share of attention comes from ONNX Runtime's own profile of
the same runs. `--save` keeps the figures in bench/results/curves/, with a plot.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.curves import directory, flags, keep, kept
from bench.environments import PLOT, ROOT, python_of
from bench.machine import load_average
from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.forward import Forward
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.session import session_options
from qwen_magics.engine.signature import GraphSignature
from qwen_magics.engine.threads import available_threads

__all__ = ["CHUNK", "CONTEXTS", "Point", "Runs", "measure", "saved", "slope", "table"]

CONTEXTS = (128, 512, 1024, 2048, 4096, 8192, 16384)
CHUNK = 128
_ATTENTION = "GroupQueryAttention"


@dataclass(frozen=True, slots=True)
class Point:
    """One context; seconds of a run, and how many of them were attention.

    Attributes:
        context: positions that the run attends to before its own.
        kv_bytes: of keys and values up to there.
        step_s, step_attention_s: a decoding step of two rows.
        chunk_s, chunk_attention_s: 128 tokens of a prompt.
    """

    context: int
    kv_bytes: int
    step_s: float
    step_attention_s: float
    chunk_s: float
    chunk_attention_s: float


class Runs:
    """Runs of given width behind a context that is only declared."""

    def __init__(self, directory: Path, threads: int, longest: int, profile: Path | None = None) -> None:
        model, runtime = ModelDirectory.read(directory), load_runtime()
        options = session_options(threads)
        if profile is not None:
            options.enable_profiling, options.profile_file_prefix = True, str(profile)
        self.session = runtime.InferenceSession(str(model.graph), options, providers=["CPUExecutionProvider"])
        signature = GraphSignature.of(self.session, heads=model.kv_heads, head_dim=model.head_dim)
        self._forward = Forward(self.session, signature, model.vocab_size)
        self.cache = KvCache(signature.slots, longest + CHUNK)
        self.cache.reserve(longest + CHUNK)
        for value in self.cache.values:
            # Written once, or every position would be the same page of zeros and never leave the cache.
            value.numpy()[...] = 0.5

    def run(self, context: int, rows: int) -> float:
        """Seconds."""
        self.cache.tokens = [0] * context
        started = perf_counter()
        self._forward.run(self.cache, [place % 300 for place in range(rows)])
        return perf_counter() - started


def measure(
    folder: Path, *, threads: int, contexts: Sequence[int] = CONTEXTS, rounds: int = 7
) -> list[Point]:
    """Times every context."""
    runs = Runs(folder, threads, max(contexts))
    steps: dict[int, list[float]] = {context: [] for context in contexts}
    pieces: dict[int, list[float]] = {context: [] for context in contexts}
    for number in range(rounds):
        for context in contexts:
            runs.run(context, 2)  # brings weights and threads back after the longer runs
            steps[context] += [runs.run(context, 2) for _ in range(3)]
            if number < 3:
                pieces[context].append(runs.run(context, CHUNK))
    shares = [(_share(folder, threads, c, 2), _share(folder, threads, c, CHUNK)) for c in contexts]
    return [
        Point(
            context,
            runs.cache.bytes_per_token * context,
            step := statistics.median(steps[context]),
            step * share,
            piece := statistics.median(pieces[context]),
            piece * piece_share,
        )
        for context, (share, piece_share) in zip(contexts, shares, strict=True)
    ]


def _share(folder: Path, threads: int, context: int, rows: int) -> float:
    """Attention's part of a run's time inside operators."""
    with tempfile.TemporaryDirectory(prefix="profile-") as work:
        runs = Runs(folder, threads, context, Path(work) / "run")
        for _ in range(3):
            runs.run(context, rows)
        events = json.loads(Path(runs.session.end_profiling()).read_text(encoding="utf-8"))
    spent: dict[str, float] = {}
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            name = event["args"]["op_name"]
            if name == "If":  # what it runs is listed as well
                continue
            spent[name] = spent.get(name, 0.0) + event["dur"]
    return spent.get(_ATTENTION, 0.0) / sum(spent.values())


def slope(points: Sequence[Point], seconds: str) -> float:
    """Least-squares slope of a field over the context: seconds per position."""
    xs, ys = [p.context for p in points], [getattr(p, seconds) for p in points]
    middle_x, middle_y = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / spread


def table(points: Sequence[Point]) -> str:
    """In Markdown, as the docs have it."""
    lines = [
        "| context | keys and values | a step | of it attention | prompt, tokens/s | of it attention |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for p in points:
        lines.append(
            f"| {p.context:,} | {p.kv_bytes / 1e6:,.0f} MB | {1e3 * p.step_s:.1f} ms "
            f"| {p.step_attention_s / p.step_s:.0%} | {CHUNK / p.chunk_s:.0f} "
            f"| {p.chunk_attention_s / p.chunk_s:.0%} |"
        )
    return "\n".join(lines)


def saved(model: str) -> list[Point]:
    """What `--save` kept."""
    return [Point(**point) for point in kept("context", model, "points")]


def main() -> None:
    """See the module's docstring."""
    asked, before, threads = flags(__doc__), load_average(), available_threads()
    points = measure(directory(asked), threads=threads)
    print(table(points))
    for field in ("step_s", "chunk_s"):
        print(f"{field}: {1e6 * slope(points, field):.2f} µs per position")
    if asked.save:
        path = keep("context", asked.model, "points", points, threads=threads, before=before)
        subprocess.run([python_of(PLOT), "-m", "bench.context_plot", path], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()

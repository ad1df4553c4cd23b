"""Speed of the engine alone on one model directory, as JSON: load, prefill, decode, cached first token.

Usage: python bench/engine_speed.py DIRECTORY [--lengths 128 512] [--decode 32] [--threads N] [--repeat 3]

Figures are medians of `--repeat` runs in one process. `overhead_ms` is the time per token spent outside of
ONNX Runtime. Other load on the machine falsifies all of them: compare only what ran side by side.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.runtime import load_runtime


class TimedSession:
    """A session that adds up the seconds inside its runs."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.seconds = 0.0

    def run_with_iobinding(self, binding: Any, options: Any) -> None:
        started = perf_counter()
        self._session.run_with_iobinding(binding, options)
        self.seconds += perf_counter() - started


def measure_length(engine: Engine, session: TimedSession, length: int, decode: int) -> dict[str, float]:
    """One cold and one cached generation after a prompt of `length` tokens."""
    prompt = [random.randrange(engine.vocab_size) for _ in range(length)]
    # Flat sampling: a random prompt's greedy answer may end at once.
    params = SamplingParams(temperature=2.0, seed=1, max_tokens=decode)
    started, before = perf_counter(), session.seconds
    cold = engine.generate(prompt, params)
    total, inside = perf_counter() - started, session.seconds - before
    cached = engine.generate([*prompt, 1, 2, 3, 4], SamplingParams(max_tokens=1))
    return {
        "prefill_tok_s": length / cold.usage.prefill_s,
        "decode_tok_s": (len(cold.tokens) - 1) / cold.usage.decode_s
        if len(cold.tokens) > 1
        else float("nan"),
        "ttft_s": cold.usage.time_to_first_token_s,
        "cached_ttft_s": cached.usage.time_to_first_token_s,
        "overhead_ms": 1000 * (total - inside) / max(1, len(cold.tokens)),
    }


def idle_cpu_share(engine: Engine, seconds: float = 0.5) -> float:
    """CPU seconds per second that the process uses right after a generation."""
    engine.generate([1, 2, 3], SamplingParams(max_tokens=4))
    before = process_time()
    sleep(seconds)
    return (process_time() - before) / seconds


def report(arguments: argparse.Namespace) -> dict[str, Any]:
    engine = Engine(arguments.directory, threads=arguments.threads)
    forward: Any = engine._forward
    session = TimedSession(forward._session)
    forward._session = session
    lengths = {}
    for length in arguments.lengths:
        runs = [measure_length(engine, session, length, arguments.decode) for _ in range(arguments.repeat)]
        lengths[length] = {key: round(statistics.median(run[key] for run in runs), 3) for key in runs[0]}
    return {
        "model": str(arguments.directory.name),
        "provider": engine.provider.name,
        "reason": engine.provider.reason,
        "threads": engine.threads,
        "load_s": round(engine.load_s, 3),
        "lengths": lengths,
        "idle_cpu_share": round(idle_cpu_share(engine), 3),
        # Linux counts kilobytes, macOS bytes.
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        >> (20 if sys.platform == "darwin" else 10),
        "load_average": round(os.getloadavg()[0], 2),
        "onnxruntime": load_runtime().__version__,
        "python": sys.version.split()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("--lengths", type=int, nargs="+", default=[128, 512, 1024])
    parser.add_argument("--decode", type=int, default=32)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--repeat", type=int, default=3)
    json.dump(report(parser.parse_args()), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()

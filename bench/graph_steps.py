"""Times single runs of the graphs of model directories, in turns: other load hits all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np

from qwen_magics.engine.runtime import load_runtime

__all__ = ["StepTimes", "time_steps"]

_CONTEXT, _PROMPT = 512, 128
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Seconds of one graph's runs: one token behind 300 others, and a prompt of 128 tokens."""

    decode: Sequence[float]
    prefill: Sequence[float]


class _Graph:
    def __init__(self, directory: Path, threads: int) -> None:
        runtime = load_runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, 3
        self._session = runtime.InferenceSession(
            str(directory / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._binding, self._held, make = self._session.io_binding(), [], runtime.OrtValue.ortvalue_from_numpy
        for entry in self._session.get_inputs():
            if entry.name.startswith("past_key_values"):
                value = make(np.zeros((1, entry.shape[1], _CONTEXT, entry.shape[3]), np.float32))
                self._binding.bind_ortvalue_input(entry.name, value)
                self._binding.bind_ortvalue_output(entry.name.replace("past_key_values", "present"), value)
                self._held.append(value)
        logits = make(np.empty((1, 1, self._session.get_outputs()[0].shape[-1]), np.float32))
        keep = make(np.array(1, np.int64))
        self._binding.bind_ortvalue_output("logits", logits)
        self._binding.bind_ortvalue_input("num_logits_to_keep", keep)
        self._held += [logits, keep]
        self._rng = np.random.default_rng(0)

    def run(self, tokens: int, past: int, clock: Clock) -> float:
        """Seconds for `tokens` new positions behind `past` others."""
        self._binding.bind_cpu_input("input_ids", self._rng.integers(1000, 50_000, (1, tokens)))
        self._binding.bind_cpu_input("attention_mask", np.ones((1, past + tokens), np.int64))
        started = clock()
        self._session.run_with_iobinding(self._binding)
        return clock() - started


def time_steps(
    directories: Mapping[str, Path], *, threads: int, rounds: int = 12, steps: int = 3, prompts: int = 4
) -> dict[str, StepTimes]:
    """Times all graphs in turns.

    Args:
        directories: model directories by name.
        threads: of each session. With one, the clock is the thread's CPU time, which other load hardly
            touches; else it is the wall.
        rounds: turns of every graph, `steps` decoded tokens each.
        prompts: in so many of the turns a prompt as well.
    """
    clock: Clock = thread_time if threads == 1 else perf_counter
    graphs: dict[str, Any] = {name: _Graph(path, threads) for name, path in directories.items()}
    decode: dict[str, list[float]] = {name: [] for name in graphs}
    prefill: dict[str, list[float]] = {name: [] for name in graphs}
    for turn in range(rounds):
        for name, graph in graphs.items():
            graph.run(1, 300, clock)  # brings its weights' pages and its threads back
            decode[name] += [graph.run(1, 300 + i, clock) for i in range(steps)]
            if turn < prompts:
                prefill[name].append(graph.run(_PROMPT, 0, clock))
    return {name: StepTimes(decode[name], prefill[name]) for name in graphs}

"""The engine on an NVIDIA card: prefill, decode and what of the card's memory bandwidth that is.

    python -m bench.cuda [--shapes 1.5b 7b] [--quantisations fp16 int8-fp16 int4-fp16]
                         [--contexts 128 1024 4096] [--peer PYTHON] [--verify SHAPE …] [--out FILE]

Weights are random, of the true shapes (`bench.random_weights`). Each model runs in a process of its own.
`--peer` names an interpreter with torch and transformers: it runs a static cache and a compiled step in
float16 on the same card, and measures the bandwidth that the shares are of. `--verify` compares
distributions and tokens with those of the CPU.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bench.environments import ROOT
from bench.machine import describe_machine
from bench.random_weights import SHAPES, RandomWeights
from qwen_magics.chat.device_check import behind_best, divergence
from qwen_magics.engine import device_forward
from qwen_magics.engine import engine as engine_module
from qwen_magics.engine import session as session_module
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.model.build import build
from qwen_magics.model.formats import QUANTISATIONS, planned_bytes

__all__ = ["main"]

_DECODED = 128
_CONTEXTS = (128, 1024, 4096)


class TimedSession:
    """A session that adds up the seconds inside its runs."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.seconds, self.runs = 0.0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run_with_iobinding(self, binding: Any, options: Any) -> None:
        started = perf_counter()
        self._session.run_with_iobinding(binding, options)
        self.seconds += perf_counter() - started
        self.runs += 1


def build_random(shape: str, quantisation: str, folder: Path) -> Path:
    """A model directory of random weights."""
    bits = QUANTISATIONS[quantisation].mlp_in.bits
    return build(
        RandomWeights(SHAPES[shape], bits),
        folder / f"{shape}-{quantisation}",
        quantisation=quantisation,
        source_info={"kind": "random"},
        check=False,
    )


def bytes_read(shape: str, quantisation: str, context: int) -> int:
    """What a decoding step has to read: all matrices once (of an embedding one row), keys and values."""
    a = SHAPES[shape]
    kv = 2 * a.layers * a.kv_width * 2
    return planned_bytes(a, QUANTISATIONS[quantisation], tied=True) + context * kv


def measure(
    path: Path, contexts: Sequence[int], *, provider: str, recorded: bool, repeat: int
) -> dict[str, Any]:
    """Loads the model and times it behind each context."""
    started = perf_counter()
    engine = Engine(path, provider=provider)  # type: ignore[arg-type]
    forward: Any = engine._forward
    if not recorded:
        forward._recorded = False
    forward._session = session = TimedSession(forward._session)
    random = np.random.default_rng(1)
    found: dict[str, Any] = {
        "laid_out": session_module.lays_out(ModelDirectory.read(path), engine.provider),
        "provider": engine.provider.reason,
        "recorded": getattr(forward, "_recorded", False),
        "load_s": perf_counter() - started,
        "contexts": {},
    }
    for context in contexts:
        runs = [_behind(engine, session, random.integers(0, 151643, context).tolist()) for _ in range(repeat)]
        # The first one chooses kernels and records the steps.
        found["contexts"][context] = {"first": runs[0]} | {
            key: statistics.median(run[key] for run in runs[1:]) for key in runs[0]
        }
    forward._session = session._session
    found["recordings"] = getattr(forward, "recordings", 0)
    found["memory_used"] = _memory_used()
    engine.close()
    return found


def _has_cudnn() -> bool:
    """Whether ONNX Runtime finds cuDNN, once a session was opened."""
    try:
        ctypes.CDLL("libcudnn.so.9")
    except OSError:
        return False
    return True


def _memory_used() -> int | None:
    """Bytes of the card that are taken; None without a card."""
    try:
        runtime = ctypes.CDLL("libcudart.so.13")
    except OSError:
        return None
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    runtime.cudaMemGetInfo(ctypes.byref(free), ctypes.byref(total))
    return total.value - free.value


def _behind(engine: Engine, session: TimedSession, prompt: list[int]) -> dict[str, float]:
    params = SamplingParams(max_tokens=_DECODED + 1, speculate=False, temperature=0.0)
    prefill = engine.generate(prompt, SamplingParams(max_tokens=1))
    before, runs = session.seconds, session.runs
    decoded = engine.generate(prompt, params)
    steps = decoded.usage.steps
    inside = (session.seconds - before) / max(1, session.runs - runs)
    return {
        "prefill_s": prefill.usage.time_to_first_token_s,
        "cached_ttft_s": decoded.usage.time_to_first_token_s,
        "step_s": decoded.usage.decode_s / max(1, steps),
        "graph_s": inside,
        "steps": steps,
    }


def verify(path: Path) -> dict[str, float]:
    """How far the card is from the CPU: mean nats, and the worst token it writes, in nats behind the best."""
    tokens = np.random.default_rng(2).integers(0, 151643, 40).tolist()
    card, cpu = Engine(path, provider="cuda"), Engine(path, provider="cpu")
    nats = divergence(cpu.logits(tokens), card.logits(tokens))
    written = card.generate(tokens[:20], SamplingParams(max_tokens=32)).tokens
    rows = cpu.logits([*tokens[:20], *written])[19:]
    result = {"nats": nats, "behind": behind_best(rows[: len(written)], written)}
    for engine in (card, cpu):
        engine.close()
    return result


def _one(flags: argparse.Namespace) -> dict[str, Any]:
    engine_module._CHUNK_ON_DEVICE = flags.chunk
    if flags.layout != "auto":
        session_module.lays_out = lambda *_: flags.layout == "new"
    if flags.rows:
        device_forward._STEP_ROWS = tuple(flags.rows)
    shape, quantisation = flags.one
    with ExitStack() as stack:
        folder = flags.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / f"{shape}-{quantisation}"
        started = perf_counter()
        if not path.exists():
            build_random(shape, quantisation, folder)
        built = perf_counter() - started
        found = measure(
            path, flags.contexts, provider=flags.provider, recorded=not flags.unrecorded, repeat=flags.repeat
        )
        if shape in flags.verify:
            found["verified"] = verify(path)
    for context, figures in found["contexts"].items():
        figures["bytes_read"] = bytes_read(shape, quantisation, context)
    settings = {"chunk": flags.chunk, "rows": device_forward._STEP_ROWS, "cudnn": _has_cudnn()}
    return {"shape": shape, "quantisation": quantisation, "built_s": built, **settings, **found}


def _child(command: list[str], limit: float) -> dict[str, Any]:
    errors = ""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=limit)
        out, errors = done.stdout, done.stderr.decode(errors="replace")[-3000:] if done.returncode else ""
    except subprocess.TimeoutExpired as exc:
        out, errors = exc.stdout or b"", f"took longer than {limit:.0f} s"
    lines = [line for line in out.decode().splitlines() if line.startswith("{")]
    result: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return result | ({"error": errors} if errors else {})


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shapes", nargs="+", default=["1.5b", "7b"], choices=SHAPES)
    parser.add_argument("--quantisations", nargs="+", default=["fp16", "int8-fp16", "int4-fp16"])
    parser.add_argument("--contexts", nargs="+", type=int, default=_CONTEXTS)
    parser.add_argument("--repeat", type=int, default=4)
    parser.add_argument(
        "--chunk", type=int, default=engine_module._CHUNK_ON_DEVICE, help="prompt tokens per run"
    )
    parser.add_argument("--rows", nargs="+", type=int, help="rows of the recorded steps")
    parser.add_argument("--layout", choices=("auto", "new", "old"), default="auto", help="of the weights")
    parser.add_argument("--unrecorded", action="store_true", help="record no steps")
    parser.add_argument("--provider", default="cuda")
    parser.add_argument("--verify", nargs="*", default=[])
    parser.add_argument("--peer", help="an interpreter with torch and transformers")
    parser.add_argument("--limit", type=float, default=180.0, help="longest single model, seconds")
    parser.add_argument("--folder", type=Path, help="where the weights are made and kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "cuda.json")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    flags = parser.parse_args()
    if flags.one:
        print(json.dumps(_one(flags)))
        return
    result: dict[str, Any] = {"machine": describe_machine(), "ours": [], "peer": []}
    contexts = [str(context) for context in flags.contexts]
    for shape in flags.shapes:
        if flags.peer:
            worker = str(ROOT / "bench" / "workers" / "run_transformers_cuda.py")
            result["peer"].append(_child([flags.peer, worker, shape, *contexts], flags.limit))
            result["bandwidth"] = result["peer"][-1].get("bandwidth")
            _keep(flags.out, result)
        for quantisation in flags.quantisations:
            command = [sys.executable, *sys.orig_argv[1:], "--one", shape, quantisation]
            result["ours"].append(_child(command, flags.limit))
            _keep(flags.out, result)


def _keep(path: Path, result: dict[str, Any]) -> None:
    """Written after each model: what a later one does cannot lose it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1))
    print(json.dumps((result["ours"] or result["peer"])[-1]), flush=True)


if __name__ == "__main__":
    main()

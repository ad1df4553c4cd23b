"""The quantisations side by side, as the table of docs/models-build.md has them.

    python -m bench.quantisation [--model qwen2.5-coder-0.5b] [--only int8,mixed] [--fast] [--save]

Builds every quantisation from the model's kept source into a temporary folder and compares it with a float32
reference of the same weights, over the prompts and queries of `evals/` as the agent sends them and over the
package's self-test. Speeds are ratios to `int8` in interleaved runs of one process: medians of the wall with
all cores, and the CPU time of a single thread, which other load on the machine hardly touches.

`--fast` measures fewer tokens; `--save` keeps the figures in `bench/results/quantisation/`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import onnx_ir as ir

from bench.conversations import agent_conversations
from bench.graph_steps import StepTimes, time_steps
from qwen_magics.model.build import build, open_source
from qwen_magics.model.fidelity import Fidelity, compare_logits, graph_logits, join, self_test_text
from qwen_magics.model.library import home
from qwen_magics.model.reference import reference_logits
from qwen_magics.model.ties import outer_names
from qwen_magics.model.tokenizer import Tokenizer

_RESULTS = Path(__file__).parent / "results" / "quantisation"
_BASE = "int8"
_FOR_THE_PROCESSOR = ("int8", "int4", "mixed")  # float16 computes slowly there


@dataclass(frozen=True, slots=True)
class Built:
    """One build, made in a process of its own.

    Attributes:
        seconds, peak_mb: of the build without its self-test.
        data_mb: size of the weights on the disk.
        read_mb: weights that one decoded token reads.
    """

    seconds: float
    peak_mb: int
    data_mb: float
    read_mb: float


@dataclass(frozen=True, slots=True)
class Row:
    """All figures of one quantisation; speeds are against `int8`."""

    name: str
    built: Built
    agent: Fidelity
    self_test: Fidelity
    decode: float
    prefill: float
    decode_one_thread: float
    prefill_one_thread: float


def measure(model: str, names: Sequence[str], *, fast: bool) -> list[Row]:
    """Builds and compares; `int8` is always among them."""
    source = _source(model)
    with tempfile.TemporaryDirectory(prefix="quantisation-") as work:
        folders = {name: Path(work) / name for name in dict.fromkeys([_BASE, *names])}
        built = {name: _build_apart(source, folder, name) for name, folder in folders.items()}
        fidelity = _fidelities(source, folders, fast=fast)
        both = time_steps(folders, threads=os.cpu_count() or 1)
        one = time_steps(folders, threads=1, rounds=8)
    return [
        Row(name, built[name], *fidelity[name], *_ratios(both, name), *_ratios(one, name)) for name in folders
    ]


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown, as the docs have them; pairs are agent · self-test, all cores · one."""
    heads = "name, on disk, read per token, mean KL (nats), same first token, decode, prefill, build, peak"
    lines = ["| " + heads.replace(", ", " | ") + " |", "|" + " --- |" * (heads.count(",") + 1)]
    for row in rows:
        cells = [
            f"`{row.name}`",
            f"{row.built.data_mb:.0f} MB",
            f"{row.built.read_mb:.0f} MB",
            f"{row.agent.kl:.4f} · {row.self_test.kl:.4f}",
            f"{row.agent.top1:.1%} · {row.self_test.top1:.1%}",
            f"{row.decode:.2f} · {row.decode_one_thread:.2f}",
            f"{row.prefill:.2f} · {row.prefill_one_thread:.2f}",
            f"{row.built.seconds:.0f} s",
            f"{row.built.peak_mb:,} MB",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def results_file(model: str) -> Path:
    """Where `--save` keeps the figures of a model."""
    return _RESULTS / f"{model}.json"


def saved_rows(model: str) -> list[Row]:
    """The figures that `--save` kept."""
    saved = json.loads(results_file(model).read_text(encoding="utf-8"))
    return [_row(entry) for entry in saved["rows"]]


def _row(entry: dict[str, Any]) -> Row:
    parts = {
        "built": Built(**entry["built"]),
        "agent": Fidelity(**entry["agent"]),
        "self_test": Fidelity(**entry["self_test"]),
    }
    return Row(**{**entry, **parts})


def _source(model: str) -> Path:
    found = sorted((home() / "sources" / model).glob("*.gguf"))
    if not found:
        sys.exit(f"The source of {model} is not here: qwen-magics pull {model}")
    return found[0]


def _build_apart(source: Path, folder: Path, quantisation: str) -> Built:
    # Spawned: a forked child would start with this process' peak.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_build, source, folder, quantisation).result()


def _build(source: Path, folder: Path, quantisation: str) -> Built:
    started = perf_counter()
    build(source, folder, quantisation=quantisation, check=False)
    seconds = perf_counter() - started
    # Linux counts kilobytes, macOS bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
    data = (folder / "model.onnx.data").stat().st_size
    return Built(round(seconds, 1), peak, round(data / 1e6), round(_read_bytes(folder) / 1e6))


def _read_bytes(folder: Path) -> int:
    """Weights of all multiplications; what a lookup reads of its table is a few rows."""
    total = 0
    for node in ir.load(folder / "model.onnx").graph:
        if node.op_type in ("MatMulNBits", "FusedMatMul"):
            weights = [value.const_value for value in node.inputs if value is not None]
            total += sum(weight.nbytes for weight in weights if weight is not None)
    return total


def _fidelities(
    source: Path, folders: dict[str, Path], *, fast: bool
) -> dict[str, tuple[Fidelity, Fidelity]]:
    model = folders[_BASE]
    conversations = sorted(agent_conversations(model), key=len)[: 3 if fast else None]
    texts = [*conversations, Tokenizer.from_directory(model).encode(self_test_text())[:448]]
    measured: dict[str, list[Fidelity]] = {name: [] for name in folders}
    with open_source(source) as weights:
        head, embedding = outer_names(weights)
        for tokens in texts:
            reference = reference_logits(weights, tokens, head=head, embedding=embedding)
            for name, folder in folders.items():
                measured[name].append(compare_logits(reference, graph_logits(folder, tokens)))
            print(f"{len(tokens)} tokens compared", file=sys.stderr, flush=True)
    return {name: (join(parts[:-1]), parts[-1]) for name, parts in measured.items()}


def _ratios(times: dict[str, StepTimes], name: str) -> tuple[float, float]:
    base, this = times[_BASE], times[name]
    return (
        round(statistics.median(base.decode) / statistics.median(this.decode), 2),
        round(statistics.median(base.prefill) / statistics.median(this.prefill), 2),
    )


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen2.5-coder-0.5b")
    parser.add_argument("--only", default=",".join(_FOR_THE_PROCESSOR))
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--save", action="store_true")
    flags = parser.parse_args()
    rows = measure(flags.model, flags.only.split(","), fast=flags.fast)
    print(table(rows))
    if flags.save:
        _RESULTS.mkdir(exist_ok=True)
        content = {
            "model": flags.model,
            "tokens": rows[0].agent.tokens,
            "rows": [asdict(row) for row in rows],
        }
        results_file(flags.model).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

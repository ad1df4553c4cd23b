"""Where the time of a prompt goes, and how near each product is to what the processor can do.

    python -m bench.prompt_profile [--model qwen2.5-coder-1.5b] [--quantisation mixed] [--save]

A piece of 128 tokens behind 512 others. Every matrix product of the graph runs by itself over random codes,
and the whole run as the engine does it; what is left is attention and small operators. (A decoding step
cannot be taken apart in this way: there the time goes into reading the weights, and those of one product
alone may stay in a cache.) All of it is CPU time of one thread, the median of several runs. The peak is that
of the same library's int8 product without scales (MatMulInteger, 1,024 cubed).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np
import onnx_ir as ir

from bench.context import CHUNK, Runs
from bench.curves import directory, flags, keep, kept
from bench.machine import load_average
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.session import session_options

__all__ = ["Part", "measure", "saved", "table"]

_CONTEXT, _ROUNDS, _SIDE = 512, 7, 1024
_REST = "attention and the rest"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of product, all layers together.

    Attributes:
        kind: of matrix, or what is left of the run.
        giga_operations: multiplications and additions; 0 for what is left.
        ms: CPU time on one thread.
        peak: giga operations per second of the plain int8 product, the same in all parts.
    """

    kind: str
    giga_operations: float
    ms: float
    peak: float


@dataclass(frozen=True, slots=True)
class _Product:
    """A matrix [outputs, inputs] in blocks, and how many rows of `rows` it multiplies in a run."""

    kind: str
    outputs: int
    inputs: int
    bits: int
    block: int
    cut: bool  # behind the last attention, where only what gets logits is left


def measure(folder: Path) -> list[Part]:
    """Times the parts and the whole."""
    peak, spent, done = _int8_peak(), dict[str, float](), dict[str, float]()
    alone: dict[tuple[int, ...], float] = {}
    for product in _products(folder):
        rows = 2 if product.cut else CHUNK
        key = product.outputs, product.inputs, product.bits, product.block, rows
        if key not in alone:
            alone[key] = _seconds(_multiplication(product, rows))
        spent[product.kind] = spent.get(product.kind, 0.0) + alone[key]
        size = 2e-9 * product.outputs * product.inputs * rows
        done[product.kind] = done.get(product.kind, 0.0) + size
    parts = [Part(kind, done[kind], 1e3 * seconds, peak) for kind, seconds in spent.items()]
    rest = max(0.0, _whole(folder, CHUNK) - sum(spent.values()))
    return [*parts, Part(_REST, 0.0, 1e3 * rest, peak)]


def _products(folder: Path) -> Iterator[_Product]:
    nodes = list(ir.load(folder / "model.onnx").graph)
    last = f"layers.{sum(str(node.name).endswith('/qkv/MatMulNBits') for node in nodes) - 1}/"
    for node in nodes:
        if node.op_type == "MatMulNBits":
            *layer, kind, _ = str(node.name).split("/")
            sizes = (node.attributes[name].as_int() for name in ("N", "K", "bits", "block_size"))
            cut = not layer or (str(node.name).startswith(last) and kind != "qkv")
            yield _Product(kind, *sizes, cut=cut)


def _whole(folder: Path, rows: int) -> float:
    runs = Runs(folder, 1, _CONTEXT)
    return _seconds(lambda: runs.run(_CONTEXT, rows))


def _seconds(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(_ROUNDS):
        started = thread_time()
        run()
        times.append(thread_time() - started)
    return statistics.median(times)


def _multiplication(product: _Product, rows: int) -> Callable[[], object]:
    random, blocks = np.random.default_rng(0), product.inputs // product.block
    codes = random.integers(0, 255, (product.outputs, blocks, product.block * product.bits // 8), np.uint8)
    scales = np.full(product.outputs * blocks, 0.01, np.float32)
    attributes = {
        **{"N": product.outputs, "K": product.inputs, "bits": product.bits},
        **{"block_size": product.block, "accuracy_level": 4},
    }
    rows_in = random.normal(size=(1, rows, product.inputs)).astype(np.float32)
    return _one_node("MatMulNBits", rows_in, [codes, scales], attributes, "com.microsoft")


def _int8_peak() -> float:
    random = np.random.default_rng(0)
    left = random.integers(0, 255, (_SIDE, _SIDE), dtype=np.uint8)
    right = random.integers(-127, 127, (_SIDE, _SIDE), dtype=np.int8)
    return 2e-9 * _SIDE**3 / _seconds(_one_node("MatMulInteger", left, [right], {}, ""))


def _one_node(
    kind: str, fed: np.ndarray, constants: Sequence[np.ndarray], attributes: dict[str, int], domain: str
) -> Callable[[], object]:
    """Runs one operator over `fed`, its other inputs being weights."""
    asked = ir.Value(name="fed", shape=ir.Shape(fed.shape), type=ir.TensorType(ir.tensor(fed).dtype))
    weights = []
    for place, constant in enumerate(constants):
        tensor = ir.tensor(constant, name=f"weight{place}")
        made = ir.Value(name=tensor.name, shape=tensor.shape, type=ir.TensorType(tensor.dtype))
        made.const_value = tensor
        weights.append(made)
    dtype = ir.DataType.INT32 if kind == "MatMulInteger" else ir.DataType.FLOAT
    out = ir.Value(name="out", type=ir.TensorType(dtype))
    node = ir.node(kind, [asked, *weights], attributes, domain=domain, outputs=[out])
    opsets = {"": 21, "com.microsoft": 1}
    graph = ir.Graph([asked], [out], nodes=[node], initializers=weights, opset_imports=opsets, name=kind)
    content = ir.serde.serialize_model(ir.Model(graph, ir_version=10)).SerializeToString()
    session: Any = load_runtime().InferenceSession(
        content, session_options(1), providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, {"fed": fed})


def table(parts: Sequence[Part]) -> str:
    """In Markdown, as the docs have it."""
    lines = [
        "| part | share of time | ms, one thread | giga operations | per second | of the int8 peak |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    total = sum(part.ms for part in parts)
    for part in parts:
        cells = [part.kind, f"{part.ms / total:.0%}", f"{part.ms:,.1f}"]
        if part.giga_operations:
            rate = part.giga_operations / part.ms * 1e3
            cells += [f"{part.giga_operations:.1f}", f"{rate:,.0f}", f"{rate / part.peak:.0%}"]
        else:
            cells += ["–"] * 3
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def saved(model: str) -> list[Part]:
    """What `--save` kept."""
    return [Part(**part) for part in kept("prompt-profile", model, "parts")]


def main() -> None:
    """See the module's docstring."""
    asked, before = flags(__doc__), load_average()
    parts = measure(directory(asked))
    print(table(parts))
    print(f"The int8 peak of one thread: {parts[0].peak:,.0f} giga operations per second.")
    if asked.save:
        keep("prompt-profile", asked.model, "parts", parts, threads=1, before=before)


if __name__ == "__main__":
    main()

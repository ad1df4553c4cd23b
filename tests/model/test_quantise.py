"""Blocks: exact where they can be, close where they cannot, and in ONNX Runtime's own layout."""

from __future__ import annotations

import numpy as np
import onnx_ir as ir
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.model.formats import Format
from qwen_magics.model.quantise import BLOCK, Bits, dequantise, quantise_rows

shapes = st.tuples(st.integers(1, 6), st.integers(1, 100), st.integers(0, 2**32 - 1))


def rows(shape: tuple[int, int, int]) -> np.ndarray:
    count, width, seed = shape
    return np.random.default_rng(seed).standard_normal((count, width), dtype=np.float32)


@given(shapes)
def test_eight_bits_are_within_half_a_step(shape: tuple[int, int, int]) -> None:
    values = rows(shape)
    quantised = quantise_rows(values, 8)
    back = dequantise(quantised, 8, values.shape[1])
    step = np.repeat(quantised.scales, BLOCK, axis=1)[:, : values.shape[1]]
    assert np.all(np.abs(back - values) <= step * 0.5001)


@given(shapes)
def test_four_bits_are_within_a_step_of_the_peak(shape: tuple[int, int, int]) -> None:
    values = rows(shape)
    width = values.shape[1]
    back = dequantise(quantise_rows(values, 4), 4, width)
    for start in range(0, width, BLOCK):
        block = np.s_[:, start : start + BLOCK]
        peak = np.abs(values[block]).max(axis=1, keepdims=True)
        # An eighth of the peak is lost where a value nearly as large has the other sign; the fit adds a bit.
        assert np.all(np.abs(back[block] - values[block]) <= 0.16 * peak + 1e-6)


@pytest.mark.parametrize("bits", [4, 8])
def test_zeros_stay_zeros(bits: Bits) -> None:
    values = np.zeros((2, 40), np.float32)
    values[1, 3] = 5
    back = dequantise(quantise_rows(values, bits), bits, 40)
    assert not back[0].any()
    assert back[1, 3] == pytest.approx(5, rel=0.1)


@pytest.mark.parametrize("bits", [4, 8])
def test_grid_values_are_exact(bits: Bits) -> None:
    """What is on the grid of a scale already comes back as it was."""
    top = 1 << (bits - 1)
    codes = np.random.default_rng(1).integers(-top + 1, top, (4, 64))
    codes[:, ::32] = -top if bits == 4 else top - 1
    values = (codes * 0.25).astype(np.float32)
    assert np.allclose(dequantise(quantise_rows(values, bits), bits, 64), values, atol=1e-6)


@pytest.mark.parametrize(("width", "block"), [(4864, 256), (896, 128), (96, 32), (40, 32)])
def test_blocks_are_the_largest_that_need_no_padding(width: int, block: int) -> None:
    assert Format(8, 256).fitted(width) == Format(8, block)


@given(shapes, st.sampled_from([16, 64, 128]))
def test_larger_blocks_share_a_scale(shape: tuple[int, int, int], block: int) -> None:
    values = rows(shape)
    quantised = quantise_rows(values, 8, block)
    assert quantised.scales.shape == (shape[0], -(-shape[1] // block))
    step = np.repeat(quantised.scales, block, axis=1)[:, : shape[1]]
    assert np.all(np.abs(dequantise(quantised, 8, shape[1]) - values) <= step * 0.5001)


@pytest.mark.parametrize("block", [32, 128])
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("count", [1, 7])
def test_onnx_runtime_reads_the_layout(bits: Bits, count: int, block: int) -> None:
    rng = np.random.default_rng(2)
    weight, inputs = rng.standard_normal((2, 24, 64), dtype=np.float32)
    quantised = quantise_rows(weight, bits, block)
    x, codes, scales, y = (ir.Value(name=name) for name in ("x", "codes", "scales", "y"))
    x.type, x.shape = ir.TensorType(ir.DataType.FLOAT), ir.Shape(["n", 64])
    y.type, y.shape = ir.TensorType(ir.DataType.FLOAT), ir.Shape(["n", 24])
    codes.const_value = ir.tensor(quantised.codes, name="codes")
    scales.const_value = ir.tensor(quantised.scales.reshape(-1), name="scales")
    attributes = {"K": 64, "N": 24, "bits": bits, "block_size": block}
    node = ir.node("MatMulNBits", [x, codes, scales], attributes, domain="com.microsoft", outputs=[y])
    opsets = {"": 21, "com.microsoft": 1}
    graph = ir.Graph([x], [y], nodes=[node], initializers=[codes, scales], opset_imports=opsets, name="g")
    model = ir.to_proto(ir.Model(graph, ir_version=10)).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    expected = inputs[:count] @ dequantise(quantised, bits, 64).T
    assert np.abs(session.run(None, {"x": inputs[:count]})[0] - expected).max() < 1e-4

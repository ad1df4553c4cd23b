"""The shape of the graph that the engine and onnxruntime-genai rely on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import onnx_ir as ir
import pytest

from qwen_magics.model.formats import QUANTISATIONS, Format
from tests.model.graphs import open_graph, run
from tests.tiny import build_tiny
from tests.tiny_checkpoint import Family


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
def test_inputs_and_outputs(tmp_path: Path, family: Family) -> None:
    session = open_graph(build_tiny(tmp_path / "m", family=family, quantisation="int8"))
    head = 16 if family == "qwen2" else 32
    names = [f"past_key_values.{i}.{kind}" for i in range(2) for kind in ("key", "value")]
    inputs = {entry.name: (entry.shape, entry.type) for entry in session.get_inputs()}
    assert set(inputs) == {"input_ids", "attention_mask", *names}
    assert inputs["past_key_values.1.key"] == (["batch", 2, "past_sequence", head], "tensor(float)")
    outputs = [entry.name for entry in session.get_outputs()]
    assert outputs == ["logits", *(name.replace("past_key_values", "present") for name in names)]
    optional = [entry.name for entry in session.get_overridable_initializers()]
    assert optional == ["num_logits_to_keep", "max_grouped_tokens"]


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
@pytest.mark.parametrize("quantisation", ["fp16", "int8-fp16", "int4-fp16"])
def test_a_graph_for_cuda_holds_nothing_in_float32(tmp_path: Path, family: Family, quantisation: str) -> None:
    """CUDA's attention takes float16 only, and its operators take one type for all their inputs."""
    path = build_tiny(tmp_path / "m", family=family, quantisation=quantisation)
    session = open_graph(path)
    entries = [*session.get_inputs(), *session.get_outputs()]
    assert {entry.type for entry in entries} == {"tensor(int64)", "tensor(float16)"}
    initializers = ir.load(path / "model.onnx").graph.initializers.values()
    assert ir.DataType.FLOAT not in {value.dtype for value in initializers}


def test_what_a_gpu_needs_on_the_host_follows_from_a_shape(tmp_path: Path) -> None:
    """ONNX Runtime leaves on the CPU what follows a Shape, beside inputs of the graph and constants; anything
    else would be copied from the GPU, and a run with such a copy cannot be recorded.
    """
    graph = ir.load(build_tiny(tmp_path / "m", quantisation="int8-fp16") / "model.onnx").graph
    given = {*graph.inputs, *graph.initializers.values()}
    for node in graph:
        wanted = {"Slice": [1, 2, 3], "GroupQueryAttention": [6], "Reshape": [1]}.get(node.op_type, [])
        for value in (node.inputs[place] for place in wanted):
            assert value in given or _follows_a_shape(value, given)


def _follows_a_shape(value: ir.Value, given: set[ir.Value]) -> bool:
    source = value.producer()
    assert source is not None
    if source.op_type == "Shape":
        return True
    computed = [entry for entry in source.inputs if entry not in given]
    return bool(computed) and all(_follows_a_shape(entry, given) for entry in computed)


@pytest.mark.parametrize(
    ("family", "extra"), [("qwen2", {"Add": 2 + 1}), ("qwen3", {"Add": 1, "Split": 2, "Reshape": 8})]
)
def test_operators(tmp_path: Path, family: Family, extra: dict[str, int]) -> None:
    """Two layers: a handful of fused nodes each, which is what makes a step quick."""
    model = ir.load(build_tiny(tmp_path / "m", family=family, quantisation="int8") / "model.onnx")
    counts = Counter(node.op_type for node in model.graph)
    expected = {
        "GatherBlockQuantized": 1,
        "If": 1 + 2,  # in each layer GroupQueryAttention, with heads grouped or not
        "MatMulNBits": 2 * 5 + 1,
        "SkipSimplifiedLayerNormalization": 4,
        "QuickGelu": 2,
        **extra,
    }
    assert {kind: counts[kind] for kind in expected} == expected
    levels = {
        node.attributes["accuracy_level"].as_int() for node in model.graph if node.op_type == "MatMulNBits"
    }
    assert levels == {4}


def test_a_tied_matrix_is_stored_once(tmp_path: Path) -> None:
    """Embedding and output read the same bytes under two shapes."""
    model = ir.load(build_tiny(tmp_path / "m", quantisation="int8") / "model.onnx")
    tensors = {name: value.const_value for name, value in model.graph.initializers.items()}
    one, other = tensors["model.embed_tokens.codes"], tensors["lm_head.codes"]
    assert isinstance(one, ir.ExternalTensor) and isinstance(other, ir.ExternalTensor)
    assert (one.offset, one.length) == (other.offset, other.length)
    assert (one.shape.numpy(), other.shape.numpy()) == ((384, 64), (384, 2, 32))


def test_the_best_logits_are_computed_from_the_better_matrix(tmp_path: Path) -> None:
    """All logits come from the 4-bit copy, but the 128 largest are those of float32."""
    exact = open_graph(build_tiny(tmp_path / "fp32"))
    formats = replace(QUANTISATIONS["fp32"], shortlist=Format(4, 128))
    with patch.dict(QUANTISATIONS, {"short": formats}):
        short = open_graph(build_tiny(tmp_path / "short", quantisation="short"))
    for keep in (0, 1):
        expected, got = (run(session, [[9, 8, 7], [3, 2, 1]], keep=keep)[0] for session in (exact, short))
        assert got.shape == expected.shape
        right = np.abs(got - expected) < 1e-4
        assert np.all(right.sum(axis=-1) >= 128)
        assert right.mean() < 0.5
        assert np.array_equal(got.argmax(axis=-1), expected.argmax(axis=-1))


@pytest.mark.parametrize("tied", [True, False])
def test_candidates_are_read_from_the_embedding_of_a_tied_model(tmp_path: Path, tied: bool) -> None:
    path = build_tiny(tmp_path / "m", quantisation="mixed", tie_word_embeddings=tied)
    nodes = list(ir.load(path / "model.onnx").graph)
    lookups = [node for node in nodes if node.op_type == "GatherBlockQuantized"]
    assert len(lookups) == 2
    assert (lookups[0].inputs[0] is lookups[1].inputs[0]) is tied
    blocks = {n.attributes["block_size"].as_int() for n in nodes if n.op_type == "MatMulNBits"}
    assert blocks == {32, 64}  # the largest that divide the widths of 96 and 64


def test_a_longer_mask_row_makes_no_difference_to_the_others(tmp_path: Path) -> None:
    session = open_graph(build_tiny(tmp_path / "m"))
    alone, _ = run(session, [[4, 5, 6]])
    both, _ = run(session, [[4, 5, 6], [7, 7, 7]])
    assert np.allclose(alone[0], both[0], atol=1e-5)

"""Reading GGUF: every tensor type, both families, lossless blocks, split files, damage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, RopeScalingType
from gguf.quants import dequantize, quantize
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from qwen_magics.model.build import build
from qwen_magics.model.formats import Format
from qwen_magics.model.gguf_source import GgufSource
from qwen_magics.model.ties import is_tied
from tests.model.graphs import open_graph, run
from tests.tiny import build_tiny, write_gguf
from tests.tiny_checkpoint import Family, tiny_config, tiny_weights

Type = GGMLQuantizationType


@pytest.mark.parametrize("family", ["qwen2", "qwen3"])
def test_same_logits_as_from_safetensors(tmp_path: Path, family: Family) -> None:
    config = tiny_config(family)
    build_tiny(tmp_path / "folder", family=family)
    source = write_gguf(tmp_path / "tiny.gguf", config, tiny_weights(config))
    build(source, tmp_path / "file", quantisation="fp32", check=False)
    one, other = (run(open_graph(tmp_path / name), [[5, 6, 7]])[0] for name in ("folder", "file"))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("kind", [Type.F16, Type.BF16, Type.Q8_0, Type.Q5_0, Type.Q4_0, Type.Q5_1, Type.Q4_1])
def test_rows_are_what_the_gguf_package_reads(tmp_path: Path, kind: Type) -> None:
    values = np.random.default_rng(0).standard_normal((12, 64), dtype=np.float32)
    check_rows(tmp_path, quantize(values, kind), kind, 64)


@pytest.mark.parametrize("kind", [Type.Q2_K, Type.Q3_K, Type.Q4_K, Type.Q5_K, Type.Q6_K, Type.IQ4_NL])
def test_rows_of_k_quants(tmp_path: Path, kind: Type) -> None:
    """The package cannot write these, so the bytes are random; scales that are no numbers are left out."""
    from gguf import GGML_QUANT_SIZES

    block, size = GGML_QUANT_SIZES[kind]
    raw = np.random.default_rng(1).integers(0, 64, (12, 256 // block * size), dtype=np.uint8)
    check_rows(tmp_path, raw, kind, 256)


def check_rows(tmp_path: Path, raw: np.ndarray, kind: Type, width: int) -> None:
    config = tiny_config()
    weights: dict[str, Any] = tiny_weights(config) | {"model.layers.0.mlp.up_proj.weight": raw}
    path = write_gguf(tmp_path / "t.gguf", config, weights, types={"model.layers.0.mlp.up_proj.weight": kind})
    with GgufSource(path) as source:
        name = "model.layers.0.mlp.up_proj.weight"
        assert source.shape(name) == (12, width)
        expected = dequantize(raw, kind)
        assert np.array_equal(source.rows(name, 0, 12), expected)
        assert np.array_equal(source.rows(name, 3, 5), expected[3:5])
        blocks = source.int8_blocks(name, 0, 12)
        assert (blocks is not None) == (kind in (Type.Q8_0, Type.Q5_0, Type.Q4_0))
        if blocks is not None:  # exactly, not nearly
            assert np.array_equal(blocks.values(), expected)


@pytest.mark.parametrize(
    ("kind", "format_"), [(Type.Q8_0, Format(8)), (Type.Q5_0, Format(8)), (Type.Q4_0, Format(4))]
)
def test_symmetric_blocks_are_kept_as_they_are(tmp_path: Path, kind: Type, format_: Format) -> None:
    """The built codes stand for exactly the values of the file, so only activations are rounded."""
    from qwen_magics.model.external_data import ExternalData
    from qwen_magics.model.matrices import MatrixWriter
    from qwen_magics.model.quantise import QuantisedRows, dequantise

    config = tiny_config()
    name = "model.embed_tokens.weight"
    weights: dict[str, Any] = tiny_weights(config)
    weights[name] = quantize(weights[name], kind)
    path = write_gguf(tmp_path / "t.gguf", config, weights, types={name: kind})
    with GgufSource(path) as source, ExternalData(tmp_path) as data:
        stored = MatrixWriter(source, data, lambda name, size: None).store([name], format_)
        expected = source.rows(name, 0, 384)
    assert stored.scales is not None
    content = (tmp_path / "model.onnx.data").read_bytes()
    bits = format_.bits
    codes = np.frombuffer(content, np.uint8, stored.codes.length, stored.codes.offset).reshape(
        384, 2, 4 * bits
    )
    scales = np.frombuffer(content, np.float32, 768, stored.scales.offset).reshape(384, 2)
    assert np.array_equal(dequantise(QuantisedRows(codes, scales), bits, 64), expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("tied", [True, False])
def test_ties_are_told_from_the_weights(tmp_path: Path, tied: bool) -> None:
    """Files of tied models hold a second copy of the matrix in another precision, and nothing says so."""
    config = tiny_config(tie_word_embeddings=False)
    weights: dict[str, Any] = tiny_weights(config)
    if tied:
        copy = quantize(weights["model.embed_tokens.weight"], Type.Q8_0)
        weights["lm_head.weight"] = copy
    types = {"lm_head.weight": Type.Q8_0} if tied else {}
    with GgufSource(write_gguf(tmp_path / "t.gguf", config, weights, types=types)) as source:
        assert is_tied(source) is tied


def test_split_file(tmp_path: Path) -> None:
    config = tiny_config()
    weights = tiny_weights(config)
    whole = write_gguf(tmp_path / "whole.gguf", config, weights)
    names = sorted(weights)
    for i, part in enumerate((names[:9], names[9:]), 1):
        piece = {name: weights[name] for name in part}
        write_gguf(tmp_path / f"m-{i:05}-of-00002.gguf", config, piece, bare=i > 1)
    with GgufSource(whole) as one, GgufSource(tmp_path / "m-00001-of-00002.gguf") as split:
        assert split.architecture == one.architecture
        for name in names:
            assert name in split
            assert np.array_equal(one.vector(name), split.vector(name))
    (tmp_path / "m-00002-of-00002.gguf").unlink()
    with pytest.raises(DamagedModelError, match="m-00002-of-00002"):
        GgufSource(tmp_path / "m-00001-of-00002.gguf")


def test_reader_of_the_package_agrees_on_the_metadata(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "t.gguf", tiny_config("qwen3"), tiny_weights(tiny_config("qwen3")))
    reader = GGUFReader(path)
    with GgufSource(path) as source:
        for key, field in reader.fields.items():
            if not key.startswith("GGUF."):
                assert source.metadata[key] == field.contents(), key
        assert source.architecture.head_dim == 32
        assert source.architecture.rms_epsilon == pytest.approx(1e-6)


def test_scaled_rope_is_refused(tmp_path: Path) -> None:
    config = tiny_config()
    weights = tiny_weights(config)
    path = write_gguf(
        tmp_path / "t.gguf", config, weights, change=lambda w: w.add_rope_scaling_type(RopeScalingType.YARN)
    )
    with GgufSource(path) as source, pytest.raises(UnsupportedModelError, match="yarn"):
        _ = source.architecture


def test_other_architecture_is_named(tmp_path: Path) -> None:
    writer = GGUFWriter(tmp_path / "t.gguf", "llama")
    writer.add_tensor("token_embd.weight", np.zeros((4, 32), np.float32))
    _finish(writer)
    with GgufSource(tmp_path / "t.gguf") as source, pytest.raises(UnsupportedModelError, match="'llama'"):
        _ = source.architecture


def test_unknown_tensor_type_is_named(tmp_path: Path) -> None:
    config = tiny_config()
    path = write_gguf(tmp_path / "t.gguf", config, tiny_weights(config))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"token_embd.weight") + len(b"token_embd.weight") + 4 + 2 * 8
    raw[at : at + 4] = (999).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(UnsupportedModelError, match="999"):
        GgufSource(path)


@given(st.data())
@settings(max_examples=60)
def test_any_truncation_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = _whole(tmp_path_factory)
    size = data.draw(st.integers(0, len(whole) - 1))
    path = tmp_path_factory.getbasetemp() / "cut.gguf"
    path.write_bytes(whole[:size])
    with pytest.raises(DamagedModelError, match=r"cut\.gguf"):
        GgufSource(path)


@given(st.data())
@settings(max_examples=100)
def test_damaged_headers_raise_only_our_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = bytearray(_whole(tmp_path_factory))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, 9000))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "bad.gguf"
    path.write_bytes(raw)
    try:
        with GgufSource(path) as source:
            _ = source.architecture, source.tokenizer_files()
    except (DamagedModelError, UnsupportedModelError) as exc:
        assert len(str(exc)) < 400


_WHOLE: list[bytes] = []


def _whole(factory: pytest.TempPathFactory) -> bytes:
    if not _WHOLE:
        config = tiny_config()
        path = write_gguf(factory.mktemp("whole") / "t.gguf", config, tiny_weights(config))
        _WHOLE.append(path.read_bytes())
    return _WHOLE[0]


def _finish(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def test_missing_tensor_is_named(tmp_path: Path) -> None:
    config = tiny_config()
    weights = tiny_weights(config)
    del weights["model.layers.1.mlp.down_proj.weight"]
    path = write_gguf(tmp_path / "t.gguf", config, weights)
    with pytest.raises(DamagedModelError, match=r"blk\.1\.ffn_down\.weight"):
        build(path, tmp_path / "model", quantisation="fp32", check=False)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["t.gguf"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a model", b"GGUF"])
def test_not_a_gguf(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.gguf").write_bytes(content)
    with pytest.raises(DamagedModelError, match=r"x\.gguf"):
        GgufSource(tmp_path / "x.gguf")

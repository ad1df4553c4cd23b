"""A checkpoint to a model directory, in one step that either happens or leaves nothing behind."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx_ir as ir

from qwen_magics.errors import ConfigError, DamagedModelError, DiskSpaceError, ModelError
from qwen_magics.model.directory import CARD, GRAPH, SCHEMA, genai_config, sha256_of, write_json
from qwen_magics.model.disk import free_bytes, is_full, readable
from qwen_magics.model.external_data import ExternalData
from qwen_magics.model.fidelity import measure_fidelity
from qwen_magics.model.formats import DEFAULT_QUANTISATION, QUANTISATIONS, planned_bytes
from qwen_magics.model.gguf_source import GgufSource
from qwen_magics.model.graph import build_graph
from qwen_magics.model.matrices import MatrixWriter
from qwen_magics.model.progress import Progress, ProgressEvent
from qwen_magics.model.safetensors_source import SafetensorsSource
from qwen_magics.model.ties import is_tied
from qwen_magics.model.tokenizer import Tokenizer

if TYPE_CHECKING:
    from qwen_magics.model.weights import WeightSource

__all__ = ["BUILDER_VERSION", "build", "open_source"]

# Changes whenever the same weights would give another graph.
BUILDER_VERSION = 5
# The graph itself, rotary tables, tokenizer and padding, generously.
_BESIDE_MATRICES = 64_000_000


def build(
    source: Path | WeightSource,
    target: Path,
    *,
    quantisation: str = DEFAULT_QUANTISATION,
    progress: Progress | None = None,
    source_info: Mapping[str, Any] | None = None,
    name: str | None = None,
    check: bool = True,
) -> Path:
    """Builds a model directory.

    Args:
        source: a GGUF file, or a folder with config.json, safetensors and tokenizer.json; or weights from
            elsewhere, which are closed.
        target: the directory to make; it must not exist. It appears complete or not at all.
        quantisation: one of `QUANTISATIONS`.
        progress: told about phases `build` (weights) and `check` (tokens of the self-test).
        source_info: the card's `source`; by default made from the file itself, digest included.
        name: the card's `name`; by default the target's.
        check: whether to measure the fidelity and store it in the card.

    Returns:
        `target`.

    Raises:
        ConfigError: an unknown quantisation, or a target that exists.
        DiskSpaceError: not enough room; nothing was left behind.
        DamagedModelError, UnsupportedModelError: the source cannot be used.
    """
    if quantisation not in QUANTISATIONS:
        msg = f"unknown quantisation {quantisation!r}: use one of {', '.join(QUANTISATIONS)}."
        raise ConfigError(msg)
    if target.exists():
        msg = f"{target} exists already; delete it or choose another target."
        raise ConfigError(msg)
    report = progress or (lambda event: None)
    opened = open_source(source) if isinstance(source, Path) else closing(source)
    with opened as weights, _directory_in_the_making(target) as folder:
        _write_graph(weights, folder, quantisation, report)
        _write_texts(weights, folder)
        card = {
            "schema": SCHEMA,
            "name": name or target.name,
            "source": dict(source_info) if source_info is not None else _describe(weights.path),
            "quantisation": _describe_quantisation(quantisation),
            "builder_version": BUILDER_VERSION,
            "self_test": measure_fidelity(weights, folder, progress=report).to_dict() if check else None,
            "files": {file.name: _describe_file(file) for file in sorted(folder.iterdir())},
        }
        write_json(folder / CARD, card)
    return target


def open_source(path: Path) -> GgufSource | SafetensorsSource:
    """Opens a GGUF file or a safetensors folder."""
    return SafetensorsSource(path) if path.is_dir() else GgufSource(path)


@contextmanager
def _directory_in_the_making(target: Path) -> Iterator[Path]:
    """A temporary folder beside the target that becomes it; on any failure, a stop included, it goes."""
    folder: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        yield folder
        folder.chmod(0o755)
        folder.rename(target)
    except OSError as exc:
        if is_full(exc):
            msg = f"the disk of {target.parent} is full; free some space and run the same command again."
            raise DiskSpaceError(msg) from exc
        msg = f"{target} could not be written ({exc.strerror}); choose a folder that you may write to."
        raise ModelError(msg) from exc
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _write_graph(weights: WeightSource, folder: Path, quantisation: str, report: Progress) -> None:
    _require_shapes(weights)
    tied, formats = is_tied(weights), QUANTISATIONS[quantisation]
    total, done = planned_bytes(weights.architecture, formats, tied=tied), 0
    _require_space(folder, total + _BESIDE_MATRICES)

    def tick(name: str, size: int) -> None:
        nonlocal done
        done += size
        report(ProgressEvent("build", done, total, name))

    report(ProgressEvent("build", 0, total, "reading the weights"))
    with ExternalData(folder) as data:
        writer = MatrixWriter(weights, data, tick, formats.floats)
        graph = build_graph(weights.architecture, writer, formats, tied=tied)
    ir.save(graph, folder / GRAPH)


def _require_shapes(weights: WeightSource) -> None:
    """Compares all tensors with the metadata first: a misfit would only show when the graph runs."""
    expected = weights.architecture.tensor_shapes()
    if "lm_head.weight" in weights:
        expected["lm_head.weight"] = expected["model.embed_tokens.weight"]
    for name, shape in expected.items():
        if weights.shape(name) != shape:
            msg = f"tensor {name!r} has shape {weights.shape(name)} instead of {shape}; get the model again."
            raise DamagedModelError(msg)


def _require_space(folder: Path, needed: int) -> None:
    free = free_bytes(folder)
    if free < needed:
        msg = f"a build in {folder.parent} needs {readable(needed)}, {readable(free)} are free; make room."
        raise DiskSpaceError(msg)


def _write_texts(weights: WeightSource, folder: Path) -> None:
    files = weights.tokenizer_files()
    (folder / "tokenizer.json").write_text(files.tokenizer, encoding="utf-8")
    write_json(folder / "tokenizer_config.json", {**files.config, "chat_template": files.chat_template})
    (folder / "chat_template.jinja").write_text(files.chat_template, encoding="utf-8")
    tokenizer = Tokenizer(files.tokenizer)
    end, pad = tokenizer.token_id("<|im_end|>"), tokenizer.token_id("<|endoftext|>")
    write_json(folder / "genai_config.json", genai_config(weights.architecture, eos=[end, pad], pad=pad))


def _describe_file(file: Path) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "sha256": sha256_of(file)}


def _describe(source: Path) -> dict[str, Any]:
    files = sorted(source.glob("*.safetensors")) if source.is_dir() else [source]
    return {
        "kind": "safetensors" if source.is_dir() else "gguf",
        "repo": None,
        "file": source.name,
        "sha256": sha256_of(files[0]) if len(files) == 1 else None,
        "bytes": sum(file.stat().st_size for file in files),
    }


def _describe_quantisation(name: str) -> dict[str, Any]:
    formats = QUANTISATIONS[name]
    plain = formats.mlp_in.plain
    return {
        "weights": name,
        "block_size": None if plain else formats.mlp_in.block,
        "lm_head": formats.head.name,
        "accuracy_level": None if plain else 4,
    }

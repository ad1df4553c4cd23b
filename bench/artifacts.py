"""Model files of one model, all made from the same GGUF and kept under `build/bench/` (git-ignored).

gguf                      the file itself
int8, mixed, …            our model directories, one per quantisation
int8-last, …              the same for onnxruntime-genai, with the last token's logits only
safetensors, optimum      what other tools make of it (bench/workers/export_peers.py)
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import onnx_ir

import qwen_magics.model
from bench.environments import ROOT, WORKERS
from bench.last_logits import keep_last_logits
from qwen_magics.model.build import build
from qwen_magics.model.formats import QUANTISATIONS
from qwen_magics.model.store import Store

__all__ = ["EXPORTED", "LAST", "Artifacts", "file_bytes", "kv_value_bytes"]

EXPORTED = ("safetensors", "optimum")
LAST = "-last"


class Artifacts:
    """Finds or makes them.

    Args:
        model: a name of the catalogue; it is pulled if it is not there.

    Attributes:
        gguf: the source of everything.
        folder: where the rest is kept.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self.gguf = _find_gguf(model)
        self.folder = ROOT / "build" / "bench" / model

    def path(self, artifact: str) -> Path:
        """The file or folder; made first if it is missing."""
        if artifact == "gguf":
            return self.gguf
        if artifact in QUANTISATIONS:
            return self._built(artifact)
        if artifact.removesuffix(LAST) in QUANTISATIONS:
            return self._last(artifact.removesuffix(LAST))
        msg = f"unknown quantisation {artifact!r}: choose from {', '.join(QUANTISATIONS)}"
        raise SystemExit(msg)

    def exported(self, artifact: str, python: str) -> Path:
        """The folder that `python` (an environment with optimum) makes of the GGUF, once."""
        target = self.folder / artifact
        if not target.exists():
            print(f"Exporting {self.model} to {artifact} (a minute or two)", file=sys.stderr)
            making = target.with_name(f".{artifact}")
            shutil.rmtree(making, ignore_errors=True)
            making.parent.mkdir(parents=True, exist_ok=True)
            script = str(WORKERS / "export_peers.py")
            subprocess.run([python, script, artifact, str(self.gguf), str(making)], check=True)
            # One tokenizer for all: theirs would be made from the GGUF without its control tokens.
            shutil.copy(self._built("int8") / "tokenizer.json", making)
            making.rename(target)
        return target

    def kv_bytes_per_token(self, value_bytes: int) -> int:
        """Keys and values of one token at `value_bytes` per number."""
        decoder = json.loads((self._built("int8") / "genai_config.json").read_text())["model"]["decoder"]
        numbers = 2 * decoder["num_hidden_layers"] * decoder["num_key_value_heads"] * decoder["head_size"]
        return int(numbers * value_bytes)

    def _built(self, quantisation: str) -> Path:
        # Whoever works on the builder wants it measured, not what an earlier one left here.
        target = self.folder / f"{quantisation}-{_builder_digest()}"
        if not target.exists():
            for old in self.folder.glob(f"{quantisation}-*"):
                shutil.rmtree(old)
            print(f"Building {self.model} in {quantisation}", file=sys.stderr)
            build(self.gguf, target, quantisation=quantisation, name=self.model, check=False)
        return target

    def _last(self, quantisation: str) -> Path:
        source = self._built(quantisation)
        target = source.with_name(f"last-{source.name}")
        if not target.exists():
            for old in self.folder.glob(f"last-{quantisation}-*"):
                shutil.rmtree(old)
            keep_last_logits(source, target)
        return target


def kv_value_bytes(directory: Path) -> int:
    """Bytes per number of the cache that a graph asks for."""
    graph = onnx_ir.load(directory / "model.onnx").graph
    past = next(value for value in graph.inputs if value.name == "past_key_values.0.key")
    assert past.dtype is not None
    return int(past.dtype.itemsize)


def file_bytes(path: Path) -> int:
    """Bytes on the disk, weights and what goes with them."""
    return path.stat().st_size if path.is_file() else sum(file_bytes(child) for child in path.iterdir())


def _find_gguf(model: str) -> Path:
    store = Store()
    folder = store.root / "sources" / model
    if not list(folder.glob("*.gguf")):
        store.pull(model)
    found = min(folder.glob("*.gguf"), default=None)
    if found is None:
        msg = (
            f"{model} was not built from a GGUF that is kept, which every peer needs: choose a smaller model."
        )
        raise SystemExit(msg)
    return found


def _builder_digest() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(qwen_magics.model.__path__[0]).glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]

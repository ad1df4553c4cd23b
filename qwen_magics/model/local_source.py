"""A model file that is on this machine already: what it is, by its bytes, and what to call it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwen_magics.errors import UnknownModelError
from qwen_magics.model.catalogue import entries
from qwen_magics.model.partial import sha256_of
from qwen_magics.model.progress import Reporter

__all__ = ["LocalSource", "is_source", "read_local_source", "require_source"]

_PIECE = re.compile(r"-(\d{5})-of-(\d{5})$")


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A GGUF file (the first piece of a split one) or a safetensors folder.

    Attributes:
        sha256: of the file; of the list of digests where there are several files.
        name: the catalogue's name if it is that model's file, else made from the file's name.
    """

    path: Path
    sha256: str
    bytes: int
    name: str

    def info(self) -> dict[str, Any]:
        """The `source` of a model directory's card."""
        kind = "safetensors" if self.path.is_dir() else "gguf"
        return {
            "kind": kind,
            "repo": None,
            "file": self.path.name,
            "sha256": self.sha256,
            "bytes": self.bytes,
        }


def is_source(path: Path) -> bool:
    """Whether a model can be built from `path`."""
    if path.is_dir():
        return (path / "config.json").is_file() and any(path.glob("*.safetensors"))
    return path.is_file() and path.suffix.lower() == ".gguf"


def require_source(path: Path) -> Path:
    """`path` made absolute.

    Raises:
        UnknownModelError: it is no GGUF file and no safetensors folder.
    """
    path = path.expanduser().absolute()
    if not is_source(path):
        what = "does not exist" if not path.exists() else "is no model"
        msg = (
            f"{path} {what}. Name a .gguf file, a folder with config.json and *.safetensors, or a model "
            "directory (one that has genai_config.json, or config.json and an ONNX graph)."
        )
        raise UnknownModelError(msg)
    return path


def read_local_source(path: Path, digests: Path, reporter: Reporter) -> LocalSource:
    """Identify `path`; digests are kept in the file `digests` until the model's file changes.

    Raises:
        UnknownModelError: it is no GGUF file and no safetensors folder.
    """
    path = require_source(path)
    files = _files(path)
    known = _Digests(digests, reporter)
    found = [known.of(file) for file in files]
    known.save()
    sha256 = found[0] if len(found) == 1 else hashlib.sha256("\n".join(found).encode()).hexdigest()
    return LocalSource(path, sha256, sum(file.stat().st_size for file in files), _name(path, sha256))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        names = ("*.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")
        return sorted(file for name in names for file in path.glob(name))
    piece = _PIECE.search(path.stem)
    if piece is None:
        return [path]
    return sorted(path.parent.glob(f"{path.stem[: piece.start()]}-?????-of-{piece[2]}.gguf"))


def _name(path: Path, sha256: str) -> str:
    for model in entries():
        same_name = any(source.filename.lower() == path.name.lower() for source in model.sources)
        if model.sha256 == sha256 or (model.sha256 is None and same_name):
            return model.name
    stem = path.name if path.is_dir() else _PIECE.sub("", path.stem)
    return re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._") or "model"


class _Digests:
    """SHA-256 by path, size and time of change: reading gigabytes takes longer than loading the model."""

    def __init__(self, file: Path, reporter: Reporter) -> None:
        self._file, self._reporter = file, reporter
        try:
            known = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        self._known: dict[str, Any] = known if isinstance(known, dict) else {}

    def of(self, path: Path) -> str:
        state = path.stat()
        key = [state.st_size, state.st_mtime_ns]
        entry = self._known.get(str(path))
        if not (isinstance(entry, list) and entry[:2] == key and len(entry) == 3):
            entry = [*key, sha256_of(path, self._reporter)]
            self._known[str(path)] = entry
        return str(entry[2])

    def save(self) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._file.with_suffix(".new")
            temporary.write_text(json.dumps(self._known, indent=0), encoding="utf-8")
            temporary.replace(self._file)
        except OSError:
            return  # a home that cannot be written to: they are read again next time

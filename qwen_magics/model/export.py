"""A checkpoint to an ONNX model directory by optimum, for architectures that `build` does not know.

optimum runs in a process of its own: torch stays out of this one, and a stop ends it at once. It is told to
stay off the network and never runs code that lies in the checkpoint.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qwen_magics.errors import (
    ConfigError,
    DiskSpaceError,
    ModelError,
    UnknownModelError,
    UnsupportedModelError,
)
from qwen_magics.model.directory import CARD, SCHEMA, sha256_of, write_json
from qwen_magics.model.disk import folder_bytes, free_bytes, readable
from qwen_magics.model.progress import Progress, ProgressEvent

__all__ = ["export"]

_PACKAGES = ("optimum-onnx", "optimum", "transformers", "torch")
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}
_INTERVAL_S = 0.5


def export(source: Path, target: Path | None = None, *, progress: Progress | None = None) -> Path:
    """Exports a checkpoint in float32, with past, beside itself or to `target`.

    Args:
        source: a folder with config.json, safetensors and tokenizer.json.
        target: the directory to make; it must not exist. It appears complete or not at all.
        progress: told in phase `build` about the bytes written so far.

    Raises:
        UnknownModelError: the source is no checkpoint.
        ConfigError: the target exists, or the `export` extra is not installed.
        UnsupportedModelError: optimum cannot export it; its reason is in the message.
        DiskSpaceError, ModelError: the target cannot be written.
    """
    source = _checkpoint(source)
    target = source.with_name(f"{source.name}-onnx") if target is None else target.expanduser().absolute()
    if target.exists():
        msg = f"{target} exists already; delete it or choose another target."
        raise ConfigError(msg)
    versions = _versions()
    weights = sum(file.stat().st_size for file in source.glob("*.safetensors"))
    _require_space(target, weights, source.name)
    report = progress or (lambda event: None)
    report(
        ProgressEvent("build", 0, None, f"Exporting {source} ({readable(weights)}) with {_tools(versions)}")
    )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            made = Path(folder) / "model"
            _run_optimum(source, made, report)
            write_json(made / CARD, _card(source, target.name, weights, made, versions))
            for file in made.iterdir():
                file.chmod(0o644)  # optimum leaves the weights readable to their owner only
            made.rename(target)
    except OSError as exc:
        msg = f"{target} could not be written ({exc.strerror}); choose a folder that you may write to."
        raise ModelError(msg) from exc
    return target


def _checkpoint(source: Path) -> Path:
    source = source.expanduser().absolute()
    if not (source / "config.json").is_file() or not any(source.glob("*.safetensors")):
        what = "is no checkpoint" if source.exists() else "does not exist"
        msg = f"{source} {what}. Name a folder with config.json, *.safetensors and tokenizer.json."
        raise UnknownModelError(msg)
    return source


def _versions() -> dict[str, str]:
    try:
        return {package: version(package) for package in _PACKAGES}
    except PackageNotFoundError as exc:
        msg = (
            f"Exporting needs {exc.name}, which is not installed here: `pip install 'qwen-magics[export]'` "
            "(gigabytes, with torch), best in an environment of its own; the result runs without it. A dense "
            "Qwen needs none of it: `qwen-magics build PATH`."
        )
        raise ConfigError(msg) from exc


def _require_space(target: Path, weights: int, name: str) -> None:
    # Two bytes a weight become four, and optimum holds two copies for a while.
    needed, free = 4 * weights, free_bytes(target)
    if needed > free:
        msg = (
            f"Exporting {name} to {target} needs {readable(needed)}, {readable(free)} are free: make room, "
            "or name a TARGET on a larger disk."
        )
        raise DiskSpaceError(msg)


def _tools(versions: dict[str, str]) -> str:
    return ", ".join(
        f"{package} {versions[package]}" for package in ("optimum-onnx", "transformers", "torch")
    )


def _run_optimum(source: Path, target: Path, report: Callable[[ProgressEvent], None]) -> None:
    options = ("--task", "text-generation-with-past", "--library", "transformers")
    command = [sys.executable, "-m", "optimum.exporters.onnx", "--model", str(source), *options, str(target)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | _OFFLINE
        )
        try:
            _watch(process, target, report)
        finally:
            # A stop, or a progress bar that failed: never leave it running behind.
            if process.poll() is None:
                process.kill()
            process.wait()
        if process.returncode != 0 or not (target / "model.onnx").is_file():
            log.seek(0)
            raise _refusal(source, log.read().splitlines())


def _watch(process: subprocess.Popen[bytes], target: Path, report: Callable[[ProgressEvent], None]) -> None:
    while True:
        try:
            process.wait(_INTERVAL_S)
        except subprocess.TimeoutExpired:
            written = folder_bytes(target) if target.is_dir() else 0
            if written:
                report(ProgressEvent("build", written, None, "optimum traces, writes and checks the graph"))
        else:
            return


def _refusal(source: Path, lines: list[str]) -> UnsupportedModelError:
    said = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
    return UnsupportedModelError(
        f"optimum could not export {source}; it says: {said.rstrip('.')}. Take a checkpoint of an "
        "architecture that optimum-onnx exports for text generation, or a ready ONNX model."
    )


def _card(source: Path, name: str, weights: int, folder: Path, versions: dict[str, str]) -> dict[str, Any]:
    files = sorted(source.glob("*.safetensors"))
    return {
        "schema": SCHEMA,
        "name": name,
        "source": {
            "kind": "safetensors",
            "repo": None,
            "file": source.name,
            "sha256": sha256_of(files[0]) if len(files) == 1 else None,
            "bytes": weights,
        },
        "exporter": versions,
        "quantisation": {"weights": "fp32", "block_size": None, "lm_head": "fp32", "accuracy_level": None},
        "files": {
            file.name: {"bytes": file.stat().st_size, "sha256": sha256_of(file)}
            for file in sorted(folder.iterdir())
        },
    }

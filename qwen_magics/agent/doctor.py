"""`%qwen doctor`: what runs where, how fast, and how close to the original weights."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QwenMagicsError

if TYPE_CHECKING:
    from qwen_magics.agent.session import Session

__all__ = ["examine"]

_PACKAGES = ("onnxruntime-gpu", "onnxruntime", "llguidance", "tokenizers", "duckdb", "pandas")


def examine(session: Session) -> dict[str, Any]:
    """Facts about this machine and the model in use; null where there is no model to measure.

    Never downloads: without a model, `fix` says how to get one.
    """
    from qwen_magics.engine.provider import choose_provider
    from qwen_magics.engine.runtime import telemetry_disabled
    from qwen_magics.engine.threads import available_threads
    from qwen_magics.model.disk import folder_bytes
    from qwen_magics.model.library import prompts_folder
    from qwen_magics.model.memory import available_memory

    kept = prompts_folder()
    name = session.model_name()
    choice = choose_provider(session.settings.provider)
    found = session.store().find(name)
    facts: dict[str, Any] = {"provider": choice.name, "reason": choice.reason, "model": name}
    facts |= _model_facts(found) | _measured(session, name, found)
    larger = session.larger_model()
    better = {"fix": f"`qwen-magics pull` fetches {larger}, which fits this machine"} if larger else {}
    return (
        facts
        | better
        | {
            "threads": session.settings.threads or available_threads(),
            "memory_bytes": available_memory(),
            "telemetry_disabled": telemetry_disabled(),
            "kept_prompts": {"directory": str(kept), "bytes": folder_bytes(kept)},
            "versions": {"python": platform.python_version(), **_versions()},
        }
    )


def _model_facts(directory: Path | None) -> dict[str, Any]:
    path = directory / "qwen_magics.json" if directory else None
    info = json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else {}
    test = info.get("self_test") or {}
    return {
        "directory": str(directory) if directory else None,
        "sha256": (info.get("source") or {}).get("sha256"),
        "quantisation": (info.get("quantisation") or {}).get("weights"),
        "kl": test.get("kl"),
        "top1": test.get("top1"),
    }


def _measured(session: Session, name: str, directory: Path | None) -> dict[str, Any]:
    empty = {"load_s": None, "prefill_tok_s": None, "decode_tok_s": None}
    if directory is None:
        return {**empty, "fix": f"{name} is not on this machine: `qwen-magics pull {name}`"}
    from qwen_magics.engine.measure import measure_speed

    try:
        speed = measure_speed(session.model(name).engine)
    except QwenMagicsError as error:
        return {**empty, "fix": str(error)}
    return {
        "load_s": round(speed.load_s, 2),
        "prefill_tok_s": round(speed.prefill_tok_s, 1),
        "decode_tok_s": round(speed.decode_tok_s, 1),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found

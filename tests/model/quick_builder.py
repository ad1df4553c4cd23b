"""A builder that makes a model directory of a few bytes: the store does not look into one."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from qwen_magics.model.progress import Progress, ProgressEvent

GENAI = {"model": {"decoder": {"filename": "model.onnx"}, "context_length": 16, "vocab_size": 4}}


def quick_build(
    source: Path,
    target: Path,
    *,
    quantisation: str,
    progress: Progress | None,
    source_info: dict[str, Any],
    name: str,
    check: bool,
) -> Path:
    """As `qwen_magics.model.build.build`; the first byte of the source is the model."""
    assert not target.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    if progress is not None:
        progress(ProgressEvent("build", 1, 1, "building"))
    (folder / "model.onnx").write_bytes(source.read_bytes()[:1])
    (folder / "genai_config.json").write_text(json.dumps(GENAI))
    card = {
        "schema": 1,
        "name": name,
        "source": source_info,
        "quantisation": {"weights": quantisation},
        "self_test": {"kl": 0.001} if check else None,
        "files": {"model.onnx": {"bytes": 1, "sha256": ""}},
    }
    (folder / "qwen_magics.json").write_text(json.dumps(card))
    folder.rename(target)
    return target

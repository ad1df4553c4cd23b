"""What the curves share: which model is asked for, and the file that keeps the figures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.environments import ROOT
from bench.machine import describe_machine, load_average
from qwen_magics.model.library import home

__all__ = ["directory", "flags", "keep", "kept"]

_RESULTS = ROOT / "bench" / "results" / "curves"


def flags(description: str | None) -> argparse.Namespace:
    """`model`, `quantisation` and `save`."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="qwen2.5-coder-0.5b")
    parser.add_argument("--quantisation", default="mixed")
    parser.add_argument("--save", action="store_true")
    return parser.parse_args()


def directory(asked: argparse.Namespace) -> Path:
    """The model directory that the flags name."""
    return home() / "models" / asked.model / asked.quantisation


def keep(curve: str, model: str, name: str, rows: Sequence[Any], *, threads: int, before: float) -> Path:
    """Write dataclasses `rows` as the list `name`, with the machine and its load before and after."""
    machine = describe_machine() | {"load_average": [before, load_average()]}
    path = _RESULTS / f"{curve}-{model}.json"
    content = {"threads": threads, "machine": machine, name: [asdict(row) for row in rows]}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def kept(curve: str, model: str, name: str) -> list[dict[str, Any]]:
    """The rows that `keep` wrote."""
    path = _RESULTS / f"{curve}-{model}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))[name]
    return found

"""What `bench.cuda` measured, as the table of docs/engine.md.

python -m bench.cuda_table bench/results/curves/cuda-h200.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["table"]

_HEAD = (
    "| model | weights | cuDNN | behind | prompt, tokens/s | a step | tokens/s | of the bandwidth |",
    "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
)


def table(result: Mapping[str, Any]) -> str:
    """A row per model, quantisation and context; the share counts all bytes that a step has to read."""
    lines = [*_HEAD]
    for model in result["ours"]:
        weights = model["quantisation"] + (", laid out anew" if model["laid_out"] else "")
        for context, found in model["contexts"].items():
            share = found["bytes_read"] / found["step_s"] / result["bandwidth"]
            lines.append(
                _row(
                    model["shape"], weights, "yes" if model["cudnn"] else "no", context, found, f"{share:.0%}"
                )
            )
    for peer in result["peer"]:
        for context, found in peer["contexts"].items():
            weights = "transformers, fp16, static cache, compiled"
            lines.append(_row(peer["shape"], weights, "yes", context, found, ""))
    return "\n".join(lines)


def _row(shape: str, weights: str, cudnn: str, context: str, found: Mapping[str, float], share: str) -> str:
    behind = int(context)
    return (
        f"| {shape} | {weights} | {cudnn} | {behind:,} | {behind / found['prefill_s']:,.0f} "
        f"| {1e3 * found['step_s']:.2f} ms | {1 / found['step_s']:.0f} | {share} |"
    )


if __name__ == "__main__":
    print(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))

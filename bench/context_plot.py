"""The kept context curve as a picture: what a step and a piece of prompt cost, and attention's part of it.

    python -m bench.context_plot RESULT.json      writes RESULT.svg and RESULT.png beside it

Runs in an environment with matplotlib; `context --save` calls it there. Imports nothing else of this project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

_ATTENTION, _REST, _LINE = "#d55e00", "#0072b2", "#000000"
_CHUNK = 128


def draw(kept: dict[str, Any], model: str, target: Path) -> None:
    """Writes `target` with the suffixes .svg and .png."""
    plt.rcParams |= {
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.hashsalt": "0",
    }
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 3.3), layout="constrained")
    _stack(left, kept["points"], "step", 1, "Decoding step, ms")
    _stack(middle, kept["points"], "chunk", _CHUNK, "Prompt, ms per token")
    contexts = [point["context"] for point in kept["points"]]
    rates = [_CHUNK / point["chunk_s"] for point in kept["points"]]
    right.plot(contexts, rates, color=_LINE, marker="o", markersize=3.5, linewidth=1.4)
    _dress(right, "Prompt, tokens per second")
    left.legend(loc="upper left", frameon=False)
    figure.suptitle(
        f"{model} behind a context, {kept['threads']} threads, {kept['machine']['cpu']}", fontsize=10
    )
    figure.savefig(target.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(target.with_suffix(".png"), dpi=110)
    plt.close(figure)


def _stack(axes: Axes, points: list[dict[str, Any]], name: str, tokens: int, title: str) -> None:
    contexts = [point["context"] for point in points]
    attention = [1e3 * point[f"{name}_attention_s"] / tokens for point in points]
    rest = [1e3 * (point[f"{name}_s"] - point[f"{name}_attention_s"]) / tokens for point in points]
    axes.stackplot(
        contexts,
        rest,
        attention,
        labels=["everything else", "attention"],
        colors=[_REST, _ATTENTION],
        alpha=0.75,
    )
    _dress(axes, title)


def _dress(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xlabel("context, tokens")
    axes.set_xticks(range(0, 16385, 4096))
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)


def main() -> None:
    """See the module's docstring."""
    path = Path(sys.argv[1])
    draw(json.loads(path.read_text(encoding="utf-8")), path.stem.removeprefix("context-"), path)


if __name__ == "__main__":
    main()

"""The result as a picture: rates against prompt length, and what the questions cost.

    python -m bench.plot RESULT.json      writes RESULT.svg and RESULT.png beside it

Runs in an environment with matplotlib; `compare` calls it there. Imports nothing else of this project.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

# Okabe and Ito's palette, readable with any colour vision; ours come first.
_COLOURS = ("#d55e00", "#e69f00", "#cc79a7", "#0072b2", "#56b4e9", "#009e73", "#000000", "#7f7f7f")
_MARKERS = "osDv^P*X"


def draw(result: dict[str, Any], target: Path) -> None:
    """Writes `target` with the suffixes .svg and .png."""
    plt.rcParams |= {
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.hashsalt": "0",
    }
    figure = plt.figure(figsize=(9.5, 7.4), layout="constrained")
    # Two figures in one: the long names beside the bars shall not take width from the lines.
    upper, lower = figure.subfigures(2, 1, height_ratios=[1.1, 1])
    left, right = upper.subplots(1, 2)
    _lines(left, result, "prefill_tok_s", "Prefill, tokens per second")
    _lines(right, result, "decode_tok_s", "Decode, tokens per second")
    handles, labels = left.get_legend_handles_labels()
    upper.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    left, right = lower.subplots(1, 2, sharey=True)
    _bars(left, result, "agent_s", f"{_asked(result)} questions, seconds")
    _bars(right, result, "ttft_cached_s", "First token of a second question, seconds")
    machine = result["machine"]
    figure.suptitle(
        f"{result['model']} on {result['threads']} threads, {machine['cpu']}, {result['started_at'][:10]}; "
        "median, least and greatest of "
        f"{result['repeat']} rounds",
        fontsize=10,
    )
    figure.savefig(target.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(target.with_suffix(".png"), dpi=110)
    plt.close(figure)


def _lines(axes: Axes, result: dict[str, Any], metric: str, title: str) -> None:
    lengths = result["lengths"]
    for number, peer in enumerate(result["peers"].values()):
        samples = {length: _present(peer, f"{metric}@{length}") for length in lengths}
        there = [length for length in lengths if samples[length]]
        middle = [statistics.median(samples[length]) for length in there]
        below = [m - min(samples[length]) for m, length in zip(middle, there, strict=True)]
        above = [max(samples[length]) - m for m, length in zip(middle, there, strict=True)]
        axes.errorbar(
            there,
            middle,
            yerr=[below, above],
            label=peer["title"],
            color=_COLOURS[number % len(_COLOURS)],
            marker=_MARKERS[number % len(_MARKERS)],
            markersize=4,
            linewidth=1.4,
            capsize=2,
        )
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xscale("log", base=2)
    axes.set_xticks(lengths)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("prompt, tokens")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)


def _bars(axes: Axes, result: dict[str, Any], metric: str, title: str) -> None:
    peers = list(result["peers"].values())
    for number, peer in enumerate(peers):
        samples = _present(peer, metric)
        if not samples:
            continue
        middle = statistics.median(samples)
        spread = [[middle - min(samples)], [max(samples) - middle]]
        axes.barh(number, middle, xerr=spread, height=0.62, color=_COLOURS[number % len(_COLOURS)], capsize=2)
        axes.annotate(
            _label(peer, metric, middle),
            (max(samples), number),
            (4, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_yticks(range(len(peers)), [peer["title"] for peer in peers])
    axes.set_ylim(len(peers) - 0.4, -0.6)
    axes.margins(x=0.28)
    axes.set_xlim(left=0)
    axes.set_title(title, loc="left", fontsize=10)


def _label(peer: dict[str, Any], metric: str, value: float) -> str:
    right = _present(peer, "agent_right")
    return f"{value:.1f} ({min(right):.0f} right)" if metric == "agent_s" and right else f"{value:.2f}"


def _present(peer: dict[str, Any], metric: str) -> list[float]:
    return [value for value in peer["samples"].get(metric, ()) if value is not None]


def _asked(result: dict[str, Any]) -> int:
    return max((len(answers) for peer in result["peers"].values() for answers in peer["agent"]), default=0)


def main(paths: Sequence[str]) -> None:
    """Draw each result."""
    for path in map(Path, paths):
        draw(json.loads(path.read_text("utf-8")), path)


if __name__ == "__main__":
    main(sys.argv[1:])

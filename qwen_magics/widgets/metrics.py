"""`%qwen metrics`: what was loaded, or loading a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.widgets.reports import Report

if TYPE_CHECKING:
    from qwen_magics.tools.metrics.metric import Metric

__all__ = ["are_metrics", "metrics_report"]


def are_metrics(words: Sequence[str]) -> bool:
    """Whether the words after `metrics` are a file and no question."""
    return all(word.endswith((".yml", ".yaml")) for word in words)


def metrics_report(words: Sequence[str]) -> Report:
    """Load the file, in the place of what was loaded from it before, and show its metrics; or show all.

    Raises:
        ConfigError: see `tools.metrics.file.load`; what was loaded before stays then.
    """
    from qwen_magics.agent import session

    found = session.toolbox.load_metrics(words[0]) if words else session.toolbox.metrics
    if not found:
        return Report("No metrics are loaded.", (), [], "Load a file of them: %qwen metrics metrics.yml")
    rows = [
        (metric.name, _arguments(metric), metric.connection or "frames", metric.description)
        for metric in found
    ]
    note = "A question that one of them answers uses it. Its SQL is in the answer's code."
    return Report("", ("metric", "parameters", "over", "meaning"), rows, note)


def _arguments(metric: Metric) -> str:
    return ", ".join(f"[{n}]" if n in metric.defaults else n for n in metric.template.parameters)

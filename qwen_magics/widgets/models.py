"""The catalogue beside what is on this machine, for `%qwen models` and `qwen-magics models`."""

from __future__ import annotations

from qwen_magics.model.disk import readable
from qwen_magics.widgets.reports import Report

__all__ = ["model_rows", "models_report"]


def model_rows() -> list[dict[str, object]]:
    """One mapping per model: name, parameters (billions), licence, download and memory (bytes), installed."""
    from qwen_magics.model.catalogue import entries
    from qwen_magics.model.store import Store

    installed = {item.name for item in Store().installed()}
    rows: list[dict[str, object]] = [
        {
            "name": entry.name,
            "parameters": entry.parameters,
            "licence": entry.licence,
            "download_bytes": entry.download_bytes,
            "memory_bytes": entry.memory_bytes,
            "installed": entry.name in installed,
        }
        for entry in entries()
    ]
    known = {row["name"] for row in rows}
    rows.extend({"name": name, "installed": True} for name in sorted(installed - known))
    return rows


def models_report(current: str) -> Report:
    """The same for people; `current` is the model that the next question uses."""
    rows = []
    for row in model_rows():
        sizes = [
            readable(float(str(row[key]))) if row.get(key) else ""
            for key in ("download_bytes", "memory_bytes")
        ]
        marks = [
            word
            for word, holds in (("installed", row["installed"]), ("in use", row["name"] == current))
            if holds
        ]
        rows.append((str(row["name"]), *sizes, str(row.get("licence", "")), ", ".join(marks)))
    return Report("", ("model", "download", "memory", "licence", ""), rows)

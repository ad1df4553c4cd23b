"""What JupyterLab's status bar shows. It asks after each cell, so nothing here imports or loads anything."""

from __future__ import annotations

import sys
from typing import Any

from qwen_magics.config import settings
from qwen_magics.errors import ConfigError

__all__ = ["State", "state"]


class State(dict[str, Any]):
    """Model, whether it is loaded, and where; it displays as JSON."""

    def _repr_json_(self) -> dict[str, Any]:
        return dict(self)


def state() -> State:
    """What the next question would use; before the first one only what the settings say."""
    agent = sys.modules.get("qwen_magics.agent")
    if agent is None:
        return State(model=_chosen(), state="not loaded", provider=None, memory=_memory(), weights=None)
    now, loaded = agent.session.status(), agent.session.loaded
    told = {key: now[key] for key in ("model", "state", "provider")}
    return State(told, memory=_memory(), weights=getattr(loaded, "weight_bytes", None))


def _memory() -> int | None:
    """Bytes of this process that are in memory; None where nobody has imported psutil, as ipykernel does."""
    psutil = sys.modules.get("psutil")
    return None if psutil is None else int(psutil.Process().memory_info().rss)


def _chosen() -> str:
    try:
        return settings().model or "chosen by memory"
    except ConfigError:  # the first question says it
        return "settings cannot be read"

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
        return State(model=_chosen(), state="not loaded", provider=None)
    now = agent.session.status()
    return State({key: now[key] for key in ("model", "state", "provider")})


def _chosen() -> str:
    try:
        return settings().model or "chosen by memory"
    except ConfigError:  # the first question says it
        return "settings cannot be read"

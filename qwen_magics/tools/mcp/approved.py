"""Which tools of which server were approved, by a digest of everything that the model and the user see.

Kept on this machine, so that a server that changes a description between two sessions is noticed as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qwen_magics.model.library import home

__all__ = ["ApprovedTools", "digest"]


def digest(description: str, schema: Mapping[str, Any], effect: str) -> str:
    """The same as long as description, schema and effect are."""
    text = json.dumps([description, schema, effect], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class ApprovedTools:
    """The approved tools of one server.

    Args:
        server: what stands for the server, such as its URL or command; None keeps nothing after the session.
    """

    def __init__(self, server: str | None, folder: Path | None = None) -> None:
        self._path: Path | None = None
        if server is not None:
            name = hashlib.sha256(server.encode()).hexdigest()[:32]
            self._path = (folder or home()) / "mcp" / f"{name}.json"
        self._known: dict[str, str] = self._read()

    def knows(self, tool: str) -> bool:
        """Whether any form of the tool was ever approved."""
        return tool in self._known

    def has(self, tool: str, value: str) -> bool:
        """Whether the tool was approved in exactly this form."""
        return self._known.get(tool) == value

    def add(self, tool: str, value: str) -> None:
        """Approve the tool in this form."""
        if self.has(tool, value):
            return
        self._known[tool] = value
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Two kernels may write at once: whole files only.
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(self._known, sort_keys=True), encoding="utf-8")
        draft.replace(self._path)

    def _read(self) -> dict[str, str]:
        if self._path is None:
            return {}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # none, or not readable: everything asks again
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

"""What the agent may call. Knows no model; pandas and duckdb are imported only when a tool is used."""

from __future__ import annotations

from qwen_magics.tools.registry import Tool, tool

__all__ = ["Tool", "tool"]

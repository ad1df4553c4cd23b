"""Web APIs as tools: a specification becomes operations, an operation a tool, its answer a table."""

from qwen_magics.tools.api.service import Service, connect

__all__ = ["Service", "connect"]

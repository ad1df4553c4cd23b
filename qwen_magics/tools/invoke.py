"""Runs a tool: arguments in the types that a Python function expects, its failure as a typed error."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any

from qwen_magics.errors import QwenMagicsError, ToolError
from qwen_magics.tools.output import ToolOutput, output_of
from qwen_magics.tools.registry import Tool

__all__ = ["invoke"]


def invoke(tool: Tool, arguments: Mapping[str, Any]) -> ToolOutput:
    """Call the tool with checked arguments.

    Raises:
        ToolError: what the function raised, in one line.
        KeyboardInterrupt: the user stopped it.
    """
    try:
        value = tool.function(**_converted(tool.function, arguments))
    except (QwenMagicsError, KeyboardInterrupt):
        raise
    except Exception as exc:  # whatever the user's function raises
        msg = f"{tool.name} failed: {type(exc).__name__}: {' '.join(str(exc).split())[:300]}"
        raise ToolError("failed", msg) from exc
    return value if isinstance(value, ToolOutput) else output_of(value, tool.name)


def _converted(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has neither tuples nor sets, and writes 5.0 as 5."""
    if not hasattr(function, "__annotations__"):
        return dict(arguments)
    hints = typing.get_type_hints(function)
    return {name: _as(hints.get(name), value) for name, value in arguments.items()}


def _as(hint: Any, value: Any) -> Any:
    origin = typing.get_origin(hint)
    if isinstance(value, list) and origin in (tuple, set, frozenset):
        return origin(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value

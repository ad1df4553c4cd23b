"""Arguments of a call against the tool's schema: what a model or a person wrote, checked before it runs."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from qwen_magics.errors import ToolError
from qwen_magics.tools.registry import Tool

__all__ = ["checked"]


def checked(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, in the schema's order, if they keep to it.

    Raises:
        ToolError: one line that names the argument, with the closest name or the values allowed.
    """
    properties = tool.schema.get("properties", {})
    for name in arguments:
        if name not in properties:
            raise _unknown(tool, name, list(properties))
    missing = [name for name in tool.schema.get("required", ()) if name not in arguments]
    if missing:
        msg = f"{tool.name} needs {', '.join(missing)}."
        raise ToolError("missing_argument", msg, f"Take it from the question: {missing[0]}=…")
    ordered = {name: arguments[name] for name in properties if name in arguments}
    _validate(tool, ordered)
    return ordered


def _unknown(tool: Tool, name: str, known: list[str]) -> ToolError:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"It takes {', '.join(known) or 'no arguments'}."
    return ToolError("unknown_argument", f"{tool.name} has no argument {name}.", hint)


def _validate(tool: Tool, arguments: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator

    # No format checker and no references: nothing is fetched, and nothing runs a foreign regular expression.
    validator = Draft202012Validator(dict(tool.schema))
    error = next(iter(validator.iter_errors(dict(arguments))), None)
    if error is None:
        return
    name = ".".join(str(part) for part in error.absolute_path) or "the arguments"
    value = json.dumps(error.instance, ensure_ascii=False, default=str)[:80]
    raise ToolError("wrong_argument", f"{name}={value} is not allowed.", _wanted(error.validator, error))


def _wanted(rule: Any, error: Any) -> str:
    wanted = error.validator_value
    if rule == "enum":
        close = difflib.get_close_matches(str(error.instance), [str(v) for v in wanted], n=1)
        listed = ", ".join(json.dumps(v, ensure_ascii=False) for v in wanted[:12])
        return f"Use one of {listed}.{f' Closest: {close[0]}.' if close else ''}"
    if rule == "type":
        return f"It must be {' or '.join(wanted) if isinstance(wanted, list) else wanted}."
    if rule in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        return f"Its {rule} is {wanted}."
    if rule == "required":
        return f"{error.message}."
    return str(error.message)[:160]

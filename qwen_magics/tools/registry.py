"""Functions that the agent may call: name, purpose, effect and the JSON schema of the arguments, from the
function itself.

Knows no model and calls nothing. `@tool` leaves the function as it is, so that a notebook can still call it.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union

from qwen_magics.errors import ConfigError

if TYPE_CHECKING:
    from qwen_magics.tools.output import ToolOutput

__all__ = ["Effect", "Tool", "marked", "tool", "tool_of"]

Effect = Literal["read", "write"]
F = TypeVar("F", bound=Callable[..., Any])

_ATTRIBUTE = "__qwen_magics_tool__"
_JSON_TYPES: Mapping[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
# One documented argument of a Google- or reST-style docstring.
_ARGUMENT = re.compile(r"^\s*(?::param\s+)?(\w+)(?:\s*\([^)]*\))?:\s+(\S.*)$")


@dataclass(frozen=True, slots=True)
class Tool:
    """One callable tool.

    Attributes:
        description: first paragraph of the docstring, one line.
        effect: `read` may run unasked; `write` needs an approval.
        schema: JSON schema of the arguments, an object.
        function: takes the arguments by name.
        origin: the API or server that it comes from; empty for a function of the notebook.
        preview: the exact request that a call would send; None where the call itself says everything.
        first_pages: the beginning of what a call would list, with a note if there is more; None where that is
            no cheaper than the call.
        unapproved: why a person must see the tool itself before its first call; empty if none must.
    """

    name: str
    description: str
    effect: Effect
    schema: Mapping[str, Any]
    function: Callable[..., Any]
    origin: str = ""
    preview: Callable[[Mapping[str, Any]], str] | None = None
    unapproved: str = ""
    first_pages: Callable[..., ToolOutput] | None = None

    @property
    def full_name(self) -> str:
        """The name with its origin, as approval rules see it: `crm.list_orders`."""
        return f"{self.origin}.{self.name}" if self.origin else self.name


@typing.overload
def tool(function: F, /) -> F: ...


@typing.overload
def tool(*, name: str | None = None, effect: Effect = "read") -> Callable[[F], F]: ...


def tool(
    function: F | None = None, /, *, name: str | None = None, effect: Effect = "read"
) -> F | Callable[[F], F]:
    """Make a typed, documented function a tool.

        @tool(effect="read")
        def stock_level(sku: str) -> int:
            \"\"\"Units of an article in stock.\"\"\"

    Raises:
        ConfigError: no docstring, an argument without a type, or a type that has no JSON form.
    """

    def register(target: F) -> F:
        setattr(target, _ATTRIBUTE, _described(target, name, effect))
        return target

    return register if function is None else register(function)


def tool_of(function: Callable[..., Any]) -> Tool:
    """The tool behind a function, decorated or not (then read-only).

    Raises:
        ConfigError: as `tool`.
    """
    known = getattr(function, _ATTRIBUTE, None)
    return known if isinstance(known, Tool) else _described(function, None, "read")


def marked(values: Iterable[object]) -> list[Tool]:
    """The tools among these values: functions that were decorated with `@tool`, each once."""
    found = (getattr(value, _ATTRIBUTE, None) for value in list(values) if callable(value))
    return list({tool.full_name: tool for tool in found if isinstance(tool, Tool)}.values())


def _described(function: Callable[..., Any], name: str | None, effect: Effect) -> Tool:
    called = name or str(getattr(function, "__name__", type(function).__name__))
    if effect not in typing.get_args(Effect):
        msg = f"The effect of tool {called} is {effect!r}; use 'read' or 'write'."
        raise ConfigError(msg)
    text = inspect.getdoc(function) or ""
    purpose = " ".join(text.partition("\n\n")[0].split())
    if not purpose:
        msg = f"Tool {called} has no docstring. Say in one line what it returns: the model chooses by it."
        raise ConfigError(msg)
    return Tool(called, purpose, effect, _schema(function, called, text), function)


def _schema(function: Callable[..., Any], called: str, text: str) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(function)
    except NameError as exc:
        msg = f"A type of tool {called} cannot be found ({exc}). Import it where the function is defined."
        raise ConfigError(msg) from exc
    matches = (_ARGUMENT.match(line) for line in text.splitlines())
    documented: dict[str, str] = {match[1]: match[2] for match in matches if match}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        properties[parameter.name] = _property(parameter, hints, documented, called)
        if parameter.default is parameter.empty:
            required.append(parameter.name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _property(
    parameter: inspect.Parameter, hints: Mapping[str, Any], documented: Mapping[str, str], called: str
) -> dict[str, Any]:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
        msg = (
            f"Argument {parameter.name} of tool {called} cannot be given by name. Spell out plain arguments."
        )
        raise ConfigError(msg)
    if parameter.name not in hints:
        msg = f"Argument {parameter.name} of tool {called} has no type. Write `{parameter.name}: str`."
        raise ConfigError(msg)
    described = _json_type(hints[parameter.name], parameter.name, called)
    if parameter.name in documented:
        described["description"] = documented[parameter.name]
    if isinstance(parameter.default, (str, int, float, bool)):
        described["default"] = parameter.default
    return described


def _json_type(hint: Any, argument: str, called: str) -> dict[str, Any]:
    if hint in _JSON_TYPES:
        return {"type": _JSON_TYPES[hint]}
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (list, tuple, set) and inner:
        return {"type": "array", "items": _json_type(inner[0], argument, called)}
    if origin is dict or hint is dict:
        return {"type": "object"}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_json_type(part, argument, called) for part in inner]}
    if hint is type(None):
        return {"type": "null"}
    msg = (
        f"Argument {argument} of tool {called} has the type {getattr(hint, '__name__', hint)}, "
        "which a model cannot write. Use str, int, float, bool, Literal, or a list of these."
    )
    raise ConfigError(msg)

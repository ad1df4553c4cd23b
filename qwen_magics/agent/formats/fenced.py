"""Coder models: a Python call in a fence. The language of the fence says whether it is a call or the end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.agent.formats.call import JSON_LAYOUT, Call, Offer, bounded
from qwen_magics.chat.messages import Message
from qwen_magics.errors import ToolError
from qwen_magics.tools.registry import Tool

__all__ = ["Fenced", "parse_arguments"]

_RULES = """\
You answer questions by calling one of the given Python functions.
Write one call. Take its arguments from the question; leave out those that the question does not mention.

Question: how many books has the reader Anna borrowed?
```python
get_loans(reader="Anna")
```"""

_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "object": "dict",
    "null": "None",
}
_NAME = re.compile(r"\s*([A-Za-z_]\w*)\s*\(")
_ARGUMENT = re.compile(r"\s*,?\s*([A-Za-z_]\w*)\s*=\s*")
_CONSTANT = re.compile(r"(True|False|None)\b")
_CONSTANTS = {"True": True, "False": False, "None": None}


class Fenced:
    """See `CallFormat`."""

    stop = "\n```"
    next_step = "If these tables hold the answer, open a ```sql fence. Else write the next call."

    def prefix(self, offer: Offer) -> str:
        return "```" if offer.may_query else "```python\n"

    def grammar(self, offer: Offer) -> str:
        calls = " | ".join(f"call_{i}" for i in range(len(offer.tools)))
        start = r'start: "sql" | "python\n" call END' if offer.may_query else "start: call END"
        lines = [start, f"call: {calls}", r'END: "\n```"']
        for position, tool in enumerate(offer.tools):
            lines.extend(_rules_of(position, tool, loose=offer.loose))
        return "\n".join(lines)

    def messages(self, tools: Sequence[Tool], question: str, schema: str = "") -> list[Message]:
        stubs = "\n".join(_stub(tool) for tool in tools)
        parts = [f"```python\n{stubs}\n```", schema, f"Question: {question}"]
        return [Message("system", _RULES), Message("user", "\n\n".join(part for part in parts if part))]

    def turn(self, call: Call, reply: str) -> list[Message]:
        return [Message("assistant", f"```python\n{call}{self.stop}"), Message("user", reply)]

    def parse(self, text: str, offer: Offer) -> Call | None:
        text = text.strip()
        if offer.may_query:
            language, _, text = text.partition("\n")
            if language.strip() == "sql":
                return None
        found = _NAME.match(text)
        if found is None:
            raise ToolError("no_call", "That is no function call.", "Write one call of a function above.")
        inside = text[found.end() :].removesuffix("```").rstrip()
        if not inside.endswith(")"):
            raise ToolError("no_call", "The call does not end.", "Close it with a parenthesis.")
        return Call(found[1], parse_arguments(inside[:-1]))


def parse_arguments(text: str) -> dict[str, Any]:
    """`quantity=5, note="x"` as a dictionary; the values are JSON or True, False, None.

    Raises:
        ToolError: with the place where it stops being that.
    """
    arguments: dict[str, Any] = {}
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip(" \t\n,"):
        found = _ARGUMENT.match(text, at)
        if found is None or found[1] in arguments:
            raise _unreadable(text[at:])
        constant = _CONSTANT.match(text, found.end())
        if constant is not None:
            arguments[found[1]], at = _CONSTANTS[constant[1]], constant.end()
            continue
        try:
            arguments[found[1]], at = decoder.raw_decode(text, found.end())
        except (ValueError, RecursionError) as exc:
            raise _unreadable(text[at:]) from exc
    return arguments


def _unreadable(rest: str) -> ToolError:
    msg = f"The arguments cannot be read at {rest.strip()[:40]!r}."
    return ToolError("no_call", msg, 'Write name="text" or name=5, with commas between.')


def _stub(tool: Tool) -> str:
    properties, required = tool.schema.get("properties", {}), tool.schema.get("required", ())
    ordered = [name for name in properties if name in required]
    ordered += [name for name in properties if name not in required]
    arguments = ", ".join(
        f"{name}: {_type(properties[name])}{'' if name in required else ' = None'}" for name in ordered
    )
    notes = [
        f"{name}: {properties[name]['description']}"
        for name in ordered
        if properties[name].get("description")
    ]
    text = ". ".join(part.rstrip(".") for part in (tool.description, *notes) if part)
    return f"def {tool.name}({arguments}):\n    {json.dumps(text, ensure_ascii=False)}"


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        choices = ", ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"][:40])
        return f"Literal[{choices}]"
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    kind = schema.get("type", "object" if "properties" in schema else None)
    if isinstance(kind, list):
        return " | ".join(_TYPES.get(part, "list") for part in kind)
    if kind == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if kind == "object" and schema.get("properties"):
        inner = ", ".join(f'"{name}": {_type(part)}' for name, part in schema["properties"].items())
        return f"{{{inner}}}"
    return _TYPES.get(str(kind), "Any")


def _rules_of(position: int, tool: Tool, *, loose: bool) -> list[str]:
    """`call_i`: the required arguments in order, then any of the others in order."""
    properties, needed = tool.schema.get("properties", {}), tool.schema.get("required", ())
    required = [name for name in properties if name in needed]
    optional = [name for name in properties if name not in needed]
    rule = f"call_{position}"
    names = [*required, *optional]
    lines = [f"{rule}_v{i}: {_value(properties[name], loose)}" for i, name in enumerate(names)]
    values = {name: f'"{name}=" {rule}_v{i}' for i, name in enumerate(names)}
    fixed = ' ", " '.join(values[name] for name in required)
    # o_i: from the i-th optional argument on; f_i the same where nothing stands before it.
    for i, name in enumerate(optional):
        lines.append(f'{rule}_o{i}: (", " {values[name]})? {rule}_o{i + 1}')
        lines.append(f"{rule}_f{i}: {values[name]} {rule}_o{i + 1} | {rule}_f{i + 1}")
    last = len(optional)
    lines += [f'{rule}_o{last}: ""', f'{rule}_f{last}: ""'] if optional else []
    rest = f"{rule}_{'o' if required else 'f'}0" if optional else ""
    lines.append(f'{rule}: "{tool.name}(" {fixed} {rest} ")"')
    return lines


def _without_null(schema: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The schema of everything but None, which Python spells in its own way, and whether None is allowed."""
    kinds, parts = schema.get("type"), schema.get("anyOf", [])
    rest = dict(schema)
    if isinstance(kinds, list) and "null" in kinds and len(kinds) > 1:
        left = [kind for kind in kinds if kind != "null"]
        rest["type"] = left[0] if len(left) == 1 else left
        return rest, True
    left = [part for part in parts if part.get("type") != "null"]
    if left and len(left) < len(parts):
        del rest["anyOf"]
        return {**rest, **left[0]} if len(left) == 1 else {**rest, "anyOf": left}, True
    return rest, False


def _value(schema: Mapping[str, Any], loose: bool) -> str:
    wanted, may_be_none = _without_null(schema)
    if may_be_none:
        return f'"None" | {_value(wanted, loose)}'
    if schema.get("type") == "boolean" and "enum" not in schema:
        return '"True" | "False"'
    return f"%json {json.dumps({**bounded(schema, loose=loose), 'x-guidance': JSON_LAYOUT})}"

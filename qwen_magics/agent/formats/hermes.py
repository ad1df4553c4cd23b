"""Instruct models: JSON between `<tool_call>` tags, as Qwen 2.5 and Qwen 3 were trained to write it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from qwen_magics.agent.formats.call import JSON_LAYOUT, Call, Offer, bounded
from qwen_magics.chat.messages import Message
from qwen_magics.errors import ToolError
from qwen_magics.tools.registry import Tool

__all__ = ["Hermes"]

# What the model calls when the tables at hand hold the answer.
_QUERY = "query_tables"
_RULES = (
    """\
You answer questions by calling one of these functions:
<tools>
""",
    """
</tools>
Reply with one JSON object between <tool_call> and </tool_call>: {"name": "…", "arguments": {…}}
Take the arguments from the question; leave out those that it does not mention.""",
)
# What the tokenizer has tokens for. The line break before the last one is the data's: it is one token with
# the bracket in front of it.
_CALL = "<tool_call>\n", "</tool_call>"
_RESPONSE = "<tool_response>\n", "</tool_response>"


class Hermes:
    """See `CallFormat`."""

    stop = "\n</tool_call>"
    next_step = f"If these tables hold the answer, call {_QUERY}. Else make the next call."

    def prefix(self, offer: Offer) -> str:
        return _CALL[0]

    def grammar(self, offer: Offer) -> str:
        # The end of the object is the end of the call. To llguidance `</tool_call>` is a token and no text:
        # as text it cannot be written, and as a token it is missing in other families' vocabularies.
        lines: list[str] = []
        rules = []
        for position, tool in enumerate(offer.tools):
            rules.append(f"call_{position}")
            head = _lark(f'{{"name": "{tool.name}", "arguments": ')
            lines.append(f'call_{position}: {head} args_{position} "}}"')
            lines.append(f"args_{position}: %json {_arguments(tool.schema, offer.loose)}")
        if offer.may_query:
            rules.append("query")
            lines.append(f"query: {_lark(_query_text())}")
        return "\n".join([f"start: {' | '.join(rules)}", *lines])

    def messages(self, tools: Sequence[Tool], question: str, schema: str = "") -> list[Message]:
        listed = [_described(tool.name, tool.description, tool.schema) for tool in tools]
        note = "Ends the calls: the tables at hand hold the answer."
        listed.append(_described(_QUERY, note, {"type": "object", "properties": {}}))
        return [
            _within("system", "\n".join(listed), _RULES),
            Message("user", f"{schema}\n\n{question}" if schema else question),
        ]

    def turn(self, call: Call, reply: str) -> list[Message]:
        text = json.dumps(
            {"name": call.tool, "arguments": dict(call.arguments)}, ensure_ascii=False, default=str
        )
        return [
            _within("assistant", f"{text}\n", _CALL),
            _within("user", f"{reply}\n", _RESPONSE),
        ]

    def parse(self, text: str, offer: Offer) -> Call | None:
        try:
            found = json.loads(text.strip().removesuffix("</tool_call>"))
            name, arguments = found["name"], found["arguments"]
        except (ValueError, KeyError, TypeError, RecursionError) as exc:
            hint = 'Write {"name": "…", "arguments": {…}}.'
            raise ToolError("no_call", "That is no call.", hint) from exc
        if not isinstance(name, str) or not isinstance(arguments, dict):
            raise ToolError("no_call", "That is no call.", "`arguments` is an object.")
        return None if offer.may_query and name == _QUERY else Call(name, arguments)


def _within(role: Literal["system", "user", "assistant"], text: str, own: tuple[str, str]) -> Message:
    """Text of others between words of ours, of which alone tags are the tokenizer's own tokens."""
    begin, end = own
    return Message(role, f"{begin}{text}{end}", (len(begin), len(end)))


def _described(name: str, description: str, schema: Mapping[str, Any]) -> str:
    function = {"name": name, "description": description, "parameters": schema}
    return json.dumps({"type": "function", "function": function}, ensure_ascii=False, default=str)


def _arguments(schema: Mapping[str, Any], loose: bool) -> str:
    properties = {k: bounded(v, loose=loose) for k, v in schema.get("properties", {}).items()}
    whole = {
        "type": "object",
        "properties": properties,
        "required": list(schema.get("required", ())),
        "additionalProperties": False,
        "x-guidance": JSON_LAYOUT,
    }
    return json.dumps(whole)


def _query_text() -> str:
    return json.dumps({"name": _QUERY, "arguments": {}})


def _lark(text: str) -> str:
    return json.dumps(text)

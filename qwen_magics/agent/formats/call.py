"""A call as a value, and what every format has to offer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from qwen_magics.chat.messages import Message
from qwen_magics.tools.registry import Tool

__all__ = ["JSON_LAYOUT", "Call", "CallFormat", "Offer", "bounded"]

# One spelling of every value: free white space costs tokens and lets a small model wander off.
JSON_LAYOUT = {"whitespace_flexible": False, "key_separator": ": ", "item_separator": ", "}
_LONGEST_STRING = 400
_MOST_ITEMS = 50


@dataclass(frozen=True, slots=True)
class Call:
    """A tool and its arguments, not yet checked."""

    tool: str
    arguments: Mapping[str, Any]

    def __str__(self) -> str:
        """As Python, for people and for `answer.code`."""
        return f"{self.tool}({', '.join(f'{k}={_literal(v)}' for k, v in self.arguments.items())})"

    @property
    def key(self) -> str:
        """The same for the same call, whatever the order of its arguments."""
        return f"{self.tool} {json.dumps(dict(self.arguments), sort_keys=True, default=str)}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the model may do in one step.

    Attributes:
        tools: what it may call.
        may_query: it may also say that the tables at hand hold the answer.
        loose: the arguments' schemas are reduced to their types, where the exact ones cannot be compiled.
    """

    tools: Sequence[Tool]
    may_query: bool = False
    loose: bool = False


class CallFormat(Protocol):
    """One family's way. `prefix` opens the reply, `stop` ends it, `next_step` goes with a call's result."""

    @property
    def stop(self) -> str: ...

    @property
    def next_step(self) -> str: ...

    def prefix(self, offer: Offer) -> str: ...

    def grammar(self, offer: Offer) -> str:
        """Lark of what may follow the prefix."""

    def messages(self, tools: Sequence[Tool], question: str, schema: str = "") -> list[Message]:
        """The first turn; `schema` describes tables that are there already."""

    def turn(self, call: Call, reply: str) -> list[Message]:
        """A call that was made and what became of it, as two further messages."""

    def parse(self, text: str, offer: Offer) -> Call | None:
        """The call in a reply; None if it chose the tables.

        Raises:
            ToolError: it is none.
        """


def bounded(schema: Mapping[str, Any], *, loose: bool) -> dict[str, Any]:
    """A schema for a grammar: strings and lists end somewhere; what only people read is left out."""
    if loose:
        kind = schema.get("type")
        return {"type": kind} if isinstance(kind, str) else {}
    kept = {k: v for k, v in schema.items() if k not in ("description", "default")}
    kinds = kept.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "string" in kinds and "enum" not in kept and "const" not in kept and "format" not in kept:
        kept["maxLength"] = min(int(kept.get("maxLength", _LONGEST_STRING)), _LONGEST_STRING)
    if "array" in kinds:
        kept["maxItems"] = min(int(kept.get("maxItems", _MOST_ITEMS)), _MOST_ITEMS)
        kept["items"] = bounded(kept.get("items", {}), loose=False)
    if "properties" in kept:
        kept["properties"] = {k: bounded(v, loose=False) for k, v in kept["properties"].items()}
        kept.setdefault("additionalProperties", False)
    if "anyOf" in kept:
        kept["anyOf"] = [bounded(part, loose=False) for part in kept["anyOf"]]
    return kept


def _literal(value: Any) -> str:
    if isinstance(value, (bool, type(None))):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)

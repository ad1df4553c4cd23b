"""JSON schemas out of a specification: references followed, cycles cut, only keywords that are understood.

A specification is somebody else's text. What is kept here is a closed list; `pattern` is left out because a
hostile one makes Python's `re` run for ever, and a reference outside the document is never fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qwen_magics.errors import ConfigError

__all__ = ["References", "one_line"]

_KEPT = (
    "type",
    "enum",
    "const",
    "format",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
)
_TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}
# JSON schema formats that a grammar knows; others are remarks.
_FORMATS = {"date", "date-time", "time", "uuid", "email"}
_DEEPEST = 6
_MOST_PROPERTIES = 60
_MOST_CHOICES = 200
_LONGEST_NOTE = 160


class References:
    """Follows `$ref` inside one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def resolve(self, node: Any) -> Any:
        """The node that a chain of references leads to; the node itself without one.

        Raises:
            ConfigError: it leads nowhere, out of the document, or in a circle.
        """
        seen: set[str] = set()
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            target = node["$ref"]
            if target in seen:
                msg = f"The specification refers in a circle: {target}. Correct it there."
                raise ConfigError(msg)
            seen.add(target)
            node = self._target(target)
        return node

    def schema(self, node: Any, depth: int = 0) -> dict[str, Any]:
        """A self-contained schema of the kept keywords; anything is allowed where it goes too deep."""
        node = self.resolve(node)
        if not isinstance(node, Mapping) or depth > _DEEPEST:
            return {}
        node = self._merged(node)
        kept = {key: node[key] for key in _KEPT if key in node}
        _repair(kept, node)
        for key in ("anyOf", "oneOf"):
            if isinstance(node.get(key), list):
                kept["anyOf"] = [self.schema(part, depth + 1) for part in node[key]]
        if isinstance(node.get("description"), str):
            kept["description"] = one_line(node["description"])
        if "items" in node or kept.get("type") == "array":
            kept["items"] = self.schema(node.get("items", {}), depth + 1)
        if isinstance(node.get("properties"), Mapping):
            kept |= self._properties(node, depth)
        return kept

    def _properties(self, node: Mapping[str, Any], depth: int) -> dict[str, Any]:
        items = list(node["properties"].items())[:_MOST_PROPERTIES]
        properties = {
            str(name): self.schema(part, depth + 1) for name, part in items if not _is_read_only(part)
        }
        required = [name for name in node.get("required", ()) if name in properties]
        return {"type": "object", "properties": properties, "required": required}

    def _merged(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """`allOf` as one schema: properties and required joined, the rest from the first that has it."""
        parts = node.get("allOf")
        if not isinstance(parts, list):
            return node
        merged: dict[str, Any] = {key: value for key, value in node.items() if key != "allOf"}
        for part in parts[:20]:
            found = self.resolve(part)
            if not isinstance(found, Mapping):
                continue
            # One level only: an `allOf` inside an `allOf` of itself would not end.
            for key, value in found.items():
                if key == "properties" and isinstance(value, Mapping):
                    merged["properties"] = {**value, **merged.get("properties", {})}
                elif key == "required" and isinstance(value, list):
                    merged["required"] = [*merged.get("required", ()), *value]
                else:
                    merged.setdefault(key, value)
        merged.pop("allOf", None)
        return merged

    def _target(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            msg = (
                f"The specification refers to another document ({one_line(reference)}), "
                "which is never fetched. Bundle it into one file first."
            )
            raise ConfigError(msg)
        node: Any = self._document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
            if isinstance(node, list) and key.isdigit() and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, Mapping) and key in node:
                node = node[key]
            else:
                msg = f"The specification has nothing at {one_line(reference)}. Correct the reference there."
                raise ConfigError(msg)
        return node


def one_line(text: str, longest: int = _LONGEST_NOTE) -> str:
    """Foreign text as one printable line of bounded length."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * longest]).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _is_read_only(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("readOnly") is True


def _repair(kept: dict[str, Any], node: Mapping[str, Any]) -> None:
    """Spellings of OpenAPI 3.0, and of careless authors, as JSON schema."""
    kind = kept.get("type")
    kinds = [k for k in (kind if isinstance(kind, list) else [kind]) if k in _TYPES]
    if node.get("nullable") is True and kinds and "null" not in kinds:
        kinds.append("null")
    kept.pop("type", None)
    if kinds:
        kept["type"] = kinds[0] if len(kinds) == 1 else kinds
    if kept.get("format") not in _FORMATS:
        kept.pop("format", None)
    choices = kept.get("enum")
    if not isinstance(choices, list) or not choices or len(choices) > _MOST_CHOICES:
        kept.pop("enum", None)
    for key in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        if isinstance(kept.get(key), bool) or not isinstance(kept.get(key, 0), (int, float)):
            del kept[key]

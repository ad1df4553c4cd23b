"""SQL with `:name` placeholders. Values reach the database as parameters of the driver, never as text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qwen_magics.tools.sql.names import quote_text

__all__ = ["Template"]

# Texts, quoted names, casts and array slices are skipped; what is left of `:name` is a placeholder.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|::|(?<![\w:]):(?P<name>[A-Za-z_]\w*)")
_SAMPLES = {"integer": "1", "number": "1.5", "boolean": "TRUE", "string": "'x'"}
_SAMPLE_DATE = "2000-01-01"


@dataclass(frozen=True)
class Template:
    """One SELECT with placeholders.

    Attributes:
        text: as written, without a semicolon at the end.
        parameters: JSON schema of each placeholder.
    """

    text: str
    parameters: Mapping[str, Mapping[str, Any]]

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders in order, each once."""
        return tuple(dict.fromkeys(m["name"] for m in _TOKEN.finditer(self.text) if m["name"]))

    def sampled(self, dialect: str) -> str:
        """With a literal of the right type in the place of each placeholder, for parsers and binders."""
        return _TOKEN.sub(
            lambda m: _literal(self.parameters[m["name"]], dialect) if m["name"] else m[0], self.text
        )

    def bound(self, style: str, values: Mapping[str, Any]) -> tuple[str, Any]:
        """Text and arguments as a driver takes them.

        Args:
            style: a DB-API `paramstyle`, or `dollar` for DuckDB's `$name`.
            values: of all placeholders, as JSON values.
        """
        typed = {name: _typed(self.parameters[name], values[name]) for name in self.names}
        if style in ("named", "dollar"):
            mark = ":" if style == "named" else "$"
            return _TOKEN.sub(lambda m: f"{mark}{m['name']}" if m["name"] else m[0], self.text), typed
        # To these drivers a % begins a placeholder wherever it stands, in a text as well.
        escaped = style in ("pyformat", "format")
        parts: list[str] = []
        order: list[Any] = []
        end = 0
        for found in _TOKEN.finditer(self.text):
            if not found["name"]:
                continue
            parts += [self.text[end : found.start()], ""]
            parts[-1] = {"pyformat": f"%({found['name']})s", "format": "%s"}.get(style, "?")
            order.append(typed[found["name"]])
            end = found.end()
        parts.append(self.text[end:])
        if escaped:
            parts[::2] = [part.replace("%", "%%") for part in parts[::2]]
        return "".join(parts), typed if style == "pyformat" else tuple(order)


def _literal(schema: Mapping[str, Any], dialect: str) -> str:
    if "enum" in schema:
        first = schema["enum"][0]
        return quote_text(first) if isinstance(first, str) else str(first)
    if schema.get("format") == "date":
        return quote_text(_SAMPLE_DATE) if dialect == "sqlite" else f"DATE {quote_text(_SAMPLE_DATE)}"
    return _SAMPLES[str(schema.get("type"))]


def _typed(schema: Mapping[str, Any], value: Any) -> Any:
    return datetime.date.fromisoformat(value) if schema.get("format") == "date" else value

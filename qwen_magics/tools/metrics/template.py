"""SQL with `:name` placeholders. Values reach the database as parameters of the driver, never as text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qwen_magics.tools.sql.dialects import Dialect, dialect_of

__all__ = ["Template"]

# Texts, quoted names, casts and array slices are skipped; what is left of `:name` is a placeholder.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|::|(?<![\w:]):(?P<name>[A-Za-z_]\w*)")
_SAMPLES = {"integer": 1, "number": 1.5, "boolean": True, "string": "x"}
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
        samples = {name: _sample(schema) for name, schema in self.parameters.items()}
        return self.written(samples, dialect_of(dialect))

    def written(self, values: Mapping[str, Any], dialect: Dialect) -> str:
        """With the values as literals: the same query for a person, who has no parameters to bind."""
        return _TOKEN.sub(
            lambda m: _literal(self.parameters[m["name"]], values[m["name"]], dialect) if m["name"] else m[0],
            self.text,
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


def _sample(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    return _SAMPLE_DATE if schema.get("format") == "date" else _SAMPLES[str(schema.get("type"))]


def _literal(schema: Mapping[str, Any], value: Any, dialect: Dialect) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if not isinstance(value, str):
        # A minus behind another one would begin a comment.
        return f"({value})" if value < 0 else str(value)
    text = dialect.quote_text(value)
    return f"DATE {text}" if schema.get("format") == "date" and dialect.name != "sqlite" else text


def _typed(schema: Mapping[str, Any], value: Any) -> Any:
    return datetime.date.fromisoformat(value) if schema.get("format") == "date" else value

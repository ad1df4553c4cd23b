"""Small tables for people: what `%qwen status`, `models`, `doctor`, `config`, `history` and `help` show."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Report", "of_mapping", "printable"]

# Inline, because the sanitiser of untrusted notebooks strips <style>.
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


@dataclass(frozen=True, slots=True)
class Report:
    """A titled table that knows how to be HTML and text.

    Attributes:
        title: one line above it; may be empty.
        header: column names; empty for none.
        rows: the cells; every row as long as the others.
        note: one line below; may be empty.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def text(self) -> str:
        """Aligned columns."""
        table = (
            [list(self.header), *map(list, self.rows)] if self.header else [list(row) for row in self.rows]
        )
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in table]
        return "\n".join(printable(line) for line in (self.title, *lines, self.note) if line)

    def html(self) -> str:
        """A script-free table; every cell escaped."""
        parts = [f"<strong>{html.escape(self.title)}</strong>"] if self.title else []
        parts.append('<table style="border-collapse:collapse">')
        if self.header:
            parts.append(_row(self.header, "th"))
        parts.extend(_row(row, "td") for row in self.rows)
        parts.append("</table>")
        if self.note:
            parts.append(f"<div>{html.escape(self.note)}</div>")
        return f"<div>{''.join(parts)}</div>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f'<{tag} style="{_CELL}">{html.escape(cell)}</{tag}>' for cell in cells) + "</tr>"


def of_mapping(title: str, values: Mapping[str, object], note: str = "") -> Report:
    """Names and values in two columns."""
    return Report(title, (), [(name, _shown(value)) for name, value in values.items()], note)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def printable(text: str) -> str:
    """Text without control characters: names and model output must not drive a terminal."""
    return "".join(c if c in "\n\t" or c.isprintable() or c == "\u200d" else "\ufffd" for c in text)

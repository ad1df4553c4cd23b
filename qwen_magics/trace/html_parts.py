"""Pieces of the HTML view. Every function takes raw text, escapes it, and returns complete elements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qwen_magics.trace.escape import html, one_line
from qwen_magics.trace.limits import cut_middle
from qwen_magics.trace.outline import GLYPHS
from qwen_magics.trace.table import Cell, TableView

__all__ = [
    "DIM",
    "Budget",
    "badge",
    "block",
    "error_block",
    "fact_list",
    "folded",
    "page",
    "paragraph",
    "program",
    "table",
    "told",
]

_ROOT = "line-height: 1.45; max-width: 68em"
# Not a grey: it has to do on white and on black.
DIM = "opacity: 0.72"
_TABLE = "margin: 0; border-collapse: collapse; font-size: 0.95em"
_LINE = "rgba(128,128,128,0.3)"
_PRE = (
    "margin: 4px 0 8px 0; padding: 6px 10px; background: rgba(128,128,128,0.09); border-radius: 3px; "
    "white-space: pre-wrap; overflow-wrap: break-word; overflow: auto; max-height: 30em; "
    "line-height: 1.4; font-size: 0.93em"
)
_COLOURS = {
    "ok": "#2e9e5b",
    "error": "#d9534f",
    "cancelled": "#b8860b",
    "denied": "#b8860b",
    "truncated": "#b8860b",
    "running": "#4a90d9",
}
_QUOTED = re.compile(r"`([^`]{1,120})`")
_LONGEST_BLOCK = 20_000
_LONGEST_VIEW = 600_000
_LONGEST_OPEN_PROGRAM = 1_500


class Budget:
    """How many characters of long texts the view may still show: a page must stay quick to open."""

    def __init__(self, room: int = _LONGEST_VIEW) -> None:
        self._room = room

    def take(self, text: str) -> str:
        shown = cut_middle(text, min(_LONGEST_BLOCK, max(self._room, 200)))
        self._room -= len(shown)
        return shown


def badge(status: str) -> str:
    """The glyph of a status; the word stands beside it or in its title."""
    style = f"color: {_COLOURS[status]}; font-weight: bold"
    return f'<span title="{status}" style="{style}">{GLYPHS[status]}</span>'


def page(parts: Sequence[str]) -> str:
    """One output around finished HTML."""
    body = "\n".join(parts)
    return f'<div class="qm-trace mathjax_ignore tex2jax_ignore" style="{_ROOT}">\n{body}\n</div>'


def paragraph(inside: str) -> str:
    """A paragraph around finished HTML."""
    return f'<p style="margin: 0 0 6px 0">{inside}</p>'


def block(text: str, budget: Budget) -> str:
    """Text as it is, in a box that scrolls when it is long."""
    code = f'<code style="background: transparent; padding: 0">{html(budget.take(text))}</code>'
    return f'<pre style="{_PRE}">{code}</pre>'


def program(code: str, budget: Budget) -> str:
    """A program, laid out already; open if it is short."""
    shown = block(code, budget)
    if len(code) <= _LONGEST_OPEN_PROGRAM:
        return shown
    return folded(f"The program ({len(code):,} characters)", shown)


def folded(title: str, inside: str, *, opened: bool = False) -> str:
    """Finished HTML behind a line that opens it."""
    summary = f'<summary style="cursor: pointer"><span style="{DIM}">{html(title)}</span></summary>'
    return f'<details{" open" if opened else ""} style="margin: 2px 0 4px 0">{summary}{inside}</details>'


def error_block(error: Mapping[str, str]) -> str:
    """Type, message and hint of a failure."""
    kind, message, hint = (error.get(key, "") for key in ("type", "message", "hint"))
    parts = [f"<strong>{badge('error')} {html(one_line(kind, 80))}</strong>"] if kind else [badge("error")]
    parts.append(told(message, 1_000))
    if hint:
        parts.append(f"<em>{told(hint, 500)}</em>")
    style = f"margin: 2px 0 8px 0; padding: 4px 0 4px 10px; border-left: 3px solid {_COLOURS['error']}"
    return f'<p style="{style}">' + " ".join(parts) + "</p>"


def told(message: str, most: int) -> str:
    """A message on one line; what it quotes in backticks is set as code."""
    return _QUOTED.sub(r"<code>\1</code>", html(one_line(message, most)))


def fact_list(facts: Mapping[str, str]) -> str:
    """Names with values, as a small table without stripes."""
    rows = "".join(
        f'<tr style="background: transparent"><th style="{_cell("left")}">{html(one_line(key, 60))}</th>'
        f'<td style="{_cell("left")}; max-width: none">{html(one_line(value, 1_000))}</td></tr>'
        for key, value in facts.items()
    )
    return f'<table style="{_TABLE}"><tbody>{rows}</tbody></table>'


def table(view: TableView) -> str:
    """A table preview: numbers to the right, missing values dim, what is not shown said below."""
    if not view.columns:
        return ""
    aligned = ["right" if column.numeric else "left" for column in view.columns]
    head = "".join(
        f'<th style="{_cell(side)}; border-bottom: 1px solid {_LINE}">{html(column.name)}</th>'
        for side, column in zip(aligned, view.columns, strict=True)
    )
    body = "\n".join(
        '<tr style="background: transparent">' + "".join(map(_td, row, aligned)) + "</tr>"
        for row in view.rows
    )
    remark = view.remark or ("" if view.rows else "no rows")
    note = f'<p style="margin: 0 0 8px 0"><small style="{DIM}">{html(remark)}</small></p>' if remark else ""
    drawn = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    scrolling = "overflow: auto; margin: 2px 0 6px 0"
    return f'<div style="{scrolling}"><table style="{_TABLE}">\n{drawn}</table></div>{note}'


def _cell(side: str) -> str:
    return f"text-align: {side}; padding: 2px 14px 2px 0; vertical-align: top; max-width: 36em"


def _td(cell: Cell, side: str) -> str:
    exact = f' title="{html(cell.exact)}"' if cell.exact else ""
    shown = f'<em style="opacity: 0.55">{html(cell.text)}</em>' if cell.null else html(cell.text)
    # Where styles are taken out, `align` may still be there.
    bare = ' align="right"' if side == "right" else ""
    return f'<td{bare} style="{_cell(side)}"{exact}>{shown}</td>'

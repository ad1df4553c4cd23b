"""How much of a run is kept. A notebook is loaded as a whole, so traces stay small; what is cut says so."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits", "cut_middle", "cut_text"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Most characters, items and levels of the parts of a trace.

    Attributes:
        text: characters of a prompt, completion, grammar or program.
        cell: characters of a string inside a table.
        line: characters of a name, message or key.
        items: entries of a list or object, rows of a table among them.
        depth: levels of lists and objects in a span's data.
        nodes: values in one field of a span's data.
        spans: spans of a trace; the first ones and the newest are kept.
        total: characters of the JSON text of a trace; beyond, texts and tables are cut harder.
    """

    text: int = 60_000
    cell: int = 1_000
    line: int = 2_000
    items: int = 500
    depth: int = 8
    nodes: int = 20_000
    spans: int = 12_000
    total: int = 2_000_000


DEFAULT_LIMITS = Limits()


def cut_text(text: str, most: int) -> str:
    """The beginning of a long text, and how much is missing.

    >>> cut_text("abcdefgh", 3)
    'abc… [5 characters cut]'
    """
    return text if len(text) <= most else f"{text[:most]}… [{len(text) - most:,} characters cut]"


def cut_middle(text: str, most: int) -> str:
    """Beginning and end of a long text: of a prompt both matter, the rules and the question."""
    if len(text) <= most:
        return text
    tail = most // 3
    return f"{text[: most - tail]}\n… [{len(text) - most:,} characters cut] …\n{text[-tail:] if tail else ''}"

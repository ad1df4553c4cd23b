"""Two texts side by side as lines, those that differ marked with `-` and `+`."""

from __future__ import annotations

from difflib import SequenceMatcher

__all__ = ["line_diff"]

# Beyond, comparing every line with every other would take seconds.
_MOST_LINES = 2_000


def line_diff(before: str, after: str, *, context: int = 2) -> str:
    """The lines that differ, with `context` equal lines around them; empty if the texts are equal.

    >>> print(line_diff("SELECT a\\nFROM t", "SELECT b\\nFROM t"))
    - SELECT a
    + SELECT b
      FROM t
    """
    if before == after:
        return ""
    old, new = before.splitlines()[:_MOST_LINES], after.splitlines()[:_MOST_LINES]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    parts: list[str] = []
    for group in matcher.get_grouped_opcodes(context):
        if parts or group[0][1] > 0:
            parts.append("  ⋮")
        for tag, i, j, k, m in group:
            parts += [f"  {line}" for line in old[i:j]] if tag == "equal" else []
            parts += [f"- {line}" for line in old[i:j]] if tag in ("replace", "delete") else []
            parts += [f"+ {line}" for line in new[k:m]] if tag in ("replace", "insert") else []
    # Texts that differ in their ends of lines only, or beyond the lines that were looked at.
    return "\n".join(parts) or "  (they differ in white space, or after the first lines)"

"""Text from models, tools and data, made harmless for each place where it is shown.

What a reader cannot see can deceive: control characters, ANSI escapes, bidirectional overrides and invisible
characters are written out.
"""

from __future__ import annotations

import html as _html
import re

__all__ = ["fenced", "html", "markdown", "one_line", "visible"]

# Bidirectional controls (they reorder what is read), invisible ones, line separators, half surrogate pairs,
# and the tag characters that hide whole texts. Zero-width joiners stay: emoji and several scripts need them.
_HIDDEN = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\x80-\x9f\ud800-\udfff]"
)
_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"} | {127: "\u2421"}

# What some Markdown reader acts upon inside a word: links, mentions, math. In a code span nothing acts.
_ACTIVE = re.compile(r"(?i)\S*(?::/|www\.|[@$\\]|(?:javascript|data|mailto|xmpp):|`)\S*")
# What acts anywhere in a word; an underscore inside of one does not. Then what acts at the start of a line.
_ANYWHERE = re.compile(r"[*\[\]~|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_AT_START = re.compile(r"^(?=[#+=-])|^(\d{1,9})(?=[.)]$)")
_CODE_WORD = re.compile(r"(`[^`\s]+`)([.,;:?!)]*)")


def visible(text: object) -> str:
    """The text with every control, bidirectional and invisible character written out.

    >>> visible("a\\x1b[31mb\\u202ec")
    'a␛[31mb⟦U+202E⟧c'
    """
    kept = str(text).replace("\r\n", "\n").translate(_CONTROLS)
    return _HIDDEN.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", kept)


def one_line(text: object, most: int = 200) -> str:
    """Visible text on one line, at most `most` characters long."""
    joined = " ".join(visible(str(text)[: 4 * most]).split())
    return joined if len(joined) <= most else joined[: most - 1].rstrip() + "…"


def html(text: object) -> str:
    """For HTML, between tags and inside a quoted attribute."""
    return _html.escape(visible(text), quote=True)


def markdown(text: object) -> str:
    """For a line of Markdown: no markup, link, image, mention, math or HTML of it acts."""
    line = " ".join(visible(text).split())
    return "".join(_inert(part) for part in re.split(r"(\s+)", line))


def fenced(text: object, language: str = "") -> str:
    """A code block; its fence is longer than any run of backticks inside."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _inert(word: str) -> str:
    code = _CODE_WORD.fullmatch(word)
    if code:
        return code[1].replace("|", "¦") + code[2]
    if _ACTIVE.fullmatch(word):
        return _code_span(word)
    word = _ANYWHERE.sub(lambda match: f"\\{match[0]}", _AT_START.sub(r"\1\\", word))
    return _html.escape(word, quote=False)


def _code_span(word: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", word)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if word[0] == "`" or word[-1] == "`" else ""
    # In a table a bar ends the cell even in a code span; escaped, its backslash shows everywhere else.
    return f"{ticks}{pad}{word}{pad}{ticks}".replace("|", "¦")

"""Short ways of saying what a cross table has down and across: "channel (rows) and status (columns)"."""

from __future__ import annotations

import re

__all__ = ["laid_out"]

_SIDE = r"((?:(?!by\b|of\b|and\b|with\b|against\b|for\b|per\b)[\w-]+ ?){1,3}?)"
_ROWS = r"(?:rows?|lines?|down(?:wards)?|vertical(?:ly)?|left|index|first column)"
_COLUMNS = r"(?:columns?|column headings?|headings?|across|horizontal(?:ly)?|top)"
_AS = r"(?:as |in |on |along |down |across |at |for )?(?:the )?(?:different |own )?"
_STOP = r"(?=\s*(?:[,;.:)!?]|\b(?:and|in|for|with|where|then)\b|$))"
# Each with what it stands for: "channel as rows".
_MARKED = tuple(
    (re.compile(pattern, re.IGNORECASE), rf"\1 as {side}")
    for word, side in ((_ROWS, "rows"), (_COLUMNS, "columns"))
    for pattern in (
        rf"\b{_SIDE} ?\({_AS}{word}\)",
        rf"\b{word} ?[:=] ?(?:the )?{_SIDE}{_STOP}",
        rf"\b{word} (?:are|is|should be|shall be|being|show|from|hold) (?:the |each |every )?{_SIDE}{_STOP}",
    )
)
_BOTH = (
    re.compile(r"\bas rows\b", re.IGNORECASE),
    re.compile(r"\bas columns\b", re.IGNORECASE),
)


def laid_out(question: str) -> str:
    """The question with such words written out, if both sides are said; else as it is.

    "Show these columns: name" alone is about no cross table.

    >>> laid_out("Count orders by channel (rows) and status (columns)")
    'Count orders by channel as rows and status as columns'
    """
    said = question
    for pattern, instead in _MARKED:
        said = pattern.sub(instead, said)
    return said if all(side.search(said) for side in _BOTH) else question

"""Short ways of saying what a cross table has down and across: "channel (rows) and status (columns)",
"tabulate channel against status", "new, good and worn as columns".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["is_tabulated", "laid_out", "members_named"]

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
_TABULATED = (
    r"\b(?:cross[- ]?tab(?:ulat\w*|s)?|cross[- ]?class\w+|tabulat(?:e|ed|ing)"
    r"|(?:cross|contingency|two[- ]way|frequency)[- ](?:tables?|tabulations?))(?: of| for)?,? "
    r"(?:the |all |our )?"
)
_NAME = r"((?:(?!(?:by|of|and|with|against|for|per|in|as|over|the)\b)[\w-]+ ?){1,3}?)"
_END = r"(?=\s*(?:[,.;:()!?]|\b(?:in|of|from|for|with|where|as counts|over|among)\b|$))"
# The one goes down and the other across: "tabulate X against Y", "a cross table of orders by X and Y".
_AGAINST = (
    re.compile(rf"{_TABULATED}{_NAME} (?:against|versus|vs\.?|with|×|x|by) (?:the )?{_NAME}{_END}", re.I),
    re.compile(rf"{_TABULATED}{_NAME} and (?:the )?{_NAME}{_END}", re.IGNORECASE),
    re.compile(
        rf"{_TABULATED}(?:[\w-]+ ){{1,4}}?by (?:the )?{_NAME} and (?:by )?(?:the )?{_NAME}{_END}", re.I
    ),
)
_SIDES_SAID = re.compile(
    r"\b(?:(?:as|in|for|on|into) (?:the )?(?:rows|lines|columns?)|across|down)\b"
    r"|\b(?:rows?|lines?) (?:for|per|of)\b|\bcolumns? (?:for|per|of) (?!(?:the |a )*(?:total|sum))",
    re.IGNORECASE,
)
_LAID_END = (
    r"(?= (?:as|in|for|into|on)(?: the)? (?:columns?|rows|lines|own)\b| across\b| down\b| side by side\b)"
)


def is_tabulated(question: str) -> bool:
    """Whether the question speaks of a table of counts by name, whatever is in its cells."""
    return re.search(_TABULATED, question, re.IGNORECASE) is not None


def members_named(question: str, tables: Sequence[Table]) -> str:
    """The question with a list of members that go down or across as the name of their column.

    Such as "new, good and worn as columns" of a column `condition` that has these values.
    """
    for column in (column for table in tables for column in table.columns):
        members = [value.strip("'") for value in column.categories or ()]
        if len(members) < 2:
            continue
        one = rf"(?:the )?[\"']?(?:{'|'.join(map(re.escape, sorted(members, key=len, reverse=True)))})[\"']?"
        listed = rf"\b{one}(?:(?:, ?(?:and |or )?| and | or | & ){one})+\b{_LAID_END}"
        question = re.sub(listed, lambda _, name=column.name: name, question, flags=re.IGNORECASE)  # type: ignore[misc]
    return question


def laid_out(question: str) -> str:
    """The question with such words written out, if both sides are said; else as it is.

    "Show these columns: name" alone is about no cross table.

    >>> laid_out("Count orders by channel (rows) and status (columns)")
    'Count orders by channel as rows and status as columns'
    """
    said = question
    for pattern, instead in _MARKED:
        said = pattern.sub(instead, said)
    if all(side.search(said) for side in _BOTH):
        return said
    if _SIDES_SAID.search(question):
        return question
    for pattern in _AGAINST:
        if pattern.search(question):
            return pattern.sub(r"Cross table, \1 as rows, \2 as columns", question, count=1)
    return question

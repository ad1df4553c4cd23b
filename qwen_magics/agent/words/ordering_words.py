"""Words of a question that only say in which order the rows are to come: "Most frequent first."

They read like the kinds of questions that ask for the most frequent one, the highest or the last, of which
worked examples would then be shown. What follows "start with" and the like in the middle of a sentence may
be the question itself (how many, largest first, make up half?), so only what ends a sentence is left out.
"""

from __future__ import annotations

import re

__all__ = ["unordered"]

_END = r"(?=\s*(?:[.;?!)]|$|[,\u2013\u2014] *(?:please|thanks|thank you)\b))"
_BOUND = r"(?:(?<=[.;:?!(])\s*|[,\u2013\u2014-]\s+(?:and |but )?|^\s*)"
_CUT = "\0"
_WORDS = r"(?:[\w'\u2019-]+ ){0,6}?"
_EXTREME = (
    r"(?:most|least|more|fewest|best|worst|top|bottom|maximum|minimum|largest|smallest|biggest|highest|lowest"
    r"|greatest|latest|earliest|newest|oldest|busiest|commonest|dearest|cheapest|heaviest|lightest|longest"
    r"|shortest|richest|poorest|strongest|weakest|warmest|coldest|fastest|slowest|youngest|recent|[a-z]{3,}est)"
)
_DIRECTION = (
    r"(?:(?:in )?(?:descending|ascending|decreasing|increasing|falling|rising|alphabetical|chronological"
    r"|reverse|numerical|calendar) (?:\w+ )?order(?: (?:of|by) [^.;?!()]{1,40}?)?"
    r"|(?:in )?order of (?:decreasing|increasing|descending|ascending|falling|rising) [^.;?!()]{1,40}?"
    rf"|from (?:the )?{_EXTREME} (?:{_WORDS})?to (?:the )?{_EXTREME}(?: \w+)?"
    r"|from (?:top to bottom|high to low|low to high|a to z|z to a))"
)
_SORTED = (
    r"(?:please )?(?:(?:sort|order|list|arrange|show|return)(?:ed)?(?: (?:it|them|these|the (?:list|result"
    r"|results|rows|output|table)))?(?: by [^.;?!()]{1,60}?)?)"
)
_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "Most frequent first.", ", with the largest amount at the top", "(highest mean last)".
        rf"{_BOUND}(?:with )?(?:the )?(?:\w+ (?:with|that ha(?:s|ve)) (?:the )?)?{_EXTREME}\b ?{_WORDS}"
        rf"(?:(?:is |are |comes? |come |being |to come |goes |should (?:be|come) )?(?:first|last)"
        rf"|(?:on|at|to|in) (?:the )?(?:very )?(?:top|bottom|beginning|front|head)){_END}",
        # ", in descending order of price", "Sort from the most to the least."
        rf"{_BOUND}(?:{_SORTED},? )?{_DIRECTION}{_END}",
        # One by which rows follow one another, "ordered by day", may be what a running total goes by.
        rf"{_BOUND}(?:please )?(?:sorted|ordered|sort|order|arranged|arrange)(?: (?:it|them|these|the \w+))? "
        rf"(?:by|with|on) (?!which\b)[^.;?!()]{{0,30}}?\b{_EXTREME}\b[^.;?!()]{{0,30}}?{_END}",
        # "Start with the one that has the most": a sentence of its own.
        rf"(?:(?<=[.;?!(])\s*)(?:please )?(?:start|begin|starting|beginning|list|put) "
        rf"(?:with|from|at) (?:the )?[^.;?!(),]{{0,30}}?{_EXTREME}\b[^.;?!(),]{{0,30}}?{_END}",
    )
)


def unordered(question: str) -> str:
    """The question without the phrases that order its rows; the question itself if nothing else is in it.

    >>> unordered("How many tickets are there of each kind? Most frequent first.")
    'How many tickets are there of each kind?'
    """
    rest = question
    for pattern in _PHRASES:
        # With the brackets or the full stop that is theirs alone.
        rest = re.sub(rf"\s*\({_CUT}\)|(?<=[.;:?!]){_CUT}\s*[.;]|{_CUT}", "", pattern.sub(_CUT, rest))
    return rest.strip() if re.search(r"\w+\W+\w+", rest) else question

"""Does a question's last clause ask for one number, whatever was said of each thing before it?

"Take the range of each day. On how many days was it above ten?": the days are gone through on the way, and
one number is right. "For each day, how many readings?" asks for a number of each.
"""

from __future__ import annotations

import re

__all__ = ["asks_one_number"]

_AT = r"(?:(?:on|in|for|of|to|at|by|during|from|with) )?"
_COUNT = (
    rf"(?:{_AT}how (?:many|much|often|high|low|large|big|long|far)\b"
    rf"|{_AT}what (?:percent(?:age)?|per cent|share|fraction|proportion)\b"
    r"|(?:count|give|give me|tell me|find|report|state|return|show|i want|what(?: is|['’]s| was)) "
    r"(?:only )?(?:the |how many )?(?:number|count|percentage|share|fraction|proportion|tally)\b"
    r"|count (?:the|how many|those|only)\b"
    r"|what(?: is|['’]s| was) the (?:average|mean|median|sum|total|largest|smallest|highest|lowest)"
    r" (?:of|over) (?:all |the |these |those )*(?:\w+ )?(?:\w+s|them)\b"
    r"|what(?: is|['’]s| was) the (?:largest|biggest|smallest|highest|lowest|greatest)(?: \w+){1,3}\?)"
)
_THEN = r"(?:(?:and|then|now|so|also|after that|next|next,) )*(?:please )?"
# What stands before the question: a step on the way, not the group that is asked about.
_STEP = (
    r"^\W*(?:(?:please|first|now|let us|let['’]s|if (?:you|we)|when|after|by) )*"
    r"(?:take|taking|given|using|use"
    r"|work out|working out|compute|computing|calculate|calculating|sum|summing|add|adding|average|averaging"
    r"|consider|considering|determine|determining|build|form|let|suppose|based on|going by)\b"
    r"(?! (?:for )?(?:each|every)\b)"
)
_GROUPED = re.compile(
    r"\b(?:each|every|per(?! ?cent)|respectively|which|whose|and how)\b|\bby \w+[.?]?$", re.I
)
_ASKS = re.compile(rf"^\W*{_THEN}{_COUNT}", re.IGNORECASE)
_LATER = re.compile(rf"{_STEP}[^.?!]*[,;:–—-] ?{_THEN}({_COUNT}[^.?!]*)", re.IGNORECASE)
# One thing is named for all of them: "Go through each shop. How many sales has it?"
_OF_IT = re.compile(
    r"\b(?:of it|has it|does it|did it|it (?:has|had|have|got)|do they|did they|have they)\b", re.I
)


def asks_one_number(question: str) -> bool:
    """Whether the clause that asks wants one number, and speaks of no groups.

    >>> asks_one_number("Take the total of each shop. How many shops are above the average?")
    True
    >>> asks_one_number("For each shop, how many sales are there?")
    False
    """
    sentences = [s for s in re.split(r"(?<=[.?!;])\s+", question.strip()) if re.search(r"\w", s)]
    asking = [sentence for sentence in sentences if _ASKS.search(sentence)]
    if len(sentences) == len(asking) or not asking:
        later = _LATER.search(question)
        return later is not None and _GROUPED.search(later[1]) is None
    return not any(_GROUPED.search(sentence) or _OF_IT.search(sentence) for sentence in asking)

"""What stands at the telling places of a question: behind "each", behind "how many different", and before
"with the most". The same places are found in a worked example, so that what plays a part there is what
stands in its place here.
"""

from __future__ import annotations

import re

__all__ = ["ANY", "FIRST", "SECOND", "TEXT", "phrases"]

# No places: the text that the question names first, the columns of any kind that it names first and second,
# and the first one if no number is named.
TEXT, FIRST, SECOND, ANY = "text", "first", "second", "any"

# A few words, up to the next such place.
_END = r"(?!(?:each|every|per|within|by|with|of|in|for|has|have|had)\b)"
_WORDS = rf"((?: [\"'(]?{_END}[\w@]+){{1,3}})"
_BY = r"(?<!ordered )(?<!sorted )(?<!ranked )(?<!divided )by(?! (?:how|at|more|less|up|far|the)\b)"
_MOST = (
    r"(?:most|fewest|least|best|worst|greatest|highest|lowest|largest|smallest|biggest|longest|shortest"
    r"|oldest|youngest)"
)
_READ = 800
# In order of how sure they are.
_PLACES = {
    "different": re.compile(
        rf"\b(?:different|distinct|unique|(?:kinds|types|sorts) of){_WORDS}", re.IGNORECASE
    ),
    "row": re.compile(
        rf"\brows? (?:per|for (?:each|every|the|all)|of){_WORDS}"
        rf"|{_WORDS}(?: (?:as|in|into|for|make)(?: the)? rows?| down(?: the side)?)\b",
        re.IGNORECASE,
    ),
    "column": re.compile(
        rf"\bcolumns? (?:per|for (?:each|every|the|all)|of){_WORDS}"
        rf"|{_WORDS}(?: (?:as|in|into|for|make)(?: the)? columns?| across)\b",
        re.IGNORECASE,
    ),
    "each": re.compile(
        rf"\b(?:each|every|per|within|for all(?: the)?|for any(?: one)?|separately for the|{_BY}){_WORDS}",
        re.IGNORECASE,
    ),
    "ranked": re.compile(
        r"\b(?:the|what|which|whose)((?: [\w@]+){1,4}?)(?:,? (?:that|which))?"
        r" (?:with|has|had|have|having|saw|got|made|shows?|recorded)"
        rf"(?: by far)?(?: the)? (?:\w+ )?{_MOST}\b"
        rf"|\b(?:most|least) (?:common|frequent|popular|used|often used){_WORDS}",
        re.IGNORECASE,
    ),
}


def phrases(text: str) -> dict[str, str]:
    """The words at each place that the text has, joined where it has it several times.

    >>> phrases("How many different crops does the farm with the most fields grow?")["different"]
    ' crops does the'
    >>> phrases("How many different crops does the farm with the most fields grow?")["ranked"]
    ' farm'
    """
    # Other blanks would make the patterns try many ways.
    read = " ".join(text[:_READ].split())
    found = {place: pattern.findall(read) for place, pattern in _PLACES.items()}
    return {place: " ".join(map("".join, said)) for place, said in found.items() if said}

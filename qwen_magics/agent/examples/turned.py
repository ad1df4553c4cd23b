"""A worked example the question's way round: its lowest for the highest there, its total for the average.

A small model copies DESC and AVG of an example as well as its columns. Where example and question each leave
no doubt about the way round, or about what is computed, the question's takes the example's place.
"""

from __future__ import annotations

import re

__all__ = ["turned"]

_LOW = (
    r"(?:lowest|least|fewest|smallest|cheapest|shortest|lightest|coldest|coolest|slowest|weakest|poorest|driest"
    r"|narrowest|thinnest|calmest|shallowest|minimum|minimal)"
)
_HIGH = {
    "the most sales": "the fewest sales",
    "highest": "lowest",
    "largest": "smallest",
    "most common": "least common",
}
# Whatever else is a superlative, or puts two ends side by side, leaves a doubt.
_OTHER = re.compile(
    r"\b(?:most|maximum|maximal|best|worst|top|peak|bottom|\w{2,}est)\b(?<!\brest)", re.IGNORECASE
)
_NO_SUPERLATIVE = re.compile(
    r"\b(?:at (?:least|most)|interest|forest|harvest|request|west|\w*rest|test|est|latest|earliest)\b"
    r"|\b(?:lowest|smallest|fewest|least|cheapest) first\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|earliest|oldest)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|latest|newest|youngest|most recent|recently)\b", re.IGNORECASE)
_COMPUTED = {
    "AVG": r"\b(?:averages?|means?|averaged)\b",
    "SUM": r"\b(?:totals?|sums?|summed|combined|altogether|added up|in total)\b",
    "MEDIAN": r"\bmedians?\b",
}
_WORDS = {"AVG": "average", "SUM": "total", "MEDIAN": "median"}
_OPEN = r"\((?:price|weight|rating)\)"


def turned(example: str, query: str, question: str) -> tuple[str, str]:
    """The example's question and query, the way round and with the computation of `question`.

    Args:
        example, query: as they are written, over `sales`.

    >>> turned("the product with the highest price", "… ORDER BY price DESC LIMIT 1", "the smallest car?")
    ('the product with the lowest price', '… ORDER BY price LIMIT 1')
    """
    return _recomputed(*_reversed(example, query, question), question)


def _reversed(example: str, query: str, question: str) -> tuple[str, str]:
    if "latest" in example and _FIRST.search(question) and not _LAST.search(question):
        return example.replace("latest", "first"), query.replace(" DESC", "").replace("MAX(", "MIN(")
    words = [word for word in _HIGH if word in example]
    if len(words) != 1 or query.count(" DESC") != 1 or not _is_low(question):
        return example, query
    if len(_OTHER.findall(example)) != 1:
        return example, query
    return example.replace(words[0], _HIGH[words[0]]), query.replace(" DESC", "")


def _is_low(question: str) -> bool:
    asked = _NO_SUPERLATIVE.sub(" ", question)
    low = re.compile(rf"\b{_LOW}\b", re.IGNORECASE)
    return low.search(asked) is not None and _OTHER.search(low.sub(" ", asked)) is None


def _recomputed(example: str, query: str, question: str) -> tuple[str, str]:
    asked = [name for name, said in _COMPUTED.items() if re.search(said, question, re.IGNORECASE)]
    here = [name for name, said in _COMPUTED.items() if re.search(said, example, re.IGNORECASE)]
    if len(asked) != 1 or len(here) != 1 or asked == here or "MEDIAN" in here:
        return example, query
    old, new = here[0], asked[0]
    if len(re.findall(r"\b(?:AVG|SUM|MEDIAN)\(", query)) != 1 or not re.search(rf"\b{old}{_OPEN}", query):
        return example, query
    told = re.sub(rf"\ban {_WORDS[old]}", f"a {_WORDS[old]}", example)
    told = re.sub(_COMPUTED[old], _WORDS[new], told, count=1, flags=re.IGNORECASE)
    written = re.sub(rf"\b{old}({_OPEN})", rf"{new}\1", query)
    return told, re.sub(r"\b(?:mean|total)\b", _WORDS[new], written)

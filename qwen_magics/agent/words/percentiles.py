"""Percentiles that a question names: each as it is spelled, and the share that a query has for it."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["percentiles", "without_percentiles"]

_ONE = r"(?:\d{1,2}(?:\.\d+)?(?:st|nd|rd|th)?(?: ?%)?|0?\.\d+)"
_LINK = r"(?:,? and (?:the )?|,? or (?:the )?|, ?(?:the )?| ?/ ?| to )"
_LIST = rf"(?<![\w.,$€£-]){_ONE}(?:{_LINK}{_ONE})*"
_NAME = r"(?:percentile|quantile|percent point)s?\b"
# "The 5th and the 95th percentile", "percentiles 50/95", "p90".
_SAID = re.compile(
    rf"(?P<before>{_LIST})[ -]{_NAME}|\b(?:percentile|quantile)s?:?(?: at)?"
    rf" (?P<behind>{_LIST})(?![\w%]|[.,]?\d)"
    r"|\bp(?P<short>[1-9]\d(?:\.\d)?)\b",
    re.IGNORECASE,
)
_TOP = re.compile(
    r"\b(?P<before>top (?P<share>\d{1,2}(?:\.\d+)?) ?(?:%|percent\b|per cent\b))", re.IGNORECASE
)
_ITEM = re.compile(_ONE, re.IGNORECASE)


def percentiles(text: str) -> tuple[tuple[str, str], ...]:
    """Each percentile of the text, in its order; none where one of them could be two things.

    >>> percentiles("the 5th and 97.5th percentile"), percentiles("top 10 %"), percentiles("the 5th of May")
    ((('5th', '0.05'), ('97.5th', '0.975')), (('top 10 %', '0.9'),), ())
    """
    found: list[tuple[str, str]] = []
    for said in _SAID.finditer(text):
        if said["short"]:
            found.append((said[0], _share(said["short"])))
            continue
        items = _ITEM.findall(said["before"] or said["behind"])
        found += [(item, _value(item, said[0])) for item in items]
    if not found and len(tops := list(_TOP.finditer(text))) == 1:
        found = [(tops[0][0], _share(str(100 - Decimal(tops[0]["share"]))))]
    return tuple(found) if all(value for _, value in found) else ()


def without_percentiles(text: str) -> str:
    """The text with a gap where percentiles are named, so that they are no places and no numbers of it."""
    return _SAID.sub(" ", text)


def _value(item: str, phrase: str) -> str:
    number = re.match(r"[\d.]+", item)
    if number is None:
        return ""
    if len(number[0]) == len(item) and Decimal(number[0]) < 1:
        # Half a percent or a half: only a quantile is a share.
        return _plain(Decimal(number[0])) if "quantile" in phrase.casefold() else ""
    return _share(number[0])


def _share(percent: str) -> str:
    return _plain(Decimal(percent) / 100)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if 0 < value < 1 else ""

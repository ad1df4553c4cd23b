"""What a question says of columns that are months, years or quarters: all of them, a span, or some by name.

Knows the words only; which columns a table has is told to it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

__all__ = ["LONG", "asks_all", "one_by_one", "span_of"]

LONG = re.compile(
    r"\b(long|tidy) (form(at)?|table)\b|\b(un-?pivot|melt)(ed)?\b"
    r"|\b(one|a) row (per|for each) \w+ and \w+\b|长表",
    re.IGNORECASE,
)
_LY = {"year": "(?:year|annual)ly|annual", "weekday": "daily", "month": "monthly", "quarter": "quarterly"}
_EACH = (
    r"each|every|per|all|any|by|over|across|through(?:out)?|during|whatever|whichever|regardless of"
    r"|irrespective of|in which|(?:no matter|on) (?:which|what)|which|what|twelve|12"
)
# "Every year", "over all the twelve months", "in any one month", "year by year", "monthly values".
_ALL = (
    r"\b(?:{each})(?: (?!year|month|quarter|day|weekday)[\w-]+){{0,3}} {unit}['’]?s?\b"
    r"|\b{unit}[- ](?:by|after|to|over|on)[- ]{unit}\b|\b(?:{ly})\b|\b{unit}s? with the\b"
    r"|\b(?:as|with) the {unit}s? (?:as|down|in) (?:the )?rows?\b|\brows? of {unit}\b"
)
_AMOUNT = re.compile(
    r"\b(?:averag\w*|mean|median|totals?|sum|summed|added up|overall|highest|lowest|maximum|minimum|max|min"
    r"|values?|figures?|readings?|cells?|numbers in|develop\w*|course of|trend|over time)\b",
    re.IGNORECASE,
)
# From one year to another, which is said of two columns and not of what lies between.
_CHANGE = re.compile(
    r"\b(?:by how (?:much|many)|change[sd]?|r[io]sen?|rose|f[ae]ll(?:en)?|gr[eo]wn?|growth|dropp?(?:ed)?"
    r"|increas\w*|decreas\w*|declin\w*|differ\w*|gain(?:ed)?|lost|went (?:up|down)|compar\w+|improv\w+"
    r"|shr[aiu]nk|doubled|halved)\b",
    re.IGNORECASE,
)
_YEAR = r"((?:1[5-9]|20)\d\d)"
_DASH = r"(?:-|–|—|\.\.+)"
_SPAN = re.compile(
    rf"\b(?:(?:from|the years?|years|of|in|for|over|during)\s+)*{_YEAR}\s*"
    rf"(?:{_DASH}|to|till?|until|through|thru|up to|and up to)\s*(?:the end of )?{_YEAR}\b"
    rf"|\b(?:between|from)(?: the years?)? {_YEAR} (?:and|to) {_YEAR}\b",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"\b(?:(?:in|of|for|over|during|through(?:out)?) )?(?:the )?((?:1[5-9]|20)\d0)['’]?s\b", re.IGNORECASE
)
_FROM = re.compile(
    rf"\b(?:since|from|as of|starting (?:in|with)) {_YEAR}\b(?: (?:on(?:wards?)?|forward))?", re.IGNORECASE
)
_UNTIL = re.compile(rf"\b(?:until|till?|up to|through|to) {_YEAR}\b", re.IGNORECASE)
_SHORTEST = 3  # letters of a month's or a weekday's name


def asks_all(question: str, unit: str, names: Sequence[str]) -> bool:
    """Whether the question is about all columns of `names`, or about a whole span of them.

    >>> asks_all("average of every month", "month", ["JAN", "FEB", "MAR"])
    True
    >>> asks_all("rain of JAN in every year", "month", ["JAN", "FEB", "MAR"])
    False
    """
    if LONG.search(question):
        return True
    span, rest = _spanned(question, unit, names)
    if _is_named(rest, unit, names):
        return False
    said = _ALL.format(each=_EACH, unit=unit, ly=_LY[unit])
    every = re.search(said, rest, re.IGNORECASE) is not None
    if span is None:
        return every
    if _CHANGE.search(rest):
        # "By how much over the years from 1990 to 2000" has two ends; "in which year" has all of them.
        return one_by_one(rest, unit)
    return every or _AMOUNT.search(rest) is not None


def one_by_one(question: str, unit: str) -> bool:
    """Whether each of the columns is told apart in the answer.

    >>> one_by_one("yearly averages", "year"), one_by_one("average over all years", "year")
    (True, False)
    """
    said = rf"\b(?:(?:each|every|per|by|which|what)(?: \w+)? {unit}|{unit}[- ]by[- ]{unit}|{_LY[unit]})\b"
    return re.search(said, question, re.IGNORECASE) is not None


def span_of(question: str, unit: str, names: Sequence[str]) -> tuple[str, str] | None:
    """The first and the last of the columns that the question bounds; None where it bounds none.

    >>> span_of("each year from 1991 to 1993", "year", ["1990", "1991", "1992", "1993", "1994"])
    ('1991', '1993')
    """
    return _spanned(question, unit, names)[0]


def _spanned(question: str, unit: str, names: Sequence[str]) -> tuple[tuple[str, str] | None, str]:
    """The span, and the question without it."""
    if unit != "year":
        return None, question
    years = {name.lstrip("yY"): name for name in names}
    for pattern in (_SPAN, _DECADE, _FROM, _UNTIL):
        found = list(pattern.finditer(question))
        if len(found) != 1:
            continue
        said = [part for part in found[0].groups() if part]
        first, last = _ends(pattern, said, sorted(years))
        rest = question[: found[0].start()] + " " + question[found[0].end() :]
        if first in years and last in years and first < last:
            return (years[first], years[last]), rest
    return None, question


def _ends(pattern: re.Pattern[str], said: Sequence[str], years: Sequence[str]) -> tuple[str, str]:
    if pattern is _DECADE:
        return said[0], str(int(said[0]) + 9)
    if pattern is _FROM:
        return said[0], years[-1]
    return (years[0], said[0]) if pattern is _UNTIL else (said[0], said[1])


def _is_named(question: str, unit: str, names: Sequence[str]) -> bool:
    """Whether a single column is named; January by JAN as well, the first quarter by Q1."""
    spelled = [*names, *(name.lstrip("yY") for name in names if unit == "year")]
    if unit in {"month", "weekday"}:
        begun = {name[:_SHORTEST].casefold() for name in names}
        # "May" is also a verb: in small letters it is none of the months.
        whole = [*calendar.month_name[1:], *calendar.day_name]
        spelled += [name for name in whole if name[:_SHORTEST].casefold() in begun and name != "May"]
    if unit == "quarter":
        spelled += [f"{place} quarter" for place in ("first", "second", "third", "fourth", "last")]
    return any(re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", question) for name in spelled)

"""The question's own figures in a worked example: its year for the example's, its ten for the three there.

A small model copies the 3 of an example as well as its columns. Where the question has as many numbers of a
kind as the example's question has, they take their places, in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qwen_magics.agent.words.percentiles import percentiles, without_percentiles

__all__ = ["SMALL_NUMBERS", "with_figures", "with_names"]

_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SMALL_NUMBERS = {word: number for number, word in enumerate(_SMALL, 2)}
_NTHS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS = {word: number for number, word in enumerate(_NTHS, 2)}
_MONTHS = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(tember)?|oct(ober)?"
    "|nov(ember)?|dec(ember)?"
)
# Days of dates, times of the day and parts of names are no figures of this kind.
_DATED = re.compile(
    rf"\b\d{{1,2}}(st|nd|rd|th)? (of )?({_MONTHS})\b|\b({_MONTHS}) \d{{1,2}}(st|nd|rd|th)?\b"
    r"|\d+[-:/.]\d+[-:/.]\d+|\b\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w.,-])(1[5-9]|20)\d\d(?![\w%]|[.,-]\d)")
_NTH = re.compile(rf"\b(?:([2-9]|10)(?:nd|rd|th)|({'|'.join(_ORDINALS)}))\b", re.IGNORECASE)
_PLAIN = re.compile(
    rf"(?<![\w.,$€£-])[$€£]?(\d+(?:,\d{{3}})*(?:\.\d+)?)(?![\w.,]*\d)\b|\b({'|'.join(SMALL_NUMBERS)})\b",
    re.IGNORECASE,
)
_DAYS = re.compile(r"\b(\d+) days?\b", re.IGNORECASE)
# A period that is a number, as the examples have it: "in week 5".
_PERIOD = re.compile(r"\bweek (\d+)\b")

# A name within a sentence, of one word or several.
_NAME = re.compile(r"(?<=[a-z,;:(] )(?!I\b)[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*")
_TIMES = re.compile(rf"({_MONTHS}|(mon|tues|wednes|thurs|fri|satur|sun)day)s?", re.IGNORECASE)
_PLACES = ("Rome", "Oslo")


@dataclass(frozen=True, slots=True)
class _Figures:
    """The numbers of a question, each as it is spelled and as a query has it."""

    years: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    plain: tuple[tuple[str, str], ...]
    shares: tuple[tuple[str, str], ...]


def with_figures(example: str, query: str, question: str) -> tuple[str, str]:
    """The example's question and query with the figures of `question`, as far as their kinds match.

    >>> with_figures("the three best shops of 2021", "… WHERE year = 2021 LIMIT 3", "top 5 cars of 1982?")
    ('the 5 best shops of 1982', '… WHERE year = 1982 LIMIT 5')
    """
    told, written = dict[str, str](), dict[str, str]()
    for (said, old), (said_there, new) in _pairs(example, question):
        numbers = _in_query(query, old, new)
        if numbers:
            told[said] = said_there
            written |= numbers
    return _put(example, told), _put(query, written)


def with_names(example: str, query: str, question: str) -> tuple[str, str]:
    """The example's question and query with the proper names of `question` for its cities, if as many.

    >>> with_names("sales in Rome", "… city = 'Rome'", "and how many in Trondheim?")
    ('sales in Trondheim', "… city = 'Trondheim'")
    """
    wanted = [place for place in _PLACES if place in query]
    found = dict.fromkeys(name for name in _NAME.findall(question) if not _TIMES.fullmatch(name))
    names = [name for name in found if "'" not in name]
    if not wanted or len(names) != len(wanted):
        return example, query
    instead = dict(zip(wanted, names, strict=True))
    return _put(example, instead), _put(query, instead)


def _pairs(example: str, question: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """The figures that stand for each other, each as it is spelled and as a number."""
    here, there = _figures(example), _figures(question)
    periods = tuple((number, number) for number in _PERIOD.findall(example))
    years = tuple((year, year) for year in there.years)
    if periods and not here.years:
        # What the examples have as week 5 is a year in most tables.
        plain = tuple(pair for pair in here.plain if pair not in periods)
        kinds = [(periods, years), (plain, there.plain)]
    else:
        kinds = [(tuple((year, year) for year in here.years), years), (here.plain, there.plain)]
    for own, other in [*kinds, (here.places, there.places), (here.shares, there.shares)]:
        if len(own) == len(other):
            yield from zip(own, other, strict=True)
        elif len(own) == 1 == len(_DAYS.findall(example)) == len(days := _DAYS.findall(question)):
            # Of several numbers, the one that is of days as well.
            yield own[0], (days[0], days[0])


def _figures(question: str) -> _Figures:
    text = without_percentiles(_DATED.sub(" ", question))
    years = tuple(dict.fromkeys(found[0] for found in _YEAR.finditer(text)))
    places = tuple(
        (found[0], found[1] or str(_ORDINALS[found[2].casefold()])) for found in _NTH.finditer(text)
    )
    plain = tuple(
        (
            found[1] or found[2],
            found[1].replace(",", "") if found[1] else str(SMALL_NUMBERS[found[2].casefold()]),
        )
        for found in _PLAIN.finditer(_YEAR.sub(" ", text))
    )
    # None and one are part of how things are said.
    plain = tuple(pair for pair in plain if pair[1] not in ("0", "1"))
    return _Figures(years, places, plain, percentiles(question))


def _in_query(query: str, old: str, new: str) -> dict[str, str]:
    """What is put for what in a query: the number; of a window or a place, the number before it."""
    forms = [(old, new)]
    if old.isdigit() and new.isdigit():
        before, other = int(old) - 1, int(new) - 1
        forms += [(f"{before} PRECEDING", f"{other} PRECEDING"), (f"OFFSET {before}", f"OFFSET {other}")]
    return {form: instead for form, instead in forms if _put(query, {form: instead}) != query or old == new}


def _put(text: str, instead: Mapping[str, str]) -> str:
    if not instead:
        return text
    # The longest first; at once, so that what was put in is not taken for a figure again.
    names = "|".join(map(re.escape, sorted(instead, key=len, reverse=True)))
    return re.sub(rf"(?<![\w.])({names})(?![\w]|\.\d)", lambda found: instead[found[1]], text)

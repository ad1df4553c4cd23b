"""What a question asks for that nothing in the data is called: reason to ask again, never to decline. Whether
such a word is a thing at all, `agent.doubts.nouns` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.adjectives import HOW
from qwen_magics.agent.words.naming import alike, words_of

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["AROUND", "implied", "nouns_of_how", "strange_counts", "strange_words", "vocabulary"]

_ASKED_FOR = re.compile(
    r"\b(?:which|what|how much|average|mean|median|total|best|worst|highest|lowest|largest|smallest|most)"
    r" ([^\W\d_]{3,})",
    re.IGNORECASE,
)
# Rates that are measured, and not counted from rows as a rate of returns is.
_RATE = re.compile(
    r"\b(mortality|fatality|unemployment|birth|literacy|inflation|interest|exchange|tax|divorce|vaccination"
    r"|obesity|humidity|turnout) rates?\b",
    re.IGNORECASE,
)
# How much warmer one is than another: no thing.
_COMPARATIVE = re.compile(r"\bhow much \w+er\b(?=[^.?!]*\bthan\b)", re.IGNORECASE)
_HOW_ASKED = re.compile(rf"\bhow ({'|'.join(HOW)})\b", re.IGNORECASE)
_SEA_LEVEL = re.compile(r"\b(?:above|below|over) (?:the )?sea(?: level)?\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b((?:wo)?men|males?|females?|boys?|girls?|(?:wo)?man)\b(?! of)", re.IGNORECASE)
_GENDERS = frozenset(
    (
        "boy",
        "female",
        "gender",
        "girl",
        "male",
        "man",
        "men",
        "sex",
        "wife",
        "woman",
        "women",
        "'f'",
        "'m'",
        "'w'",
    )
)
# A language has a capital, and so has a place that things are written in.
_TONGUE = re.compile(
    r"\b(?:written|spoken|published|printed|dubbed|sung|subtitled|translated|available|originally) in(?:to)? "
    r"((?:[A-Z][a-z]+(?:ese|ish|ian|ch|an|ic))|Greek|Latin|Hindi|Thai|Dutch|Urdu|Czech)\b"
)
_HEIGHTS = ("elevation", "altitude", "height")
_COUNTED = re.compile(r"\bhow many ([^\W\d_]{4,})", re.IGNORECASE)
_NO_THINGS = frozenset(
    (
        *("and", "are", "did", "does", "has", "have", "how", "percent", "percentage", "proportion", "share"),
        *("the", "was", "were"),
    )
)
# Counted, but no things of the data's own.
_UNITS = frozenset(
    (
        *("cases", "copies", "days", "decades", "degrees", "different", "distinct", "entries", "euros"),
        *("fewer", "hours", "inches", "items", "left", "minutes", "months", "more", "occasions", "other"),
        *("others", "people", "pieces", "records", "rows", "quarters", "seconds", "still", "there", "times"),
        *("units", "weeks", "were", "years"),
    )
)
# Words that people and models put around the name of a measure.
AROUND = frozenset(
    (
        *("average", "avg", "best", "code", "column", "count", "date", "day", "first", "highest", "id"),
        *("largest", "last", "least", "lowest", "max", "mean", "min", "most", "month", "name", "number"),
        *("per", "rate", "row", "sum", "table", "time", "top", "total", "type", "value", "year"),
    )
)


def strange_words(question: str, tables: Sequence[Table]) -> list[str]:
    """What the question asks for and no name or value resembles.

    Reason enough to ask the model again, and never to decline.
    """
    known = {word for text in vocabulary(tables) for word in words_of(text)}
    said = _COMPARATIVE.sub("", question)
    measured = (*_ASKED_FOR.findall(said), *_RATE.findall(said))
    asked = (word for word in measured if word.casefold() not in _NO_THINGS)
    found = [word for text in asked for word in words_of(text) if word not in AROUND]
    nouns = nouns_of_how(question)
    if nouns and not any(alike(noun, other) for noun in nouns for other in known):
        found.append(nouns[0])
    # Men among men only are implied by many a table; a language is not.
    found += [noun for noun in implied(question, tables) if noun == "language"]
    return [word for word in dict.fromkeys(found) if not any(alike(word, other) for other in known)]


def strange_counts(question: str, tables: Sequence[Table]) -> list[str]:
    """What is counted and no name or value resembles: "how many passengers". Units and time are no things."""
    known = {word for text in vocabulary(tables) for word in words_of(text)}
    counted = (word for word in _COUNTED.findall(question) if word.casefold() not in _UNITS | _NO_THINGS)
    found = [word for text in counted for word in words_of(text)]
    return [word for word in found if not any(alike(word, other) for other in known)]


def nouns_of_how(question: str) -> list[str]:
    """The nouns behind "how old" and the like: age, birth; and behind "above sea level"."""
    nouns = [noun for found in _HOW_ASKED.findall(question) for noun in HOW[found.casefold()]]
    return [*nouns, *_HEIGHTS] if _SEA_LEVEL.search(question) else nouns


def implied(question: str, tables: Sequence[Table]) -> dict[str, str]:
    """What a condition needs a column for, by the word that implies it: `{"gender": "men"}`.

    Nothing where a name or a value is such a word.
    """
    # The letters as values only: a column m1 tells nobody's.
    named = vocabulary(tables)
    known = {word for text in named for word in (*words_of(text), text.casefold())}
    found: dict[str, str] = {}
    people, tongue = _PEOPLE.search(question), _TONGUE.search(question)
    if people is not None and known.isdisjoint(_GENDERS):
        found |= dict.fromkeys(("gender", "sex"), people[1].casefold())
    if tongue is not None and not any(alike(word, tongue[1].casefold()) for word in known):
        found["language"] = tongue[1].casefold()
    return found


def vocabulary(tables: Sequence[Table]) -> list[str]:
    """The names of columns and tables, and the values that are known."""
    values = [
        v
        for table in tables
        for column in table.columns
        for v in (*(column.categories or ()), *column.samples)
    ]
    return [*(c.name for table in tables for c in table.columns), *(table.name for table in tables), *values]

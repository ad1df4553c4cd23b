"""Conditions that nothing in a question asks for: `continent = 'Europe'` where it speaks of the world.

Small models filter by whatever value they have in view, and copy thresholds from worked examples. Of the
1.5B's right answers in `evals/` none has such a condition. Codes and synonyms are beyond a comparison of
words: they pass where they are short, and a model that insists keeps its condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qwen_magics.agent.checks.unasked_dates import unasked_dates
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.nations import NATIONS
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.errors import QueryError

__all__ = ["follows", "unasked"]

_NAME = r"(?P<name>[A-Za-z_]\w*|\"[^\"]+\")(?:[\"']?\])?"
_TEXT = re.compile(rf"{_NAME}\s*(?P<equal>==?)\s*(?P<quote>['\"])(?P<text>(?:(?!(?P=quote)).)+)(?P=quote)")
_SQL = re.compile(r"\W*(SELECT|WITH)\b", re.IGNORECASE)
_LIST = re.compile(rf"{_NAME}(?:\s+IN\s*\(|\.isin\(\s*\[)(?P<list>\s*['\"][^()\[\]]*)[)\]]", re.IGNORECASE)
_LISTED = re.compile(r"(['\"])((?:(?!\1).)+)\1")
_CASE = re.compile(r"CASE\s+WHEN\s+([\w.\"]+)\s*=\s*'[^']*'\s+THEN", re.IGNORECASE)
_NUMBER = re.compile(rf"{_NAME}\s*(?:[<>]=?|==?)\s*(?P<number>-?\d+(?:\.\d+)?)\b(?!\s*[*/%(.])")
# Only of these the words are known.
_ENGLISH = re.compile(
    r"\b(the|of|in|how|what|which|is|are|was|were|and|for|to|by|with|on|at)\b", re.IGNORECASE
)
# A code, which stands for what the question says in words; yes and no; what a date gives.
_LET_PASS = re.compile(
    r"[A-Z\d]{1,4}|.{1,2}|.*\d.*|true|false|yes|no|(?i:(mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_PERIODS = frozenset(
    ["day", "decade", "hour", "minute", "month", "quarter", "second", "week", "weekday", "year", "dayofweek"]
)
_SAME = (
    frozenset(["female", "woman", "women", "girl", "lady", "she", "her"]),
    frozenset(["male", "man", "men", "boy", "he", "his"]),
    *NATIONS,
)
_ALIKE = 4  # letters that two words begin with, to be taken for forms of one
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SAID = {
    **{word: float(number) for word, number in NUMBERS.items()},
    **{word: float(place) for place, word in enumerate(_ORDINALS, 1)},
    **{"half": 0.5, "third": 1 / 3, "quarter": 0.25, "dozen": 12.0, "twice": 2.0, "double": 2.0, "pair": 2.0},
    **{"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "hundred": 100.0, "thousand": 1000.0},
    **{"million": 1e6, "billion": 1e9, "outlier": 3.0, "couple": 2.0, "triple": 3.0},
}
_ONE = re.compile(
    r"\b(?:an?|one|full|whole) (?:hour|minute|day|week|month|year|decade|century|thousand|million)\b",
    re.IGNORECASE,
)
# Percent and fractions, thousands, minutes and hours, days and weeks, months and years.
_FACTORS = (1, 0.01, 100, 1000, 1e6, 1e9, 60, 1 / 60, 24, 7, 12, 30, 365, 3600, 0.001)
_PERCENT, _MOST_PERCENT = 0.01, 1000


def unasked(question: str) -> Callable[[str], QueryError | None]:
    """A check of programs for one question in English; each condition is told once."""
    if not _ENGLISH.search(question) or not question.isascii():
        return lambda code: None
    words, numbers, told = _words(question), list(_numbers(question)), set[str]()
    dates = unasked_dates(question)

    def check(code: str) -> QueryError | None:
        for condition in (*_texts(code, words), *_thresholds(code, numbers), *dates(code)):
            if condition not in told:
                told.add(condition)
                message = f"Nothing in the question says {condition}."
                whole = _added_up(code, condition)
                hint = f"Write: {whole}" if whole else "Leave that condition out, unless it is meant."
                return QueryError("unasked", message, hint)
        return None

    return check


def _added_up(code: str, condition: str) -> str:
    """The query that adds a column up where it counted the rows above a number, as a part of sums of it."""
    name = re.match(r"\w+", condition)
    counted = re.compile(
        rf"SUM\(\s*CASE\s+WHEN\s+{re.escape(condition)}\s+THEN\s+1(?:\.0)?\s+ELSE\s+0(?:\.0)?\s+END\s*\)",
        re.IGNORECASE,
    )
    if name is None or counted.search(code) is None:
        return ""
    summed = re.search(rf"SUM\([^()]*\b{name[0]}\b", counted.sub("", code), re.IGNORECASE)
    return counted.sub(f"SUM({name[0]})", code) if summed else ""


def _texts(code: str, words: set[str]) -> Iterator[str]:
    """Comparisons with a text of which the question has no word."""
    across = [found[1] for found in _CASE.finditer(code)]
    # A column for each of its values: the question names the column, and its values follow.
    code = _CASE.sub(lambda found: "" if across.count(found[1]) > 1 else found[0], code)
    # One equals sign in a program of Python is an argument's.
    equal = "=" if _SQL.match(code) else "=="
    for found in _TEXT.finditer(code):
        if found["equal"] == equal and not _is_said(found["text"], words):
            yield f"{found['name']} = '{found['text']}'"
    for found in _LIST.finditer(code):
        for _, text in _LISTED.findall(found["list"]):
            if not _is_said(text, words):
                yield f"{found['name']} = '{text}'"


def _is_said(text: str, words: set[str]) -> bool:
    if _LET_PASS.fullmatch(text):
        return True
    parts = words_of(text)
    forms = {form for same in _SAME if same & set(parts) for form in same}
    return not parts or bool(forms & words) or any(_alike(p, w) for p in parts for w in words)


def _alike(part: str, word: str) -> bool:
    short = min(len(part), len(word), _ALIKE)
    return short > 1 and part[:short] == word[:short]


def _words(question: str) -> set[str]:
    return {*words_of(question), *re.findall(r"[a-z]+", question.casefold())}


def _thresholds(code: str, said: list[float]) -> Iterator[str]:
    """Comparisons with a number that the question does not have, nor one that follows from one of its own."""
    for found in _NUMBER.finditer(code):
        number = float(found["number"])
        if _PERIODS & set(words_of(found["name"])) or number in (-1, 0, 1) or follows(abs(number), said):
            continue
        yield found[0]


def follows(number: float, said: list[float]) -> bool:
    """Whether a number is one of those said, next to one, or one of them in another unit."""
    return any(
        abs(number - own) <= 1
        or any(abs(number - own * factor) < 1e-9 * max(1, number) for factor in _factors(own))
        for own in said
    )


def _factors(number: float) -> Iterator[float]:
    """Of a thousand people ten are no percent."""
    return (factor for factor in _FACTORS if factor != _PERCENT or number < _MOST_PERCENT)


def _numbers(question: str) -> Iterator[float]:
    for text in re.findall(r"\d[\d,]*(?:\.\d+)?", question):
        yield float(text.replace(",", ""))
    if _ONE.search(question):
        yield 1.0  # more than an hour, as minutes
    if re.search(r"(?i)\b(?:an|one) hour and a half\b", question):
        yield 1.5
    for word in re.findall(r"[a-z]+", question.casefold()):
        for form in (word, word.removesuffix("s")):
            if form in _SAID:
                yield _SAID[form]
            if form in _ORDINALS:  # a third is a place, too
                yield _ORDINALS.index(form) + 1.0

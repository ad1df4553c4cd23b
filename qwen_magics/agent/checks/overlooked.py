"""What a question says in so many words and a program does without: a number, a quoted text, "different".

Of the 1.5B's right programs in `evals/` none leaves out a number of two digits that its question has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qwen_magics.agent.checks.text_places import text_places
from qwen_magics.agent.checks.unasked import follows
from qwen_magics.errors import QueryError

__all__ = ["overlooked"]

_NUMBER = re.compile(r"(?<![\w.,-])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w,]*\d|\w)")
# "(1950 for the years 1950 to 1959, and so on)" says how something is to be written.
_EXAMPLE = re.compile(
    r"\b(?:e\. ?g\.|for example|for instance|such as|like) [^,;.)]*"
    # "So that AB-12 is AB", "AB-12 becomes AB".
    r"|,? ?\b(?:so that|so|such that|i\. ?e\.|meaning|that is,?) [\w.-]+ (?:is|becomes?|gives?"
    r"|counts? as|turns into) "
    r"[\w.-]+"
    r"|[\w.-]*[a-z\d]-\w[\w.-]* (?:becomes|gives|counts as|turns into|is turned into) [\w.-]+"
    r"|\([^()]*\b(?:and so on|etc|means?|stands? for|for the years)\b[^()]*\)",
    re.IGNORECASE,
)
# "Months of the year (1 to 12)": the numbers that a unit has, and no condition.
_TO = r" ?(?:to|through|till|until|up to|[-–—]|…|\.{2,3}) ?"
_WHOLE_UNIT = re.compile(
    rf"\b(?:(?:months?|january)\b[^.;?]{{0,30}}?\b0?1{_TO}12|hours?\b[^.;?]{{0,30}}?\b0{{1,2}}{_TO}2[34]"
    rf"|weeks?\b[^.;?]{{0,30}}?\b0?1{_TO}5[23]|days?\b[^.;?]{{0,30}}?\b0?1{_TO}(?:31|36[56]))(?![\w.,]*\d)",
    re.IGNORECASE,
)
_LEAST = 10  # below it, numbers are spelled, count the rows that are wanted, or say an hour
_QUOTED = re.compile(r"(?<!\w)'([^'\n]{2,40})'(?!\w)|\"([^\"\n]{2,40})\"|\u201c([^\u201d\n]{2,40})\u201d")
_LITERAL = re.compile(r"'((?:[^'\n]|'')*)'|\"([^\"\n]*)\"")
_PATTERN = re.compile(
    r"\b(?:i?like|glob|regexp\w*|contains|instr|strpos|position|starts_?with|ends_?with"
    r"|prefix|suffix|match|find|similar)\b|~",
    re.IGNORECASE,
)
_DECADES = re.compile(
    r"\b(?:each|every|per|by|which|what|all) (?:\w+ )?decades?\b|\bdecades\b", re.IGNORECASE
)
_IN_TENS = re.compile(r"\b10\b|\b10\.0|\bdecade\s*\(|'decade'|substr|left\(", re.IGNORECASE)
_DIFFERENT = re.compile(r"\bhow many (?:different|distinct|unique) ([^\W\d_]+)", re.IGNORECASE)
_DISTINCT = re.compile(r"\b(?:distinct|n?unique|group\s*by|groupby|drop_duplicates|value_counts|set)\b", re.I)


def overlooked(question: str) -> Callable[[str], QueryError | None]:
    """A check of programs for one question; each thing is told once, a model that insists has a reason."""
    asked = _WHOLE_UNIT.sub("", _EXAMPLE.sub("", question))
    numbers = [float(text.replace(",", "")) for text in _NUMBER.findall(asked)]
    numbers = [number for number in numbers if abs(number) >= _LEAST]
    quoted = ["".join(found) for found in _QUOTED.findall(question)]
    different, told = _DIFFERENT.search(question), set[str]()
    decades = _DECADES.search(question) is not None
    places = text_places(question)

    def check(code: str) -> QueryError | None:
        found = (*_numbers(numbers, code), *_quoted(quoted, code), *_uncounted(different, code))
        for problem in (*found, *places(code), *_years_for_decades(decades, code)):
            if problem.message not in told:
                told.add(problem.message)
                return problem
        return None

    return check


def _numbers(said: list[float], code: str) -> Iterator[QueryError]:
    used = [float(text) for text in re.findall(r"\d+(?:\.\d+)?", code)]
    for number in said:
        if not any(follows(abs(number), [own]) for own in used):
            message = f"The question says {number:g}, which was left out."
            yield QueryError("number_unused", message, f"Add the condition or the figure that {number:g} is.")


def _quoted(said: list[str], code: str) -> Iterator[QueryError]:
    """Whole values that the model knows by heart, where those are meant that have a text in them."""
    literals = ["".join(found) for found in _LITERAL.findall(code)]
    for text in said:
        longer = [literal for literal in literals if text in literal and literal.strip("%*") != text]
        if longer and text not in literals and not _PATTERN.search(code):
            message = f"The question says '{text}', and the program lists values that have it."
            yield QueryError("part_of_text", message, f"All values that have it: LIKE '%{text}%'.")


def _uncounted(different: re.Match[str] | None, code: str) -> Iterator[QueryError]:
    if different is not None and not _DISTINCT.search(code):
        message = f"The question asks how many different {different[1]} there are, and all rows are counted."
        yield QueryError("not_distinct", message, f"Count {different[1]} with COUNT(DISTINCT …).")


def _years_for_decades(decades: bool, code: str) -> Iterator[QueryError]:
    if decades and not _IN_TENS.search(code):
        message = "The question asks for decades, and nothing here makes decades of years."
        hint = "The decade of a year is FLOOR(year / 10) * 10, of 1987: 1980."
        yield QueryError("no_decade", message, hint)

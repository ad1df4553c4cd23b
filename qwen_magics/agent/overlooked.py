"""What a question says in so many words and a program does without: a number, a quoted text, "different".

Of the 1.5B's right programs in `evals/` none leaves out a number of two digits that its question has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qwen_magics.agent.unasked import follows
from qwen_magics.errors import QueryError

__all__ = ["overlooked"]

_NUMBER = re.compile(r"(?<![\w.,-])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w,]*\d|\w)")
_LEAST = 10  # below it, numbers are spelled, count the rows that are wanted, or say an hour
_QUOTED = re.compile(r"(?<!\w)'([^'\n]{2,40})'(?!\w)|\"([^\"\n]{2,40})\"|\u201c([^\u201d\n]{2,40})\u201d")
_LITERAL = re.compile(r"'((?:[^'\n]|'')*)'|\"([^\"\n]*)\"")
_PATTERN = re.compile(
    r"\b(?:i?like|glob|regexp\w*|contains|instr|strpos|position|starts_?with|ends_?with"
    r"|prefix|suffix|match|find|similar)\b|~",
    re.IGNORECASE,
)
_DIFFERENT = re.compile(r"\bhow many (?:different|distinct|unique) ([^\W\d_]+)", re.IGNORECASE)
_DISTINCT = re.compile(r"\b(?:distinct|n?unique|group\s*by|groupby|drop_duplicates|value_counts|set)\b", re.I)


def overlooked(question: str) -> Callable[[str], QueryError | None]:
    """A check of programs for one question; each thing is told once, a model that insists has a reason."""
    numbers = [float(text.replace(",", "")) for text in _NUMBER.findall(question)]
    numbers = [number for number in numbers if abs(number) >= _LEAST]
    quoted = ["".join(found) for found in _QUOTED.findall(question)]
    different, told = _DIFFERENT.search(question), set[str]()

    def check(code: str) -> QueryError | None:
        for problem in (*_numbers(numbers, code), *_quoted(quoted, code), *_uncounted(different, code)):
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

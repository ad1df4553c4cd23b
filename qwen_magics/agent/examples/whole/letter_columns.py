"""Texts that are compared letter by letter: the last two characters with another column, the first letters of
two names with each other.
"""

from __future__ import annotations

import re
from itertools import combinations

from qwen_magics.agent.examples.whole.letter_conditions import Letters, text_columns, text_named
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["as_another", "same_letter"]

_SIGNS = r"(?:characters?|letters?|digits?|symbols?|signs?)"
_IS = r"(?:is|are|equals?|match(?:es)?|correspond to|corresponds to|agrees? with|spells?|forms?|makes? up)"
_OTHER = re.compile(
    rf"\b(?P<side>last|final|first|leading) (?:(?P<n>\d|two|three|four|five) )?(?P<signs>{_SIGNS}) "
    rf"(?:of \w+ )?{_IS} "
    r"(?:also |exactly |equal to |the same as |identical to )*(?P<what>(?:(?:the|its|their|a|of|own|same) )*"
    r"(?:[\w-]+ ?){1,4})",
    re.IGNORECASE,
)
_BOTH_NAMES = (
    r"(?:first|given)(?: ?-?names?)? and (?:(?:an?|the|its|their) )?(?:last|family|sur)-? ?(?:names?|words?)"
)
_SAME = re.compile(
    r"\b(?:begin|start)(?:s|ning|ing)? with the same (?:letter|initial|character)\b"
    r"|\b(?:have|has|having|share|shares|sharing|with) the same (?:first letter|initial)s?\b"
    r"|\b(?:initials|first letters) (?:that )?(?:are|is) (?:the same|equal|identical)\b"
    r"|\bshar\w+ an initial\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|no|never|without|different|except)\b|n['’]t\b", re.IGNORECASE)


def as_another(question: str, table: Table, dialect: Dialect) -> Letters | None:
    """The first or the last characters of a text that are another column of the row."""
    found = _OTHER.search(question)
    if found is None or _NOT.search(question) or dialect.title not in ("DuckDB", "SQLite"):
        return None
    column = text_named(question[: found.start()], question[: found.start()], table)
    said = set(words_of(found["what"]))
    others = [
        c for c in text_columns(table) if c is not column and (own := set(words_of(c.name))) and own <= said
    ]
    if column is None or len(others) != 1:
        return None
    at_end = found["side"].casefold() in ("last", "final")
    name, other = dialect.quote_name(column.name), dialect.quote_name(others[0].name)
    columns, side = (column.name, others[0].name), "last" if at_end else "first"
    count = found["n"] or ("" if found["signs"].endswith("s") else "one")
    if not count:
        pattern = f"'%' || {other}" if at_end else f"{other} || '%'"
        told = f"have a {column.name} that {'ends' if at_end else 'begins'} with its {others[0].name}"
        return Letters(told, columns, f"{name} LIKE {pattern}")
    size = int(count) if count.isdigit() else int(NUMBERS[count.casefold()])
    part = f"SUBSTR({name}, -{size})" if at_end else f"SUBSTR({name}, 1, {size})"
    told = f"have a {column.name} of which the {side} {count} characters are the {others[0].name}"
    return Letters(told, columns, f"{part} = {other}")


def same_letter(question: str, table: Table, dialect: Dialect) -> Letters | None:
    """Two names, or the first and the last word of one, that begin with the same letter."""
    found = _SAME.search(question)
    if found is None or _NOT.search(question) or dialect.title not in ("DuckDB", "SQLite"):
        return None
    texts = text_columns(table)
    names = re.search(_BOTH_NAMES, question, re.IGNORECASE)
    pair = _pair(texts) if names is not None else _named_pair(question[: found.start()], texts)
    if pair is not None:
        one, two = (dialect.quote_name(column.name) for column in pair)
        told = f"have a {pair[0].name} and a {pair[1].name} that begin with the same letter"
        columns = (pair[0].name, pair[1].name)
        return Letters(told, columns, f"SUBSTR({one}, 1, 1) = SUBSTR({two}, 1, 1)")
    labels = [column for column in texts if column.name.casefold() in LABELS]
    if names is None or len(labels) != 1:
        return None
    name = dialect.quote_name(labels[0].name)
    last = f"SPLIT_PART({name}, ' ', -1)"
    if dialect.title == "SQLite":
        last = f"SUBSTR({name}, LENGTH(RTRIM({name}, REPLACE({name}, ' ', ''))) + 1)"
    told = f"have a {labels[0].name} of which the first and the last word begin with the same letter"
    return Letters(told, (labels[0].name,), f"SUBSTR({name}, 1, 1) = SUBSTR({last}, 1, 1)")


def _pair(texts: list[Column]) -> tuple[Column, Column] | None:
    """The columns of first and last names."""
    first = [
        c for c in texts if {"first", "given", "fore"} & set(words_of(c.name)) and "name" in c.name.casefold()
    ]
    last = [c for c in texts if {"last", "family", "surname"} & set(words_of(c.name))]
    return (first[0], last[0]) if len(first) == len(last) == 1 else None


def _named_pair(before: str, texts: list[Column]) -> tuple[Column, Column] | None:
    """Two columns with "and" between them: "whose city and country begin with the same letter"."""
    for one, two in combinations(texts, 2):
        names = [r"[ _]".join(map(re.escape, c.name.split("_"))) for c in (one, two)]
        joint = r"s? and (?:(?:an?|the|its|their) )?"
        for a, b in (names, names[::-1]):
            if re.search(rf"(?<!\w){a}{joint}{b}(?!\w)", before, re.IGNORECASE):
                return one, two
    return None

"""Texts that begin or end with a mark, a digit, a letter of a kind: "a name that ends with a period".

A small model writes the words of an example for the mark (`LIKE '%ab'`), or looks for a digit anywhere in the
text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.words.mentions import Asked
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, has_days
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["Letters", "ended", "text_columns", "text_named"]

# As people call them → the character.
_MARKS = {
    r"full stop|period|dot": ".",
    r"comma": ",",
    r"hyphen|dash": "-",
    r"question mark": "?",
    r"exclamation mark|exclamation point": "!",
    r"colon": ":",
    r"semi-?colon": ";",
    r"(?:forward )?slash": "/",
    r"hash(?:tag)?(?: sign)?|number sign": "#",
    r"plus(?: sign)?": "+",
    r"asterisk|star sign": "*",
    r"(?:closing |right )(?:bracket|parenthesis)": ")",
    r"(?:opening |left )(?:bracket|parenthesis)": "(",
    r"ampersand": "&",
    r"space|blank": " ",
}
# … → the class, and whether letters are compared in small ones.
_CLASSES = {
    r"digit|numeral|number|figure": ("0-9", False),
    r"vowel": ("aeiou", True),
    r"consonant": ("b-df-hj-np-tv-z", True),
    r"(?:capital|upper-?case) letter|capital": ("A-Z", False),
    r"(?:small|lower-?case) letter": ("a-z", False),
    r"letter(?! [A-Za-z\"'“‘]\b)": ("a-z", True),
}
_WHAT = "|".join((*_MARKS, *_CLASSES))
_SIGN = r"(?:character|letter|symbol|sign|digit|position)"
_AT = (
    re.compile(
        rf"\b(?P<side>end|finish|terminat|clos|begin|start)(?:e?s|e?d|n?ing)? (?:with|in|on) (?:an? |one )"
        rf"(?:single )?(?P<what>{_WHAT})s?\b(?! (?:of|and|or|followed|between)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<side>last|final|first|leading) {_SIGN} (?:of \w+ )?(?:is|are|was|being) (?:an? )"
        rf"(?P<what>{_WHAT})s?\b(?! (?:of|and|or|followed|between)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:an? )(?P<what>{_WHAT}) (?:as|for) (?:the|its|their) (?P<side>last|final|first) {_SIGN}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:an? )(?P<what>{_WHAT}) (?:right )?at (?:the|its|their) (?:very )?(?P<side>end|start)\b", re.I
    ),
)
_NOT = re.compile(r"\b(?:not|no|never|without|nor|except|other than|neither)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letters:
    """What is asked of a text.

    Attributes:
        told: in words, behind the name of the table.
        columns: the texts that it is about.
        condition: in SQL.
    """

    told: str
    columns: tuple[str, ...]
    condition: str


def ended(question: str, table: Table, dialect: Dialect) -> Letters | None:
    """How the text begins or ends; None where it is not asked for, not certain, or in another dialect."""
    found = next(filter(None, (pattern.search(question) for pattern in _AT)), None)
    if found is None or _NOT.search(question) or dialect.title not in ("DuckDB", "SQLite"):
        return None
    column = text_named(question[: found.start()], question, table)
    if column is None:
        return None
    at_end = re.match(r"(?i)end|finish|terminat|clos|last|final", found["side"]) is not None
    name, what = dialect.quote_name(column.name), found["what"]
    condition = _condition(name, what, at_end, dialect)
    verb = "ends" if at_end else "begins"
    return Letters(f"have a {column.name} that {verb} with a {what}", (column.name,), condition)


def text_named(before: str, question: str, table: Table) -> Column | None:
    """The text that is meant: the last one that is named before the words, or the only one of all."""
    texts = text_columns(table)
    for said in (before, question):
        asked = Asked(said, table.columns, table.name)
        named = [column for column in texts if asked.said(column)[0] >= _PLAINLY]
        if len(named) > 1:
            best = max(asked.said(column)[0] for column in named)
            named = [column for column in named if asked.said(column)[0] == best]
        if len(named) > 1:
            words = words_of(said)
            named = [c for c in named if words[-1:] and words_of(c.name)[-1:] == words[-1:]] or named
        if named:
            return named[0] if len(named) == 1 else None
    return texts[0] if len(texts) == 1 else None


_PLAINLY = 0.5


def text_columns(table: Table) -> list[Column]:
    """The columns of texts that are no dates."""
    return [c for c in table.columns if c.dtype.startswith(("VARCHAR", "TEXT", "CHAR")) and not has_days(c)]


def _condition(name: str, what: str, at_end: bool, dialect: Dialect) -> str:
    mark = next((sign for said, sign in _MARKS.items() if re.fullmatch(said, what, re.IGNORECASE)), "")
    if mark:
        return f"{name} LIKE '{f'%{mark}' if at_end else f'{mark}%'}'"
    letters, folded = next(
        found for said, found in _CLASSES.items() if re.fullmatch(said, what, re.IGNORECASE)
    )
    text = f"LOWER({name})" if folded else name
    if dialect.title == "SQLite":
        return f"{text} GLOB '{'*' if at_end else ''}[{letters}]{'' if at_end else '*'}'"
    return f"REGEXP_MATCHES({text}, '{'' if at_end else '^'}[{letters}]{'$' if at_end else ''}')"

"""Conditions on what makes no difference: "cancelled ones included", "discontinued or not", "all statuses".

Small models read the word and filter by it, or leave out what it says is to be left in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.no_matter import NO_MATTER, STATES
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["limiting", "regardless"]

_PART = r"[^,;:.()?!\u2013\u2014]"
_END = r"(?=\s*(?:[,;:.()?!\u2013\u2014]|too\b|as well\b|$))"
_OF_ROWS = (
    rf"(?P<what>{_PART}{{3,60}}?)(?<!\bnot)(?<!n't)(?<!n\u2019t) (?:included|inclusive){_END}",
    # "Including their names" is about columns, and where a condition follows it is one.
    r"(?<!not )(?<!without )\b(?:including|incl\.?|inclusive of) "
    r"(?:also )?(?!its |their |his |her |a |an |only )(?:the (?=\w+(?:ed|en|wn)\b|\w+ ones\b))?"
    rf"(?P<what>(?!the )(?:(?! (?:where|whose|if) ){_PART}){{3,60}})",
    r"\b(?:regardless|irrespective|independent(?:ly)?) of (?:the |their |its )?"
    rf"(?P<what>{_PART}{{3,60}})",
    # "Leave out whatever was cancelled" is a condition.
    r"(?<!out )(?<!skip )(?<!drop )(?<!ignore )(?<!ignoring )(?<!exclude )(?<!excluding )(?<!without )"
    r"(?<!except )\b(?:no matter|never mind|does(?: not|n't) matter|whatever|whichever) "
    rf"(?P<what>{_PART}{{3,60}})",
    rf"[,(\u2013\u2014] ?whether (?P<what>{_PART}{{3,40}}? or {_PART}{{2,40}}){_END}",
    r"(?:[,(\u2013\u2014] ?|\bwhether )(?P<what>[\w-]+(?: [\w-]+){0,2}),? "
    rf"or (?:not|non-\w+|un\w+ed|unpaid|unsold|inactive|invalid|incomplete){_END}",
    rf"\b(?:all|any|every) (?P<what>(?:\w+ )?(?:{STATES})){_END}",
)
_PHRASES = (*NO_MATTER, *(re.compile(pattern, re.IGNORECASE) for pattern in _OF_ROWS))
# Of each condition that words tell of without naming it: a column of codes.
_STATUS = frozenset(words_of("condition phase stage status"))
_SMALL = frozenset(
    (
        *("a", "all", "also", "an", "and", "any", "are", "been", "but", "by", "does", "ever", "for"),
        *("from", "had", "has", "have", "he", "in", "included", "including", "into", "is", "it", "its"),
        *("longer", "made", "matter", "never", "no", "not", "now", "of", "on", "one", "only", "or", "our"),
        *("per", "she", "still", "that", "the", "their", "them", "then", "there", "these", "they", "this"),
        *("those", "to", "was", "we", "were", "what", "when", "whether", "which", "who", "with"),
        *("without", "yet", "you", "your"),
    )
)
_ALIKE = 5
_READ = 800


def regardless(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; each condition is told once."""
    # Read once, and no farther than a question goes: each phrase is held against all the other words.
    asked = question[:_READ]
    phrases = [
        (words_of(found["what"]), words_of(f"{asked[: found.start('what')]} {asked[found.end('what') :]}"))
        for pattern in _PHRASES
        for found in pattern.finditer(asked)
    ]
    told = set[str]()

    def check(code: str) -> QueryError | None:
        for what, rest in phrases:
            for condition, without in _held(code, what, rest):
                if condition not in told:
                    told.add(condition)
                    # Its own words would make a small model write the same again.
                    message = f"{condition} leaves out rows that are asked for."
                    return QueryError("not_regardless", message, f"Leave that condition out: {without}")
        return None

    return check


def limiting(question: str) -> str:
    """The question without what makes no difference, for what looks in it for columns and values to use.

    >>> limiting("all tickets of 2020, closed or not")
    'all tickets of 2020'
    """
    for pattern in _PHRASES:
        question = pattern.sub("", question)
    return question


def _held(code: str, what: list[str], rest: list[str]) -> Iterator[tuple[str, str]]:
    """The conditions on it, each with the query that does without."""
    from sqlglot import exp

    found = editable(code) if re.search(r"\bWHERE\b", code, re.IGNORECASE) else None
    if found is None:
        return
    tree, dialect = found
    words = [word for word in what if len(word) > 2 and word not in _SMALL]
    for select in list(tree.find_all(exp.Select)):
        for condition in conjuncts(select):
            # "Portugal or discontinued": an alternative that lets in what was to be in as well.
            options = list(condition.unnest().flatten()) if isinstance(condition.unnest(), exp.Or) else []
            for part in (condition, *options):
                if _is_about(part, words, rest):
                    yield written(part, dialect), _without(tree, part, dialect)


def _is_about(condition: exp.Expr, words: list[str], rest: list[str]) -> bool:
    """Whether a condition tells apart by what the words say, and nothing else in the question asks for it."""
    from sqlglot import exp

    kinds = (exp.EQ, exp.NEQ, exp.In, exp.Is, exp.Like, exp.ILike, exp.Column)
    test = condition.unnest()
    test = test.this.unnest() if isinstance(test, exp.Not) else test
    columns = {column.name.casefold() for column in test.find_all(exp.Column)}
    if not isinstance(test, kinds) or len(columns) != 1 or test.find(exp.Query, exp.AggFunc):
        return False
    literals = list(test.find_all(exp.Literal))
    values = [literal.name for literal in literals]
    if any(not literal.is_string and literal.name not in ("0", "1") for literal in literals):
        return False
    said = [word for value in values for word in words_of(value)]
    if any(_alike(word, other) for word in said for other in rest):
        return False
    name = words_of(columns.pop())
    if _covers(said, words):
        return False
    if any(_alike(own, word) for own in (*name, *said) for word in words):
        return True
    codes = [value for value in values if value.isalpha() and len(value) <= 2]
    begun = {word[: len(code)] for code in codes for word in rest if word not in _SMALL}
    coded = bool(codes) and len(codes) == len(values) and not begun & {code.casefold() for code in codes}
    return (
        coded and bool(_STATUS & set(name)) and any(word.endswith("ed") or word in _STATUS for word in words)
    )


def _covers(said: list[str], words: list[str]) -> bool:
    """All of them listed, as in `state IN ('new', 'used')` for "whether new or used"."""
    return len([word for word in words if any(_alike(word, own) for own in said)]) > 1


def _alike(one: str, other: str) -> bool:
    """The same, or forms of one word: cancelled, cancellation."""
    short = min(len(one), len(other))
    return one == other or (short >= _ALIKE and one[:_ALIKE] == other[:_ALIKE])


def _without(tree: exp.Expr, condition: exp.Expr, dialect: str) -> str:
    from sqlglot import exp

    whole = tree.copy()
    same = next(node for node in whole.find_all(type(condition)) if node == condition)
    while isinstance(same.parent, (exp.Paren, exp.Not)):
        same = same.parent
    above = same.parent
    if isinstance(above, exp.Where):
        above.pop()
    elif isinstance(above, exp.Connector):
        above.replace(above.expression if same is above.this else above.this)
    return written(whole, dialect)

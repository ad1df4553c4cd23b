"""Rows below, or above, a part of what the best of their own group has: "cars that weigh less than half of
what the heaviest car of their origin weighs".

A small model takes the best of one group for all of them.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.measured import measured
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, MEAN
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["threshold_of_group"]

_SIGNS = (
    (r"at least|no less than|not less than", ">="),
    (r"at most|no more than|not more than", "<="),
    (r"less than|under|below|fewer than|lower than", "<"),
    (r"more than|over|above|greater than|higher than", ">"),
)
_PARTS = {
    "half": "0.5",
    "a third": "1 / 3.0",
    "one third": "1 / 3.0",
    "a quarter": "0.25",
    "two thirds": "2 / 3.0",
}
_PARTS |= {
    "three quarters": "0.75",
    "a tenth": "0.1",
    "a fifth": "0.2",
    "twice": "2",
    "double": "2",
    "three times": "3",
}
_BEST = re.compile(
    rf"(?P<sign>{'|'.join(said for said, _ in _SIGNS)}) (?:(?P<part>{'|'.join(_PARTS)})"
    rf"|(?P<number>\d+(?:\.\d+)?) ?(?:%|percent"
    r"|per ?cent))(?: of| as (?:much|high|heavy|long|large|expensive|many)(?: as)?)?(?: what| that of)?"
    r" (?:the )?(?P<what>[^.?;,]*?)"
    r"\b(?:of|in|on|from|within|among(?: those of)?|for|at) (?:its|their|his|her|the same) (?:own"
    r" )?(?P<group>\w+)"
    r"(?P<does> (?:weighs?|costs?|has|have|had|is|was|earns?|lasts?|measures?|did|does|weighed|paid))?\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\bhow many (?:of (?:the |all )?)?(?P<rows>@?\w+)\b", re.IGNORECASE)
_VERBS = (("weigh", "heaviest"), ("cost", "dearest"), ("last", "longest"))
_OTHER = re.compile(
    r"\b(?:each|every|per|which|who|and|or|but|different|distinct|total|sum|median|second|third|than|not"
    r"|share)\b|%",
    re.I,
)
_LITTLE = re.compile(
    r"\b(?:weigh\w*|costs?|ran|runs?|ha[sd]|have|is|are|was|were|that|with|an?|the|of|last|price[ds]?)\b",
    re.I,
)


def threshold_of_group(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query for how many of the table's rows, by one number."""
    best, many = _BEST.search(question), _HOW_MANY.search(question)
    if best is None or many is None or words_of(many["rows"]) != words_of(table.name)[-1:]:
        return None
    end, mean = re.search(EXTREME, best["what"], re.IGNORECASE), re.search(MEAN, best["what"], re.IGNORECASE)
    group = group_in(best["group"], table)
    rest = f"{question[: best.start()]} {question[best.end() :]}".replace(many[0], " ", 1)
    if group is None or (end is None) == (mean is None) or _OTHER.search(rest):
        return None
    phrase = f"{best['what']} {best['does'] or ''}"
    by = measured(phrase, table) or measured(rest, table)
    if by is None:
        verbs = [adjective for verb, adjective in _VERBS if re.search(rf"(?i)\b{verb}", f"{phrase} {rest}")]
        by = measured(verbs[0], table) if len(verbs) == 1 else None
    if by is None or by.column.name == group.name:
        return None
    number = by.column
    # What is said of the best: its own noun, its measure, and nothing else.
    noun = re.sub(rf"{EXTREME}|{MEAN}", " ", best["what"], flags=re.IGNORECASE)
    plain = _LITTLE.sub(" ", f"{rest} ; {noun}")
    rows = named_rows(plain, table, dialect)
    if rows is None or rows.where or says_more(plain, table):
        return None
    function = "AVG" if mean is not None else ("MAX" if by.order else "MIN")
    sign = next(s for said, s in _SIGNS if re.fullmatch(said, best["sign"], re.IGNORECASE))
    part = _PARTS[best["part"].casefold()] if best["part"] else f"{best['number']} / 100.0"
    value, key = dialect.quote_name(number.name), dialect.quote_name(group.name)
    own = f"{function}({value}) OVER (PARTITION BY {key}) AS own"
    inner = f"SELECT {value}, {own} FROM {source_of(table, dialect)}"
    query = f"SELECT COUNT(*) FROM ({inner}) AS s WHERE {value} {sign} {part} * own"
    word = {"AVG": "average", "MAX": "highest", "MIN": "lowest"}[function]
    own = f"{part} times the {word} of their {group.name}"
    told = f"how many {table.name} have a {number.name} {sign} {own}?"
    return SpelledOut(told, query, (r"\bOVER\b|\bJOIN\b|SELECT.*SELECT",))

"""Rows of one table by a condition on another one with which it is matched by several columns: how many
flights, or their average delay, at hours of less than one mile of visibility.

A small model counts the rows of the other table, or leaves out the join. It says nothing of keys: the columns
are those that the question spells, or that both tables have for place and time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.whole.each_group import measure_said
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.matched import Matched, matched_columns
from qwen_magics.agent.links.way_sources import spelled, table_of
from qwen_magics.agent.words.naming import UNITS, alike, words_of
from qwen_magics.agent.words.patterns.phrases import MEAN
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["matched_rows"]

_BELOW = r"(?:less than|lower than|smaller than|fewer than|under|below)"
_ABOVE = r"(?:more than|greater than|higher than|larger than|stronger than|over|above)"
_LIMIT = re.compile(
    rf"\b(?P<sign>{_BELOW}|{_ABOVE}|at least|at most|no more than|of exactly) (?P<limit>-?\d+(?:\.\d+)?)"
    r"(?! ?%)(?: (?:miles?|degrees?(?: (?:fahrenheit|celsius))?|inch(?:es)?|mph|knots|mm|cm|km|meters?|euros?"
    r"|dollars?|points?)\b)?(?: (?:or (?P<more>more|less|above|below|higher|lower)))?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?:how many|(?:the )?number of|count(?: the)?) (?P<thing>\w+)", re.IGNORECASE)
_MATCHING = (
    r"\b(?:match|join|link|merg|combin|connect|pair|align|look)\w*\b[^.;?!]*?\b(?:by|on|via|using|over|through)\b"
    r"[^.;?!]*?"
)
_SAME = re.compile(
    r"[(](?:the )?same [^()]*[)]|"
    r",?(?: (?:at|in|on|from|for) (?:their|its|the) \w+)? (?:at|in|on|with|of|for) the same \w+(?: (?:and|,) "
    r"(?:the same )?\w+)*",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:each|every|per ?cent\w*|percent\w*|shares?|differ\w*|ratios?|times|not|or|without|median|most"
    r"|highest|lowest|least|maximum|minimum|which|who|compare\w*|between|different|distinct|both)\b|%"
    r"|\bthan (?!-?\d)",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:late|leave|left|departed|arrived|took|taken|when|whenever|while|visibility|mile|hour|hours|two|them"
    r"|place|time|same|had|according)\b",
    re.IGNORECASE,
)
_SIGNS = {"at least": ">=", "at most": "<=", "no more than": "<=", "of exactly": "="}
_MORE = {"more": ">=", "above": ">=", "higher": ">=", "less": "<=", "below": "<=", "lower": "<="}


def matched_rows(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over both tables; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    pair = matched_columns(question, tables) if len(tables) == 2 else None
    limits = list(_LIMIT.finditer(asked))
    if pair is None or len(limits) != 1:
        return None
    said = f"{asked[: limits[0].start()]} LIMIT {asked[limits[0].end() :]}"
    last = re.escape(pair.columns[-1])
    said = re.sub(rf"(?i){_MATCHING}(?:\b{last}\b|(?=[.;?!]|$))", " ", said)
    said = _SAME.sub(" ", said)
    if _OTHER.search(said):
        return None
    read = [(one, other) for one, other in ((pair.one, pair.other), (pair.other, pair.one))]
    told = [found for one, other in read if (found := _over(said, limits[0], one, other, pair, dialect))]
    return told[0] if len(told) == 1 else None


def _over(
    said: str, limit: re.Match[str], rows: Table, other: Table, pair: Matched, dialect: Dialect
) -> Told | None:
    """What is asked of `rows`, by a condition on `other`."""
    before, _, _ = said.partition("LIMIT")
    condition = _condition_column(before, other, rows, pair.columns)
    if condition is None:
        return None
    count = _COUNT.search(said)
    rest = _drop(said.replace("LIMIT", " "), condition)
    name = dialect.quote_name
    if count is not None:
        if table_of(count["thing"], [rows, other]) is not rows:
            return None
        figure, words, number = "COUNT(*)", f"how many {rows.name}", None
    else:
        number = _figure(rest, rows, other)
        functions = [
            f for f, p in (("AVG", MEAN), ("SUM", r"\btotals?\b|\bsum\b")) if re.search(p, rest, re.I)
        ]
        if number is None or len(functions) != 1 or not {*words_of(rows.name)} <= {*words_of(said)}:
            return None
        figure = f"{functions[0]}({spelled(rows, number, dialect)})"
        words = f"{'average' if functions[0] == 'AVG' else 'total'} {number.name} of {rows.name}"
    if not _is_understood(rest, rows, other, number):
        return None
    sign = _sign(limit)
    on = " AND ".join(f"{name(rows.name)}.{name(c)} = {name(other.name)}.{name(c)}" for c in pair.columns)
    query = f"SELECT {figure} FROM {name(rows.name)} JOIN {name(other.name)} ON {on} "
    where = f"{spelled(other, condition, dialect)} {sign} {limit['limit']}"
    return Told(
        f"{words} with {other.name}.{condition.name} {sign} {limit['limit']}", f"{query}WHERE {where}"
    )


def _condition_column(before: str, other: Table, rows: Table, keys: Sequence[str]) -> Column | None:
    """The number of the other table that is compared: the last that is named before the limit."""
    words = re.findall(r"\w+", before)[-8:]
    numbers = [
        c for c in other.columns if is_number(c) and c.name not in keys and rows.column(c.name) is None
    ]
    for at in range(len(words) - 1, -1, -1):
        found = [c for c in numbers if _means(c, words[at:])]
        if found:
            return found[0] if len(found) == 1 else None
        # What is named nearer to the limit is a number of the rows themselves.
        if any(is_number(c) and c.name not in keys and _means(c, words[at:]) for c in rows.columns):
            return None
    return None


def _means(column: Column, words: Sequence[str]) -> bool:
    said = words_of(" ".join(words))
    parts = [part for part in words_of(column.name) if part not in UNITS]
    return bool(parts) and all(any(alike(part, word) and len(part) > 2 for word in said) for part in parts)


def _figure(rest: str, rows: Table, other: Table) -> Column | None:
    # "The flights" name no column `flight`.
    noun = re.escape(rows.name.removesuffix("s"))
    said = re.sub(rf"(?i)(?<!\w){noun}s?(?!\w)", " ", rest)
    found = [c for c in named_numbers(said, rows) if other.column(c.name) is None]
    if len(found) == 1:
        return found[0]
    number = measure_said(said, rows)
    return number if number is not None and other.column(number.name) is None else None


def _drop(said: str, column: Column) -> str:
    """Without the words that mean the column."""
    parts = words_of(column.name)
    bare = re.sub(r"[(][^)]*[)]", " ", said) if column.name in said else said
    return re.sub(
        r"[A-Za-z_]{3,}",
        lambda word: (
            " " if word[0] == column.name or any(alike(p, word[0].casefold()) for p in parts) else word[0]
        ),
        bare,
    )


def _is_understood(rest: str, rows: Table, other: Table, number: Column | None) -> bool:
    plain = _LITTLE.sub(" ", rest)
    if number is not None:
        parts = words_of(number.name)
        plain = re.sub(
            r"[A-Za-z_]{3,}",
            lambda w: number.name if any(alike(p, w[0].casefold()) for p in parts) else w[0],
            plain,
        )
    for table in (rows, other):
        plain = re.sub(rf"(?i)(?<!\w){re.escape(table.name)}(?!\w)", " ", plain)
    return all(limited(plain, table, DUCKDB) == "" for table in (rows, other)) and not says_more(plain, rows)


def _sign(limit: re.Match[str]) -> str:
    said = " ".join(limit["sign"].casefold().split())
    if limit["more"]:
        return _MORE[limit["more"].casefold()]
    return _SIGNS.get(said) or ("<" if re.fullmatch(_BELOW, said) else ">")

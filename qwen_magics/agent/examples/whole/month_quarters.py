"""Quarters of a table that has a column of months and no date: `(month + 2) // 3`.

A small model takes the quarter of whatever looks like a moment, a text in another time zone as well.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, number_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["month_quarters", "quarter_of_month"]

_EACH = re.compile(
    r"\b(?:of|in|for|by|per|at|from|during)(?: the)?(?: each| every)? (?:calendar )?quarter(?: of"
    r" (?:the|a) year)?\b"
    r"|\b(?:each|every) (?:calendar )?quarter(?: of (?:the|a) year)?\b|\bquarterly\b",
    re.IGNORECASE,
)
_BEST = re.compile(r"\b(?:which|what) (?:calendar )?quarter(?: of (?:the|a) year)?\b", re.IGNORECASE)
# How the result is to be written is no figure.
_FORM = re.compile(
    r",? ?\(?\b(?:with )?(?:the )?quarters? (?:as|being|numbered|written|given)\b[^.?!)]*\)?"
    r"|\(?\b(?:from )?1 (?:to|through|-|–) 4\)?|\((?:1|Q1)[^()]{0,20}4\)",
    re.IGNORECASE,
)
_COUNT = r"\b(?:how many|numbers? of|count(?:s|ed|ing)?)\b"
_FIGURES = (
    (r"\b(?:averages?|means?|avg|averaged|on average)\b", "AVG"),
    (r"\b(?:totals?|sums?|sum up|added up)\b", "SUM"),
    (r"\bmedians?\b", "MEDIAN"),
)
_ENDS = (
    (r"\b(?:highest|largest|most|greatest|longest|maximum)\b", " DESC"),
    (r"\b(?:lowest|smallest|fewest|least|shortest|minimum)\b", ""),
)
_MORE = re.compile(
    r"\b(?:each|every|percent\w*|shares?|change\w*|differ\w*|than|rank\w*|running|cumulative|previous|before"
    r"|(?:first|second|third|fourth|last) quarter|quarter of an|who|list|top|different|distinct|"
    r"correlat\w*|ratio)\b|%|\bq[1-4]\b",
    re.IGNORECASE,
)


def quarter_of_month(table: Table, dialect: Dialect = DUCKDB) -> str:
    """The expression, where the table has whole months and neither quarters nor dates; else nothing."""
    month = table.column("month")
    dated = any(column.dtype.startswith(("DATE", "TIMESTAMP")) for column in table.columns)
    if month is None or dated or table.column("quarter") is not None or "INT" not in month.dtype.upper():
        return ""
    name = dialect.quote_name(month.name)
    if dialect.name == "duckdb":
        return f"({name} + 2) // 3"
    return f"FLOOR(({name} + 2) / 3)" if dialect.title != "SQLite" else f"({name} + 2) / 3"


def month_quarters(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query of a number of rows, or a figure of one column, by quarter; or the quarter with the most."""
    quarter, asked = quarter_of_month(table, dialect), _FORM.sub(" ", question)
    place = _BEST.search(asked) or _EACH.search(asked)
    if not quarter or place is None:
        return None
    best, rest = _BEST.search(asked) is not None, f"{asked[: place.start()]} {asked[place.end() :]}"
    year = re.search(
        r"(?i)^\W*(?:of|in|for) (?:each|every) year\b|\band (?:of )?(?:each )?year\b", rest[place.start() :]
    )
    rest = rest if year is None else rest.replace(year[0], " ")
    ends = [way for said, way in _ENDS if re.search(said, rest, re.IGNORECASE)]
    figure = _figure(rest, table, dialect)
    where = limited(rest, table, dialect)
    if figure is None or where is None or _MORE.search(rest) or best != (len(ends) == 1):
        return None
    years = group_in("year", table) if year is not None else None
    if year is not None and (years is None or best or not is_number(years)):
        return None
    keys = f"{dialect.quote_name(years.name)}, " if years is not None else ""
    source = source_of(table, dialect)
    told, value = figure
    query = f"SELECT {keys}{quarter} AS quarter, {value} FROM {source}{where} GROUP BY {keys}{quarter}"
    query += f" ORDER BY {keys}quarter"
    if best:
        order = f"GROUP BY {quarter} ORDER BY {value}{ends[0]} LIMIT 1"
        query = f"SELECT {quarter} AS quarter FROM {source}{where} {order}"
    told = f"quarter with the {'most' if ends[0] else 'least'}: {told}" if best else f"{told}, by quarter"
    return SpelledOut(told, query, (rf"(?<!\w){re.escape('month')}\b",))


def _figure(rest: str, table: Table, dialect: Dialect) -> tuple[str, str] | None:
    """In words and as SQL: a mean or a sum of one column, else the number of rows."""
    found = [function for said, function in _FIGURES if re.search(said, rest, re.IGNORECASE)]
    number = number_of(rest, table)
    if found:
        return (
            (f"{found[0]} of {number.name}", f"{found[0]}({dialect.quote_name(number.name)})")
            if len(found) == 1 and number
            else None
        )
    noun = words_of(table.name)[-1:]
    counted = re.search(_COUNT, rest, re.IGNORECASE) or re.search(r"(?i)\b(?:most|fewest)\b", rest)
    return (f"number of {table.name}", "COUNT(*)") if counted and set(noun) <= set(words_of(rest)) else None

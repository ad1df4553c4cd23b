"""What a question names and a program leaves out: a table, a column, a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.regardless import limiting
from qwen_magics.agent.links.linking import linked_values, value_unused
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.without import empty_columns
from qwen_magics.errors import QueryError
from qwen_magics.tools.join_path import joins_to

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["left_out"]

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_MONTHS_OF_YEAR = 12
_LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
_MONTHS = {form for month in (*_LONG, "november", "december") for form in (month, month[:3])}
# "The column's name, like JAN": how it is written, and no column that is asked for.
_LIKE = re.compile(r"\b(?:like|such as|e\. ?g\.|for example|for instance) [^,;.)]*", re.IGNORECASE)
# In long form without a choice of columns, every column is there.
_ALL_LONG = re.compile(r"\.melt\((?:(?!value_vars)[^()])*\)")
_PER = re.compile(r"\b(?:each|every|per) (\w+)", re.IGNORECASE)
# Columns whose names are words that people use for other things as well.
_COMMON = frozenset(
    (
        *("count", "date", "day", "first", "hour", "id", "last", "minute", "month", "name", "number", "time"),
        *("type", "value", "week", "year"),
        # Words that every sentence may have: the other way round, of all, the same.
        *(
            "a",
            "all",
            "also",
            "and",
            "any",
            "at",
            "both",
            "by",
            "each",
            "else",
            "every",
            "few",
            "for",
            "from",
        ),
        *("in", "is", "it", "least", "less", "many", "more", "most", "much", "next", "no", "none", "not"),
        *("of", "on", "only", "or", "other", "others", "out", "over", "rest", "same", "several", "since"),
        *("so", "some", "such", "than", "that", "the", "then", "there", "these", "this", "those", "to"),
        *("under", "until", "up", "what", "when", "where", "which", "who", "whole", "with", "without"),
    )
)


def left_out(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of programs for one question; each thing is told once.

    Args:
        tables: those in reach; the question is searched for their names, columns and values.
    """
    question = limiting(question)
    named = _named_columns(_LIKE.sub(" ", question), tables)
    values = linked_values(question, tables)
    empty = [column.name for column in empty_columns(question, tables)]
    told: set[str] = set()

    def check(code: str) -> QueryError | None:
        unused = (
            _table_unused(question, tables, code)
            or _column_unused(named, tables, code, empty)
            or value_unused(values, tables, code)
        )
        if unused is None or unused.message in told:
            return None  # a word may mean something else, and a model that insists has a reason
        told.add(unused.message)
        return unused

    return check


def _named_columns(question: str, tables: Sequence[Table]) -> list[str]:
    """Columns that the question spells as they are spelled, such as `tzone`."""
    # One value everywhere: there is nothing to choose by, as where an API has filtered already.
    same = {c.name for table in tables for c in table.columns if c.categories and len(c.categories) == 1}
    names = {column.name for table in tables for column in table.columns} - _COMMON - same
    # A flight is a row of flights, also where a column has that name.
    rows = [words_of(table.name) for table in tables]
    names = {name for name in names if words_of(name) not in rows}
    return sorted({*(name for name in names if _stands_in(name, question)), *_periods(question, tables)})


def _periods(question: str, tables: Sequence[Table]) -> list[str]:
    """Columns that are the months or years which the question names: DEC for December, "1960" for 1960."""
    names = [column.name for table in tables for column in table.columns]
    years = [name for name in names if _YEAR.fullmatch(name)]
    months = {name.casefold()[:3]: name for name in names if name.casefold() in _MONTHS}
    said = [name for name in years if _stands_in(name, question)] if len(years) > 1 else []
    if len(months) == _MONTHS_OF_YEAR:
        said += [months[word[:3]] for word in words_of(question) if word in _MONTHS - {"may"}]
    return said


def _column_unused(
    named: Sequence[str], tables: Sequence[Table], code: str, empty: Sequence[str]
) -> QueryError | None:
    for name in () if _ALL_LONG.search(code) else named:
        if not _stands_in(name.casefold(), code.casefold()):
            owners = [table.name for table in tables if table.column(name)]
            whole = f"{owners[0]}.{name}" if len(owners) == 1 < len(tables) else name
            message = f"The question names {name}, which was left out."
            is_sql = re.match(r"\W*(SELECT|WITH)\b", code, re.IGNORECASE)
            hint = f"Add the condition {whole} IS NULL." if name in empty and is_sql else f"Use {whole}."
            return QueryError("column_unused", message, hint)
    return None


def _table_unused(question: str, tables: Sequence[Table], code: str) -> QueryError | None:
    """A table that the question names; its key in another table will do as well."""
    asked, used = question.casefold(), code.casefold()
    joins = [join for table in tables for join in table.joins]
    groups = [words_of(noun) for noun in _PER.findall(question)]
    for name in (table.name for table in tables):
        keys = [join.column for join in joins if join.other == name]
        named = _stands_in(name.casefold(), asked) or words_of(name) in groups
        if named and not any(_stands_in(word.casefold(), used) for word in (name, *keys)):
            message = f"The question is about {name}, which the answer does not read."
            read = [table.name for table in tables if _stands_in(table.name.casefold(), used)]
            way = joins_to(name, read, tables)
            return QueryError("table_unused", message, f"Read {name}{f': {way}' if way else ''}.")
    return None


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w@]){re.escape(name)}(?!\w)", text) is not None

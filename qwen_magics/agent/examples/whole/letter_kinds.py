"""Questions about single letters of texts, each told with its condition over the table that has the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.letter_columns import as_another, same_letter
from qwen_magics.agent.examples.whole.letter_conditions import Letters, ended
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["letters_asked", "of_letters"]

_COUNTED = re.compile(r"\b(?:how many|number of|count)\b", re.IGNORECASE)
_KINDS = (same_letter, as_another, ended)


def letters_asked(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> tuple[Table, Letters] | None:
    """The table and what is asked of its text; None where that is not certain."""
    asked = " ".join(question.split())
    words = set(words_of(asked))
    named = [table for table in tables if set(words_of(table.name)) <= words]
    for table in named or (tables if len(tables) == 1 else ()):
        for kind in _KINDS:
            if (found := kind(asked, table, dialect)) is not None:
                return table, found
    return None


def of_letters(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The question with its query, without other conditions."""
    found = letters_asked(question, tables, dialect)
    if found is None:
        return None
    table, letters = found
    is_counted = _COUNTED.search(question) is not None
    shown = "COUNT(*)" if is_counted else ", ".join(dialect.quote_name(name) for name in letters.columns[:1])
    told = f"{'how many' if is_counted else 'which'} {table.name} {letters.told}?"
    source = dialect.quote_name(table.name)
    return Told(told, f"SELECT {shown} FROM {source} WHERE {letters.condition}")

"""What stands behind a piece of a text that the data have: the number after "No." in a name.

Which column has that piece is in the data; a model looks for it at the beginning, where the first value has
it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.letter_conditions import text_columns
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["behind_text"]

_ASKED = re.compile(
    r"\b(?:numbers?|digits?|figures?|texts?|parts?|words?|codes?|what|everything|anything|something)"
    r"(?: (?:that|which))?(?: (?:comes?|stands?|follows?|is|are|written))? (?:after|behind|following) "
    r"(?:the )?"
    r"(?:[\"'“‘](?P<quoted>[^\"'”’]{1,12})[\"'”’]|(?P<short>(?-i:[A-Z][a-z]{0,3}\.|#)))(?!\w)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:without|not|no(?!\.)|never|except)\b|n['’]t\b|\bhow many\b|\bnumber of\b|\bmost\b", re.I
)


def behind_text(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """Each text that has the piece, with what stands behind it; None where no text is known to have it."""
    asked = " ".join(question.split())
    found = _ASKED.search(asked)
    if found is None or _NOT.search(_ASKED.sub(" ", asked)) or dialect.title not in ("DuckDB", "SQLite"):
        return None
    piece = found["quoted"] or found["short"]
    having = [(table, column) for table in tables for column in text_columns(table) if _has(column, piece)]
    words = set(words_of(asked))
    named = [(t, c) for t, c in having if set(words_of(c.name)) <= words] or having
    if len(named) != 1:
        return None
    table, column = named[0]
    spaced = all(f"{piece} " in value for value in _values(column) if piece in value)
    piece = f"{piece} " if spaced and not piece.endswith(" ") else piece
    name, source = dialect.quote_name(column.name), dialect.quote_name(table.name)
    part = f"SPLIT_PART({name}, '{piece}', 2)"
    if dialect.title == "SQLite":
        part = f"SUBSTR({name}, INSTR({name}, '{piece}') + {len(piece)})"
    told = f"each {column.name} that has '{piece}' in it, once, with what stands behind it"
    where = f"WHERE {name} LIKE '%{piece}%'"
    return Told(told, f"SELECT DISTINCT {name}, {part} AS behind FROM {source} {where}")


def _has(column: Column, piece: str) -> bool:
    return any(piece in value for value in _values(column))


def _values(column: Column) -> Sequence[str]:
    return [value[1:-1] for value in (*(column.categories or ()), *column.samples)]

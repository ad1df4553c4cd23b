"""Names to be written the other way round, and words of texts, where a query shows or groups the whole text.

Each system takes texts apart in its own way, so the hint has the expression or the whole query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.turned_names import LAST_FIRST
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["text_forms"]

_TURNED = re.compile(LAST_FIRST, re.IGNORECASE)
# What says in a query that texts are taken apart or put together.
_BUILT = re.compile(
    r"\|\||\b(?:CONCAT\w*|SPLIT_PART|STRING_SPLIT|SUBSTR(?:ING)?|REGEXP_\w+|INSTR|STRPOS|RTRIM"
    r"|LIST_EXTRACT)\b",
    re.IGNORECASE,
)
_NAMES = frozenset({"name", "title"})


def _turned_name(name: str, dialect: Dialect = DUCKDB) -> str:
    """`'Costa, Ada'` of a column that has `'Ada Costa'`; one word alone stays as it is."""
    if dialect.name == "duckdb":
        return rf"REGEXP_REPLACE({name}, '^(.*) (\S+)$', '\2, \1')"
    last = _last_word(name, dialect)
    if dialect.title == "SQLite":
        return f"{last} || ', ' || RTRIM(RTRIM({name}, REPLACE({name}, ' ', '')))"
    return f"{last} || ', ' || SPLIT_PART({name}, ' ', 1)"


def _last_word(name: str, dialect: Dialect = DUCKDB) -> str:
    """What stands behind the last space."""
    if dialect.title == "SQLite":
        return f"SUBSTR({name}, LENGTH(RTRIM({name}, REPLACE({name}, ' ', ''))) + 1)"
    return f"SPLIT_PART({name}, ' ', -1)"


def text_forms(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    apart = any(_is_family_name(column) for table in tables for column in table.columns)
    if apart or _TURNED.search(question) is None:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = "" if _BUILT.search(code) else _turned(code, dialect)
        if not whole:
            return None
        return QueryError("name_as_it_is", "The names stand there as they are.", f"Write: {whole}")

    return check


def _is_family_name(column: Column) -> bool:
    return bool({"last", "family", "surname"} & set(words_of(column.name)))


def _turned(code: str, dialect: Dialect) -> str:
    """The query with the one name that it shows turned round."""
    from sqlglot import exp, parse_one

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, reader = found
    shown = [item for item in tree.expressions if isinstance(item.unalias(), exp.Column)]
    names = [item for item in shown if words_of(item.unalias().name)[-1:] in ([n] for n in _NAMES)]
    if len(names) != 1:
        return ""
    column = names[0].unalias()
    spelled = _turned_name(column.sql(dialect=reader), dialect)
    turned = parse_one(spelled, dialect=reader)
    names[0].replace(exp.alias_(turned, "turned_name"))
    return written(tree, reader)

"""Queries as trees that may be changed and written again, so that a hint can say the whole query."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import DUCKDB, MYSQL
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["conjuncts", "editable", "written"]

# Their functions take other arguments: a query is read as the one that writes it back as it was.
_READERS = (DUCKDB, replace(DUCKDB, name="sqlite"), MYSQL)
_SAME = re.compile(
    r"[\s\"`;()]|\b(?:AS|ASC|INNER|NOT)\b|\bNULLS (?:FIRST|LAST)\b|(?<=\bSUBSTR)ING\b", re.IGNORECASE
)


def editable(code: str) -> tuple[exp.Expr, str] | None:
    """The tree of a query and the dialect that writes it as it stands; None where none does."""
    for reader in _READERS if re.match(r"\W*(SELECT|WITH)\b", code, re.IGNORECASE) else ():
        tree = parsed(code, reader)
        if tree is not None and _squeezed(written(tree, reader.name)) == _squeezed(code):
            return tree, reader.name
    return None


def written(tree: exp.Expr, dialect: str) -> str:
    """The query in one line."""
    from sqlglot import ErrorLevel

    return tree.sql(dialect=dialect, unsupported_level=ErrorLevel.IGNORE)


def conjuncts(select: exp.Expr) -> list[exp.Expr]:
    """The conditions of a SELECT that must all hold."""
    from sqlglot import exp

    where = select.args.get("where")
    if where is None:
        return []
    return list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]


def _squeezed(sql: str) -> str:
    """Without what may be written in several ways, or stand in several places."""
    return _SAME.sub("", sql).casefold().replace("!=", "<>")

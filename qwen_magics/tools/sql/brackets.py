"""`LIKE '%[^a-z]%'`: brackets stand for one of several characters in SQL Server's LIKE, and in no other.

Elsewhere they are characters themselves, so that the condition holds for nothing and says nothing of it.
What has a range, a `^` or nothing but vowels between brackets is no text that anybody looks for: it becomes
GLOB in SQLite and a regular expression in the others. A pattern may then be met by every value, where it was
written for a few: that is found here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["bracketed", "met_by_all"]

_CLASS = re.compile(r"\[(?P<not>[\^!]?)(?P<members>[^\]\[\\]+)\]")
_RANGE = re.compile(r"[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d|^[aeiouyAEIOUYäöüÄÖÜ]{2,}$")
# After brackets these are no characters but a regular expression, of which LIKE knows even less.
_REPEATED = re.compile(r"\][*+?{]")
_NOT_SPECIAL = re.compile(r"[\w\s@,;:/%&#!\"'=<>~`-]")

Types = Callable[["exp.Expr"], "Column | None"]
Query = Callable[[str], list[tuple[Any, ...]]]


def bracketed(dialect: Dialect) -> Callable[[exp.Expr, Types], bool]:
    """A mend of one LIKE: whether it had brackets that the dialect takes for characters, and now has none."""

    def mend(node: exp.Expr, columns: Types) -> bool:
        from sqlglot import exp

        if not isinstance(node, (exp.Like, exp.ILike)) or isinstance(node.parent, exp.Escape):
            return False
        pattern = node.expression
        if not isinstance(pattern, exp.Literal) or not _has_class(pattern.name):
            return False
        meant = _condition(node, pattern.name, dialect)
        if meant is None:
            return False
        node.replace(exp.not_(meant) if node.args.get("negate") else meant)
        return True

    return mend


def _has_class(pattern: str) -> bool:
    found = list(_CLASS.finditer(pattern))
    rest = _CLASS.sub("", pattern)
    if not found or _REPEATED.search(pattern) or set(rest) & set("[]\\^"):
        return False
    return all(match["not"] or _RANGE.search(match["members"]) for match in found)


def _condition(node: exp.Expr, pattern: str, dialect: Dialect) -> exp.Expr | None:
    from sqlglot import exp

    side = node.this.copy()
    if dialect.name == "sqlite":
        return exp.Glob(this=side, expression=exp.Literal.string(_glob(pattern)))
    expression = exp.Literal.string(_regex(pattern))
    if dialect.name == "mysql":
        # MariaDB has no REGEXP_LIKE.
        place = exp.Anonymous(this="REGEXP_INSTR", expressions=[side, expression])
        return exp.GT(this=place, expression=exp.Literal.number(0))
    if dialect.name not in ("duckdb", "postgres"):
        return None
    kind = exp.RegexpILike if isinstance(node, exp.ILike) else exp.RegexpLike
    return kind(this=side, expression=expression)


def _parts(pattern: str) -> Iterator[tuple[str, str]]:
    """The pattern's classes, each as `^` or nothing and its members, and between them its characters."""
    end = 0
    for found in _CLASS.finditer(pattern):
        yield from (("", character) for character in pattern[end : found.start()])
        yield f"[{'^' if found['not'] else ''}{found['members']}]", ""
        end = found.end()
    yield from (("", character) for character in pattern[end:])


def _glob(pattern: str) -> str:
    """LIKE's pattern as GLOB's, which unlike LIKE tells letter cases apart.

    >>> _glob("a%[0-9]_")
    '[aA]*[0-9]?'
    """
    special = {"%": "*", "_": "?", "*": "[*]", "?": "[?]"}

    def one(character: str) -> str:
        if character.isascii() and character.isalpha():
            return f"[{character.lower()}{character.upper()}]"
        return special.get(character, character)

    return "".join(members or one(character) for members, character in _parts(pattern))


def _regex(pattern: str) -> str:
    """LIKE's pattern as a regular expression that is looked for anywhere.

    >>> _regex("a.%[0-9]%")
    '^a[.].*[0-9]'
    """
    special = {"%": ".*", "_": "."}

    def one(character: str) -> str:
        plain = character if _NOT_SPECIAL.match(character) or not character.isascii() else f"[{character}]"
        return special.get(character, plain)

    text = "".join(members or one(character) for members, character in _parts(pattern))
    start = text[2:] if text.startswith(".*") else f"^{text}"
    return start[:-2] if start.endswith(".*") else f"{start}$"


def met_by_all(sql: str, tables: Sequence[Table], dialect: Dialect, query: Query) -> QueryError | None:
    """The finding about a pattern for odd characters that every value has; None if there is none.

    `'*[^A-Za-z0-9]*'` is met by every address, for its `@`.
    """
    if "[^" not in sql:
        return None
    from sqlglot import exp

    tree = parsed(sql, dialect)
    for node in tree.find_all(exp.Glob, exp.RegexpLike) if tree is not None else ():
        owner = _owner(node.this, tree, tables) if tree is not None else None
        if owner is None or not isinstance(node.expression, exp.Literal) or "[^" not in node.expression.name:
            continue
        column = exp.column(node.this.name, quoted=True)
        alone = node.copy()
        alone.this.replace(column.copy())
        present = exp.not_(exp.Is(this=column, expression=exp.Null()))
        table = exp.table_(owner.name, db=owner.schema or None, quoted=True)
        others = exp.select("COUNT(*)").from_(table).where(present, exp.not_(alone))
        if query(others.sql(dialect=dialect.name or None))[0][0] == 0:
            shown = node.sql(dialect=dialect.name or None)
            message = f"Every {dialect.quote_name(node.this.name)} meets {shown}."
            hint = "Put in what else each of them has; [^ -~] is any character beyond plain ASCII."
            return QueryError("all_match", message, hint)
    return None


def _owner(node: exp.Expr, tree: exp.Expr, tables: Sequence[Table]) -> Table | None:
    """The one table of the query that has the column."""
    from sqlglot import exp

    if not isinstance(node, exp.Column):
        return None
    read = {table.alias_or_name.casefold(): table.name.casefold() for table in tree.find_all(exp.Table)}
    names = {read.get(node.table.casefold())} if node.table else set(read.values())
    owners = [table for table in tables if table.name.casefold() in names and table.column(node.name)]
    return owners[0] if len(owners) == 1 and owners[0].rows else None

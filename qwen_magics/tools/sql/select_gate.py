"""What may run in a connected database: one SELECT over its tables, of known clauses and functions only.

sqlglot parses the dialect. Its tree is compared with lists of what is allowed: a clause, a kind of literal or
a function that is in none of them is refused, whatever it does. The text itself runs, not a rewriting of it;
so nothing may stand between two tokens but space, or a comment that sqlglot skips and the database
executes (MySQL's `/*! … */`) would get through.

This is the first of three guards; the session is read-only too (`tools.databases`), and so should be the
user's role in the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Table, closest
from qwen_magics.tools.sql import hints
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.gate import normalise, unknown_table
from qwen_magics.tools.sql.messages import requoted

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.tokenizer_core import Token

__all__ = ["Admitted", "admit"]

_MOST_NESTED = 100
# What every system skips between two words. Other spaces are letters to some of them.
_SPACE = " \t\r\n"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_CLAUSE_NAMES = """
    Add Alias All Any AtTimeZone Between BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Boolean Bracket CTE
    Column Cube DPipe DataType DataTypeParam Distinct Div EQ Escape Except Fetch Filter From GT GTE Glob
    Group GroupingSets Having ILike Identifier IgnoreNulls In IntDiv Intersect Interval IntervalSpan Is
    JSONPath JSONPathKey JSONPathRoot JSONPathSubscript Join LT LTE Like Limit LimitOptions Literal Mod
    Mul NEQ National Neg Not Null NullSafeEQ NullSafeNEQ Offset Order Ordered Paren Qualify RegexpILike
    RegexpLike Rollup Select SimilarTo Slice Star Sub Subquery Table TableAlias Tuple Union Values Var
    Where Window WindowSpec With WithinGroup
"""
_CLAUSES = frozenset(_CLAUSE_NAMES.split())
# Functions that sqlglot knows under a name of its own, besides those of the dialects' lists.
_FUNCTION_NAMES = """
    And Array ArrayAppend ArrayConcat ArrayDistinct ArrayMax ArrayMin ArrayOverlaps ArrayPrepend ArraySort
    BitwiseAndAgg BitwiseCount BitwiseOrAgg BitwiseXorAgg Case Cast Collate CurrentDate CurrentTime
    CurrentTimestamp Exists Explode Extract If JSONExtract JSONExtractScalar JarowinklerSimilarity
    Localtime Localtimestamp NumberToStr Or Pad RegexpSplit SHA2 StrPosition StrToTime Struct
    TimeFromParts TimeStrToTime TimeToStr TimeToUnix TimestampDiff TimestampFromParts TimestampTrunc
    TryCast TsOrDsToDate TsOrDsToTimestamp UnixToTime Xor
"""
_FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_ROW_SOURCES = frozenset({"Explode", "ExplodingGenerateSeries", "GenerateSeries", "Unnest"})
_PARAMETERS = frozenset({"Parameter", "Placeholder", "SessionParameter"})
_WRITES = frozenset({"Delete", "Insert", "Into", "Lock", "Merge", "Update"})
_REFUSED_ARGS = {
    "into": "SELECT INTO",
    "locks": "FOR UPDATE",
    "hint": "A hint",
    "kind": "SELECT AS",
    "operation_modifiers": "A modifier of SELECT",
    "settings": "SETTINGS",
    "format": "FORMAT",
}


@dataclass(frozen=True)
class Admitted:
    """A query that may run.

    Attributes:
        text: as it is sent.
        tree: sqlglot's.
        tables: those it reads, in order of appearance.
    """

    text: str
    tree: exp.Expr
    tables: tuple[Table, ...]


def admit(sql: str, tables: Sequence[Table], dialect: Dialect) -> Admitted:
    """The query, if it is one SELECT over these tables and nothing else.

    Raises:
        QueryError: `empty`, `too_long`, `too_deep`, `syntax`, `comment`, `not_select`, `several_statements`,
            `parameter`, `clause_not_allowed`, `function_not_allowed`, `unknown_table`.
    """
    text = normalise(sql)
    if _CONTROL.search(text):
        raise QueryError("syntax", "The query has control characters.", "Write plain text.")
    tree = _parsed(text, dialect)
    read: dict[str, Table] = {}
    for node in tree.walk():
        _refuse(node, dialect)
        if type(node).__name__ == "Table":
            found = _table(node, tables, dialect)
            if found is not None:
                read.setdefault(f"{found.schema}.{found.name}", found)
    if dialect.name == "sqlite":
        _refuse_quoted_texts(tree, text, tables)
    return Admitted(text, tree, tuple(read.values()))


def _refuse_quoted_texts(tree: exp.Expr, text: str, tables: Sequence[Table]) -> None:
    """SQLite takes a name in double quotes that it does not find for a text: a wrong column would pass."""
    from sqlglot import exp

    known = {column.name.casefold() for table in tables for column in table.columns}
    known |= {node.alias.casefold() for node in tree.find_all(exp.Alias)}
    for alias in tree.find_all(exp.TableAlias):
        known |= {column.name.casefold() for column in alias.columns}
    for node in tree.find_all(exp.Column):
        if node.this.args.get("quoted") and node.name.casefold() not in known:
            raise hints.explain(RuntimeError(f'Referenced column "{node.name}" not found'), text, tables)


def _parsed(text: str, dialect: Dialect) -> exp.Expr:
    import sqlglot

    try:
        tokens = sqlglot.tokenize(text, read=dialect.name or None)
    except Exception as error:
        raise _syntax(error, dialect) from error
    _refuse_tokens(text, tokens)
    try:
        statements = sqlglot.parse(text, read=dialect.name or None)
    except RecursionError:
        raise _too_deep() from None
    except Exception as error:  # a parser that trips over a text has not understood it
        raise _syntax(error, dialect) from error
    if len(statements) != 1 or statements[0] is None:
        raise _several(len(statements))
    tree = statements[0]
    if type(tree).__name__ not in {"Select", "Union", "Except", "Intersect", "Subquery"}:
        raise _not_select(type(tree).__name__.upper())
    return tree


def _refuse_tokens(text: str, tokens: Sequence[Token]) -> None:
    """Refuse what the tree does not show: comments, statements after the first, nesting without end."""
    end = depth = 0
    for token in tokens:
        if text[end : token.start].strip(_SPACE) or (token.comments and end):
            raise _comment()
        end, kind = token.end + 1, token.token_type.name
        depth += (kind == "L_PAREN") - (kind == "R_PAREN")
        if kind == "SEMICOLON":
            raise _several(2)
        if depth > _MOST_NESTED:
            raise _too_deep()
    if text[end:].strip(_SPACE) or (tokens and tokens[-1].comments):
        raise _comment()
    first = tokens[0].token_type.name if tokens else ""
    if first not in {"SELECT", "WITH", "L_PAREN"}:
        raise _not_select(tokens[0].text.upper() if tokens else "NOTHING")


def _refuse(node: exp.Expr, dialect: Dialect) -> None:
    from sqlglot import exp

    kind = type(node).__name__
    if kind in _PARAMETERS:
        raise QueryError("parameter", "The query has a parameter or variable.", "Write the value itself.")
    if kind in _WRITES:
        raise _not_select(kind.upper())
    if isinstance(node, exp.Anonymous):
        name = str(node.this)
        if not isinstance(node.this, str) or name.casefold() not in dialect.functions:
            raise _function(name, dialect)
    elif isinstance(node, exp.Func):
        _refuse_function(node, dialect)
    elif kind not in _CLAUSES:
        raise _clause(kind)
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.USERDEFINED:
        raise _clause("user-defined type")
    for argument, shown in _REFUSED_ARGS.items() if isinstance(node, exp.Query) else ():
        if node.args.get(argument):
            raise _not_select(shown)


def _refuse_function(node: exp.Func, dialect: Dialect) -> None:
    name = type(node).__name__
    if name in _FUNCTIONS or (name in _ROW_SOURCES and "rows_of" in dialect.features):
        return
    spelled = {known.casefold() for known in node.sql_names()}
    if not spelled & _all_functions():
        raise _function(node.sql_name(), dialect)


def _all_functions() -> frozenset[str]:
    # sqlglot reads a function of one dialect as that of another, so its own names are looked up in all lists.
    from qwen_magics.tools.sql.dialects import ANSI, DIALECTS

    return frozenset(name for dialect in (*DIALECTS.values(), ANSI) for name in dialect.functions)


def _table(node: exp.Expr, tables: Sequence[Table], dialect: Dialect) -> Table | None:
    """The table that a node of FROM names; None for a step of WITH and for rows made by a function."""
    source = node.this
    if type(source).__name__ in _ROW_SOURCES:
        return None
    if type(source).__name__ != "Identifier":
        raise _function(str(getattr(source, "name", "") or "a function in FROM"), dialect)
    schema = node.text("db")
    if node.args.get("catalog"):
        raise _unknown(f"{node.text('catalog')}.{schema}.{source.name}", tables, dialect)
    if not schema and _is_step(node, dialect):
        return None
    named = [table for table in tables if table.name.casefold() == source.name.casefold()]
    for table in named:
        if table.schema.casefold() == schema.casefold():
            return table
    shown = f"{schema}.{source.name}" if schema else source.name
    if named:
        hint = f"Write {' or '.join(_spelled(table, dialect) for table in named[:3])}."
        raise QueryError("unknown_table", f'There is no table "{shown}".', hint)
    raise _unknown(shown, tables, dialect)


def _unknown(name: str, tables: Sequence[Table], dialect: Dialect) -> QueryError:
    return requoted(unknown_table(name, _names(tables)), dialect)


def _is_step(node: exp.Expr, dialect: Dialect) -> bool:
    """Whether the name is that of a WITH step which the database sees from here.

    Strictly: an earlier step of the same WITH or of one around it, spelled so that it folds to the same name.
    Otherwise a step named like a system table could lead to that table.
    """
    wanted, inside, parent = _folded(node.this, dialect), node, node.parent
    while parent is not None:
        steps = parent.args.get("with_")
        if steps is not None and inside is not steps and wanted in _step_names(steps.expressions, dialect):
            return True
        if type(parent).__name__ == "With":
            position = next(i for i, step in enumerate(parent.expressions) if step is inside)
            seen = parent.expressions[: position + bool(parent.args.get("recursive"))]
            if wanted in _step_names(seen, dialect):
                return True
        inside, parent = parent, parent.parent
    return False


def _step_names(steps: Sequence[exp.Expr], dialect: Dialect) -> set[str]:
    return {_folded(step.args["alias"].this, dialect) for step in steps}


def _folded(identifier: exp.Expr, dialect: Dialect) -> str:
    from sqlglot.dialects.dialect import Dialect as Reader

    copy = identifier.copy()
    return str(Reader.get_or_raise(dialect.name or None).normalize_identifier(copy).name)


def _names(tables: Sequence[Table]) -> list[str]:
    return [f"{table.schema}.{table.name}" if table.schema else table.name for table in tables]


def _spelled(table: Table, dialect: Dialect) -> str:
    owner = f"{dialect.quote_name(table.schema)}." if table.schema else ""
    return f"{owner}{dialect.quote_name(table.name)}"


def _syntax(error: Exception, dialect: Dialect) -> QueryError:
    details: Iterator[dict[str, object]] = iter(getattr(error, "errors", ()) or ())
    near = str(next(details, {}).get("highlight") or "")
    if near.casefold() in {"into", "outfile", "dumpfile", "procedure"}:
        return _not_select(near.upper())
    message = f'Syntax error at "{near[:40]}".' if near else "The query cannot be parsed."
    hint = f"Write one plain SELECT statement of {dialect.title}."
    return QueryError("syntax", re.sub(r"\s+", " ", message), hint)


def _several(count: int) -> QueryError:
    hint = "Write exactly one SELECT; use WITH for intermediate steps."
    return QueryError("several_statements", f"There are {count} statements.", hint)


def _not_select(what: str) -> QueryError:
    hint = "Write one SELECT statement; the database is read-only."
    return QueryError("not_select", f"{what[:40]} is not allowed.", hint)


def _comment() -> QueryError:
    return QueryError("comment", "The query has a comment.", "Leave comments out.")


def _too_deep() -> QueryError:
    return QueryError("too_deep", "The query is nested too deeply.", "Split it into WITH steps.")


def _clause(kind: str) -> QueryError:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return QueryError(
        "clause_not_allowed", f"The query has a {words}, which is not allowed here.", "Leave it out."
    )


def _function(name: str, dialect: Dialect) -> QueryError:
    shown = name.casefold()[:60]
    instead = dialect.instead.get(shown)
    near = closest(shown, dialect.functions, cutoff=0.75)
    hint = f"{dialect.title} has {instead}." if instead else f"Did you mean {near[0]}()?" if near else ""
    hint = hint or f"Use a function of {dialect.title} that computes from the data alone."
    return QueryError("function_not_allowed", f"The function {shown}() is not allowed.", hint)

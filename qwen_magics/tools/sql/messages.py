"""What SQLite, PostgreSQL and MySQL say of a wrong query → words that `tools.sql.hints` computes a hint from.

Each system has words of its own for the same dozen mistakes. They are put into DuckDB's, so that one set of
rules finds the closest column, the join that is missing or the cast that helps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Table, closest
from qwen_magics.tools.sql import hints
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["explain", "requoted"]

Match = re.Match[str]

_NAME = r"[\"'`]?(?P<name>[^\"'`\n]+?)[\"'`]?"
_OPERATOR = r"operator does not exist: (?P<left>.+?) (?P<name>[^\w\s]+|~~\*?) (?P<right>[\w ]+)"


def explain(text: str, sql: str, tables: Sequence[Table], dialect: Dialect) -> QueryError:
    """The `QueryError` for a database's message."""
    text = _without_code(text)
    if dialect.name == "duckdb":
        return hints.explain(RuntimeError(text), sql, tables)
    found = re.search(r"(?i)(?:no such function: |function |FUNCTION )(?:[`\w]+\.)?`?(?P<name>\w+)", text)
    if found is not None and re.search(r"(?i)no such function|does not exist", text):
        return _function(found, dialect)
    for pattern in _AMBIGUOUS:
        match = re.search(pattern, text, re.IGNORECASE)
        if match is not None:
            return _ambiguous(_bare(match["name"]), sql, tables, dialect)
    for pattern, canonical in _CANONICAL:
        match = re.search(pattern, text, re.IGNORECASE)
        if match is not None:
            words = match.expand(canonical) if isinstance(canonical, str) else canonical(match)
            return requoted(hints.explain(RuntimeError(words), sql, tables), dialect)
    for pattern, kind, message, hint in _OWN:
        match = re.search(pattern, text, re.IGNORECASE)
        if match is not None:
            return QueryError(kind, match.expand(message), hint)
    first = " ".join(re.split(r"\s+(?:LINE \d+:|HINT:|DETAIL:|CONTEXT:|\[SQL)", text)[0].split())
    return QueryError("failed", first[:300] or "The query failed.")


def _without_code(text: str) -> str:
    """`(1054, "Unknown column …")` → its text."""
    match = re.match(r"\((\d+), (?P<quote>[\"'])(?P<text>.*)(?P=quote)\)\Z", text.strip(), re.DOTALL)
    return match["text"] if match else text.strip()


def _function(match: Match, dialect: Dialect) -> QueryError:
    name = match["name"]
    instead = dialect.instead.get(name.casefold())
    near = closest(name, dialect.functions)
    if name.casefold() in dialect.functions:
        text = f"{dialect.title} has no {name}() for arguments of these types."
        return QueryError("type_mismatch", text, "Cast one of them: CAST(value AS type).")
    hint = f"{dialect.title} has {instead}." if instead else f"Did you mean {near[0]}()?" if near else ""
    hint = hint or f"Use a function of {dialect.title}."
    return QueryError("unknown_function", f"There is no function {name}().", hint)


def requoted(problem: QueryError, dialect: Dialect) -> QueryError:
    """The problem with names in the quotes of the dialect; values are in single ones and stay."""
    hint = problem.hint.replace("TRY_CAST", "CAST").replace("DuckDB", dialect.title)
    message = problem.message
    if dialect.quotes != '""':
        opening, closing = dialect.quotes[0], dialect.quotes[1]
        message, hint = (re.sub(r'"([^"\n]*)"', rf"{opening}\1{closing}", part) for part in (message, hint))
    return QueryError(problem.kind, message, hint)


def _ambiguous(name: str, sql: str, tables: Sequence[Table], dialect: Dialect) -> QueryError:
    named = [t for t in tables if t.column(name) and re.search(rf"(?i)(?<!\w){re.escape(t.name)}(?!\w)", sql)]
    choices = [f"{hints.alias_of(table, sql)}.{dialect.quote_name(name)}" for table in named[:3]]
    hint = f"Write {' or '.join(choices)}." if choices else "Write the table's name before the column."
    return QueryError("ambiguous_column", f"{dialect.quote_name(name)} is in more than one table.", hint)


def _column(match: Match) -> str:
    owner, _, name = match["name"].replace('"', "").replace("`", "").rpartition(".")
    if owner:
        return f'Table "{owner.rpartition(".")[2]}" does not have a column named "{name}"'
    return f'Referenced column "{name}" not found'


def _comparison(match: Match) -> str:
    sides = [_kind(match[side]) for side in ("left", "right")]
    if match["name"] in {"=", "<>", "<", ">", "<=", ">="}:
        return f"Cannot compare values of type {sides[0]} and type {sides[1]}"
    return f"No function matches the given name and argument types '{match['name']}({', '.join(sides)})'"


def _kind(name: str) -> str:
    known = {
        "character varying": "VARCHAR",
        "text": "VARCHAR",
        "unknown": "VARCHAR",
        "double precision": "DOUBLE",
    }
    plain = name.strip().split("(")[0].strip()
    return known.get(plain, plain.upper().replace(" ", "_"))


_NO_AGGREGATE = "WHERE clause cannot contain aggregates!"
_NO_WINDOW = "WHERE clause cannot contain window functions!"
_NO_TABLE = r"Table with name \g<name> does not exist"
_NO_ALIAS = r'Referenced table "\g<name>" not found!'
_NOT_GROUPED = r'column "\g<name>" must appear in the GROUP BY'
_SYNTAX = r'syntax error at or near "\g<name>"'

# A pattern, and DuckDB's words: a template, or a function of the match.
_CANONICAL: tuple[tuple[str, str | Callable[[Match], str]], ...] = (
    # SQLite
    (r"no such column: (?P<name>[^\s,]+)", _column),
    (r"no such table: (?P<name>\S+)", _NO_TABLE),
    (r"misuse of aggregate", _NO_AGGREGATE),
    (r"misuse of window function", _NO_WINDOW),
    (r'near "(?P<name>[^"]*)": syntax error', _SYNTAX),
    (r"incomplete input|syntax error at end of input", "syntax error at end of input"),
    # PostgreSQL
    (rf"(?:missing|invalid reference to) FROM-clause entry for table {_NAME}(?:\s|$)", _NO_ALIAS),
    (r'column "?(?:[^"\s.]+\.)?(?P<name>[^"\s]+?)"? must appear in the GROUP BY', _NOT_GROUPED),
    (r'relation "(?P<name>[^"]+)" does not exist', _NO_TABLE),
    (r"column (?P<name>\"[^\"]+\"|\S+) does not exist", _column),
    (r'table name "[^"]+" specified more than once', "duplicate alias"),
    (_OPERATOR, _comparison),
    (
        r'invalid input syntax for type (?P<type>\w+)[^:]*: "(?P<value>[^"]*)"',
        r"Could not convert string '\g<value>' to \g<type>",
    ),
    (r"aggregate functions are not allowed in", _NO_AGGREGATE),
    (r"window functions are not allowed in", _NO_WINDOW),
    (r'syntax error at or near "(?P<name>[^"]*)"', _SYNTAX),
    # MySQL and MariaDB
    (r"Unknown column '(?P<name>[^']+)' in", _column),
    (r"Table '(?:[^'.]+\.)?(?P<name>[^']+)' doesn't exist", _NO_TABLE),
    (r"Unknown table '(?P<name>[^']+)'", _NO_ALIAS),
    (r"Not unique table/alias", "duplicate alias"),
    (r"'(?:[^'.]+\.)*(?P<name>[^'.]+)' isn't in GROUP BY", _NOT_GROUPED),
    (r"nonaggregated column '(?:[^'.]+\.)*(?P<name>[^'.]+)'", _NOT_GROUPED),
    (r"Invalid use of group function", _NO_AGGREGATE),
    (r"Window function is allowed only in", _NO_WINDOW),
    (r"error in your SQL syntax;.* near '(?P<name>\S*)", _SYNTAX),
)

_AMBIGUOUS = (
    r"ambiguous column name: (?P<name>\S+)",
    r'column reference "(?P<name>[^"]+)" is ambiguous',
    r"Column '(?P<name>[^']+)' in .+ is ambiguous",
)

_STOPPED = (
    r"due to statement timeout|due to user request|max_statement_time|maximum statement execution time"
    r"|Query execution was interrupted|^interrupted$"
)
_READ_ONLY = r"read.?only (?:transaction|database|mode)|not authorized|query_only"
_DENIED = r"permission denied for (?:table|view|schema) \S+|SELECT command denied .* for table \S+"
_ENOUGH = "Filter or aggregate earlier, and check that every join has its ON condition."

# kind, message and hint for what has no counterpart.
_OWN = (
    (_STOPPED, "timeout", "The database stopped the query.", _ENOUGH),
    (
        r"due to lock timeout|Lock wait timeout|database is locked",
        "locked",
        "Another session has locked a table.",
        "Try again when it is done.",
    ),
    (_READ_ONLY, "not_select", "The session is read-only.", "Write one SELECT statement."),
    (_DENIED, "denied", r"The database's user may not read this: \g<0>.", "Use a table that is described."),
    (
        r"Mixing of GROUP columns",
        "group_by",
        "A column is neither grouped nor aggregated.",
        "Add every plain column of SELECT to GROUP BY.",
    ),
    (
        r"division by zero|Division by 0",
        "division_by_zero",
        "A division by zero.",
        "Divide by NULLIF(value, 0).",
    ),
    (
        r"(?P<name>\w+)\(\) may not be used as a window function",
        "window_place",
        r"\g<name>() cannot stand before OVER.",
        "Compute it in a subquery with GROUP BY, and join that.",
    ),
    (
        r"user-defined aggregate's",
        "type_mismatch",
        "A statistic was asked of texts.",
        "Take a column of numbers.",
    ),
    (
        r"user-defined function raised",
        "failed",
        "A function of texts could not take what it was given.",
        "Use a plainer pattern, without repeated groups.",
    ),
    (r"string or blob too big", "memory", "A text would become too long.", _ENOUGH),
)


def _bare(name: str) -> str:
    return name.replace('"', "").replace("`", "").rpartition(".")[2]

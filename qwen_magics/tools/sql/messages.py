"""What SQLite, PostgreSQL and MySQL say of a wrong query → the words that `tools.sql.hints` computes a hint from.

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

__all__ = ["explain"]

Match = re.Match[str]

_NAME = r"[\"'`]?(?P<name>[^\"'`\n]+?)[\"'`]?"
_OPERATOR = r"operator does not exist: (?P<left>.+?) (?P<name>[^\w\s]+|~~\*?) (?P<right>[^\n]+)"


def explain(text: str, sql: str, tables: Sequence[Table], dialect: Dialect) -> QueryError:
    """The `QueryError` for a database's message."""
    text = _without_code(text)
    if dialect.name == "duckdb":
        return hints.explain(RuntimeError(text), sql, tables)
    found = re.search(r"(?i)(?:no such function: |function |FUNCTION )(?:[`\w]+\.)?`?(?P<name>\w+)", text)
    if found is not None and re.search(r"(?i)no such function|does not exist", text):
        return _function(found, dialect)
    for pattern, canonical in _CANONICAL:
        match = re.search(pattern, text, re.IGNORECASE)
        if match is not None:
            return _requoted(hints.explain(RuntimeError(canonical(match)), sql, tables), dialect)
    for pattern, kind, message, hint in _OWN:
        match = re.search(pattern, text, re.IGNORECASE)
        if match is not None:
            return QueryError(kind, match.expand(message), hint)
    first = re.split(r"\s+(?:LINE \d+:|HINT:|DETAIL:|CONTEXT:|\[SQL)", text)[0].strip()
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
        text = f"{name}() does not take arguments of these types."
        return QueryError("type_mismatch", text, "Cast one of them: CAST(value AS type).")
    hint = f"{dialect.title} has {instead}." if instead else f"Did you mean {near[0]}()?" if near else ""
    hint = hint or f"Use a function of {dialect.title}."
    return QueryError("unknown_function", f"There is no function {name}().", hint)


def _requoted(problem: QueryError, dialect: Dialect) -> QueryError:
    """Names in the quotes of the dialect; values are in single ones and stay."""
    hint = problem.hint.replace("TRY_CAST", "CAST").replace("DuckDB", dialect.title)
    message = problem.message
    if dialect.quotes != '""':
        opening, closing = dialect.quotes
        message, hint = (re.sub(r'"([^"\n]*)"', rf"{opening}\1{closing}", part) for part in (message, hint))
    return QueryError(problem.kind, message, hint)


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
    known = {"character varying": "VARCHAR", "text": "VARCHAR", "unknown": "VARCHAR", "double precision": "DOUBLE"}
    plain = name.strip().split("(")[0].strip()
    return known.get(plain, plain.upper().replace(" ", "_"))


_CANONICAL: tuple[tuple[str, Callable[[Match], str]], ...] = (
    # SQLite
    (rf"no such column: (?P<name>[^\s,]+)", _column),
    (r"no such table: (?P<name>\S+)", lambda m: f"Table with name {m['name']} does not exist"),
    (r"ambiguous column name: (?P<name>\S+)", lambda m: f'Ambiguous reference to column name "{_bare(m["name"])}" (use: )'),
    (r"misuse of (?:aggregate|aggregate function)", lambda m: "WHERE clause cannot contain aggregates!"),
    (r"misuse of window function", lambda m: "WHERE clause cannot contain window functions!"),
    (r'near "(?P<name>[^"]*)": syntax error', lambda m: f'syntax error at or near "{m["name"]}"'),
    (r"incomplete input", lambda m: "syntax error at end of input"),
    # PostgreSQL
    (rf"missing FROM-clause entry for table {_NAME}(?:\s|$)", lambda m: f'Referenced table "{m["name"]}" not found!'),
    (rf"invalid reference to FROM-clause entry for table {_NAME}(?:\s|$)", lambda m: f'Referenced table "{m["name"]}" not found!'),
    (r'column "?(?P<name>[^"\s]+?)"? must appear in the GROUP BY', lambda m: f'column "{_bare(m["name"])}" must appear in the GROUP BY'),
    (r'column reference "(?P<name>[^"]+)" is ambiguous', lambda m: f'Ambiguous reference to column name "{m["name"]}" (use: )'),
    (r'relation "(?P<name>[^"]+)" does not exist', lambda m: f"Table with name {m['name']} does not exist"),
    (r"column (?P<name>\"[^\"]+\"|\S+) does not exist", _column),
    (r'table name "[^"]+" specified more than once', lambda m: "duplicate alias"),
    (_OPERATOR, _comparison),
    (r'invalid input syntax for type (?P<type>\w+)[^:]*: "(?P<value>[^"]*)"', lambda m: f"Could not convert string '{m['value']}' to {m['type'].upper()}"),
    (r"aggregate functions are not allowed in (?P<name>WHERE|GROUP BY|JOIN conditions)", lambda m: f"{m['name'].upper().replace('JOIN CONDITIONS', 'JOIN condition') if 'JOIN' in m['name'].upper() else m['name'].upper() + ' clause'} cannot contain aggregates!"),
    (r"window functions are not allowed in", lambda m: "WHERE clause cannot contain window functions!"),
    (r'syntax error at or near "(?P<name>[^"]*)"', lambda m: f'syntax error at or near "{m["name"]}"'),
    (r"syntax error at end of input", lambda m: "syntax error at end of input"),
    # MySQL and MariaDB
    (r"Unknown column '(?P<name>[^']+)' in", _column),
    (r"Table '(?:[^'.]+\.)?(?P<name>[^']+)' doesn't exist", lambda m: f"Table with name {m['name']} does not exist"),
    (r"Unknown table '(?P<name>[^']+)'", lambda m: f'Referenced table "{m["name"]}" not found!'),
    (r"Column '(?P<name>[^']+)' in .+ is ambiguous", lambda m: f'Ambiguous reference to column name "{_bare(m["name"])}" (use: )'),
    (r"Not unique table/alias", lambda m: "duplicate alias"),
    (r"'(?P<name>[^']+)' isn't in GROUP BY", lambda m: f'column "{_bare(m["name"])}" must appear in the GROUP BY'),
    (r"nonaggregated column '(?P<name>[^']+)'", lambda m: f'column "{_bare(m["name"])}" must appear in the GROUP BY'),
    (r"Invalid use of group function", lambda m: "WHERE clause cannot contain aggregates!"),
    (r"Window function is allowed only in", lambda m: "WHERE clause cannot contain window functions!"),
    (r"error in your SQL syntax;.* near '(?P<name>\S*)", lambda m: f'syntax error at or near "{m["name"]}"'),
)

# kind, message, hint for what has no counterpart.
_OWN = (
    (r"canceling statement due to (?:statement timeout|user request)|max_statement_time|maximum statement execution time|Query execution was interrupted|^interrupted$",
     "timeout", "The database stopped the query: it took too long.", "Filter or aggregate earlier, and check that every join has its ON condition."),
    (r"canceling statement due to lock timeout|Lock wait timeout|database is locked",
     "locked", "Another session has locked a table.", "Try again when it is done."),
    (r"read-only transaction|READ ONLY transaction|readonly database|not authorized|query_only|read-only mode",
     "not_select", "The session is read-only.", "Write one SELECT statement."),
    (r"permission denied for (?:table|view|relation|schema) (?P<name>\S+)|SELECT command denied .* for table '?(?P<other>\S+?)'?$",
     "denied", r"The database's user may not read \g<0>.", "Use a table that is described."),
    (r"division by zero|Division by 0", "division_by_zero", "A division by zero.", "Divide by NULLIF(value, 0)."),
    (r"string or blob too big", "memory", "A text would become too long.", "Select fewer columns, or aggregate earlier."),
)


def _bare(name: str) -> str:
    return name.replace('"', "").replace("`", "").rpartition(".")[2]

"""DuckDB's words → one line of what is wrong and one of what would be right, computed from the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Column, Table, closest
from qwen_magics.tools.sql.gate import unknown_table
from qwen_magics.tools.sql.names import RESERVED, quote_name, quote_text

__all__ = ["alias_of", "explain"]

_MOST_NAMES = 12

# Functions of other dialects that models write, and what DuckDB has instead.
_ELSEWHERE = {
    "charindex": "strpos(text, part)",
    "convert": "CAST(value AS type)",
    "date_add": "date + INTERVAL 1 DAY",
    "date_format": "strftime(date, '%Y-%m')",
    "dateadd": "date + INTERVAL 1 DAY",
    "from_unixtime": "to_timestamp(seconds)",
    "getdate": "current_date",
    "group_concat": "string_agg(text, ', ')",
    "iif": "CASE WHEN … THEN … ELSE … END",
    "instr": "strpos(text, part)",
    "isnull": "coalesce(value, other)",
    "json_extract": "column['key']",
    "len": "length(text)",
    "listagg": "string_agg(text, ', ')",
    "nvl": "coalesce(value, other)",
    "str_to_date": "strptime(text, '%Y-%m-%d')",
    "to_char": "strftime(date, '%Y-%m')",
    "to_date": "strptime(text, '%Y-%m-%d')::DATE",
    "unix_timestamp": "epoch(timestamp)",
}


def explain(
    error: BaseException, sql: str, tables: Sequence[Table], functions: Sequence[str] = ()
) -> QueryError:
    """The typed error for what DuckDB raised on `sql`.

    Args:
        functions: names that exist, for the closest one.
    """
    text = str(error)
    for pattern, build in _RULES:
        match = re.search(pattern, text, re.DOTALL)
        if match is not None:
            problem = build(match, sql, tables, functions)
            problem.__cause__ = error
            return problem
    problem = QueryError("failed", _first_line(text), "")
    problem.__cause__ = error
    return problem


Rule = Callable[["re.Match[str]", str, Sequence[Table], Sequence[str]], QueryError]


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else "The query failed."
    return re.sub(r"^[A-Z][\w ]* Error: ", "", line)[:300]


def _used(sql: str, tables: Sequence[Table]) -> list[Table]:
    """Tables whose name stands in the query; all of them if none does."""
    found = [table for table in tables if re.search(rf"(?i)(?<!\w){re.escape(table.name)}(?!\w)", sql)]
    return found or list(tables)


def _unknown_column(match: re.Match[str], sql: str, tables: Sequence[Table], _: Sequence[str]) -> QueryError:
    name = match["name"].replace('""', '"')
    used = _used(sql, tables)
    return QueryError("unknown_column", f'There is no column "{name}".', _column_hint(name, used, tables))


def _column_hint(name: str, used: Sequence[Table], tables: Sequence[Table]) -> str:
    value_of = _column_with_value(name, used)
    if value_of:
        return f"{quote_text(name)} is a value of {value_of}: write it in single quotes."
    owners = [table for table in tables if table.column(name)]
    here = [table for table in owners if table in used]
    if here:
        where = f"{quote_name(name)} is a column of {quote_name(here[0].name)}"
        return f"{where}: check the alias before the dot and the SELECT list of that step."
    if owners:
        return _elsewhere(name, _nearest(owners, used, tables), used, tables)
    described = _table_and_column(name, tables)
    if described:
        owner, column = described
        return (
            f"Did you mean {_qualified(column, used)}?"
            if owner in used
            else _elsewhere(column, owner, used, tables)
        )
    near = closest(name, [column.name for table in used for column in table.columns], cutoff=0.55, count=2)
    if near:
        return f"Did you mean {' or '.join(_qualified(n, used) for n in dict.fromkeys(near))}?"
    near = closest(name, [column.name for table in tables for column in table.columns])
    if near:
        owner = next(table for table in tables if table.column(near[0]))
        return _elsewhere(near[0], owner, used, tables)
    return _listing(used)


def _table_and_column(name: str, tables: Sequence[Table]) -> tuple[Table, str] | None:
    """`airline_name` → the column `name` of `airlines`."""
    for table in tables:
        for noun in (table.name.casefold(), table.name.casefold().removesuffix("s")):
            column = table.column(name[len(noun) :].lstrip("_")) if name.casefold().startswith(noun) else None
            if column is not None:
                return table, column.name
    return None


def _column_with_value(value: str, tables: Sequence[Table]) -> str:
    literal = quote_text(value)
    for table in tables:
        for column in table.columns:
            if literal in (column.categories or ()) or literal in column.samples:
                return f"{quote_name(table.name)}.{quote_name(column.name)}"
    return ""


def _elsewhere(name: str, owner: Table, used: Sequence[Table], tables: Sequence[Table]) -> str:
    from qwen_magics.tools.join_path import joins_to

    path = joins_to(owner.name, [table.name for table in used], tables)
    return f"{quote_name(name)} is a column of {quote_name(owner.name)}{f': {path}' if path else ''}."


def _nearest(owners: Sequence[Table], used: Sequence[Table], tables: Sequence[Table]) -> Table:
    """The table that the fewest joins lead to: `branch_id` of loans is that of their copies."""
    from qwen_magics.tools.join_path import joins_to

    paths = [joins_to(owner.name, [table.name for table in used], tables) for owner in owners]
    lengths = [path.count("JOIN ") or len(tables) for path in paths]
    return owners[lengths.index(min(lengths))]


def _qualified(name: str, tables: Sequence[Table]) -> str:
    owner = next((table for table in tables if table.column(name)), None)
    return f"{quote_name(owner.name)}.{quote_name(name)}" if owner and len(tables) > 1 else quote_name(name)


def _listing(tables: Sequence[Table]) -> str:
    lines = []
    for table in tables[:3]:
        names = [quote_name(column.name) for column in table.columns]
        more = f", … ({len(names)} columns)" if len(names) > _MOST_NAMES else ""
        lines.append(f"{quote_name(table.name)} has {', '.join(names[:_MOST_NAMES])}{more}.")
    return " ".join(lines)


def _column_of_alias(match: re.Match[str], sql: str, tables: Sequence[Table], _: Sequence[str]) -> QueryError:
    alias, name = match["alias"], match["name"]
    table = _behind(alias, sql, tables)
    message = f'"{alias}" has no column "{name}".'
    if table is None:
        return QueryError("unknown_column", message, _column_hint(name, _used(sql, tables), tables))
    if table.name.casefold() == alias.casefold() and table.column(name):
        return _not_in_from(table, sql, tables)
    owners = [other for other in _used(sql, tables) if other is not table and other.column(name)]
    if owners:
        owner = owners[0]
        written = f"{alias_of(owner, sql)}.{quote_name(name)}"
        hint = f"{quote_name(name)} is a column of {quote_name(owner.name)}: write {written}."
        return QueryError("unknown_column", message, hint)
    return QueryError("unknown_column", message, _column_hint(name, [table], tables))


def _not_in_from(table: Table, sql: str, tables: Sequence[Table]) -> QueryError:
    """A table whose columns are used and that is not joined: with the joins that lead to it."""
    from qwen_magics.tools.join_path import joins_to

    read = re.findall(r"(?i)\b(?:from|join)\s+[\"`]?(\w+)", sql)
    path = joins_to(table.name, [other.name for other in tables if other.name in read], tables)
    hint = f"Add {path}." if path else f"Add {quote_name(table.name)} to FROM."
    return QueryError("unknown_table", f'"{table.name}" is not in FROM.', hint)


def _behind(alias: str, sql: str, tables: Sequence[Table]) -> Table | None:
    """The table that an alias stands for, as far as the text says."""
    for table in tables:
        spelled = "|".join(re.escape(form) for form in {table.name, quote_name(table.name)})
        if table.name.casefold() == alias.casefold():
            return table
        if re.search(rf"(?i)(?:{spelled})\s+(?:as\s+)?{re.escape(alias)}(?!\w)", sql):
            return table
    return None


def alias_of(table: Table, sql: str) -> str:
    """What the query calls a table: its alias, if the text shows one."""
    spelled = "|".join(re.escape(form) for form in {table.name, quote_name(table.name)})
    found = re.search(rf"(?i)(?<![\w.])(?:{spelled})\s+(?:as\s+)?([a-z_]\w*)", sql)
    if found is None or found[1].casefold() in RESERVED:
        return quote_name(table.name)
    return found[1]


def _unknown_alias(match: re.Match[str], sql: str, tables: Sequence[Table], _: Sequence[str]) -> QueryError:
    table = next((table for table in tables if table.name.casefold() == match["name"].casefold()), None)
    if table is not None:
        return _not_in_from(table, sql, tables)
    names = re.findall(r'"((?:[^"]|"")+)"', match["candidates"] or "") or [table.name for table in tables]
    message = f'"{match["name"]}" is not a table or alias of this query.'
    return QueryError(
        "unknown_table",
        message,
        f"Use {' or '.join(quote_name(name) for name in names[:5])}, or add it to FROM.",
    )


def _no_struct(match: re.Match[str], _: str, tables: Sequence[Table], __: Sequence[str]) -> QueryError:
    """`flight.origin` where `flight` is a column: the model meant a table or its alias."""
    field, column = match["field"], match["column"]
    owners = [table.name for table in tables if table.column(field)]
    places = [quote_name(field), *(f"{quote_name(owner)}.{quote_name(field)}" for owner in owners[:2])]
    message = f'"{column}" is a column, not a table or alias.'
    return QueryError("unknown_table", message, f"Write {' or '.join(places)}.")


def _no_table(match: re.Match[str], _: str, tables: Sequence[Table], __: Sequence[str]) -> QueryError:
    return unknown_table(match["name"], [table.name for table in tables])


def _duplicate_alias(_: re.Match[str], __: str, ___: Sequence[Table], ____: Sequence[str]) -> QueryError:
    return QueryError(
        "ambiguous_table", "A table stands in FROM twice.", "Give each one an alias: FROM t AS a JOIN t AS b."
    )


def _unknown_function(
    match: re.Match[str], _: str, __: Sequence[Table], functions: Sequence[str]
) -> QueryError:
    name = match["name"]
    instead = _ELSEWHERE.get(name.casefold())
    near = closest(name, [function for function in functions if function.isidentifier()])
    hint = (
        f"DuckDB has {instead}."
        if instead
        else f"Did you mean {near[0]}()?"
        if near
        else "Use a function of DuckDB."
    )
    return QueryError("unknown_function", f"There is no function {name}().", hint)


def _group_by(match: re.Match[str], sql: str, __: Sequence[Table], ___: Sequence[str]) -> QueryError:
    name = quote_name(match["name"])
    hint = _in_window(name, sql) or f"Add {name} to GROUP BY, or aggregate it, for example MAX({name})."
    return QueryError("group_by", f"{name} is neither grouped nor aggregated.", hint)


def _in_window(name: str, sql: str) -> str:
    """What is meant by a column inside of OVER: a group by it would be one of each value."""
    inner = rf"(?:\w+\.)?{re.escape(name)}"
    found = re.search(
        rf"(?i)\b(SUM|AVG|COUNT|MIN|MAX|LAG|LEAD)\s*\(\s*({inner})\s*(?:,[^()]*)?\)\s*OVER\b", sql
    )
    if found is None:
        return ""
    function, column = found[1].upper(), found[2]
    if function in ("LAG", "LEAD"):
        return f"Aggregate it inside, for example {function}(SUM({column})) OVER (…)."
    of_each = f"{function}({column}) without OVER is that of each group"
    if function == "AVG":
        return f"{of_each}; for that of all rows, write (SELECT AVG({name}) FROM …)."
    outer = "SUM" if function == "COUNT" else function
    return f"{of_each}; for that of all groups, write {outer}({function}({column})) OVER (…)."


def _ambiguous(match: re.Match[str], _: str, __: Sequence[Table], ___: Sequence[str]) -> QueryError:
    choices = re.findall(r"['\"]([^'\"]+\.[^'\"]+)['\"]", match["choices"])
    hint = f"Write {' or '.join(choices)}." if choices else "Write the table's name before the column."
    return QueryError("ambiguous_column", f'"{match["name"]}" is in more than one table.', hint)


def _comparison(match: re.Match[str], _: str, __: Sequence[Table], ___: Sequence[str]) -> QueryError:
    left, right = (_sql_type(match[side]) for side in ("left", "right"))
    text = "VARCHAR" in {left, right}
    other = right if left == "VARCHAR" else left
    hint = (
        f"Cast one side: TRY_CAST(text AS {other}), or put the constant in single quotes."
        if text
        else "Cast one side with CAST."
    )
    return QueryError("type_mismatch", f"{left} cannot be compared with {right}.", hint)


def _no_overload(match: re.Match[str], sql: str, tables: Sequence[Table], _: Sequence[str]) -> QueryError:
    name, given = match["name"], [_sql_type(part) for part in match["types"].split(",")]
    shown = ", ".join(kind for kind in given if kind)
    message = f"{name}() does not take ({shown})."
    text = [column for table in _used(sql, tables) for column in table.columns if _is_named(column, sql)]
    if "VARCHAR" in given:
        castable = next((column for column in text if column.dtype == "VARCHAR"), None)
        target = "TIMESTAMP" if name.startswith(("date", "strf", "time")) else "DOUBLE"
        shown = quote_name(castable.name) if castable else "column"
        return QueryError("type_mismatch", message, f"Cast the text first: TRY_CAST({shown} AS {target}).")
    expected = re.findall(rf"\t\"?{re.escape(name)}\"?\(([^)]*)\)", match.string)[:3]
    hint = (
        f"It takes {' or '.join(f'({arguments})' for arguments in expected)}."
        if expected
        else "Check the types of its arguments."
    )
    return QueryError("type_mismatch", message, hint)


def _is_named(column: Column, sql: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(column.name)}(?!\w)", sql) is not None


def _operator_types(match: re.Match[str], _: str, __: Sequence[Table], ___: Sequence[str]) -> QueryError:
    left_right = ", ".join(_sql_type(part) for part in match["types"].split(","))
    hint = "Cast one side, for example CAST(value AS DOUBLE)."
    if match["name"] in ("/", "//", "%") and left_right.startswith(("DATE", "TIMESTAMP")):
        hint = "A date is not divided: write YEAR(day), MONTH(day) or DATE_TRUNC('month', day) of it."
    return QueryError("type_mismatch", f"{match['name']} does not take ({left_right}).", hint)


def _conversion(match: re.Match[str], sql: str, tables: Sequence[Table], _: Sequence[str]) -> QueryError:
    value = match["value"]
    owner = _column_with_value(value, _used(sql, tables))
    where = f" of {owner}" if owner else ""
    hint = f"Compare with text in single quotes, or use TRY_CAST(… AS {_sql_type(match['type'])})."
    return QueryError(
        "type_mismatch", f"The value {quote_text(value[:40])}{where} is no {_sql_type(match['type'])}.", hint
    )


def _sql_type(name: str) -> str:
    names = {"STRING_LITERAL": "VARCHAR", "INTEGER_LITERAL": "INTEGER", "INT32": "INTEGER", "INT64": "BIGINT"}
    return names.get(name.strip(), name.strip())


def _syntax(match: re.Match[str], sql: str, _: Sequence[Table], __: Sequence[str]) -> QueryError:
    near = match["near"]
    if near is None:
        return QueryError(
            "syntax", "The query ends too early.", "Close every bracket and finish the last clause."
        )
    hint = (
        f'Check what comes before it; if "{near}" is a name, write it in double quotes.'
        if near.isidentifier()
        else ""
    )
    return QueryError("syntax", f'Syntax error at "{near[:40]}".', hint)


def _memory(_: re.Match[str], __: str, ___: Sequence[Table], ____: Sequence[str]) -> QueryError:
    hint = "Filter or aggregate earlier, and check that every join has its ON condition."
    return QueryError("memory", "The query needs more memory than it may use.", hint)


def _aggregate_place(match: re.Match[str], _: str, __: Sequence[Table], ___: Sequence[str]) -> QueryError:
    hint = "Put the condition on an aggregate into HAVING, or compute it in a subquery."
    return QueryError("aggregate_place", f"{match['where'].strip()[:80]} cannot contain aggregates.", hint)


def _window_place(_: re.Match[str], __: str, ___: Sequence[Table], ____: Sequence[str]) -> QueryError:
    hint = "Compute the window function in a WITH step, then filter it, or use QUALIFY."
    return QueryError("window_place", "A window function stands where none is allowed.", hint)


def _window_nested(_: re.Match[str], __: str, ___: Sequence[Table], ____: Sequence[str]) -> QueryError:
    hint = "Put the inner one into an inner SELECT with a name: FROM (SELECT …, LAG(…) OVER (…) AS before …)."
    return QueryError("window_place", "One window function stands in another, or where none may.", hint)


def _subquery_columns(match: re.Match[str], _: str, __: Sequence[Table], ___: Sequence[str]) -> QueryError:
    hint = "Compare several columns by (a, b) IN (SELECT a, b …), not by =."
    message = f"The subquery has {match['count']} columns where one value is needed."
    return QueryError("subquery_columns", message, hint)


def _subquery_rows(_: re.Match[str], __: str, ___: Sequence[Table], ____: Sequence[str]) -> QueryError:
    hint = (
        "Give one: put what narrows it (such as the year) inside as well as outside, or take MAX, MIN or AVG."
    )
    return QueryError("subquery_rows", "The inner SELECT has several rows where one value is needed.", hint)


_RULES: tuple[tuple[str, Rule], ...] = (
    (r'Referenced column "(?P<name>(?:[^"]|"")+)" not found', _unknown_column),
    (r'Referenced column "(?P<name>(?:[^"]|"")+)" was not found', _unknown_column),
    (r'Column "(?P<name>(?:[^"]|"")+)" (?:does not exist|in USING|referenced)', _unknown_column),
    (r'(?:Table|list) "(?P<alias>[^"]+)" does not have a column named "(?P<name>[^"]+)"', _column_of_alias),
    (
        r'Referenced table "(?P<name>[^"]+)" not found!(?:\s*Candidate tables: (?P<candidates>[^\n]+))?',
        _unknown_alias,
    ),
    (r"Table with name (?P<name>.+?) does not exist", _no_table),
    (r"Cannot extract field '(?P<field>.+?)' from expression \"(?P<column>.+?)\"", _no_struct),
    (r"duplicate alias", _duplicate_alias),
    (r"Function with name (?P<name>\S+) does not exist", _unknown_function),
    (r'column "?(?P<name>.+?)"? must appear in the GROUP BY', _group_by),
    (r'Ambiguous reference to column name "(?P<name>[^"]+)" \(use: (?P<choices>[^)]+)\)', _ambiguous),
    (r"Cannot compare values of type (?P<left>\S+) and type (?P<right>\S+)", _comparison),
    (
        r"No function matches the given name and argument types '(?P<name>[\w$]+)\((?P<types>.*?)\)'",
        _no_overload,
    ),
    (r"for the function call \"(?P<name>.+?)\((?P<types>.*?)\)\"", _operator_types),
    (
        r"No function matches the given name and argument types '(?P<name>.+?)\((?P<types>.*?)\)'",
        _operator_types,
    ),
    (r"Could not convert string '(?P<value>.*?)' to (?P<type>\w+)", _conversion),
    (r"invalid (?P<type>date|timestamp) field format: \"(?P<value>.*?)\"", _conversion),
    (r"(?P<where>WHERE clause|GROUP BY clause|JOIN condition) cannot contain aggregates", _aggregate_place),
    (r"cannot contain window functions", _window_place),
    # SQLite says the same of a window where none may stand.
    (r"window function calls cannot be nested|misuse of window function", _window_nested),
    (r"Subquery returns (?P<count>\d+) columns", _subquery_columns),
    (r"More than one row returned by a subquery", _subquery_rows),
    (r'syntax error at (?:end of input|or near "(?P<near>[^"]*)")', _syntax),
    (r"Out of Memory|could not allocate|bad_alloc|failed to allocate", _memory),
)

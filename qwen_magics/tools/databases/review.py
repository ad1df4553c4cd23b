"""What the data says against a database's result: the same findings as `tools.sql.review`, on sqlglot's tree.

Kinds: `no_such_value`, `letter_case`, `all_null`, `nulls_first`, `whole_division`, `any_value`,
`fan_out`, `other_keys`, `all_match`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases.values import first_rows, source
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.brackets import met_by_all
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.review import about_literal, all_null, is_empty
from qwen_magics.tools.sql.select_gate import Admitted
from qwen_magics.tools.sql.things import mixed_keys

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["review"]

Query = Callable[[str], list[tuple[Any, ...]]]

_MOST_VALUES = 2_000
_MULTIPLIED = 1.05
_LONGEST = 120
# Dialects in which the quotient of two whole numbers is a whole number.
_WHOLE_DIVISION = frozenset({"postgres", "sqlite", "tsql", "redshift"})
_WHOLE_TYPES = ("INT", "SERIAL")


def review(
    admitted: Admitted, result: QueryResult, tables: Sequence[Table], query: Query, dialect: Dialect
) -> list[QueryError]:
    """Findings against the result, the likeliest cause first; empty if nothing speaks against it.

    Args:
        query: runs SQL of ours; its QueryErrors (a timeout, say) leave a finding out.
    """
    mixed = mixed_keys(admitted.text, tables, dialect)
    findings = [] if mixed is None else [mixed]
    with suppress(QueryError):
        pattern = met_by_all(admitted.text, admitted.tables, dialect, query)
        findings += [] if pattern is None else [pattern]
    if is_empty(result):
        findings.extend(_literals(admitted, tables, query, dialect))
        if not findings and result.rows and result.frame.isna().all(axis=None):
            findings.append(all_null(result))
    findings.extend(_nulls_first(admitted, result, dialect))
    findings.extend(_whole_division(admitted, dialect))
    findings.extend(_any_value(admitted, dialect))
    findings.extend(_fan_out(admitted, query, dialect))
    return findings


def _literals(
    admitted: Admitted, tables: Sequence[Table], query: Query, dialect: Dialect
) -> Iterator[QueryError]:
    """Texts that a column is compared with and does not hold."""
    for node, text in _compared(admitted.tree):
        found = _owner(node, admitted)
        if found is None:
            continue
        table, column = found
        name = f"{dialect.quote_name(table.name)}.{dialect.quote_name(column.name)}"
        try:
            values = _values(table, column, text, query, dialect)
        except QueryError:
            continue
        finding = None if values is None else about_literal(name, text, values)
        if finding is not None:
            yield finding


def _compared(tree: exp.Expr) -> Iterator[tuple[exp.Column, str]]:
    from sqlglot import exp

    for node in tree.find_all(exp.EQ, exp.In):
        sides = [node.this, *node.expressions] if isinstance(node, exp.In) else [node.this, node.expression]
        columns = [side for side in sides if isinstance(side, exp.Column)]
        if len(columns) == 1:
            yield from ((columns[0], s.this) for s in sides if isinstance(s, exp.Literal) and s.is_string)


def _owner(node: exp.Column, admitted: Admitted) -> tuple[Table, Column] | None:
    """The table that a column belongs to, as far as aliases and names say it."""
    from sqlglot import exp

    aliases = {t.alias_or_name.casefold(): t.name.casefold() for t in admitted.tree.find_all(exp.Table)}
    wanted = aliases.get(node.table.casefold(), node.table.casefold())
    for table in admitted.tables:
        column = table.column(node.name)
        if column is not None and (not node.table or table.name.casefold() == wanted):
            return table, column
    return None


def _values(table: Table, column: Column, text: str, query: Query, dialect: Dialect) -> list[str] | None:
    """All different texts of the column; None if they are too many, or no texts."""
    name, place = dialect.quoted(column.name), source(table, dialect)
    if query(first_rows(f"{name} FROM {place} WHERE {name} = {dialect.quote_text(text)}", 1, dialect)):
        return [text]
    if "top" in dialect.features or "fetch" in dialect.features:
        return None
    rows = query(f"SELECT DISTINCT {name} FROM {place} WHERE {name} IS NOT NULL LIMIT {_MOST_VALUES + 1}")
    values = [row[0] for row in rows if isinstance(row[0], str)]
    return values if len(values) == len(rows) <= _MOST_VALUES else None


def _nulls_first(admitted: Admitted, result: QueryResult, dialect: Dialect) -> Iterator[QueryError]:
    """A first row without a value to sort by: PostgreSQL has NULL first going down, the others going up."""
    from sqlglot import exp

    order = admitted.tree.args.get("order")
    if order is None or not 0 < result.rows <= 20:
        return
    key = order.expressions[0].this
    labels = [str(label).casefold() for label in result.frame.columns]
    if not isinstance(key, exp.Column) or key.name.casefold() not in labels:
        return
    if result.frame.iloc[:, labels.index(key.name.casefold())].isna().iloc[0]:
        name = dialect.quote_name(key.name)
        last = "Add NULLS LAST, or " if "nulls_order" in dialect.features else "Add "
        hint = f"{last}WHERE {name} IS NOT NULL."
        yield QueryError("nulls_first", f"The first row has no value for {key.name}.", hint)


def _whole_division(admitted: Admitted, dialect: Dialect) -> Iterator[QueryError]:
    """A quotient of two whole numbers, which loses what is behind the point."""
    from sqlglot import exp

    if dialect.name not in _WHOLE_DIVISION:
        return
    for node in admitted.tree.find_all(exp.Div):
        if _is_whole(node.this, admitted) and _is_whole(node.expression, admitted):
            shown = node.sql(dialect=dialect.name)[:80]
            hint = f"Multiply by 1.0 first: 1.0 * {node.this.sql(dialect=dialect.name)[:60]} / …"
            yield QueryError("whole_division", f"{shown} drops everything behind the point.", hint)
            return


def _is_whole(node: exp.Expr, admitted: Admitted) -> bool:
    """Whether a value is a whole number by its form; doubt says no."""
    from sqlglot import exp

    if isinstance(node, (exp.Paren, exp.Neg, exp.Sum, exp.Min, exp.Max, exp.Abs)):
        return _is_whole(node.this, admitted)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        return _is_whole(node.this, admitted) and _is_whole(node.expression, admitted)
    if isinstance(node, exp.Count):
        return True
    if isinstance(node, exp.Literal):
        return not node.is_string and str(node.this).isdigit()
    if isinstance(node, exp.Case):
        results = [item.args.get("true") for item in node.args.get("ifs", ())] + [node.args.get("default")]
        return all(result is None or _is_whole(result, admitted) for result in results)
    if isinstance(node, exp.Column):
        found = _owner(node, admitted)
        return (
            found is not None
            and any(kind in found[1].dtype.upper() for kind in _WHOLE_TYPES)
            and ("INTERVAL" not in found[1].dtype.upper())
        )
    return False


def _any_value(admitted: Admitted, dialect: Dialect) -> Iterator[QueryError]:
    """SQLite gives any row's value of a column that is neither grouped nor aggregated."""
    from sqlglot import exp

    if dialect.name != "sqlite":
        return
    for select in admitted.tree.find_all(exp.Select):
        aggregates = [node for item in select.expressions for node in item.find_all(exp.AggFunc)]
        aggregates = [node for node in aggregates if node.find_ancestor(exp.Select, exp.Window) is select]
        if not aggregates or (len(aggregates) == 1 and isinstance(aggregates[0], (exp.Min, exp.Max))):
            continue  # beside one MIN or MAX, SQLite takes the row that has it
        group = select.args.get("group")
        grouped = {item.sql().casefold() for item in (group.expressions if group else ())}
        for position, item in enumerate(select.expressions, start=1):
            bare = item.unalias()
            names = {bare.sql().casefold(), item.alias_or_name.casefold(), str(position)}
            if (
                isinstance(bare, exp.Column)
                and not names & grouped
                and bare.name.casefold() not in {name.rpartition(".")[2] for name in grouped}
            ):
                whole = _grouped_with(bare, group, dialect)
                hint = (
                    f"Select {whole} instead." if whole else f"Add {bare.sql()} to GROUP BY, or leave it out."
                )
                yield QueryError("any_value", f"{bare.sql()} is neither grouped nor aggregated.", hint)
                return


def _grouped_with(column: exp.Column, group: exp.Group | None, dialect: Dialect) -> str:
    """What is grouped by in which the column has a part; empty if nothing is."""
    from sqlglot import exp

    for item in group.expressions if group else ():
        if any(inner.name.casefold() == column.name.casefold() for inner in item.find_all(exp.Column)):
            return str(item.sql(dialect=dialect.name))[:_LONGEST]
    return ""


def _fan_out(admitted: Admitted, query: Query, dialect: Dialect) -> Iterator[QueryError]:
    """A join that repeats the rows that are summed up: because its key repeats on both sides, or because one
    row of the summed table has several of the other.
    """
    from sqlglot import exp

    for select in admitted.tree.find_all(exp.Select):
        if not any(item.find(exp.Sum, exp.Count, exp.Avg) for item in select.expressions):
            continue
        for join in select.args.get("joins") or ():
            sides = _sides(join.args.get("on"), admitted)
            try:
                many = [side for side in sides if len(sides) == 2 and _repeats(*side, query, dialect)]
            except QueryError:
                continue  # too large to look at in time
            finding = _multiplied(sides, many, _summed(select, admitted), dialect)
            if finding is not None:
                yield finding
                return


def _multiplied(
    sides: Sequence[tuple[Table, list[str]]],
    many: Sequence[tuple[Table, list[str]]],
    summed: set[str],
    dialect: Dialect,
) -> QueryError | None:
    if len(many) == 2:
        (left, columns), (right, _) = many
        keys = ", ".join(map(dialect.quote_name, columns))
        joined = f"The join of {left.name} and {right.name} on {keys}"
        hint = "Aggregate one side before joining, or join on a key that is unique."
        return QueryError("fan_out", f"{joined} multiplies rows: the key repeats on both sides.", hint)
    for table, _ in sides if many else ():
        if table is not many[0][0] and table.name in summed:
            other = many[0][0].name
            message = f"Each row of {table.name} is summed once for every row of {other} that belongs to it."
            return QueryError("fan_out", message, f"Leave {other} out, or aggregate it in a subquery first.")
    return None


def _summed(select: exp.Select, admitted: Admitted) -> set[str]:
    """Tables of which columns, and those of no other, are summed or averaged."""
    from sqlglot import exp

    found = set()
    for item in select.expressions:
        for node in item.find_all(exp.Sum, exp.Avg):
            owners = [_owner(column, admitted) for column in _added_up(node)]
            names = {owner[0].name if owner else "" for owner in owners}
            if len(names) == 1 and node.find(exp.Distinct) is None:
                found |= names
    return found


def _added_up(node: exp.Expr) -> Iterator[exp.Column]:
    """The columns whose values are added up: a CASE that gives 1 or 0 counts, whatever it reads."""
    from sqlglot import exp

    inside = {id(column) for when in node.find_all(exp.If) for column in when.this.find_all(exp.Column)}
    return (column for column in node.find_all(exp.Column) if id(column) not in inside)


def _sides(condition: exp.Expr | None, admitted: Admitted) -> list[tuple[Table, list[str]]]:
    """Both tables with the columns that a join equates, for a condition of nothing but such equations."""
    from sqlglot import exp

    if condition is None or condition.find(exp.Or, exp.Not) is not None:
        return []
    found: dict[str, tuple[Table, list[str]]] = {}
    for equation in condition.find_all(exp.EQ):
        pair = [
            _owner(c, admitted) for c in (equation.this, equation.expression) if isinstance(c, exp.Column)
        ]
        for owner in pair if len(pair) == 2 else ():
            if owner is None:
                return []
            found.setdefault(f"{owner[0].schema}.{owner[0].name}", (owner[0], []))[1].append(owner[1].name)
    return list(found.values())


def _repeats(table: Table, columns: Sequence[str], query: Query, dialect: Dialect) -> bool:
    known = [table.column(column) for column in columns]
    key = {c.name for c in table.columns if c.note.startswith("primary key")}
    if any(column is not None and column.unique for column in known) or (key and key <= set(columns)):
        return False
    names, place = ", ".join(map(dialect.quoted, columns)), source(table, dialect)
    present = " AND ".join(f"{dialect.quoted(column)} IS NOT NULL" for column in columns)
    counts = f"SELECT COUNT(*) AS n FROM {place} WHERE {present} GROUP BY {names}"
    keys, rows = query(f"SELECT COUNT(*), SUM(n) FROM ({counts}) AS counted")[0]
    # A few stray duplicates shift a sum by less than anybody would call multiplied.
    return bool(keys and float(rows) > _MULTIPLIED * float(keys))

"""What the data says against a result that came without an error: each finding is computed, none is a guess.

A finding is a `QueryError` that is not raised: kind, what was found, and what would be right. Kinds:
`no_such_value`, `letter_case`, `no_match`, `all_null`, `nulls_first`, `fan_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table, closest
from qwen_magics.tools.sql.counted_once import filtered_to_one, means_by_key
from qwen_magics.tools.sql.filters import constant_text, unmet
from qwen_magics.tools.sql.gate import Tree, nodes
from qwen_magics.tools.sql.names import printable, quote_name, quote_text

__all__ = ["about_literal", "all_null", "is_empty", "review"]

Query = Callable[[str], list[tuple[Any, ...]]]

_MOST_VALUES = 5_000
_MULTIPLIED = 1.05
_SIDES = ("left", "right")
_SUMS = frozenset({"sum", "count", "count_star", "avg", "mean"})


@dataclass(frozen=True)
class _Literal:
    """`table.column` is compared with the text."""

    table: Table
    column: Column
    text: str

    def __str__(self) -> str:
        return f"{quote_name(self.table.name)}.{quote_name(self.column.name)}"


def review(tree: Tree, result: QueryResult, tables: Sequence[Table], query: Query) -> list[QueryError]:
    """Findings against the result, the likeliest cause first; empty if nothing speaks against it.

    Args:
        query: runs SQL of ours on the same tables.
    """
    findings: list[QueryError] = []
    if is_empty(result):
        findings.extend(_missing_literals(tree, tables, query))
        if not findings:
            findings.extend(unmet(tree, query))
        if not findings and result.rows and result.frame.isna().all(axis=None):
            findings.append(all_null(result))
    findings.extend(_nulls_first(tree, result))
    findings.extend(_fan_out(tree, tables, query))
    return findings


def is_empty(result: QueryResult) -> bool:
    """No rows, nothing but nulls, or a single count of zero: what a filter that matches nothing gives."""
    if not result.rows:
        return True
    if result.rows == 1 and all(_is_zero(value) for value in result.frame.iloc[0]):
        return True
    return bool(result.frame.isna().all(axis=None))


def _is_zero(value: object) -> bool:
    import pandas as pd

    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return isinstance(value, Real) and not float(value) > 0 and not float(value) < 0  # NaN is neither


def _missing_literals(tree: Tree, tables: Sequence[Table], query: Query) -> Iterator[QueryError]:
    for literal in _compared(tree, tables):
        found = _values(literal, query)
        finding = None if found is None else about_literal(str(literal), literal.text, found)
        if finding is not None:
            yield finding


def about_literal(column: str, text: str, values: Sequence[str]) -> QueryError | None:
    """What is wrong with comparing a column with `text` when these are all its values; None if nothing is.

    Args:
        column: as SQL spells it.
    """
    if text in values:
        return None
    message = f"No {column} is {quote_text(printable(text))}."
    same = [value for value in values if value.casefold().strip() == text.casefold().strip()]
    if same:
        return QueryError("letter_case", message, f"It is written {quote_text(printable(same[0]))}.")
    near = closest(text, values, count=3, cutoff=0.5)
    few = [quote_text(printable(value)) for value in (near or sorted(values)[:5])]
    return QueryError("no_such_value", message, f"{'Closest' if near else 'There are'}: {', '.join(few)}.")


def _values(literal: _Literal, query: Query) -> list[str] | None:
    """All different values of the column as text; None if they are too many to compare with."""
    column, table = quote_name(literal.column.name), quote_name(literal.table.name)
    exact = query(f"SELECT count(*) FROM {table} WHERE {column} = {quote_text(literal.text)}")[0][0]
    if exact:
        return [literal.text]
    rows = query(
        f"SELECT DISTINCT {column}::VARCHAR FROM {table} WHERE {column} IS NOT NULL LIMIT {_MOST_VALUES + 1}"
    )
    return [row[0] for row in rows] if len(rows) <= _MOST_VALUES else None


def _compared(tree: Tree, tables: Sequence[Table]) -> Iterator[_Literal]:
    """Text constants that a column of the tables is compared with by = or IN."""
    aliases = _aliases(tree, tables)
    for node in nodes(tree):
        if node.get("class") == "COMPARISON" and node.get("type") == "COMPARE_EQUAL":
            sides = [node.get("left"), node.get("right")]
        elif node.get("type") == "COMPARE_IN":
            sides = list(node.get("children") or node.get("arguments") or ())
        else:
            continue
        columns = [side for side in sides if isinstance(side, dict) and side.get("class") == "COLUMN_REF"]
        texts = [
            text for side in sides if isinstance(side, dict) and (text := constant_text(side)) is not None
        ]
        if len(columns) == 1:
            yield from _literals(columns[0], texts, aliases, tables)


def _literals(
    node: Tree, texts: Sequence[str], aliases: dict[str, Table], tables: Sequence[Table]
) -> Iterator[_Literal]:
    *qualifier, name = node["column_names"]
    owner = aliases.get(qualifier[-1].casefold()) if qualifier else None
    owners = [owner] if owner else [table for table in aliases.values() if table.column(name)]
    for table in owners[:1]:
        column = table.column(name)
        if column is not None and column.dtype == "VARCHAR":
            yield from (_Literal(table, column, text) for text in texts)


def _aliases(tree: Tree, tables: Sequence[Table]) -> dict[str, Table]:
    known = {table.name.casefold(): table for table in tables}
    found: dict[str, Table] = {}
    for node in nodes(tree):
        table = (
            known.get(str(node.get("table_name", "")).casefold())
            if node.get("type") == "BASE_TABLE"
            else None
        )
        if table is not None:
            found[(node.get("alias") or table.name).casefold()] = table
    return found


def all_null(result: QueryResult) -> QueryError:
    """The finding for a result of nothing but NULL."""
    names = ", ".join(str(name) for name in result.frame.columns[:3])
    return QueryError(
        "all_null",
        f"The result has no values, only NULL ({names}).",
        "Check the filters and join conditions.",
    )


def _nulls_first(tree: Tree, result: QueryResult) -> Iterator[QueryError]:
    """A first row whose sorted value is missing: DuckDB puts NULL last, unless the query says otherwise."""
    for modifier in tree.get("modifiers") or ():
        orders = modifier.get("orders") if modifier.get("type") == "ORDER_MODIFIER" else None
        if not orders or not result.rows or result.rows > 20:
            continue
        first = orders[0]
        names = (first.get("expression") or {}).get("column_names") or [""]
        labels = [str(label).casefold() for label in result.frame.columns]
        if (
            names[-1].casefold() in labels
            and result.frame.iloc[:, labels.index(names[-1].casefold())].isna().iloc[0]
        ):
            hint = f"Add NULLS LAST, or WHERE {quote_name(names[-1])} IS NOT NULL."
            yield QueryError("nulls_first", f"The first row has no value for {names[-1]}.", hint)


def _fan_out(tree: Tree, tables: Sequence[Table], query: Query) -> Iterator[QueryError]:
    """A sum or count over a join in which both sides' keys repeat: rows are multiplied."""
    functions = {str(node.get("function_name")) for node in nodes(tree) if node.get("class") == "FUNCTION"}
    if not functions & _SUMS:
        return
    aliases = _aliases(tree, tables)
    for join in nodes(tree):
        sides = _join_keys(join, aliases) if join.get("join_type") in {"INNER", "LEFT"} else []
        if sides and all(_repeats(table, columns, query) for table, columns in sides):
            (left, columns), (right, others) = sides
            if means_by_key(tree, [*columns, *others]) or _filtered(join, sides, tree, query):
                continue
            joined = f"The join of {left.name} and {right.name} on {', '.join(map(quote_name, columns))}"
            message = f"{joined} multiplies rows: the key repeats on both sides."
            hint = "Aggregate one side before joining, or join on a key that is unique."
            hint = "Leave the second one out, or join on a key that is unique." if left is right else hint
            yield QueryError("fan_out", message, hint)


def _filtered(join: Tree, sides: Sequence[tuple[Table, list[str]]], tree: Tree, query: Query) -> bool:
    places = [(join[side].get("alias") or table.name) for side, (table, _) in zip(_SIDES, sides, strict=True)]
    named = zip(places, sides, strict=True)
    return any(filtered_to_one(tree, alias, table, columns, query) for alias, (table, columns) in named)


def _join_keys(join: Tree, aliases: dict[str, Table]) -> list[tuple[Table, list[str]]]:
    """Both tables with the columns compared by =, for a join of exactly two base tables; else nothing."""
    sides = [join.get("left") or {}, join.get("right") or {}]
    if any(side.get("type") != "BASE_TABLE" for side in sides):
        return []
    names = [(side.get("alias") or side["table_name"]).casefold() for side in sides]
    if any(name not in aliases for name in names):
        return []
    using = join.get("using_columns") or []
    keys: dict[str, list[str]] = {name: list(using) for name in names}
    for column in () if using else _equated(join.get("condition")):
        owner = column[0].casefold() if len(column) > 1 else _owner(column[0], names, aliases)
        if owner in keys:
            keys[owner].append(column[-1])
    return [(aliases[name], keys[name]) for name in names] if all(keys.values()) else []


def _equated(condition: object) -> Iterator[list[str]]:
    """Column names on both sides of every =, if all of them must hold."""
    if not isinstance(condition, dict) or any(
        node.get("type") == "CONJUNCTION_OR" for node in nodes(condition)
    ):
        return
    for node in nodes(condition):
        left, right = ((node.get(side) or {}) for side in ("left", "right"))
        if node.get("type") == "COMPARE_EQUAL" and left.get("column_names") and right.get("column_names"):
            yield from (left["column_names"], right["column_names"])


def _owner(column: str, names: Sequence[str], aliases: dict[str, Table]) -> str | None:
    return next((name for name in names if aliases[name].column(column)), None)


def _repeats(table: Table, columns: Sequence[str], query: Query) -> bool:
    known = [table.column(column) for column in columns]
    if any(column is None for column in known) or any(column and column.unique for column in known):
        return False
    names = ", ".join(quote_name(column) for column in dict.fromkeys(columns))
    # A few stray duplicates shift a sum by less than anybody would call multiplied.
    rows, keys = query(f"SELECT count(*), count(DISTINCT ({names})) FROM {quote_name(table.name)}")[0]
    return bool(rows > _MULTIPLIED * keys)

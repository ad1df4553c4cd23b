"""Keys of different things compared in a condition: `shipments.warehouse_id = customers.region_id`.

What is meant is the region of the warehouse, and the one column that leads from warehouses to regions says
it. So it is written, where there is one; else the comparison is sent back. Joins are `tools.sql.bridging`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.labelling import tables_read
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["compared_alike", "mixed_keys", "thing_of"]

# What a key stands for: the table and the column that it leads to in the end.
Thing = tuple[str, str]


def thing_of(table: Table, column: str, tables: Sequence[Table]) -> Thing | None:
    """The column that a key leads to in the end; None for what is no key, or one of two things at once."""
    name, seen = column.casefold(), set[str]()
    while table.name not in seen:
        seen.add(table.name)
        steps = [join for join in table.joins if join.column.casefold() == name and not join.more]
        known = [other for other in tables if steps and other.name == steps[0].other]
        if len(steps) > 1:
            return None
        if not known:
            break
        table, name = known[0], steps[0].other_column.casefold()
    led = any(j.other == table.name and j.other_column.casefold() == name for t in tables for j in t.joins)
    return (table.name, name) if led else None


def compared_alike(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with such comparisons over the table that is left out; as it was where nothing is certain.

    >>> compared_alike("SELECT 1 FROM loans l JOIN members m ON … WHERE l.branch_id = m.town_id", …)
    'SELECT 1 … LEFT JOIN branches ON l.branch_id = branches.branch_id WHERE branches.town_id = m.town_id'
    """
    found = _found(sql, tables, dialect)
    if found is None:
        return sql
    tree, mixes = found
    changed = [_put_right(mix) for mix in mixes]
    return tree.sql(dialect=dialect.name or None) if any(changed) else sql


def mixed_keys(sql: str, tables: Sequence[Table], dialect: Dialect) -> QueryError | None:
    """The finding about a comparison that could not be put right; None if there is none."""
    found = _found(sql, tables, dialect)
    for mix in found[1] if found is not None else ():
        sides = [side.sql(dialect=dialect.name or None) for side in (mix.left, mix.right)]
        (one, _), (other, _) = mix.things
        message = f"{sides[0]} is a key of {one}, {sides[1]} one of {other}: they say nothing of each other."
        ways = [*_columns_to(*mix.things, tables), *_columns_to(*mix.things[::-1], tables)]
        spelled = [".".join(map(dialect.quote_name, way)) for way in ways]
        hint = f"Compare keys of the same; there is {' and '.join(spelled)}." if spelled else ""
        return QueryError("other_keys", message, hint or "Compare keys of the same.")
    return None


@dataclass(frozen=True)
class _Mix:
    """A comparison of two keys, in a SELECT that reads these tables by alias."""

    node: exp.Expr
    select: exp.Expr
    read: dict[str, Table]
    tables: Sequence[Table]
    things: tuple[Thing, Thing]

    @property
    def left(self) -> exp.Expr:
        return self.node.this  # type: ignore[no-any-return]

    @property
    def right(self) -> exp.Expr:
        return self.node.expression  # type: ignore[no-any-return]


def _found(sql: str, tables: Sequence[Table], dialect: Dialect) -> tuple[exp.Expr, list[_Mix]] | None:
    if sum(bool(table.joins) for table in tables) < 1:
        return None
    from sqlglot import exp

    tree = parsed(sql, dialect)
    selects = list(tree.find_all(exp.Select)) if tree is not None else []
    mixes = [mix for select in selects for mix in _mixes(select, tables)]
    return (tree, mixes) if tree is not None and mixes else None


def _mixes(select: exp.Expr, tables: Sequence[Table]) -> Iterator[_Mix]:
    from sqlglot import exp

    read = {alias.casefold(): table for alias, table in tables_read(select, tables).items()}
    for node in list(select.find_all(exp.EQ, exp.NEQ)):
        sides = [node.this, node.expression]
        if not all(isinstance(side, exp.Column) for side in sides) or node.find_ancestor(exp.Join):
            continue
        owners = [_owner(side, read) for side in sides] if node.find_ancestor(exp.Select) is select else []
        if len(owners) == 2 and None not in owners:
            first, second = (
                thing_of(table, side.name, tables)
                for table, side in zip(owners, sides, strict=True)
                if table is not None
            )
            if first is not None and second is not None and first != second:
                yield _Mix(node, select, read, tables, (first, second))


def _owner(column: exp.Expr, read: dict[str, Table]) -> Table | None:
    if column.text("table"):
        table = read.get(column.text("table").casefold())
        return table if table is not None and table.column(column.name) else None
    owners = [table for table in read.values() if table.column(column.name)]
    return owners[0] if len(owners) == 1 else None


def _columns_to(start: Thing, goal: Thing, tables: Sequence[Table]) -> list[tuple[str, str]]:
    """The columns of the first thing's table that are keys of the second."""
    table = next(table for table in tables if table.name == start[0])
    own = (join.column for join in table.joins if not join.more)
    return [(table.name, name) for name in own if thing_of(table, name, tables) == goal]


def _put_right(mix: _Mix) -> bool:
    """Whether the comparison now goes over the table that was left out."""
    from sqlglot import exp

    joins = mix.select.args.get("joins") or ()
    if not all(join.args.get("on") or join.args.get("using") for join in joins):
        return False  # the comparison itself may be a join
    if any(item.is_star for item in mix.select.expressions):
        return False  # it would show the columns of one more table
    there, back = _columns_to(*mix.things, mix.tables), _columns_to(*mix.things[::-1], mix.tables)
    if len(there) + len(back) != 1:
        return False
    side, other = (mix.left, mix.right) if there else (mix.right, mix.left)
    thing = mix.things[0 if there else 1]
    ((_, column),) = (*there, *back)
    alias = _alias_of(side, thing, mix)
    if alias is None:
        return False
    meant = exp.column(column, alias)
    if meant == other:
        return False
    side.replace(meant)
    return True


def _alias_of(side: exp.Expr, thing: Thing, mix: _Mix) -> str | None:
    """What the thing's table is called in the query, joined if need be; None where that is not certain."""
    from sqlglot import exp

    here = [alias for alias, table in mix.read.items() if table.name == thing[0]]
    if side.text("table").casefold() in here:
        return side.text("table") if side.name.casefold() == thing[1] else None
    if here:
        key = exp.column(thing[1], here[0])
        return here[0] if len(here) == 1 and _is_joined(side, key, mix.select) else None
    if thing[0].casefold() in mix.read:
        return None
    _qualify(mix, thing[0])
    on = exp.EQ(this=side.copy(), expression=exp.column(thing[1], thing[0]))
    table = exp.Table(this=exp.to_identifier(thing[0]))
    # Rows without the key stay for the other columns of the query.
    mix.select.append("joins", exp.Join(this=table, on=on, side="LEFT"))
    return thing[0]


def _qualify(mix: _Mix, joined: str) -> None:
    """Columns that the joined table has too are told apart from its own."""
    from sqlglot import exp

    new = next(table for table in mix.tables if table.name == joined)
    for column in mix.select.find_all(exp.Column):
        owners = [alias for alias, table in mix.read.items() if table.column(column.name)]
        if not column.table and len(owners) == 1 and new.column(column.name) is not None:
            column.set("table", exp.to_identifier(owners[0]))


def _is_joined(side: exp.Expr, key: exp.Expr, select: exp.Expr) -> bool:
    from sqlglot import exp

    wanted = {side.sql().casefold(), key.sql().casefold()}
    equals = (equal for join in select.args.get("joins") or () for equal in join.find_all(exp.EQ))
    return any({e.this.sql().casefold(), e.expression.sql().casefold()} == wanted for e in equals)

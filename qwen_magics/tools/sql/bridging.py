"""Joins on a column that one side does not have: the tables in between are put in.

Small models join customers with payments on `customer_id`, where payments have an order and orders have a
customer. The way along the keys is known; so it is written instead of told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qwen_magics.tools.join_path import neighbours
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.key_conditions import key_condition
from qwen_magics.tools.sql.parsing import parsed
from qwen_magics.tools.sql.things import thing_of

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["bridged"]

_MOST_BETWEEN = 3


def bridged(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with its joins on keys that are there; as it was where nothing is certain.

    A condition is put right if one side has no such column, if both sides are the same column, or if they are
    keys of different things (`books.book_id = loans.copy_id`).

    >>> bridged("SELECT 1 FROM customers c JOIN payments p ON c.customer_id = p.customer_id", shop, SQLITE)
    'SELECT 1 FROM customers AS c JOIN orders ON orders.customer_id = c.customer_id JOIN payments AS p ON ...'
    """
    if " join " not in " ".join(sql.lower().split()):
        return sql
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None:
        return sql
    selects = [_Select(select, tables) for select in tree.find_all(exp.Select)]
    changed = [select.mend() for select in selects]
    return tree.sql(dialect=dialect.name or None) if any(changed) else sql


@dataclass
class _Select:
    """One SELECT and the tables that it has read so far, by alias."""

    node: exp.Expr
    tables: Sequence[Table]
    read: dict[str, Table] = field(default_factory=dict)

    def mend(self) -> bool:
        """Whether a join was put right."""
        source = self.node.args.get("from_")
        if source is None or not self._enter(source.this):
            return False
        changed, joins = False, list(self.node.args.get("joins") or ())
        for join in joins:
            before = dict(self.read)
            if not self._enter(join.this):
                return changed
            changed = self._put_right(join, before) or changed
        return changed

    def _enter(self, node: exp.Expr) -> bool:
        """Whether it is a table that is known, under an alias of its own."""
        from sqlglot import exp

        known = {table.name.casefold(): table for table in self.tables}
        alias = node.alias_or_name.casefold()
        if not isinstance(node, exp.Table) or node.name.casefold() not in known or alias in self.read:
            return False
        self.read[alias] = known[node.name.casefold()]
        return True

    def _put_right(self, join: exp.Expr, before: dict[str, Table]) -> bool:
        side = str(join.args.get("side") or "").upper()
        wrong = next(self._wrong(join), None) if side in ("", "LEFT") else None
        way = self._way(join, before) if wrong is not None else []
        if wrong is None or not way:
            return False
        names = {table.name: alias for alias, table in self.read.items()}
        *between, last = way
        siblings = self.node.args["joins"]
        for step, name in between:
            siblings.insert(_place(join, siblings), _join_of(name, step, names, side))
        condition = key_condition(last[0], names)
        if wrong is join:
            join.set("using", None)
            join.set("on", condition)
        else:
            wrong.replace(condition)
        return True

    def _wrong(self, join: exp.Expr) -> Iterator[exp.Expr]:
        """The comparison that cannot be meant, or the join itself where it is in USING."""
        from sqlglot import exp

        own = self.read[join.this.alias_or_name.casefold()]
        if any(own.column(name.name) is None for name in join.args.get("using") or ()):
            yield join
        condition = join.args.get("on")
        for equal in condition.find_all(exp.EQ) if condition is not None else ():
            sides = [equal.this, equal.expression]
            if all(isinstance(side, exp.Column) and side.table.casefold() in self.read for side in sides):
                here = [self.read[side.table.casefold()].column(side.name) is not None for side in sides]
                if sides[0] == sides[1] or not all(here) or self._are_other_keys(sides[0], sides[1]):
                    yield equal

    def _are_other_keys(self, one: exp.Column, other: exp.Column) -> bool:
        """Whether the two columns are keys of different things, such as of books and of copies."""
        keys = [thing_of(self.read[side.table.casefold()], side.name, self.tables) for side in (one, other)]
        return None not in keys and keys[0] != keys[1]

    def _way(self, join: exp.Expr, before: dict[str, Table]) -> list[tuple[Join, str]]:
        """The keys from a table that was read to the joined one, with the table that each leads to."""
        goal = self.read[join.this.alias_or_name.casefold()].name
        names = [table.name for table in self.read.values()]
        if len(set(names)) < len(names):
            return []  # one table twice: which of them?
        start = [table.name for table in before.values()]
        queue, seen = deque([(name, list[tuple[Join, str]]()) for name in start]), set(start)
        while queue:
            here, way = queue.popleft()
            for step, there in neighbours(here, self.tables) if len(way) <= _MOST_BETWEEN else ():
                if there == goal:
                    return [*way, (step, there)]
                if there not in seen and there not in names:
                    seen.add(there)
                    queue.append((there, [*way, (step, there)]))
        return []


def _place(join: exp.Expr, joins: Sequence[exp.Expr]) -> int:
    return next(place for place, other in enumerate(joins) if other is join)


def _join_of(name: str, step: Join, names: dict[str, str], side: str) -> exp.Expr:
    from sqlglot import exp

    table = exp.Table(this=exp.to_identifier(name))
    return exp.Join(this=table, on=key_condition(step, names), side=side or None)

"""Tables that a query reads and does not name in FROM: joined, where keys leave one way to them.

Small models write `FROM loans WHERE branches.name = 'North'`, and write it again when told which JOIN is
left out. A join to what each row belongs to repeats no row; one to the rows of a thing is put in only where
no figure minds (`tools.sql.repeating`). Conditions that compare keys of different things are left to
`tools.sql.things`, which sees the mended query like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qwen_magics.tools.key_paths import Way, certain_way
from qwen_magics.tools.key_roles import roles_said
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.key_conditions import key_between, key_condition
from qwen_magics.tools.sql.missing import Missing, missing_tables
from qwen_magics.tools.sql.parsing import parsed
from qwen_magics.tools.sql.repeating import keeps_meaning, own_nodes
from qwen_magics.tools.sql.restarting import restarted
from qwen_magics.tools.sql.scopes import Scope, scope_of
from qwen_magics.tools.sql.tying import tied

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["completed"]

_MOST_JOINED = 6


def completed(sql: str, tables: Sequence[Table], dialect: Dialect, question: str = "") -> str:
    """The query with the tables joined that it reads; as it was where one way is not certain.

    Args:
        question: tells which of two keys is meant, if it names one ("home branch").

    >>> completed("SELECT COUNT(*) FROM loans WHERE books.genre = 'crime'", library, SQLITE)
    "SELECT COUNT(*) FROM loans JOIN copies ON … JOIN books ON … WHERE books.genre = 'crime'"
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None or len(tables) < 2:
        return sql
    changed = False
    for select in list(tree.find_all(exp.Select)):
        done = _completed(select, tree, tables, question)
        if done is None:
            return sql
        changed = changed or done
    return tree.sql(dialect=dialect.name or None) if changed else sql


def _completed(select: exp.Expr, tree: exp.Expr, tables: Sequence[Table], question: str) -> bool | None:
    """Whether a SELECT was changed; None where it would have to be and nothing is certain."""
    scope = scope_of(select, tree, tables)
    if scope is None:
        return False
    joins = list(scope.joins)
    done = _Completion(scope, question).complete()
    if done is not None or joins:
        return done
    select.set("joins", None)
    start = scope_of(select, tree, tables)
    again = scope_of(select, tree, tables) if start is not None and restarted(start, question) else None
    return True if again is not None and _Completion(again, question).complete() is not None else None


@dataclass
class _Completion:
    """The joins that one SELECT needs, put in one after the other."""

    scope: Scope
    question: str
    original: tuple[str, ...] = ()
    added: list[Join] = field(default_factory=list)

    def complete(self) -> bool | None:
        """Whether tables were joined; None where they would have to be and nothing is certain."""
        self.original = tuple(self.scope.read)
        for _ in range(_MOST_JOINED):
            wanted = list(missing_tables(self.scope))
            if not wanted:
                break
            ways = [(way, lack) for lack in wanted if (way := self._way(lack)) and self._is_new(way)]
            if not ways:
                return None
            self._join(*min(ways, key=lambda pair: len(pair[0])))
        else:
            return None
        if not self.added:
            return False
        return True if self._is_sound() else None

    def _is_new(self, way: Way) -> bool:
        """Whether no table would be read a second time: which of the two would be meant?"""
        return not {step.end for step in way} & {table.name for table in self.scope.read.values()}

    def _way(self, lack: Missing) -> Way | None:
        """The keys to the missing table from those that are read before it is needed."""
        starts = self._before(lack)
        names = [self.scope.read[alias].name for alias in starts]
        stated = self._stated(lack, starts)
        if stated is not None:
            return stated
        if lack.behind:
            names = [self.scope.read[alias].name for alias in starts if alias == lack.behind]
        everywhere = [table.name for table in self.scope.read.values()]
        if len(set(everywhere)) < len(everywhere) and not lack.behind:
            return None  # one table twice: which of them?
        found = [certain_way(names, goal, self.scope.tables, self.question) for goal in lack.goals]
        ways = [way for way in found if way is not None]
        if lack.is_named:
            return ways[0] if ways else None
        if len(lack.goals) > 1 and (lack.behind or self._is_of_a_role(lack)):
            return None  # a key that several tables have, or that the question names in another one
        upward = [way for way in ways if all(step.up for step in way)]
        if not upward:
            return ways[0] if len(lack.goals) == 1 and ways and lack.is_sure else None
        nearest = [way for way in upward if len(way) == min(map(len, upward))]
        # A goal that two ways lead to could be as near.
        unsettled = any(way is None for way in found)
        return nearest[0] if len(nearest) == 1 and not (unsettled and len(nearest[0]) > 1) else None

    def _is_of_a_role(self, lack: Missing) -> bool:
        return any(join.other in lack.goals for join, _ in roles_said(self.question, self.scope.tables))

    def _before(self, lack: Missing) -> list[str]:
        """The aliases of the tables that are read where the missing one has to come."""
        place = self._place(lack.goals[0]) if lack.is_named else None
        joins = self.scope.joins[: len(self.scope.joins) if place is None else place]
        first = self.scope.source.alias_or_name.casefold()
        return [first, *(join.this.alias_or_name.casefold() for join in joins)]

    def _place(self, goal: str) -> int | None:
        """The number of the first join whose condition reads the table."""
        from sqlglot import exp

        for number, join in enumerate(self.scope.joins):
            on = join.args.get("on")
            columns = on.find_all(exp.Column) if on is not None else ()
            if any(column.table.casefold() == goal.casefold() for column in columns):
                return number
        return None

    def _stated(self, lack: Missing, starts: Sequence[str]) -> Way | None:
        """The key that a condition of the query itself compares with one of the missing table's."""
        from sqlglot import exp

        if not lack.is_named:
            return None
        (goal,) = lack.goals
        for equal in own_nodes(self.scope.select, exp.EQ):
            sides = [equal.this, equal.expression]
            if all(isinstance(side, exp.Column) for side in sides):
                here, there = sides if sides[1].table.casefold() == goal.casefold() else sides[::-1]
                if there.table.casefold() == goal.casefold() and here.table.casefold() in starts:
                    table = self.scope.read[here.table.casefold()]
                    if step := key_between(table, here.name, self.scope.table(goal), there.name):
                        return (step,)
        return None

    def _join(self, way: Way, lack: Missing) -> None:
        from sqlglot import exp

        self._settle_stars()
        place = self._place(lack.goals[0]) if lack.is_named else None
        place = len(self.scope.joins) if place is None else place
        starts = self._before(lack)
        alias = next(
            (a for a in starts if self.scope.read[a].name == way[0].start and lack.behind in ("", a)), ""
        )
        side = self._side(alias, place)
        for step in way:
            on = key_condition(step.join, {step.start: self.scope.written(alias)})
            self.scope.enter(step.end)
            table = exp.Table(this=exp.to_identifier(step.end))
            self.scope.joins.insert(place, exp.Join(this=table, on=on, side=side or None))
            self.scope.select.set("joins", self.scope.joins)
            alias, place = step.end.casefold(), place + 1
            self.added.append(step.join)
        for column in lack.columns:
            if column.table or lack.behind:
                column.set("table", exp.to_identifier(way[-1].end))

    def _side(self, alias: str, place: int) -> str:
        """LEFT where the rest of the query keeps rows that lead nowhere."""
        joins = [*self.scope.joins[place : place + 1], *self._joins_of(alias)]
        return "LEFT" if any(str(join.args.get("side") or "").upper() == "LEFT" for join in joins) else ""

    def _joins_of(self, alias: str) -> Iterator[exp.Expr]:
        return (join for join in self.scope.joins if join.this.alias_or_name.casefold() == alias)

    def _settle_stars(self) -> None:
        """`*` is what the query read without the tables to come; so are columns that these have as well."""
        from sqlglot import exp

        if self.added:
            return
        items: list[exp.Expr] = []
        for item in self.scope.select.expressions:
            stars = [exp.column(exp.Star(), self.scope.written(alias)) for alias in self.original]
            items += stars if isinstance(item, exp.Star) else [item]
        self.scope.select.set("expressions", items)

    def _is_sound(self) -> bool:
        self.scope.tell_apart(self.original)
        return (
            all(tied(self.scope, join, self.question) for join in list(self.scope.joins))
            and not self._contradicts()
            and keeps_meaning(self.scope.select, self.scope.read, self.original)
        )

    def _contradicts(self) -> bool:
        """Whether a condition denies what a new join says: never true."""
        from sqlglot import exp

        pairs = [
            {f"{j.table}.{j.column}".casefold(), f"{j.other}.{j.other_column}".casefold()} for j in self.added
        ]
        compared = own_nodes(self.scope.select, exp.NEQ, exp.GT, exp.LT)
        return any({self._full(node.this), self._full(node.expression)} in pairs for node in compared)

    def _full(self, node: exp.Expr) -> str:
        from sqlglot import exp

        table = self.scope.read.get(node.table.casefold()) if isinstance(node, exp.Column) else None
        return "" if table is None else f"{table.name}.{node.name}".casefold()

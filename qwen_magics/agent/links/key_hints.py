"""Keys that a question names by a role of their own: "members whose home branch is North".

Of two keys that lead to branches a small model takes the one that is nearer. So the join along the key that
is named stands before the question, from the table that is asked about, with the value that was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwen_magics.tools.key_paths import Way, certain_way
from qwen_magics.tools.key_roles import is_only_role, role_of, roles_said, singular_words
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["KeyHint", "compared_roles", "key_hints"]

_MOST_HINTS = 2
_OTHER = frozenset(
    ["another", "apart", "differ", "different", "elsewhere", "except", "isn", "never", "not", "other"]
)
_OTHER_PARTS = frozenset(["aren", "didn", "don", "doesn", "wasn", "weren", "outside", "unlike", "unequal"])
_SAME = frozenset(["also", "equal", "identical", "is", "match", "matche", "same", "was"])
_ARTICLES = frozenset(["a", "an", "her", "his", "its", "it", "own", "the", "their"])
_PLACES = frozenset(["at", "away", "from", "in", "inside", "into", "not", "outside", "to", "within"])
_OFTEN = re.compile(r"(?i)\W*(in )?how (often|frequently|many (times|cases|instances))\b")
# Words between a thing and what it is a thing of: "the branch that owns the copy".
_MOST_BETWEEN = 4


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key that is named, with what there is to say of it.

    Attributes:
        text: a line of comment.
        goal: the table that it leads to.
        is_settled: the question speaks of the table in no other way, and compares it with nothing.
        literals: the values that the line has.
    """

    text: str
    goal: str
    is_settled: bool
    literals: tuple[str, ...]


def key_hints(
    question: str,
    tables: Sequence[Table],
    named: Sequence[str],
    values: Sequence[tuple[str, str, str]],
    dialect: Dialect = DUCKDB,
) -> list[KeyHint]:
    """What stands before the question of the keys that it names.

    Args:
        named: tables that the question names, in its order.
        values: table, column and literal of the listed values in the question.

    >>> key_hints("loans by members with a home branch", library, ["loans"], [])[0].text
    '-- home branch: FROM loans JOIN members ON … JOIN branches ON members.home_branch_id = …'
    """
    found = []
    for join, place in roles_said(question, tables):
        role = role_of(join)
        said = [value for value in values if value[0] == join.other]
        # One word may mean anything: a carrier, an origin.
        if len(role) == 1 and not said and join.other not in named:
            continue
        conditions = [f"{_dotted(table, column, dialect)} = {literal}" for table, column, literal in said]
        where = f" WHERE {' OR '.join(conditions)}" if conditions and join.table != join.other else ""
        line = f"-- {' '.join(role)}: {_joins(join, role, named, tables, dialect)}{where}"
        settled = is_only_role(question, join, place) and (bool(where) or not _is_a_place(question, place))
        found.append(KeyHint(line, join.other, settled, tuple(value[2] for value in said if where)))
    goals = [hint.goal for hint in found]
    # A value of a table that two named keys lead to belongs to one of them only.
    return [hint for hint in found[:_MOST_HINTS] if goals.count(hint.goal) == 1 or not hint.literals]


def _is_a_place(question: str, at: int) -> bool:
    """Whether something happens there: "loans at the member's home branch" are of copies that it owns."""
    before = singular_words(question)[:at]
    while before and (before[-1] in _ARTICLES or (before[-1] == "s" and len(before) > 1)):
        before = before[:-2] if before[-1] == "s" else before[:-1]
    return before[-1:] != [] and before[-1] in _PLACES


def _joins(
    join: Join, role: Sequence[str], named: Sequence[str], tables: Sequence[Table], dialect: Dialect
) -> str:
    """The joins along the key, from the table that the question names first where one way leads to it."""
    name = dialect.quote_name
    if join.table == join.other:
        alias = name("_".join(role))
        pair = f"{_dotted(join.table, join.column, dialect)} = {alias}.{name(join.other_column)}"
        return f"FROM {name(join.table)} JOIN {name(join.other)} AS {alias} ON {pair}"
    last = f"JOIN {name(join.other)} ON {join.spelled(dialect)}"
    start = next(iter(named), join.table)
    if start in (join.table, join.other):
        return f"FROM {name(join.table)} {last}"
    way = certain_way([start], join.table, tables)
    if way is None or not all(step.up for step in way):
        return last
    return f"{_source(start, [way], dialect)} {last}"


def compared_roles(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """The comparison of a named key with another key of the same table, as a comment; else empty.

    >>> compared_roles("loans whose member's home branch is not the branch of the copy", library)
    '-- home branch, branch: FROM loans JOIN … WHERE members.home_branch_id <> copies.branch_id'
    """
    asked = singular_words(question)
    for join, place in roles_said(question, tables):
        if len(role_of(join)) < 2 or join.other == join.table:
            continue
        pairs = list(_others(join, place, asked, tables))
        if len(pairs) == 1:
            found = _comparison(join, *pairs[0], tables, dialect)
            return found.replace(": FROM", ": SELECT COUNT(*) FROM") if _OFTEN.match(question) else found
    return ""


def _others(
    join: Join, place: int, asked: Sequence[str], tables: Sequence[Table]
) -> Iterator[tuple[Join, str]]:
    """The keys of the same that the question compares it with, each with the sign."""
    end, noun = place + len(role_of(join)), singular_words(join.other)[-1:]
    for at in (at for at, word in enumerate(asked) if [word] == noun and not place <= at < end):
        between = set(asked[end:at] if at >= end else asked[at + 1 : place])
        sign = "<>" if between & (_OTHER | _OTHER_PARTS) else "=" if between & _SAME else ""
        keys = [key for t in tables for key in t.joins if key.other == join.other and key.table != join.table]
        around = [*asked[max(0, at - 2) : at], *asked[at + 1 : at + 2 + _MOST_BETWEEN]]
        owners = [key for key in keys if singular_words(key.table)[-1] in around]
        if sign and len(owners) == 1:
            yield owners[0], sign


def _comparison(join: Join, other: Join, sign: str, tables: Sequence[Table], dialect: Dialect) -> str:
    fitting: list[tuple[int, str, list[Way]]] = []
    for table in tables:
        ways = [
            () if end == table.name else certain_way([table.name], end, tables) for end in _ends(join, other)
        ]
        sure = [way for way in ways if way is not None and all(step.up for step in way)]
        if len(sure) == 2:
            fitting.append((sum(map(len, sure)), table.name, sure))
    fitting.sort(key=lambda found: found[:2])
    if not fitting or (len(fitting) > 1 and fitting[0][0] == fitting[1][0]):
        return ""
    _, start, ways_up = fitting[0]
    left, right = (_dotted(key.table, key.column, dialect) for key in (join, other))
    source = _source(start, ways_up, dialect)
    said = f"{' '.join(role_of(join))}, {singular_words(other.other)[-1]} of {other.table}"
    return f"-- {said}: {source} WHERE {left} {sign} {right}"


def _ends(*joins: Join) -> tuple[str, ...]:
    return tuple(join.table for join in joins)


def _source(start: str, ways: Sequence[Way], dialect: Dialect) -> str:
    name = dialect.quote_name
    steps = dict.fromkeys(step for way in ways for step in way)
    joins = (f"JOIN {name(step.end)} ON {step.join.spelled(dialect)}" for step in steps)
    return " ".join((f"FROM {name(start)}", *joins))


def _dotted(table: str, column: str, dialect: Dialect) -> str:
    return f"{dialect.quote_name(table)}.{dialect.quote_name(column)}"

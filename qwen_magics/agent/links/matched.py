"""By which columns a question says that two tables are to be matched: "match them by branch and day".

A small model joins on the first of them, and every row meets those of all days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["Matched", "matched", "matched_columns", "matched_hint"]

_VERB = r"(?:match|join|link|merg|combin|connect|pair|align|relat|look\w* up)\w*"
# Names with "and" and commas between them; what comes after the last is no part.
_LIST = r"((?:the )?\w+(?:(?:,? and |, | & | \+ |,? plus )(?:the |their |on )?\w+)+)"
_SAID = re.compile(
    rf"\b{_VERB}\b(?: (?!on\b|by\b|via\b|using\b|over\b)[\w@'’]+){{0,6}}? (?:both )?"
    rf"(?:on|by|via|using|over|through) (?:both )?(?:the )?"
    rf"(?:same |common |shared |columns? |keys? |pair )*(?:of )?{_LIST}"
    rf"|\b(?:with|of|at|in|have|has|share|sharing|for) the same {_LIST}"
    rf"|[(](?:the )?same {_LIST}(?=[)])"
    rf"|\b(?:at|in|from|for|with) (?:the same|their|its) "
    r"(\w+(?:,| and)? (?:at|on|in) the same \w+(?: and \w+)?)"
    rf"|\b(?:agree|agreeing|equal|coincide|identical|the same) (?:in|on) (?:both )?{_LIST}",
    re.IGNORECASE,
)
_APART = re.compile(r",? and |, | & | \+ |,? plus |,?(?: and)? (?:at|on|in) (?=the same )")


@dataclass(frozen=True, slots=True)
class Matched:
    """Two tables, and the columns that are equal in rows that belong together."""

    one: Table
    other: Table
    columns: tuple[str, ...]


def matched_columns(question: str, tables: Sequence[Table]) -> Matched | None:
    """As the question says them; None where it says none."""
    found = _pair(question, tables, dated=True)
    return None if found is None else Matched(found[0], found[1], tuple(found[2]))


def matched_hint(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """The join that the question says, as a comment of SQL; empty where it says none."""
    found = _pair(question, tables)
    if found is None:
        return ""
    one, other, columns = found
    name = dialect.quote_name
    return f"-- {name(one.name)} JOIN {name(other.name)} ON {_on(one.name, other.name, columns, name)}"


def matched(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question: a join of the two on fewer columns is told, once."""
    found, told = _pair(question, tables), set[str]()

    def check(code: str) -> QueryError | None:
        tree = editable(code) if found is not None and not told else None
        if tree is None or found is None:
            return None
        problem = _too_few(tree[0], *found)
        if problem is not None:
            told.add(problem.message)
        return problem

    return check


def _pair(
    question: str, tables: Sequence[Table], *, dated: bool = False
) -> tuple[Table, Table, list[str]] | None:
    """The two tables that have all the columns of such a list, and the columns.

    Args:
        dated: "date" may be year, month and day. A query may as well read it from a whole time.
    """
    for groups in _SAID.findall(" ".join(question.split())):
        listed = [re.sub(r"(?i)^(?:the same|the|their|on) ", "", i) for i in _APART.split("".join(groups))]
        # "By branch and day, then …": what follows is no column.
        for end in range(len(listed), 1, -1):
            read = [(t, [_columns(item, t, dated=dated) for item in listed[:end]]) for t in tables]
            holders = [(t, columns) for t, columns in read if all(columns)]
            if len(holders) == 2 and holders[0][1] == holders[1][1]:
                return holders[0][0], holders[1][0], [name for part in holders[0][1] for name in part]
    return None


def _columns(item: str, table: Table, *, dated: bool) -> list[str]:
    same = [c.name for c in table.columns if words_of(c.name) == words_of(item)]
    if not same and dated and words_of(item) in (["date"], ["day"]):
        parts = [column for unit in ("year", "month", "day") if (column := table.column(unit)) is not None]
        return [column.name for column in parts] if len(parts) == 3 else []
    return same if len(same) == 1 and words_of(item) else []


def _on(one: str, other: str, columns: Sequence[str], name: Callable[[str], str]) -> str:
    return " AND ".join(f"{name(one)}.{name(c)} = {name(other)}.{name(c)}" for c in columns)


def _too_few(tree: exp.Expr, one: Table, other: Table, columns: Sequence[str]) -> QueryError | None:
    """A join of the two whose condition leaves out some of these columns."""
    from sqlglot import exp

    for select in tree.find_all(exp.Select):
        sources = [select.args.get("from_"), *(select.args.get("joins") or ())]
        nodes = [source.this for source in sources if source is not None]
        aliases = {n.name.casefold(): n.alias_or_name for n in nodes if isinstance(n, exp.Table)}
        pair = [aliases.get(table.name.casefold()) for table in (one, other)]
        if len(nodes) != 2 or None in pair:
            continue
        join = sources[-1]
        on, using = join.args.get("on"), join.args.get("using") or []
        used = {c.name.casefold() for c in on.find_all(exp.Column)} if on is not None else set()
        used |= {item.name.casefold() for item in using}
        where = select.args.get("where")
        used |= {c.name.casefold() for c in where.find_all(exp.Column)} if where is not None else set()
        missing = [column for column in columns if column.casefold() not in used]
        if missing and (on is not None or using):
            name = DUCKDB.quote_name
            message = f"The tables are to be matched by {' and '.join(columns)}, not by fewer columns."
            whole = _on(str(pair[0]), str(pair[1]), columns, name)
            return QueryError("other_keys", message, f"Join them ON {whole}.")
    return None

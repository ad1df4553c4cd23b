"""By which columns a question says that two tables are to be matched: "match them by branch and day".

A small model joins on the first of them, and every row meets those of all days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["matched", "matched_hint"]

_VERB = r"(?:match|join|link|merg|combin|connect|pair|align|relat|look\w* up)\w*"
# Names with "and" and commas between them; what comes after the last is no part.
_LIST = r"((?:the )?\w+(?:(?:,? and |, | & | \+ |,? plus )(?:the |their |on )?\w+)+)"
_SAID = re.compile(
    rf"\b{_VERB}\b(?: (?!on\b|by\b|via\b|using\b|over\b)[\w@'’]+){{0,6}}? (?:both )?"
    rf"(?:on|by|via|using|over|through) (?:both )?(?:the )?"
    rf"(?:same |common |shared |columns? |keys? |pair )*(?:of )?{_LIST}"
    rf"|\b(?:with|of|at|in|have|has|share|sharing|for) the same {_LIST}"
    rf"|\b(?:agree|agreeing|equal|coincide|identical|the same) (?:in|on) (?:both )?{_LIST}",
    re.IGNORECASE,
)
_APART = re.compile(r",? and |, | & | \+ |,? plus ")


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


def _pair(question: str, tables: Sequence[Table]) -> tuple[Table, Table, list[str]] | None:
    """The two tables that have all the columns of such a list, and the columns."""
    for groups in _SAID.findall(" ".join(question.split())):
        listed = [re.sub(r"(?i)^(?:the|their|on) ", "", item) for item in _APART.split("".join(groups))]
        # "By branch and day, then …": what follows is no column.
        for end in range(len(listed), 1, -1):
            holders = [(t, columns) for t in tables if all(columns := [_column(i, t) for i in listed[:end]])]
            if len(holders) == 2 and holders[0][1] == holders[1][1]:
                return holders[0][0], holders[1][0], holders[0][1]
    return None


def _column(item: str, table: Table) -> str:
    same = [c.name for c in table.columns if words_of(c.name) == words_of(item)]
    return same[0] if len(same) == 1 and words_of(item) else ""


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

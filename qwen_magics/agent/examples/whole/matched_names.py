"""The name, from another table, of what the one row with the greatest value belongs to: the destination with
the greatest distance.

A small model lists the greatest value of each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qwen_magics.agent.examples.whole.measured import Measured, measured
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.same_members import only_measured
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import label_of, spelled, table_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["matched_names"]

_ONE = re.compile(
    rf"\b(?:the|which|what) (?P<thing>[a-z]\w*) (?:with|that (?:has|had)|which (?:has|had)|having|has|had) "
    rf"the (?:single )?(?P<how>{EXTREME}) (?P<of>\w+(?: (?!in\b|of\b|on\b|by\b|and\b)\w+){{0,2}})",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b(?:names?|called|titles?)\b", re.IGNORECASE)
# What adds up over the rows of a thing: "the customer with the highest amount" may be that of all orders.
_ADDS_UP = re.compile(
    r"\b(?:most|least|fewest|top|best|worst|amounts?|totals?|sums?|sales|revenue|quantity|counts?|numbers?"
    r"|payments?|spent|turnover|profit|averages?|means?|median|each|every|share|percent\w*|how many|second"
    r"|third|two|three|four|five|ten|than|between)\b|%",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:full|names?|called|title|titles|by|in|according|airport|look|looked|code|codes|single)\b", re.I
)


def matched_names(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over both tables; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    found = _ONE.search(asked)
    if found is None or len(tables) != 2 or not _NAME.search(asked) or _ADDS_UP.search(asked):
        return None
    told = list(_told(asked, found, tables, dialect))
    return told[0] if len(told) == 1 else None


def _told(asked: str, found: re.Match[str], tables: Sequence[Table], dialect: Dialect) -> Iterator[Told]:
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    for rows, other in ((tables[0], tables[1]), (tables[1], tables[0])):
        by, label, join = measured(f"{found['how']} {found['of']}", rows), label_of(other), None
        if by is None or not only_measured(found["of"], rows):
            continue
        if label is not None and _is_own(by, other):
            join = _join(found["thing"], rows, other)
        if label is None or join is None or not _is_understood(rest, rows, other):
            continue
        name, value = dialect.quote_name, spelled(rows, by.column, dialect)
        query = (
            f"SELECT {spelled(other, label, dialect)} FROM {name(rows.name)} JOIN {name(other.name)} "
            f"ON {join.spelled(dialect)} WHERE {value} IS NOT NULL ORDER BY {value}{by.order} LIMIT 1"
        )
        yield Told(
            f"{other.name}.{label.name} of the {join.column} with the {by.end} {by.column.name}", query
        )


def _is_own(by: Measured, other: Table) -> bool:
    return not by.column.unique and other.column(by.column.name) is None


def _join(thing: str, rows: Table, other: Table) -> Join | None:
    """The way from a row to the thing: by the column that is called so, or the only one to its table."""
    joins = [
        j for j in rows.joins or other.joins if j.table == rows.name and j.other == other.name and not j.more
    ]
    called = [j for j in joins if all(any(alike(p, w) for p in words_of(j.column)) for w in words_of(thing))]
    if len(called) == 1:
        return called[0]
    is_it = table_of(thing, [other]) is not None
    return joins[0] if len(joins) == 1 and is_it else None


def _is_understood(rest: str, rows: Table, other: Table) -> bool:
    plain = _LITTLE.sub(" ", rest)
    for table in (rows, other):
        plain = re.sub(rf"(?i)(?<!\w){re.escape(table.name)}(?!\w)", " ", plain)
    return not says_more(plain, rows) and all(limited(plain, t, DUCKDB) == "" for t in (rows, other))

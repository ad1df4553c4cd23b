"""How many rows of one table there are for each row of another, by group: loans per copy of each branch.

A small model counts both over one join, in which they are the same number, or counts one of the two alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import (
    column_of,
    label_of,
    spelled,
    table_of,
    way_between,
    with_joins,
)
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, LOW
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["per_thing"]

_RATIO = re.compile(
    r"\b(?:how many|number of|most|fewest|least|highest|lowest|largest|smallest|greatest)"
    r" (?:(?:average|mean|number of|ratio of|rate of) ){0,2}(?P<above>\w+) (?:(?:are|were) there )?"
    r"(?:per|for each|for every) (?P<below>\w+)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every|per|by) (?P<group>\w+)", re.IGNORECASE)
_WHICH = re.compile(r"^\W*(?:which|what|in which|at which|for which) (?P<group>\w+)\b", re.IGNORECASE)
# What limits the rows, or asks for something beside the ratio.
_LIMITED = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:more|fewer|less) than\b|\b(?:at least|at most|above|below|only|without"
    r"|except|not"
    r"|share|percent\w*|median|compare\w*|correlat\w*|month|year|week|day)\b",
    re.IGNORECASE,
)


def per_thing(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The ratio for each group, or the group where it is highest; None where it is not certain."""
    found = _RATIO.search(question)
    above = table_of(found["above"], tables) if found is not None else None
    below = table_of(found["below"], tables) if found is not None else None
    if found is None or above is None or below is None or above is below or _LIMITED.search(question):
        return None
    way = way_between(above, below, tables)
    group = _group(f"{question[: found.start()]} {found[0]} ; {question[found.end() :]}", found, tables)
    up = way_between(below, group[0], tables) if group is not None and group[0] is not below else ()
    if way is None or len(way) != 1 or group is None or up is None or group[0] is above:
        return None
    if up and not _own(up[-1]) <= set(words_of(question)):
        return None  # "each branch" is no home branch
    table, column = group
    by, name = spelled(table, column, dialect), dialect.quote_name
    one, many = f"{name(below.name)}.{name(way[0].other_column)}", f"{name(above.name)}.{name(way[0].column)}"
    ratio = f"1.0 * COUNT({many}) / COUNT(DISTINCT {one})"
    source = f"{with_joins(below, (up,), dialect)} LEFT JOIN {name(above.name)} ON {way[0].spelled(dialect)}"
    # Things may share their name.
    keys = f"{name(table.name)}.{name(up[-1].other_column)}, {by}" if column is label_of(table) and up else by
    if (best := _best(question)) is not None:
        told = f"which {_called(group)} has the {best} number of {above.name} per row of {below.name}?"
        order = f"ORDER BY {ratio}{'' if best == 'lowest' else ' DESC'} LIMIT 1"
        return Told(told, f"SELECT {by} FROM {source} GROUP BY {keys} {order}")
    told = f"number of {above.name} per row of {below.name}, for each {_called(group)}"
    return Told(told, f"SELECT {by}, {ratio} AS ratio FROM {source} GROUP BY {keys}")


def _own(key: Join) -> set[str]:
    """What a key says beside the name of what it leads to: the home of `home_branch_id`."""
    return set(words_of(key.column)) - set(words_of(key.other_column)) - set(words_of(key.other))


def _group(question: str, found: re.Match[str], tables: Sequence[Table]) -> tuple[Table, Column] | None:
    """What there is one ratio for: a column, or the name of the things of a table."""
    which = _WHICH.search(question)
    nouns = [which["group"]] if which is not None else []
    # The column of a thing: "each genre"; "per copy" is the ratio itself.
    nouns += [each["group"] for each in _EACH.finditer(question.replace(found[0], " "))]
    for noun in nouns:
        table = table_of(noun, tables)
        label = None if table is None else _spelled(table, question) or label_of(table)
        if table is not None and label is not None:
            return table, label
        if (column := column_of(noun, tables)) is not None:
            return column
    return None


def _spelled(table: Table, question: str) -> Column | None:
    """The key of its things, where the question asks for that: "Give branch_id"."""
    keys = [c for c in table.columns if c.unique and "_" in c.name]
    return next((c for c in keys if re.search(rf"(?<![\w.]){re.escape(c.name)}(?!\w)", question)), None)


def _best(question: str) -> str | None:
    """Whether the highest or the lowest of all is asked for; None where all are."""
    if _WHICH.search(question) is None or _EACH.search(question) is None:
        return None
    extreme = re.search(EXTREME, question, re.IGNORECASE)
    return None if extreme is None else "lowest" if re.search(LOW, question, re.IGNORECASE) else "highest"


def _called(group: tuple[Table, Column]) -> str:
    table, column = group
    return f"{column.name} of {table.name}" if column is label_of(table) else column.name

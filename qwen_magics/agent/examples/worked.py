"""Worked examples over the question's own tables, nearly its answer: a table laid out crosswise, two spans
of years side by side, two stages over one table, and the one with the most that is asked for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from qwen_magics.agent.examples.chosen import chosen
from qwen_magics.agent.examples.compared_stages import staged
from qwen_magics.agent.examples.crosswise import Crosswise, crosswise
from qwen_magics.agent.examples.further_stages import further_stages
from qwen_magics.agent.examples.halves import halves
from qwen_magics.agent.examples.sides import Side
from qwen_magics.agent.examples.twins import twins
from qwen_magics.tools.schema import Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["crosswise_query", "worked_program", "worked_query"]

# A third column beside the two.
_CHANGE = re.compile(
    r"\b(?:and|with|plus|add\w*)\b[^.;]*\b(?:change|difference|gain|increase)\b", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = {"COUNT": "number of", "SUM": "total", "AVG": "average"}
_AGGREGATE = {"SUM": "sum", "AVG": "mean"}


def worked_query(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """Question and query in its fence; empty where the question is of no such kind."""
    if (spans := halves(question, tables, dialect)) is not None:
        return f"Question: {spans.told}\n```sql\n{spans.query}\n```"
    if (two := twins(question, tables, dialect)) is not None:
        return f"Question: {two.told}\n```sql\n{two.query}\n```"
    if (stages := staged(question, tables, dialect)) is not None:
        return f"Question: {stages.told}\n```sql\n{stages.query}\n```"
    if (one := chosen(question, tables, dialect)) is not None:
        return f"Question: {one.told}\n```sql\n{one.query}\n```"
    if (further := further_stages(question, tables, dialect)) is not None:
        return further.text()
    found = crosswise(question, tables)
    if found is None:
        return ""
    changed = len(found.across.values) == 2 and _CHANGE.search(question) is not None
    told = f"{_told(found)}, and the change" if changed else _told(found)
    return f"Question: {told}\n```sql\n{_query(found, dialect, changed=changed)}\n```"


def worked_program(question: str, table: Table) -> str:
    """The same in pandas, over one table."""
    found = crosswise(question, [table])
    return "" if found is None else f"Question: {_told(found)}\n```python\n{_program(found)}\n```\n"


def crosswise_query(question: str, tables: Sequence[Table]) -> tuple[str, tuple[str, ...]]:
    """The query that lays the tables out as the question says, and the values across, as literals; nothing
    where not all of it can be told.
    """
    found = crosswise(question, tables)
    return ("", ()) if found is None else (_query(found, DUCKDB), found.across.values)


def _query(found: Crosswise, dialect: Dialect, *, changed: bool = False) -> str:
    name, several = dialect.quote_name, bool(found.ways)
    row, across = _spelled(found.row, several, dialect), _spelled(found.across, several, dialect)
    value = "1" if found.measured is None else name(found.measured.name)
    value = f"{name(found.fact.name)}.{value}" if several and found.measured is not None else value
    cells = [
        f"{_case(found, across, literal, value)} AS {_alias(found.across, literal, dialect)}"
        for literal in found.across.values
    ]
    if changed:
        first, last = (_case(found, across, literal, value) for literal in found.across.values)
        cells.append(f"{last} - {first} AS change")
    alias = f" AS {found.row.unit}" if found.row.unit else ""
    source = " ".join((_table(found.fact, dialect), *_joins(found, dialect)))
    return f"SELECT {row}{alias}, {', '.join(cells)} FROM {source} GROUP BY {row}"


def _program(found: Crosswise) -> str:
    row, across = _series(found.row), _series(found.across)
    if found.measured is None:
        return f"result = pd.crosstab({row}, {across})"
    values, function = json.dumps(found.measured.name), _AGGREGATE[found.function]
    index, columns = _key(found.row), _key(found.across)
    sides = f"index={index}, columns={columns}"
    return f'result = {found.fact.name}.pivot_table({sides}, values={values}, aggfunc="{function}")'


def _told(found: Crosswise) -> str:
    """In words of its own: the question may limit the rows, and the example does not."""
    what = found.measured.name if found.measured is not None else found.fact.name
    sides = f"{_called(found.row)} down, {_called(found.across)} across"
    return f"cross table of the {_WORDS[found.function]} {what}: {sides}"


def _called(side: Side) -> str:
    if side.unit:
        return f"the {side.unit}s of {side.column.name}"
    is_label = side.column.name.casefold() in LABELS
    return f"{side.column.name} of {side.table.name}" if is_label else side.column.name


def _case(found: Crosswise, across: str, literal: str, value: str) -> str:
    otherwise = "" if found.function == "AVG" else " ELSE 0"
    function = "SUM" if found.function == "COUNT" else found.function
    return f"{function}(CASE WHEN {across} = {literal} THEN {value}{otherwise} END)"


def _spelled(side: Side, several: bool, dialect: Dialect) -> str:
    name = dialect.quote_name
    column = name(side.column.name)
    column = f"{name(side.table.name)}.{column}" if several else column
    if side.unit != "decade":
        return f"EXTRACT({side.unit.upper()} FROM {column})" if side.unit else column
    year = column if is_year(side.column) else f"EXTRACT(YEAR FROM {column})"
    return f"{year} - {year} % 10"


def _alias(side: Side, literal: str, dialect: Dialect) -> str:
    plain = literal.strip("'")
    is_month = side.unit == "month" or side.column.name.casefold() == "month"
    if is_month and plain.isdecimal() and 0 < int(plain) <= len(_MONTHS):
        plain = _MONTHS[int(plain) - 1]
    return dialect.quote_name(plain)


def _table(table: Table, dialect: Dialect) -> str:
    owner = f"{dialect.quote_name(table.schema)}." if table.schema else ""
    return f"{owner}{dialect.quote_name(table.name)}"


def _joins(found: Crosswise, dialect: Dialect) -> list[str]:
    steps = dict.fromkeys(join for way in found.ways for join in way)
    return [f"JOIN {dialect.quote_name(join.other)} ON {join.spelled(dialect)}" for join in steps]


def _series(side: Side) -> str:
    column = f"{side.table.name}[{json.dumps(side.column.name, ensure_ascii=False)}]"
    if side.unit != "decade":
        return f'{column}.dt.{side.unit}.rename("{side.unit}")' if side.unit else column
    year = column if is_year(side.column) else f"{column}.dt.year"
    return f'({year} // 10 * 10).rename("decade")'


def _key(side: Side) -> str:
    return _series(side) if side.unit else json.dumps(side.column.name, ensure_ascii=False)

"""Worked examples over the question's own tables, nearly its answer: a table laid out crosswise, two spans
of years side by side, two stages over one table, and the one with the most that is asked for something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qwen_magics.agent.examples.layouts.cross_programs import cross_program, told
from qwen_magics.agent.examples.layouts.crosswise import Crosswise, crosswise
from qwen_magics.agent.examples.layouts.sides import Side
from qwen_magics.agent.examples.whole.above_share import above_share
from qwen_magics.agent.examples.whole.again import again
from qwen_magics.agent.examples.whole.both_flags import both_flags
from qwen_magics.agent.examples.whole.chain_figures import chained
from qwen_magics.agent.examples.whole.chosen import chosen
from qwen_magics.agent.examples.whole.column_shares import column_shares
from qwen_magics.agent.examples.whole.compared_stages import staged
from qwen_magics.agent.examples.whole.done_by import done_by
from qwen_magics.agent.examples.whole.flagged_amounts import flagged_amounts
from qwen_magics.agent.examples.whole.further_stages import further_stages
from qwen_magics.agent.examples.whole.halves import halves
from qwen_magics.agent.examples.whole.letter_kinds import of_letters
from qwen_magics.agent.examples.whole.missing_share import missing_share
from qwen_magics.agent.examples.whole.per_extreme import per_extreme
from qwen_magics.agent.examples.whole.per_value import per_value
from qwen_magics.agent.examples.whole.placed import placed
from qwen_magics.agent.examples.whole.share_of_rows import share_of_rows
from qwen_magics.agent.examples.whole.share_points import share_points
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.agent.examples.whole.text_behind import behind_text
from qwen_magics.agent.examples.whole.text_joined import joined_text
from qwen_magics.agent.examples.whole.threshold_rows import threshold_rows
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.examples.whole.twins import twins
from qwen_magics.agent.examples.whole.weighted_whole import weighted_whole
from qwen_magics.tools.schema import Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["crosswise_query", "crosswise_sides", "worked_program", "worked_query"]

# A third column beside the two.
_CHANGE = re.compile(
    r"\b(?:and|with|plus|add\w*)\b[^.;]*\b(?:change|difference|gain|increase)\b", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


# Shown only: of these, a result is not compared with the query's.
_SHARES = (
    *(done_by,),
    *(per_value, share_points, weighted_whole, per_extreme, threshold_rows),
    *(above_share, share_of_rows, column_shares, missing_share, flagged_amounts),
)
_TEXTS = (joined_text, of_letters, behind_text)


def _chained(question: str, tables: Sequence[Table], dialect: Dialect) -> Told | None:
    """Before `chosen`, which knows no adjectives; the kinds of their own go before it."""
    if further_stages(question, tables, dialect) is not None:
        return None
    return chained(question, tables, dialect)


# Each gives what it says in words and the query, or None; the most particular first.
_KINDS = (
    halves,
    twins,
    staged,
    _chained,
    chosen,
    further_stages,
    spelled_out,
    again,
    placed,
    both_flags,
    *_SHARES,
    *_TEXTS,
)


def worked_query(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """Question and query in its fence; empty where the question is of no such kind."""
    for kind in _KINDS:
        if (whole := kind(question, tables, dialect)) is not None:
            return f"Question: {whole.told}\n```sql\n{whole.query}\n```"
    found = _in_sql(crosswise(question, tables))
    if found is None:
        return ""
    changed = len(found.across.values) == 2 and _CHANGE.search(question) is not None
    says = f"{told(found)}, and the change" if changed else told(found)
    return f"Question: {says}\n```sql\n{_query(found, dialect, changed=changed)}\n```"


def worked_program(question: str, table: Table) -> str:
    """The same in pandas, over one table."""
    found = crosswise(question, [table])
    return "" if found is None else f"Question: {told(found)}\n```python\n{cross_program(found)}\n```\n"


def crosswise_query(question: str, tables: Sequence[Table]) -> tuple[str, tuple[str, ...]]:
    """The query that lays the tables out as the question says, and the values across, as literals; nothing
    where not all of it can be told.
    """
    found = _in_sql(crosswise(question, tables))
    return ("", ()) if found is None else (_query(found, DUCKDB), found.across.values)


def crosswise_sides(question: str, tables: Sequence[Table]) -> tuple[Side, Side, str, str] | None:
    """What goes down and what across, with the query and, over one table, the program; None where not all
    of it can be told.
    """
    found = crosswise(question, tables)
    if found is None:
        return None
    query = _query(plain, DUCKDB) if (plain := _in_sql(found)) is not None else ""
    return found.row, found.across, query, cross_program(found) if len(tables) == 1 else ""


def _in_sql(found: Crosswise | None) -> Crosswise | None:
    """As far as one plain SELECT can say it: known values, shares of each row, a column of totals."""
    if found is None or found.share in ("columns", "all") or not found.across.values:
        return None
    return found if found.totals in ("", "column") else replace(found, totals="")


def _query(found: Crosswise, dialect: Dialect, *, changed: bool = False) -> str:
    name, several = dialect.quote_name, bool(found.ways)
    across = _spelled(found.across, several, dialect)
    downs = [(side, _spelled(side, several, dialect)) for side in (found.row, *found.more)]
    value = "1" if found.measured is None else name(found.measured.name)
    value = f"{name(found.fact.name)}.{value}" if several and found.measured is not None else value
    cells = [
        f"{_case(found, across, literal, value)} AS {_alias(found.across, literal, dialect)}"
        for literal in found.across.values
    ]
    if changed:
        first, last = (_case(found, across, literal, value) for literal in found.across.values)
        cells.append(f"{last} - {first} AS change")
    if found.totals:
        cells.append(f"{_whole(found, across, value)} AS total")
    shown = ", ".join(f"{row} AS {side.unit}" if side.unit else row for side, row in downs)
    keys = ", ".join(row for _, row in downs)
    source = " ".join((_table(found.fact, dialect), *_joins(found, dialect)))
    conditions = [limit.query(dialect, found.fact.name if several else "") for limit in found.limits]
    conditions += [_years(found, several, dialect)] if _is_limited(found) else []
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {shown}, {', '.join(cells)} FROM {source}{where} GROUP BY {keys}"


def _case(found: Crosswise, across: str, literal: str, value: str) -> str:
    otherwise = " ELSE 0" if found.function in ("COUNT", "SUM") else ""
    function = "SUM" if found.function == "COUNT" else found.function
    cell = f"{function}(CASE WHEN {across} = {literal} THEN {value}{otherwise} END)"
    return (
        f"{'100.0' if found.percent else '1.0'} * {cell} / {_whole(found, across, value)}"
        if found.share
        else cell
    )


def _whole(found: Crosswise, across: str, value: str) -> str:
    return f"COUNT({across})" if found.function == "COUNT" else f"SUM({value})"


def _is_limited(found: Crosswise) -> bool:
    """Whether some years are meant that are no columns anyway."""
    by_year = found.across.unit == "year" or is_year(found.across.column)
    return bool(found.years) and not (by_year and found.across.column is found.dated)


def _years(found: Crosswise, several: bool, dialect: Dialect) -> str:
    assert found.dated is not None
    unit = "" if is_year(found.dated) else "year"
    year = _spelled(Side(found.fact, found.dated, unit), several, dialect)
    if found.compared == "between":
        return f"{year} BETWEEN {found.years[0]} AND {found.years[1]}"
    if found.compared == "in":
        return f"{year} IN ({', '.join(found.years)})"
    return f"{year} {found.compared.replace('==', '=')} {found.years[0]}"


def _spelled(side: Side, several: bool, dialect: Dialect) -> str:
    name = dialect.quote_name
    column = name(side.column.name)
    column = f"{name(side.table.name)}.{column}" if several else column
    if side.unit and side.column.dtype == "VARCHAR" and dialect.name == "duckdb":
        column = f"CAST({column} AS DATE)"
    if side.unit != "decade":
        return f"EXTRACT({side.unit.upper()} FROM {column})" if side.unit else column
    year = column if is_year(side.column) else f"EXTRACT(YEAR FROM {column})"
    return f"{year} - {year} % 10"


def _alias(side: Side, literal: str, dialect: Dialect) -> str:
    plain = literal.strip("'")
    is_month = side.unit == "month" or (not side.unit and side.column.name.casefold() == "month")
    if is_month and plain.isdecimal() and 0 < int(plain) <= len(_MONTHS):
        plain = _MONTHS[int(plain) - 1]
    return dialect.quote_name(plain)


def _table(table: Table, dialect: Dialect) -> str:
    owner = f"{dialect.quote_name(table.schema)}." if table.schema else ""
    return f"{owner}{dialect.quote_name(table.name)}"


def _joins(found: Crosswise, dialect: Dialect) -> list[str]:
    steps = dict.fromkeys(join for way in found.ways for join in way)
    return [f"JOIN {dialect.quote_name(join.other)} ON {join.spelled(dialect)}" for join in steps]

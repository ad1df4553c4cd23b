"""A table laid out crosswise as a pandas program, and what it is in words."""

from __future__ import annotations

import json

from qwen_magics.agent.examples.layouts.crosswise import Crosswise
from qwen_magics.agent.examples.layouts.laid_limits import all_of
from qwen_magics.agent.examples.layouts.sides import Side
from qwen_magics.tools.schema import Column, is_year
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["column_program", "cross_program", "told", "years_program"]

_WORDS = {
    "COUNT": "number of",
    "SUM": "total",
    "AVG": "average",
    "MEDIAN": "median",
    "MAX": "highest",
    "MIN": "lowest",
}
_AGGREGATE = {"SUM": "sum", "AVG": "mean", "MEDIAN": "median", "MAX": "max", "MIN": "min"}
_BASES = {"index": "each {row}", "columns": "each {across}", "all": "everything"}


def told(found: Crosswise) -> str:
    """In words of its own: the question may limit the rows further, and the example does not."""
    what = found.measured.name if found.measured is not None else found.fact.name
    row, across = " and ".join(map(_called, (found.row, *found.more))), _called(found.across)
    says = f"cross table of the {_WORDS[found.function]} {what}: {row} down, {across} across"
    if found.share:
        base = _BASES[found.share].format(row=row, across=across)
        says += f", as {'percentages' if found.percent else 'shares'} of {base}"
    if found.totals:
        says += {"column": ", and a column with the total", "row": ", and a row with the total"}.get(
            found.totals, ", with totals"
        )
    for limit in found.limits:
        says += f", {limit.told()}"
    if found.years:
        says += f", of {_years_told(found)}"
    return says


def cross_program(found: Crosswise) -> str:
    """The program over the one table."""
    lines, name = list[str](), found.fact.name
    conditions = [limit.program(name) for limit in found.limits]
    if found.years and found.dated is not None:
        conditions.append(years_program(name, found.dated, found.compared, found.years))
    # In one line: a small model stops after a first one. Columns of all rows go by those that are left.
    rows = f"{name}[{all_of(conditions)}]" if conditions else name
    sides = (found.row, *found.more, found.across)
    if found.measured is None:
        first, *rows_of = (column_program(rows if side is found.row else name, side) for side in sides)
        across = rows_of.pop()
        row = f"[{', '.join((first, *rows_of))}]" if rows_of else first
        normalize = f', normalize="{found.share}"' if found.share else ""
        table = f"pd.crosstab({row}, {across}{normalize}{_margins(found)})"
    else:
        *keys, columns = (_key(name, side) for side in sides)
        index = keys[0] if len(keys) == 1 else f"[{', '.join(keys)}]"
        values, function = json.dumps(found.measured.name, ensure_ascii=False), _AGGREGATE[found.function]
        zeros = ", fill_value=0" if found.zeros else ""
        named = f"index={index}, columns={columns}, values={values}"
        table = f'{rows}.pivot_table({named}, aggfunc="{function}"{zeros}{_margins(found)})'
        if found.share:
            lines.append(f"table = {table}")
            table = {
                "index": "table.div(table.sum(axis=1), axis=0)",
                "columns": "table / table.sum()",
                "all": "table / table.sum().sum()",
            }[found.share]
    if found.share and found.percent:
        table += " * 100"
    if found.totals in ("column", "row"):
        lines.append(f"table = {table}")
        total = 'table["total"] = table.sum(axis=1)'
        lines.append(total if found.totals == "column" else 'table.loc["total"] = table.sum()')
        table = "table"
    return "\n".join([*lines, f"result = {table}"])


def years_program(name: str, column: Column, compared: str, years: tuple[str, ...]) -> str:
    """The condition for the years, on the rows of the table of that name."""
    year = f"{name}[{json.dumps(column.name, ensure_ascii=False)}]"
    year = year if is_year(column) else f"{year}.dt.year"
    if compared == "between":
        return f"{year}.between({years[0]}, {years[1]})"
    return f"{year}.isin([{', '.join(years)}])" if compared == "in" else f"{year} {compared} {years[0]}"


def column_program(name: str, side: Side) -> str:
    """The side as a series of the table of that name."""
    column = f"{name}[{json.dumps(side.column.name, ensure_ascii=False)}]"
    if side.unit and side.column.dtype == "VARCHAR":
        column = f"pd.to_datetime({column})"
    if side.unit != "decade":
        return f'{column}.dt.{side.unit}.rename("{side.unit}")' if side.unit else column
    year = column if is_year(side.column) else f"{column}.dt.year"
    return f'({year} // 10 * 10).rename("decade")'


def _key(name: str, side: Side) -> str:
    return column_program(name, side) if side.unit else json.dumps(side.column.name, ensure_ascii=False)


def _margins(found: Crosswise) -> str:
    return ', margins=True, margins_name="total"' if found.totals == "both" else ""


def _called(side: Side) -> str:
    if side.unit:
        return f"the {side.unit}s of {side.column.name}"
    is_label = side.column.name.casefold() in LABELS
    return f"{side.column.name} of {side.table.name}" if is_label else side.column.name


def _years_told(found: Crosswise) -> str:
    if found.compared == "between":
        return f"{found.years[0]} to {found.years[1]}"
    signs = {">=": "from {}", ">": "after {}", "<": "before {}", "<=": "up to {}", "==": "{}"}
    return signs.get(found.compared, " and ".join(found.years)).format(found.years[0])

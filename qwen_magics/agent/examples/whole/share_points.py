"""By how many points a share rose or fell from one year to another: "how many percentage points did nuclear
energy's share of total generation lose between 2001 and 2017?"

A small model takes one share of all the years together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.spelled_out import year_of
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["share_points"]

_SHARE = re.compile(r"\b(?:shares?|percentage(?! points?\b)|proportion|fraction)\b", re.IGNORECASE)
_FALL = (
    r"(?:f[ae]ll(?:en)?|dr[oi]p(?:ped)?|declined?|decreased?|sank|sink|los[et]|shr[aiu]nk|lower"
    r"|down|go down|went down)"
)
_RISE = (
    r"(?:r[oi]se|risen|gr[eo]w(?:n)?|increased?|climb(?:ed)?|gain(?:ed)?|higher|up|change[ds]?|went up|go up)"
)
_MOVED = re.compile(rf"\b(?:(?P<fall>{_FALL})|{_RISE})\b", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:percentage|percent|per cent|%)[- ]points?\b|\bby how (?:much|many|far)\b|\bhow (?:much|far)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w@.-])((?:1[5-9]|20)\d\d)(?![\w-])")
_OTHER = re.compile(
    r"\b(?:each (?!year)|every (?!year)|per (?!cent)|which|who|averages?|mean|median"
    r"|\w{4,}est|most|than the|correlat\w*"
    r"|and (?:what|how|which)|not|excluding|except|without|at least|above|below|more than|less than)\b",
    re.IGNORECASE,
)
_ROWS = re.compile(r"\b(?:among|of) (?:all )?(?:the )?(\w+)", re.IGNORECASE)


def share_points(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None unless a value, a whole and two years are told."""
    asked = " ".join(question.replace("@", "").split())
    moved = _MOVED.search(asked)
    if len(tables) != 1 or len(asked) > 300 or moved is None or not _SHARE.search(asked):
        return None
    years = list(dict.fromkeys(_YEAR.findall(asked)))
    if len(years) != 2 or not _POINTS.search(asked) or _OTHER.search(asked):
        return None
    table = tables[0]
    values = [v for v in linked_values(asked, tables) if len(v.owners) == 1]
    numbers = [c for c in named_numbers(asked, table) if is_number(c) and not is_year(c) and not c.unique]
    numbers = numbers or _only_number(asked, table)
    parts = [year_of(table, year, dialect) for year in sorted(years)]
    if len(values) != 1 or len(numbers) > 1 or parts[0] is None or parts[1] is None:
        return None
    rows = {word for noun in _ROWS.findall(asked) for word in words_of(noun)}
    if not numbers and not rows & {*words_of(table.name), "all", "row"}:
        return None
    name = dialect.quote_name
    value = name(numbers[0].name) if numbers else "1"
    one = f"{name(values[0].owners[0][1].name)} = {values[0].literal}"
    first, last = (
        f"SUM(CASE WHEN {part[1]} AND {one} THEN {value} END) / SUM(CASE WHEN {part[1]} THEN {value} END)"
        for part in parts
        if part is not None
    )
    if moved["fall"]:
        first, last = last, first
    query = f"SELECT 100.0 * {last} - 100.0 * {first} AS points FROM {source_of(table, dialect)}"
    whole = f"the sum of {numbers[0].name}" if numbers else f"all {table.name}"
    how = "less" if moved["fall"] else "more"
    says = (
        f"how many percentage points {how} of {whole} was {values[0].literal[1:-1]} in {max(years)} than in"
    )
    return Told(f"{says} {min(years)}?", query)


def _only_number(asked: str, table: Table) -> list[Column]:
    """The one number that the table has, if a total of something called like it is spoken of."""
    total = re.search(r"(?i)\b(?:totals?|sum|all|overall)\b(?P<of>(?: \w+){1,3})", asked)
    numbers = [c for c in table.columns if is_number(c) and not is_year(c) and not c.unique]
    said = words_of(total["of"]) if total is not None else []
    called = len(numbers) == 1 and any(part in said for part in words_of(numbers[0].name))
    return numbers if called else []

"""The groups of "each", as SQL reads them: a column, or the years and months of the table's date; and which
columns tell the rows of a panel apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.row_times import row_times
from qwen_magics.agent.examples.whole.spelled_out import number_of
from qwen_magics.agent.words.mentions import FULLY, Asked
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["EACH", "EachGroup", "each_group", "is_finest", "measure_said", "moment_of", "named_so"]

EACH = re.compile(
    r"(?:\b(?:for|of|in|to|from|at|within|by|on|with|per|inside)\s+)?\b(?:each|every)(?: single| one of the)?"
    r" "
    r"(?P<by>\w+)(?:['’]s?\b)?|\bper (?!cent\b|capita\b|head\b)(?P<per>\w+)",
    re.IGNORECASE,
)
_UNITS = ("year", "month", "quarter")
_PARTS = ("decade", "year", "quarter", "month", "week", "day", "hour", "minute")


@dataclass(frozen=True, slots=True)
class EachGroup:
    """What the rows are parted by.

    Attributes:
        column: of the table.
        expression: as SQL reads it.
        unit: of a date, which part; empty for a column as it is.
        said: the words of the question.
    """

    column: Column
    expression: str
    unit: str
    said: str


def each_group(question: str, table: Table, dialect: Dialect) -> EachGroup | None:
    """The one group that the question says; None where there is none, or more than one."""
    found = list(EACH.finditer(question))
    if len(found) != 1:
        return None
    word = (found[0]["by"] or found[0]["per"]).casefold()
    column = group_in(word, table)
    name = dialect.quote_name
    if column is not None and not has_days(column):
        return EachGroup(column, name(column.name), "", found[0][0])
    times = row_times("", table, dialect) if word in _UNITS else None
    if times is None or times.date is None:
        return None
    keys = times.unit(word)
    return EachGroup(times.date, keys[0], word, found[0][0]) if len(keys) == 1 and keys[0] else None


def moment_of(table: Table) -> Column | None:
    """The one column that its rows are in time by: its one date, or its one year."""
    dates = [column for column in table.columns if has_days(column)]
    years = [column for column in table.columns if is_year(column) and words_of(column.name)[-1:] == ["year"]]
    parts = [c for c in table.columns if c.name.casefold() in ("quarter", "month", "week", "day", "hour")]
    found = dates or ([] if parts else years)
    return found[0] if len(found) == 1 else None


def is_finest(group: Column, table: Table, told: Sequence[str] = ()) -> bool:
    """Whether the rows of a group are told apart by their time alone: no other texts, or only such of few
    values beside names that are too many to be listed, such as the continents of countries.

    Args:
        told: columns that have one value anyway.
    """
    if not is_text(group) or group.unique:
        return False
    others = [c for c in table.columns if not is_number(c) and not has_days(c)]
    others = [c for c in others if c.name != group.name and c.name not in told]
    keys = {join.column for join in table.joins}
    if any(c.name in keys or c.unique for c in table.columns):
        return False
    return not others or (group.categories is None and all(c.categories for c in others))


def measure_said(text: str, table: Table) -> Column | None:
    """The column of numbers that is meant: named in whatever form, or the only one that the table has."""
    keys = {join.column for join in table.joins}
    numbers = [
        c for c in table.columns if is_number(c) and not is_year(c) and c.name not in keys and not c.unique
    ]
    numbers = [c for c in numbers if c.name.casefold() not in _PARTS]
    spelled = number_of(text, table)
    if spelled is not None and spelled in numbers:
        return spelled
    asked = Asked(text, table.columns, table.name)
    named = [c for c in numbers if asked.said(c)[0] >= FULLY]
    if len(named) == 1:
        return named[0]
    return numbers[0] if len(numbers) == 1 and not named else None


def named_so(text: str, column: Column) -> str:
    """The text with the name of the column for the words that mean it: lifeExp for "life expectancy"."""
    # One word of two: realgdp for "real GDP".
    apart = (rf"{column.name[:at]}[ -]{column.name[at:]}" for at in range(2, len(column.name) - 1))
    if re.fullmatch(r"[a-z\d]+", column.name):
        text = re.sub(rf"(?i)\b(?:{'|'.join(apart)})\b", column.name, text)
    parts = words_of(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.name))
    return re.sub(
        r"[A-Za-z]{3,}",
        lambda word: column.name if any(alike(part, word[0].casefold()) for part in parts) else word[0],
        text,
    )

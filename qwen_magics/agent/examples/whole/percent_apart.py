"""By how many percent one figure is above or below another: 100 * (x / y - 1), of two kinds of rows, years
or columns. "By what percentage is the mean yield of Trebi higher than that of Velvet?"

A small model divides the one by the other and stops there: 172 where 72 percent more is meant.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, number_of
from qwen_magics.agent.examples.whole.two_kinds import HIGHER, LOWER, sides_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["PERCENT_APART", "percent_apart"]

_BY = (
    r"(?:by )?(?:what|which|how many|how much|how large a|how big a) (?:per ?cent(?:age)?"
    r"|%)(?! (?:points?|of)\b)"
)
PERCENT_APART = re.compile(
    rf"\b{_BY}\b[^?;]*?\b(?:(?P<low>{LOWER}|below)|{HIGHER}|above|exceeds?|exceeded|surpass\w*)\b"
    rf"|\bhow much (?:(?P<low2>{LOWER})|{HIGHER}),? (?:in|as a) per ?cent(?:age)?s?\b"
    r"|\bhow (?:many|much) per ?cent (?:(?P<low3>fewer|" + LOWER + rf")|{HIGHER})\b",
    re.IGNORECASE,
)
_THAN = re.compile(r"\b(?:than|above|below|exceed(?:s|ed)?|surpass\w*)\b", re.IGNORECASE)
_FIGURES = (
    (r"\b(?:averag(?:e[sd]?|ing)|means?|avg)\b", "AVG", "average"),
    (r"\bmedians?\b", "MEDIAN", "median"),
    (r"\b(?:totals?|sums?)\b", "SUM", "total"),
    (r"\b(?:highest|maximum|largest|greatest)\b", "MAX", "highest"),
    (r"\b(?:lowest|minimum|smallest)\b", "MIN", "lowest"),
)
_COUNT = re.compile(
    r"\b(?:numbers? of|count of|how many|(?:per ?cent|%) (?:more|fewer|less)) (?!per ?cent)(\w+)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:each|every|which \w+ (?:has|had)|who|when|correlat\w*|share|proportion|fraction"
    r"|rank\w*|per(?! ?cent)"
    r"|from .* to|running|consecutive|previous|before|grow\w*|grew|change\w*|rise|rose|fell|fall|drop\w*)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:by|what|which|how many|how much|per ?cent(?:age)?)\b|%|\b(?:above|below|(?:more"
    r"|less) than|older|newer|between|over)\b",
    re.IGNORECASE,
)


def percent_apart(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if both figures are told and the second stands behind "than"."""
    found = PERCENT_APART.search(question)
    figures = [one for one in _FIGURES if re.search(one[0], question, re.IGNORECASE)]
    than = list(_THAN.finditer(question))
    if found is None or len(than) != 1 or len(figures) > 1 or _MORE.search(question):
        return None
    low = any(found.group(name) for name in ("low", "low2", "low3"))
    cells = _of_columns(question, figures, than[0], table, dialect) or _of_kinds(
        question, figures, than[0], table, dialect
    )
    if cells is None:
        return None
    one, two, where, names = cells
    if low:
        query = f"SELECT 100.0 * (1 - 1.0 * {one} / {two}) AS percent FROM {source_of(table, dialect)}{where}"
    else:
        query = f"SELECT 100.0 * (1.0 * {one} / {two} - 1) AS percent FROM {source_of(table, dialect)}{where}"
    told = f"by how many percent is {names[0]} {'below' if low else 'above'} {names[1]}?"
    return SpelledOut(told, query, ("100", "/", "-"))


_Cells = tuple[str, str, str, tuple[str, str]]


def _of_kinds(
    question: str, figures: list[tuple[str, str, str]], than: re.Match[str], table: Table, dialect: Dialect
) -> _Cells | None:
    """Of two values, marks or years."""
    sides = sides_of(question, table, dialect)
    if sides is None or not _is_apart(question, sides.values, than):
        return None
    count = _COUNT.search(question)
    rows = count is not None and words_of(count[1]) == words_of(table.name)[-1:]
    rest = _LEFT.sub(" ", sides.rest)
    where = limited(rest, table, dialect, {sides.column})
    if where is None or bool(figures) == rows:
        return None
    if rows:
        cells = [f"SUM(CASE WHEN {c} THEN 1 ELSE 0 END)" for c in sides.conditions]
        name = f"number of {table.name}"
    else:
        number = number_of(rest, table)
        if number is None or number.name == sides.column:
            return None
        value, function = dialect.quote_name(number.name), figures[0][1]
        cells = [f"{function}(CASE WHEN {c} THEN {value} END)" for c in sides.conditions]
        name = f"{figures[0][2]} {number.name}"
    return cells[0], cells[1], where, (f"the {name} of {sides.values[0]}", f"that of {sides.values[1]}")


def _is_apart(question: str, values: tuple[str, str], than: re.Match[str]) -> bool:
    """Whether the first stands before "than", and the second behind it."""
    one, two = (re.search(rf"(?<!\w){re.escape(value)}", question, re.IGNORECASE) for value in values)
    return one is not None and two is not None and one.start() < than.start() < two.start()


def _of_columns(
    question: str, figures: list[tuple[str, str, str]], than: re.Match[str], table: Table, dialect: Dialect
) -> _Cells | None:
    """Of one figure of two columns."""
    before, behind = question[: than.start()], question[than.end() :]
    one, two = named_numbers(before, table), named_numbers(behind, table)
    if len(figures) != 1 or len(one) != 1 or len(two) != 1 or one[0] is two[0] or not is_number(one[0]):
        return None
    used = {one[0].name, two[0].name}
    where = limited(_LEFT.sub(" ", question), table, dialect, used)
    if where is None:
        return None
    cells = [f"{figures[0][1]}({dialect.quote_name(name.name)})" for name in (one[0], two[0])]
    names = [f"the {figures[0][2]} {column.name}" for column in (one[0], two[0])]
    return cells[0], cells[1], where, (names[0], names[1])

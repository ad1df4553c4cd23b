"""Which one column of a table a phrase speaks of; nothing where it could be two.

Knows no kinds of questions: only names, and the adjectives by which people compare what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.words.naming import UNITS, words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["group_in", "number_in", "numbers_in", "source_of", "spelled_group", "year_condition"]

# "Heavier than the average" is about a weight.
_ADJECTIVES = (
    (r"heav\w+|light\w+|weigh\w*", ("weight", "mass")),
    (r"longer|shorter|longest|shortest", ("length", "duration")),
    (r"tall\w+", ("height",)),
    (r"older|younger|oldest|youngest", ("age",)),
    (r"dear\w+|cheap\w+|costl\w+|pric[ei]\w+|costs?", ("price", "cost")),
    (r"fast\w+|slow\w+", ("speed",)),
    (r"warm\w+|cold\w+|hott\w+|cool\w+", ("temperature", "temp")),
    (r"earns?|paid", ("salary", "wage", "income")),
)
_YEAR = re.compile(r"(?<![\w-])(?:1[5-9]|20)\d\d(?![\w-])")
_SMALL = frozenset(["in", "per", "of", "at", "the", "and"])
_PERIODS = frozenset(["decade", "hour", "month", "quarter", "week", "year"])
_SHORTEST = 4


def numbers_in(phrase: str, table: Table) -> list[Column]:
    """The columns of numbers that the phrase names in full, years and the like aside."""
    keys = {join.column for join in table.joins}
    numbers = [c for c in table.columns if is_number(c) and not is_year(c) and c.name not in keys]
    numbers = [column for column in numbers if column.name.casefold() not in _PERIODS]
    return [column for column in numbers if _is_named(column, phrase)]


def number_in(phrase: str, table: Table) -> Column | None:
    """The column of numbers that the phrase means, by its name or by an adjective."""
    found = numbers_in(phrase, table)
    if not found:
        roots = [
            root for said, names in _ADJECTIVES if re.search(rf"(?i)\b(?:{said})\b", phrase) for root in names
        ]
        found = [c for c in table.columns if is_number(c) and set(words_of(c.name)) & set(roots)]
    return found[0] if len(found) == 1 else None


def group_in(word: str, table: Table) -> Column | None:
    """The column that a group or a period is called by: `shop`, `year`; no measured one."""
    said = words_of(word)
    exact = [c for c in table.columns if words_of(c.name) == said and not _is_measured(c)]
    found = exact or [c for c in table.columns if _is_called(c, said)]
    if not found and said == ["year"]:
        found = [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    return found[0] if said and len(found) == 1 else None


def spelled_group(column: Column, word: str, dialect: Dialect) -> str:
    """How SQL reads it: of a date, its year where a year is meant; empty where that is not certain."""
    name = dialect.quote_name(column.name)
    if not column.dtype.startswith(("DATE", "TIMESTAMP")):
        return name
    is_plain_year = words_of(word) == ["year"] and dialect.name == "duckdb"
    return f"EXTRACT(YEAR FROM {name})" if is_plain_year else ""


def year_condition(question: str, table: Table, dialect: Dialect) -> str:
    """`year = 2005` where the question has that one year and the table one column of years."""
    years, columns = set(_YEAR.findall(question)), [c for c in table.columns if is_year(c)]
    if len(years) != 1 or len(columns) != 1:
        return ""
    return f"{dialect.quote_name(columns[0].name)} = {years.pop()}"


def source_of(table: Table, dialect: Dialect) -> str:
    """The table as it stands behind FROM."""
    owner = f"{dialect.quote_name(table.schema)}." if table.schema else ""
    return f"{owner}{dialect.quote_name(table.name)}"


def _is_called(column: Column, said: Sequence[str]) -> bool:
    """`shop_id` by shop, `tzone` by itself."""
    own = [part for part in words_of(column.name) if part not in UNITS]
    return bool(said) and not _is_measured(column) and own == list(said)


def _is_measured(column: Column) -> bool:
    """Whether its numbers have fractions, and so make no groups: a year may have them all the same."""
    is_period = column.name.casefold() in _PERIODS
    return column.dtype.startswith(("DOUBLE", "FLOAT", "DECIMAL", "NUMERIC", "REAL")) and not is_period


def _is_named(column: Column, phrase: str) -> bool:
    """All its words are there, or all of it in one: `realgdp` by "real GDP"."""
    own = [part for part in words_of(column.name) if part not in UNITS | _SMALL]
    said = words_of(phrase)
    if own and all(any(part == word or _is_short(part, word) for word in said) for part in own):
        return True
    whole = "".join(words_of(column.name))
    pairs = {one + two for one, two in pairwise(said)}
    return (len(whole) >= _SHORTEST and whole in {*said, *pairs}) or _stands_in(column.name, phrase)


def _is_short(part: str, word: str) -> bool:
    return len(part) >= _SHORTEST and word.startswith(part)


def _stands_in(name: str, phrase: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", phrase) is not None

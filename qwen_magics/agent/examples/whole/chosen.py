"""The one with the most of something, and then how many of something else it has, over the question's tables.

"Find the member with the highest total of fines. How many loans did she make?" joins loans with fines in the
query of a small model, which then counts the loans that were fined. What is meant takes two steps: the one is
found in an inner query, and the rest asked of it alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.links.key_ways import KeyWay, ways_along
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Chosen", "chosen"]

_HIGH = r"(?:most|highest|largest|greatest|biggest|top)"
_LOW = r"(?:fewest|lowest|smallest|least)"
# "the member who has run up the highest total of fines": the thing, and what it is chosen by.
_ONE = re.compile(
    r"\b(?:the|that|which|whichever|what|our) (?:one |single )?"
    r"([a-z]\w*(?: (?!(?:that|who|which|with)\b)[a-z]\w*)?),? "
    r"(?:with|who|that|whose|which|having|to have|has|had)\b"
    rf"((?:(?!\b(?:how|what|which)\b)[^.;:?!]){{0,50}}?\b({_HIGH}|{_LOW})\b(?:(?!\b(?:how|what|which)\b)[^.;:?!])*)",
    re.IGNORECASE,
)
_SUM = re.compile(r"\b(?:total|sum|combined|overall|altogether|in all)\b(?! (?:number|count))", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:average|mean)\b(?! (?:number|count))", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:most|fewest|number of|count of|(?:number|count) is)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:how many|number of|count(?: of)?) (?:(?:different|other|of|the|all|its|their|her|his) ){0,2}"
    r"(\w+(?: \w+)?)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:each|every|per|both|respectively|two|three|four|five|six|seven|eight|nine|ten|\d+ most|percent\w*"
    r"|share|or)\b(?! not)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked, in words, and the query of it."""

    told: str
    query: str


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows that belong to the things, and the way to these."""

    table: Table
    way: KeyWay

    def source(self, dialect: Dialect) -> str:
        """What stands behind FROM."""
        names = (f"JOIN {dialect.quote_name(j.other)} ON {j.spelled(dialect)}" for j in self.way[:-1])
        return " ".join((dialect.quote_name(self.table.name), *names))

    def key(self, dialect: Dialect) -> str:
        """The thing's key among them."""
        last, name = self.way[-1], dialect.quote_name
        return f"{name(last.table)}.{name(last.column)}" if len(self.way) > 1 else name(last.column)


def chosen(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Chosen | None:
    """The query over the things, what they are chosen by and what is counted of them; None where not all of
    it can be told.
    """
    for found in _ONE.finditer(question):
        thing = _of(found[1], tables)
        rest = f"{question[: found.start()]} {question[found.end() :]}"
        counts = [_of(noun, tables) for noun in _COUNTED.findall(rest)]
        if thing is None or len(counts) != 1 or counts[0] is None or _SEVERAL.search(question):
            continue
        before, _, by = found[2].partition(found[3])
        # What it is chosen by stands behind "most", or is nothing that we know.
        named = (_of(words, tables) for words in (*_pairs(by), *_pairs(before)))
        first = next((table for table in named if table is not None), None)
        rows, others = _rows(first, thing, tables), _rows(counts[0], thing, tables)
        measure = _measure(f"{before} {found[3]} {by}", first, dialect) if first is not None else ""
        if rows is not None and others is not None and measure and first is not counts[0]:
            return _query(
                thing, rows, others, measure, re.fullmatch(_LOW, found[3], re.I) is not None, dialect
            )
    return None


def _query(thing: Table, rows: _Rows, others: _Rows, measure: str, lowest: bool, dialect: Dialect) -> Chosen:
    order = "" if lowest else " DESC"
    key = rows.key(dialect)
    one = f"SELECT {key} FROM {rows.source(dialect)} GROUP BY {key} ORDER BY {measure}{order} LIMIT 1"
    query = f"SELECT COUNT(*) FROM {others.source(dialect)} WHERE {others.key(dialect)} = ({one})"
    which = "lowest" if lowest else "highest"
    counted = "number" if measure == "COUNT(*)" else "total" if measure.startswith("SUM") else "average"
    told = (
        f"of {thing.name}, the one with the {which} {counted} of {rows.table.name}: how many "
        f"{others.table.name} has it, whatever {rows.table.name} there are of these?"
    )
    return Chosen(told, query)


def _pairs(text: str) -> list[str]:
    words = re.findall(r"\w+", text)
    return [" ".join(words[at : at + 2]) for at in range(len(words))]


def _of(nouns: str, tables: Sequence[Table]) -> Table | None:
    """The table whose name the first words are."""
    words = _bare(nouns)
    named = [table for table in tables if (own := _bare(table.name)) and own == words[: len(own)]]
    return named[0] if len(named) == 1 else None


def _bare(text: str) -> list[str]:
    # A branch and branches.
    return [word.removesuffix("e") for word in words_of(text)]


def _rows(table: Table | None, thing: Table, tables: Sequence[Table]) -> _Rows | None:
    way = ways_along(table, tables).get(thing.name) if table is not None else None
    plain = way is not None and not any(join.more for join in way)
    return _Rows(table, way) if table is not None and way and plain else None


def _measure(said: str, table: Table, dialect: Dialect) -> str:
    """What the rows of a thing are compared by; empty where that cannot be told."""
    function = "SUM" if _SUM.search(said) else "AVG" if _MEAN.search(said) else ""
    if not function:
        counts = re.search(
            r"\b(?:most|fewest)\b|\bleast (?:number|count)|\b(?:number|count) of\b", said, re.I
        )
        return "COUNT(*)" if counts else ""
    asked = set(words_of(said))
    keys = {join.column for join in table.joins}
    numbers = [c for c in table.columns if is_number(c) and c.name not in keys and not _tells_apart(c)]
    named = [c for c in numbers if set(words_of(c.name)) <= asked] or numbers
    column = f"{dialect.quote_name(table.name)}.{dialect.quote_name(named[0].name)}" if named else ""
    return f"{function}({column})" if len(named) == 1 else ""


def _tells_apart(column: Column) -> bool:
    """Whether its numbers are marks: of a row, or a yes and no."""
    marks = column.categories is not None or {"0", "1"} >= set(column.samples or "?")
    return column.unique or marks or words_of(column.name)[-1:] == ["id"]

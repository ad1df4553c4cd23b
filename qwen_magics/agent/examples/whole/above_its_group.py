"""How many rows lie above the average of the thing that they belong to, over keys: fines above the average
fine of their branch.

A small model compares with the one average of all rows. (Over one table: `compared_stages`.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.rows_between import place_of, rows_between
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["above_its_group"]

_TIMES = {"one and a half": "1.5", "two and a half": "2.5", "twice": "2", "double": "2", "half": "0.5"}
_TIMES |= {"one and a half times": "1.5", "three times": "3", "triple": "3"}
_FRACTIONS = ("DECIMAL", "DOUBLE", "FLOAT", "NUMERIC", "REAL")
_ASKED = re.compile(
    r"^\W*(?:how many|(?:what is )?the number of|count) (?:of )?(?:the |our |all )*(?P<rows>\w+) "
    r"(?:(?:that|which) )?(?:(?:are|were|is|have|cost|costs|lie|lies|had)(?: an?)?(?: (?P<measure>\w+))? )?"
    r"(?P<how>(?:more|greater|higher|larger|bigger|longer) than|above|over|exceed|(?:less|lower|smaller"
    r"|shorter) than"
    r"|below|under) "
    rf"(?:(?:(?P<said>{'|'.join(sorted(_TIMES, key=len, reverse=True))})|(?P<number>\d+(?:\.\d+)?))(?:"
    r" times)? )?"
    r"(?:that of )?(?:the |an? )?(?:average|mean) (?P<value>\w+)?(?: \w+)? ?(?:of|for|in|at|within|among"
    r"|across) "
    r"(?:all (?:\w+ )?(?:of|in|at) )?"
    r"(?:the |its |their |the same |that )(?:own )?(?P<group>\w+)(?: (?:that|which|to which|where)"
    r" (?:the|its|their) "
    r"[\w ]{1,40})?\W*$",
    re.IGNORECASE,
)


def above_its_group(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where it is not certain what is compared, or of which group."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    rows = table_of(found["rows"], tables) if found is not None else None
    group = place_of(found["group"], tables) if found is not None else None
    if found is None or rows is None or group is None or group.table is rows or len(tables) < 2:
        return None
    value = _value(found, rows)
    ways = rows_between([group], tables, asked, [rows])
    if any(table.column("mean") for table in tables):
        return None  # the grammar knows few other names for it
    if value is None or ways is None or ways.table is not rows:
        return None
    name, key = dialect.quote_name, ways.key(0, group, dialect)
    measured = f"{name(rows.name)}.{name(value.name)}"
    said = (found["said"] or "").casefold()
    times = found["number"] or _TIMES.get(said) or NUMBERS.get(said, "")
    sign = "<" if re.match(r"(?i)less|lower|smaller|shorter|below|under", found["how"]) else ">"
    read = [0] if group.column is not None else []
    inner = f"SELECT {measured}, AVG({measured}) OVER (PARTITION BY {key}) AS mean FROM"
    limit = f"{times} * mean" if times else "mean"
    where = f"{name(value.name)} {sign} {limit}"
    query = f"SELECT COUNT(*) FROM ({inner} {ways.source(dialect, *read)}) AS s WHERE {where}"
    than = f"{times} times " if times else ""
    side = "less" if sign == "<" else "more"
    told = f"how many {rows.name} have {side} {value.name} than {than}the average of all"
    return Told(f"{told} {rows.name} of their {group.called}?", query)


def _value(found: re.Match[str], rows: Table) -> Column | None:
    """What is compared: the number that is named, or the only one there is ("the average fine")."""
    for said in (found["value"], found["measure"]):
        named = named_numbers(said, rows) if said and words_of(said) != words_of(rows.name) else []
        if len(named) == 1 and not named[0].unique:
            return named[0]
    if found["value"] and words_of(found["value"]) != words_of(rows.name):
        return None
    keys = {join.column for join in rows.joins}
    numbers = [
        c for c in rows.columns if is_number(c) and not is_year(c) and not c.unique and c.name not in keys
    ]
    numbers = [c for c in numbers if set(c.categories or c.samples or "?") - {"0", "1"}]
    if len(numbers) > 1:
        numbers = [c for c in numbers if c.dtype.startswith(_FRACTIONS)]
    return numbers[0] if len(numbers) == 1 else None

"""How many rows of one value there are for each of another, where the question says more than these two:
"how many men died for every woman who died", "how many days with rain has it for each day with snow".

`kinds_per_kind` reads a question to its last word, and a result is compared with its query; this is only
shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.kinds_per_kind import value_forms
from qwen_magics.agent.examples.whole.said_conditions import said_conditions
from qwen_magics.agent.examples.whole.spelled_out import each_of
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["per_value"]

_COUNTED = re.compile(r"\b(?:how many|number of|ratio of|count of)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:averag\w*|means?|median|totals?|sums?|percent\w*|shares?|proportions?|fractions?|correlat\w*"
    r"|which|when|\w{3,}est|most|fewest|times as|more|fewer|less)\b|%",
    re.IGNORECASE,
)
_LINK = r" (?:per|for (?:each|every|one|a)(?: single)?|to (?:each|every|one)(?: single)?) "
# Between the link and the second value stand no things of their own: the value's column, or the first's noun.
_LITTLE = frozenset(words_of("a an the with of whose is was were that who had has having where single one"))


def per_value(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None unless two values of one column stand on both sides of "per"."""
    asked = " ".join(question.replace("@", "").split())
    if len(tables) != 1 or len(asked) > 300 or not _COUNTED.search(asked) or _OTHER.search(asked):
        return None
    table = tables[0]
    found = [pair for column in table.columns if (pair := _pair(asked, column, table)) is not None]
    if len(found) != 1:
        return None
    column, one, two, rest = found[0]
    groups = [group for word in each_of(rest) if (group := group_in(word, table)) is not None]
    limits = said_conditions(rest, table, dialect)
    if limits is None or len(groups) != len(each_of(rest)) or column in groups:
        return None
    name, where = dialect.quote_name, (*limits.where, *limits.years)
    cells = [f"SUM(CASE WHEN {name(column.name)} = {value} THEN 1 ELSE 0 END)" for value in (one, two)]
    keys = "".join(f"{name(group.name)}, " for group in groups)
    query = f"SELECT {keys}1.0 * {cells[0]} / {cells[1]} AS ratio FROM {source_of(table, dialect)}"
    query += f" WHERE {' AND '.join(where)}" if where else ""
    query += f" GROUP BY {keys[:-2]}" if keys else ""
    each = "".join(f", for each {group.name}" for group in groups)
    return Told(f"how many rows with {one[1:-1]} are there per row with {two[1:-1]}{each}?", query)


def _pair(asked: str, column: Column, table: Table) -> tuple[Column, str, str, str] | None:
    """Both values, as literals, and the question without what stands from the one to the other."""
    values = value_forms(column)
    for one, first in values.items():
        for two, second in values.items():
            found = one != two and re.search(
                rf"(?<!\w)(?:{first})(?!\w)(?P<verb>[^,.;?]{{0,60}}?){_LINK}(?P<little>(?:\w+"
                rf" ){{0,4}}?)(?:{second})(?!\w)",
                asked,
                re.IGNORECASE,
            )
            if found and _is_little(found, asked, column, table):
                rest = f"{asked[: found.start()]} {found['verb']} , {asked[found.end() :]}"
                return column, one, two, rest
    return None


def _is_little(found: re.Match[str], asked: str, column: Column, table: Table) -> bool:
    said = set(words_of(found["little"])) - _LITTLE
    known = {*words_of(column.name), *words_of(table.name), *words_of(asked[: found.start()])}
    return said <= known and not any(
        group_in(word, table) not in (None, column) for word in said - set(words_of(table.name))
    )

"""The year of the oldest of those that rows of another table lead to: when the oldest plane was built that an
airline flew.

A small model counts the rows of each year, or shows the years of all. (Of a table alone it knows the MIN.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.links.rows_between import Place, rows_between
from qwen_magics.agent.links.way_sources import spelled, table_of
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["moment_oldest"]

_OLDEST = re.compile(
    r"\b(?:in )?(?:which|what) year (?:was|is|were|did) (?:the )?"
    r"(?P<how>oldest|earliest|newest|youngest|latest) (?:of (?:all )?(?:the )?)?(?P<thing>[a-z]\w*)\b",
    re.IGNORECASE,
)
_DONE = r"built|made|born|founded|published|released|opened|produced|manufactured|printed|written|used|flown"
# What no value tells limits the rows further.
_MORE = re.compile(
    r"\b(?:above|below|over|under|than|at least|at most|not|no|never|before|after|since|until|between|each"
    r"|every|only|both|and|or|most|per|average|mean|still|late|how many)\b|\d"
    rf"|\b(?!(?:{_DONE})\b)[a-z]{{3,}}(?<!e)ed\b",
    re.IGNORECASE,
)


def moment_oldest(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the rows between the things and the one value that is named."""
    asked = " ".join(question.replace("@", "").split())
    found = _OLDEST.search(asked)
    thing = table_of(found["thing"], tables) if found is not None else None
    if found is None or thing is None:
        return None
    rest = f"{asked[: found.start()]} ; {asked[found.end() :]}"
    years = [c for c in thing.columns if is_year(c)]
    values = linked_values(rest, tables)
    if len(years) != 1 or len(values) != 1 or len(values[0].owners) != 1:
        return None
    owner, column = values[0].owners[0]
    bare = re.sub(re.escape(values[0].literal[1:-1]), " ", rest, flags=re.IGNORECASE)
    if owner is thing or _MORE.search(bare) or re.search(EXTREME, bare, re.IGNORECASE):
        return None
    rows = rows_between([Place(thing), Place(owner, column)], tables, asked)
    if rows is None:
        return None
    function = "MIN" if re.match(r"(?i)oldest|earliest", found["how"]) else "MAX"
    query = (
        f"SELECT {function}({spelled(thing, years[0], dialect)}) FROM {rows.source(dialect, 0, 1)} "
        f"WHERE {spelled(owner, column, dialect)} = {values[0].literal}"
    )
    which = "first" if function == "MIN" else "last"
    told = f"the {which} {years[0].name} of {thing.name}, of {rows.table.name}"
    return Told(f"{told} with {owner.name}.{column.name} {values[0].literal}", query)

"""Things more than half of whose rows are from another place than their own: two keys compared, by group.

The two keys are those of `links.compared`: the branch of the copy and the home branch of the member.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.compared import compared_columns
from qwen_magics.agent.links.key_hints import compared_roles
from qwen_magics.agent.links.way_sources import table_of, way_between
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["other_than_own"]

_ASKED = re.compile(
    r"^\W*(?P<many>(?:for |of )?how many|(?:what is )?the number of)?(?:(?:for |of )?(?:which|what)|list"
    r"|name)?"
    r" ?(?:the |of the |of our )?(?P<thing>\w+)\b[^.?;]*?\b"
    r"(?P<sign>more than|over|at least|less than|fewer than|under) (?P<part>half|(?:a|one) (?:third|quarter)"
    r"|\d{1,2} ?(?:%|per ?cent)) of (?:all )?(?:of )?(?:their|its|his|her|the) (?P<rows>\w+)\b",
    re.IGNORECASE,
)
_SIGNS = {"at least": ">=", "less than": "<", "fewer than": "<", "under": "<"}
_PARTS = {"half": "0.5 * COUNT(*)", "third": "COUNT(*) / 3.0", "quarter": "0.25 * COUNT(*)"}
_COMPARED = re.compile(r"\bFROM (?P<source>.+) WHERE (?P<condition>.+)$")


def other_than_own(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the things or of their number; None where the two keys are not certain."""
    asked = " ".join(question.split())
    found = _ASKED.search(asked)
    thing = table_of(found["thing"], tables) if found is not None else None
    rows = table_of(found["rows"], tables) if found is not None else None
    line = _compared(asked, tables, dialect) if thing is not None and rows is not None else ""
    compared = _COMPARED.search(line)
    if found is None or thing is None or rows is None or compared is None or thing is rows:
        return None
    way, name = way_between(rows, thing, tables), dialect.quote_name
    if way is None or not compared["source"].startswith(name(rows.name)):
        return None
    key = f"{name(way[-1].table)}.{name(way[-1].column)}"
    if f"{name(way[-1].table)} " not in f"{compared['source']} ":
        return None
    part = found["part"].casefold().split()[-1]
    digits = re.match(r"\d+", found["part"])
    bound = f"{digits[0]} / 100.0 * COUNT(*)" if digits else _PARTS[part]
    sign = _SIGNS.get(found["sign"].casefold(), ">")
    met = f"SUM(CASE WHEN {compared['condition']} THEN 1 ELSE 0 END)"
    query = f"SELECT {key} FROM {compared['source']} GROUP BY {key} HAVING {met} {sign} {bound}"
    told = f"{thing.name} with a share {sign} {found['part']} of all their {rows.name} where "
    told += compared["condition"]
    if found["many"]:
        return Told(f"how many {told}?", f"SELECT COUNT(*) FROM ({query}) AS s")
    return Told(f"which {told}?", query)


def _compared(asked: str, tables: Sequence[Table], dialect: Dialect) -> str:
    return compared_roles(asked, tables, dialect) or compared_columns(asked, tables, dialect)

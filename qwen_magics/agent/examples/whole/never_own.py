"""How many things never, or only, had to do with a place of their own: members who never borrowed a copy of
their home branch, customers who only got shipments from warehouses of their own region.

A small model compares the one key with a list of the other, of any thing's, or forgets the half of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.plain_verbs import says_rows
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.links.rows_between import Place, rows_between
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.tools.key_roles import role_of, singular_words
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["never_own"]

_HAVE = r"(?:(?:have|has|had|did|do) )?"
_ITEM = (
    r"(?:(?:an?|any|one|a single|one of the|some|at least one) )?"
    r"(?:\w+ (?:from|of|by) (?:an? )?)?(?P<ITEM>\w+) "
)
_OF = (
    r"(?:(?:that|which) (?:belongs?|is|are|was|were) )?(?:of|from|at|in|to|by|owned by) "
    r"(?:their|its|his or her|the (?:member|customer|person)['\u2019]s) (?:own )?(?P<place>\w+(?: \w+)?)\W*$"
)
_ASKED = re.compile(
    r"^\W*(?:how many|(?:what is )?the number of|count) (?:of )?(?:the |our |all )*(?P<thing>\w+) "
    r"(?:(?:with|that have|who have|having) (?:any |some |at least one )?(?P<rows>\w+) )?"
    rf"(?:(?:that|who|which) )?{_HAVE}"
    rf"(?:(?P<never>never(?: once)?|not once|not ever) (?P<done>\w+) {_ITEM.replace('ITEM', 'one')}"
    rf"|(?:(?:only|always|exclusively) (?:ever )?(?P<so>\w+)|(?P<did>\w+) (?:only|nothing but)) "
    rf"{_ITEM.replace('ITEM', 'only')})"
    rf"{_OF}",
    re.IGNORECASE,
)


def never_own(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of their number; None where the two keys or the way to them are not certain."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    thing = table_of(found["thing"], tables) if found is not None else None
    item = table_of(found["one"] or found["only"], tables) if found is not None else None
    if found is None or thing is None or item is None or thing is item:
        return None
    own = _key(found["place"], thing, tables)
    theirs = [join for join in item.joins if own is not None and join.other == own.other and not join.more]
    named = table_of(found["rows"], tables) if found["rows"] else None
    if own is None or len(theirs) != 1 or (found["rows"] and named is None) or linked_values(asked, tables):
        return None
    rows = rows_between([Place(thing), Place(item)], tables, asked, [named] if named is not None else [])
    verb = found["done"] or found["so"] or found["did"]
    if rows is None or (named is not None and rows.table is not named):
        return None
    if not says_rows(verb, [Place(thing), Place(item)], rows, tables, asked):
        return None
    name = dialect.quote_name
    pair = (f"{name(item.name)}.{name(theirs[0].column)}", f"{name(thing.name)}.{name(own.column)}")
    met, key, source = " = ".join(pair), rows.key(0, Place(thing), dialect), rows.source(dialect, 0, 1)
    often = "none" if found["never"] else "all"
    told = f"how many {thing.name} have {often} of their {rows.table.name} where {met}?"
    if found["never"] and named is None:
        own_key = name(rows.ways[0][-1].other_column)
        inner = f"SELECT {key} FROM {source} WHERE {met}"
        return Told(told, f"SELECT COUNT(*) FROM {name(thing.name)} WHERE {own_key} NOT IN ({inner})")
    having = f"SUM(CASE WHEN {met} THEN 1 ELSE 0 END) = {'0' if found['never'] else 'COUNT(*)'}"
    group = f"SELECT {key} FROM {source} GROUP BY {key} HAVING {having}"
    return Told(told, f"SELECT COUNT(*) FROM ({group}) AS s")


def _key(words: str, thing: Table, tables: Sequence[Table]) -> Join | None:
    """The key of the thing that is called so, or the only one to what is."""
    said = singular_words(words)
    roles = [join for join in thing.joins if not join.more and role_of(join) == said]
    other = table_of(words, tables)
    plain = [join for join in thing.joins if other is not None and join.other == other.name and not join.more]
    found = roles or plain
    return found[0] if len(found) == 1 else None

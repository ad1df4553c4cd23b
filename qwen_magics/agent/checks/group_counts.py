"""The number of things under a condition on their rows, where a query counts within each of them; see
`tools.sql.group_counts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.sql.group_counts import groups_counted

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table
    from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["things_counted"]

# What is counted, and then what is said of it: "how many of our members have …".
_COUNTED = re.compile(
    r"\b(?:how many|(?:number|count) of|count(?: up)?(?: of)?) (?:(?:of|all|the|our|those|these|different"
    r"|distinct|individual|single|unique|\w+ed|\w+ing|active) ){0,3}(\w+(?: \w+)?)",
    re.IGNORECASE,
)
# With it the question begins: no list is asked for.
_FIRST = re.compile(
    r"^\W*(?:(?:what(?: is|['’]s)|tell me|give me|find|show|compute|in total|overall|please|so|and|of) ?,? )*"
    r"(?:the )?(?:total |overall )?(?:how many|number of|count)\b",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    r"\b(?:each|per|by (?:\w+ )?(?:year|month|week|day)|respectively)\b|, and how", re.IGNORECASE
)


def things_counted(question: str, tables: Sequence[Table], dialect: Dialect) -> Callable[[str], str]:
    """What makes a query of such counts one of the number of things."""
    found = _COUNTED.findall(question)
    # Two numbers are asked for, or one for each of something else.
    sole = found[0] if len(found) == 1 and _FIRST.search(question) and not _GROUPS.search(question) else ""
    nouns = words_of(sole)

    def is_asked(key: exp.Expr) -> bool:
        return bool(nouns) and any(_is_of(key.name, nouns, table) for table in tables)

    return lambda sql: groups_counted(sql, dialect, is_asked)


def _is_of(name: str, nouns: list[str], table: Table) -> bool:
    """Whether a column of that name tells apart what the nouns are; `member_id` members, `driver` drivers."""
    column = table.column(name)
    if column is None:
        return False
    if any(words_of(join.other)[-1:] == nouns[:1] for join in table.joins if join.column == column.name):
        return True
    own = words_of(name)
    if own[-1:] == ["id"] and len(own) > 1:
        own = own[:-1]
    return own == nouns[: len(own)]

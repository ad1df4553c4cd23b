"""Every word that is sent to a model.

The order is chosen for the prefix cache: what stays the same over many questions (rules, then tables) comes
first, so a second question about the same tables computes only itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from qwen_magics.chat.messages import Message

__all__ = ["SQL_PREFIX", "SQL_STOP", "fresh_messages", "repair_messages", "sql_messages", "words_messages"]

SQL_PREFIX = "```sql\n"
SQL_STOP = "\n```"

# Two worked examples teach a 0.5B what rules do not: that "the highest average" is a group, not a MAX. Their
# tables are in no schema that is likely to follow, and the grammar keeps their names from being copied.
_SQL_RULES = """\
You answer questions about tables with one {dialect} SQL query.
Use only the tables and columns below. Compare text with the exact values listed.
Return only the columns that the question asks for, without rounding.

Question: which shop had the highest average price?
```sql
SELECT s.name FROM sales JOIN shops AS s ON sales.shop_id = s.id \
GROUP BY s.name ORDER BY AVG(sales.price) DESC LIMIT 1
```
Question: how many sales has each shop?
```sql
SELECT shop_id, COUNT(*) AS sales FROM sales GROUP BY shop_id
```"""

_WORDS_RULES = """\
You are a concise assistant for data analysts. No data is at hand, so state no figures."""


def sql_messages(schema: str, question: str, dialect: str = "DuckDB") -> list[Message]:
    """The first turn: rules, tables, question."""
    rules = _SQL_RULES.replace("{dialect}", dialect)
    return [Message("system", rules), Message("user", f"{schema}\n\nQuestion: {question}")]


def repair_messages(first: Sequence[Message], sql: str, problem: str) -> list[Message]:
    """The next turn after a failure: the failed query and one line about it.

    Only the last failure is kept: several wrong queries in a row teach a small model to write another.
    """
    return [
        *first,
        Message("assistant", f"{SQL_PREFIX}{sql}{SQL_STOP}"),
        Message("user", f"That query is wrong. {problem}\nWrite the corrected query."),
    ]


def fresh_messages(schema: str, question: str, problem: str, dialect: str = "DuckDB") -> list[Message]:
    """The first turn again with a note, for a model that keeps repeating its failed query.

    Without the query in sight there is nothing to repeat; only what was learnt from it is kept.
    """
    return sql_messages(schema, f"{question}\nNote: {problem}", dialect)


def words_messages(question: str) -> list[Message]:
    """A question that names no data."""
    return [Message("system", _WORDS_RULES), Message("user", question)]

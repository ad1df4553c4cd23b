"""What a question needs, in the model's own words: the columns of a query that it writes without the tables.

Shown tables that lack a price, a small model takes the weight for it, and nothing in its query says so. Asked
for the query alone it writes `ORDER BY price`. A name of such a draft that resembles nothing in the data is a
thing to ask about (`doubts.absence`). The idea of a schema that is made up first, to find what a question
needs in a real one, is that of CRUSH4SQL (arXiv:2311.01173).

A draft takes about a second, so it is only written where the query reads a column to which no word of the
question leads. Of 424 questions that were answered rightly 45 did, and of those none was declined; of 31
that the data had no answer to, and that were answered all the same, 11 were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qwen_magics.agent.doubts.nouns import is_noun, is_statistic
from qwen_magics.agent.doubts.strange import AROUND, vocabulary
from qwen_magics.agent.recording import record_completion
from qwen_magics.agent.words.adjectives import measures_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.chat.messages import Message
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.agent.loop import QueryLoop
    from qwen_magics.tools.schema import Column, Table

__all__ = ["DRAFT_RULES", "drafted_columns", "needed", "unled"]

DRAFT_RULES = """\
You write one SQL query for a question. The tables are not known yet: name columns as the question calls \
what it asks for.

Question: which shop had the highest average price?
```sql
SELECT shop FROM sales GROUP BY shop ORDER BY AVG(price) DESC LIMIT 1
```
Question: how heavy were the parcels of 2021 to Rome on average?
```sql
SELECT AVG(weight) FROM parcels WHERE year = 2021 AND city = 'Rome'
```"""
_PREFIX, _STOP = "```sql\n", "\n```"
_TOKENS = 120
_SHORTEST = 3
# Names are English mostly, and a word of another language resembles none of them.
_ENGLISH = re.compile(r"\b(?:the|of|which|what|how|who|where|when|many)\b", re.IGNORECASE)
# Parts of names that say nothing of what stands in a column.
_ANYTHING = frozenset(
    ["code", "date", "day", "id", "key", "label", "month", "name", "no", "number", "time", "title", "year"]
)
# What is measured in them has a name of its own: hours of sunshine.
_UNITS = frozenset(
    words_of("hours days weeks months years minutes seconds inches miles kilometers meters percent")
)


def unled(question: str, sql: str, tables: Sequence[Table], dialect: Dialect) -> list[str]:
    """The columns that a query shows, measures or orders by, and to which no word of the question leads.

    What has to equal a value was chosen by that, and names, keys and dates stand for anything.
    """
    tree = parsed(sql, dialect) if _ENGLISH.search(question) else None
    if tree is None:
        return []
    known = {column.name.casefold(): column for table in tables for column in table.columns}
    said = [word for word in words_of(question.replace("@", "")) if len(word) >= _SHORTEST]
    said += [measure for word in said for measure in measures_of(word)]
    read = {column.name.casefold() for column in _computed(tree)}
    return [known[name].name for name in sorted(read & known.keys()) if not _is_led(known[name], said)]


def _is_led(column: Column, said: Sequence[str]) -> bool:
    words = [word for word in words_of(column.name) if word not in _ANYTHING]
    return not words or any(alike(word, other) for word in words for other in said)


def _computed(tree: exp.Expr) -> Iterator[exp.Column]:
    """The columns but those of joins and those that WHERE compares with a value."""
    from sqlglot import exp

    equal = (exp.EQ, exp.NEQ, exp.In, exp.Like)
    for column in tree.find_all(exp.Column):
        joining = column.find_ancestor(exp.Join, exp.Subquery)
        chosen = isinstance(column.parent, equal) and column.find_ancestor(exp.Where, exp.Case, exp.Select)
        if not isinstance(joining, exp.Join) and not isinstance(chosen, exp.Where):
            yield column


def drafted_columns(question: str, loop: QueryLoop) -> list[str]:
    """The columns of the query that the model would write for tables that it has not seen."""
    asked = question.replace("@", "")
    messages = [Message("system", DRAFT_RULES), Message("user", f"Question: {asked}")]
    with loop.recorder.span("llm", "draft without the tables", attempt=1) as span:
        params = replace(loop.params, max_tokens=_TOKENS, temperature=0.0, repeats=2)
        completion = record_completion(
            span, lambda: loop.model.complete(messages, prefix=_PREFIX, params=params, stop=(_STOP,))
        )
    tree = parsed(completion.text)
    if tree is None:
        return []
    own = {alias.casefold() for alias in _aliases(tree)}
    names = (column.name for column in _computed(tree) if column.name.casefold() not in own)
    return list(dict.fromkeys(names))


def _aliases(tree: exp.Expr) -> Iterator[str]:
    from sqlglot import exp

    return (node.alias for node in tree.find_all(exp.Alias))


def needed(names: Iterable[str], tables: Sequence[Table]) -> list[str]:
    """Those of `names` that no name and no known value resembles, as words: "sunshine".

    >>> needed(["sunshine_hours", "wind_speed"], [weather])
    ['sunshine']
    """
    known = {word for text in vocabulary(tables) for word in words_of(text)}
    found = (_strange(name, known) for name in names)
    return list(dict.fromkeys(filter(None, found)))


def _strange(name: str, known: Iterable[str]) -> str:
    """The words of a name, if the data have none of them and one is a thing; else nothing."""
    words = [word for word in words_of(name) if word not in AROUND | _UNITS and len(word) >= _SHORTEST]
    if any(alike(word, other) for word in words for other in known) or not any(map(_is_thing, words)):
        return ""
    return " ".join(words)


def _is_thing(word: str) -> bool:
    return is_noun(word) and not is_statistic(word)

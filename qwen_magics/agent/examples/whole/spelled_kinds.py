"""Questions over one table that can be told whole, kind by kind: the query is the answer, or nearly so."""

from __future__ import annotations

from collections.abc import Sequence

from qwen_magics.agent.examples.whole.day_spans import day_spans, plain_span
from qwen_magics.agent.examples.whole.days_late import days_late
from qwen_magics.agent.examples.whole.kinds_per_kind import kinds_per_kind
from qwen_magics.agent.examples.whole.month_quarters import month_quarters
from qwen_magics.agent.examples.whole.per_figures import per_figures
from qwen_magics.agent.examples.whole.percent_apart import percent_apart
from qwen_magics.agent.examples.whole.plain_words import asks_once, says_more
from qwen_magics.agent.examples.whole.row_shares import row_shares
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.examples.whole.trimmed import trimmed
from qwen_magics.agent.examples.whole.two_kinds import two_kinds
from qwen_magics.agent.examples.whole.two_moments import two_moments
from qwen_magics.agent.examples.whole.window_kinds import WINDOW_KINDS
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["spelled_out"]

# Only where no word of the question is left over; the others read the conditions themselves.
_PLAIN = (
    *(kinds_per_kind, row_shares, trimmed, two_kinds, day_spans, month_quarters, two_moments),
    *(percent_apart, per_figures),
)
# What nobody reads to the end is of no kind.
_READ = 400


def spelled_out(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The one query that a kind tells; of several tables, over the one that the question names."""
    asked = " ".join(question.split())
    if len(asked) > _READ:
        return None
    if (late := days_late(asked, tables, dialect)) is not None:
        return late
    asked = plain_span(asked)
    words = set(words_of(asked))
    named = [table for table in tables if set(words_of(table.name)) <= words]
    if len(tables) > 1 and len(named) != 1:
        return None
    table = (named or list(tables))[0]
    plain = asks_once(asked) and not says_more(asked, table)
    kinds = (*_PLAIN, *WINDOW_KINDS) if plain else WINDOW_KINDS
    found = [told for kind in kinds if (told := kind(asked, table, dialect)) is not None]
    return found[0] if len(found) == 1 else None

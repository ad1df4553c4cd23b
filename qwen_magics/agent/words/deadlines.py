"""Which dates tell that something was late: when it was due, and when it was done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.tools.schema import Column

__all__ = ["DONE", "DUE_NAMES", "LATE", "due_and_done"]

_WHEN_DUE = r"(?:due|promised|planned|scheduled|agreed|expected|required|deadline|target|set)"
# Said in a question.
LATE = (
    rf"(?:\b(?:too )?late\b(?! (?:in|at|night|evening|morning|afternoon))|\boverdue\b|\bbehind schedule\b"
    r"|\b(?:after|past|later than|beyond) (?:it was |they were |was |were |the |their |its |a )?"
    rf"{_WHEN_DUE}\b"
    r"|\b(?:miss|exceed|overr[au]n)\w* (?:the|their|its) (?:deadline|due date)s?\b)"
)
DONE = (
    r"(?:returned|delivered|shipped|arrived|paid|completed|finished|closed|resolved|received|settled|repaid"
    r"|submitted|handed (?:in|over)|fulfilled|brought back|dispatched)"
)
DUE_NAMES = frozenset(words_of("due deadline promised planned scheduled agreed expected required target"))
_DONE_NAMES = frozenset(
    words_of(
        "returned return delivered delivery shipped arrived arrival paid completed finished done closed"
        " resolved received actual settled repaid submitted fulfilled dispatched"
    )
)


def due_and_done(question: str, dates: Sequence[Column]) -> list[Column]:
    """The two columns, if the question is about what was late and there is one of each; else none."""
    if not re.search(LATE, question, re.IGNORECASE):
        return []
    due = [column for column in dates if DUE_NAMES & set(name_parts(column))]
    others = [column for column in dates if column not in due]
    done = [column for column in others if _DONE_NAMES & set(name_parts(column))]
    # What is not done yet has no such date.
    done = done or [column for column in others if column.nulls]
    return [due[0], done[0]] if len(due) == 1 == len(done) else []

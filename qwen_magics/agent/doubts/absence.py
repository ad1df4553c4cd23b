"""Does the data say anything about a thing? Asked of the model in so many words, answered yes or no.

A 1.5B that writes `AVG(temp_min) AS average_humidity` without hesitation knows better when it is asked. Of 61
things that a table has under another name and 79 that it lacks, the odds of its two answers put 94 % of the
pairs in the right order; below the odds that are required here, `no` says nothing. A 0.5B never reaches them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qwen_magics.agent.recording import record_completion
from qwen_magics.chat.messages import Message
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from qwen_magics.agent.loop import QueryLoop
    from qwen_magics.tools.schema import Table

__all__ = ["is_absent", "is_formula"]

_SYSTEM = "You know data tables. You answer with one word: yes or no."
_GRAMMAR = 'start: "yes" | "no"'
# Log-odds of `no`: what is absent in evals/ has 1.1 to 2.0, what is there under another name less than 0.9
# unless it is a formula of several columns.
_CERTAIN = 1.05
_LEAST = 1e-9


def is_absent(word: str, loop: QueryLoop, tables: Sequence[Table]) -> bool:
    """Whether the model is certain that no column of the tables says anything about `word`."""
    names = (f"Table {t.name} has the columns: {', '.join(c.name for c in t.columns)}." for t in tables)
    asked = "Does the table say" if len(tables) == 1 else "Do the tables say"
    question = "\n".join((*names, f"{asked} anything about: {word}?"))
    messages = [Message("system", _SYSTEM), Message("user", question)]
    with loop.recorder.span("llm", f"anything about {word}?", attempt=1, grammar=_GRAMMAR) as span:
        params = replace(loop.params, max_tokens=2, temperature=0.0)
        completion = record_completion(
            span, lambda: loop.model.complete(messages, grammar=_GRAMMAR, params=params)
        )
    said, allowed = math.exp(completion.mean_logprob), 1 - completion.rejected_mass
    other = max(_LEAST, allowed - said)
    return completion.text.strip() == "no" and math.log(max(_LEAST, said) / other) >= _CERTAIN


def is_formula(sql: str) -> bool:
    """Whether a query computes something from several columns: speed, of distance and time."""
    from sqlglot import exp

    tree = parsed(sql)
    if tree is None:
        return False
    return any(
        len({column.name.casefold() for column in node.find_all(exp.Column)}) > 1
        for node in tree.find_all(exp.Add, exp.Sub, exp.Mul, exp.Div)
    )

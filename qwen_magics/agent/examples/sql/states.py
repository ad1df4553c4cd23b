"""Worked SQL examples of what was so on a day: what had begun and not ended, and what had been for years."""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.on_a_day import ON_A_DAY, STATE
from qwen_magics.agent.words.patterns.phrases import FEW, SO_MANY

__all__ = ["SQL_STATES"]

_NO_OTHER = r"(?!.*\b(?:each|every|per|average|mean|percent\w*|share|days|between)\b)"
_FOR_YEARS = (
    rf"(?:\b{FEW} (?:full )?years (?:or (?:more|longer|over)|and (?:more|longer|over)|already)\b"
    rf"|\b(?:at least|for|no less than|a minimum of) {FEW} (?:full )?years\b)"
)
_BEEN = (
    r"\b(?:been|had|was|were|with us|worked|served|belonged|held|lived|employed|members?|customers?"
    r"|registered|in (?:use|service))\b"
)

SQL_STATES = (
    SqlRecipe(
        rf"^(?=.*{SO_MANY}){_NO_OTHER}(?=.*{ON_A_DAY}).*{STATE}",
        "how many sales were open on 30 June 2023, begun by then and ended later or not at all?",
        "SELECT COUNT(*) FROM sales WHERE sold_at <= '2023-06-30' "
        "AND (paid_at > '2023-06-30' OR paid_at IS NULL)",
        dates=True,
        lasting=True,
    ),
    SqlRecipe(
        rf"^(?=.*{SO_MANY}){_NO_OTHER}(?=.*{ON_A_DAY})(?=.*{_BEEN}).*{_FOR_YEARS}",
        "how many sales had been there for 5 years or more on 30 June 2023?",
        "SELECT COUNT(*) FROM sales WHERE sold_at <= DATE '2023-06-30' - INTERVAL '5' YEAR",
        "SELECT COUNT(*) FROM sales WHERE sold_at <= DATE('2023-06-30', '-5 years')",
        dates=True,
        series=False,
    ),
)

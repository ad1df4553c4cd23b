"""Worked SQL examples of sums that are asked for by what rows come to: the fines of a genre add up to."""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import EXTREME, MEAN, PERCENT

__all__ = ["SQL_SUMS"]

_COME_TO = (
    r"\b(?:what|how much) (?:do|does|did|would)\b[^.;?]*\b(?:add(?: up)?|sum(?: up)?|come|amount"
    r"|total(?: up)?)"
    r"(?: altogether| in total)?(?: to)?\W*$"
)
_EACH = r"\b(?:each|every|per|by) \w+"

SQL_SUMS = (
    SqlRecipe(
        rf"^(?!.*({EXTREME}|{MEAN}|{PERCENT}|\b(running|cumulat\w+|so far)\b"
        rf"|\bthan\b))(?=.*{_EACH}).*{_COME_TO}",
        "what do the price of each shop_id add up to?",
        "SELECT shop_id, SUM(price) AS total FROM sales GROUP BY shop_id",
    ),
)

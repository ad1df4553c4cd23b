"""Worked SQL examples about several rows or tables at once: an earlier and a later row of one thing, and two
numbers of rows divided by each other.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe

__all__ = ["SQL_PATHS"]

_BUT = r"\b(but|while|whilst|although|though|whereas|yet|before|even though|with)\b"
# "The second one paid, the first still open"; of two rows, not of the first name and the last.
_PAIR = (
    r"\b(two|both|pairs? of|a second|another) .*"
    rf"\b(second|later|last|latter) (one |\w+ )?[^.?]*{_BUT}[^.?]*\b(the |an? )?(first|earlier|former)\b"
    rf"|\b(two|both|pairs? of|a second|another) .*\b(first|earlier|former) (one |\w+ )?[^.?]*{_BUT}[^.?]*"
    r"\b(the )?(second|later|latter)\b"
)
_NUMBER = r"(number|count)s?"
# Of two periods, or of the same thing, it is another kind.
_TWO_COUNTS = (
    r"^(?!.*\b(correlat\w*|corr|against)\b)(?!.*\b(19|20)\d\d\b.*\b(19|20)\d\d\b)(?=.*\b(each|every|per"
    r"|by)\b)"
    rf".*\b{_NUMBER} of \w+\b.*\b(divided by|relative to|in relation to|over|per|to) (the |its "
    rf"|their )?{_NUMBER} of"
    r" (?!(distinct|different|days|years|months|weeks)\b)\w+"
)

SQL_PATHS = (
    SqlRecipe(
        _PAIR,
        "how many shop_id have two sales (a, then b by sold_at), the second one paid, the first not?",
        "SELECT COUNT(DISTINCT a.shop_id) FROM sales AS a JOIN sales AS b ON b.shop_id = a.shop_id "
        "AND b.sold_at > a.sold_at WHERE b.paid_at IS NOT NULL AND a.paid_at IS NULL",
        dates=True,
    ),
    SqlRecipe(
        _TWO_COUNTS,
        "for each city, the number of sales divided by the number of shops",
        "SELECT shops.city, 1.0 * COUNT(sales.shop_id) / COUNT(DISTINCT shops.id) AS ratio FROM shops "
        "LEFT JOIN sales ON sales.shop_id = shops.id GROUP BY shops.city",
        several=True,
    ),
)

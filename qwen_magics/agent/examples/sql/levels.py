"""Worked SQL examples of two levels: each order's value is the sum of its lines, and then the median of the
orders is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import MEAN

__all__ = ["SQL_LEVELS"]

_WORTH = r"(values?|totals?|amounts?|worth|size|sums?|revenue|turnover|costs?|price|weight|volume|bill)"
# "The value of an order is the sum of its lines", "an order's lines added up".
_OF_PARTS = (
    r"(\b(sums?|totals?) (\w+ ){0,2}?(of|over|across) (all )?(of )?(its|their|the|an? \w+['’]s) (own )?"
    r"(\w+ )?(lines?|line[- ]items?|items?|positions?|rows?|entries|parts?|components?|products)\b"
    r"|\b(its|their|['’]s) (own )?(\w+ )?(lines|line[- ]items|items|positions|rows|entries) (are )?"
    r"(added|add|adding|summed|sum|put)( up| together)\b"
    r"|\b(add|adding|sum|summing)( up)? (all )?(of )?(its|their|the) (\w+ )?(lines|line[- ]items|items"
    r"|positions|rows|entries)\b"
    r"|\bover (all )?(its|their) (\w+ )?(lines|line[- ]items|items|positions|rows|entries)\b)"
)
_ONE = (
    rf"\b{_WORTH} (of|per|for) (an?|one|each|every|the|all)? ?\w+|\b(an?|each|every|per) \w+['’]s {_WORTH}"
    rf"|\border {_WORTH}"
)
_EACH = r"(\b(for|of|in|at|from|within) (each|every)\b|\b(per|by) (?!how|what|which)\w+|^\W*(each|every)\b)"
_FUNCTIONS = {"MEDIAN": r"\bmedian\b", "AVG": MEAN, "MAX": r"\b(largest|highest|biggest|maximum)\b"}
_WORDS = {"MEDIAN": "median", "AVG": "average", "MAX": "largest"}


def _levels() -> Iterator[SqlRecipe]:
    for function, said in _FUNCTIONS.items():
        asked = rf"^(?!.*\b(which|who|how many)\b)(?=.*{said}[^.;?]*({_ONE}))(?=.*{_OF_PARTS})"
        yield SqlRecipe(
            rf"{asked}.*{_EACH}",
            f"{_WORDS[function]} value of a shop in each city, where its value is the sum of its sales",
            f"SELECT city, {function}(total) AS value FROM (SELECT shops.city, shops.id, SUM(sales.price) "
            "AS total FROM sales JOIN shops ON sales.shop_id = shops.id GROUP BY shops.city, shops.id) AS s "
            "GROUP BY city",
            several=True,
            firm=True,
        )
        yield SqlRecipe(
            asked,
            f"{_WORDS[function]} value of a shop, where its value is the sum of its sales",
            f"SELECT {function}(total) FROM (SELECT shops.id, SUM(sales.price) AS total FROM sales "
            "JOIN shops ON sales.shop_id = shops.id GROUP BY shops.id) AS s",
            several=True,
            firm=True,
        )


SQL_LEVELS = (*_levels(),)

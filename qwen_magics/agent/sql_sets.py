"""Worked SQL examples about groups of rows: those that have all of something, those that are large enough,
the one with the most, and a column for each value.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_SETS"]

_FEW = r"(one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred|\d+)"
_EVERY = (
    r"\b(every (single )?one of|every single|each and every|each of (our|the)"
    rf"|all (of )?(our|the(ir)?) {_FEW}?|all {_FEW}) ?\w+"
)
_BEST = (
    r"(highest|lowest|most|fewest|least|best|worst|top|heaviest|oldest|youngest|longest|shortest|largest"
    r"|biggest|smallest|busiest|commonest)"
)
_MEASURE = (
    r"\b(average|mean|median|total|sum|highest|lowest|longest|shortest|maximum|minimum|largest|smallest)\b"
)
_COLUMN_EACH = (
    r"(\b(a|one|own|separate) columns? (for|per|of) |\bcolumns? (for|per) (each|every)\b"
    r"|\bas (the )?columns\b|\bpivot|\bcross[- ]?tab|\bside by side\b|\bin columns\b)"
)
_COUNTED = r"\b(number|counts?|how many)\b"

# The one with the most, about which something is asked; not the ten best, nor what grew from year to year.
_TAKE = (
    rf"^\W*(find|take|pick|consider|choose|select|identify|look at) (the|our) (?!(top )?{_FEW}\b)"
    r"(?!.*\b(from|between) (19|20)\d\d)"
)

SQL_SETS = (
    SqlRecipe(
        rf"^\W*how many (\w+ ){{1,3}}(have|has|had|are|were|was|is|did)\b(?!.*\beach of\b).*{_EVERY}",
        "how many shops have sold every one of our products?",
        "SELECT COUNT(*) FROM (SELECT sales.shop_id FROM sales JOIN products ON sales.product = "
        "products.name GROUP BY sales.shop_id HAVING COUNT(DISTINCT products.name) = "
        "(SELECT COUNT(*) FROM products)) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^\W*(which|who|what|list|name|find|show)\b.*\b(has|have|had|is|are|was|were|did|been|sells?|sold"
        rf"|that|who)\b.*{_EVERY}",
        "which city has sales in each of our shops?",
        "SELECT sales.city FROM sales JOIN shops ON sales.shop_id = shops.id GROUP BY sales.city "
        "HAVING COUNT(DISTINCT shops.id) = (SELECT COUNT(*) FROM shops)",
        several=True,
    ),
    SqlRecipe(
        rf"^\W*how many (\w+ ){{1,3}}(have|has|had|are|were|was|is|did)\b(?!.*\beach of\b).*{_EVERY}",
        "how many product are there in every single city?",
        "SELECT COUNT(*) FROM (SELECT product FROM sales GROUP BY product "
        "HAVING COUNT(DISTINCT city) = (SELECT COUNT(DISTINCT city) FROM sales)) AS s",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b(which|what|who|where)\b.*\b{_BEST} (average|mean|median|total)\b).*",
        "among the shop_id with at least 5 sales, which has the highest average price?",
        "SELECT shop_id FROM sales GROUP BY shop_id HAVING COUNT(*) >= 5 ORDER BY AVG(price) DESC LIMIT 1",
        counted=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_MEASURE})(?!\W*how many\b).*",
        "average price of each shop_id with at least 5 sales",
        "SELECT shop_id, AVG(price) AS mean FROM sales GROUP BY shop_id HAVING COUNT(*) >= 5",
        counted=True,
    ),
    SqlRecipe(
        rf"{_TAKE}.*\bmost\b.*[.;:?!,] .*\bhow many (different|distinct)\b",
        "find the product with the most sales, unknown ones aside: how many different shop_id does it have?",
        "SELECT COUNT(DISTINCT shop_id) FROM sales WHERE product = (SELECT product FROM sales "
        "WHERE product IS NOT NULL GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
        firm=True,
    ),
    SqlRecipe(
        rf"{_TAKE}.*\b{_BEST}\b.*[.;:?!,] .*\b(that|this|it|its|there|them|they|their|he|she|his|her)\b",
        "take the product with the most sales, unknown ones aside: what is its average price?",
        "SELECT AVG(price) FROM sales WHERE product = (SELECT product FROM sales "
        "WHERE product IS NOT NULL GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
    ),
    SqlRecipe(
        rf"^(?=.*{_COUNTED}).*{_COLUMN_EACH}",
        "one row per shop and one column for each city (Rome, Oslo) with the number of sales",
        "SELECT shops.name, SUM(CASE WHEN sales.city = 'Rome' THEN 1 ELSE 0 END) AS rome, "
        "SUM(CASE WHEN sales.city = 'Oslo' THEN 1 ELSE 0 END) AS oslo FROM sales JOIN shops "
        "ON sales.shop_id = shops.id GROUP BY shops.name",
        several=True,
    ),
    SqlRecipe(
        _COLUMN_EACH,
        "average price of each shop_id, with a column for each city (Rome, Oslo)",
        "SELECT shop_id, AVG(CASE WHEN city = 'Rome' THEN price END), "
        "AVG(CASE WHEN city = 'Oslo' THEN price END) FROM sales GROUP BY shop_id",
    ),
)

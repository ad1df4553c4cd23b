"""Worked SQL examples of rows that are far from the mean of their column, and of its moments.

SQLite has the deviation from `tools.databases.aggregates`, and not as a window function.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.measures import DEVIATIONS
from qwen_magics.agent.words.patterns.words import COUNT, PERCENT

__all__ = ["SQL_DEVIATIONS"]

# Which side of the mean, not of another group.
_UNDER = (
    r"(?:\b(?:below|under|beneath|lower than|less than|smaller than|lower|fewer than)\b|(?:<|(?<=["
    r" (])-)\s*\d|[-−]\d)"
)
_BOTH = (
    r"(?:\b(?:either|from (?:the|its|their)|away from|off the|within|in either|outside|absolute|both"
    r"|on either|distant)\b|±|\bin absolute|\+/-)"
)
_FAR = rf"^(?=.*{DEVIATIONS})(?!.*\b(?:iqr|quartile|inter-?quartile|tukey)\b)"
_LISTED = r"(?=.*\b(?:each|every|all|list|show|compute|calculate|standardi[sz]e|convert|column)\b)"
_SHARE_OF = rf"(?=.*{PERCENT})"
# How far one of them is asks for its z-score.
_NOT_HOW_FAR = r"(?!.*\bhow many (?:standard|std|sigma|sd))"
_LIMIT = {
    "below": "price < (SELECT AVG(price) - 2 * STDDEV_SAMP(price) FROM sales)",
    "away from": "ABS(price - (SELECT AVG(price) FROM sales)) > (SELECT 2 * STDDEV_SAMP(price) FROM sales)",
    "above": "price > (SELECT AVG(price) + 2 * STDDEV_SAMP(price) FROM sales)",
}
_SIDES = {"below": rf"(?=.*{_UNDER})(?!.*{_BOTH} (?:the )?mean)", "away from": rf"(?=.*{_BOTH})", "above": ""}


def _deviating() -> Iterator[SqlRecipe]:
    """Rows more than so many deviations from the mean: on each side, their share, their number,"
    " themselves."""
    for side, limit in _LIMIT.items():
        far = f"more than 2 standard deviations {side} the mean"
        yield SqlRecipe(
            _FAR + _SIDES[side] + _SHARE_OF,
            f"what percentage of the sales have a price {far}?",
            f"SELECT 100.0 * SUM(CASE WHEN {limit} THEN 1 ELSE 0 END) / COUNT(price) FROM sales",
        )
        yield SqlRecipe(
            rf"{_FAR}{_SIDES[side]}(?=.*(?:{COUNT}|\bhow many\b)){_NOT_HOW_FAR}",
            f"how many sales have a price {far}?",
            f"SELECT COUNT(*) FROM sales WHERE {limit}",
        )
    far = "more than 2 standard deviations above the mean"
    yield SqlRecipe(
        rf"{_FAR}(?!.*(?:{_UNDER}|{_BOTH}))(?=.*\b(?:which|what|who|list|find|show|name|outliers?)\b)"
        rf"(?!.*\bz[- ]?score){_NOT_HOW_FAR}",
        f"which product have a price {far}?",
        f"SELECT product, price FROM sales WHERE {_LIMIT['above']}",
    )


SQL_DEVIATIONS = (
    SqlRecipe(
        r"\bkurt(?:osis)?\b|\bleptokurt|\bfourth (?:\w+ )?moment|峰度",
        "kurtosis of the price",
        "SELECT SUM(std_z * std_z * std_z * std_z) * COUNT(std_z) * (COUNT(std_z) + 1) / "
        "((COUNT(std_z) - 1) * (COUNT(std_z) - 2) * "
        "(COUNT(std_z) - 3)) "
        "- 3.0 * (COUNT(std_z) - 1) * (COUNT(std_z) - 1) / ((COUNT(std_z) - 2) * (COUNT(std_z) - "
        "3)) FROM (SELECT (price - "
        "(SELECT AVG(price) FROM sales)) / (SELECT STDDEV_SAMP(price) FROM sales) AS std_z FROM sales) AS s",
        duckdb="SELECT KURTOSIS(price) FROM sales",
    ),
    SqlRecipe(
        r"\bskew(?:ness|ed)?\b|\bthird (?:\w+ )?moment|偏度",
        "skewness of the price",
        "SELECT SUM(std_z * std_z * std_z) * COUNT(std_z) / ((COUNT(std_z) - 1) * (COUNT(std_z) - "
        "2)) FROM (SELECT (price - "
        "(SELECT AVG(price) FROM sales)) / (SELECT STDDEV_SAMP(price) FROM sales) AS std_z FROM sales) AS s",
        duckdb="SELECT SKEWNESS(price) FROM sales",
    ),
    *_deviating(),
    SqlRecipe(
        rf"^(?=.*\b(?:z[- ]?scores?|standardi[sz]\w+|standard scores?)\b){_LISTED}(?=.*\b(?:within"
        rf"|own|its|their)\b)",
        "z-score of each product's price within its own shop_id",
        "SELECT product, (price - mean) / sd AS z FROM sales JOIN (SELECT shop_id, AVG(price) AS mean, "
        "STDDEV_SAMP(price) AS sd FROM sales GROUP BY shop_id) AS groups USING (shop_id)",
        duckdb="SELECT product, (price - AVG(price) OVER (PARTITION BY shop_id)) / STDDEV_SAMP(price) "
        "OVER (PARTITION BY shop_id) AS z FROM sales",
    ),
    SqlRecipe(
        r"\bz[- ]?scores?\b|\bhow many (?:standard deviations|sigmas)\b|\bstandardi[sz]\w+"
        r"|\bstandard scores?\b|标准化",
        "z-score of each product's price",
        "SELECT product, (price - (SELECT AVG(price) FROM sales)) / (SELECT STDDEV_SAMP(price) FROM "
        "sales) AS z "
        "FROM sales",
    ),
)

"""Worked SQL examples of how one column of numbers is distributed: quantiles, deviations, bands, windows.

They say in SQL what `agent.examples.pandas.distributions` says in pandas. SQLite has these functions from
`tools.databases.aggregates`, and not as window functions.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.measures import (
    BANDS,
    EDGES_OF_BANDS,
    EXTREME,
    GROWING,
    ROLLING,
    SUMMARY,
)
from qwen_magics.agent.words.patterns.programs import CROSS, DOWN_ACROSS, SHARES, TWO_WAY
from qwen_magics.agent.words.patterns.words import (
    COUNT,
    EACH,
    MEAN,
    PERCENT,
    SUPERLATIVE,
    TWO_YEARS,
    not_saying,
    saying,
)

__all__ = ["SQL_DISTRIBUTIONS", "SQL_WINDOWS"]

_QUARTILE = r"(?:\b(?:quartiles?|q[13](?! (?:of )?(?:19|20)\d\d))\b|\b(?:25|75)(?:th|%))"
_IQR = (
    r"(?:\binter-?quartile|\biqr\b|\bmiddle (?:half|50)"
    rf"|^(?=.*{_QUARTILE}.*{_QUARTILE}|.*\bquartiles?\b)(?=.*\b(?:minus|differ\w*|subtract\w*|spread"
    rf"|far apart"
    r"|exceed|gap|distance|range|less)\b)(?!.*\bspread, ))"
)
_QUARTILES = (
    r"(?:\bquartiles\b|\bquartile (?:values|cut)|\bquartile\b.*\bquartile\b|\bfirst, second,? and"
    r" third quartile|\bq1\b.{0,20}\b(?:median|q2)\b|\bfour equal\b"
    r"|\bquarters?,? (?:a )?half\b|\b0?\.?25(?:th|%)?(?:,| and)* 0?\.?50?(?:th|%)?(?:,| and)* 0?\.?75|四分位)"
)
_PERCENTILE = r"(?:\b(?:quant|percent|dec)iles?\b|\bp\d\d\b|分位)"
_SEVERAL = (
    r"(?:(?:\d(?:th|st|nd|rd|%)?|\bp\d\d|\bfirst|\bone|\bten|\bfive)(?:,? and |, | ?/ ?| or )(?:the )?"
    r"(?:\d|p\d|median|ninth|ninety|ninety-)|\b(?:percent|quant|dec)iles\b)"
)
_BEYOND = (
    r"\b(?:(?:above|over|below|under|beyond|past|exceed\w*|at least|at most|more|less|worse)(?: than)?"
    r"|(?!rather|other)\w{3,}er than) "
)
_ABOVE_PERCENTILE = rf"{_BEYOND}(?:the |its |their )?(?:\d+(?:\.\d+)?(?:th|st|nd|rd)? ?|\w+ )?{_PERCENTILE}"
_GROUP = (
    rf"(?:{EACH}|\bfor all\b|\b(\w{{3,}}) by \1\b|\b(?:grouped|separately|broken down|split) (?:by"
    rf"|for)\b|\bby \w+\W*$)"
)
_MAD = "SELECT MEDIAN(ABS(price - (SELECT MEDIAN(price) FROM sales))) FROM sales"


def _with_quantiles(pattern: str, question: str, query: str) -> SqlRecipe:
    """An example whose query has `Q(0.9)` for a quantile of the price, which systems spell in two ways."""
    own = re.sub(r"Q\(([\d.]+)\)", r"QUANTILE_CONT(price, \1)", query)
    standard = re.sub(r"Q\(([\d.]+)\)", r"PERCENTILE_CONT(\1) WITHIN GROUP (ORDER BY price)", query)
    return SqlRecipe(pattern, question, standard, sqlite=own, duckdb=own)


SQL_DISTRIBUTIONS = (
    _with_quantiles(
        rf"^(?=.*\b(?:outliers?|fences?|whiskers?|tukey\w*)\b)(?=.*(?:{_QUARTILE}|\binter-?quartile"
        rf"|\biqr\b|\btukey"
        r"|\b1\.5\b))",
        "how many sales have a price that is an outlier by the interquartile range (1.5 times)?",
        "SELECT COUNT(*) FROM sales WHERE price < (SELECT Q(0.25) - 1.5 * (Q(0.75) - Q(0.25)) FROM sales) "
        "OR price > (SELECT Q(0.75) + 1.5 * (Q(0.75) - Q(0.25)) FROM sales)",
    ),
    _with_quantiles(
        rf"^(?=.*{SUMMARY})(?!.*\boutlier)",
        "summary statistics of price per shop_id",
        "SELECT shop_id, COUNT(price) AS n, AVG(price) AS mean, STDDEV_SAMP(price) AS sd, MIN(price) AS low, "
        "Q(0.25) AS q1, Q(0.5) AS q2, Q(0.75) AS q3, MAX(price) AS high FROM sales GROUP BY shop_id",
    ),
    _with_quantiles(
        _IQR,
        "interquartile range of the price",
        "SELECT Q(0.75) - Q(0.25) FROM sales",
    ),
    _with_quantiles(
        _QUARTILES,
        "quartiles of the price",
        "SELECT Q(0.25) AS q1, Q(0.5) AS q2, Q(0.75) AS q3 FROM sales",
    ),
    _with_quantiles(
        r"\b(?:upper|third|top|3rd) quartile\b",
        "upper quartile of the price",
        "SELECT Q(0.75) FROM sales",
    ),
    _with_quantiles(
        r"\b(?:lower|first|bottom|1st) quartile\b",
        "lower quartile of the price",
        "SELECT Q(0.25) FROM sales",
    ),
    _with_quantiles(
        _ABOVE_PERCENTILE,
        "how many sales have a price above the 90th percentile?",
        "SELECT COUNT(*) FROM sales WHERE price > (SELECT Q(0.9) FROM sales)",
    ),
    _with_quantiles(
        rf"^(?=.*{_PERCENTILE})(?=.*{_GROUP})",
        "the 90th percentile of the price in each shop_id",
        "SELECT shop_id, Q(0.9) AS high FROM sales GROUP BY shop_id",
    ),
    _with_quantiles(
        rf"^(?=.*{_PERCENTILE})(?=.*{_SEVERAL})",
        "the 10th, 50th and 90th percentile of the price",
        "SELECT Q(0.1), Q(0.5), Q(0.9) FROM sales",
    ),
    _with_quantiles(
        _PERCENTILE,
        "the 90th percentile of the price",
        "SELECT Q(0.9) FROM sales",
    ),
    SqlRecipe(
        r"\b(?:median absolute dev\w+|median of the absolute dev\w+)\b|\b(?:deviat\w+|distances?)"
        r" from the median\b",
        "median absolute deviation of the price",
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY ABS(price - mid)) FROM sales, "
        "(SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY price) AS mid FROM sales) AS m",
        _MAD,
        _MAD,
    ),
    SqlRecipe(
        rf"^(?=.*(?:{EDGES_OF_BANDS}|{BANDS}.*\d[^\d.]+\d[^\d.]+\d))(?!.*(?:{MEAN}|\.\.\.|…|\b(?:19"
        rf"|20)\d\d-\d))",
        "number of sales in price bands of 0, 10, 100, 1000",
        "SELECT CASE WHEN price < 10 THEN '0-10' WHEN price < 100 THEN '10-100' ELSE '100-1000' END AS band, "
        "COUNT(*) AS sales FROM sales WHERE price BETWEEN 0 AND 1000 GROUP BY band ORDER BY MIN(price)",
    ),
)
"""Of one column."""

_MONTH, _MONTH_LITE = "DATE_TRUNC('month', sold_at)", "STRFTIME('%Y-%m', sold_at)"
_ROLLED = (
    "SELECT {0} AS month, COUNT(*) AS n, AVG(COUNT(*)) OVER (ORDER BY {0} ROWS BETWEEN 3 PRECEDING "
    "AND CURRENT ROW) AS running FROM sales GROUP BY {0}"
)
_CHANGE = (
    "SELECT {0} AS month, 100.0 * (COUNT(*) - LAG(COUNT(*)) OVER (ORDER BY {0})) / LAG(COUNT(*)) "
    "OVER (ORDER BY {0}) AS change FROM sales GROUP BY {0}"
)

SQL_WINDOWS = (
    SqlRecipe(
        rf"^{saying(ROLLING, EXTREME)}(?!.*\b(?:total|sum)s?\b)(?!.*{COUNT})",
        "highest moving average of the price over 3 sold_at",
        "SELECT MAX(running) FROM (SELECT AVG(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING "
        "AND CURRENT ROW) "
        "AS running, COUNT(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)"
        " AS n FROM sales) "
        "AS s WHERE n = 3",
        dates=True,
    ),
    SqlRecipe(
        rf"^(?=.*(?:{ROLLING}))(?=.*(?:{COUNT}|\b\w+ counts?\b))(?=.*(?:{MEAN}|\bsmoothed\b))"
        r"(?=.*\b(?:week|month|quarter|year|decade|season)\w*\b)",
        "number of sales per month and its rolling mean over 4",
        _ROLLED.format(_MONTH),
        _ROLLED.format(_MONTH_LITE),
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        rf"^(?=.*{COUNT}(?! per ?cent| %)){not_saying(TWO_YEARS, SUPERLATIVE)}"
        rf"(?!.*(?:\b(?:running total|how many times|same \w+ of|headcount)\b"
        rf"|{MEAN}))(?=.*(?:{PERCENT}|\bpct\b"
        rf"|\brelative)).*{GROWING}",
        "by what percentage did the number of sales change from each month to the next?",
        _CHANGE.format(_MONTH),
        _CHANGE.format(_MONTH_LITE),
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        rf"^(?=.*{TWO_WAY})(?=.*{SHARES})(?!.*\bno percent)|^(?=.*(?:{CROSS}|{DOWN_ACROSS}))(?=.*{SHARES})"
        rf"(?=.*\b(?:each|every|by row|within|row)\b)(?!.*\bno percent)(?!.*{MEAN})",
        "cross table of shop_id and product, as shares of each shop_id's sales",
        "SELECT shop_id, product, 1.0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY shop_id) AS "
        "share FROM sales "
        "GROUP BY shop_id, product",
    ),
    SqlRecipe(
        rf"^(?=.*{TWO_WAY})(?!.*{MEAN})(?!.*{DOWN_ACROSS})(?!.*\b(?:first|last) (?:words?|tokens?"
        rf"|letters?)\b)",
        "cross table of shop_id and product: the number of sales of each combination",
        "SELECT shop_id, product, COUNT(*) AS sales FROM sales GROUP BY shop_id, product",
    ),
)
"""Over time, and of two columns at once."""

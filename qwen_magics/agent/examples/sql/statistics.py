"""Worked SQL examples of how columns of numbers go together: correlation, covariance, a straight line.

They say in SQL what `examples.pandas.relations` says in pandas, and are found by the same words. SQLite has
these functions from `tools.databases.aggregates`, and not as window functions.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.programs import (
    CORRELATION,
    COVARIANCE,
    EARLIER_SELF,
    FITTED,
    GROUPS,
    MATRIX,
    ONE_REGRESSOR,
    PREDICTED,
    R_SQUARED,
    RANKED,
    SEVERAL,
)
from qwen_magics.agent.words.patterns.words import COUNT, MEAN, not_saying, saying

__all__ = ["SQL_STATISTICS"]

_END = (
    r"(?:most|best|strongest|least|highest|lowest|largest|closest|closely|biggest|greatest|weakest|top"
    r"|tightly)"
)
_STRONGEST = (
    rf"(?:(?<!how )\b{_END}\b(?: \w+){{0,4}}? (?:{CORRELATION})|(?:{CORRELATION}).{{0,60}}\b{_END}\b"
    rf"|\b(?:best|top|strongest) (?:single )?correlate\b)"
)
_COLUMN = (
    r"\b(?:columns?|variables?|fields?|features?|attributes?|measures?|measurements?|factors?|correlates?)\b"
)
# "In which region is it strongest": groups are told apart, not columns.
_WHICH_GROUP = (
    r"(?:\b(?:in|for|at|within|on|of) (?:which|what) \w|\b(?:which|what) \w+(?: \w+)? (?:has|have|had"
    r"|shows?)\b)"
)
_TABLE_ITSELF = r"\b(?:in|of|from|over|into) (?:the|this|that|my|our|all) (?:\w+ )?tables?\b"
_SQUARED = rf"^(?=.*{R_SQUARED})(?:(?=.*{ONE_REGRESSOR})|(?!.*{SEVERAL}))"
_RANKED = rf"^(?=.*{RANKED})(?=.*(?:{CORRELATION}|\bspearman|\brho\b))(?!.*\bkendall)"
_RELATED = (
    r"\bhow (?:strongly|closely|tightly|well) (?:is|are|do|does)\b.*\b(?:related|relate|go together"
    r"|move together"
    r"|associated|linked)\b|\blinear association\b|\b(?:strength of the|how strong is the) (?:linear"
    r" )?relation"
)
_LAGGED = (
    r"(?:\blag(?:s|ged|ging)?\b|\b(?:previous|prior|preceding|last) (?:day|week|month|quarter|year"
    r"|row|period|hour)"
    r"|\b(?:row|day|week|month|quarter|year|hour|period|step)s? (?:earlier|before|ago|back|later)\b)"
)
_SLOPE = r"\b(?:slopes?|gradients?|steep(?:ness)?)\b"
_ON = r"(?: (?:on|against|versus|as a function of|with respect to)\b|\bvs\b)"
_LINE = rf"(?:{FITTED}|{_SLOPE}(?=.*{_ON})|\b(?:regr_\w+|linear trend)\b)"
_PER_GROUP = (
    r"(?:^\W*(?:for|in|within|at) (?:each|every)\b|^\W*(?:per|by) [\w ]{2,30}[,:]"
    r"|\b(?:within|in|separately (?:for|by|in|within)|broken down by|group(?:ed)? by|split by)"
    r" (?:each |every )?\w"
    r"|\b(?:slope|line|fit|gradient|regression)s? (?:per|by|of each|of every|for each|for every) \w+\W*$"
    r"|\b(?:one|a|own) (?:\w+ )?(?:slope|line|fit|regression) (?:per|for each|for every)\b"
    r"|\b(\w{3,}) by \1\b)"
)
_IN_EACH = (
    rf"^(?=.*{_LINE})(?=.*{_PER_GROUP})(?=.*\b(?:each|every|per|separately|by)\b)(?!.*{MEAN})(?!.*{COUNT})"
)
# "The yearly averages", "average temperature of each year".
_YEARLY = (
    r"(?:\b(?:yearly|annual)\b|\b(?:each|every|per|by|of the|hire|for each) (?:\w+ )?years?(?:['’]s)?\b"
    r"|\byear by year\b)"
)
_TREND = (
    rf"^(?=.*(?:{FITTED}|\btrend\b))(?=.*{MEAN})(?=.*{_YEARLY})(?!.*\b(?:experience|age|predict\w*"
    rf"|intercept)\b)"
)
_RATES = (
    r"gallon|litre|liter|capita|person|head|hour|second|minute|unit|hectare|acre|square|inhabitant|game"
    r"|match|thousand|million|k[gm]|mile|\d"
)
_FIT = "REGR_INTERCEPT(price, weight) + REGR_SLOPE(price, weight)"
# "Miles per gallon" and "deaths per 1000" are columns.
_GROUPS = rf"(?:(?!per (?:{_RATES}))(?:{GROUPS}))"
# Of tied values, each has the mean of their places.
_PLACE = "RANK() OVER (ORDER BY {0}) + (COUNT(*) OVER (PARTITION BY {0}) - 1) / 2.0"

SQL_STATISTICS = (
    SqlRecipe(
        _TREND,
        "slope of a straight line through the yearly means of the price, from 2001 to 2010",
        "SELECT REGR_SLOPE(mean, year) FROM (SELECT YEAR(sold_at) AS year, AVG(price) AS mean FROM sales "
        "WHERE YEAR(sold_at) BETWEEN 2001 AND 2010 GROUP BY YEAR(sold_at)) AS yearly",
        "SELECT REGR_SLOPE(mean, year) FROM (SELECT CAST(STRFTIME('%Y', sold_at) AS INTEGER) AS year, "
        "AVG(price) AS mean FROM sales WHERE STRFTIME('%Y', sold_at) BETWEEN '2001' AND '2010' "
        "GROUP BY STRFTIME('%Y', sold_at)) AS yearly",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        _TREND,
        "slope of a straight line through the mean price of each week, from week 1 to week 10",
        "SELECT REGR_SLOPE(mean, week) FROM (SELECT week, AVG(price) AS mean FROM sales "
        "WHERE week BETWEEN 1 AND 10 GROUP BY week) AS means",
        by_date=False,
    ),
    SqlRecipe(
        rf"^{saying(EARLIER_SELF)}(?=.*(?:{CORRELATION}|\blag))",
        "autocorrelation of the price at a lag of 2 rows",
        "SELECT CORR(price, previous) FROM (SELECT price, LAG(price, 2) OVER (ORDER BY sold_at) AS previous "
        "FROM sales) AS s",
    ),
    SqlRecipe(
        rf"^{saying(CORRELATION, _LAGGED)}",
        "correlation of the price with the weight 2 rows earlier",
        "SELECT CORR(price, previous) FROM (SELECT price, LAG(weight, 2) OVER (ORDER BY sold_at) AS previous "
        "FROM sales) AS s",
    ),
    SqlRecipe(
        _RANKED,
        "Spearman correlation of price and weight",
        f"SELECT CORR(rank_x, rank_y) FROM (SELECT {_PLACE.format('price')} AS rank_x, "
        f"{_PLACE.format('weight')} AS rank_y "
        "FROM sales WHERE price IS NOT NULL AND weight IS NOT NULL) AS ranks",
    ),
    SqlRecipe(
        rf"^{saying(_STRONGEST, _WHICH_GROUP)}{not_saying(_COLUMN)}",
        "in which shop_id is the correlation of price and weight highest?",
        "SELECT shop_id, CORR(price, weight) AS r FROM sales GROUP BY shop_id "
        "HAVING CORR(price, weight) IS NOT NULL ORDER BY r DESC LIMIT 1",
    ),
    SqlRecipe(
        rf"^(?=.*{_STRONGEST})(?=.*(?:{_COLUMN}|\b(?:which|what|whose)\b))(?!.*\b(?:between|r[- ]?squared)\b)"
        rf"|^(?=.*\bmost\b.*\bwith\b)(?=.*{_COLUMN})(?=.*{CORRELATION})"
        rf"|^(?=.*\b{_END}\b)(?=.*{_COLUMN})(?=.*{CORRELATION})(?=.*\b(?:which|what|name|tell me) )",
        "which column correlates most strongly with the price, weight or rating?",
        "SELECT name FROM (SELECT 'weight' AS name, CORR(price, weight) AS r FROM sales "
        "UNION ALL SELECT 'rating', CORR(price, rating) FROM sales) AS pairs ORDER BY ABS(r) DESC LIMIT 1",
    ),
    SqlRecipe(
        rf"^(?!.*{_TABLE_ITSELF})(?:(?=.*{CORRELATION})(?=.*{MATRIX})|.*\bintercorrel)|相关矩阵",
        "correlation matrix of price, weight and rating",
        "SELECT CORR(price, weight), CORR(price, rating), CORR(weight, rating) FROM sales",
    ),
    SqlRecipe(
        COVARIANCE,
        "covariance of price and weight",
        "SELECT COVAR_SAMP(price, weight) FROM sales",
    ),
    SqlRecipe(
        _SQUARED,
        "R squared of price and weight",
        "SELECT REGR_R2(price, weight) FROM sales",
    ),
    SqlRecipe(
        # Each group is one point.
        rf"^(?=.*{CORRELATION})(?=.*{MEAN}.*(?:{MEAN}|\band (?:the |its |their"
        rf" )?total\b))(?!.*\bmeans that\b)",
        "over all shop_id, the correlation of their average price and their average weight",
        "SELECT CORR(mean_x, mean_y) FROM (SELECT AVG(price) AS mean_x, AVG(weight) AS mean_y FROM "
        "sales GROUP BY "
        "shop_id) AS means",
    ),
    SqlRecipe(
        rf"^(?=.*(?:{CORRELATION}|\b(?:relate|related|relation\w*)\b.*\br per\b|\blink"
        rf" between\b))(?=.*(?:{_GROUPS}"
        rf"|\b(\w{{3,}}) by \1\b|\bin (?:each|every)\b|\bvary by\b))(?!.*{COUNT})",
        "correlation of price and weight within each shop_id",
        "SELECT shop_id, CORR(price, weight) AS r FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"{CORRELATION}|{_RELATED}",
        "how does the price correlate with the weight?",
        "SELECT CORR(price, weight) FROM sales",
    ),
    SqlRecipe(
        rf"^(?=.*(?:{FITTED}|\blinear\b))(?=.*(?:\bresiduals?\b|\b(?:above|below|off|under|over"
        rf"|(?:far|away|distance|deviat\w+) from)"
        rf" (?:the|its|that)"
        r" (?:\w+ ){0,2}line\b|\bthan (?:the|a|that) (?:\w+ )?(?:line|fit|regression)\b))|\bresiduals?\b",
        "how far is each product's price above the line of a linear fit on weight?",
        "SELECT product, price - (SELECT REGR_INTERCEPT(price, weight) FROM sales) "
        "- (SELECT REGR_SLOPE(price, weight) FROM sales) * weight AS residual FROM sales",
    ),
    SqlRecipe(
        rf"^{saying(FITTED, PREDICTED)}(?!.*(?:{_SLOPE}|\b(?:coefficient|intercept)\b|\bby how much\b"
        rf"|\bhow much do))"
        rf"(?!.*\b(?:each|every|one|per) (?:extra|additional|more)\b)(?!.*\binterpolat)",
        "what price does a linear fit on weight predict for a weight of 10?",
        f"SELECT {_FIT} * 10 FROM sales",
    ),
    SqlRecipe(
        rf"^(?=.*\bintercept\b)(?=.*(?:{FITTED}|\blinear\b|\bfit\b"
        rf"|{_ON}))(?!.*{_SLOPE})(?!.*\b(?:with|including|plus)"
        r" (?:an? |the )?intercept\b)|截距",
        "intercept of a linear fit of price on weight",
        "SELECT REGR_INTERCEPT(price, weight) FROM sales",
    ),
    SqlRecipe(
        _IN_EACH,
        "slope of a linear fit of price on weight, for each shop_id",
        "SELECT shop_id, REGR_SLOPE(price, weight) AS slope FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"^(?=.*{_LINE})(?:(?=.*{ONE_REGRESSOR})|(?!.*{SEVERAL}))(?!.*\binterpolat)",
        "slope of a linear fit of price on weight",
        "SELECT REGR_SLOPE(price, weight) FROM sales",
    ),
)

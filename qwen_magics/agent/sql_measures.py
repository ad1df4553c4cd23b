"""Worked SQL examples about measures of groups, records, deviations and the letters of texts."""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_MEASURES"]

_FEW = r"(two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|hundred|[2-9]|[1-9]\d+)"
_BEST = (
    r"(highest|lowest|most|fewest|best|worst|largest|smallest|longest|shortest|biggest|oldest|youngest|top)"
)
_EACH = r"(each|every|per)"
_COMPARED = r"(above|below|over|under|at least|at most|more than|less than|fewer than|exceed\w*)"
_SHARE = r"(percent(age)?|share|proportion|fraction)s?"
_LETTER = "(letter|character|initial)s?"

SQL_MEASURES = (
    SqlRecipe(
        r"\b(new|all-time) (record|high|low|maximum|minimum)s?\b|\brecords? (was|were|is|are)? ?(set"
        r"|broken)\b"
        r"|\b(higher|lower|larger|more) than (ever|on any day) before\b",
        "on how many sold_at was the price higher than ever before?",
        "SELECT COUNT(*) FROM (SELECT price, MAX(price) OVER (ORDER BY sold_at ROWS BETWEEN UNBOUNDED "
        "PRECEDING "
        "AND 1 PRECEDING) AS highest FROM sales) AS s WHERE price > highest",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"\brank\w*\b.*\b(within|in|of|by|for|inside) (its|their|{_EACH})\b|\b(within|in|of|for) "
        rf"{_EACH}\b.*\brank",
        "rank each product within its shop_id by price",
        "SELECT shop_id, product, RANK() OVER (PARTITION BY shop_id ORDER BY price DESC) AS rank FROM sales",
        firm=True,
    ),
    SqlRecipe(
        r"\b(deviat\w*|differ\w*|far|above|below|more|less)\b.*\b(the )?(mean|average|median) (of|for|in) "
        r"(its|their)\b"
        r"|\b(its|their) (own|(\w+ )?group's|class's) (mean|average)\b",
        "how far is each product's price from the average price of its shop_id?",
        "SELECT product, price - AVG(price) OVER (PARTITION BY shop_id) AS difference FROM sales",
        firm=True,
    ),
    SqlRecipe(
        r"\b(same|previous|prior|last) (\w+ )?(of|in) the (year before|previous year|prior year|last year)\b"
        r"|\byear[- ](on|over)[- ]year\b|\ba year (earlier|before)\b|同比",
        "by how much does the price of each sold_at differ from that of twelve rows before?",
        "SELECT sold_at, price - LAG(price, 12) OVER (ORDER BY sold_at) AS change FROM sales",
        dates=True,
        series=True,
        firm=True,
    ),
    SqlRecipe(
        rf"\b(average|mean|total|sum|median) (\w+ ){{0,3}}of the (top )?{_FEW} (\w+ )?({_BEST}|with the)"
        rf"|\bthe (top )?{_FEW} {_BEST} \w+.*\b(together|on average|in total|altogether)\b",
        "average price of the ten sales with the highest weight",
        "SELECT AVG(price) FROM (SELECT price FROM sales ORDER BY weight DESC LIMIT 10) AS best",
        firm=True,
    ),
    SqlRecipe(
        rf"\b(difference|gap|spread|range|far apart)\b.*\bbetween (the )?(\w+ )?with the {_BEST}\b"
        rf".*\band (the )?(\w+ )?with the {_BEST}\b|\bfar apart are the (average|mean|total)s?\b"
        rf"|\b(difference|gap|spread) between the {_BEST} and (the )?{_BEST} (average|mean|total)\b",
        "how far apart are the highest and the lowest average price of the shop_id?",
        "SELECT MAX(mean) - MIN(mean) FROM (SELECT AVG(price) AS mean FROM sales GROUP BY shop_id) AS s",
        firm=True,
    ),
    SqlRecipe(
        rf"\b(what|which) {_SHARE} of (the |all )?(\w+ ){{1,4}}(have|had|has) (an? )?(average|mean|total"
        rf"|\w+ or more"
        rf"|{_COMPARED} \d+ \w+)\b",
        "what percentage of the shop_id have an average price above 5?",
        "SELECT 100.0 * SUM(CASE WHEN mean > 5 THEN 1 ELSE 0 END) / COUNT(*) FROM (SELECT AVG(price) AS mean "
        "FROM sales GROUP BY shop_id) AS s",
        firm=True,
    ),
    SqlRecipe(
        r"\b(highest|largest|lowest|smallest|biggest|greatest|most|least)\b.*"
        r"\b(standard deviation|variance|variability|scatter)\b|\bvar(y|ies|ied) (the )?(most|least)\b",
        "in which shop_id does the price have the highest standard deviation?",
        "SELECT shop_id FROM sales GROUP BY shop_id ORDER BY STDDEV_SAMP(price) DESC LIMIT 1",
        "SELECT shop_id FROM sales GROUP BY shop_id ORDER BY AVG(price * price) - AVG(price) * AVG(price) "
        "DESC "
        "LIMIT 1",
    ),
    SqlRecipe(
        r"\bgeometric (mean|average)\b|几何平均",
        "geometric mean of the price",
        "SELECT EXP(AVG(LN(price))) FROM sales",
    ),
    SqlRecipe(
        r"\bstandard error\b|标准误",
        "standard error of the mean price",
        "SELECT STDDEV_SAMP(price) / SQRT(COUNT(price)) FROM sales",
        "SELECT SQRT((AVG(price * price) - AVG(price) * AVG(price)) / (COUNT(price) - 1)) FROM sales",
    ),
    SqlRecipe(
        r"\b(mean|average|median) absolute deviation\b",
        "mean absolute deviation of the price",
        "SELECT AVG(ABS(price - mean)) FROM (SELECT price, AVG(price) OVER () AS mean FROM sales) AS s",
    ),
    SqlRecipe(
        rf"\b(first|1st|initial) {_LETTER}\b|\binitials?\b|首字母",
        "how many sales are there of each first letter of product?",
        "SELECT SUBSTR(product, 1, 1) AS first, COUNT(*) AS sales FROM sales GROUP BY SUBSTR(product, 1, 1)",
    ),
    SqlRecipe(
        r"\b(digits?|numerals?)\b|\bcontain\w* (a )?numbers?\b|\ba number in\b",
        "how many sales have a digit in their product?",
        "SELECT COUNT(*) FROM sales WHERE product LIKE '%0%' OR product LIKE '%1%' OR product LIKE '%2%' "
        "OR product LIKE '%3%' OR product LIKE '%4%' OR product LIKE '%5%' OR product LIKE '%6%' "
        "OR product LIKE '%7%' OR product LIKE '%8%' OR product LIKE '%9%'",
        "SELECT COUNT(*) FROM sales WHERE product GLOB '*[0-9]*'",
        duckdb="SELECT COUNT(*) FROM sales WHERE REGEXP_MATCHES(product, '[0-9]')",
    ),
    SqlRecipe(
        rf"\b(\d+|{_FEW}) {_LETTER}\b|\b{_LETTER} long\b|\b(average|mean|total) length\b|\bnumber of "
        rf"{_LETTER}\b|字符",
        "average length of product",
        "SELECT AVG(LENGTH(product)) FROM sales",
    ),
    SqlRecipe(
        r"\b(first|second) half of (the year )?(19|20)\d\d\b|上半年|下半年",
        "total price in the first half of 2021",
        "SELECT SUM(price) FROM sales WHERE YEAR(sold_at) = 2021 AND MONTH(sold_at) <= 6",
        "SELECT SUM(price) FROM sales WHERE STRFTIME('%Y', sold_at) = '2021' AND STRFTIME('%m', sold_at) <= "
        "'06'",
        dates=True,
    ),
)

"""Worked SQL examples about changes and periods: what grew, the first against the last, parts of time;
means of counts, and words within texts.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_CHANGES"]

_FEW = r"(two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d|20)"
_EACH = r"(each|every|per)"
_COMPARED = r"(above|below|over|under|at least|at most|more than|less than|fewer than|exceed\w*|later than)"
_TIME = r"(day|week|month|quarter|year|hour)"
_MORE = (
    r"(higher|lower|more|less|fewer|larger|smaller|greater|bigger|older|younger|dearer|cheaper|longer"
    r"|shorter)"
)

_WHICH_CHANGED = (
    r"^\W*(which|what|who|where)\b.*\b(gain|gr[eo]w|rise|rose|increase|improve|fall|fell|drop|lose|lost|decline"
    r"|change)\w*\b.*\b(from|between) (19|20)\d\d (to|and|until) (19|20)\d\d\b"
)

SQL_CHANGES = (
    SqlRecipe(
        _WHICH_CHANGED,
        "which product gained the most price from week 3 to week 8?",
        "SELECT product FROM sales WHERE week IN (3, 8) GROUP BY product "
        "ORDER BY SUM(CASE WHEN week = 8 THEN price ELSE -price END) DESC LIMIT 1",
        by_date=False,
    ),
    SqlRecipe(
        _WHICH_CHANGED,
        "the total price of which product grew the most from 2021 to 2022?",
        "SELECT product FROM sales WHERE YEAR(sold_at) IN (2021, 2022) GROUP BY product "
        "ORDER BY SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE -price END) DESC LIMIT 1",
        "SELECT product FROM sales WHERE STRFTIME('%Y', sold_at) IN ('2021', '2022') GROUP BY product "
        "ORDER BY SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE -price END) DESC LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b{_EACH}\b)(?=.*\b(last|latest|final|end)\b).*\b(first|earliest|beginning|start)\b",
        "by how much is the last price of each shop_id above its first one?",
        "SELECT shop_id, MAX(CASE WHEN last = 1 THEN price END) - MAX(CASE WHEN first = 1 THEN price END) "
        "AS difference "
        "FROM (SELECT shop_id, price, ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY sold_at) AS first, "
        "ROW_NUMBER() "
        "OVER (PARTITION BY shop_id ORDER BY sold_at DESC) AS last FROM sales) AS s GROUP BY shop_id",
        duckdb="SELECT shop_id, ARG_MAX(price, sold_at) - ARG_MIN(price, sold_at) AS difference FROM sales "
        "GROUP BY shop_id",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"\bhow (many|often)\b.*\b{_MORE}\b.*\bthan (\w+ ){{0,3}}(before|previous|prior|preceding)\b"
        rf"|\bhow (many|often)\b.*\bthan (on |in )?the (previous|prior|preceding)\b",
        "on how many sold_at was the price higher than on the one before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY sold_at) AS previous FROM sales) AS s "
        "WHERE price > previous",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"(percent\w*|%|relative\w*|growth rate).*\b(from (each )?{_TIME} to (the next|{_TIME})|to the next"
        rf"|(against|over|than) the (previous|prior) {_TIME}|each {_TIME})\b",
        "by what percentage did the price change from each week to the next?",
        "SELECT week, 100.0 * (price - LAG(price) OVER (ORDER BY week)) / LAG(price) OVER (ORDER BY week) "
        "AS change "
        "FROM sales",
    ),
    SqlRecipe(
        rf"\b(last|past|latest|final|most recent) (\d+|{_FEW}|thirty|sixty|ninety)"
        r" (days?|weeks?)\b|最近.*[天周]",
        "total price of the last 30 days",
        "SELECT SUM(price) FROM sales WHERE sold_at > (SELECT MAX(sold_at) FROM sales) - INTERVAL '30' DAY",
        "SELECT SUM(price) FROM sales WHERE sold_at > (SELECT DATE(MAX(sold_at), '-30 days') FROM sales)",
        dates=True,
    ),
    SqlRecipe(
        r"\b(which|what) (week ?day|day of the week)\b|星期几",
        "which day of the week has the highest average price?",
        "SELECT DAYNAME(sold_at) AS weekday FROM sales GROUP BY DAYNAME(sold_at) ORDER BY AVG(price) DESC "
        "LIMIT 1",
        "SELECT STRFTIME('%w', sold_at) AS weekday FROM sales GROUP BY weekday ORDER BY AVG(price) DESC "
        "LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\b(each|every|per|by|the) (week ?days?|days? of the week)\b",
        "average price on each day of the week",
        "SELECT DAYNAME(sold_at) AS weekday, AVG(price) FROM sales GROUP BY DAYNAME(sold_at)",
        "SELECT STRFTIME('%w', sold_at) AS weekday, AVG(price) FROM sales GROUP BY weekday",
        dates=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b(on average|average number of|mean number of)\b).*\b(per|a|an|each|every) {_TIME}\b",
        "how many sales were there per month on average?",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY DATE_TRUNC('month', sold_at)) AS "
        "counts",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY STRFTIME('%Y-%m', sold_at)) AS counts",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b(on average|average number of|mean number of)\b).*\b(per|a|an|each|every) {_TIME}\b",
        "how many sales were there per week on average?",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY week) AS counts",
        by_date=False,
    ),
    SqlRecipe(
        r"\bhow many\b.*\b(has|have|had|does|do|did)\b.*\bon average\b|\b(average|mean) number of \w+ (per"
        r"|for each|of each)\b",
        "how many sales has a shop_id on average?",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY shop_id) AS counts",
    ),
    SqlRecipe(
        r"^\W*how many\b.*\b(average|mean|total|median|sum)\b.*\b"
        rf"{_COMPARED} [\d$€£]",
        "how many shop_id have an average price above 5?",
        "SELECT COUNT(*) FROM (SELECT shop_id FROM sales GROUP BY shop_id HAVING AVG(price) > 5) AS s",
        firm=True,
    ),
    SqlRecipe(
        r"\b(also|even|including|included|as well as)\b.*\b(never|none|no|without|not|zero|0)\b",
        "how many sales has each shop, also those without any?",
        "SELECT shops.name, COUNT(sales.shop_id) AS sales FROM shops LEFT JOIN sales ON sales.shop_id = "
        "shops.id "
        "GROUP BY shops.id, shops.name",
        several=True,
    ),
    SqlRecipe(
        rf"\b(one|{_FEW}) words?\b|\bnumber of words\b|\bsingle word\b",
        "how many sales have a product of exactly two words?",
        "SELECT COUNT(*) FROM sales WHERE LENGTH(product) - LENGTH(REPLACE(product, ' ', '')) = 1",
    ),
    SqlRecipe(
        r"\bfirst words?\b",
        "how many sales are there of each first word of product?",
        "SELECT SPLIT_PART(product, ' ', 1) AS word, COUNT(*) AS sales FROM sales GROUP BY word",
        "SELECT SUBSTR(product, 1, INSTR(product || ' ', ' ') - 1) AS word, COUNT(*) AS sales FROM sales "
        "GROUP BY word",
    ),
)

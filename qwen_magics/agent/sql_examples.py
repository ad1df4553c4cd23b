"""How SQL says what questions of a kind ask for: worked examples.

For the kinds that a small model gets wrong although it knows the words: parts of dates, the best row of each
group, a running total, a share of all. The most particular come first.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_EXAMPLES"]

_UNITS = "year|quarter|month|week|day|date|hour"
# "In which month …", "when …": what is asked for is a time.
_WHEN = (
    rf"(?=.*(\b(in|on|at|during|for) (which|what) ({_UNITS}|time)s?\b|\bwhen (was|were|did)\b"
    rf"|^\W*(which|what) (was|were|is) the \w+ ({_UNITS})\b))"
)
_NEWEST = (
    r"(earliest|latest|newest|oldest|(most|least) recent(ly)?"
    r"|(first|last)(?! (name|part|word|letter|quarter|half|year|month|day)))"
)
_RISE = "rise|rose|gr[eo]w|jump(ed)?|increased?|climb(ed)?|soar(ed)?|surged?|gain(ed)?|changed?"
_FALL = "fall|fell|drop(ped)?|decreased?|shr[aiu]nk|declined?|plunged?|s[aiu]nk|slump(ed)?|lose|lost"
_MOST = "highest|largest|biggest|most|best|longest|lowest|smallest|least|fewest|latest|strongest|top"

SQL_EXAMPLES = (
    SqlRecipe(
        r"\b(times as (many|much|high|large)|ratio of|relative to|compared (to|with))\b"
        r".*\b(19|20)\d\d\b.*\b(19|20)\d\d\b",
        "how many times as many sales were there in 2022 as in 2021?",
        "SELECT 1.0 * SUM(CASE WHEN YEAR(sold_at) = 2022 THEN 1 ELSE 0 END) / "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN 1 ELSE 0 END) FROM sales",
        "SELECT 1.0 * SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN 1 ELSE 0 END) / "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN 1 ELSE 0 END) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"\b(percent\w*|%|relative|growth rate)\b.*\b(gr[eo]w\w*|rise|rose|fall|fell|change\w*|increase\w*"
        r"|decrease\w*|drop\w*)\b.*\b(19|20)\d\d\b.*\b(19|20)\d\d\b",
        "by how many percent did the total price grow from 2021 to 2022?",
        "SELECT 100.0 * (SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN price ELSE 0 END) - 1) FROM sales",
        "SELECT 100.0 * (1.0 * SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE 0 END) / "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN price ELSE 0 END) - 1) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"\b(gr[eo]w\w*|rise|rose|fall|fell|change\w*|increase\w*|decrease\w*|drop\w*)\b"
        r".*\b(from|between) (19|20)\d\d (to|and|until) (19|20)\d\d\b",
        "by how much did the total price grow from 2021 to 2022?",
        "SELECT SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE 0 END) - "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN price ELSE 0 END) FROM sales",
        "SELECT SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE 0 END) - "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN price ELSE 0 END) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"\bratio of\b|\btimes as (many|much|high|large|often|likely)\b",
        "how many times as many sales are there in Rome as in Oslo?",
        "SELECT 1.0 * SUM(CASE WHEN city = 'Rome' THEN 1 ELSE 0 END) / "
        "SUM(CASE WHEN city = 'Oslo' THEN 1 ELSE 0 END) FROM sales",
        values=2,
    ),
    SqlRecipe(
        r"\b(how much|by how (much|many)|difference)\b|相差",
        "how much higher is the average price in Rome than in Oslo?",
        "SELECT AVG(CASE WHEN city = 'Rome' THEN price END) - AVG(CASE WHEN city = 'Oslo' THEN price END) "
        "FROM sales",
        values=2,
    ),
    SqlRecipe(
        r"\b(in|at|by|with|from|of|on|to|have|has|had) both\b|都有",
        "which product is there in both Rome and Oslo?",
        "SELECT product FROM sales WHERE city IN ('Rome', 'Oslo') GROUP BY product "
        "HAVING COUNT(DISTINCT city) = 2",
        values=2,
    ),
    SqlRecipe(
        r"\b(compare[ds]?|contrast|versus|vs|differ(s|ence)? between|both)\b|相比|对比|比较",
        "compare Rome and Oslo by their average price",
        "SELECT city, AVG(price) FROM sales WHERE city IN ('Rome', 'Oslo') GROUP BY city",
        values=2,
    ),
    SqlRecipe(
        r"\bcentur(y|ies)\b|\b1[5-9]00s\b|世纪",
        "average price of each century of week",
        "SELECT FLOOR(week / 100) * 100 AS century, AVG(price) FROM sales GROUP BY FLOOR(week / 100) * 100",
    ),
    SqlRecipe(
        r"\b(bands?|buckets?|brackets?|ranges|classes|steps|intervals|groups) of \d|\b(price|age|size|weight)"
        r" (bands?|groups?|classes|brackets?)\b",
        "how many sales are there in each price band of 10?",
        "SELECT FLOOR(price / 10) * 10 AS band, COUNT(*) AS sales FROM sales GROUP BY FLOOR(price / 10) * 10",
    ),
    SqlRecipe(
        r"\bdecades?\b|年代",
        "average price of each decade of sold_at",
        "SELECT FLOOR(YEAR(sold_at) / 10) * 10 AS decade, AVG(price) FROM sales "
        "GROUP BY FLOOR(YEAR(sold_at) / 10) * 10",
        "SELECT STRFTIME('%Y', sold_at) - STRFTIME('%Y', sold_at) % 10 AS decade, AVG(price) FROM sales "
        "GROUP BY STRFTIME('%Y', sold_at) - STRFTIME('%Y', sold_at) % 10",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"\bdecades?\b|年代",
        "number of sales and average price of each decade; week is the year itself, such as 1987",
        "SELECT FLOOR(week / 10) * 10 AS decade, COUNT(*) AS n, AVG(price) AS mean FROM sales "
        "GROUP BY FLOOR(week / 10) * 10",
        # No week / 10 * 10: a division that drops what is behind the point is asked about elsewhere.
        "SELECT week - week % 10 AS decade, COUNT(*) AS n, AVG(price) AS mean FROM sales "
        "GROUP BY week - week % 10",
        by_date=False,
    ),
    SqlRecipe(
        r"\b\d{1,2}(:\d\d)? ?(am|pm|o'clock)\b|\bin the (afternoon|morning|evening)\b"
        r"|\b(noon|midnight|(which|what|each|per|by) hour)\b|[0-9]点",
        "average price at 5 in the afternoon in June",
        "SELECT AVG(price) FROM sales WHERE HOUR(sold_at) = 17 AND MONTH(sold_at) = 6",
        "SELECT AVG(price) FROM sales WHERE STRFTIME('%H', sold_at) = '17' "
        "AND STRFTIME('%m', sold_at) = '06'",
        dates=True,
    ),
    SqlRecipe(
        r"^\W*(out )?of (the|those|all)\b.*\b(that|which|who|where|with)\b.*"
        r"\b(percent(age)?|share|proportion|fraction)\b",
        "of the sales that had a price above 10, what percentage had a weight below 2?",
        "SELECT 100.0 * SUM(CASE WHEN weight < 2 THEN 1 ELSE 0 END) / COUNT(*) FROM sales WHERE price > 10",
    ),
    SqlRecipe(
        rf"^(?!.*\b(how (many|much)|average|mean|total|sum|number of)\b){_WHEN}.*\b({_MOST}|worst)\b",
        "when was the price highest?",
        "SELECT sold_at, price FROM sales ORDER BY price DESC LIMIT 1",
        series=True,
        dates=True,
    ),
    SqlRecipe(
        rf"^(?!.*\b(how (many|much)|average|mean|total|sum|number of|{_MOST}|worst)\b){_WHEN}",
        "when was the price above 10?",
        "SELECT sold_at FROM sales WHERE price > 10",
        series=True,
        dates=True,
    ),
    SqlRecipe(
        r"running|cumulat|accumulat|year[- ]to[- ]date|累计",
        "running total of the number of sales by week",
        "SELECT week, SUM(COUNT(*)) OVER (ORDER BY week) AS running FROM sales GROUP BY week",
    ),
    SqlRecipe(
        r"\b(moving|rolling)\b|滚动|移动平均",
        "moving average of the price over 3 sold_at",
        "SELECT sold_at, AVG(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) "
        "AS moving FROM sales",
    ),
    SqlRecipe(
        r"\brank(ed|ing|s)?\b(?! correlation)|排名",
        "rank each shop_id by its total price",
        "SELECT shop_id, RANK() OVER (ORDER BY SUM(price) DESC) AS place FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"\b(which|what|when)\b.*\b({_FALL})\b.*\b(most|largest|biggest|furthest)\b"
        rf"|\b(largest|biggest|steepest) ({_FALL})\b",
        "on which sold_at did the price fall the most against the one before?",
        "SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change FROM sales "
        "ORDER BY change LIMIT 1",
    ),
    SqlRecipe(
        rf"\b(which|what|when)\b.*\b({_RISE})\b.*\b(most|least|largest|biggest|furthest)\b"
        rf"|\b(largest|biggest|steepest) ({_RISE})\b",
        "on which sold_at did the price rise the most against the one before?",
        "SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change FROM sales "
        "ORDER BY change DESC LIMIT 1",
    ),
    SqlRecipe(
        r"\b(between|from) (one|each|an?|two|consecutive|successive) [\w ]+ (and|to) (its|the|their) next\b"
        r"|\b(longest|shortest|average|largest) (gap|pause|interval|break)\b|\bdays (passed|went by)\b",
        "what was the longest time in days between one sold_at and the next?",
        "SELECT MAX(DATE_DIFF('day', previous, sold_at)) FROM (SELECT sold_at, LAG(sold_at) OVER "
        "(ORDER BY sold_at) AS previous FROM sales) AS s",
        "SELECT MAX(JULIANDAY(sold_at) - JULIANDAY(previous)) FROM (SELECT sold_at, LAG(sold_at) OVER "
        "(ORDER BY sold_at) AS previous FROM sales) AS s",
        dates=True,
    ),
    SqlRecipe(
        r"(change|gr[eo]w|rise|rose|fall|fell|differ).*\b(from each|to the next|before|previous)\b|环比"
        r"|\b(year|month|week|quarter|day)[- ](over|on)[- ](year|month|week|quarter|day)\b"
        r"|\b(compared|relative) (to|with) the (previous|prior|preceding) \w+",
        "by how much did the number of sales change from each week to the next?",
        "SELECT week, COUNT(*) - LAG(COUNT(*)) OVER (ORDER BY week) AS change FROM sales GROUP BY week",
    ),
    SqlRecipe(
        r"(than|above|below|over|under) the (average|mean|\w+ average)\b.*\b(own|their|its|same)\b",
        "how many sales have a price above the average of their own shop_id?",
        "SELECT COUNT(*) FROM (SELECT price, AVG(price) OVER (PARTITION BY shop_id) AS mean FROM sales) AS s "
        "WHERE price > mean",
        firm=True,
    ),
    SqlRecipe(
        r"\b(second|third|2nd|3rd)\b.*\b(each|every|per)\b|\b(each|every|per)\b.*\b(second|third|2nd|3rd)\b",
        "which product has the second highest price in each shop_id?",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn = 2",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) = 2",
        firm=True,
    ),
    SqlRecipe(
        rf"\b{_NEWEST}\b.*\b(each|every|per)\b|\b(each|every|per)\b.*\b{_NEWEST}\b|每.*(最新|最近|最早)",
        "price of the latest sale of each shop_id, by sold_at",
        "SELECT shop_id, price FROM (SELECT shop_id, price, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY sold_at DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        "SELECT shop_id, price, MAX(sold_at) FROM sales GROUP BY shop_id",
        duckdb="SELECT shop_id, price FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY sold_at DESC) = 1",
        dates=True,
    ),
    SqlRecipe(
        rf"\b(which|what|who)\b.*\b({_MOST})\b.*\b(on|of|in|for|per|by)? ?(each|every|per)\b"
        rf"|\b(for|of|in|on) (each|every)\b.*\b(which|what|who)\b.*\b({_MOST})\b|每.*最"
        # The one with the most, not its most.
        rf"|\b(for|of|in|on) (each|every)\b.*\bthe [\w ]+ (that|which|who|with|where)\b.*\b({_MOST})\b"
        rf"|^\W*the [\w ]+ (that|which|who|with|where)\b.*\b({_MOST})\b.*\b(of|in|for|per|by) (each|every)\b"
        rf"|\b(each|every) \w+'s ({_MOST})\b",
        "for each shop_id, which product has the highest price?",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        "SELECT shop_id, product, MAX(price) FROM sales GROUP BY shop_id",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) = 1",
    ),
    SqlRecipe(
        r"\b(average|mean|median|total)\b[\w ]*\b(above|below|over|under|at least|at most|exceed\w*"
        r"|(more|less|higher|lower|greater|smaller) than) [\d$€£]",
        "which shop_id has an average price above 5?",
        "SELECT shop_id, AVG(price) FROM sales GROUP BY shop_id HAVING AVG(price) > 5",
    ),
    SqlRecipe(
        r"\b(mean|average)\b.*\b(above|below|over|under|higher|lower|more|less|greater|smaller)\b.*"
        r"\b(mean|average|overall|all)\b",
        "which shop_id has an average price above the average price of all sales?",
        "SELECT shop_id FROM sales GROUP BY shop_id HAVING AVG(price) > (SELECT AVG(price) FROM sales)",
    ),
    SqlRecipe(
        rf"\b(which|what)\b.*\bthe [\w ]+ (with|that (has|had)|which (has|had)) the (\w+ )?({_MOST})\b"
        rf".*\b({_MOST})\b",
        "which product has the shop_id with the highest total price sold most often?",
        "SELECT product FROM sales WHERE shop_id IN (SELECT shop_id FROM sales GROUP BY shop_id "
        "ORDER BY SUM(price) DESC LIMIT 1) GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1",
        firm=True,
    ),
)

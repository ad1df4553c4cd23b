"""Worked SQL examples of the plainer kinds: what belongs to the one with the most, counts of groups, shares
of a whole, parts of dates, places in an order, texts, what is missing. The most particular come first.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_BASICS"]

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|(mon|tues|wednes|thurs|fri|satur|sun)days?"
)
_PLACE = "(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|10th)"
_MOST = "highest|largest|biggest|most|best|longest|lowest|smallest|least|fewest|latest|strongest|top"

SQL_BASICS = (
    SqlRecipe(
        r"\b(average|mean|median)\b.*\b(of (each|every) \w+('s)?|\w+'s) (total|sum|number|count)\b"
        r"|\b(average|mean|median) (number|total|sum|count) of (\w+ ){1,2}(per|each|every)\b",
        "what is the average of each shop_id's total price?",
        "SELECT AVG(total) FROM (SELECT SUM(price) AS total FROM sales GROUP BY shop_id) AS totals",
        firm=True,
    ),
    SqlRecipe(
        rf"^\W*how (many|much)\b.*\b(on|in|of|for|at|to|from|by) the (\w+ ){{0,2}}\w+( \([^)]*\))? "
        rf"(with|that (has|had)|which (has|had)) the (\w+ )?({_MOST})\b",
        "how many sales has the shop_id with the highest average price?",
        "SELECT COUNT(*) FROM sales WHERE shop_id IN (SELECT shop_id FROM sales GROUP BY shop_id "
        "ORDER BY AVG(price) DESC LIMIT 1)",
    ),
    SqlRecipe(
        r"^\W*how many\b.*\b(more than|fewer than|less than|at least|at most|over|exactly) (\d+|\w+) \w+\W*$",
        "how many shops have more than 100 sales?",
        "SELECT COUNT(*) FROM (SELECT shop_id FROM sales GROUP BY shop_id HAVING COUNT(*) > 100) AS busy",
        several=True,
    ),
    SqlRecipe(
        r"\b(have|has|had|are|is) (never|no|not)\b|\bwithout any\b|\bnot in\b|没有",
        "how many shops have no sales?",
        "SELECT COUNT(*) FROM shops WHERE id NOT IN (SELECT shop_id FROM sales WHERE shop_id IS NOT NULL)",
    ),
    SqlRecipe(
        r"(percent|share|proportion).*\b(of all|of the total|does each|has each)\b|占比"
        r"|\b(account(s|ed)? for|makes? up)\b",
        "what percentage of all sales does each shop_id have?",
        "SELECT shop_id, 100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS percentage FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        r"(percent|share|proportion|fraction).*\b(in|during|of|on) (19|20)\d\d\b",
        "what percentage of the total price in 2021 came from Rome?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE YEAR(sold_at) = 2021",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE STRFTIME('%Y', sold_at) = '2021'",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"(percent|share|proportion|fraction).*\b(in|during|of|on) (19|20)\d\d\b",
        "what percentage of the total price in week 5 came from Rome?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE week = 5",
        by_date=False,
    ),
    SqlRecipe(
        r"percent|share|proportion|百分|比例",
        "what percentage of the sales with a known price is above 10?",
        "SELECT 100.0 * SUM(CASE WHEN price > 10 THEN 1 ELSE 0 END) / COUNT(price) FROM sales",
    ),
    SqlRecipe(
        r"days? (between|from|until|after|late|later|early|earlier|apart)|number of days"
        r"|how (many days|long)\b|相差",
        "average number of days between sold_at and paid_at",
        "SELECT AVG(DATE_DIFF('day', sold_at, paid_at)) FROM sales",
        "SELECT AVG(JULIANDAY(paid_at) - JULIANDAY(sold_at)) FROM sales",
        dates=True,
    ),
    SqlRecipe(
        r"\bbetween\b.*\band\b|\b(on or )?(after|before|since)\b",
        "how many sales were made between March 1 and May 31, 2021, both included?",
        "SELECT COUNT(*) FROM sales WHERE sold_at >= '2021-03-01' AND sold_at < '2021-06-01'",
        dates=True,
    ),
    SqlRecipe(
        r"\b(each|every|per|by|which|what)\b[\w ]*\b(year|month|quarter|weekday|day of the week)\b|每[年月]",
        "how many sales were made in each year?",
        "SELECT YEAR(sold_at) AS year, COUNT(*) AS sales FROM sales GROUP BY YEAR(sold_at)",
        "SELECT STRFTIME('%Y', sold_at) AS year, COUNT(*) AS sales FROM sales GROUP BY year",
        dates=True,
        series=False,
    ),
    SqlRecipe(
        # Of a series not "in which month": there a row is the month.
        r"\b(each|every|per|by)\b[\w ]*\b(year|month|quarter|weekday|day of the week)\b|每[年月]",
        "average price in each year",
        "SELECT YEAR(sold_at) AS year, AVG(price) FROM sales GROUP BY YEAR(sold_at)",
        "SELECT STRFTIME('%Y', sold_at) AS year, AVG(price) FROM sales GROUP BY year",
        dates=True,
        series=True,
    ),
    SqlRecipe(
        r"\bweekends?\b|周末",
        "how many sales were made at weekends?",
        "SELECT COUNT(*) FROM sales WHERE DAYNAME(sold_at) IN ('Saturday', 'Sunday')",
        "SELECT COUNT(*) FROM sales WHERE STRFTIME('%w', sold_at) IN ('0', '6')",
        dates=True,
    ),
    SqlRecipe(
        r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|周[一二三四五六日]|星期",
        "average price of the sales on Mondays",
        "SELECT AVG(price) FROM sales WHERE DAYNAME(sold_at) = 'Monday'",
        "SELECT AVG(price) FROM sales WHERE STRFTIME('%w', sold_at) = '1'",
        dates=True,
    ),
    SqlRecipe(
        r"\b(first|second|third|fourth|last|1st|2nd|3rd|4th) quarter\b|\bq[1-4]\b|季度",
        "total price in the second quarter of 2021",
        "SELECT SUM(price) FROM sales WHERE YEAR(sold_at) = 2021 AND QUARTER(sold_at) = 2",
        "SELECT SUM(price) FROM sales WHERE STRFTIME('%Y', sold_at) = '2021' "
        "AND STRFTIME('%m', sold_at) IN ('04', '05', '06')",
        dates=True,
    ),
    SqlRecipe(
        rf"\b(19|20)\d\d\b|\b({_MONTHS})\b|[0-9]年",
        "total price of the sales in May 2021",
        "SELECT SUM(price) FROM sales WHERE YEAR(sold_at) = 2021 AND MONTH(sold_at) = 5",
        "SELECT SUM(price) FROM sales WHERE STRFTIME('%Y-%m', sold_at) = '2021-05'",
        dates=True,
    ),
    SqlRecipe(
        rf"\b{_PLACE}[- ]({_MOST}|most \w+)\b|\bcomes? (in )?{_PLACE}\b|\brunner-?up\b|第[二三四五]",
        "which product has the third highest price?",
        "SELECT product FROM sales ORDER BY price DESC LIMIT 1 OFFSET 2",
    ),
    SqlRecipe(
        r"\b(longest|shortest)\b.*\b(name|title|word|text)|\b(name|title)\b.*\b(longest|shortest)\b",
        "what is the shortest product?",
        "SELECT product FROM sales ORDER BY LENGTH(product) LIMIT 1",
    ),
    SqlRecipe(
        r"\bdomains?\b",
        "how many sales are there of each mail domain in product?",
        "SELECT SPLIT_PART(product, '@', 2) AS domain, COUNT(*) AS sales FROM sales GROUP BY domain",
        "SELECT SUBSTR(product, INSTR(product, '@') + 1) AS domain, COUNT(*) AS sales FROM sales "
        "GROUP BY domain",
    ),
    SqlRecipe(
        r"\b(hosts?|(before|after) the|(first|last) (part|word|letters?)|initials?|surnames?)\b",
        "how many sales are there of each part of product after the dash?",
        "SELECT SPLIT_PART(product, '-', 2) AS part, COUNT(*) AS sales FROM sales GROUP BY part",
        "SELECT SUBSTR(product, INSTR(product, '-') + 1) AS part, COUNT(*) AS sales FROM sales GROUP BY part",
    ),
    SqlRecipe(
        r"\b(missing|unknown|not (known|recorded|given|available|filled in)|no (known|recorded))\b|缺失|未知",
        "how many sales have no known price?",
        "SELECT COUNT(*) FROM sales WHERE price IS NULL",
    ),
    SqlRecipe(
        r"\b(how many|number of|count of( the)?) (different|distinct|unique|kinds|sorts|types)\b|多少种|几种",
        "how many different product are there in sales?",
        "SELECT COUNT(DISTINCT product) FROM sales",
    ),
    SqlRecipe(
        r"begin|start\w* with|开头",
        "how many sales have a product that begins with ab?",
        "SELECT COUNT(*) FROM sales WHERE LOWER(product) LIKE 'ab%'",
    ),
    SqlRecipe(
        r"\bend(s|ing|ed)? (with|in|on)\b|结尾",
        "how many sales have a product that ends with ab?",
        "SELECT COUNT(*) FROM sales WHERE LOWER(product) LIKE '%ab'",
    ),
    SqlRecipe(
        r"^(?!.*\b(begin|start|end)(s|ing)?\b)(.*\b(words?|called|says? that|including the|mentions?)\b"
        r"|.*(contain|in (their|its|the) (name|title)|first name|written with|包含))",
        "how many sales have a product that contains ab?",
        "SELECT COUNT(*) FROM sales WHERE LOWER(product) LIKE '%ab%'",
    ),
)

"""Worked SQL examples about changes and periods: what grew, the first against the last, parts of time;
means of counts, and words within texts.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    COMPARED,
    DIFFERENCE,
    EXTREME,
    FALLEN,
    FEW,
    MEAN,
    NUMBER_OF,
    ONE_TO_NEXT,
    PERCENT,
    RISEN,
    SO_MANY,
    UNIT,
    WITHOUT_TOO,
    YEAR,
)

__all__ = ["SQL_CHANGES"]

_EACH = r"\b(each|every|per|by(?! how| what| which| the largest)|all|own|its)\b"
_TIME = r"(day|night|week|month|quarter|year|hour|season|election|matchday)"
_MOVED = rf"({RISEN}|{FALLEN}|\bprogress\w*)"
# Two moments, "from 2010 to 2015", "week 6 compared with week 5".
_TWO_TIMES = (
    r"\b\d+\b(?: \w+)?,? (?:to|and|until|till|with|against|as against|compared (?:with|to)|than|over"
    r"|versus|vs)"
    r" (?:the |that of |\w+ )?\d+\b"
)
_TWO_YEARS = (
    rf"\b{YEAR},? (?:to|and|until|till|with|against|as against|compared (?:with|to)) (?:in )?"
    rf"(?:the )?{YEAR}\b"
)
# Which one, not in which year and not by how much.
_WHICH_CHANGED = (
    r"^(?!.*\b(percent\w*|per cent|rate|average|mean|since)\b|.*%)(?!\W*(on|in|at|during|what was|by|did"
    r"|how)\b)(?!.*\bin which\b)"
    rf"(?!\W*(which|what) {UNIT}s?\b)"
    rf"(?=.*{_MOVED})(?=.*(\bmost\b|{EXTREME}))"
)
_LAST = r"\b(last|latest|final|end|newest|most recent|now|current)\b"
_FIRST = r"\b(first|earliest|beginning|start|started|initial|oldest|began|begun)\b"
_WEEKDAY = r"\b(week ?days?|days? of (the )?week)\b"
_WHICH_WEEKDAY = (
    rf"^(?=.*({_WEEKDAY}|\b(mon|tues|wednes|thurs|fri|satur|sun)day\b.*\bor\b))(?!.*\b(each|every|per|all)\b)"
    rf".*({EXTREME}|\bleads?\b)|星期几"
)
_OF_WEEKDAYS = rf"^(?=.*({_WEEKDAY}|\bmondays\b.*\btuesdays\b))"
_PER_TIME = (
    rf"^(?=.*{MEAN})(?!.*{COMPARED} \d)(?!.*\b(moving|rolling|decades?|century|week ?day)\b)(?!.*{EXTREME})"
    r"(?!.*\band (what |is |the |their )*(mean|average)\b)(?!.*\b(from the day|deviations?)\b)"
    rf"(?!.*\b(sun|mon|tues|wednes|thurs|fri|satur)days?\b)"
    rf"(?=.*({NUMBER_OF}|\b\w+s (per|a|an) (?!hour){_TIME}\b))"
    # How long something takes is no number of rows, and "one row per year" says what to show.
    r"(?!.*\b(number of|how many) (\w+ )?(days|weeks|months|hours|minutes) "
    r"(from|between|until|it|to|that|pass\w*|after)\b)"
    rf".*(?<!\brow )(?<!\brows )(?<!\bline )\b((per|a|an|each|every|one) (\w+ |\(\w+\) ){{0,2}}?"
    rf"{_TIME}s?|average {_TIME}|daily|weekly"
    r"|monthly|yearly|hourly)\b"
)

SQL_CHANGES = (
    SqlRecipe(
        rf"{_WHICH_CHANGED}(?=.*\b(total|sum\w*|overall|altogether|combined)\b).*{_TWO_YEARS}",
        "the total price of which product grew the most from 2021 to 2022?",
        "SELECT product FROM sales WHERE YEAR(sold_at) IN (2021, 2022) GROUP BY product "
        "ORDER BY SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE -price END) DESC LIMIT 1",
        "SELECT product FROM sales WHERE STRFTIME('%Y', sold_at) IN ('2021', '2022') GROUP BY product "
        "ORDER BY SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE -price END) DESC LIMIT 1",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        rf"{_WHICH_CHANGED}.*{_TWO_TIMES}",
        "which product gained the most price from week 3 to week 8?",
        "SELECT product FROM sales WHERE week IN (3, 8) GROUP BY product "
        "ORDER BY SUM(CASE WHEN week = 8 THEN price ELSE -price END) DESC LIMIT 1",
        by_date=False,
    ),
    SqlRecipe(
        rf"^(?=.*{_EACH})(?=.*{_LAST})(?=.*{DIFFERENCE})(?!.*\b(so far|running|cumul\w*|january|december"
        rf"|year)\b).*{_FIRST}",
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
        rf"^(?=.*{SO_MANY})(?!.*{PERCENT})(?!.*\b(ever|longest|streak|same month|consecutive|successive"
        r"|maximum|(all|any) (\w+ )?(previous|preceding|prior|earlier|before))\b)(?!.*\b(any \w+ before"
        r"|how many (more|fewer|less)|by how (much|many))\b)(?!\W*(for|in) (each|every)\b)"
        rf"(?=.*({RISEN}|\b(more|\w+er) .*\bthan\b|\babove\b|\bimprov|\bbeat\b|\bsurpass\w*|\bexceed\w*"
        rf"|\bup on\b)).*{ONE_TO_NEXT}",
        "on how many sold_at was the price higher than on the one before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY sold_at) AS previous FROM sales) AS s "
        "WHERE price > previous",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{PERCENT})(?!.*{EXTREME})(?!.*\b{YEAR}\b.*\b{YEAR}\b)(?!.*{SO_MANY})"
        rf"(?=.*(\bchang\w+|\bdiffer\w*|\bdevelop\w*|\bgrowth\b|{RISEN}|{FALLEN})).*{ONE_TO_NEXT}",
        "by what percentage did the price change from each week to the next?",
        "SELECT week, 100.0 * (price - LAG(price) OVER (ORDER BY week)) / LAG(price) OVER (ORDER BY week) "
        "AS change "
        "FROM sales",
    ),
    SqlRecipe(
        rf"\b(last|past|latest|final|most recent|previous|trailing|prior|preceding) (\d+|{FEW}|sixty|ninety)"
        r" (days?|weeks?)\b|\b\d+ days before the (most recent|last|latest)\b|最近.*[天周]",
        "total price of the last 30 days",
        "SELECT SUM(price) FROM sales WHERE sold_at > (SELECT MAX(sold_at) FROM sales) - INTERVAL '30' DAY",
        "SELECT SUM(price) FROM sales WHERE sold_at > (SELECT DATE(MAX(sold_at), '-30 days') FROM sales)",
        dates=True,
    ),
    SqlRecipe(
        _WHICH_WEEKDAY,
        "which day of the week has the highest average price?",
        "SELECT DAYNAME(sold_at) AS weekday FROM sales GROUP BY DAYNAME(sold_at) ORDER BY AVG(price) DESC "
        "LIMIT 1",
        "SELECT STRFTIME('%w', sold_at) AS weekday FROM sales GROUP BY weekday ORDER BY AVG(price) DESC "
        "LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        _OF_WEEKDAYS,
        "average price on each day of the week",
        "SELECT DAYNAME(sold_at) AS weekday, AVG(price) FROM sales GROUP BY DAYNAME(sold_at)",
        "SELECT STRFTIME('%w', sold_at) AS weekday, AVG(price) FROM sales GROUP BY weekday",
        dates=True,
    ),
    SqlRecipe(
        _PER_TIME,
        "how many sales were there per month on average?",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY DATE_TRUNC('month', sold_at)) AS "
        "counts",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY STRFTIME('%Y-%m', sold_at)) AS counts",
        dates=True,
        by_date=True,
        firm=True,
    ),
    SqlRecipe(
        _PER_TIME,
        "how many sales were there per week on average?",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY week) AS counts",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{MEAN})(?!.*{MEAN}[^.;?]*{COMPARED} [\d$€£])(?!.*{COMPARED} [\d$€£][^.;]*{MEAN})"
        rf"(?!.*{WITHOUT_TOO})"
        # The seats of planes by their maker are a column's mean, and a change is none of counts.
        rf"(?!.*{EXTREME})(?!.*\b(by (?!the\b|an?\b|how\b|what\b)\w+|by how many)\b)"
        r"(?!.*\b(correlat\w*|than (the|their|its|an?|twice|what)|exceed|above|decades?"
        r"|ten-year|character|respective|weight\w*)\b)"
        rf"(?!.*\band (what |is |the |their )*(mean|average)\b)(?!.*\bby the sum|\(sum )"
        rf"(?!.*\b(sun|mon|tues|wednes|thurs|fri|satur)days?\b)"
        r".*(\bhow many (?!(days|weeks|months|years|characters|letters|words|kilowatts)\b)\w+ .*"
        r"\b(ha(s|ve|d)|does|do|did|an?|gets?|each|every|per|the average)\b"
        r"|\b(number|count) of (?!(days|weeks|months|years|characters|letters"
        r"|words)\b)\w+( \w+){0,3} (per|an?|((for|of|on|in|that) )(each|every|an?|one)) \w+"
        r"|\b(average|mean) counts?\b(?! of days)|\baverage those counts\b|^\W*count\b.*\bthen\b"
        r"|\bclass size\b)",
        "how many sales has a shop_id on average?",
        "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY shop_id) AS counts",
    ),
    SqlRecipe(
        rf"^(?=.*({SO_MANY}|\bthe count\b))(?!.*\b(percent\w*|share"
        rf"|per cent)\b).*{MEAN}[^.;?]*{COMPARED} (a |\w+ )?[\d$€£]"
        rf"|^(?=.*({SO_MANY}|\bthe count\b))(?!.*\b(percent\w*|share"
        rf"|per cent)\b).*{COMPARED} [\d$€£].*\bon average\b",
        "how many shop_id have an average price above 5?",
        "SELECT COUNT(*) FROM (SELECT shop_id FROM sales GROUP BY shop_id HAVING AVG(price) > 5) AS s",
        firm=True,
    ),
    SqlRecipe(
        # A total may be a column of its own: that takes no groups.
        rf"^(?=.*({SO_MANY}|\bthe count\b))(?!.*\b(percent\w*|share|per cent)\b)"
        rf".*\b(total|sum)\b[^.;?]*{COMPARED} (a |\w+ )?[\d$€£]",
        "how many shop_id have an average price above 5?",
        "SELECT COUNT(*) FROM (SELECT shop_id FROM sales GROUP BY shop_id HAVING AVG(price) > 5) AS s",
    ),
    SqlRecipe(
        rf"^(?!.*{MEAN})(?!.*\bcorrelat)(?!.*{EXTREME})(?!\W*(which|who)\b).*{WITHOUT_TOO}",
        "how many sales has each shop, also those without any?",
        "SELECT shops.name, COUNT(sales.shop_id) AS sales FROM shops LEFT JOIN sales ON sales.shop_id = "
        "shops.id "
        "GROUP BY shops.id, shops.name",
        several=True,
    ),
    SqlRecipe(
        rf"\b(one|\d+|{FEW})[- ]words?\b|\bnumber of words\b|\bsingle word\b",
        "how many sales have a product of exactly two words?",
        "SELECT COUNT(*) FROM sales WHERE LENGTH(product) - LENGTH(REPLACE(product, ' ', '')) + 1 = 2",
    ),
    SqlRecipe(
        r"\b(first|opening|leading|initial|starting) (words?|token)\b|\bfirst of the words\b"
        r"|\bword before the first (space|blank)\b|\b(start|begin)(s|ning)? with (each|every) word\b",
        "how many sales are there of each first word of product?",
        "SELECT SPLIT_PART(product, ' ', 1) AS word, COUNT(*) AS sales FROM sales GROUP BY word",
        "SELECT SUBSTR(product, 1, INSTR(product || ' ', ' ') - 1) AS word, COUNT(*) AS sales FROM sales "
        "GROUP BY word",
    ),
)

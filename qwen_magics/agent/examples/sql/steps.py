"""Worked SQL examples of questions that take two steps: a number of rows for each thing and then something
about these numbers, the ten with the most and then one of them, places within groups, none of its rows.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    EXTREME,
    FALLEN,
    FEW,
    HIGH,
    LOW,
    MEAN,
    NUMBER_OF,
    ONE_TO_NEXT,
    PERCENT,
    RISEN,
    RUN_TO_LIMIT,
    RUNNING,
    UNIT,
    WITHOUT_TOO,
    YEAR,
)

__all__ = ["SQL_STEPS"]

_CORRELATED = r"\b(correlat\w+|pearson('s)?|corr|r for)\b"
# "Books that were never lent count with zero" says how, and counts nothing more.
_A_NUMBER = rf"((?!counts? (with|as|for) )(?!counted as ){NUMBER_OF}|\b\w+ count\b|\brecorded\b)"
_NTH = r"(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|10th)"
_EACH = r"(\b(each|every|per|for all|by (?!how|what|which|the)\w+:)\b|\w['’]s\b)"
# A share as a whole, or of the year, is no place of a row; nor is one of two numbers.
_NTH_ROW = (
    rf"(?<!a )(?<!a-)\b({_NTH}\b(?![- ](of (the )?month|from the first|half|(most|least|best|worst"
    rf"|\w{{2,}}est)\b"
    r"|(quarter|half|week|month|day|hour|year|grade|class|place|ward)s?\b))|number (two|three|four|five"
    r"|\d+)\b)"
)
_NAME_TOO = (
    r"(\bnames?\b(?! (its|the|his|her|which)\b)|\b(along|together) with\b|\bas well\b|\b(give|show"
    r"|with)\b.*\b(too|also)\b)"
)
# "Not a single one of their bills", "none of its trips", "but never one at Wembley".
_HAD = r"\b(but|yet|though|although|while|without|just|and)\b"
_NONE_OF = (
    r"(\b(not|never) (\w+ ){0,3}(a single|even one|a single one|one single|one of (their|its|her|his|them))\b"
    r"|\b(none|not one|not any|no single one) of (their|its|them|whose|which)\b|\bwhich not one\b"
    rf"|{_HAD} (\w+ ){{0,2}}(never (?!mind)|none (of|to|in|from|at|whatsoever)|at no time|zero \w*)"
    rf"|{_HAD} (\w+ )?no \w+( \w+)? (of type|of|in|from|to|with|whatsoever|at all)\b"
    rf"|{_HAD} (did|do|have|has|had)n['’]t \w+ any\b|\bwithout ever\b|\bbut not \w+, ever\b)"
)
# Those with none at all are another kind, and so are two years and two places: "in Rome but not in Oslo".
_SEEN = (
    r"(?!.*\b(includ\w+|also|even those|longest|gap|successive|maximum)\b)"
    r"(?!.*\b(19|20)\d\d\b.*\b(19|20)\d\d\b)"
    r"(?!.*\b(in|to|at|from) (?!least|once)[^.?,]{1,20},? (but|yet|and|without) (\w+ ){0,2}?"
    r"(never|ever|none|not|at no time)\b)"
)
_COUNT_THEM = r"(\bhow many\b|\bnumber of\b|^\W*count\b)"
_PER_CENT = rf"(?=.*{PERCENT})(?=.*{ONE_TO_NEXT})(?!.*\b{YEAR}\b.*\b{YEAR}\b)(?!.*\bhow (many|often)\b)"
_SHARPLY = rf"({EXTREME}|\b(sharply|strongly)\b)"
# "When was the share of cod in all fish …": of what, and in what; not against the time before.
_SHARE_AT = (
    rf"^(?!.*{ONE_TO_NEXT})(?!\W*(on|in|for|during)? ?how many\b)(?!.*\b(each|every|per)\b)"
    r"(?!.*[.;,:?] (what|how (many|much|large|big)) (?!that|was that|percent was)[^?]*\b(percent\w*|share"
    r"|per cent) of\b)"
    rf"(?=.*(\bwhen\b|\b(which|what|the|at which|find the) ({UNIT}|point|date)\b))"
    r"(?=.*\b(percent\w*|share|proportion\w*|fraction|ratio|portion|part|slice|per cent|relative)\b|.*%)"
    r"(?=.*\b(of|in|to)\b)"
)
_NO_COUNT = r"(?!.*\b(how many|number of|counts?|tally|month(s|ly)?)\b)"
_RUNNING_EACH = (
    rf"^(?!.*{RUN_TO_LIMIT}){_NO_COUNT}(?=.*(\b(each|every|per|by|over|across|after|weekly|yearly|daily)\b"
    r"|\b\w+ go by\b"
    rf"|\b{UNIT}[- ](by|after|to)[- ]{UNIT}\b)).*{RUNNING}"
)
_TEN = rf"(the|our) (top )?{FEW} .*\bmost (\w+)"

SQL_STEPS = (
    SqlRecipe(
        rf"^(?=.*{_CORRELATED}).*{_A_NUMBER}.*{_A_NUMBER}",
        "over all cities, the correlation between the number of shops of a city and the number of its sales",
        "SELECT CORR(n_shops, n_sales) FROM (SELECT COUNT(DISTINCT shops.id) AS n_shops, "
        "COUNT(sales.shop_id) AS n_sales FROM cities LEFT JOIN shops ON shops.city = cities.name "
        "LEFT JOIN sales ON sales.shop_id = shops.id GROUP BY cities.name) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_CORRELATED}).*{_A_NUMBER}",
        "over all shops, the correlation between the size of a shop and the number of its sales",
        "SELECT CORR(size, n) FROM (SELECT shops.size, COUNT(sales.shop_id) AS n FROM shops "
        "LEFT JOIN sales ON sales.shop_id = shops.id GROUP BY shops.id, shops.size) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{MEAN})(?!.*(\bcorrelat|\bused in the most\b)).*{WITHOUT_TOO}",
        "how many sales has a shop on average, where one without any counts as 0?",
        "SELECT AVG(n) FROM (SELECT COUNT(sales.shop_id) AS n FROM shops LEFT JOIN sales "
        "ON sales.shop_id = shops.id GROUP BY shops.id) AS s",
        several=True,
    ),
    SqlRecipe(
        rf"^\W*((find|take|pick|consider|choose|select|identify|look at|among|of|out of) )?"
        rf"{_TEN}.*[.;:?!,] .*\b(which|what|who|where)\b.*\b(them|these|those)\b.*{EXTREME}",
        "take the ten product with the most sales: which of them has the highest average price?",
        "SELECT product FROM sales WHERE product IN (SELECT product FROM sales GROUP BY product "
        "ORDER BY COUNT(*) DESC LIMIT 10) GROUP BY product ORDER BY AVG(price) DESC LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*({_EACH}|\b(a|one) \w+ .*\border))(?=.*{_NAME_TOO}).*{_NTH_ROW}",
        "order the sales of each shop by sold_at: which product was the third? give the shop's name too",
        "SELECT name, product FROM (SELECT shops.name, sales.product, ROW_NUMBER() OVER "
        "(PARTITION BY shops.id ORDER BY sales.sold_at) AS rn FROM sales JOIN shops "
        "ON sales.shop_id = shops.id) AS s WHERE rn = 3",
        several=True,
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_EACH}).*{_NTH_ROW}",
        "order the product of each shop_id by sold_at: which was the third?",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY sold_at) AS rn FROM sales) AS ranked WHERE rn = 3",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_SEEN}(?=.*{_COUNT_THEM}).*{_NONE_OF}",
        "how many shops have had sales, but not a single one in Rome?",
        "SELECT COUNT(*) FROM (SELECT shops.id FROM shops JOIN sales ON sales.shop_id = shops.id "
        "GROUP BY shops.id HAVING SUM(CASE WHEN sales.city = 'Rome' THEN 1 ELSE 0 END) = 0) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_SEEN}(?!.*{_COUNT_THEM}).*{_NONE_OF}",
        "which shops have had sales, but not a single one in Oslo?",
        "SELECT shops.name FROM shops JOIN sales ON sales.shop_id = shops.id "
        "GROUP BY shops.id, shops.name HAVING SUM(CASE WHEN sales.city = 'Oslo' THEN 1 ELSE 0 END) = 0",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_PER_CENT}(?=.*{_SHARPLY}).*{FALLEN}",
        "in which week did the price fall the most, in percent of the week before?",
        "SELECT week FROM (SELECT week, 100.0 * (price - LAG(price) OVER (ORDER BY week)) / LAG(price) "
        "OVER (ORDER BY week) AS growth FROM sales) AS s WHERE growth IS NOT NULL ORDER BY growth LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"^{_PER_CENT}(?=.*{_SHARPLY}).*{RISEN}",
        "in which week did the price rise the most, in percent of the week before?",
        "SELECT week FROM (SELECT week, 100.0 * (price - LAG(price) OVER (ORDER BY week)) / LAG(price) "
        "OVER (ORDER BY week) AS growth FROM sales) AS s WHERE growth IS NOT NULL "
        "ORDER BY growth DESC LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"{_SHARE_AT}.*{HIGH}",
        "when was the share of price in weight highest? the week and the share in percent",
        "SELECT week, 100.0 * price / weight AS share FROM sales WHERE weight > 0 "
        "ORDER BY share DESC LIMIT 1",
        named=2,
    ),
    SqlRecipe(
        rf"{_SHARE_AT}.*({LOW}|{HIGH})",
        "when was the share of price in weight lowest? the week and the share in percent",
        "SELECT week, 100.0 * price / weight AS share FROM sales WHERE weight > 0 ORDER BY share LIMIT 1",
        named=2,
    ),
    SqlRecipe(
        _RUNNING_EACH,
        "running total of the price in Rome, up to each week",
        # Of SUM(SUM(price)) OVER a small model leaves out the inner one.
        "SELECT week, SUM(total) OVER (ORDER BY week) AS running FROM (SELECT week, SUM(price) AS total "
        "FROM sales WHERE city = 'Rome' GROUP BY week) AS totals ORDER BY week",
        series=False,
        values=1,
        firm=True,
    ),
    SqlRecipe(
        _RUNNING_EACH,
        "running total of the price, up to each week",
        "SELECT week, SUM(total) OVER (ORDER BY week) AS running FROM (SELECT week, SUM(price) AS total "
        "FROM sales GROUP BY week) AS totals ORDER BY week",
        series=False,
        named=1,
        firm=True,
    ),
)

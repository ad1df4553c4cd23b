"""Worked SQL examples of questions that take two steps: a number of rows for each thing and then something
about these numbers, the ten with the most and then one of them, places within groups, none of its rows.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_STEPS"]

_FEW = r"(two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|[2-9]|[1-9]\d)"
_NUMBER_OF = r"(\bnumber of\b|\bhow many\b|\bcounts? of\b|\bhow often\b)"
_CORRELATED = r"\b(correlat\w+|pearson('s)?)\b"
# Rows that are missing count too: "a reader who never came has zero visits".
_NONE_COUNTS = (
    r"(\b(count\w*|as|is|being)( as)? (0|zero)\b|\b(no|never|without|none)\b[^.?]*\bha(s|ve) (0|zero)\b"
    r"|\bnone (counts|counting|is|being)\b"
    r"|\bincluding (those|the ones|any|\w+ (that|who|which|with))\b[^.?]*\b(no|none|never|without|any)\b)"
)
_NTH = r"(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|10th)"
_EACH = r"\b(each|every|per)\b"
# A share as a whole, or of the year, is no place of a row.
_NTH_ROW = rf"\b{_NTH}\b(?! (quarter|half|week|month|day|hour|year|of (the )?month|grade|class|place)s?\b)"
_IN_ORDER = (
    r"\b(order|sort|line up|put)\b[^.?]*\bby\b|\b(dates?|days?|joined|in time|chronolog\w+|after another)\b"
)
_BEST = r"(most|least|best|worst|\w{2,}est)\b"
_SUPERLATIVE = r"\b(most|least|best|worst|(?!(for|inter|hon|mod|requ|int)est)\w{3,}est)\b"
# "Not a single one of their bills", "none of its trips".
_NONE_OF = (
    r"(\b(not|never) (\w+ ){0,3}(a single|even one|a single one|one single|one of (their|its|her|his|them))\b"
    r"|\b(none|not one|not any|no single one) of (their|its|them|whose|which)\b)"
)
_FALL = r"(fall|fell|drop(ped)?|decreased?|shr[aiu]nk|declined?|plunged?|s[aiu]nk|slump(ed)?|lose|lost)"
_RISE = r"(rise|rose|gr[eo]w|jump(ed)?|increased?|climb(ed)?|soar(ed)?|surged?|gain(ed)?)"
_PERCENT = r"(\bpercent(age)?\b|%|\brelative(ly)?\b|\bin relation to\b)"
# "When was the share of cod in all fish …".
_SHARE_AT = (
    r"^\W*(when|((in|on|at|for|during) )?(which|what) (year|quarter|month|week|day|decade)s?)\b"
    r".*\b(percentage|share|proportion|fraction|ratio) of\b"
    r".*\b(in|of|to|among)\b"
)
_EXTREME = r"(highest|largest|greatest|biggest|peak|maximum|max)"
_LOW = r"(lowest|smallest|least|minimum|min)"
_RUNNING = (
    r"(\brunning (total|sum)|\bcumulat\w+|\baccumulat\w+|\bso far\b"
    r"|\badd(ed|s)? up (to|until|till|since|from)\b"
    r"|\bup to( and including)?( the end of)? (each|every|that)\b)"
)
_NO_LIMIT = r"(?!.*\b(pass|exceed|reach|cross|surpass)(e[sd])?\b)"
_NO_COUNT = r"(?!.*\b(how many|number of|counts?|month(s|ly)?)\b)"

SQL_STEPS = (
    SqlRecipe(
        rf"^(?=.*{_CORRELATED}).*{_NUMBER_OF}.*{_NUMBER_OF}",
        "over all cities, the correlation between the number of shops of a city and the number of its sales",
        "SELECT CORR(n_shops, n_sales) FROM (SELECT COUNT(DISTINCT shops.id) AS n_shops, "
        "COUNT(sales.shop_id) AS n_sales FROM cities LEFT JOIN shops ON shops.city = cities.name "
        "LEFT JOIN sales ON sales.shop_id = shops.id GROUP BY cities.name) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_CORRELATED}).*{_NUMBER_OF}",
        "over all shops, the correlation between the size of a shop and the number of its sales",
        "SELECT CORR(size, n) FROM (SELECT shops.size, COUNT(sales.shop_id) AS n FROM shops "
        "LEFT JOIN sales ON sales.shop_id = shops.id GROUP BY shops.id, shops.size) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b(average|mean|on average)\b)(?=.*{_NUMBER_OF}).*{_NONE_COUNTS}",
        "how many sales has a shop on average, where one without any counts as 0?",
        "SELECT AVG(n) FROM (SELECT COUNT(sales.shop_id) AS n FROM shops LEFT JOIN sales "
        "ON sales.shop_id = shops.id GROUP BY shops.id) AS s",
        several=True,
    ),
    SqlRecipe(
        rf"^\W*((find|take|pick|consider|choose|select|identify|look at|among|of|out of) )?(the|our) "
        rf"(top )?{_FEW} "
        rf".*\bmost (\w+).*[.;:?!,] .*\b(which|what|who|where)\b.*\b(them|these|those)\b.*{_SUPERLATIVE}",
        "take the ten product with the most sales: which of them has the highest average price?",
        "SELECT product FROM sales WHERE product IN (SELECT product FROM sales GROUP BY product "
        "ORDER BY COUNT(*) DESC LIMIT 10) GROUP BY product ORDER BY AVG(price) DESC LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_EACH})(?=.*({_IN_ORDER})).*{_NTH_ROW}(?![ -]{_BEST})",
        "order the product of each shop_id by sold_at: which was the third?",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY sold_at) AS rn FROM sales) AS ranked WHERE rn = 3",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_EACH}).*{_NTH_ROW}(?![ -]{_BEST})",
        "order the sales of each shop by sold_at: which product was the third? give the shop's name too",
        "SELECT name, product FROM (SELECT shops.name, sales.product, ROW_NUMBER() OVER "
        "(PARTITION BY shops.id ORDER BY sales.sold_at) AS rn FROM sales JOIN shops "
        "ON sales.shop_id = shops.id) AS s WHERE rn = 3",
        several=True,
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^\W*how many\b.*{_NONE_OF}",
        "how many shops have had sales, but not a single one in Rome?",
        "SELECT COUNT(*) FROM (SELECT shops.id FROM shops JOIN sales ON sales.shop_id = shops.id "
        "GROUP BY shops.id HAVING SUM(CASE WHEN sales.city = 'Rome' THEN 1 ELSE 0 END) = 0) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^\W*(?!how many\b).*{_NONE_OF}",
        "which shops have had sales, but not a single one in Oslo?",
        "SELECT shops.name FROM shops JOIN sales ON sales.shop_id = shops.id "
        "GROUP BY shops.id, shops.name HAVING SUM(CASE WHEN sales.city = 'Oslo' THEN 1 ELSE 0 END) = 0",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_PERCENT})(?=.*\b(before|previous|preceding|prior|earlier|next)\b).*({_FALL}\b.*{_SUPERLATIVE}"
        rf"|{_SUPERLATIVE} (relative )?{_FALL}\b)",
        "in which week did the price fall the most, in percent of the week before?",
        "SELECT week FROM (SELECT week, 100.0 * (price - LAG(price) OVER (ORDER BY week)) / LAG(price) "
        "OVER (ORDER BY week) AS growth FROM sales) AS s WHERE growth IS NOT NULL ORDER BY growth LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_PERCENT})(?=.*\b(before|previous|preceding|prior|earlier|next)\b).*({_RISE}\b.*{_SUPERLATIVE}"
        rf"|{_SUPERLATIVE} (relative )?{_RISE}\b)",
        "in which week did the price rise the most, in percent of the week before?",
        "SELECT week FROM (SELECT week, 100.0 * (price - LAG(price) OVER (ORDER BY week)) / LAG(price) "
        "OVER (ORDER BY week) AS growth FROM sales) AS s WHERE growth IS NOT NULL "
        "ORDER BY growth DESC LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"{_SHARE_AT}.*\b{_EXTREME}\b",
        "when was the share of price in weight highest? the week and the share in percent",
        "SELECT week, 100.0 * price / weight AS share FROM sales WHERE weight > 0 "
        "ORDER BY share DESC LIMIT 1",
        named=2,
    ),
    SqlRecipe(
        rf"{_SHARE_AT}.*\b{_LOW}\b",
        "when was the share of price in weight lowest? the week and the share in percent",
        "SELECT week, 100.0 * price / weight AS share FROM sales WHERE weight > 0 ORDER BY share LIMIT 1",
        named=2,
    ),
    SqlRecipe(
        rf"^{_NO_LIMIT}{_NO_COUNT}(?=.*{_EACH}).*{_RUNNING}",
        "running total of the price in Rome, up to each week",
        # Of SUM(SUM(price)) OVER a small model leaves out the inner one.
        "SELECT week, SUM(total) OVER (ORDER BY week) AS running FROM (SELECT week, SUM(price) AS total "
        "FROM sales WHERE city = 'Rome' GROUP BY week) AS totals ORDER BY week",
        series=False,
        values=1,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NO_LIMIT}{_NO_COUNT}(?=.*{_EACH}).*{_RUNNING}",
        "running total of the price, up to each week",
        "SELECT week, SUM(total) OVER (ORDER BY week) AS running FROM (SELECT week, SUM(price) AS total "
        "FROM sales GROUP BY week) AS totals ORDER BY week",
        series=False,
        named=1,
        firm=True,
    ),
)

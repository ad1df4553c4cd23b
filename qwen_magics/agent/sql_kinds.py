"""Worked SQL examples of kinds that handbooks list and small models miss: the best few of each group, members
of sets, streaks, thresholds, shares within groups, places in a ranking, what has no partner.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_KINDS"]

_FEW = r"(two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d|20)"
_BEST = (
    r"(highest|lowest|most|fewest|least|best|worst|top|heaviest|lightest|oldest|youngest|longest|shortest"
    r"|tallest"
    r"|dearest|cheapest|biggest|largest|smallest|richest|poorest|fastest|slowest|busiest|warmest|coldest"
    r"|newest"
    r"|commonest|greatest|strongest|weakest)"
)
_EACH = r"(each|every|per)"
_SHARE = r"(percent(age)?|share|proportion|fraction)s?"
_COMPARED = r"(above|below|over|under|at least|at most|more than|less than|fewer than|exceed\w*|later than)"
_TIME = r"(day|week|month|quarter|year|hour)"
_MORE = (
    r"(higher|lower|more|less|fewer|larger|smaller|greater|bigger|older|younger|dearer|cheaper|longer"
    r"|shorter)"
)

_RUN = (
    r"\b(longest|shortest) (\w+ )?(run|streak|stretch|spell|sequence|series|period)\b|连续"
    r"|\b(in a row|consecutive(ly)?|uninterrupted|on end|at a stretch)\b"
)

SQL_KINDS = (
    SqlRecipe(
        rf"^(?=.*\b(without|no|zero|none)\b).*({_RUN})",
        "how many sold_at did the longest run without any price last?",
        "SELECT COUNT(*) AS n FROM (SELECT price, SUM(CASE WHEN price = 0 THEN 0 ELSE 1 END) "
        "OVER (ORDER BY sold_at) AS run FROM sales) AS s WHERE price = 0 GROUP BY run "
        "ORDER BY n DESC LIMIT 1",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        _RUN,
        "how many sold_at did the longest run with a price above 10 last?",
        "SELECT COUNT(*) AS n FROM (SELECT price, SUM(CASE WHEN price > 10 THEN 0 ELSE 1 END) "
        "OVER (ORDER BY sold_at) AS run FROM sales) AS s WHERE price > 10 GROUP BY run "
        "ORDER BY n DESC LIMIT 1",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        r"\b(running|cumulative|accumulated|added up|summed up|altogether|total)\b.*\b(first |finally )?"
        r"(pass(ed)?|exceed(ed)?|reach(ed)?|cross(ed)?|surpass(ed)?)\b",
        "on which sold_at did the running total of the price pass 10?",
        "SELECT sold_at FROM (SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales) AS s "
        "WHERE running > 10 ORDER BY sold_at LIMIT 1",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        r"\bhow many\b(?=.*(\b(half|third|quarter)\b|\d ?(%|percent))).*\b(make up|account for|hold|cover"
        r"|together"
        r"|does it take|are needed)\b",
        "how many product, highest price first, make up half of the total price?",
        "SELECT COUNT(*) + 1 FROM (SELECT SUM(price) OVER (ORDER BY price DESC) AS running, SUM(price) OVER "
        "() "
        "AS total FROM sales) AS s WHERE running < 0.5 * total",
        firm=True,
    ),
    SqlRecipe(
        rf"\b{_SHARE}\b.*\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b"
        rf"|\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b.*(\b{_SHARE}\b|%)"
        rf"|\bhow much of (all|the)\b.*\b{_FEW} (\w+ )?({_BEST}|with the)\b",
        "what percentage of all sales do the three shop_id with the most sales have?",
        "SELECT 100.0 * SUM(n) / (SELECT COUNT(*) FROM sales) FROM (SELECT COUNT(*) AS n FROM sales "
        "GROUP BY shop_id ORDER BY n DESC LIMIT 3) AS best",
        firm=True,
    ),
    SqlRecipe(
        rf"\b(most (common|frequent|usual|popular|often)|commonest|mode)\b.*\b{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(most (common|frequent|usual|popular|often)|commonest|mode)\b|每.*最常",
        "the most common product of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY COUNT(*) DESC) AS rn FROM sales GROUP BY shop_id, product) AS ranked WHERE rn = 1",
        firm=True,
    ),
    SqlRecipe(
        # Not "the ten states with the most, and the number each of them has".
        rf"\b(top )?{_FEW} (\w+ )?({_BEST}|with the)\b.*\b((of|in|for|from|within|at|on|by) {_EACH}|per)\b"
        rf"|\b{_EACH}\b.*\b(top {_FEW}|{_FEW} {_BEST})\b|每.*前[二三四五十]",
        "the three product with the highest price of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn <= 3",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) <= 3",
        firm=True,
    ),
    SqlRecipe(
        # "The heaviest car", not "the highest weight": the one, not its most.
        rf"^\W*(list |show |name |give )?(of|in|for|from|per) {_EACH} [\w ]+, the (?!highest|lowest"
        rf"|most){_BEST}\b",
        "of each shop_id, the product with the highest price",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) = 1",
        firm=True,
    ),
    SqlRecipe(
        rf"\bin how many {_TIME}s\b.*\b{_BEST}\b"
        rf"|\bhow (many times|often) (was|were|is|did)\b.*\bthe {_BEST}\b",
        "in how many week did Rome have the highest price of all?",
        "SELECT COUNT(*) FROM (SELECT city, ROW_NUMBER() OVER (PARTITION BY week ORDER BY price DESC) AS rn "
        "FROM sales) AS ranked WHERE rn = 1 AND city = 'Rome'",
        firm=True,
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its price in week 5?",
        "SELECT COUNT(*) + 1 FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its total price?",
        "SELECT rank FROM (SELECT city, RANK() OVER (ORDER BY SUM(price) DESC) AS rank FROM sales GROUP BY "
        "city) "
        "AS ranked WHERE city = 'Rome'",
        firm=True,
    ),
    SqlRecipe(
        rf"\bhow many\b.*\b{_MORE}\b.*\bthan (in |on |at |that of )?(?-i:[A-Z])",
        "how many sales have a higher price than Rome in week 5?",
        "SELECT COUNT(*) FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
    ),
    SqlRecipe(
        r"\b(but|and) (not|never|no|none)\b|\bbut (without|lacks?)\b",
        "which shop_id has sales in Rome but not in Oslo?",
        "SELECT DISTINCT shop_id FROM sales WHERE city = 'Rome' "
        "AND shop_id NOT IN (SELECT shop_id FROM sales WHERE city = 'Oslo')",
        values=2,
    ),
    SqlRecipe(
        r"^(?!.*\b(average|mean|median)\b).*"
        r"(\b(in|on|at|of|by|for|with|to) (all|every|each of)( of)?( the)?( \w+)?\W*$|\bevery (one|single)\b"
        r"|所有)",
        "which product is there in all city?",
        "SELECT product FROM sales GROUP BY product "
        "HAVING COUNT(DISTINCT city) = (SELECT COUNT(DISTINCT city) FROM sales)",
    ),
    SqlRecipe(
        r"\b(in|on|at|by|from|to|of|with) (only |just |exactly )?(one|a single|1) \w+\W*$|\b(only|just) (in"
        r"|on|at) one\b",
        "which product is there in a single city?",
        "SELECT product FROM sales GROUP BY product HAVING COUNT(DISTINCT city) = 1",
    ),
    SqlRecipe(
        r"\b(always|never)\b.*\d",
        "which shop_id always had a price above 5?",
        "SELECT shop_id FROM sales GROUP BY shop_id HAVING MIN(price) > 5",
        firm=True,
    ),
    SqlRecipe(
        r"\b(spread|range|gap|difference|distance|span)\b.*\b\w+est and (the )?\w+est\b|\bvar(y|ies) (the "
        r")?most\b"
        r"|\b(most|largest|greatest|widest) (spread|range|span|variation)\b",
        "in which shop_id is the difference between the highest and the lowest price largest?",
        "SELECT shop_id FROM sales GROUP BY shop_id ORDER BY MAX(price) - MIN(price) DESC LIMIT 1",
    ),
    SqlRecipe(
        # Not "each country weighted by": there it is no group.
        rf"^(?=.*\b((of|for|in|on|at|within) {_EACH}|per) \w+(?! (is|are|was|were|being) (\w+ )?weigh))"
        r".*(\bweighted\b|\bweighed by\b|加权)",
        "average price of each shop_id, weighted by weight",
        "SELECT shop_id, 1.0 * SUM(price * weight) / SUM(weight) AS mean FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        r"\bweighted\b|\bweighed by\b|加权",
        "average price weighted by weight",
        "SELECT 1.0 * SUM(price * weight) / SUM(weight) FROM sales",
    ),
    SqlRecipe(
        r"\bcoefficients? of variation\b|\brelative (standard )?deviation\b|变异系数",
        "coefficient of variation of the price of each shop_id",
        "SELECT shop_id, STDDEV_SAMP(price) / AVG(price) AS variation FROM sales GROUP BY shop_id",
        "SELECT shop_id, SQRT((AVG(price * price) - AVG(price) * AVG(price)) * COUNT(*) / (COUNT(*) - 1)) / "
        "AVG(price) "
        "AS variation FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"\b{_SHARE}\b.*\b(of (its|their)|within (its|their|each)|(its|their) own)\b",
        "what share of its shop_id's total price has each product?",
        "SELECT product, 1.0 * price / SUM(price) OVER (PARTITION BY shop_id) AS share FROM sales",
    ),
    SqlRecipe(
        rf"^(?=.*\b{_EACH}\b)(?=.*(\b{_SHARE}\b|%)).*\b{_COMPARED} [\d$€£]",
        "for each shop_id, what percentage of the sales has a price above 10?",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN price > 10 THEN 1 ELSE 0 END) / COUNT(*) AS percentage FROM "
        "sales "
        "GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"^(?=.*\b(which|what)\b)(?=.*\b{_BEST}\b).*\b{_SHARE} of\b",
        "which shop_id has the highest percentage of sales with a price above 10?",
        "SELECT shop_id FROM sales GROUP BY shop_id "
        "ORDER BY AVG(CASE WHEN price > 10 THEN 1.0 ELSE 0 END) DESC LIMIT 1",
    ),
)

"""Worked SQL examples about changes and periods: what grew, the first against the last, parts of time;
means of counts, and words within texts.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_CHANGES"]

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
    ),
    SqlRecipe(
        _RUN,
        "how many sold_at did the longest run with a price above 10 last?",
        "SELECT COUNT(*) AS n FROM (SELECT price, SUM(CASE WHEN price > 10 THEN 0 ELSE 1 END) "
        "OVER (ORDER BY sold_at) AS run FROM sales) AS s WHERE price > 10 GROUP BY run "
        "ORDER BY n DESC LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\b(running|cumulative|accumulated|added up|summed up|altogether|total)\b.*\b(first |finally )?"
        r"(pass(ed)?|exceed(ed)?|reach(ed)?|cross(ed)?|surpass(ed)?)\b",
        "on which sold_at did the running total of the price pass 10?",
        "SELECT sold_at FROM (SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales) AS s "
        "WHERE running > 10 ORDER BY sold_at LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\bhow many\b(?=.*(\b(half|third|quarter)\b|\d ?(%|percent))).*\b(make up|account for|hold|cover"
        r"|together"
        r"|does it take|are needed)\b",
        "how many product, highest price first, make up half of the total price?",
        "SELECT COUNT(*) + 1 FROM (SELECT SUM(price) OVER (ORDER BY price DESC) AS running, SUM(price) OVER "
        "() "
        "AS total FROM sales) AS s WHERE running < 0.5 * total",
    ),
    SqlRecipe(
        rf"\b{_SHARE}\b.*\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b"
        rf"|\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b.*(\b{_SHARE}\b|%)"
        rf"|\bhow much of (all|the)\b.*\b{_FEW} (\w+ )?({_BEST}|with the)\b",
        "what percentage of all sales do the three shop_id with the most sales have?",
        "SELECT 100.0 * SUM(n) / (SELECT COUNT(*) FROM sales) FROM (SELECT COUNT(*) AS n FROM sales "
        "GROUP BY shop_id ORDER BY n DESC LIMIT 3) AS best",
    ),
    SqlRecipe(
        rf"\b(most (common|frequent|usual|popular|often)|commonest|mode)\b.*\b{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(most (common|frequent|usual|popular|often)|commonest|mode)\b|每.*最常",
        "the most common product of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY COUNT(*) DESC) AS rn FROM sales GROUP BY shop_id, product) AS ranked WHERE rn = 1",
    ),
    SqlRecipe(
        rf"\b(top )?{_FEW} (\w+ )?({_BEST}|with the)\b.*\b(of|in|for|from|within|at|on|by)? ?{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(top {_FEW}|{_FEW} {_BEST})\b|每.*前[二三四五十]",
        "the three product with the highest price of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn <= 3",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) <= 3",
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
    ),
    SqlRecipe(
        rf"\bin how many {_TIME}s\b.*\b{_BEST}\b"
        rf"|\bhow (many times|often) (was|were|is|did)\b.*\bthe {_BEST}\b",
        "in how many week did Rome have the highest price of all?",
        "SELECT COUNT(*) FROM (SELECT city, ROW_NUMBER() OVER (PARTITION BY week ORDER BY price DESC) AS rn "
        "FROM sales) AS ranked WHERE rn = 1 AND city = 'Rome'",
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its price in week 5?",
        "SELECT COUNT(*) + 1 FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its total price?",
        "SELECT rank FROM (SELECT city, RANK() OVER (ORDER BY SUM(price) DESC) AS rank FROM sales GROUP BY "
        "city) "
        "AS ranked WHERE city = 'Rome'",
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
        r"\b(in|on|at|of|by|for|with|to) (all|every|each of)( of)?( the)?( \w+)?\W*$|\bevery (one|single)\b"
        r"|所有",
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
    ),
    SqlRecipe(
        _RUN,
        "how many sold_at did the longest run with a price above 10 last?",
        "SELECT COUNT(*) AS n FROM (SELECT price, SUM(CASE WHEN price > 10 THEN 0 ELSE 1 END) "
        "OVER (ORDER BY sold_at) AS run FROM sales) AS s WHERE price > 10 GROUP BY run "
        "ORDER BY n DESC LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\b(running|cumulative|accumulated|added up|summed up|altogether|total)\b.*\b(first |finally )?"
        r"(pass(ed)?|exceed(ed)?|reach(ed)?|cross(ed)?|surpass(ed)?)\b",
        "on which sold_at did the running total of the price pass 10?",
        "SELECT sold_at FROM (SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales) AS s "
        "WHERE running > 10 ORDER BY sold_at LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\bhow many\b(?=.*(\b(half|third|quarter)\b|\d ?(%|percent))).*\b(make up|account for|hold|cover"
        r"|together"
        r"|does it take|are needed)\b",
        "how many product, highest price first, make up half of the total price?",
        "SELECT COUNT(*) + 1 FROM (SELECT SUM(price) OVER (ORDER BY price DESC) AS running, SUM(price) OVER "
        "() "
        "AS total FROM sales) AS s WHERE running < 0.5 * total",
    ),
    SqlRecipe(
        rf"\b{_SHARE}\b.*\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b"
        rf"|\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b.*(\b{_SHARE}\b|%)"
        rf"|\bhow much of (all|the)\b.*\b{_FEW} (\w+ )?({_BEST}|with the)\b",
        "what percentage of all sales do the three shop_id with the most sales have?",
        "SELECT 100.0 * SUM(n) / (SELECT COUNT(*) FROM sales) FROM (SELECT COUNT(*) AS n FROM sales "
        "GROUP BY shop_id ORDER BY n DESC LIMIT 3) AS best",
    ),
    SqlRecipe(
        rf"\b(most (common|frequent|usual|popular|often)|commonest|mode)\b.*\b{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(most (common|frequent|usual|popular|often)|commonest|mode)\b|每.*最常",
        "the most common product of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY COUNT(*) DESC) AS rn FROM sales GROUP BY shop_id, product) AS ranked WHERE rn = 1",
    ),
    SqlRecipe(
        rf"\b(top )?{_FEW} (\w+ )?({_BEST}|with the)\b.*\b(of|in|for|from|within|at|on|by)? ?{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(top {_FEW}|{_FEW} {_BEST})\b|每.*前[二三四五十]",
        "the three product with the highest price of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn <= 3",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) <= 3",
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
    ),
    SqlRecipe(
        rf"\bin how many {_TIME}s\b.*\b{_BEST}\b"
        rf"|\bhow (many times|often) (was|were|is|did)\b.*\bthe {_BEST}\b",
        "in how many week did Rome have the highest price of all?",
        "SELECT COUNT(*) FROM (SELECT city, ROW_NUMBER() OVER (PARTITION BY week ORDER BY price DESC) AS rn "
        "FROM sales) AS ranked WHERE rn = 1 AND city = 'Rome'",
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its price in week 5?",
        "SELECT COUNT(*) + 1 FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its total price?",
        "SELECT rank FROM (SELECT city, RANK() OVER (ORDER BY SUM(price) DESC) AS rank FROM sales GROUP BY "
        "city) "
        "AS ranked WHERE city = 'Rome'",
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
        r"\b(in|on|at|of|by|for|with|to) (all|every|each of)( of)?( the)?( \w+)?\W*$|\bevery (one|single)\b"
        r"|所有",
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
    ),
    SqlRecipe(
        _RUN,
        "how many sold_at did the longest run with a price above 10 last?",
        "SELECT COUNT(*) AS n FROM (SELECT price, SUM(CASE WHEN price > 10 THEN 0 ELSE 1 END) "
        "OVER (ORDER BY sold_at) AS run FROM sales) AS s WHERE price > 10 GROUP BY run "
        "ORDER BY n DESC LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\b(running|cumulative|accumulated|added up|summed up|altogether|total)\b.*\b(first |finally )?"
        r"(pass(ed)?|exceed(ed)?|reach(ed)?|cross(ed)?|surpass(ed)?)\b",
        "on which sold_at did the running total of the price pass 10?",
        "SELECT sold_at FROM (SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales) AS s "
        "WHERE running > 10 ORDER BY sold_at LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\bhow many\b(?=.*(\b(half|third|quarter)\b|\d ?(%|percent))).*\b(make up|account for|hold|cover"
        r"|together"
        r"|does it take|are needed)\b",
        "how many product, highest price first, make up half of the total price?",
        "SELECT COUNT(*) + 1 FROM (SELECT SUM(price) OVER (ORDER BY price DESC) AS running, SUM(price) OVER "
        "() "
        "AS total FROM sales) AS s WHERE running < 0.5 * total",
    ),
    SqlRecipe(
        rf"\b{_SHARE}\b.*\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b"
        rf"|\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b.*(\b{_SHARE}\b|%)"
        rf"|\bhow much of (all|the)\b.*\b{_FEW} (\w+ )?({_BEST}|with the)\b",
        "what percentage of all sales do the three shop_id with the most sales have?",
        "SELECT 100.0 * SUM(n) / (SELECT COUNT(*) FROM sales) FROM (SELECT COUNT(*) AS n FROM sales "
        "GROUP BY shop_id ORDER BY n DESC LIMIT 3) AS best",
    ),
    SqlRecipe(
        rf"\b(most (common|frequent|usual|popular|often)|commonest|mode)\b.*\b{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(most (common|frequent|usual|popular|often)|commonest|mode)\b|每.*最常",
        "the most common product of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY COUNT(*) DESC) AS rn FROM sales GROUP BY shop_id, product) AS ranked WHERE rn = 1",
    ),
    SqlRecipe(
        rf"\b(top )?{_FEW} (\w+ )?({_BEST}|with the)\b.*\b(of|in|for|from|within|at|on|by)? ?{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(top {_FEW}|{_FEW} {_BEST})\b|每.*前[二三四五十]",
        "the three product with the highest price of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn <= 3",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) <= 3",
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
    ),
    SqlRecipe(
        rf"\bin how many {_TIME}s\b.*\b{_BEST}\b"
        rf"|\bhow (many times|often) (was|were|is|did)\b.*\bthe {_BEST}\b",
        "in how many week did Rome have the highest price of all?",
        "SELECT COUNT(*) FROM (SELECT city, ROW_NUMBER() OVER (PARTITION BY week ORDER BY price DESC) AS rn "
        "FROM sales) AS ranked WHERE rn = 1 AND city = 'Rome'",
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its price in week 5?",
        "SELECT COUNT(*) + 1 FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its total price?",
        "SELECT rank FROM (SELECT city, RANK() OVER (ORDER BY SUM(price) DESC) AS rank FROM sales GROUP BY "
        "city) "
        "AS ranked WHERE city = 'Rome'",
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
        r"\b(in|on|at|of|by|for|with|to) (all|every|each of)( of)?( the)?( \w+)?\W*$|\bevery (one|single)\b"
        r"|所有",
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
    ),
    SqlRecipe(
        _RUN,
        "how many sold_at did the longest run with a price above 10 last?",
        "SELECT COUNT(*) AS n FROM (SELECT price, SUM(CASE WHEN price > 10 THEN 0 ELSE 1 END) "
        "OVER (ORDER BY sold_at) AS run FROM sales) AS s WHERE price > 10 GROUP BY run "
        "ORDER BY n DESC LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\b(running|cumulative|accumulated|added up|summed up|altogether|total)\b.*\b(first |finally )?"
        r"(pass(ed)?|exceed(ed)?|reach(ed)?|cross(ed)?|surpass(ed)?)\b",
        "on which sold_at did the running total of the price pass 10?",
        "SELECT sold_at FROM (SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales) AS s "
        "WHERE running > 10 ORDER BY sold_at LIMIT 1",
        dates=True,
    ),
    SqlRecipe(
        r"\bhow many\b(?=.*(\b(half|third|quarter)\b|\d ?(%|percent))).*\b(make up|account for|hold|cover"
        r"|together"
        r"|does it take|are needed)\b",
        "how many product, highest price first, make up half of the total price?",
        "SELECT COUNT(*) + 1 FROM (SELECT SUM(price) OVER (ORDER BY price DESC) AS running, SUM(price) OVER "
        "() "
        "AS total FROM sales) AS s WHERE running < 0.5 * total",
    ),
    SqlRecipe(
        rf"\b{_SHARE}\b.*\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b"
        rf"|\b(top {_FEW}|{_FEW} (\w+ )?({_BEST}|with the))\b.*(\b{_SHARE}\b|%)"
        rf"|\bhow much of (all|the)\b.*\b{_FEW} (\w+ )?({_BEST}|with the)\b",
        "what percentage of all sales do the three shop_id with the most sales have?",
        "SELECT 100.0 * SUM(n) / (SELECT COUNT(*) FROM sales) FROM (SELECT COUNT(*) AS n FROM sales "
        "GROUP BY shop_id ORDER BY n DESC LIMIT 3) AS best",
    ),
    SqlRecipe(
        rf"\b(most (common|frequent|usual|popular|often)|commonest|mode)\b.*\b{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(most (common|frequent|usual|popular|often)|commonest|mode)\b|每.*最常",
        "the most common product of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY COUNT(*) DESC) AS rn FROM sales GROUP BY shop_id, product) AS ranked WHERE rn = 1",
    ),
    SqlRecipe(
        rf"\b(top )?{_FEW} (\w+ )?({_BEST}|with the)\b.*\b(of|in|for|from|within|at|on|by)? ?{_EACH}\b"
        rf"|\b{_EACH}\b.*\b(top {_FEW}|{_FEW} {_BEST})\b|每.*前[二三四五十]",
        "the three product with the highest price of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn <= 3",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) <= 3",
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
    ),
    SqlRecipe(
        rf"\bin how many {_TIME}s\b.*\b{_BEST}\b"
        rf"|\bhow (many times|often) (was|were|is|did)\b.*\bthe {_BEST}\b",
        "in how many week did Rome have the highest price of all?",
        "SELECT COUNT(*) FROM (SELECT city, ROW_NUMBER() OVER (PARTITION BY week ORDER BY price DESC) AS rn "
        "FROM sales) AS ranked WHERE rn = 1 AND city = 'Rome'",
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its price in week 5?",
        "SELECT COUNT(*) + 1 FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
    ),
    SqlRecipe(
        r"\b(which|what) (place|rank|position)\b|\bwhere (do|does|did) .*\b(rank|stand|come)\b|第几|排名第",
        "which place has Rome by its total price?",
        "SELECT rank FROM (SELECT city, RANK() OVER (ORDER BY SUM(price) DESC) AS rank FROM sales GROUP BY "
        "city) "
        "AS ranked WHERE city = 'Rome'",
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
        r"\b(in|on|at|of|by|for|with|to) (all|every|each of)( of)?( the)?( \w+)?\W*$|\bevery (one|single)\b"
        r"|所有",
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
_MORE = (
    r"(higher|lower|more|less|fewer|larger|smaller|greater|bigger|older|younger|dearer|cheaper|longer"
    r"|shorter)"
)

SQL_CHANGES = (
    SqlRecipe(
        r"^\W*(which|what|who|where)\b.*\b(gain|gr[eo]w|rise|rose|increase|improve|fall|fell|drop|lose|lost"
        r"|decline"
        r"|change)\w*\b.*\b(from|between) (19|20)\d\d (to|and|until) (19|20)\d\d\b",
        "which product gained the most price from week 3 to week 8?",
        "SELECT product FROM sales WHERE week IN (3, 8) GROUP BY product "
        "ORDER BY SUM(CASE WHEN week = 8 THEN price ELSE -price END) DESC LIMIT 1",
        by_date=False,
    ),
    SqlRecipe(
        r"^\W*(which|what|who|where)\b.*\b(gain|gr[eo]w|rise|rose|increase|improve|fall|fell|drop|lose|lost"
        r"|decline"
        r"|change)\w*\b.*\b(from|between) (19|20)\d\d (to|and|until) (19|20)\d\d\b",
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
    ),
    SqlRecipe(
        rf"\bhow (many|often)\b.*\b{_MORE}\b.*\bthan (\w+ ){{0,3}}(before|previous|prior|preceding)\b"
        rf"|\bhow (many|often)\b.*\bthan (on |in )?the (previous|prior|preceding)\b",
        "on how many sold_at was the price higher than on the one before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY sold_at) AS previous FROM sales) AS s "
        "WHERE price > previous",
        dates=True,
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

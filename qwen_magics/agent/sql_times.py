"""Worked SQL examples about time: one year as a part of another, what was added up since, rows that follow
one another.
"""

from __future__ import annotations

from qwen_magics.agent.sql_recipe import SqlRecipe

__all__ = ["SQL_TIMES"]

_FEW = r"(two|three|four|five|six|seven|eight|nine|ten|twelve|[2-9]|[1-9]\d)"
_YEAR = r"(19|20)\d\d"
_EACH = r"\b(each|every|per|by(?! (how|what|which)))\b"
_MORE = r"(higher|more|larger|greater|bigger|older|dearer|longer|warmer|faster|better|wetter|hotter)"
_LESS = r"(lower|less|fewer|smaller|younger|cheaper|shorter|colder|slower|worse|drier|cooler)"
_MOVED = (
    r"(change\w*|gr[eo]w\w*|rise|rose|risen|fall|fell|fallen|increase\w*|decrease\w*|drop\w*|decline\w*"
    r"|shr[aiu]nk)"
)
# "The yield of 1932 as a percentage of that of 1931".
_AS_PART = rf"\b{_YEAR}\b.*\b(as|in) (an? )?(percent(age)?|share|proportion|fraction|%) of\b.*\b{_YEAR}\b"
# "By how many percent was it higher in 2000 than in 1980?"
_BY_PERCENT = (
    rf"^(?=.*\b{_YEAR}\b.*\b{_YEAR}\b)(?=.*\b({_MORE}|{_LESS}|{_MOVED})\b)"
    r".*(\b(by|how many|what) (how many |what |which )?(percent(age)?\b|%)(?! (points|of))"
    rf"|\bpercent(age)? {_MOVED}\b|\b{_MOVED} in percent\b)"
)
_HOW_OFTEN = r"(how often|how many (times|years|months|weeks|days|quarters|decades|hours))"
_ONE_BEFORE = r"\bthan (\w+ ){0,3}(before|previous|prior|preceding|last)\b"
_RUNNING = (
    r"(\brunning\b|\bcumulat\w+|\baccumulat\w+|\byear[- ]to[- ]date\b|\bytd\b|\badd(ed|s)? up\b|累计"
    r"|\b(from|since) the (start|beginning) of (the|that|this|its|each) year\b"
    r"|\bup to (and including )?(the end of )?(each|every|that|the) (month|quarter|week)\b)"
)
# "On which day did it pass 10?" is another kind.
_NO_LIMIT = r"(?!.*\b(pass|exceed|reach|cross|surpass)(e[sd])?\b)"
_SAME_MONTH = (
    r"\bsame month\b.*\b(before|previous|prior|last|earlier|preceding)\b"
    r"|\b(each|every|per) month\b.*\b(a year (earlier|before)|(previous|prior|preceding) year|year before)\b"
)
_FOLLOWING = (
    rf"(\b{_FEW} (consecutive|successive|adjacent) \w+|\b{_FEW} \w+ (in a row|running|on end)\b"
    rf"|\bany {_FEW}[- ](day|week|month|quarter|year)\b)"
)
_MOST = r"(highest|largest|greatest|biggest|most)"
_TOGETHER = (
    r"(together|combined|altogether|added up|taken as one|in sum|all (the )?(kinds|causes|types|columns))"
)

SQL_TIMES = (
    SqlRecipe(
        rf"^(?=.*{_EACH}).*{_AS_PART}",
        "for each shop_id, the total price of 2022 as a percentage of that of 2021",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN week = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN week = 2021 THEN price ELSE 0 END) AS percentage FROM sales GROUP BY shop_id",
        by_date=False,
    ),
    SqlRecipe(
        _AS_PART,
        "the total price of 2022 as a percentage of that of 2021",
        "SELECT 100.0 * SUM(CASE WHEN week = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN week = 2021 THEN price ELSE 0 END) FROM sales",
        by_date=False,
    ),
    SqlRecipe(
        rf"^(?=.*{_EACH}).*{_AS_PART}",
        "for each shop_id, the total price of 2022 as a percentage of that of 2021",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN price ELSE 0 END) AS percentage FROM sales GROUP BY shop_id",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE 0 END) / "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN price ELSE 0 END) AS percentage FROM sales "
        "GROUP BY shop_id",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        _AS_PART,
        "the total price of 2022 as a percentage of that of 2021",
        "SELECT 100.0 * SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN price ELSE 0 END) FROM sales",
        "SELECT 100.0 * SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE 0 END) / "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN price ELSE 0 END) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        _BY_PERCENT,
        "by how many percent was the total price higher in 2022 than in 2021?",
        "SELECT 100.0 * (SUM(CASE WHEN week = 2022 THEN price ELSE 0 END) - "
        "SUM(CASE WHEN week = 2021 THEN price ELSE 0 END)) / "
        "SUM(CASE WHEN week = 2021 THEN price ELSE 0 END) FROM sales",
        by_date=False,
    ),
    SqlRecipe(
        rf"\b{_HOW_OFTEN}\b.*\b{_LESS}\b.*{_ONE_BEFORE}",
        "how many times was the price lower than in the week before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY week) AS previous FROM sales) AS s "
        "WHERE price < previous",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        rf"\b{_HOW_OFTEN}\b.*\b{_MORE}\b.*{_ONE_BEFORE}",
        "how many times was the price higher than in the week before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY week) AS previous FROM sales) AS s "
        "WHERE price > previous",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NO_LIMIT}.*{_RUNNING}",
        "running total of the price by sold_at",
        "SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales",
        dates=True,
        series=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NO_LIMIT}(?=.*\bmonth(s|ly)?\b)(?=.*\b{_YEAR}\b).*{_RUNNING}",
        "for each month of 2021, the number of sales from the start of the year to the end of that month",
        "SELECT MONTH(sold_at) AS month, SUM(COUNT(*)) OVER (ORDER BY MONTH(sold_at)) AS running FROM sales "
        "WHERE YEAR(sold_at) = 2021 GROUP BY MONTH(sold_at)",
        "SELECT STRFTIME('%m', sold_at) AS month, SUM(COUNT(*)) OVER (ORDER BY STRFTIME('%m', sold_at)) AS "
        "running FROM sales WHERE STRFTIME('%Y', sold_at) = '2021' GROUP BY STRFTIME('%m', sold_at)",
        dates=True,
        series=False,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NO_LIMIT}(?=.*\bmonth(s|ly)?\b).*{_RUNNING}",
        "running total of the number of sales by month",
        "SELECT DATE_TRUNC('month', sold_at) AS month, SUM(COUNT(*)) OVER (ORDER BY DATE_TRUNC('month', "
        "sold_at)) AS running FROM sales GROUP BY DATE_TRUNC('month', sold_at)",
        "SELECT STRFTIME('%Y-%m', sold_at) AS month, SUM(COUNT(*)) OVER (ORDER BY STRFTIME('%Y-%m', sold_at))"
        " AS running FROM sales GROUP BY STRFTIME('%Y-%m', sold_at)",
        dates=True,
        series=False,
        firm=True,
    ),
    SqlRecipe(
        _SAME_MONTH,
        "by how much does the number of sales of each month differ from the same month of the year before?",
        "SELECT month, n - LAG(n, 12) OVER (ORDER BY month) AS change FROM (SELECT DATE_TRUNC('month', "
        "sold_at) AS month, COUNT(*) AS n FROM sales GROUP BY DATE_TRUNC('month', sold_at)) AS months",
        "SELECT month, n - LAG(n, 12) OVER (ORDER BY month) AS change FROM (SELECT STRFTIME('%Y-%m', "
        "sold_at) AS month, COUNT(*) AS n FROM sales GROUP BY STRFTIME('%Y-%m', sold_at)) AS months",
        dates=True,
        series=False,
    ),
    SqlRecipe(
        rf"^(?=.*\b{_MOST}\b)(?=.*\b{_TOGETHER}\b)(?!.*\baverage\b).*{_FOLLOWING}",
        "the highest total, price, weight and rating all taken together, in any three consecutive sold_at",
        "SELECT MAX(total) FROM (SELECT SUM(price + weight + rating) OVER (ORDER BY sold_at ROWS BETWEEN "
        "2 PRECEDING AND CURRENT ROW) AS total FROM sales) AS s",
        dates=True,
        numbers=3,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b{_MOST}\b)(?=.*\b{_TOGETHER}\b)(?!.*\baverage\b).*{_FOLLOWING}",
        "what is the highest total of price and weight together in any three consecutive sold_at?",
        "SELECT MAX(total) FROM (SELECT SUM(price + weight) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING "
        "AND CURRENT ROW) AS total FROM sales) AS s",
        dates=True,
        numbers=2,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b{_MOST}\b)(?!.*\b(average|mean)\b)(?!.*\b{_TOGETHER}\b).*{_FOLLOWING}",
        "what is the highest total price of any three consecutive sold_at?",
        "SELECT MAX(total) FROM (SELECT SUM(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND "
        "CURRENT ROW) AS total FROM sales) AS s",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        # Of a lowest one, and of an average, the first rows have too few before them.
        rf"^(?=.*\b(lowest|smallest|fewest|least|{_MOST})\b).*{_FOLLOWING}",
        "what is the lowest average price of any three consecutive sold_at?",
        "SELECT MIN(mean) FROM (SELECT AVG(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND "
        "CURRENT ROW) AS mean, ROW_NUMBER() OVER (ORDER BY sold_at) AS n FROM sales) AS s WHERE n >= 3",
        dates=True,
        firm=True,
    ),
)

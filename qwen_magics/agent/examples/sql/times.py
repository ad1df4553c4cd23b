"""Worked SQL examples about time: one year as a part of another, what was added up since, rows that follow
one another.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    EXTREME,
    FALLEN,
    FEW,
    HIGH,
    MEAN,
    ONE_TO_NEXT,
    PERCENT,
    RISEN,
    RUN_TO_LIMIT,
    RUNNING,
    SO_MANY,
    UNIT,
    YEAR,
)

__all__ = ["SQL_TIMES"]

_MORE = (
    r"(\b(more|older|dearer|longer|warmer|faster|better|wetter|hotter|\w{3,}er) .*\bthan\b|\babove\b"
    r"|\bbeat\b|\bsurpass\w*|\bexceed\w*)"
)
_LESS = (
    r"(\b(less|fewer|lower|smaller|younger|cheaper|shorter|colder|slower|worse|drier|cooler) .*\bthan\b"
    r"|\bbelow\b|\bunder\b)"
)
_PER_CENT = r"(\bpercent\w*|\bper cent\b|%)"
# "The yield of 1932 as a percentage of that of 1931", "1931 = 100"; no change and no span of years.
_AS_PART = (
    rf"^(?=.*\b{YEAR}\b.*\b{YEAR}\b)(?!.*\b(from|between) {YEAR} (to|and) {YEAR}\b)(?!.*({RISEN}|{FALLEN}"
    rf"|{EXTREME}))"
    r"(?!.*\b(more|higher|lower|larger|smaller|fewer|less|greater|exceed\w*|above|below|chang\w+"
    r"|differ\w*|points?)\b)"
    rf".*({_PER_CENT}|\btimes 100\b|(= ?|\bequals |\bat |\bis )100\b|\b(share|proportion|fraction) of\b)"
)
_AS_PART_EACH = (
    r"(?=.*\b(each|every|per(?! cent)|by(?! (how|what|which)\b)|separately|all (?!\w+ (of|in)\b)|its)\b"
    r"|\w['’]s (?!\w+ in\b))"
)
_TWO_TIMES = rf"(\b{YEAR}\b.*\b{YEAR}\b|\b(week|round|season|quarter|month|day|year)s? \d+\b.*\b\d+\b)"
# "By how many percent was it higher in 2000 than in 1980?"
_BY_PERCENT = (
    rf"^(?=.*{_TWO_TIMES})(?=.*{_PER_CENT})(?!.*\b(points|each|every|which|who)\b|.*\b(percent(age)?"
    r"|per cent) of\b|.*\bwhat (percentage|per cent) (had|have|has)\b)"
    rf"(?!.*\b(most|least)\b)"
    rf".*(\b(more|higher|lower|less|fewer|larger|smaller|greater|bigger|\w{{3,}}er than|above|below"
    r"|exceed\w*|surpass\w*|top|beat)\b"
    rf"|\b(chang\w*|{RISEN}|{FALLEN}))"
)
_TIMES_MOVED = (
    rf"^(?=.*({SO_MANY}|\bto know on\b))(?!.*{PERCENT})(?!.*\b(ever|longest|streak|same month"
    r"|yesterday|consecutive|successive|maximum|(all|any|every|each) (\w+ )?(previous|preceding|prior|earlier"
    r"|before))\b)(?!.*\bany \w+ before\b)(?!.*\b(how many (more|fewer|less)|by how (much|many))\b)"
    rf"(?!\W*(for|in) (each|every)\b)(?=.*{ONE_TO_NEXT}|.*\ba (month|year|week|day) earlier\b)"
)
_NO_LIMIT = rf"(?!.*{RUN_TO_LIMIT})"
_MONTHS = r"\b(month(s|ly)?|month-wise|january|jan)\b"
# The same month a year before.
_SAME_MONTH = (
    r"^(?=.*\bmonth(s|ly)?\b)(?!.*(\bper ?cent|%))(?!.*\b(which|when)\b).*(\bsame (calendar )?month\b"
    r"|\b(twelve|12) months? (earlier|before|back|ago|previously)\b|\byoy\b|\byear[- ](on|over)[- ]year\b"
    r"|\b(that|equivalent|corresponding) month (of |in )?(the )?(last|previous|preceding|prior) year\b"
    r"|\b(year[- ]earlier|a year (earlier|before|ago)|(previous|prior|preceding) year|year before)\b)"
)
_IN_A_ROW = (
    r"(\b(consecutive|successive|adjacent|straight|back[- ]to[- ]back|windows? of)\b"
    r"|\b(rolling|moving) \d+|\b(in a row|in succession|on end|one after another|in sequence)\b"
    rf"|\b{FEW}[- ]row\b"
    rf"|\b{FEW} \w+ running\b|\bany {FEW}[- ](day|night|week|month|quarter|year)s?\b"
    rf"|\b{FEW}[- ](day|night|week|month|quarter|year|sample)s?(?<!s) ((moving|rolling) )?(average|mean"
    r"|total|sum|stretch)\b)"
)
# How long something lasted is another kind.
_FOLLOWING = (
    rf"^(?=.*\b({FEW}|1\d)\b)(?!.*\b(longest (run|streak|stretch|time)|how long|last(ed)?"
    rf"|(for )?how many {UNIT}e?s?|number of (consecutive|successive|nights)|most \w+ in a row"
    r"|between two)\b)"
    rf"(?!.*{PERCENT})(?=.*{_IN_A_ROW})"
)
_TOGETHER = (
    r"(\btogether\b|\bcombin\w+|\baltogether\b|\badd(ed up|ing)\b|\bas one\b|\bin sum\b|\bjoint(ly)?\b"
    r"|\blumped\b"
    r"|\bplus\b|\+|^\W*sum \w+|\ball (the )?(kinds|causes|types|columns)\b)"
)
_LIST = r"(\w+, (\w+ ){0,2}(and )?\w+.*\band\b|\+.*\+|\ball\b)"

SQL_TIMES = (
    SqlRecipe(
        rf"^{_AS_PART_EACH}{_AS_PART}",
        "for each shop_id, the total price of 2022 as a percentage of that of 2021",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN week = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN week = 2021 THEN price ELSE 0 END) AS percentage FROM sales GROUP BY shop_id",
        by_date=False,
    ),
    SqlRecipe(
        rf"^{_AS_PART_EACH}{_AS_PART}",
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
        "SELECT 100.0 * SUM(CASE WHEN week = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN week = 2021 THEN price ELSE 0 END) FROM sales",
        by_date=False,
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
        rf"{_TIMES_MOVED}.*({_LESS}|{FALLEN})",
        "how many times was the price lower than in the week before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY week) AS previous FROM sales) AS s "
        "WHERE price < previous",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        rf"{_TIMES_MOVED}(?!.*\b(days?|dates?)\b).*({_MORE}|{RISEN})",
        "how many times was the price higher than in the week before?",
        "SELECT COUNT(*) FROM (SELECT price, LAG(price) OVER (ORDER BY week) AS previous FROM sales) AS s "
        "WHERE price > previous",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NO_LIMIT}(?=.*{_MONTHS})(?=.*\b{YEAR}\b).*{RUNNING}",
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
        rf"^{_NO_LIMIT}(?=.*{_MONTHS}).*{RUNNING}",
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
        rf"^{_NO_LIMIT}(?!.*\bcorrelat).*{RUNNING}",
        "running total of the price by sold_at",
        "SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales",
        dates=True,
        series=True,
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
        rf"{_FOLLOWING}(?=.*{HIGH})(?=.*{_TOGETHER})(?=.*{_LIST})(?!.*{MEAN})",
        "the highest total, price, weight and rating all taken together, in any three consecutive sold_at",
        "SELECT MAX(total) FROM (SELECT SUM(price + weight + rating) OVER (ORDER BY sold_at ROWS BETWEEN "
        "2 PRECEDING AND CURRENT ROW) AS total FROM sales) AS s",
        dates=True,
        numbers=3,
        firm=True,
    ),
    SqlRecipe(
        rf"{_FOLLOWING}(?=.*{HIGH})(?=.*{_TOGETHER})(?!.*{MEAN})",
        "what is the highest total of price and weight together in any three consecutive sold_at?",
        "SELECT MAX(total) FROM (SELECT SUM(price + weight) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING "
        "AND CURRENT ROW) AS total FROM sales) AS s",
        dates=True,
        numbers=2,
        firm=True,
    ),
    SqlRecipe(
        rf"{_FOLLOWING}(?=.*{HIGH})(?!.*{MEAN})(?!.*{_TOGETHER}.*\band\b)",
        "what is the highest total price of any three consecutive sold_at?",
        "SELECT MAX(total) FROM (SELECT SUM(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND "
        "CURRENT ROW) AS total FROM sales) AS s",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        # Of a lowest one, and of an average, the first rows have too few before them.
        rf"{_FOLLOWING}(?=.*{EXTREME})",
        "what is the lowest average price of any three consecutive sold_at?",
        "SELECT MIN(mean) FROM (SELECT AVG(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND "
        "CURRENT ROW) AS mean, ROW_NUMBER() OVER (ORDER BY sold_at) AS n FROM sales) AS s WHERE n >= 3",
        dates=True,
        firm=True,
    ),
)

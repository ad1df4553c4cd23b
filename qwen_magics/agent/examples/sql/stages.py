"""Worked SQL examples of questions in two stages: some are chosen first, and then something is asked of them;
a day is found first, and then counted on.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import EXTREME, FEW

__all__ = ["SQL_STAGES"]

_MOST = rf"({EXTREME}|\blatest\b)"
# The ten with the most rows, in front of what is asked of them.
_TEN = (
    rf"(the|our|its|their) (top )?{FEW} (?!(per ?cent|years?|months?|weeks?|days?|hours?)\b)"
    r"[^.;:?!]*?(\b(with the (most|(largest|highest|greatest) number)|(that|who) (have|had|has|get|got"
    r"|see|saw"
    r"|occur\w*|appear\w*) (the )?most|most (common|frequent\w*|often|popular|visited|used|busy)|busiest"
    r"|commonest|by \w+ count"
    # A measure, and no number of rows: the most populous.
    r"|most(?! (populous|populated|expensive|valuable|costly|powerful|profitable|efficient|recent|remote"
    r"|distant"
    r"|densely)\b))\b)"
)
_ONLY = (
    r"^\W*(?:(?:if|when|now|please|first|just|only) )?(?:(?:we |you |i )?(?:only )?(?:find|take|taking"
    r"|pick|care"
    r"|choose|select|identify|consider|considering|look|looking|focus|focusing|focussing|restrict|restricting"
    r"|limit|limiting|restricted|limited|keep|keeping|start|starting|go|going|among|of|out of|for|from|within"
    r"|given|across|in|at)\b)[^.;:?!]{0,40}?\b"
)
_ONE_OF = r"\b(which|what|who|where|whose)\b"
_THE_ONE = rf"({_ONE_OF}|\b(name|give( me)?|find|show|tell me) (the (one|\w+) (with|whose|that|of)))"
_TOP_THEN_ONE = (
    rf"({_ONLY}{_TEN}.*?([.;:?!,]|\band\b).*{_THE_ONE}.*{_MOST}"
    rf"|{_ONE_OF} (one |\w+ )?(of|among|amongst|from|out of) {_TEN}.*{_MOST}"
    rf"|^\W*(which|who|what|where|name|find|give|tell)\b[^.;:?!]*{_MOST}.*\b(only|among|amongst"
    r"|considering|nobody but"
    rf"|out of|within|restricted to|limited to|looking)\b[^.;:?!]{{0,40}}\b{_TEN})"
)
_RATE = r"\b(rates?|shares?|percent(age)?|proportion|fraction|likel\w+|ratio)\b"
_TAKE = rf"^\W*(find|take|pick|consider|choose|select|identify|look at) (the|our) (?!(top )?{FEW}\b)"
_TIME = r"(day|date|week|month|quarter|year|hour|season|decade)"
_PART = r"(half|third|quarter|fifth|tenth|two thirds|three quarters|majority|\d+ ?(%|per ?cent))"
_SHARE = r"(\b(percent(age)?s?|shares?|proportion|fraction)\b|\bper cent\b|%)"
# "On the wettest day in Oslo, …", "in the year of its largest investment, …".
_ON_THE_DAY = (
    rf"\b(on|in|during|for|at|take) (the |its |their |that )(?!percent|share)([\w'’.-]+ ){{0,2}}?"
    rf"({EXTREME} (\w+ )?{_TIME}\b|{_TIME} (of|with|when|that|on which|in which|where"
    rf"|for which)\b[^?]*?{_MOST})"
)
# Some part of it is asked for; when the part was highest is another kind.
_WHAT_SHARE = rf"\b(what|which|how (many|much|large|big|great))\b[^?]*{_SHARE}"
_LAST_NAME = r"\b(surnames?|(family|last|second) names?)\b"
_COMMONEST = (
    r"(\bmost (common|frequent|often|usual|popular|widespread)|\bcommonest\b|\bhow often\b"
    r"|\bhow many\b.*\beach\b)"
)
_OF_GROUPS = r"\b(per|each|every|by) (?!(sur|family|last|second))\w+"
_MONTH = r"(january|february|march|april|may|june|july|august|september|october|november|december)"
_SO_FAR = (
    r"\b(running total|cumulat\w+|so far|by the end of|until then|by then|up to|total number|in total"
    r"|altogether)\b"
)

SQL_STAGES = (
    SqlRecipe(
        rf"^(?=.*{_RATE}).*{_TOP_THEN_ONE}",
        "only of the ten product with the most sales: which has the highest share of sales without a price?",
        "SELECT product FROM sales WHERE product IN (SELECT product FROM sales GROUP BY product "
        "ORDER BY COUNT(*) DESC LIMIT 10) GROUP BY product "
        "ORDER BY AVG(CASE WHEN price IS NULL THEN 1.0 ELSE 0 END) DESC LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        _TOP_THEN_ONE,
        "take the ten product with the most sales: which of them has the highest average price?",
        "SELECT product FROM sales WHERE product IN (SELECT product FROM sales GROUP BY product "
        "ORDER BY COUNT(*) DESC LIMIT 10) GROUP BY product ORDER BY AVG(price) DESC LIMIT 1",
        firm=True,
    ),
    SqlRecipe(
        rf"{_TAKE}.*\b(most|often)\b.*[.;:?!,] .*\bdays\b",
        "take the product with the most sales: how many days passed from sold_at to paid_at, added up?",
        "SELECT SUM(paid_at - sold_at) FROM sales WHERE product = (SELECT product FROM sales "
        "GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
        "SELECT SUM(JULIANDAY(paid_at) - JULIANDAY(sold_at)) FROM sales WHERE product = (SELECT product "
        "FROM sales GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
        duckdb="SELECT SUM(DATE_DIFF('day', sold_at, paid_at)) FROM sales WHERE product = (SELECT product "
        "FROM sales GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
        dates=True,
    ),
    SqlRecipe(
        rf"^\W*{_ON_THE_DAY}.*{_WHAT_SHARE}|{_WHAT_SHARE}.*{_ON_THE_DAY}",
        "in the week of the highest price in Rome, what percentage of the total price of that week was "
        "Rome's?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE week = (SELECT week FROM sales WHERE city = 'Rome' ORDER BY price DESC LIMIT 1)",
        values=1,
        firm=True,
    ),
    SqlRecipe(
        rf"\b(in|for|on|during) how many\b.*\b{_TIME}s?\b.*\b{_PART}\b.*\bof\b",
        "in how many week did Rome have at least a quarter of that week's total price?",
        "SELECT COUNT(*) FROM (SELECT week FROM sales GROUP BY week "
        "HAVING SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) >= 0.25 * SUM(price)) AS s",
        values=1,
        firm=True,
    ),
    SqlRecipe(
        rf"\bfrom (one |each |every )?(?P<month>{_MONTH}) to (the )?(next|following|(?P=month))\b"
        rf"|\b(each|every) {_MONTH}\b.*\b(than|from|against|over|to) (the )?(one |{_MONTH} )?"
        r"(a year |the year )?(before|earlier|previous|next)\b",
        "how did the price change from one May to the next, from 2015 to 2021?",
        "SELECT * FROM (SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change "
        "FROM sales WHERE MONTH(sold_at) = 5) AS s WHERE YEAR(sold_at) BETWEEN 2015 AND 2021",
        "SELECT * FROM (SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change "
        "FROM sales WHERE STRFTIME('%m', sold_at) = '05') AS s "
        "WHERE STRFTIME('%Y', sold_at) BETWEEN '2015' AND '2021'",
        # What stands behind QUALIFY is asked of the changes, and so leaves the May before in.
        duckdb="SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change FROM sales "
        "WHERE MONTH(sold_at) = 5 QUALIFY YEAR(sold_at) BETWEEN 2015 AND 2021",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_COMMONEST})(?!.*{_OF_GROUPS}).*{_LAST_NAME}",
        "what is the most common surname, the last word of product?",
        "SELECT SPLIT_PART(product, ' ', -1) AS word FROM sales GROUP BY word ORDER BY COUNT(*) DESC LIMIT 1",
        "SELECT SUBSTR(product, LENGTH(RTRIM(product, REPLACE(product, ' ', ''))) + 1) AS word FROM sales "
        "GROUP BY word ORDER BY COUNT(*) DESC LIMIT 1",
    ),
    SqlRecipe(
        r"^(?=.*\b(interquartile|iqr|quartiles?)\b).*\bdays\b",
        "interquartile range of the number of days from sold_at to paid_at",
        "SELECT PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY paid_at - sold_at) - "
        "PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY paid_at - sold_at) FROM sales",
        "SELECT PERCENTILE_CONT(JULIANDAY(paid_at) - JULIANDAY(sold_at), 0.75) - "
        "PERCENTILE_CONT(JULIANDAY(paid_at) - JULIANDAY(sold_at), 0.25) FROM sales",
        duckdb="SELECT QUANTILE_CONT(DATE_DIFF('day', sold_at, paid_at), 0.75) - "
        "QUANTILE_CONT(DATE_DIFF('day', sold_at, paid_at), 0.25) FROM sales",
        dates=True,
    ),
    SqlRecipe(
        r"^(?=.*\b(per|each|every|by|for) (calendar )?years?\b)"
        # Both are asked for.
        r".*\b(number of|how many|count of|new)\b.*\b(and|with|plus|alongside|as well as"
        rf"|next to)\b.*{_SO_FAR}",
        "per year, the number of sales and the total number up to the end of that year",
        "SELECT YEAR(sold_at) AS year, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY YEAR(sold_at)) AS total "
        "FROM sales GROUP BY YEAR(sold_at) ORDER BY year",
        "SELECT STRFTIME('%Y', sold_at) AS year, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY "
        "STRFTIME('%Y', sold_at)) AS total FROM sales GROUP BY STRFTIME('%Y', sold_at) ORDER BY year",
        dates=True,
        by_date=True,
        series=False,
        firm=True,
    ),
)

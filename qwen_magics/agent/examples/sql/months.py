"""Worked SQL examples of numbers of rows by month and year: what came until then, and what changed since the
month before.

The first month that is asked for is compared with one before the first, so a year is chosen last.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    EXTREME,
    FALLEN,
    PERCENT,
    RISEN,
    RUN_TO_LIMIT,
    RUNNING,
    YEAR,
)

__all__ = ["SQL_MONTHS"]

_COUNT = r"\b(numbers? of|how many|counts?|count of|tally)\b"
_YEARS = (
    r"\b((each|every|per|by|that|of the|one|a|calendar|each of the) (calendar )?year|year by year|years"
    r"|yearly|annual\w*|year[- ]end)\b"
)
# What is open at some time has come and not gone, and is another kind.
_NOT_UNTIL = (
    # "Since the start of 2015" may be a condition.
    rf"(?!.*({RUN_TO_LIMIT}))(?!.*\b(from|since|at) the (start|beginning)\b)"
    r"(?!.*\b(months?|monthly|weeks?|weekly|days?|daily|quarters?|correlat\w*)\b)"
)
_OPEN = r"(?!.*\b(open|still|active|outstanding|on loan|in stock|unpaid|out at|at (the|that) time)\b)"
_UNTIL = (
    rf"({RUNNING}|\b(buil[dt]|piled?|mount(ed)?|stack(ed)?) up\b"
    r"|\b(ha[ds]|have) (\w+ )?\w+ (by|until|up to|as of|as at|at) (the )?(end|close) of (each|every|that"
    r"|the|a)\b"
    r"|\b(by|as of|as at) (each |every )?year[- ]end\b|\b(each|every) year['’]?s? end\b"
    r"|\b(that|the same|its) year or (earlier|before)\b)"
)
_MONTH_BEFORE = (
    r"(\bmonth (just |immediately |right )?(before|earlier|prior)\b|\b(previous|prior|preceding|last) month\b"
    r"|\bmonth[- ](on|over|to|by|after)[- ]month\b|\bfrom (each |one |every )?month to (the )?(next"
    r"|month|following)\b"
    r"|\b(its|the) predecessor\b|\bthan the one before\b|\bmom\b)"
)
_CHANGE = (
    rf"(\bchang\w+|\bdiffer\w*|\bdelta\b|\bup (or|and) down\b|\b(more|higher) (or|and) (fewer|less|lower)\b"
    rf"|\bby how (much|many)\b|\bhow (many|much) (more|fewer|less)\b|\bcompar\w+|\bminus\b|{RISEN}|{FALLEN})"
)
_EACH_MONTH = (
    rf"^(?=.*{_COUNT})(?!.*{PERCENT})(?!.*\b(which|when|(same|equivalent|corresponding) month"
    r"|year (before|earlier)|(last|prior|preceding|previous) year|average|mean"
    r"|how (often|frequently)|just a count|(in|on) how many|how many (times|months)"
    r"|months in which|rolling|moving)\b)"
    rf"(?!.*{EXTREME})(?=.*{_CHANGE})"
)

SQL_MONTHS = (
    SqlRecipe(
        rf"^(?=.*{_YEARS}){_NOT_UNTIL}{_OPEN}(?=.*({_COUNT}|\bhow did\b.*\bbuild\b)).*{_UNTIL}",
        "for each year, the number of sales up to the end of that year",
        "SELECT YEAR(sold_at) AS year, SUM(COUNT(*)) OVER (ORDER BY YEAR(sold_at)) AS total FROM sales "
        "GROUP BY YEAR(sold_at)",
        "SELECT STRFTIME('%Y', sold_at) AS year, SUM(COUNT(*)) OVER (ORDER BY STRFTIME('%Y', sold_at)) AS "
        "total FROM sales GROUP BY STRFTIME('%Y', sold_at)",
        dates=True,
        by_date=True,
        series=False,
        firm=True,
    ),
    SqlRecipe(
        rf"{_EACH_MONTH}(?=.*\b{YEAR}\b).*{_MONTH_BEFORE}",
        "for each month of 2021, how did the number of sales change against the month before?",
        "SELECT monthly, difference FROM (SELECT DATE_TRUNC('month', sold_at) AS monthly, COUNT(*) - "
        "LAG(COUNT(*)) OVER (ORDER BY DATE_TRUNC('month', sold_at)) AS difference FROM sales "
        "GROUP BY DATE_TRUNC('month', sold_at)) AS s WHERE YEAR(monthly) = 2021",
        "SELECT monthly, difference FROM (SELECT STRFTIME('%Y-%m', sold_at) AS monthly, COUNT(*) - "
        "LAG(COUNT(*)) OVER (ORDER BY STRFTIME('%Y-%m', sold_at)) AS difference FROM sales "
        "GROUP BY STRFTIME('%Y-%m', sold_at)) AS s WHERE SUBSTR(monthly, 1, 4) = '2021'",
        duckdb="SELECT MONTH(sold_at) AS month, COUNT(*) - LAG(COUNT(*)) OVER (ORDER BY YEAR(sold_at), "
        "MONTH(sold_at)) AS difference FROM sales GROUP BY YEAR(sold_at), MONTH(sold_at) "
        "QUALIFY YEAR(sold_at) = 2021",
        dates=True,
        by_date=True,
        series=False,
        firm=True,
    ),
    SqlRecipe(
        rf"{_EACH_MONTH}.*{_MONTH_BEFORE}",
        "how did the number of sales change from each month to the next?",
        "SELECT DATE_TRUNC('month', sold_at) AS month, COUNT(*) - LAG(COUNT(*)) OVER (ORDER BY "
        "DATE_TRUNC('month', sold_at)) AS change FROM sales GROUP BY DATE_TRUNC('month', sold_at)",
        "SELECT STRFTIME('%Y-%m', sold_at) AS month, COUNT(*) - LAG(COUNT(*)) OVER (ORDER BY "
        "STRFTIME('%Y-%m', sold_at)) AS change FROM sales GROUP BY STRFTIME('%Y-%m', sold_at)",
        dates=True,
        by_date=True,
        series=False,
        firm=True,
    ),
)

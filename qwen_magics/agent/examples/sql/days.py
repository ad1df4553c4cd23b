"""Worked SQL examples about days: how many there were, which of the week they are, also where a table has
year, month and day instead of a date.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import EXTREME, MEAN

__all__ = ["SQL_DAYS"]

_WEEKDAY = r"(mon|tues|wednes|thurs|fri|satur|sun)days?"
_AVERAGE_DAY = (
    rf"\b(an? |the )?(average|mean|typical|usual) {_WEEKDAY}\b|^(?=.*{MEAN})(?=.*\b(more|fewer|less|than"
    r"|differ\w*|exceed|minus|subtract|gap|compar\w*|over and above)\b)"
    rf"(?=.*\b{_WEEKDAY}\b.*\b{_WEEKDAY}\b)"
)
_DAYS_OF_WEEK = (
    rf"^(?!.*{EXTREME})(?!.*\bweekends?\b)(?!.*\b(average|avg|mean)\b).*(\b(week ?days?"
    r"|days? of (the )?week)\b|\bmondays\b.*\btuesdays\b)|星期"
)
# One of the seven by its number of rows; by a measure is another kind.
_WHICH_WEEKDAY = (
    r"^(?!.*\b(?:average|avg|mean|median|total|sum|than|each|every|per|percent\w*|share|hours?|years?"
    r" \d+)\b)"
    r"(?=.*\b(?:which|what) (?:week ?day|day of (?:the )?week)\b|.*\b(?:week ?day|day of (?:the )?week) "
    r"(?:has|have|had|with|sees|saw|is|was)\b).*"
)
_DAYS = r"((different |distinct |separate |calendar )?(days|dates))"

# On which date, and no day of the week or the month.
_WHICH_DATE = (
    r"^(?!.*\b(?:week ?days?|days? of (?:the )?(?:week|month)|hours?|average|avg|mean|total|sum|than"
    r"|before|after|each|every|per|against|compared|previous|ris\w+|rose|fall\w*|fell|drop\w*|gr[eo]w\w*|increas\w+"
    r"|decreas\w+|chang\w+|jump\w*|gain\w*|lost|los[es]\w*)\b)"
    r"(?=\W*(?:(?:on|at) )?(?:which|what) (?:calendar )?(?:date|day)\b|.*\bon (?:which|what)"
    r" (?:calendar )?(?:date|day)\b).*"
)

SQL_DAYS = (
    SqlRecipe(
        rf"{_WHICH_DATE}\b(?:fewest|least|quietest)\b",
        "on which date were there the fewest sales?",
        "SELECT year, month, day FROM sales GROUP BY year, month, day ORDER BY COUNT(*) LIMIT 1",
        calendar=True,
    ),
    SqlRecipe(
        rf"{_WHICH_DATE}\b(?:most|busiest)\b",
        "on which date were there the most sales?",
        "SELECT year, month, day FROM sales GROUP BY year, month, day ORDER BY COUNT(*) DESC LIMIT 1",
        calendar=True,
    ),
    SqlRecipe(
        # There may be several rows of a day. Against the days before it is another kind.
        # There may be several rows of a day. Against the days before it is another kind.
        r"^(?!.*\b(between|longest|shortest|average|mean|records?|before|previous|prior|preceding|ever"
        r"|passed|in a row"
        r"|running|consecutive|take|everything|last)\b)"
        rf"(?!.*{EXTREME}).*"
        rf"(\b(on|in|for|during) how many {_DAYS}|\bhow many {_DAYS} (had|have|has|with|saw|were|was|did"
        r"|it|when|where|on)\b"
        rf"|\b(number|count) of {_DAYS} (on|when|where|with|that)\b|\bcount (the )?{_DAYS} (on|when|where"
        r"|with|that)\b"
        rf"|^\W*{_DAYS} on which\b.*\bhow many\b)",
        "on how many days was the price above 10?",
        "SELECT COUNT(DISTINCT CAST(sold_at AS DATE)) FROM sales WHERE price > 10",
        "SELECT COUNT(DISTINCT DATE(sold_at)) FROM sales WHERE price > 10",
        dates=True,
    ),
    SqlRecipe(
        _AVERAGE_DAY,
        "how many more sales are there on an average Sunday than on an average Tuesday?",
        "WITH days AS (SELECT MAKE_DATE(year, month, day) AS placed, COUNT(*) AS n FROM sales "
        "GROUP BY year, month, day) "
        "SELECT AVG(CASE WHEN DAYNAME(placed) = 'Sunday' THEN n END) - "
        "AVG(CASE WHEN DAYNAME(placed) = 'Tuesday' THEN n END) FROM days",
        "WITH days AS (SELECT PRINTF('%04d-%02d-%02d', year, month, day) AS placed, COUNT(*) AS n FROM sales "
        "GROUP BY year, month, day) "
        "SELECT AVG(CASE WHEN STRFTIME('%w', placed) = '0' THEN n END) - "
        "AVG(CASE WHEN STRFTIME('%w', placed) = '2' THEN n END) FROM days",
        calendar=True,
    ),
    SqlRecipe(
        _AVERAGE_DAY,
        "how many more sales are there on an average Sunday than on an average Tuesday?",
        "WITH days AS (SELECT CAST(sold_at AS DATE) AS placed, COUNT(*) AS n FROM sales "
        "GROUP BY CAST(sold_at AS DATE)) "
        "SELECT AVG(CASE WHEN DAYNAME(placed) = 'Sunday' THEN n END) - "
        "AVG(CASE WHEN DAYNAME(placed) = 'Tuesday' THEN n END) FROM days",
        "WITH days AS (SELECT DATE(sold_at) AS placed, COUNT(*) AS n FROM sales GROUP BY DATE(sold_at)) "
        "SELECT AVG(CASE WHEN STRFTIME('%w', placed) = '0' THEN n END) - "
        "AVG(CASE WHEN STRFTIME('%w', placed) = '2' THEN n END) FROM days",
        dates=True,
        series=False,
    ),
    *(
        SqlRecipe(
            rf"{_WHICH_WEEKDAY}\b(?:{words})\b",
            f"on which day of the week were there the {word} sales?",
            f"SELECT DAYNAME({day}) AS weekday FROM sales GROUP BY DAYNAME({day}) "
            f"ORDER BY COUNT(*){order} LIMIT 1",
            f"SELECT STRFTIME('%w', {lite}) AS weekday FROM sales GROUP BY weekday "
            f"ORDER BY COUNT(*){order} LIMIT 1",
            calendar=calendar,
            dates=not calendar,
        )
        for words, word, order in (
            ("fewest|least|quietest|slackest", "fewest", ""),
            ("most|busiest", "most", " DESC"),
        )
        for day, lite, calendar in (
            ("MAKE_DATE(year, month, day)", "PRINTF('%04d-%02d-%02d', year, month, day)", True),
            ("sold_at", "sold_at", False),
        )
    ),
    SqlRecipe(
        _DAYS_OF_WEEK,
        "how many sales are there on each day of the week?",
        "SELECT DAYNAME(MAKE_DATE(year, month, day)) AS weekday, COUNT(*) AS sales FROM sales "
        "GROUP BY DAYNAME(MAKE_DATE(year, month, day))",
        "SELECT STRFTIME('%w', PRINTF('%04d-%02d-%02d', year, month, day)) AS weekday, COUNT(*) AS sales "
        "FROM sales GROUP BY weekday",
        calendar=True,
    ),
    SqlRecipe(
        rf"\b({_WEEKDAY}|weekends?)\b|周[一二三四五六日末]",
        "how many sales are there on Sundays?",
        "SELECT COUNT(*) FROM sales WHERE DAYNAME(MAKE_DATE(year, month, day)) = 'Sunday'",
        "SELECT COUNT(*) FROM sales WHERE STRFTIME('%w', PRINTF('%04d-%02d-%02d', year, month, day)) = '0'",
        calendar=True,
    ),
)

"""How SQL says what questions of a kind ask for: worked examples.

For the kinds that a small model gets wrong although it knows the words: parts of dates, the best row of each
group, a running total, a share of all. The most particular come first.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.words import (
    ABOVE,
    BEFORE,
    COUNT,
    EACH,
    FALL,
    FEW,
    FREQUENT,
    HIGHER,
    MEAN,
    MOVED,
    NEXT,
    NTH,
    NUMBER,
    PERCENT,
    RISE,
    SUM,
    SUPERLATIVE,
    TIMES,
    TWO_YEARS,
    UNIT,
    YEAR,
    not_saying,
    saying,
)

__all__ = ["SQL_EXAMPLES"]

_DIFFERENCE = (
    rf"(?:\b(?:difference|gap|minus|subtract\w*|exceed\w*|how far|differ)\b|{HIGHER}.*\bthan\b"
    rf"|\bless (?:the )?\w+"
    r"|\b(?:above|below) (?:that|the)\b|\bhow much (?:\w+ )?(?:is|are|was|were)\b|相差)"
)
# "In which month …", "when …", "the date of …": what is asked for is a time.
_WHEN = (
    rf"(?:\b(?:in|on|at|during|for)? ?(?:which|what) (?:{UNIT}|times?|moments?|timestamps?)\b"
    r"|^\W*when\b|\b(?:tell me|find|show|say|know) when\b|\bwhen (?:was|were|did|is)\b"
    r"|^\W*(?:which|what) (?:was|were|is) the \w+ (?:year|quarter|month|week|day|date|hour)\b"
    r"|^\W*(?:(?:find|give|tell|list|show|name|me|us|all|every|the) )*(?:dates?|days?|times?"
    r"|timestamps?|moments?)"
    r" (?:of|on|at|when|where|with|that|which)\b)"
)
_NO_FIGURE = not_saying(
    r"\bhow (?:many|much|often)\b", MEAN, r"\b(?:total|sum|number of)\b", PERCENT, BEFORE, NEXT, EACH, TIMES
)
_NEWEST = (
    r"\b(?:earliest|latest|newest|oldest|(?:most|least) recent(?:ly)?|current|final"
    r"|(?:first|last)(?! (?:and|names?|parts?|words?|pieces?|spaces?|letters?|characters?|quarter"
    r"|half|week|months?"
    r"|years?|days?|\d+)\b))\b"
)
_GROUPS = rf"(?:{EACH}|\bwithin (?:each|the)\b|^\W*by (?:\w+ ){{0,2}}\w+[,:])"
_BANDS = r"(?:bands?|buckets?|brackets?|ranges?|class(?:es)?|steps?|intervals?|slices?|bins?|groups?)"
_DECADES = (
    r"\bdecades?\b|\b(?:ten|10)[- ]years? (?:periods?|groups?|spans?|intervals?|bands?|bins?)\b"
    r"|\b(?:\d\d)?\d0s\b.*\b(?:\d\d)?\d0s\b|\b(?:by|to the|in) tens?\b(?! \w)|年代"
)
_BOTH_PLACES = r"\b(in|at|on|under|to|for|from|by|with) [^,.?]{1,40} and (?:also )?(?:in |at |on )?\1 "
_POSSESSIVE = "['’]"
_NO_CHANGE = not_saying(
    PERCENT,
    SUPERLATIVE,
    TIMES,
    "growth rate",
    "same",
    "equivalent",
    "how (?:often|frequently)",
    "how many (?:times|occasions|days|weeks|months|years)",
    "(?:number|count) of (?:times|days|weeks|months|quarters|years|nights)",
    "rows?\\b",
    "twelve|[0-9]+ (?:rows|months|days|weeks|lines|entries)",
)

_LATEST_OF_EACH = (
    r"^"
    + not_saying(NTH, BEFORE, MEAN, COUNT, "position of", SUM)
    + rf"(?:(?=.*(?:{_GROUPS}|\b(?:each|every) \w+'s)).*(?:{_NEWEST}|\blast\b.*\b(?:measured"
    rf"|known|seen|visit)|\b(?:who|which|what)\b[^,.;?]*\b(?:first|earliest|oldest|last)\b"
    r"(?! (?:names?|words?|letters?|half|quarter|few|\d|of all|time|day|month|year))"
    r")|.*每.*(?:最新|最近|最早))"
)

SQL_EXAMPLES = (
    SqlRecipe(
        r"^"
        + saying(TWO_YEARS)
        + not_saying(PERCENT, EACH, SUPERLATIVE, "times 100|percentage")
        + rf".*(?:{TIMES}|\b(?:relative to|outnumber\w*|times over)\b|\bcompared (?:to|with)\b"
        rf"(?!.*{MOVED}))",
        "how many times as many sales were there in 2022 as in 2021?",
        "SELECT 1.0 * SUM(CASE WHEN YEAR(sold_at) = 2022 THEN 1 ELSE 0 END) / "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN 1 ELSE 0 END) FROM sales",
        "SELECT 1.0 * SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN 1 ELSE 0 END) / "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN 1 ELSE 0 END) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"^"
        + saying(TWO_YEARS, MOVED)
        + not_saying(EACH, SUPERLATIVE, "(?:percent(?:age)?|share) of")
        + rf".*(?:{PERCENT}|\b(?:relative|growth rate)\b)",
        "by how many percent did the total price grow from 2021 to 2022?",
        "SELECT 100.0 * (SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE 0 END) / "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN price ELSE 0 END) - 1) FROM sales",
        "SELECT 100.0 * (1.0 * SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE 0 END) / "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN price ELSE 0 END) - 1) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"^"
        + saying(TWO_YEARS)
        + not_saying(
            EACH,
            SUPERLATIVE,
            TIMES,
            r"(?:%|percent)(?! )",
            r"percent(?:age)? ",
            BEFORE,
            COUNT + ".*" + ABOVE + " [0-9]",
        )
        + rf".*(?:{MOVED}|{_DIFFERENCE})",
        "by how much did the total price grow from 2021 to 2022?",
        "SELECT SUM(CASE WHEN YEAR(sold_at) = 2022 THEN price ELSE 0 END) - "
        "SUM(CASE WHEN YEAR(sold_at) = 2021 THEN price ELSE 0 END) FROM sales",
        "SELECT SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2022' THEN price ELSE 0 END) - "
        "SUM(CASE WHEN STRFTIME('%Y', sold_at) = '2021' THEN price ELSE 0 END) FROM sales",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(PERCENT, BEFORE, SUPERLATIVE, YEAR, NEXT, MEAN, EACH + "(?!.*ratio)")
        + rf".*(?:{TIMES}|\b(?:as a quotient|outnumber\w*|times as (?:often|likely))\b|\bthere "
        rf"(?:are )?per\b)",
        "how many times as many sales are there in Rome as in Oslo?",
        "SELECT 1.0 * SUM(CASE WHEN city = 'Rome' THEN 1 ELSE 0 END) / "
        "SUM(CASE WHEN city = 'Oslo' THEN 1 ELSE 0 END) FROM sales",
        values=2,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            EACH,
            BEFORE,
            PERCENT,
            SUPERLATIVE,
            NEXT,
            TWO_YEARS,
            r"deviat\w+",
            "own",
            "their",
            "overall",
            "absolute",
            "from its",
            r"statistics?",
        )
        + rf".*(?:\b(?:difference|gap|minus|subtract\w*|how far)\b|{MEAN}.* less {MEAN}|\bby how "
        rf"(?:much|many)\b|相差"
        rf"|\bhow (?:much|many)(?: \w+)? {HIGHER}|\bhow much\b.*{HIGHER})",
        "how much higher is the average price in Rome than in Oslo?",
        "SELECT AVG(CASE WHEN city = 'Rome' THEN price END) - AVG(CASE WHEN city = 'Oslo' THEN price END) "
        "FROM sales",
        values=2,
    ),
    SqlRecipe(
        r"^"
        + not_saying(MEAN, SUM, COUNT, r"compar\w+", r"correl\w+", EACH, r"differ\w*|minus", PERCENT)
        + r".*(?:\b(?:both|alike|in common|common to|intersection|as well as|and also|and "
        r"(?:\w+ ){1,4}too)\b|都有"
        rf"|\bplus the\b|{_BOTH_PLACES})",
        "which product is there in both Rome and Oslo?",
        "SELECT product FROM sales WHERE city IN ('Rome', 'Oslo') GROUP BY product "
        "HAVING COUNT(DISTINCT city) = 2",
        values=2,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            BEFORE,
            TWO_YEARS,
            NEXT,
            SUPERLATIVE,
            PERCENT,
            EACH,
            r"correl\w+",
            "how (?:much|many)",
            "same",
            "times as",
        )
        + r".*(?:\b(?:compar(?:e[ds]?|ing)|contrast|versus|vs|differ(?:s|ence)? between|both"
        r"|side by side"
        r"|against (?:each other|one another)|next to|(?:these|the) two)\b|\bhow do"
        r"(?:es)? .* differ\b"
        rf"|{MEAN}.*{_BOTH_PLACES}|相比|对比|比较)",
        "compare Rome and Oslo by their average price",
        "SELECT city, AVG(price) FROM sales WHERE city IN ('Rome', 'Oslo') GROUP BY city",
        values=2,
    ),
    SqlRecipe(
        r"\b(?:century|centuries)\b|\b1[5-9]00s\b|世纪|\bhundred[- ]years?\b|\b(?:each|every"
        r"|per) hundred\b"
        rf"|{MEAN}.*\b{_BANDS} of (?:an? |one )?(?:100|hundred)\b",
        "average price of each century of week",
        "SELECT FLOOR(week / 100) * 100 AS century, AVG(price) FROM sales GROUP BY FLOOR(week / 100) * 100",
    ),
    SqlRecipe(
        rf"\b{_BANDS} of \d|\b(?:price|age|size|weight|height|income|salary) {_BANDS}\b"
        rf"|\bhistogram\b"
        rf"|\b{_BANDS} (?:\w+ ){{0,3}}\d[\d.]*(?: \w+)? wide\b|\bbin(?: width|s)\b"
        rf"|\b(?:each|every|by|per|in|into) \d[\d.]*[- ]?\w* (?:\w+ )?{_BANDS}\b",
        "how many sales are there in each price band of 10?",
        "SELECT FLOOR(price / 10) * 10 AS band, COUNT(*) AS sales FROM sales GROUP BY FLOOR(price / 10) * 10",
    ),
    SqlRecipe(
        _DECADES,
        "average price of each decade of sold_at",
        "SELECT FLOOR(YEAR(sold_at) / 10) * 10 AS decade, AVG(price) FROM sales "
        "GROUP BY FLOOR(YEAR(sold_at) / 10) * 10",
        "SELECT STRFTIME('%Y', sold_at) - STRFTIME('%Y', sold_at) % 10 AS decade, AVG(price) FROM sales "
        "GROUP BY STRFTIME('%Y', sold_at) - STRFTIME('%Y', sold_at) % 10",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        _DECADES,
        "number of sales and average price of each decade; week is the year itself, such as 1987",
        "SELECT FLOOR(week / 10) * 10 AS decade, COUNT(*) AS n, AVG(price) AS mean FROM sales "
        "GROUP BY FLOOR(week / 10) * 10",
        # No week / 10 * 10: a division that drops what is behind the point is asked about elsewhere.
        "SELECT week - week % 10 AS decade, COUNT(*) AS n, AVG(price) AS mean FROM sales "
        "GROUP BY week - week % 10",
        by_date=False,
    ),
    SqlRecipe(
        r"\b\d{1,2}(?::\d\d)? ?(?:am\b|pm\b|[ap]\.m\.|o'clock\b)|\bin the (?:small hours"
        r"|afternoon|morning|evening)\b"
        r"|\b\d{1,2}:\d\d\b|\b(?:noon|midnight|(?:which|what|each|per|by) hour)\b|[0-9]点",
        "average price at 5 in the afternoon in June",
        "SELECT AVG(price) FROM sales WHERE HOUR(sold_at) = 17 AND MONTH(sold_at) = 6",
        "SELECT AVG(price) FROM sales WHERE STRFTIME('%H', sold_at) = '17' "
        "AND STRFTIME('%m', sold_at) = '06'",
        dates=True,
    ),
    SqlRecipe(
        r"^"
        + saying(PERCENT)
        + not_saying(EACH, MEAN, SUPERLATIVE)
        # "Of the rows above 6 in 1960": there the years are columns.
        + rf"(?:(?!.*{YEAR}).*{ABOVE} {NUMBER}.*{ABOVE} {NUMBER}|\W*(?:out )?of (?:the|those|all)\b"
        r".*\b(?:that|which|who|where|with)\b.*"
        r"\b(?:percent(?:age)?|share|proportion|fraction)\b)",
        "of the sales that had a price above 10, what percentage had a weight below 2?",
        "SELECT 100.0 * SUM(CASE WHEN weight < 2 THEN 1 ELSE 0 END) / COUNT(*) FROM sales WHERE price > 10",
    ),
    SqlRecipe(
        rf"^{_NO_FIGURE}"
        + saying(_WHEN)
        + not_saying("(?:first|last) time", ABOVE + " [0-9]")
        + rf".*(?:{SUPERLATIVE}|\ball[- ]time high\b)",
        "when was the price highest?",
        "SELECT sold_at, price FROM sales ORDER BY price DESC LIMIT 1",
        series=True,
        dates=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            "how (?:many|much|often)",
            MEAN,
            "total|sum|number of",
            PERCENT,
            BEFORE,
            NEXT,
            SUPERLATIVE,
            TIMES,
            "then",
            "adding up",
            "in all",
            "always|at all times",
        )
        + rf"(?:.*(?:\b(?:in|on|at|during|for) (?:which|what) (?:{UNIT}|times?)\b|\bwhen (?:was"
        rf"|were|did)\b)"
        r"|\W*(?:which|what) (?:was|were|is) the \w+ (?:year|quarter|month|week|day|date|hour)\b"
        rf"|(?=.*(?:{ABOVE}|\bbeyond\b) \d).*\b(?:when|dates?|days?|times|timestamps?)\b)",
        "when was the price above 10?",
        "SELECT sold_at FROM sales WHERE price > 10",
        series=True,
        dates=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            "(?:moving|rolling|running) (?:total|sum)",
            "[0-9][- ][a-z]+ (?:moving |rolling )?(?:total|sum)",
            "highest|greatest|largest|peak",
        )
        + rf".*(?:\b(?:moving|rolling|sliding|trailing|smooth\w*)\b|\brunning [\w -]{{0,15}}{MEAN}"
        rf"|滚动|移动平均"
        rf"|{MEAN}(?: \w+){{0,3}} (?:over|of) [\w ]{{0,30}}\b(?:{FEW} before|(?:last|latest"
        rf"|previous|preceding) (?:{FEW} )))",
        "moving average of the price over 3 sold_at",
        "SELECT sold_at, AVG(price) OVER (ORDER BY sold_at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) "
        "AS moving FROM sales",
    ),
    SqlRecipe(
        r"running|cumulat|accumulat|year[- ]to[- ]date|累计|\bgrowing total\b"
        rf"|^(?=.*(?:{EACH}|\b(?:over the|{UNIT} (?:after|by|and)|year and|by {UNIT})\b)).*"
        rf"\b(?:so far|to date|until then|up to then|by each {UNIT}|buil[dt] up)\b",
        "running total of the number of sales by week",
        "SELECT week, SUM(COUNT(*)) OVER (ORDER BY week) AS running FROM sales GROUP BY week",
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            r"rank of",
            _POSSESSIVE + "s rank",
            "percentile",
            "which rank",
            NTH,
            r"(?:with)?in (?:its|their|each|the) ",
            PERCENT,
        )
        + r".*(?:\brank(?:ed|ing|s)?\b(?! correlation)|\bleague table\b|排名"
        r"|\b(?:each|every)\b.*\b(?:place|position)\b|\bwhere do(?:es)? (?:every|each"
        r"|the)\b.*\bstand\b"
        r"|\b(?:their|each one's|the) (?:place|position)(?: number)?\b.*\bby\b)",
        "rank each shop_id by its total price",
        "SELECT shop_id, RANK() OVER (ORDER BY SUM(price) DESC) AS place FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        r"^"
        + saying(SUPERLATIVE)
        + not_saying(TWO_YEARS, "(?<!not )" + PERCENT, "growth rate", "relative terms", NTH, EACH)
        + rf"(?=.*(?:{_WHEN}|{BEFORE}|{NEXT}|\b(?:since|prior|one[- ](?:day|week|month|year))\b)).*"
        rf"(?:{FALL}|\b(?:furthest|most) below\b)",
        "on which sold_at did the price fall the most against the one before?",
        "SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change FROM sales "
        "ORDER BY change LIMIT 1",
    ),
    SqlRecipe(
        r"^"
        + saying(SUPERLATIVE)
        + not_saying(TWO_YEARS, "(?<!not )" + PERCENT, "growth rate", "relative terms", NTH, EACH)
        + rf"(?=.*(?:{_WHEN}|{BEFORE}|{NEXT}|\b(?:since|prior|one[- ](?:day|week|month|year))\b)).*"
        rf"(?:{RISE}|\b(?:furthest|most) above\b)",
        "on which sold_at did the price rise the most against the one before?",
        "SELECT sold_at, price - LAG(price) OVER (ORDER BY sold_at) AS change FROM sales "
        "ORDER BY change DESC LIMIT 1",
    ),
    SqlRecipe(
        r"^"
        + not_saying(MOVED, EACH, r"correl\w+")
        + rf"(?:.*\bdays (?:that )?(?:ever )?(?:passed|went by)\b|(?=.*(?:{SUPERLATIVE}|{MEAN}"
        rf"|\bat most\b))"
        rf"(?:(?=.*\b(?:days?|time|long|hours|weeks)\b).*(?:{NEXT}|\b(?:one|each|an?) [\w ]+ "
        rf"(?:and|to) (?:its|the|their) (?:next|following)"
        r"|from each to)|.*\b(?:gaps?|pause|interval|break|wait|hole)\b))",
        "what was the longest time in days between one sold_at and the next?",
        "SELECT MAX(DATE_DIFF('day', previous, sold_at)) FROM (SELECT sold_at, LAG(sold_at) OVER "
        "(ORDER BY sold_at) AS previous FROM sales) AS s",
        "SELECT MAX(JULIANDAY(sold_at) - JULIANDAY(previous)) FROM (SELECT sold_at, LAG(sold_at) OVER "
        "(ORDER BY sold_at) AS previous FROM sales) AS s",
        dates=True,
    ),
    SqlRecipe(
        rf"^{_NO_CHANGE}"
        rf"(?=.*(?:{EACH}|{NEXT}|\bchange|\bminus\b|\bdifference\b))"
        rf"(?:(?=.*(?:{MOVED}|\b(?:differ|vari|vary|minus|relative|compar)|{HIGHER}.*\bthan\b))"
        rf".*(?:{BEFORE}|{NEXT}|\bfrom each\b)|.*环比"
        r"|.*\b(?:year|month|week|quarter|day)[- ](?:over|on)[- ](?:year|month|week|quarter"
        r"|day)\b)",
        "by how much did the number of sales change from each week to the next?",
        "SELECT week, COUNT(*) - LAG(COUNT(*)) OVER (ORDER BY week) AS change FROM sales GROUP BY week",
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            r"how (?:much|far)",
            r"differ\w*",
            "gap",
            EACH,
            PERCENT,
            "general",
            r"deviat\w+",
            ABOVE + " [$€£]?[0-9]",
        )
        + rf"(?=.*(?:{ABOVE}|{HIGHER} than|{HIGHER}.*\bthan\b|\b(?:over|beat\w*|compared with)\b))"
        rf".*(?:{MEAN}.*\b(?:own|same|respective|(?:of|for) (?:their|its"
        rf"|the \w+ (?:they|it|(?:that|who) \w+ (?:it|them))))\b"
        rf"|\b(?:own|their|its|(?:class|team|ward|group|region|department)"
        rf"(?:'s)?) [\w' ]{{0,25}}{MEAN})",
        "how many sales have a price above the average of their own shop_id?",
        "SELECT COUNT(*) FROM (SELECT price, AVG(price) OVER (PARTITION BY shop_id) AS mean FROM sales) AS s "
        "WHERE price > mean",
        firm=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            "quarters?",
            "(?:sort|order)(?:ed|ing)? ",
            "the [a-z]+ (?:it|they) ",
            r"(?:second|third) (?:half|week|month|day|word|letter|part|piece)",
            NTH + " of (?:each|every|the) month",
        )
        + rf"(?=.*(?:{_GROUPS}|\bby \w+,))"
        rf".*(?:{NTH}|\bsecond[- ])",
        "which product has the second highest price in each shop_id?",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn = 2",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) = 2",
        firm=True,
    ),
    SqlRecipe(
        _LATEST_OF_EACH,
        "price of the latest sale of each shop_id, by sold_at",
        "SELECT shop_id, price FROM (SELECT shop_id, price, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY sold_at DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        "SELECT shop_id, price, MAX(sold_at) FROM sales GROUP BY shop_id",
        duckdb="SELECT shop_id, price FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY sold_at DESC) = 1",
        dates=True,
        named=1,
    ),
    SqlRecipe(
        _LATEST_OF_EACH,
        "the product of the latest sale of each shop_id, by sold_at, and when that was",
        "SELECT shop_id, product, sold_at FROM (SELECT shop_id, product, sold_at, ROW_NUMBER() OVER "
        "(PARTITION BY shop_id ORDER BY sold_at DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        "SELECT shop_id, product, MAX(sold_at) FROM sales GROUP BY shop_id",
        duckdb="SELECT shop_id, product, sold_at FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY sold_at DESC) = 1",
        dates=True,
    ),
    SqlRecipe(
        rf"^(?!.*(?:{FREQUENT}|{NTH}|{PERCENT}|{MEAN}|{MOVED}|{COUNT}|\bwhich {FEW} \w+|\b"
        rf"(?:top )?{FEW} (?:\w+ )?(?:{SUPERLATIVE}|with the)|most times))"
        r"(?:(?=.*\b(?:which|what|who)\b)(?!.*\bwhat(?:'s| is| was| are| were) the (?:highest"
        r"|lowest|maximum|minimum|max|min)\b)"
        rf"(?=.*(?:\b(?:each|every|per|for all)\b)).*{SUPERLATIVE}"
        rf"|.*\b(?:for|of|in|on) (?:each|every)\b.*\bthe [\w ]+ (?:that|which|who|with"
        rf"|where)\b.*{SUPERLATIVE}"
        rf"|\W*the [\w ]+ (?:that|which|who|with|where)\b.*{SUPERLATIVE}.*\b(?:of|in|for|per|by) "
        rf"(?:each|every)\b"
        rf"|.*\b(?:each|every) \w+'s {SUPERLATIVE}|.*每.*最)",
        "for each shop_id, which product has the highest price?",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        "SELECT shop_id, product, MAX(price) FROM sales GROUP BY shop_id",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) = 1",
    ),
    SqlRecipe(
        r"^"
        + not_saying(COUNT, PERCENT, "(?:for|of|in|on) each", r"overall", "relative", BEFORE, NTH)
        + rf"(?!\W*how\b|\W*(?:(?:what|how)(?:'s| is| was| are| were| \w+)|give|tell|compute"
        rf"|calculate|show|find)?(?: me)?(?: the)? ?{MEAN})"
        rf".*(?:{MEAN}.*{ABOVE} [$€£]? ?\d|{ABOVE} [$€£]? ?\d.*\bon average\b)",
        "which shop_id has an average price above 5?",
        "SELECT shop_id, AVG(price) FROM sales GROUP BY shop_id HAVING AVG(price) > 5",
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            r"own", EACH, r"how (?:much|far)", "gap", r"deviat\w+", r"relative\w*", PERCENT, r"differ\w*"
        )
        + rf".*{MEAN}.*(?:{ABOVE}|{HIGHER}|\b(?:beats?|better|surpass\w*)\b).*(?:{MEAN}|\b"
        rf"(?:overall|all)\b)",
        "which shop_id has an average price above the average price of all sales?",
        "SELECT shop_id FROM sales GROUP BY shop_id HAVING AVG(price) > (SELECT AVG(price) FROM sales)",
    ),
    SqlRecipe(
        rf"^(?!.*(?:\bof the {FEW}\b|{EACH}|{MEAN}|unknown|missing"
        rf"|\band the {SUPERLATIVE}))(?:(?=.*(?:{SUM}|\bmost\b))"
        rf"(?=.*{SUPERLATIVE}.*{SUPERLATIVE})"
        rf".*(?:{FREQUENT}|\b(?:used|seen|booked|sold|appears?|grown|chosen) most\b"
        rf"|\bmost often\b|\bmost \w+ times\b)"
        rf"|.*\b(?:which|what)\b.*\bthe [\w ]+ (?:with|that (?:has|had)|which (?:has|had)) the "
        rf"(?:\w+ )?{SUPERLATIVE}.*{SUPERLATIVE})",
        "which product has the shop_id with the highest total price sold most often?",
        "SELECT product FROM sales WHERE shop_id IN (SELECT shop_id FROM sales GROUP BY shop_id "
        "ORDER BY SUM(price) DESC LIMIT 1) GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1",
        firm=True,
    ),
)

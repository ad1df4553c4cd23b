"""Worked SQL examples of the plainer kinds: what belongs to the one with the most, counts of groups, shares
of a whole, parts of dates, places in an order, texts, what is missing. The most particular come first.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.words import (
    ABOVE,
    BEFORE,
    COUNT,
    EACH,
    FEW,
    HIGHER,
    MEAN,
    MISSING,
    MONTH,
    MOVED,
    NEXT,
    NTH,
    NUMBER,
    PERCENT,
    SUM,
    SUPERLATIVE,
    TIMES,
    TWO_YEARS,
    YEAR,
    not_saying,
    saying,
)

__all__ = ["SQL_BASICS"]

_WEEKDAYS = r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
# "May 5", "5 May", "2021-05-05", "the 5th of May".
_DATE = rf"(?:{MONTH} \d|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|{YEAR}-\d\d-\d\d)"
_YEARLY = (
    r"(?:\b(?:each|every|per|by|over the)\b[\w ]*\b(?:year|month|quarter|weekday"
    r"|day of the week)\b(?! \d)|\bover the years\b"
    r"|\b(?:(?:year|month|quarter)ly (?:counts?|means?|averages?|numbers?|totals?|sums?)"
    r"|annual (?:counts?|means?|averages?|number|totals?|sums?)|annually|per annum|(?:year"
    r"|month)[- ](?:by|after)[- ](?:year|month)|year and)\b|\blist the years\b|每[年月])"
)
# "In week 5", "month 3".
_PERIOD = r"\b(?:year|season|quarter|month|week|day|round) \d+\b"
# Changes and running counts are other kinds.
_YEAR_ONLY = not_saying(
    BEFORE,
    NEXT,
    r"\bso far\b",
    r"\b(?:until|up to) then\b",
    "earlier",
    PERCENT,
    r"\bend(?:ed)?\b",
    "always|consistently",
    "not one",
    r"percentiles?",
    "until|through",
    "rolling",
    TWO_YEARS,
    "mean (?:monthly )?(?:count|number)|monthly average",
)
# "Of the team's goals": a share within a group.
_OF_ITS_GROUP = r"\bthe \w+'s\b|\b(?:whole|total) [\w ]+ of the\b"
_PERCENTILE = r"percentile|\brank|^\W*by \w+,|\b(\w+) by \1\b"
# "More than 20 percent of" is a figure, and no share that is asked for.
_SHARE_ASKED = rf"(?=.*(?:(?<!\d )(?<!\d){PERCENT}|\bhow much of\b.*%))"
# "What percentage of the units gets sent back, for each": what becomes of a part of each one's own.
_DONE_TO = (
    rf"{PERCENT} of (?!all\b)(?:the |its |their |our )?(?:\w+ ){{1,3}}?(?:gets?|got|is|are|was|were)"
    r" (?:\w+ed|sent|lost|sold|paid|broken|stolen|kept|thrown|brought|given)\b"
)
# What a share of an amount is one of: there rows are not counted.
_AMOUNTS = (
    r"\b(?:per ?cent(?:age)?|share|proportion|fraction|part|%|of)"
    r" (?:of )?(?:all |the |our |whole |total |entire |overall )*"
    r"(?:money|amounts?|revenues?|turnover|value|units|income|spending|costs?|volume|population)\b"
)
_MORE = r"(?:per ?cent|%) (?:more|less|fewer|higher|lower|larger|smaller)\b"
_NO_CHANGE = not_saying(
    BEFORE, NEXT, MOVED, SUPERLATIVE, HIGHER + ".*than (?!" + NUMBER + ")", "proportion to", TIMES
)
_KNOWN = (
    r"\b(?:known|recorded|given|measured|reported|stated|non[- ](?:empty|null|missing)|not (?:missing"
    r"|null|empty)"
    r"|isn't (?:missing|null|empty)|nulls?|on file|missing|without|leaving out|ignoring|ha(?:s"
    r"|ve) an?|state an?"
    r"|logged)\b"
)
_NOT_COUNTED = (
    r"\b(?:except|exclud\w+|leav(?:e|ing) (?:out|aside)|left (?:out|aside)|skip\w*|ignor\w+"
    r"|disregard\w*|other than"
    r"|not counting|aside|with none|don't count|and missing)\b"
)
_DASH = r"(?:\b(?:dash|hyphen)(?:es|s|ated)?\b|['\"(]-['\")])"
_TEXT = (
    r"\b(?:names?|titles?|words?|texts?|letters|characters|urls?|descriptions?|surnames?|labels?|strings?)\b"
)
# Words of a text are counted or grouped by elsewhere.
_NO_WORDS = not_saying(
    r"\b(?:one|two|three|four|\d)[- ]words?\b",
    r"\b(?:first|last|opening|leading|closing|final) (?:\w+ ){0,3}words?\b",
    r"\b(?:each|every|according to the|(?:of|by) the first) (?:\w+ )?(?:letter|word)\b",
    r"\bwords? (?:\w+ ){1,3}(?:begin|start|end)s?\b",
    r"\b(?:which|what) (?:words?|letters?)\b",
    r"\bcharacters?\b.*\bon average\b",
)

SQL_BASICS = (
    SqlRecipe(
        rf"^(?!.*(?:{SUPERLATIVE}|{PERCENT}|{ABOVE} [$€£]? ?\d|{MEAN} (?:\w+ ){{0,4}}and\b|\band "
        rf"(?:the )?{MEAN} (?!the (?:sum|total|result))|\b(?:overall|combined) {MEAN}|{BEFORE}))"
        r".*(?:\b(?:average|mean|median)\b.*\b(?:of (?:each|every) \w+(?:'s)?|\w+'s) (?:total"
        r"|sum|number|count)\b"
        rf"|{MEAN} (?:total|sum|number|count) of (?:\w+ ){{1,2}}(?:per|each|every)\b"
        rf"|{MEAN}(?: of| over| across)? [\w' ]{{0,30}}(?:'s|s'|the|of) (?:summed|total|sums?)\b"
        rf"|(?:{SUM}|\bsum up\b).*\b(?:averaged (?:over|across)|average (?:the|them)"
        rf"|(?:{MEAN}) of (?:those|these)"
        rf"|(?:their|then(?: the)?) {MEAN}|(?:how large|how much) .*on average)"
        r"|\bon average\b.*\b(?:in total|altogether)\b)",
        "what is the average of each shop_id's total price?",
        "SELECT AVG(total) FROM (SELECT SUM(price) AS total FROM sales GROUP BY shop_id) AS totals",
        firm=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            EACH,
            PERCENT,
            "different|distinct|unique|separate",
            _NOT_COUNTED,
            NTH,
            YEAR,
            "between",
            "by (?:the )?(?:number|hit|count)",
            SUPERLATIVE + " number",
            "(?:the|top) " + FEW,
        )
        + rf"(?:(?=.*(?:{COUNT}|\bhow large\b))(?=.*{SUPERLATIVE}).*{MEAN}"
        r"|\W*how (?:many|much)\b.*\b(?:on|in|of|for|at|to|from|by) the (?:\w+ ){0,2}\w+"
        r"(?: \([^)]*\))? "
        rf"(?:with|that (?:has|had)|which (?:has|had)) the (?:\w+ )?{SUPERLATIVE})",
        "how many sales has the shop_id with the highest average price?",
        "SELECT COUNT(*) FROM sales WHERE shop_id IN (SELECT shop_id FROM sales GROUP BY shop_id "
        "ORDER BY AVG(price) DESC LIMIT 1)",
    ),
    SqlRecipe(
        r"^"
        + not_saying(MEAN, PERCENT, EACH, SUPERLATIVE, BEFORE)
        + saying(COUNT)
        + r".*\b(?:more than|fewer than|less than|at least|at most|over|in excess of|upwards of"
        r"|exactly) "
        rf"(?:(?:{FEW}|\d+)(?= \w+(?: \w+){{0,3}}\W*$| times| \w+:)|\w+ \w+\W*$|twice|once)"
        r"(?! (?:\w+ )?(?:days?|years?|hours?|miles?|metres?|meters?|feet|kilos?|people"
        r"|millions?|minutes?|seconds?|months?|weeks?|percent|euros?|dollars?|\w?[mgl])\b)",
        "how many shops have more than 100 sales?",
        "SELECT COUNT(*) FROM (SELECT shop_id FROM sales GROUP BY shop_id HAVING COUNT(*) > 100) AS busy",
        several=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            MEAN,
            PERCENT,
            SUPERLATIVE,
            "but|though|yet",
            r"correl\w+",
            EACH,
            "just never|while|of which",
            "different|distinct",
            r"includ\w+",
            _NOT_COUNTED,
        )
        + r"(?:.*\b(?:have|has|had|are|is) (?:never|no|not)\b(?! the \w+ (?:that|which|who|where)\b)"
        r"|.*\bwithout any\b|.*\bnot in\b|.*没有"
        rf"|(?=.*{COUNT}).*\b(?:(?<!or )never|nobody|no \w+ at all|with no|had no|zero|haven't|hasn't"
        rf"|lack(?:s|ing)? any|not (?:one|a single|any)|has not been)\b)",
        "how many shops have no sales?",
        "SELECT COUNT(*) FROM shops WHERE id NOT IN (SELECT shop_id FROM sales WHERE shop_id IS NOT NULL)",
    ),
    SqlRecipe(
        r"^(?:"
        + not_saying(
            ABOVE + " ?[0-9]",
            BEFORE,
            YEAR,
            "own",
            "its |their (?:own|total)",
            SUPERLATIVE,
            MOVED,
            _PERIOD,
            r"deviations?|varian\w+|minus",
            # A part of each one's rows, not each one's part of all.
            r"\b(?:(?:has|have|had|with) no|without|never|not)\b",
            rf"{ABOVE} {NUMBER}",
            _OF_ITS_GROUP,
            _DONE_TO,
        )
        + rf"(?=.*{PERCENT})"
        rf"(?:.*\b(?:distributed|breakdown|(?:to|for|by) every|their (?:percentage|share))\b"
        rf"|.*{EACH}"
        r"|.*\bby (?!e-?mail|phone|post|mail|letter|hand|card|cash|then|now|far|law)\w+,"
        r"|.*\bof (?:all|the total)\b.*\b(?:has|have|does|do)\b(?! been))"
        r"|.*占比|(?!.*\b(?:half|how few|smallest)\b).*\b(?:account(?:s|ed)? for|makes? up)\b)",
        "what percentage of all sales does each shop_id have?",
        "SELECT shop_id, 100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS percentage FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        r"^"
        + not_saying(TWO_YEARS, EACH, ABOVE + " ?[0-9]", MEAN, SUPERLATIVE, MOVED, HIGHER)
        + rf"(?=.*(?:{PERCENT}|\bhow much of\b)).*{YEAR}",
        "what percentage of the total price in 2021 came from Rome?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE YEAR(sold_at) = 2021",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE STRFTIME('%Y', sold_at) = '2021'",
        dates=True,
        by_date=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(TWO_YEARS, EACH, ABOVE + " ?[0-9]", MEAN, SUPERLATIVE, MOVED, HIGHER)
        + rf"(?=.*(?:{PERCENT}|\bhow much of\b)).*(?:{YEAR}|{_PERIOD})",
        "what percentage of the total price in week 5 came from Rome?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales "
        "WHERE week = 5",
        by_date=False,
    ),
    SqlRecipe(
        rf"^{_SHARE_ASKED}"
        + not_saying(EACH, MEAN, TWO_YEARS, _PERCENTILE)
        + rf"(?:(?=.*{_KNOWN}).*(?:{ABOVE}|\bnot?\b)|{_NO_CHANGE}.*{ABOVE} {NUMBER})",
        "what percentage of the sales with a known price is above 10?",
        "SELECT 100.0 * SUM(CASE WHEN price > 10 THEN 1 ELSE 0 END) / COUNT(price) FROM sales",
    ),
    SqlRecipe(
        # No threshold: a value, a flag, a date; "above 10" would be copied.
        rf"^{_SHARE_ASKED}" + not_saying(EACH, MEAN, TWO_YEARS, _PERCENTILE, _AMOUNTS, _MORE) + _NO_CHANGE,
        "what percentage of all sales are in Rome?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN 1 ELSE 0 END) / COUNT(*) FROM sales",
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            r"(?:name|title|letter|character)s?",
            NEXT,
            SUPERLATIVE,
            r"on (?:how many|what number of) days",
            r"days (?:that|with|on which|when)",
            r"day before",
            MISSING,
        )
        + r".*(?:\bdays?(?: \w+)? (?:between|from|until|after|late|later|early|earlier|apart"
        r"|elapsed)|\b(?:number|count) of days\b(?!,| (?:and|with|on|in|of|per)\b)"
        r"|\bhow (?:many days(?! (?:of|were|are|had|have|with)\b)|long)\b|\bin days\b|\bdays elapsed\b|相差)",
        "average number of days between sold_at and paid_at",
        "SELECT AVG(DATE_DIFF('day', sold_at, paid_at)) FROM sales",
        "SELECT AVG(JULIANDAY(paid_at) - JULIANDAY(sold_at)) FROM sales",
        dates=True,
    ),
    SqlRecipe(
        r"^" + not_saying(EACH, MOVED, PERCENT, SUPERLATIVE, r"differ\w*", TIMES) + rf".*(?:{_DATE}.*{_DATE}"
        rf"|\b(?:between|from)\b.*(?:{YEAR}|{MONTH}|\d).*\b(?:and|to|until|through)\b.*(?:{YEAR}"
        rf"|{MONTH})|\b(?:on or )?(?:after|before|since|until)\b.*(?:{YEAR}|{MONTH}|{_DATE}))",
        "how many sales were made between March 1 and May 31, 2021, both included?",
        "SELECT COUNT(*) FROM sales WHERE sold_at >= '2021-03-01' AND sold_at < '2021-06-01'",
        dates=True,
    ),
    SqlRecipe(
        rf"^{_YEAR_ONLY}(?!.*{MEAN})(?:.*{_YEARLY}|.*\b(?:which|what)\b[\w ]*\b(?:year|month"
        rf"|quarter|weekday|day of the week)\b(?! \d))",
        "how many sales were made in each year?",
        "SELECT YEAR(sold_at) AS year, COUNT(*) AS sales FROM sales GROUP BY YEAR(sold_at)",
        "SELECT STRFTIME('%Y', sold_at) AS year, COUNT(*) AS sales FROM sales GROUP BY year",
        dates=True,
        series=False,
    ),
    SqlRecipe(
        rf"^{_YEAR_ONLY}(?=.*{MEAN}).*{_YEARLY}",
        "average price in each year",
        "SELECT YEAR(sold_at) AS year, AVG(price) FROM sales GROUP BY YEAR(sold_at)",
        "SELECT STRFTIME('%Y', sold_at) AS year, AVG(price) FROM sales GROUP BY year",
        dates=True,
    ),
    SqlRecipe(
        # Of a series not "in which month": there a row is the month.
        rf"^{_YEAR_ONLY}(?!.*{MEAN}).*{_YEARLY}",
        "average price in each year",
        "SELECT YEAR(sold_at) AS year, AVG(price) FROM sales GROUP BY YEAR(sold_at)",
        "SELECT STRFTIME('%Y', sold_at) AS year, AVG(price) FROM sales GROUP BY year",
        dates=True,
        series=True,
    ),
    SqlRecipe(
        r"\bweekends?\b|周末",
        "how many sales were made at weekends?",
        "SELECT COUNT(*) FROM sales WHERE DAYNAME(sold_at) IN ('Saturday', 'Sunday')",
        "SELECT COUNT(*) FROM sales WHERE STRFTIME('%w', sold_at) IN ('0', '6')",
        dates=True,
    ),
    SqlRecipe(
        r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|周[一二三四五六日]|星期",
        "average price of the sales on Mondays",
        "SELECT AVG(price) FROM sales WHERE DAYNAME(sold_at) = 'Monday'",
        "SELECT AVG(price) FROM sales WHERE STRFTIME('%w', sold_at) = '1'",
        dates=True,
    ),
    SqlRecipe(
        r"\b(?:first|second|third|fourth|last|opening|closing|final|1st|2nd|3rd|4th) quarter\b"
        r"|\bq[1-4]\b"
        r"|\bquarter (?:[1-4]|one|two|three|four)\b|季度",
        "total price in the second quarter of 2021",
        "SELECT SUM(price) FROM sales WHERE YEAR(sold_at) = 2021 AND QUARTER(sold_at) = 2",
        "SELECT SUM(price) FROM sales WHERE STRFTIME('%Y', sold_at) = '2021' "
        "AND STRFTIME('%m', sold_at) IN ('04', '05', '06')",
        dates=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(
            PERCENT,
            TWO_YEARS,
            r"half|h[12]|months 1|six months",
            MOVED,
            r"rank\w*|places?",
            "end of each|month end",
            "day of week",
            "average month",
        )
        + rf".*(?:{YEAR}|{MONTH}|{_WEEKDAYS}|[0-9]年)",
        "total price of the sales in May 2021",
        "SELECT SUM(price) FROM sales WHERE YEAR(sold_at) = 2021 AND MONTH(sold_at) = 5",
        "SELECT SUM(price) FROM sales WHERE STRFTIME('%Y-%m', sold_at) = '2021-05'",
        dates=True,
    ),
    SqlRecipe(
        r"^"
        + not_saying(EACH, "quarters?", COUNT, PERCENT)
        + rf".*(?:{NTH}[- ](?:{SUPERLATIVE}|place|one\b)|\b(?:comes?|came|ranks?|ranked|takes?|is) "
        rf"(?:in )?(?:the )?{NTH}"
        rf"|\brunners?[- ]?up\b|\bonly (?:one|two|three|four) [\w ]+ have more\b"
        rf"|第[二三四五])",
        "which product has the third highest price?",
        "SELECT product FROM sales ORDER BY price DESC LIMIT 1 OFFSET 2",
    ),
    SqlRecipe(
        r"^"
        + not_saying(FEW + " .*" + SUPERLATIVE, COUNT, MEAN, EACH)
        + rf"(?:(?=.*{_TEXT}).*\b(?:longest|shortest|briefest|lengthiest)\b|.*\b(?:fewest|most"
        rf"|least) (?:letters|characters)\b)",
        "what is the shortest product?",
        "SELECT product FROM sales ORDER BY LENGTH(product) LIMIT 1",
    ),
    SqlRecipe(
        r"\bdomains?\b|\be-?mail (?:host|provider)s?\b|\b(?:behind|after|at) (?:the )?(?:@"
        r"|at sign)|\bat @",
        "how many sales are there of each mail domain in product?",
        "SELECT SPLIT_PART(product, '@', 2) AS domain, COUNT(*) AS sales FROM sales GROUP BY domain",
        "SELECT SUBSTR(product, INSTR(product, '@') + 1) AS domain, COUNT(*) AS sales FROM sales "
        "GROUP BY domain",
    ),
    SqlRecipe(
        # What stands before the dash is of another kind.
        r"^(?!.*\b(?:cut\w*|strip\w*|trim\w*|chop\w*|before|up to|in front of)\b[^.?;]*\b(?:dash"
        r"|hyphen)\b).*(?:"
        rf"\b(?:hosts?|(?:first|last) (?:part|letters?)|initials?|surnames?)\b|{_DASH}"
        # "Half of the loans after the due date" speaks of no text.
        r"|\b(?:part|piece|bit|half|component|portion|what (?:comes|follows|stands)|text) (?:\w+ ){0,4}"
        r"(?:before|after|behind) the (?!due|agreed|planned|set|year|date|day|month|week|time|end|start"
        r"|deadline|war|fact|\d)"
        r"|\bwhat follows the (?:\w+ )?(?:comma|colon|dash|hyphen|slash|dot|space|blank|underscore)\b)",
        "how many sales are there of each part of product after the dash?",
        "SELECT SPLIT_PART(product, '-', 2) AS part, COUNT(*) AS sales FROM sales GROUP BY part",
        "SELECT SUBSTR(product, INSTR(product, '-') + 1) AS part, COUNT(*) AS sales FROM sales GROUP BY part",
    ),
    SqlRecipe(
        r"^" + not_saying(SUPERLATIVE, _NOT_COUNTED, EACH, MEAN, PERCENT) + rf".*{MISSING}",
        "how many sales have no known price?",
        "SELECT COUNT(*) FROM sales WHERE price IS NULL",
    ),
    SqlRecipe(
        r"^"
        + not_saying(SUPERLATIVE, EACH)
        + r".*(?:\b(?:how many|number of|no\.? of|counts?(?: of)?(?: the)?)(?: the| individual)? "
        r"(?:different|distinct|unique|separate|individual|kinds|sorts|types)\b|多少种|几种"
        rf"|\bdistinct\b.*\bhow many\b|{COUNT}.*\b(?:each (?:one )?(?:only )?(?:counted )?once"
        rf"|without (?:repeats|repetition|duplicates)|duplicates)\b)",
        "how many different product are there in sales?",
        "SELECT COUNT(DISTINCT product) FROM sales",
    ),
    SqlRecipe(
        rf"^{_NO_WORDS}"
        + not_saying(r"tally of", r"each")
        + r".*(?:begin(?!ning (?:of|and))|\bstart\w* (?:with|in) |\bprefix|\bopens? with\b"
        r"|\bfirst \w+ letters\b|开头)",
        "how many sales have a product that begins with ab?",
        "SELECT COUNT(*) FROM sales WHERE LOWER(product) LIKE 'ab%'",
    ),
    SqlRecipe(
        rf"^{_NO_WORDS}"
        + not_saying(EACH, r"(?:group|tally)")
        + rf".*(?:\b(?:end(?:s|ing|ed)?|finish\w*|terminat\w+|clos(?:e[sd]?|ing)) (?:with|in|on) "
        rf"(?!{YEAR}|{MONTH}|the)|\bending\b|\bends? in -"
        r"|\bsuffix\b|\blast (?:\w+ )?letters\b|\bat the end\b|\btail of\b|结尾)",
        "how many sales have a product that ends with ab?",
        "SELECT COUNT(*) FROM sales WHERE LOWER(product) LIKE '%ab'",
    ),
    SqlRecipe(
        rf"^(?!.*\b(?:begin|start|end)(?:s|ing)?\b){_NO_WORDS}"
        + not_saying("exclusive", SUPERLATIVE, MISSING)
        + r".*(?:\b(?:words?|called|says? that|including the|mentions?|features?)\b"
        r"|contain|\bin (?:their|its|the|them) (?:name|title)|\bfirst name|\bwritten with"
        r"|\bincludes? (?:the |\w+\W*$)"
        rf"|\b(?:some|any)where in|\bpart of (?:their|its|the) (?:name|title)|[\"'] occurs?\b"
        rf"|{_TEXT}.*\bin (?:it|them)\b|包含)",
        "how many sales have a product that contains ab?",
        "SELECT COUNT(*) FROM sales WHERE LOWER(product) LIKE '%ab%'",
    ),
)

"""Worked SQL examples about measures of groups, records, deviations and the letters of texts."""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.terms import (
    AVERAGE,
    BEST,
    COMPARED,
    COUNTED,
    DEVIATION,
    EACH,
    FEW,
    FEW_BEST,
    GROUPED,
    MORE,
    SHARE,
    TOTAL,
    UNIT,
)

__all__ = ["SQL_MEASURES"]

_LETTER = "(?:letter|character|initial)s?"
_HIS = r"(?:its|their|his|her)"
_EARLIER = r"(?:before|earlier|previous|prior|former|preceding|until then|up to then|so far)"
_RANK = r"(?:\b(?:rank(?:s|ed|ing)?|standing|place|position|number the)\b)"
_APART = (
    r"(?:\b(?:difference|differ|gap|spread|range|apart|distance|span|separates?|subtract|minus"
    rf"|how much {MORE}|by how much|how (?:many|much) .* (?:lie|are there) between)\b)"
)
_FROM_MEAN = (
    r"(?:\b(?:deviat\w*|differ|differs|difference|gap|minus|subtract\w*|compared?|distant|distance"
    r"|relative|how far|(?:above|over|more|plus) ?(?:or|/|and) ?(?:below|under|less|minus))\b)"
)
_TEXT = (
    r"(?:names?|titles?|texts?|words?|notes?|descriptions?|comments?|terms?|urls?|addresses"
    r"|messages?|product)"
)
_HALF = r"(?:first|second|1st|2nd|opening|earlier|latter|later|last) (?:half(?:[- ]year)?|six months)"

SQL_MEASURES = (
    SqlRecipe(
        rf"^(?=.*{COUNTED}|.*\brecords? (?:was|were|is|are)? ?(?:set|broken)\b)"
        r"(?!.*\bthan (?:in |on )?(?:the )?(?:(?!any|every|all)\w+ ){0,2}"
        r"(?:week|month|day|year|one|row) (?:before|earlier)\b)"
        r"(?:.*\b(?:new|all-time) (?:all-time )?(?:record|high|low|maximum|minimum|peak)s?\b"
        r"|.*\brecords? (?:was|were|is|are)? ?(?:set|broken)\b|.*\bthan ever\b"
        r"|.*\b(?:prior|former|previous|earlier|old) (?:\w+ )?(?:records?|peak|maximum|high|best"
        r"|minimum|low)\b"
        rf"|(?=.*(?:{MORE}|\b(?:beat|outd\w+|surpass\w*|exceed\w*|topped|above|below|br(?:ea|o)ke?)\b))"
        rf".*\b(?:any|all|every|everything|its)(?: \w+){{0,4}} {_EARLIER}\b)",
        "on how many sold_at was the price higher than ever before?",
        "SELECT COUNT(*) FROM (SELECT price, MAX(price) OVER (ORDER BY sold_at ROWS BETWEEN UNBOUNDED "
        "PRECEDING "
        "AND 1 PRECEDING) AS highest FROM sales) AS s WHERE price > highest",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*{SHARE})(?!.*{TOTAL})(?!.*\b(?:(?:which|what) (?:place|rank|position)|(?:last"
        rf"|latest|current|known) (?:\w+ )?position|correlat\w+)\b)(?=.*{_RANK})"
        rf".*(?:\b(?:within|inside|in|of|for|on|at) (?:{_HIS}|each|every|that)\b|\bby (?:each|every)\b"
        r"|\bper \w+|\b"
        r"(?:separately|restarting) (?:for|in|by|per)\b|\b(?P<one>\w{3,}) by (?P=one)\b)",
        "rank each product within its shop_id by price",
        "SELECT shop_id, product, RANK() OVER (PARTITION BY shop_id ORDER BY price DESC) AS rank FROM sales",
        firm=True,
    ),
    SqlRecipe(
        r"^(?!\W*(?:how many\b|count\b|on average|which\b))"
        # The mean itself is asked for, of a difference.
        rf"(?!\W*what(?:['’]s| is| was| are| were) the (?:\w+ )?{AVERAGE}|.*\bthen (?:\w+ ){{0,3}}{AVERAGE})"
        r"(?!.*\b(?:absolute|on average|typically|number of|compare [^,]* and)\b)"
        r"(?!.*\bhow many \w+ (?:beat|are|is|have|had|were)\b)"
        # A margin is a price minus a cost, and no distance from a mean.
        rf"(?!.*\bminus (?!(?:the|its|their|that|his|her)\b(?: \w+){{0,3}} {AVERAGE}))"
        rf"(?!.*{BEST})(?=.*{_FROM_MEAN})"
        rf".*(?:{AVERAGE} (?:\w+ ){{0,3}}(?:of|for|in|on|at|within) (?:{_HIS}|the same|the)\b"
        rf"|\b{_HIS} (?:own )?(?:\w+ )?\w*(?:'s )?{AVERAGE}"
        rf"|\bthe (?!general |overall |global |same )\w+(?:'s)? {AVERAGE})",
        "how far is each product's price from the average price of its shop_id?",
        "SELECT product, price - AVG(price) OVER (PARTITION BY shop_id) AS difference FROM sales",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*{BEST})(?!.*{COUNTED})(?!.*{SHARE})(?=.*(?:\b(?:{FEW}|\d+) (?:rows?|lines|entries"
        r"|records|readings|positions) (?:\w+ )?(?:before|earlier|back|previously|prior|above|ahead|ago)\b"
        rf"|\bover (?:the last )?(?:{FEW}|\d+) (?:rows|lines|entries|records)\b|\blag (?:of )?\d"
        r"|\b(?:same|previous|prior|last) (?:\w+ )?(?:of|in) the (?:year before|previous year"
        r"|prior year|last year)\b|\byear[- ](?:on|over)[- ]year\b|\ba year (?:earlier|before)\b|同比))",
        "by how much does the price of each sold_at differ from that of twelve rows before?",
        "SELECT sold_at, price - LAG(price, 12) OVER (ORDER BY sold_at) AS change FROM sales",
        dates=True,
        series=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*{GROUPED})(?!.*{SHARE})(?!.*\b(?:which|who|where|find the one)\b.*{AVERAGE})"
        rf"(?!.*{BEST} (?:\w+ )?{AVERAGE})(?!.*\b(?:consecutive|in a row)\b)"
        rf"(?=.*(?:{AVERAGE}|\b(?:median|together|in total|altogether)\b|\b(?:total|sum) "
        rf"(?:\w+ ){{0,3}}of the\b)).*{FEW_BEST}",
        "average price of the ten sales with the highest weight",
        "SELECT AVG(price) FROM (SELECT price FROM sales ORDER BY weight DESC LIMIT 10) AS best",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*(?:{AVERAGE}|\btotals?\b))(?!.*\bdays between\b)(?!.*\b(?:which|what) "
        rf"(?:{UNIT})\b)(?:(?=.*{_APART})(?=(?:.*?{BEST}){{2}})"
        r"|(?=.*\b(?:range|span|spread) of\b)(?=.*(?:\b(?:across|among|per|by|between|\w+s')\b)))",
        "how far apart are the highest and the lowest average price of the shop_id?",
        "SELECT MAX(mean) - MIN(mean) FROM (SELECT AVG(price) AS mean FROM sales GROUP BY shop_id) AS s",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*{EACH}(?! (?:game|hectare|capita|head|match|square|unit)))(?=.*(?<!\d )(?<!\d){SHARE})(?:"
        rf"(?=.*{AVERAGE}).*(?:{COMPARED} [\d$€£]|\d or (?:more|less)\b)"
        rf"|.*{SHARE} of (?!them|these|those)(?:the |all )?(?:\w+ ){{1,2}}(?:have|had|has) "
        rf"(?:{COMPARED} \d+ \w+|\w+ or more)\b)",
        "what percentage of the shop_id have an average price above 5?",
        "SELECT 100.0 * SUM(CASE WHEN mean > 5 THEN 1 ELSE 0 END) / COUNT(*) FROM (SELECT AVG(price) AS mean "
        "FROM sales GROUP BY shop_id) AS s",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*\b(?:divided|relative|coefficient)\b)(?=.*{DEVIATION})(?=.*{BEST})|\bvar(?:y|ies"
        r"|ied) (?:the )?(?:most|least)\b",
        "in which shop_id does the price have the highest standard deviation?",
        "SELECT shop_id FROM sales GROUP BY shop_id ORDER BY STDDEV_SAMP(price) DESC LIMIT 1",
        "SELECT shop_id FROM sales GROUP BY shop_id ORDER BY AVG(price * price) - AVG(price) * AVG(price) "
        "DESC "
        "LIMIT 1",
    ),
    SqlRecipe(
        r"\bgeometric(?:ally)?\b(?! (?:distribution|shape))|几何平均|\bmean (?:of the )?logs?\b"
        r"|\btake (?:the )?log(?:arithm)?s\b",
        "geometric mean of the price",
        "SELECT EXP(AVG(LN(price))) FROM sales",
    ),
    SqlRecipe(
        rf"\bst(?:andar)?d\.? ?err(?:or)?s?\b|\b(?-i:SEM?)\b|\bs\.e\.|\bstderr\b|{DEVIATION}[^.]* ?"
        r"(?:/|divided by|over) ?(?:the )?(?:square )?(?:sqrt|root)|标准误",
        "standard error of the mean price",
        "SELECT STDDEV_SAMP(price) / SQRT(COUNT(price)) FROM sales",
        "SELECT SQRT((AVG(price * price) - AVG(price) * AVG(price)) / (COUNT(price) - 1)) FROM sales",
    ),
    SqlRecipe(
        rf"^(?!.*{EACH} \w+'s)(?:.*(?:{AVERAGE}|\bmedian\b).*\babsolute (?:deviation|difference|gap"
        r"|distance)s?\b|.*(?:\b(?-i:MAD)\b)"
        rf"|.*\b(?:mean|average) (?:deviation|distance)\b.*\bfrom\b.*{AVERAGE}"
        r"|(?=.*\b(?:on average|typically)\b).*\b(?:deviate|stray|far|differ)\b.*\b(?:its|their"
        r"|the) (?:mean|average)\b)",
        "mean absolute deviation of the price",
        "SELECT AVG(ABS(price - mean)) FROM (SELECT price, AVG(price) OVER () AS mean FROM sales) AS s",
    ),
    SqlRecipe(
        rf"\b(?:first|1st|initial|starting|leading|opening) {_LETTER}\b|\binitials\b|\binitial of\b"
        r"|首字母|\bletter (?:that )?[\w ]{0,30}\b(?:starts?|begins?)\b"
        r"|\b(?:begin|start)s? with A, (?:with )?B\b",
        "how many sales are there of each first letter of product?",
        "SELECT SUBSTR(product, 1, 1) AS first, COUNT(*) AS sales FROM sales GROUP BY SUBSTR(product, 1, 1)",
    ),
    SqlRecipe(
        r"(?<!two )(?<!three )(?<!four )(?<!five )(?<!\d )(?<!last )\b(?:digits?|numerals?)\b|\b"
        r"(?:contain|contains|containing|includes?|including) (?:a |some )?numbers?\b"
        r"|\ba number in\b|\bnumbers in (?:it|them|the)\b|\bcharacters 0-9\b|\(0, 1\b|\b0 to 9\b",
        "how many sales have a digit in their product?",
        "SELECT COUNT(*) FROM sales WHERE product LIKE '%0%' OR product LIKE '%1%' OR product LIKE '%2%' "
        "OR product LIKE '%3%' OR product LIKE '%4%' OR product LIKE '%5%' OR product LIKE '%6%' "
        "OR product LIKE '%7%' OR product LIKE '%8%' OR product LIKE '%9%'",
        "SELECT COUNT(*) FROM sales WHERE product GLOB '*[0-9]*'",
        duckdb="SELECT COUNT(*) FROM sales WHERE REGEXP_MATCHES(product, '[0-9]')",
    ),
    SqlRecipe(
        rf"(?<!first )(?<!last )\b(?:\d+|{FEW}) {_LETTER}\b|\b{_LETTER} long\b|字符|^(?!.*\b"
        rf"(?:longest|shortest)\b)(?:(?=.*{AVERAGE})(?:.*\b(?:number of|how many) {_LETTER}\b"
        rf"|.*\b(?:character|letter) counts?\b|(?=.*\b(?:length|how long)\b).*\b(?:{_TEXT}"
        rf"|{_LETTER})\b)|.*\b(?:average|mean) (?:\w+ )?length of (?!(?:stay|visit|call|trip|flight"
        r"|ride|delay|loan|time)s?\b)\w+\W*$)",
        "average length of product",
        "SELECT AVG(LENGTH(product)) FROM sales",
    ),
    SqlRecipe(
        rf"^(?=.*\b(?:19|20)\d\d\b).*(?:\b{_HALF}\b|\bH[12]\b|\bmonths? 1 (?:to|through|-) 6\b"
        r"|\bJanuary (?:to|through|until|-) June\b|\bJanuary\b.*\bend of June\b"
        r"|\bincluding June\b)|上半年|下半年",
        "total price in the first half of 2021",
        "SELECT SUM(price) FROM sales WHERE YEAR(sold_at) = 2021 AND MONTH(sold_at) <= 6",
        "SELECT SUM(price) FROM sales WHERE STRFTIME('%Y', sold_at) = '2021' AND STRFTIME('%m', sold_at) <= "
        "'06'",
        dates=True,
    ),
)

"""Worked SQL examples of kinds that handbooks list and small models miss: the best few of each group, members
of sets, streaks, thresholds, shares within groups, places in a ranking, what has no partner.
"""

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
    LIST,
    MORE,
    PASSES,
    SHARE,
    TOTAL,
    UNIT,
)

__all__ = ["SQL_KINDS"]

# Windows of a fixed size, "any three days in a row", and what lies between two rows are other kinds.
_WINDOW = (
    rf"(?:\b(?:any|every|each|some|across|over|within|of) {FEW} (?:\w+ )?(?:consecutive|successive"
    r"|\w+ in a row)\b"
    rf"|\b{FEW} (?:consecutive|successive)\b|\bbetween\b.*\b(?:consecutive|successive|in a row)\b)"
)
_LONGEST = r"(?:longest|shortest|biggest|largest|greatest|maximum|record)"
_A_RUN = rf"\b{_LONGEST} (?:\w+ ){{0,2}}(?:run|streak|stretch|spell|sequence|series|period)\b"
_ON_END = (
    r"\b(?:consecutive(?:ly)?|successive|in a row|uninterrupted|unbroken|on end|at a stretch"
    r"|without (?:a |any )?(?:break|pause|interruption|gap)"
    r"|(?:days|weeks|nights|months|years|times) running)\b"
)
_HOW_LONG = rf"\b(?:{_LONGEST}|most|up to|at most|how many|how long|length)\b"
_RUN = (
    rf"^(?!.*{_WINDOW})(?!.*\bbetween (?:two|one|each)\b)"
    rf"(?:(?=.*{_A_RUN})|(?=.*连续)|(?=.*{_HOW_LONG})(?=.*{_ON_END}))"
)
_NOTHING = (
    r"(?:\b(?:no(?! (?:more|less|fewer|later|earlier)\b)|zero|none|nothing|never|not (?:one|a single|any)"
    r"|fail(?:ed|s|ing)? to|without(?! (?:a |any )?(?:break|pause|interruption|gap)))\b"
    r"|\b(?:at|of|having|had|has|was|were|is|stayed|with|exactly) 0\b(?![.,]\d)|= ?0\b(?![.,]\d))"
)
_PARTS = r"(?:\b(?:half|thirds?|quarters?)\b|\d ?(?:%|per ?cent))"
_LIMIT = r"(?:\d|\b(?:thousand|million|hundred|half|budget)\b)"
_SUM = (
    r"(?:\b(?:running|cumulative(?:ly)?|cumulat\w+|accumulat\w+|add(?:ed|ing|s)? up|summed|tally"
    r"|altogether|so far|to date|up to (?:then|that)|in all|counting from)\b)"
)
_WHEN = (
    rf"(?:\bwhen\b|\b(?:what|which|first|earliest) (?:time|timestamp|moment|{UNIT})\b|(?:^\W*|\b"
    rf"(?:find|me|give|name) )the {UNIT}\b|\bhow (?:early|soon)\b"
    rf"|\bearliest\b|\bthe {UNIT} (?:when|on|in|by)\b|\b(?:what|which) sold_at\b)"
)
_OFTEN = (
    r"(?:\b(?:most|more) (?:common(?:ly)?|frequent(?:ly)?|usual(?:ly)?|popular|often|typical"
    r"(?:ly)?|widespread)\b|\b(?:commonest|modal|mode)\b"
    r"|\b(?:comes?|came|turns?|turned|shows?) up (?:the )?most\b"
    r"|\b(?:used|chosen|picked|grown|played|seen|booked|prescribed|appears?|occurs?) (?:\w+ ){0,2}"
    r"(?:the )?(?:most(?! (?:units|quantity|money)\b)|greatest number|largest number|highest number)\b)"
)
_PLACE = (
    r"(?:\b(?:which|what) (?:place|rank|position|spot|standing)\b(?! (?:is|are|was|were) (?:the )?\w+est)"
    r"(?! (?:has|had|have|saw|sees|gets?|got) (?:the )?(?:most|fewest|least|\w{3,}est)\b)"
    r"|\bwhere (?:do|does|did)\b.*\b(?:rank|stand|come|land|finish|end up)\b"
    r"|\b(?:rank|standing|place|position) of (?-i:[A-Z])|\b(?-i:[A-Z])[\w ]*'s? (?:rank|place"
    r"|standing|position)\b|\bhow (?:many|what)-?th\b|\b(?:what|which) number (?:is|was|were|are)\b"
    r"|\b(?:first|1st), (?:second|2nd), (?:third|3rd)\b|\bhow (?:does )?(?-i:[A-Z])\w* ranks?\b"
    r"|\bat what (?:place|position|rank)\b|第几|排名第)"
)
_NO_GROUPS = (
    r"(?!.*\b(?:(?:for|of) (?:each|every)|each one's|correlat\w+)\b)(?!.*%|.*\bper ?cent)(?!.*\b100\b)"
)
_WEIGHTED = (
    r"(?:\bweight(?:ed|ing)\b|\bweighed (?:by|with)\b|\b(?:as|use[sd]?|using) (?:the )?weights?\b"
    r"|\bweights? ?="
    r"|\bas (?:the )?\w+ weights?\b|\bcount(?:s|ing)? (?:\w+ )?(?:in proportion|according|as many"
    r"|by its|more)\b|\bso weight\b|加权)"
)
_HIS = r"(?:its|their|his|her)"
# Each one's part that came late, not its part of all.
_SHARE_THAT = (
    rf"{SHARE} of (?:\w+ ){{1,4}}?(?:(?:that|which|who) )?(?:was|were|are|is|came|come|left|arrived|went|got"
    r"|have been|has been|had been) (?:\w+ ){0,2}?(?:late|on time|overdue|unpaid|paid|cancell?ed|returned"
    r"|damaged|missing|after (?:the|their|its) \w+ (?:date|time)|behind schedule)\b"
)
_NO_ONE = (
    r"(?:\b(?:how (?:many|much)|which|number of|second|third|(?:four|fif|six|seven|eigh|nin|ten"
    rf"|\d+)th|{UNIT} of)\b|{SHARE}|{AVERAGE})"
)
_THE_ONE = (
    r"(?:\b(?:(?!highest|lowest|largest|smallest|longest|shortest|latest|earliest|newest|oldest"
    r"|greatest|biggest|fewest)(?!(?:for|inter|mod|requ|inv|harv|cont|prot|hon)est)\w{3,}est"
    r"|most \w+(?:ed|ive)|best|worst|\w+est-\w+|single (?:largest|biggest|smallest)|top \w+(?:er"
    r"|or))(?! (?:ever|and|first)\b)\b"
    r"|\b(?:with|having|who got|who has) the (?!newest|latest|earliest|oldest)(?:\w+est|most|top|best)\b)"
)
_ONE_TEXT = (
    r"(?:\b(?:one|single|1) (?:words?|letters?|hundred|another|number|value|figure|column|table"
    r"|row|digit|time)\b)"
)
_WEIGHED = r"(?:\w+ )?(?:(?:is|are|was|were|being) )?(?:\w+ )?(?:weigh\w*|counts?|counting)\b"
_WEIGHED_GROUP = (
    rf"\b(?:(?:of|for|in|on|at|within|by) )?(?:each|every) (?!{_WEIGHED}|\w+ {_WEIGHED})"
    r"|\bper (?!square|cubic|capita|head|person|hour|unit)|\bbroken down by\b|\bgrouped by\b|^\W*by \w+,"
    r"|\b(?<!weighted )(?<!weighed )(?<!counts )by (?:\w+)\W*$"
)

# "Of the 20 wines with the most alcohol, how many are of each class?": the best of all, and then groups.
_NOT_OF_ALL = (
    r"(?!\W*(?:(?:now|first|please) )?(?:of|among|amongst|from|for|within|take|consider|pick|choose|select"
    r"|look at)"
    rf" (?:only )?(?:the )?(?:top )?(?:{FEW}|\d+) (?![^,.;:?]*\b(?:each|every|per|by)\b)[^,.;:?]*[,.;:?])"
)

SQL_KINDS = (
    SqlRecipe(
        rf"(?:{_RUN}|^(?=.*\b(?:longest|biggest) gap (?:with|without|having)\b))(?=.*{_NOTHING})",
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
        rf"^(?!.*{SHARE})(?=.*{_WHEN})(?=.*{_LIMIT})(?:(?=.*{_SUM})(?=.*(?:{PASSES}|{COMPARED} "
        r"(?:[\d$€£]|one\b|a\b|half\b)))"
        rf"|(?=.*\btotals?\b)(?=.*{PASSES}))",
        "on which sold_at did the running total of the price pass 10?",
        "SELECT sold_at FROM (SELECT sold_at, SUM(price) OVER (ORDER BY sold_at) AS running FROM sales) AS s "
        "WHERE running > 10 ORDER BY sold_at LIMIT 1",
        dates=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*(?:\bhow (?:many|few)\b(?! percent)|\bnumber of\b))(?=.*{_PARTS})"
        rf"(?=.*(?:{BEST}|\b(?:together|downwards?|high to low|ranked|sorted|take|needed|do we need)\b))"
        r".*\b(?:make up|makes? up|account for|hold|cover|together|take|needed|need|contribute"
        r"|produce|generate|handle|adds? up|sums? up|reach|get|got|have)\b",
        "how many product, highest price first, make up half of the total price?",
        "SELECT COUNT(*) + 1 FROM (SELECT SUM(price) OVER (ORDER BY price DESC) AS running, SUM(price) OVER "
        "() "
        "AS total FROM sales) AS s WHERE running < 0.5 * total",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*{GROUPED})(?=.*{SHARE}).*{FEW_BEST}",
        "what percentage of all sales do the three shop_id with the most sales have?",
        "SELECT 100.0 * SUM(n) / (SELECT COUNT(*) FROM sales) FROM (SELECT COUNT(*) AS n FROM sales "
        "GROUP BY shop_id ORDER BY n DESC LIMIT 3) AS best",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!\W*how many\b)(?=.*(?:{GROUPED}|\b(?:within|by) \w+, ))(?=.*{_OFTEN})|每.*最常",
        "the most common product of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY COUNT(*) DESC) AS rn FROM sales GROUP BY shop_id, product) AS ranked WHERE rn = 1",
        firm=True,
    ),
    SqlRecipe(
        # Not "the ten states with the most, and the number each of them has".
        rf"^{_NOT_OF_ALL}(?!.*{SHARE})(?=.*{GROUPED}).*{FEW_BEST}|每.*前[二三四五十]",
        "the three product with the highest price of each shop_id",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn <= 3",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) <= 3",
        firm=True,
    ),
    SqlRecipe(
        # "The heaviest car", not "the highest weight": the one, not its most.
        # How heavy the heaviest is, is a MAX.
        rf"^(?!\W*how \w+ (?:is|was|are|were) )(?!.*{_NO_ONE})(?=.*{GROUPED}).*{_THE_ONE}"
        rf"|^\W*(?:list |show |name |give )?(?:of|in|for|from|per) {EACH} [\w ]+, the (?!highest"
        rf"|lowest|most){BEST}",
        "of each shop_id, the product with the highest price",
        "SELECT shop_id, product FROM (SELECT shop_id, product, ROW_NUMBER() OVER (PARTITION BY shop_id "
        "ORDER BY price DESC) AS rn FROM sales) AS ranked WHERE rn = 1",
        duckdb="SELECT shop_id, product FROM sales "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY price DESC) = 1",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*\b(?:(?:how many|number of|count the) (?:{UNIT}|times|\w+ (?:did|was|"
        r"(?:were there )?(?:in|on|at) which))|how often)\b)"
        r"(?!.*\b(?:ever|before|until then|records?|run|row|streak|spell|stretch|gap)\b)"
        # A span from one day to another counts none on which something was so.
        r"(?!.*\bhow many \w+ (?:after|from|between|since|until|till|later|apart|passed|elapsed|lies?|lay"
        r"|went by|separate)\b)"
        rf"(?!.*{GROUPED})(?!.*{SHARE})(?!.*{AVERAGE})"
        rf".*(?:\b(?:was|were|did|is|in which|on which|when|been|be)\b.*\bthe (?:\w+ ){{0,2}}{BEST}"
        r"(?! (?:number|count|amount)\b)"
        r"|\b(?:number one|came first|in first place|ahead of|win|won|lead|led|top the|topped|first by)\b)",
        "in how many week did Rome have the highest price of all?",
        "SELECT COUNT(*) FROM (SELECT city, ROW_NUMBER() OVER (PARTITION BY week ORDER BY price DESC) AS rn "
        "FROM sales) AS ranked WHERE rn = 1 AND city = 'Rome'",
        firm=True,
    ),
    SqlRecipe(
        # Of one period; of totals it is the next one.
        rf"^{_NO_GROUPS}(?!.*{TOTAL}(?!.*\b(?:19|20)\d\d\b))(?=.*{_PLACE})",
        "which place has Rome by its price in week 5?",
        "SELECT COUNT(*) + 1 FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NO_GROUPS}(?=.*{_PLACE})",
        "which place has Rome by its total price?",
        "SELECT rank FROM (SELECT city, RANK() OVER (ORDER BY SUM(price) DESC) AS rank FROM sales GROUP BY "
        "city) "
        "AS ranked WHERE city = 'Rome'",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{COUNTED})(?!.*\b(?:times|how many|number of) more\b)(?!.*{AVERAGE})"
        rf"(?=.*(?:(?!later)\b{MORE}\b.*\bthan (?:in |on |at |that of |did |the )?[\"']?(?:[a-z]+\d"
        r"|(?-i:[A-Z]))(?!\w+day\b|January|February|March|April|May|June|July|August|September"
        r"|October|November|December)|\b(?:above|below|over|under) that of [\"']?(?-i:[A-Z])"
        r"|\b(?:outscored|outsold|exceed(?:ed|ing|s)?|beat) (?-i:[A-Z])|\bcompared (?:to"
        r"|with) (?-i:[A-Z])))",
        "how many sales have a higher price than Rome in week 5?",
        "SELECT COUNT(*) FROM sales WHERE week = 5 "
        "AND price > (SELECT price FROM sales WHERE week = 5 AND city = 'Rome')",
        by_date=False,
    ),
    SqlRecipe(
        r"^(?!\W*(?:how many|number of|count)\b)(?!.*\b(?:at all|whatsoever|a single|at least"
        r"|no later|no more|no fewer)\b)"
        r".*(?:\b(?:but|and|though|yet|although|while)(?: \w+)? (?:not|never|no(?! \w*er\b)"
        r"|none)\b|\bbut (?:without|lacks?)\b|\bwithout ever\b"
        r"|\band at no time\b|\b(?:excluding|(?<!not )leaving out|except|minus) (?:everybody"
        r"|everyone|anyone|those|whoever|all)\b|\bthat [\w ]+ didn't\b)",
        "which shop_id has sales in Rome but not in Oslo?",
        "SELECT DISTINCT shop_id FROM sales WHERE city = 'Rome' "
        "AND shop_id NOT IN (SELECT shop_id FROM sales WHERE city = 'Oslo')",
        values=2,
    ),
    SqlRecipe(
        rf"^(?=.*{LIST}|.*\b(?:that|which|who)\b)(?!\W*(?:how|number|count|tell me the number"
        rf"|the number))(?!.*{COUNTED})(?!.*{AVERAGE})(?!.*{BEST})(?!.*{SHARE})"
        r"(?!.*(?:\d|\b(?:second|third|difference|change|growth|column|total|rank|runner|to date"
        r"|at all)\b))"
        rf".*(?:\b(?:in|on|at|by|with|to|across) (?:all|every|each of|each and every)\b(?! {FEW})"
        r"|\bevery (?:one|single)\b"
        r"|\b(?:serves?|has|have|had|covers?|sells?|sold|visited|took|takes?) (?:all|every)\b"
        rf"(?! {FEW})|\bthat (?:every|no) (?!\w+ (?:more|less))\w+ (?:has|have|lacks?|had|sells?)\b"
        r"|所有)",
        "which product is there in all city?",
        "SELECT product FROM sales GROUP BY product "
        "HAVING COUNT(DISTINCT city) = (SELECT COUNT(DISTINCT city) FROM sales)",
    ),
    SqlRecipe(
        rf"^(?!.*{AVERAGE})(?!.*{_ONE_TEXT})"
        r".*(?:\b(?:in|on|at|by|from|to|with|of) (?:only|just|exactly|precisely|no more than) "
        r"(?:one|a single|1) (?!of\b)\w|\b(?:only|just) (?:in|on|at|by|from|to|with) (?:one|a single|1)\b"
        r"|\b(?:only|just) (?:one|a single) \w+ (?:has|have|had|uses?|sells?|owns?|offers?|grows?)\b"
        r"|\b(?:exclusive|unique) to (?:one|a single)\b|\b(?:in|on|at|by|from|to|with) (?:one"
        r"|a single) (?!hundred|another|of)\w+(?: only| and nowhere\b|,|\W*$))",
        "which product is there in a single city?",
        "SELECT product FROM sales GROUP BY product HAVING COUNT(DISTINCT city) = 1",
    ),
    SqlRecipe(
        rf"^(?!.*{COUNTED})(?!.*{SHARE})(?!.*{AVERAGE})(?!.*{BEST} (?!in every))"
        r"(?=.*(?:\b(?:always|never|consistently|without exception|at all times|constantly)\b"
        r"|\bwhose (?:every|all|each)\b"
        r"|\b(?:for whom|where|in which) (?:all|every|each)\b|\bin (?:all|each|every"
        r"(?: single)?) \w+|\bha(?:s|ve|d) (?:each|every)\b|\bwith no \w+ (?:at|of|over|above"
        r"|below|under)\b))"
        rf".*(?:{COMPARED} [\d$€£]|\b(?:always|never)\b.*\d|\d or (?:less|lower|more|higher|below"
        r"|above)\b|\bno \w+ at \d)",
        "which shop_id always had a price above 5?",
        "SELECT shop_id FROM sales GROUP BY shop_id HAVING MIN(price) > 5",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?!.*{AVERAGE})(?!.*{DEVIATION})(?!.*\bbetween (?:two|consecutive)\b)(?:(?=.*\b"
        r"(?:spread|range|gap|difference|distance|span|apart|distant|separated"
        rf"|differ|minus)\b)(?=(?:.*?{BEST}){{3}})|.*\bvar(?:y|ies|ied) (?:the )?most\b"
        rf"|(?=.*{LIST}).*\b(?:most|largest|greatest|widest|biggest) (?:spread|range|span|variation)\b)",
        "in which shop_id is the difference between the highest and the lowest price largest?",
        "SELECT shop_id FROM sales GROUP BY shop_id ORDER BY MAX(price) - MIN(price) DESC LIMIT 1",
    ),
    SqlRecipe(
        # Not "each country weighted by": there it is no group.
        rf"^(?=.*{_WEIGHTED})(?=.*(?:{_WEIGHED_GROUP}))",
        "average price of each shop_id, weighted by weight",
        "SELECT shop_id, 1.0 * SUM(price * weight) / SUM(weight) AS mean FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        _WEIGHTED,
        "average price weighted by weight",
        "SELECT 1.0 * SUM(price * weight) / SUM(weight) FROM sales",
    ),
    SqlRecipe(
        r"\bcoefficients? of variation\b|\bvariation coefficients?\b|\bcv\b|\brelative "
        r"(?:standard )?(?:deviation|spread)\b|变异系数"
        rf"|{DEVIATION} ?(?:[\w -]+ )?(?:/|over|divided by|relative to|as a (?:fraction|share"
        rf"|percentage) of) ?(?:the |its |their )?{AVERAGE}",
        "coefficient of variation of the price of each shop_id",
        "SELECT shop_id, STDDEV_SAMP(price) / AVG(price) AS variation FROM sales GROUP BY shop_id",
        "SELECT shop_id, SQRT((AVG(price * price) - AVG(price) * AVG(price)) * COUNT(*) / (COUNT(*) - 1)) / "
        "AVG(price) "
        "AS variation FROM sales GROUP BY shop_id",
    ),
    SqlRecipe(
        rf"^(?!.*{BEST})(?!.*\b(?:19|20)\d\d\b.*\b(?:19|20)\d\d\b)(?!.*{COMPARED} \d)(?!.*{AVERAGE})"
        rf"(?=.*(?:{SHARE}|\b(?:contribution|divided by|(?<!as )part of)\b|\brelative to\b))(?=.*"
        rf"(?:{EACH}|\bfor all\b|{LIST}|\b(\w+) by \1\b))"
        rf"(?=.*(?:\b{_HIS} (?:own )?\w+'s\b|\b(?:of|in|on|at|within) (?:{_HIS} own|the same"
        rf"|{_HIS} \w+\W*$)|{TOTAL} .*\b(?:of|in|for|on|within) (?:the|its|their|his|her) \w+"
        rf"|\b(?:the|its|their) \w+'s (?:\w+ )?(?:{TOTAL}|all)|\bof the \w+'s \w+|\bwithin (?:its"
        r"|their|each)\b))",
        "what share of its shop_id's total price has each product?",
        "SELECT product, 1.0 * price / SUM(price) OVER (PARTITION BY shop_id) AS share FROM sales",
    ),
    SqlRecipe(
        rf"^(?!.*{AVERAGE})(?!.*{BEST} (?:\w+ )?{SHARE})(?=.*(?:{GROUPED}|{EACH}|\b(?:in|by) "
        rf"(?:each|every)\b))(?=.*{SHARE}).*(?:{COMPARED} [\d$€£]"
        rf"|{_SHARE_THAT})",
        "for each shop_id, what percentage of the sales has a price above 10?",
        "SELECT shop_id, 100.0 * SUM(CASE WHEN price > 10 THEN 1 ELSE 0 END) / COUNT(*) AS percentage FROM "
        "sales "
        "GROUP BY shop_id",
    ),
    SqlRecipe(
        # Not "in which year was the share of … highest": there it is no share of rows.
        rf"^(?!.*{FEW_BEST})(?!.*{AVERAGE})(?!(?:\W*when\b|.*\b(?:what|which|the) (?:point|time"
        rf"|moment|{UNIT}) (?!of\b))(?!.*{COMPARED} \d))"
        rf"(?=.*(?:{LIST}|\bwhere\b|\b\w+ (?:that|having|with)\b|\bout of all\b))"
        rf".*(?:{BEST} (?:\w+ )?(?:{SHARE}|rate|part) (?:of|its)|{SHARE} (?:of|its)\b.*{BEST}"
        rf"|\brelatively (?:the )?{BEST}|\b(?:rank|sort|order) .*{SHARE} of)",
        "which shop_id has the highest percentage of sales with a price above 10?",
        "SELECT shop_id FROM sales GROUP BY shop_id "
        "ORDER BY AVG(CASE WHEN price > 10 THEN 1.0 ELSE 0 END) DESC LIMIT 1",
    ),
)

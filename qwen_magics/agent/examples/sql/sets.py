"""Worked SQL examples about groups of rows: those that have all of something, those that are large enough,
the one with the most, and a column for each value.
"""

from __future__ import annotations

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    ASIDE,
    COMPARED,
    EXTREME,
    FEW,
    MEAN,
    NUMBER_OF,
    PERCENT,
    SO_MANY,
)

__all__ = ["SQL_SETS"]

# All of something: "in every one of our shops"; not for each of them, and not all of its rows.
_OF_TIME = r"((week)?day|week|month|quarter|year|hour|time|date|match|game|season)s?\b"
_EVERY = (
    r"(\b(in|at|by|to|on|for|from|with|has|serves?|met|won|ran|sold|took|grown|beat|use[sd]?|offer|sells?"
    r"|\w{2,}(ed|en)) "
    rf"(every single|each and every|every|each of|(?<!of )all( of)?)\b(?! ?(single )?({_OF_TIME}|{FEW}\b"
    r"(?! \w)|other\b|of\b|by\b|earlier\b|(of )?(these|those|them)\b))"
    rf" ((one )?(of )?(our|the(ir)?|its|the \w+) )?\w+"
    r"|\b(of every (single )?one of|readings of all)\b"
    r"|\b(complete|whole|entire|full) (set|list) of\b|\bin each \w+ (that )?we\b)"
)
_NOT_ALL = (
    rf"(?!.*({PERCENT}|{EXTREME}|\bother \w+ (in|by)\b|{COMPARED} [\d$€£]|\b(second|rank|runner|exclusive"
    r"|divided|compared|includ\w+|correlat\w+|exactly one|total|sum|never|also|even|zero|where nobody"
    r"|class|band|no|row for|line for|earlier|seen up to|add\w*"
    rf"|altogether|taken together|put together|alphabet\w*|most|least|first|last|either|longest)\b|{MEAN}))"
)
_MEASURE = (
    r"\b(averag\w+|avg|mean|median|total|sum|typical|highest|lowest|longest|shortest|maximum|minimum"
    r"|largest|smallest)\b"
)
# The threshold is one of the mean itself, or of something that goes on.
_NOT_OF_ROWS = (
    r"(?!.*\b(mean|average)( (?!with|that|who|which|whose|for|by|where|only|per|among|from|if"
    r"|having)\w+){0,5} "
    r"(over|above|below|under|more than|less than) [\d$€£])"
    r"(?!.*\b(over|above|more than|less than|under) [\d$€£]\w*( \w+){0,2} on average\b)"
    r"(?!.*\b(consecutive|successive|rolling|moving|sequence|streak|stretch|in a row|wave)\b)"
)
_COLUMN_EACH = (
    r"(\b(own|separate|two|three|four|count|another|in one) columns?\b|\b(a|one) columns? (for|per|of"
    r"|and) |\bcolumns? (for|per|counting) "
    r"|\bcolumns? (for|per) (each|every)\b|\bas (the )?columns\b|\b(are|down|into an?) (\w+ )?columns?\b"
    r"|\bin columns\b"
    r"|\bpivot|\bcross[- ]?tab|\bmatrix of\b|\bwide table\b|\bside by side\b|\bnext to (one another"
    r"|each other)\b"
    r"|\bin rows and\b.*\bacross\b|\b(rows|down),? .*\b(across|columns)\b|\bthen # of\b|\bcolumns [A-Z]\w+,)"
)
_COUNTED = rf"({NUMBER_OF}|\bcounts?\b|\bhow many\b|\bnumber\b|\bpivot the\b)"
# The one with the most, about which something is asked; not the ten best, nor what grew from year to year.
_TAKE = (
    rf"^\W*(find|take|pick|consider|choose|select|identify|look at) (the|our) (?!(top )?{FEW}\b)"
    r"(?!.*\b(from|between) (19|20)\d\d)"
)
_MOST = (
    r"(\bmost (common|frequent\w*|often|popular|usual|charted)\b|\bcommonest\b|\bbusiest\b|\bmost\b"
    r"|\b(largest|greatest|highest) number of\b)"
)
_DIFFERENT = r"\b(different|distinct|separate|unique)\b"
_HOW_MANY_HAVE_ALL = (
    # "How many men for every woman" is one number over another.
    rf"^{_NOT_ALL}(?!\W*how many \w+(?: \w+){{0,5}}? for (?:each|every) \w+(?: (?:who|that"
    rf"|with|there|in|on|at|by|of)\b|,|\W*$))"
    rf"(?=.*{SO_MANY}|\W*count\b|.*\bcount of\b|.*\bhow many are they\b)(?!\W*(for|in) (each"
    rf"|every)\b)(?!.*\beach of them\b)(?!.*\bper \w+).*{_EVERY}"
)

SQL_SETS = (
    SqlRecipe(
        _HOW_MANY_HAVE_ALL,
        "how many shops have sold every one of our products?",
        "SELECT COUNT(*) FROM (SELECT sales.shop_id FROM sales JOIN products ON sales.product = "
        "products.name GROUP BY sales.shop_id HAVING COUNT(DISTINCT products.name) = "
        "(SELECT COUNT(*) FROM products)) AS s",
        several=True,
        firm=True,
    ),
    SqlRecipe(
        rf"^{_NOT_ALL}(?!\W*(how|what (is|was|were|are)|when)\b)(?!.*({SO_MANY}|\bcounts?\b))"
        r"(?!\W*(what is|show|list|give|for|in|per|by)\b[^,.?]*?\b(every|each|all) \w+,? (with|along|the"
        r"|its)\b)"
        r"(?=.*\b(has|have|had|having|is|are|was|were|did|been|sells?|sold|that|who|got|charted|enrolled"
        rf"|stayed|deliver\w*|in|at|with)\b).*{_EVERY}",
        "which city has sales in each of our shops?",
        "SELECT sales.city FROM sales JOIN shops ON sales.shop_id = shops.id GROUP BY sales.city "
        "HAVING COUNT(DISTINCT shops.id) = (SELECT COUNT(*) FROM shops)",
        several=True,
    ),
    SqlRecipe(
        _HOW_MANY_HAVE_ALL,
        "how many product are there in every single city?",
        "SELECT COUNT(*) FROM (SELECT product FROM sales GROUP BY product "
        "HAVING COUNT(DISTINCT city) = (SELECT COUNT(DISTINCT city) FROM sales)) AS s",
        firm=True,
    ),
    SqlRecipe(
        rf"^(?=.*{MEAN})(?!\W*how many\b){_NOT_OF_ROWS}(?!.*{PERCENT})"
        rf"(?=.*\b(which|what|who|where|name|find|top|give the|the one|artist whose|having)\b).*{EXTREME}",
        "among the shop_id with at least 5 sales, which has the highest average price?",
        "SELECT shop_id FROM sales GROUP BY shop_id HAVING COUNT(*) >= 5 ORDER BY AVG(price) DESC LIMIT 1",
        counted=True,
    ),
    SqlRecipe(
        rf"^(?=.*{_MEASURE})(?!.*\bhow many\b)(?!\W*(count|the number of"
        rf"|what['’]?s the number of)\b){_NOT_OF_ROWS}"
        r"(?!.*\b(averaging (more|less)|what (share|percentage|per ?cent)|how many percent"
        r"|as a percentage)\b)",
        "average price of each shop_id with at least 5 sales",
        "SELECT shop_id, AVG(price) AS mean FROM sales GROUP BY shop_id HAVING COUNT(*) >= 5",
        counted=True,
    ),
    SqlRecipe(
        rf"{_TAKE}.*\bmost\b.*[.;:?!,] .*\bhow many (different|distinct)\b"
        rf"|^(?=.*{_DIFFERENT})(?=.*{_MOST}).*{ASIDE}",
        "find the product with the most sales, unknown ones aside: how many different shop_id does it have?",
        "SELECT COUNT(DISTINCT shop_id) FROM sales WHERE product = (SELECT product FROM sales "
        "WHERE product IS NOT NULL GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
        firm=True,
    ),
    SqlRecipe(
        rf"{_TAKE}(?!(difference|sum|mean|average|total|ratio|number|gap|range|share)\b)"
        rf"(?!.*\b(highest|most \w+ in) (overall|total)\b).*{EXTREME}.*[.;:?!,] "
        r".*\b(that|this|it"
        r"|its|there|them|they|their|he|she|his|her)\b"
        rf"|^(?=.*({MEAN}|\bhow long\b))(?=.*{_MOST})(?!.*\bat least\b).*{ASIDE}",
        "take the product with the most sales, unknown ones aside: what is its average price?",
        "SELECT AVG(price) FROM sales WHERE product = (SELECT product FROM sales "
        "WHERE product IS NOT NULL GROUP BY product ORDER BY COUNT(*) DESC LIMIT 1)",
    ),
    SqlRecipe(
        rf"^(?=.*{_COUNTED})(?!.*{MEAN}).*{_COLUMN_EACH}",
        "one row per shop and one column for each city (Rome, Oslo) with the number of sales",
        "SELECT shops.name, SUM(CASE WHEN sales.city = 'Rome' THEN 1 ELSE 0 END) AS rome, "
        "SUM(CASE WHEN sales.city = 'Oslo' THEN 1 ELSE 0 END) AS oslo FROM sales JOIN shops "
        "ON sales.shop_id = shops.id GROUP BY shops.name",
        several=True,
    ),
    SqlRecipe(
        rf"^(?!.*\b(melt|unpivot|long|rank)\b).*{_COLUMN_EACH}",
        "average price of each shop_id, with a column for each city (Rome, Oslo)",
        "SELECT shop_id, AVG(CASE WHEN city = 'Rome' THEN price END), "
        "AVG(CASE WHEN city = 'Oslo' THEN price END) FROM sales GROUP BY shop_id",
    ),
)

"""Words that questions about data say alike: parts of the patterns of worked examples.

Each is a whole group, so that it can stand anywhere in a pattern, and is read in any letter case.
"""

from __future__ import annotations

__all__ = [
    "AVERAGE",
    "BEST",
    "COMPARED",
    "COUNTED",
    "DEVIATION",
    "EACH",
    "FEW",
    "FEW_BEST",
    "GROUPED",
    "LIST",
    "MORE",
    "PASSES",
    "SHARE",
    "TOTAL",
    "UNIT",
]

FEW = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|(?:a |the )?dozen|twelve|fifteen|twenty"
    r"|thirty|fifty"
    r"|hundred|(?<![\d.])(?:[2-9]|[1-9]\d|[1-9]00)(?![\d.,%]))"
)
"""A number of things to pick: no year, no part of a larger number."""

_NO_SUPERLATIVE = (
    r"(?:for|inter|hon|mod|requ|inv|rev|harv|cont|prot|sugg|manif|arr|conqu|dig|temp|north|south"
    r"|mid|bud|buchar)est"
)
_MANY = r"(?:(?<!at )most|(?<!at )least|fewest|best|worst|maximum|minimum|max|min|peak|leading)"
BEST = rf"(?:\b(?:{_MANY}|top|(?!{_NO_SUPERLATIVE}\b)\w{{3,}}est)\b)"
"""A superlative: "heaviest", "most", "top"."""

_BEST_OF = rf"(?:\b(?:{_MANY}|(?!{_NO_SUPERLATIVE}\b)\w{{3,}}est)\b)"
_WITH = r"(?:with|having|that|who|which|by)"
FEW_BEST = (
    rf"(?:\btop (?:\w+ )?{FEW}\b"
    rf"|(?<!week )(?<!month )(?<!than )(?<!over )(?<!under )(?<!above )(?<!below )\b{FEW}(?! (?:the"
    rf"|in|of|at)\b) (?:(?!{_WITH} )\w+ )?{_BEST_OF}"
    rf"|\b{FEW}(?: (?!{_WITH} )\w+){{1,3}} {_WITH}(?: \w+){{0,2}} {_BEST_OF})"
)
"""A few of the best: "top five", "the three oldest", "ten states with the most"."""

UNIT = r"(?:(?:day|night|date|week|month|quarter|year|decade|hour|minute|season)s?)"
"""What time is counted in."""

EACH = r"(?:\b(?:each|every|per(?! cent\b))\b)"
"""Each."""

_MEASURE_OF = r"(?:of|in|for|from|within|at|on|inside|to)"
GROUPED = (
    rf"(?:\b{_MEASURE_OF} (?:each|every)\b|\bfor all\b|\b(?:each|every) [\w ]{{1,20}}'s\b"
    r"|\bper (?!cent\b|square\b|cubic\b|capita\b|unit\b|person\b|head\b|hectare\b)"
    r"|\b(?:broken down|break (?:it|this|them) down|split|grouped|separately|listed|itemi[sz]ed) "
    r"(?:by|for|per)\b"
    r"|^\W*(?:by|per|for (?:each|every|all)) [\w ]{2,30}[,:]|\b(?P<thing>\w{3,}) (?:by|for) (?P=thing)\b)"
)
"""What is asked for each group: "of each shop", "By genre, …", "farm by farm"; once in a pattern."""

SHARE = (
    r"(?:\b(?:percent(?:age)?|per cent|share|proportion|fraction|portion)s?\b|%|\b(?:what|which"
    r"|greatest|largest) part\b"
    r"|\bhow (?:much|large a part) of\b)"
)
"""A part of a whole."""

AVERAGE = r"(?:\b(?:average[sd]?|averaging|means?|avg|typical)\b)"
"""An average."""

TOTAL = (
    r"(?:\b(?:total|totals|sum|sums|summed|overall|altogether|in all|added up|combined|whole"
    r"|entire)\b)"
)
"""A total."""

COUNTED = r"(?:\b(?:how (?:many|often|few)|(?:number|count|tally) of|count|which number)\b)"
"""What is asked for is a number of things."""

LIST = r"(?:\b(?:which|what|who|list|name|find|give|show|any|whose|tell)\b)"
"""What is asked for is a list of things."""

MORE = (
    r"(?:\b(?:more|less|better|worse|farther|further"
    r"|(?!(?:other|rather|either|neither|whether|earlier|sooner|former|number|order|quarter|after"
    r"|ever)\b)\w{3,}er))"
)
"""A comparative."""

COMPARED = (
    r"(?:\b(?:above|below|over|under|beyond|past|at least|at most|at or (?:above|below)|no (?:more"
    r"|less|fewer) than"
    r"|exceed\w*|upwards of|in excess of"
    rf"|(?:{MORE}|later|earlier) than)\b)"
)
"""A bound, before its number."""

PASSES = (
    r"(?:\b(?:pass|passe[sd]|exceed(?:s|ed)?|reach(?:es|ed)?|cross(?:es|ed)?|surpass(?:es|ed)?"
    r"|topped|tops"
    r"|break through|broke through|hits?)\b)"
)
"""It gets over a bound."""

DEVIATION = r"(?:\b(?:standard deviation|std\.? ?dev\w*|stddev\w*|sd|variance|variability|scatter)\b)"
"""A standard deviation."""

"""What people say for the same thing: the parts that patterns of worked SQL examples are built of.

All of them are for `re.search` with IGNORECASE. The groups capture nothing, so that they can be put together,
and none looks further than a few words: `saying` and `not_saying` look ahead in the whole question.
"""

from __future__ import annotations

import re

__all__ = [
    "ABOVE",
    "BEFORE",
    "COUNT",
    "EACH",
    "FALL",
    "FEW",
    "FREQUENT",
    "HIGHER",
    "MEAN",
    "MISSING",
    "MONTH",
    "MOVED",
    "NEXT",
    "NTH",
    "NUMBER",
    "PERCENT",
    "RISE",
    "SUM",
    "SUPERLATIVE",
    "TIMES",
    "TWO_YEARS",
    "UNIT",
    "YEAR",
    "not_saying",
    "saying",
]


def saying(*words: str) -> str:
    """A lookahead for each of the words; only behind `^`."""
    return "".join(rf"(?=.*{word})" for word in words)


def not_saying(*words: str) -> str:
    """A lookahead against any of the words, whole ones where they are but letters; only behind `^`."""
    return rf"(?!.*(?:{'|'.join(map(_whole, words))}))"


def _whole(words: str) -> str:
    if re.fullmatch("[a-z |'-]+", words):
        return rf"\b(?:{words})\b"
    return rf"\b(?:{words})" if words[0].isalpha() else words


# Years, months, numbers.
YEAR = r"\b(?:19|20)\d\d\b"
TWO_YEARS = rf"{YEAR}.*{YEAR}"
MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|march|mar|april|apr|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
UNIT = r"(?:years?|quarters?|months?|weeks?|days?|dates?|hours?|minutes?|seasons?|decades?)"
FEW = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|hundred"
    r"|[2-9]|[1-9]\d)"
)
NUMBER = rf"(?:[$€£]? ?\d[\d.,]*|{FEW}\b|an?\b)"
NTH = (
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|10th"
    r"|(?:no\.?|number) [2-9]|next[- ]to[- ](?:top|best|last|highest|lowest)|runners?[- ]?up)\b"
)
# "The dearest", "the peak", "at its maximum"; a forest or a request is none.
SUPERLATIVE = (
    r"\b(?:most|least|best|worst|top|peak(?:ed|s)?|maxim(?:um|al)|minim(?:um|al)|max|min|record"
    r"|fewest|furthest"
    r"|(?!(?:for|inter|hon|mod|requ|sugg|inv|arr|prot|cont|harv|midw|northw|southw|conqu|manif|dig|att)est)"
    r"\w{3,}est)\b"
)
FREQUENT = (
    r"\b(?:most (?:common|frequent|usual|popular|often|times|used|typical)\w*|commonest|most frequently"
    r"|(?:comes?|came|turns?|turned) up (?:the )?most)\b"
)
# What is counted, summed, averaged, taken as a part.
COUNT = (
    r"\b(?:how (?:many|often|frequently)|(?:number|no\.?|counts?|tally|headcount|frequency|quantity) of"
    r"|count(?:s|ed|ing)?|tally|headcounts?)\b"
)
MEAN = r"\b(?:averag(?:e[sd]?|ing)|avg|means?(?! to\b| that\b)|typical(?:ly)?|median)\b"
SUM = (
    r"\b(?:totals?|sums?|summed|altogether|overall|in all|combined"
    r"|add(?:ed|ing)?(?: \w+){0,3} (?:up|together))\b"
)
PERCENT = (
    r"(?:%|\b(?:percent(?:age)?(?:s|wise)?|per[- ]cents?|pct|shares?|proportion\w*|fractions?"
    r"|portions?|slices?"
    r"|(?:what|which|how (?:big|large) an?|biggest|largest|greatest|smallest) part)\b|百分|比例|占比)"
)
TIMES = (
    r"\b(?:ratios?|quotient|factor|multiple|divided? (?:by|how)"
    r"|times (?:as|more|over|those|that|the (?:number|count|size|amount))|twice as)\b"
)
# Groups.
EACH = (
    r"\b(?:each|every|per(?![- ]cent)|for all(?: (?:the|of))?|by each"
    r"|broken down by|break \w+ down by|split by|grouped by)\b"
)
# Comparisons with a figure, and with another thing.
ABOVE = (
    r"\b(?:above|over|under|below|beyond|exceed(?:s|ed|ing)?|in excess of|upwards of|at least|at most"
    r"|no fewer than|no more than|no less than|minimum of|surpass\w*"
    r"|(?:more|less|worse|(?!(?:rath|oth|wheth)er)\w{3,}er) than)\b"
)
HIGHER = (
    r"\b(?:more|less|fewer|higher|lower|greater|larger|smaller|bigger|longer|shorter|older|younger"
    r"|heavier|lighter"
    r"|hotter|colder|warmer|cooler|dearer|cheaper|faster|slower|better|worse|taller|wetter|drier"
    r"|richer|poorer)\b"
)
# What moves, and from where.
RISE = (
    r"\b(?:ris(?:e[sn]?|ing)|rose|gr[eo]w(?:n|s|ing)?|growth|jump\w*|increas\w+|climb\w*|soar\w*"
    r"|surg(?:e[sd]?|ing)"
    r"|gain\w*|improv\w+|expand\w*|additions?|upturn|(?:go|goes|going|went|gone|moved?|shoot|shot) up)\b"
)
FALL = (
    r"\b(?:fall(?:s|en|ing)?|fell|drop\w*|decreas\w+|shr[aiu]nk\w*|declin\w+|plung\w+|s[aiu]nk"
    r"|slump\w*|los(?:e[sd]?|s"
    r"|ses|t)|tumbl\w+|plummet\w*|reduc\w+|div(?:e[sd]?|ing)|(?:go|goes|going|went|gone|moved?) down)\b"
)
MOVED = rf"(?:{RISE}|{FALL}|\bchang(?:e[sd]?|ing)\b|\bdevelop(?:s|ed|ment)?\b)"
BEFORE = (
    rf"\b(?:previous(?:ly)?|prior|preceding|predecessor|preced(?:es|ed)|before(?! the (?:dash|hyphen))"
    rf"|last {UNIT}|{UNIT} (?:earlier|back))\b"
)
# "From one day to the next", "between two successive polls", "week on week".
NEXT = (
    r"\b(?:(?:to|and|before) (?:the|its|their) (?:next|following)|the following one|next one"
    r"|one to the (?:next|following)"
    r"|successive|consecutive|neighbou?ring|adjacent|right after (?:another|the other)|in a row"
    r"|(?:year|quarter|month|week|day|hour|season)[- ](?:on|over|to|by|after)[- ](?:year|quarter"
    r"|month|week|day"
    r"|hour|season))\b"
)
# A value that is not there.
MISSING = (
    r"\b(?:missing|unknown|null|nulls|blank|left (?:blank|empty|out)|empty|lack(?:s|ing)?"
    r"|not (?:known|recorded|given|available|filled in|stated|noted|entered|on (?:file|record))"
    r"|no(?:t any)?(?: \w+)? (?:known|recorded|value|entry)"
    r"|(?:without|no) (?:an? |any )?(?:known |recorded |stated )"
    r"|(?:do|does|did)(?:n't| not) (?:state|give|have|name|show|list|mention|record))\b|缺失|未知"
)

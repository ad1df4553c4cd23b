"""Whether a question has nothing but words that are understood: a query that is told as the whole answer must
not leave out a condition which nobody has read.

What is left beside the names and the values of the table are words that every question may have.
"""

from __future__ import annotations

import re

from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table

__all__ = ["asks_once", "says_more"]

_ASKING = """
a about according among amongst across within all also an and any are as asked at back be been being
between both by came come compute computed calculate calculated contain contains count counted data
dataset did difference differ do does each every entry entries figure find first for from gap give given
going had has have having he her here his how i if in into is it its itself just last least lie lies list
made make many me mean means measure median minus more most much my no number numbered numbers of on one
or other our out over per please put query question ratio result results row rows same say see set show
single so sum table take taken tell than that the their them then there these they this those to together
total totals two until up us use used using value values want was were what when where which who whose
will with would write written you your far frame observation observations record recorded records sample
samples measured reading readings measurement measurements column divided divide divides average averages
averaged averagely avg typical typically
"""
_FIGURES = """
times time high large great long heavy old big much wide tall thick deep fast warm hot strong rich
expensive dear costly percent percentage percentages per cent share shares fraction fractions proportion
proportions ratio ratios quotient quotients part whole factor multiple lowest highest smallest largest
greatest biggest bottom top minimum maximum max min least latest earliest oldest newest recent left aside
leave leaving without exclude excluded excluding ignore ignored ignoring drop dropped dropping remove
removed removing discard discarded discarding trim trimmed trimming cut cutting off away except
disregarded disregarding thrown well count counting exceed exceeds above below end ends either side day
days passed pass elapsed elapse quarter quarters quarterly calendar year years q number numbered lbs
pounds pound kg kilograms grams gram points degrees dollars euros cents units inches feet miles hours
minutes seconds point weigh weighs weighed cost costs paid earn earned earns yield yielded price priced
length lengths male female men man women woman boy girl
through till against rise rose grow grew increase go went gain change climb
fall fell decline decrease lose sink shrink fourth third second 1st 2nd 3rd 4th put invested placed spent
worth would i we january february march april may june july august september october november december
"""
_COMPARED = re.compile(
    r"(?:less|lower|lighter|shorter|smaller|younger|cheaper|colder|cooler|slower|poorer|weaker|drier|narrower"
    r"|thinner|newer|calmer|lesser|more|higher|heavier|longer|larger|greater|bigger|older|dearer|pricier"
    r"|warmer|hotter|faster|richer|stronger|wetter|taller|wider|thicker|deeper|costlier|better|worse)"
)
_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve
"""
_WORDS = frozenset(words_of(f"{_ASKING} {_FIGURES} {_SMALL}"))
_ASKS = re.compile(
    r"\b(?:how (?:many|much|far|often|long|old|high|large)|what|which|who|whom|when|where|why)\b",
    re.IGNORECASE,
)
# A count of groups, or of what a comparison of groups holds for.
_GROUPS = re.compile(
    r"\b(?:in|on|for|at|during|of|by|within|across|among|over|under) how many \w+\b|\bhow often\b"
    r"|\bhow many of\b",
    re.IGNORECASE,
)
_BY_HOW_MANY = re.compile(r"\bby how many\b", re.IGNORECASE)


def says_more(question: str, table: Table) -> bool:
    """Whether it has a word that is no name, no value and none of those that questions are made of."""
    named = {*words_of(table.name)}
    for column in table.columns:
        named |= {*words_of(column.name), column.name.casefold()}
        texts = (value for value in column.categories or () if value.startswith("'"))
        named |= {word for value in texts for word in words_of(value)}
    said = words_of(question)
    return any(word not in _WORDS | named and not _COMPARED.fullmatch(word) for word in said if len(word) > 1)


def asks_once(question: str) -> bool:
    """Whether one thing is asked for, and not in how many groups a comparison holds."""
    return len(_ASKS.findall(question)) <= 1 and not _GROUPS.search(_BY_HOW_MANY.sub(" ", question))

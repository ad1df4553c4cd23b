"""Worked SQL examples of one row against all the others: the lead of the best over the second best, new
highs of one of several series, and the day on which a running number passes a limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import HIGH, LOW, PERCENT, SO_MANY, UNIT, YEAR

__all__ = ["SQL_LEADS"]

# "The heaviest one", "number one"; not "at least".
_BEST = (
    r"(?:(?<!at )(?<!next )(?<!second[- ])(?<!third )\b(?!(?:for|inter|mod|requ|inv|harv|cont|prot|hon"
    r"|gu|lat|earli)est\b)(?:\w{3,}est|best|top|most|first|winner|leader|leading)\b)"
)
_NEXT = (
    r"\b(?:second|2nd|next(?=[- ](?:\w{3,}est|best|most)\b)|runner[- ]?up|runners[- ]up|number two)\b"
    r"(?! (?:half|quarter|month|week|year|day|hour))"
)
_AHEAD = (
    r"(?:\b(?:ahead|lead|leads|margin|differ\w*|gap|exceed\w*|minus|beats?|surpass\w*|apart|away|outweigh\w*)\b"
    r"|\bby how (?:much|many|far)\b|\bhow (?:much|many|far) \w*(?:more|\w{2,}er)\b|\b\w{2,}er than\b)"
)
_EACH = r"\b(?:each|every|per|within|for all)\b(?! cent)"
# Of a series "the second" is a place in time, and two years are compared in another way.
_LEAD = (
    rf"^(?!.*{PERCENT})"
    r"(?!.*\bhow many (?!more|fewer|\w+ (?:is|are|was|were|does|do|did|lie|lies|separate)\b)\w+ )"
    r"(?!.*\b(?:before|earlier|previous|third|first (?:and|to)|first (?:\w+ ){0,3}(?:date|loan|order|time)"
    rf"|days?|times as)\b)(?!.*\b(?:19|20)\d\d\b.*\b(?:19|20)\d\d\b)(?=.*{_AHEAD})"
)
_ADDED_UP = r"\b(?:total|sum|average|mean|number of|most \w+s|how many more)\b"
_PAIR = rf"(?=.*{_BEST})(?=.*{_NEXT})"
_PLACES = "MAX(CASE WHEN rn = {0} THEN price END) - MAX(CASE WHEN rn = {1} THEN price END)"


def _leads() -> Iterator[SqlRecipe]:
    for high in (False, True):
        end, order = ("highest", " DESC") if high else ("lowest", "")
        places = _PLACES.format(*((1, 2) if high else (2, 1)))
        way = "" if high else rf"(?=.*(?:{LOW}|\b(?:lightest|youngest|quickest|fastest)\b))(?!.*{HIGH})"
        for year in (True, False):
            when, told = (" AND week = 5", " in week 5") if year else ("", "")
            told = f"by how much is the {end} price{told} ahead of the second {end}?"
            ranked = f"ROW_NUMBER() OVER ({{0}}ORDER BY price{order}) AS rn FROM sales "
            ranked += f"WHERE price IS NOT NULL{when}"
            asked = rf"{_LEAD}{way}(?{'=' if year else '!'}.*\b{YEAR}\b)"
            yield SqlRecipe(
                rf"{asked}(?=.*{_EACH}){_PAIR}",
                f"for each shop_id, {told}",
                f"SELECT shop_id, {places} AS lead FROM (SELECT shop_id, price, "
                f"{ranked.format('PARTITION BY shop_id ')}) AS ranked GROUP BY shop_id",
                by_date=False if year else None,
                firm=True,
            )
            yield SqlRecipe(
                rf"{asked}(?!.*{_EACH})(?!.*{_ADDED_UP}){_PAIR}",
                told,
                f"SELECT {places} AS lead FROM (SELECT price, {ranked.format('')}) AS ranked",
                by_date=False if year else None,
                firm=True,
            )


_EARLIER = (
    r"\b(?:any|all|every|each|everything)(?: \w+){0,4}? (?:earlier|before|previous\w*|prior|preceding|so far"
    r"|until then|that had gone before)\b|\b(?:any|every|each|all) (?:earlier|previous|prior|preceding)\b"
    r"|\b(?:than|as) ever\b"
    r"|\b(?:new|all-time) (?:all-time |record )?(?:record|high|low|maximum|minimum|peak)s?\b"
)
# Within a sentence, or the first word after "how many times did".
_A_NAME = r"(?=.*(?-i:[a-z,;:(] [\"“']?[A-Z][\w]+))"
_EVER = {
    "highest": ("MAX", ">", ""),
    "lowest": (
        "MIN",
        "<",
        r"(?=.*\b(?:lower|less|fewer|smaller|cheaper|colder|below|under|lows?|minim\w+)\b)",
    ),
}


def _new_extremes() -> Iterator[SqlRecipe]:
    """Of one of several series; of the only one there are other examples, and a new low is none of them."""
    for values in (1, 0):
        for end in ("lowest", "highest"):
            if not values and end == "highest":
                continue
            function, sign, said = _EVER[end]
            where, whose = (" WHERE city = 'Rome'", " of Rome") if values else ("", "")
            rows = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
            named = _A_NAME if values else ""
            word = "higher" if end == "highest" else "lower"
            highest = f"{function}(price) OVER (ORDER BY sold_at {rows}) AS {end}"
            yield SqlRecipe(
                rf"^(?=.*{SO_MANY}){said}{named}(?!.*{_EACH} (?!earlier|previous|prior|preceding|{UNIT}))"
                rf"(?=.*(?:{_EARLIER}))",
                f"on how many sold_at was the price{whose} {word} than ever before?",
                f"SELECT COUNT(*) FROM (SELECT price, {highest} FROM sales{where}) AS s "
                f"WHERE price {sign} {end}",
                dates=True,
                values=values,
                firm=True,
            )


_WHEN = (
    r"\b(?:when|(?:on |in |at |by )?(?:which|what) (?:day|date|month and day|day and month)"
    r"|(?:which|what) was the (?:day|date)"
    r"|(?:find|give|name|tell me|show|the) (?:the )?(?:day|date|first day|first date))\b"
)
_NUMBERED = (
    r"\b(?:(?:running|cumulative|cumulated|accumulated|total) (?:number|count|tally)|(?:number|count) of)\b"
)
_COUNT_TO = (
    rf"^(?=.*{_WHEN})(?=.*{_NUMBERED}|.*\b(?:running|cumulative)\b[^?]*\bcount\b)(?!.*{_EACH})(?!.*{PERCENT})"
)
_PAST = (
    r"(?=.*\b(?:exceed\w*|pass\w*|surpass\w*|top(?:s|ped)?|cross\w*|go(?:es)? (?:past|beyond)|more than|above"
    r"|over)\b[^?]*\d)"
)
_TO = r"(?=.*\b(?:reach\w*|hit|hits|attain\w*|get to|gets to|got to|at least)\b[^?]*\d)"


def _limits_passed() -> Iterator[SqlRecipe]:
    for sign, word, said in ((">", "exceed", _PAST), (">=", "reach", _TO)):
        for days, calendar in (("year, month, day", True), ("sold_at", False)):
            shown = "month, day" if calendar else days
            yield SqlRecipe(
                rf"{_COUNT_TO}(?=.*\b(?:running|cumul\w+|accumul\w+|total|first|so far|altogether)\b){said}",
                f"on which {'day' if calendar else days} did the running number of sales first {word} 10?",
                f"SELECT {shown} FROM (SELECT {days}, SUM(n) OVER (ORDER BY {days}) AS running FROM "
                f"(SELECT {days}, COUNT(*) AS n FROM sales GROUP BY {days}) AS days) AS s "
                f"WHERE running {sign} 10 ORDER BY {days} LIMIT 1",
                calendar=calendar,
                dates=not calendar,
                series=None if calendar else False,
                firm=True,
            )


SQL_LEADS = (*_leads(), *_new_extremes(), *_limits_passed())

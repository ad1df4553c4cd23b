"""How many things it takes, those with the most first, to have so much of all: "how many carriers does it
take to have 80 percent of all flights?"

A small model compares each with the limit; it adds up the numbers of flights where flights are counted.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, numbers_in, source_of
from qwen_magics.agent.examples.whole.best_counted import are_rows
from qwen_magics.agent.examples.whole.each_group import measure_said, named_so
from qwen_magics.agent.examples.whole.limits_reached import MONEY
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["threshold_quota"]

_PARTS = {"half": "1 / 2.0", "a third": "1 / 3.0", "two thirds": "2 / 3.0", "a quarter": "1 / 4.0"}
_PARTS |= {
    "three quarters": "3 / 4.0",
    "one third": "1 / 3.0",
    "one quarter": "1 / 4.0",
    "nine tenths": "0.9",
}
_PART = rf"(?:(?P<number>\d+(?:\.\d+)?) ?(?:percent|per ?cent|%)|(?P<said>{'|'.join(_PARTS)}))"
_OF = (
    rf"(?P<more>more than|over|exceed)?(?:at least |a total of )?\s?(?:the )?{_PART} of (?:all |the |all the"
    rf" )?(?:total |whole"
    r" |entire |overall |sum of |world['’]s )?(?:the )?(?P<what>\w+(?: (?!in\b|of\b|for\b|from\b|by\b)\w+)?)"
)
_TAKES = re.compile(
    r"\bhow many (?:of the )?(?P<thing>\w+)\b(?P<between>[^.?;]*?)\b(?:(?:does it|do you|do we|would it)"
    r" (?:take|need)"
    r"|(?:are|is|were) (?:needed|necessary|required|enough)|(?:make|makes|made) up|accounts? for|together"
    r" (?:have|has"
    rf"|make up|hold|cover|account for)|cover)\b(?P<to>[^.?;\d]*?)\b{_OF}",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r",? ?\b(?:(?:going|starting|counting|beginning|taken?|taking|ordered|sorted|ranked|in order|working)?,?"
    r" ?(?:from|with"
    r"|by|of)? ?(?:the )?(?:\w+ )?(?:(?:with|having|that (?:has|have)) the )?(?:most|largest|biggest|busiest"
    r"|highest)"
    r"(?: (?:number|count) of)?(?: @?\w+)? ?(?:downwards?|first|down|onwards?|on|descending)|in descending"
    r" order(?: of (?:their )?"
    r"(?:number|count) of \w+)?|(?:from )?(?:largest|most|biggest|highest) to (?:smallest|fewest|least"
    r"|lowest))\b,?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:each|every|per|which|who|whose|than|average|mean|median|smallest|fewest|least|lowest|first|last"
    r"|different|or"
    r"|individually|alone|not|least|half|above|below|year)\b|%",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:to|reach|have|get|together|cover|hold|make|up|account|for|combined|arrive|at|come|a|an|the|in"
    r"|order|that|it"
    r"|exceed|total|going|starting|carry|carries)\b",
    re.IGNORECASE,
)


def threshold_quota(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if it says from which end they are taken, or that it is the fewest that are needed."""
    down = _DOWN.search(question)
    asked = " ".join(_DOWN.sub(" ", question, count=1).split()) if down is not None else question
    takes = _TAKES.search(asked)
    if takes is None or (
        down is None and not re.search(r"(?i)\b(?:take|need\w*|necessary|required)\b", takes[0])
    ):
        return None
    thing = group_in(takes["thing"], table)
    rest = f"{asked[: takes.start()]} {takes['between']} {takes['to']} {asked[takes.end() :]}"
    if thing is None or _OTHER.search(rest):
        return None
    what = takes["what"]
    counts = are_rows(what.split()[0], table)
    if counts and MONEY & {*words_of(what)} and not re.search(r"(?i)\b(?:number|count) of\b", question):
        return None
    number = None if counts else measure_said(what, table)
    if not counts and (number is None or number.name not in named_so(what, number)):
        return None
    if down is not None and not _is_by(down[0], number, table):
        return None
    plain = _LITTLE.sub(" ", rest)
    rows = named_rows(plain, table, dialect)
    if rows is None or says_more(plain, table):
        return None
    if not counts and any(is_year(c) for c in table.columns) and not any(" = " in w for w in rows.where):
        return None
    one = dialect.quote_name(thing.name)
    figure = "COUNT(*)" if counts or number is None else f"SUM({dialect.quote_name(number.name)})"
    known = f"{one} IS NOT NULL" if thing.nulls else ""
    part = _PARTS[takes["said"].casefold()] if takes["said"] else f"{takes['number']} / 100.0"
    bound = "<=" if takes["more"] or re.search(r"(?i)\bexceed\b", takes["to"]) else "<"
    groups = f"SELECT {figure} AS n FROM {source_of(table, dialect)}{rows.written(known)} GROUP BY {one}"
    running = "SUM(n) OVER (ORDER BY n DESC ROWS UNBOUNDED PRECEDING) AS running, SUM(n) OVER () AS total"
    inner = f"SELECT {running} FROM ({groups}) AS counts"
    query = f"SELECT COUNT(*) + 1 FROM ({inner}) AS s WHERE running {bound} {part} * total"
    has = f"{takes['number']} percent" if takes["number"] else takes["said"]
    told = f"how many {thing.name}, those with the most first, have {has} of all {what}?"
    return SpelledOut(told, query, (r"\bOVER\b|SELECT.*SELECT",))


def _is_by(down: str, number: Column | None, table: Table) -> bool:
    """Whether the things are in order by what is added up."""
    named = [c.name for c in numbers_in(down, table)]
    if number is not None:
        return named in ([], [number.name])
    noun = re.search(r"(?i)\b(?:most|number of|count of) @?(\w+)", down)
    return noun is None or noun[1].casefold() in ("first", "to") or are_rows(noun[1], table)

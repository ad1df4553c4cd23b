"""Whether a number in a question is one of rows: "shops with at least five orders".

The same words tell of a column as well: "cars with at least six cylinders". There rows are told apart one by
one, and no group is counted.
"""

from __future__ import annotations

import re

from qwen_magics.agent.words.naming import words_of

__all__ = ["counts_rows"]

_FEW = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|hundred"
    r"|\d+(?:,\d{3})*)"
)
_ENOUGH = re.compile(
    r"\b(?:with|where|having|that|which|who|have|has|had|only|counting|there (?:are|were)|if)\b[^.?;]{0,40}?"
    rf"\b(?:at least|more than|fewer than|less than|at most|over|exactly) {_FEW} ([a-z]\w+)",
    re.IGNORECASE,
)
# "More orders than the average", "more orders in 2021 than in 2020".
_MORE = re.compile(
    r"\b(?:(?:more|fewer|less|(?:larger|higher|smaller|lower) number of) ([a-z]\w+)(?: \w+){0,3}? than\b"
    r"|(?:above|below)[- ]average (?:number|count) of ([a-z]\w+)"
    r"|(?:number|count) of ([a-z]\w+)\b[^.;?]*\b(?:above|below|over|under|exceed\w*|than)"
    r"(?: \w+){0,2}? (?:average|mean)\b)",
    re.IGNORECASE,
)
# Words for rows, whatever they hold.
_ROWS = frozenset(["case", "entry", "measurement", "member", "observation", "record", "row", "value"])
# What numbers are of, and no rows: "at least 30 percent".
_MEASURES = re.compile(
    "and|or|per|to|time|percent|point|word|letter|character|hundred|thousand|[mb]illion|second|minute|hour|day"
    "|week|month|year|decade|century|degree|mm|cm|m|km|inch|((centi|kilo)?met(er|re))|mile|g|kg|(kilo)?gram"
    "|ton|pound|dollar|euro|cent"
)


def counts_rows(question: str, schema: str) -> bool:
    """Whether groups are asked for that have some number of rows, and not rows that have a number.

    Args:
        schema: the tables' description.

    >>> counts_rows("makers with at least three cars", "CREATE TABLE cars (cylinders INT, maker TEXT)")
    True
    >>> counts_rows("cars with at least three cylinders", "CREATE TABLE cars (cylinders INT, maker TEXT)")
    False
    """
    found = _ENOUGH.search(question) or _MORE.search(question)
    if found is None:
        return False
    counted = words_of(next(filter(None, found.groups())))[0]
    tables = {words_of(name)[-1] for name in re.findall(r'CREATE TABLE (?:"[^"]+"\.|\w+\.)?"?(\w+)', schema)}
    if counted in tables or counted in _ROWS:
        return True
    return _MEASURES.fullmatch(counted) is None and counted not in words_of(schema)

"""How many things had the same other thing more than once: members who borrowed one book twice.

A small model counts the rows of each thing, or looks for what is there more than once by itself. What is
meant are pairs of the two, whatever lies between them: books of any copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.plain_verbs import says_rows
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.links.rows_between import Rows, place_of, rows_between
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["once_more"]

_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)"
_OFTEN = (
    r"(?P<often>more than once|at least twice|twice or more(?: often)?|repeatedly|several times"
    r"|multiple times"
    rf"|on more than one occasion|at least {_NUMBER} times|more than (?:twice|{_NUMBER} times)"
    rf"|{_NUMBER} (?:or more times|times or more))"
)
_SAME = (
    r"(?:(?:some|any|at least one|one and|any one|(?:a |any )?single|one) )?(?:of )?(?:the )?"
    r"(?:same |single )?"
)
_MANY = (
    r"^\W*(?:how many|(?:what is )?the number of|count) (?:of )?(?:the |our |all )*(?:different |distinct )?"
    r"(?P<thing>\w+) (?:(?:that|who|which|have|has|had|were|was|been|got|are) ){0,3}(?P<verb>\w+(?: out)?) "
)
# What makes no difference: "in whichever copy", "be it in different copies", "(in any of its copies)".
_WHICHEVER = re.compile(
    r"[,(]? ?\b(?:(?:be it|even if|whether|regardless|no matter|not necessarily|possibly)\b"
    r"|(?:in|of|by|from|as|through|on|at|with) (?:any|whichever|whatever)\b"
    r"|whichever\b|whatever\b)[^,.;()?]*[),]?",
    re.IGNORECASE,
)
# "How many pairs of a member and a book are there where the member borrowed the book more than once".
_PAIRS = re.compile(
    r"^\W*(?:how many|(?:what is )?the number of|count(?: the)?) (?:different |distinct"
    r" )?(?:pairs?|combinations?)"
    r"(?: of)? (?:an? |the )?(?P<thing>\w+?)(?:[- ]and[- ]|[-/])(?:an? |the )?(?P<other>\w+?)(?: pairs)? "
    r"(?:(?:are|were|is) there |exist )?(?:where|in which|such that|with|for which|so that)"
    r" (?:the |that |a )?"
    rf"(?P<who>\w+) (?:(?:have|has|had|was|were|got) ){{0,2}}(?P<verb>\w+(?: out)?) (?:the |that |this |a )?"
    rf"(?:same )?(?P<what>\w+) {_OFTEN}\W*$",
    re.IGNORECASE,
)
_ASKED = (
    re.compile(rf"{_MANY}(?P<same>{_SAME})(?P<other>\w+) {_OFTEN}\W*$", re.IGNORECASE),
    re.compile(
        rf"{_MANY}{_OFTEN} (?:by|at|from|to|in|with) (?P<same>{_SAME})(?P<other>\w+)\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_MANY}(?:by|at|from|to|in|with) (?P<same>{_SAME})(?P<other>\w+) {_OFTEN}\W*$",
        re.IGNORECASE,
    ),
)
# Of pairs, the same two are named again.
_AGAIN = (("thing", "who"), ("other", "what"))


def once_more(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of their number; None where anything else limits the rows, or the way is not certain."""
    asked = " ".join(_WHICHEVER.sub(" ", question.replace("@", "")).split())
    pairs = _PAIRS.search(asked)
    found = pairs or next(filter(None, (pattern.search(asked) for pattern in _ASKED)), None)
    if found is None or not (pairs or found["same"].strip()):
        return None
    if pairs and any(words_of(pairs[one]) != words_of(pairs[two]) for one, two in _AGAIN):
        return None
    places = [place_of(found["thing"], tables), place_of(found["other"], tables)]
    thing, other = places
    if thing is None or other is None or thing == other or thing.table.schema:
        return None
    rows = rows_between([thing, other], tables, asked)
    if rows is None or not says_rows(found["verb"], [thing, other], rows, tables, asked):
        return None
    if linked_values(asked, tables):
        return None
    keys = [rows.key(at, place, dialect) for at, place in enumerate((thing, other))]
    if not all(keys):
        return None
    read = [at for at, place in enumerate((thing, other)) if place.column is not None]
    source = rows.source(dialect, *read)
    known = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    # No name but the column's own: a small model writes that in the outer query whatever the inner one says.
    group = f"SELECT {keys[0]} FROM {source} WHERE {known} GROUP BY {', '.join(keys)}"
    query = f"{group} HAVING {_counted(found['verb'], rows, dialect)} {_bound(found['often'])}"
    if pairs:
        told = f"how many pairs of {thing.called} and {other.called} are there {found['often']}?"
        return Told(told, f"SELECT COUNT(*) FROM ({query}) AS s")
    told = f"how many {thing.called} have the same {other.called} {found['often']}?"
    return Told(told, f"SELECT COUNT(DISTINCT {keys[0].rpartition('.')[2]}) FROM ({query}) AS s")


def _counted(verb: str, rows: Rows, dialect: Dialect) -> str:
    """The rows, or what the verb says that they are parts of: the orders of lines."""
    name, said = dialect.quote_name, words_of(verb)[0]
    steps = [join for way in rows.ways for join in way[:-1]]
    wholes = [j for j in steps if any(alike(word, said) for word in words_of(j.other))]
    if len(wholes) == 1 and wholes[0].table == rows.table.name:
        return f"COUNT(DISTINCT {name(rows.table.name)}.{name(wholes[0].column)})"
    return "COUNT(*)"


def _bound(often: str) -> str:
    said = often.casefold()
    if said == "more than twice":
        return "> 2"
    digits = re.search(_NUMBER, said.replace("more than one occasion", ""))
    if digits is None:
        return "> 1"
    return f"{'>' if said.startswith('more than') else '>='} {NUMBERS.get(digits[0], digits[0])}"

"""A question that can be told whole, with its query, and what no query that answers it does without."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import number_in
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["SpelledOut", "each_of", "limited", "number_of", "year_of"]

_QUERY = re.compile(r"\W*(SELECT|WITH)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w@.-])((?:1[5-9]|20)\d\d)(?![\w-])")
_NUMBER = re.compile(r"(?<![\w@.-])\d")
# A condition that no value tells.
_MORE = re.compile(
    r"\b(?:above|below|over|under|beyond|(?:more|fewer|less|later|earlier) than|at (?:least|most)|not"
    r"|no|never"
    r"|late|early|overdue|unpaid|paid|open|active|former|new|old|broken|stolen|chosen"
    # Cancelled, returned: what is done to a row limits the rows.
    r"|(?-i:(?!averaged|divided|rounded|measured|observed|listed|numbered|combined|compared|passed"
    r"|elapsed|needed"
    r"|based|computed|calculated|added|recorded|reported|united|expressed|summed)"
    r"[a-z]{2,}(?<!e)ed)"
    r"|except|excluding|without|other than|before|after|since|until|between|known|missing|whose|only|both)\b"
    r"|\b(?-i:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b|\bweekends?\b",
    re.IGNORECASE,
)
# When it was, not what is asked for: "their average in that year".
_THEN = re.compile(
    r"\b(?:in|of|for|during) (?:that|this|the same|the) (?:year|month|day|quarter|hour)\b", re.I
)
_EACH = re.compile(r"\b(?:in|on|of|for|at|by|per|from|within) (?:each|every) ([\w-]+)|\bper (\w+)", re.I)


@dataclass(frozen=True, slots=True)
class SpelledOut:
    """What is nearly the answer.

    Attributes:
        told: the question, in words of its own.
        query: the whole of it.
        needed: patterns of which a query that answers it has every one.
    """

    told: str
    query: str
    needed: tuple[str, ...]

    def is_missed(self, code: str) -> bool:
        """Whether the code is a query without something that is needed; programs have words of their own."""
        if not _QUERY.match(code):
            return False
        return any(not re.search(part, code, re.IGNORECASE | re.DOTALL) for part in self.needed)


def limited(rest: str, table: Table, dialect: Dialect, used: Set[str] = frozenset()) -> str | None:
    """` WHERE …` for the values that what is left of a question names; None where it may say more than that.

    Args:
        rest: the question without what has been understood already.
        used: columns whose values have been.
    """
    names = [column.name for column in table.columns]
    if _MORE.search(_without(names, rest)):
        return None
    found: dict[str, str] = {}
    # The death of death_date is no value.
    rest = _without([name for name in names if "_" in name], rest)
    for value in linked_values(rest, [table]):
        owners = [column.name for _, column in value.owners if column.name not in used]
        if len(owners) > 1 or (owners and found.setdefault(owners[0], value.literal) != value.literal):
            return None
    years = set(_YEAR.findall(rest))
    if _NUMBER.search(_YEAR.sub(" ", rest)) or len(years) > 1:
        return None
    conditions = [f"{dialect.quote_name(name)} = {literal}" for name, literal in found.items()]
    if years:
        of_year = year_of(table, years.pop(), dialect)
        if of_year is None or of_year[0] in used:
            return None
        conditions.append(of_year[1])
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _without(names: Sequence[str], text: str) -> str:
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", " ", text) if names else text


def number_of(rest: str, table: Table) -> Column | None:
    """The column of numbers that is meant; the name of the table is no column's, "flights" no `flight`."""
    noun = re.escape(table.name)
    said = re.sub(rf"(?<!\w)(?:{noun}|{noun.removesuffix('s')})(?!\w)", " ", rest, flags=re.IGNORECASE)
    said = _THEN.sub(" ", said)
    spelled = [
        c for c in table.columns if is_number(c) and re.search(rf"(?<!\w){re.escape(c.name)}(?!\w)", said)
    ]
    return spelled[0] if len(spelled) == 1 else number_in(said, table)


def each_of(question: str) -> list[str]:
    """The words behind "each", "every" and "per"."""
    return [found[1] or found[2] for found in _EACH.finditer(question)]


def year_of(table: Table, year: str, dialect: Dialect) -> tuple[str, str] | None:
    """The column that tells a row's year, and the condition for one; None unless there is one."""
    whole = [column for column in table.columns if is_year(column)]
    dates = [column for column in table.columns if column.dtype.startswith(("DATE", "TIMESTAMP"))]
    if len(whole) == 1 and words_of(whole[0].name)[-1:] == ["year"]:
        return whole[0].name, f"{dialect.quote_name(whole[0].name)} = {year}"
    if len(dates) != 1 or whole:
        return None
    name = dialect.quote_name(dates[0].name)
    if dialect.title == "SQLite":
        return dates[0].name, f"STRFTIME('%Y', {name}) = '{year}'"
    return dates[0].name, f"EXTRACT(YEAR FROM {name}) = {year}"

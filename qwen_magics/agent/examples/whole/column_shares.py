"""How much of one column's sum that of another is: "how many percent of revenue was profit in 2021?"

The whole may be several columns together: "of all journeys (car, bus and tram together), what percentage was
by tram". A small model counts rows above zero, or puts the year into the part and leaves it out of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.spelled_out import each_of, limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["column_shares"]

_SHARE = r"(?<!\d )(?<!\d)(?:(?P<percent>percent(?:age)?\b|per ?cent\b|%)|(?:share|proportion|fraction)\b)"
_VERB = r"(?:was|were|is|are|did|does|do|came|comes|come|went|goes|go|has|have|had)"
_FORMS = (
    # "What percentage of a was b", "how much of a, in percent, was b".
    re.compile(rf"\b{_SHARE} of (?P<whole>.{{1,160}}?)\b{_VERB}\b(?P<part>.{{1,160}})", re.I),
    # "Of a, what percentage was b".
    re.compile(
        rf"\b(?:of|from) (?P<whole>.{{1,160}}?),? (?:what|which|how many) {_SHARE} (?P<part>.{{1,160}})", re.I
    ),
    # "b as a percentage of a", "the share of b in a".
    re.compile(
        rf"(?P<part>(?:[\w.]+ ){{1,3}}?)as (?:an? |the )?{_SHARE} of (?P<whole>[\w. ]{{1,60}})",
        re.I,
    ),
    re.compile(rf"\b{_SHARE} of (?P<part>[\w.]+(?: \w+)?) in (?P<whole>[\w.]+(?: \w+)?)\b", re.I),
)
_OTHER = re.compile(
    r"\b(?:averages?|mean|median|highest|lowest|largest|smallest|most|least|which|who|than|above|below|over"
    r"|at least|at most|between|change\w*|gr[eo]w\w*|rose|rise\w*|fell|fall\w*|difference|rows?|compare\w*"
    r"|correlat\w*|running|cumulat\w*|rank\w*|first|last|row by row)\b",
    re.I,
)
_QUARTERS = ("first", "second", "third", "fourth")
_QUARTER = re.compile(rf"\b(?:the )?(?:({'|'.join(_QUARTERS)}) quarter|quarter ([1-4])|Q([1-4]))\b", re.I)
_TOGETHER = re.compile(r"\b(?:taken |added |put |all )?(?:together|combined)\b", re.I)
_MOST_COLUMNS = 6


def column_shares(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where it is not certain which columns are meant, or what limits the rows."""
    asked = " ".join(question.replace("@", "").split())
    table = _table(asked, tables)
    found = _found(asked, table) if table is not None and len(asked) <= 400 else None
    if table is None or found is None:
        return None
    match, part, whole = found
    rest = _TOGETHER.sub(" ", _without([*whole, part], asked))
    rest = re.sub(r"(?i)\b(?:which|what) (?=(?:per ?cent|%|share|proportion|fraction))", " ", rest)
    limits = _where(rest, table, dialect)
    groups = {c.name: c for word in each_of(rest) if (c := group_in(word, table)) is not None}
    if limits is None or len(groups) > 1 or len(each_of(rest)) > len(groups) or _OTHER.search(limits[1]):
        return None
    hundred = "100.0" if match["percent"] else "1.0"
    name = dialect.quote_name
    all_of = " + ".join(name(column.name) for column in whole)
    share = f"{hundred} * SUM({name(part.name)}) / SUM({all_of})"
    by = [name(group) for group in groups]
    shown = f"{by[0]}, {share} AS share" if by else share
    after = f" GROUP BY {by[0]}" if by else ""
    kind = "percentage" if match["percent"] else "share"
    of = " and ".join(column.name for column in whole)
    each = f" for each {next(iter(groups))}" if groups else ""
    told = f"what {kind} of the sum of {of} is the sum of {part.name}{each}, in these rows?"
    return Told(told, f"SELECT {shown} FROM {source_of(table, dialect)}{limits[0]}{after}")


def _table(asked: str, tables: Sequence[Table]) -> Table | None:
    words = set(words_of(asked))
    named = [table for table in tables if set(words_of(table.name)) <= words]
    return named[0] if len(named) == 1 else tables[0] if len(tables) == 1 else None


def _found(asked: str, table: Table) -> tuple[re.Match[str], Column, list[Column]] | None:
    """The words of the share, the column that is the part, and those that are the whole."""
    for form in _FORMS:
        match = form.search(asked)
        if match is None:
            continue
        parts, whole = named_numbers(match["part"], table), named_numbers(match["whole"], table)
        if len(parts) != 1 or not whole or len(whole) > _MOST_COLUMNS:
            continue
        (part,) = parts
        if (len(whole) == 1) == (part.name not in [column.name for column in whole]):
            return match, part, whole
    return None


def _where(rest: str, table: Table, dialect: Dialect) -> tuple[str, str] | None:
    """` WHERE …` with what is left of the question; None where it may say more than what is understood."""
    quarters = {f for m in _QUARTER.finditer(rest) for f in [m]}
    conditions = []
    if quarters:
        column = next((c for c in table.columns if c.name.casefold() == "quarter"), None)
        if column is None or len(quarters) > 1:
            return None
        (said,) = quarters
        number = said[2] or said[3] or str(_QUARTERS.index(said[1].casefold()) + 1)
        conditions.append(f"{dialect.quote_name(column.name)} = {number}")
        rest = _QUARTER.sub(" ", rest)
    where = limited(rest, table, dialect)
    if where is None:
        return None
    conditions = [*filter(None, [where.removeprefix(" WHERE ")]), *conditions]
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), rest


def _without(columns: Sequence[Column], text: str) -> str:
    names = "|".join(re.escape(column.name) for column in columns)
    return re.sub(rf"(?i)(?<!\w)(?:{names})(?!\w)", " ", text)

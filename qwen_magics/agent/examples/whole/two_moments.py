"""One number at two moments of a series: "by how much did it rise from the first quarter of 1973 to the
fourth of 1974?", "what would 1000 put into it at the price of one day be worth at that of another?"

A small model subtracts the wrong way round, or takes the number of one moment alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, number_of
from qwen_magics.tools.schema import Column, Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["two_moments"]

_NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_NTH = "|".join(_NTHS)
_MONTHS = dict(
    zip(
        (
            *("january", "february", "march", "april", "may", "june"),
            *("july", "august", "september", "october", "november", "december"),
        ),
        range(1, 13),
        strict=True,
    )
)
_MONTH = "|".join(_MONTHS)
_MOMENT = (
    rf"(?:the (?:{_NTH}) quarter of (?:1[5-9]|20)\d\d|q[1-4](?: of)? (?:1[5-9]|20)\d\d"
    rf"|(?:{_MONTH})(?: of)? (?:1[5-9]|20)\d\d|(?:1[5-9]|20)\d\d-\d\d-\d\d)"
)
_FROM_TO = re.compile(
    rf"\b(?:from|between) (?P<one>{_MOMENT}),? (?:to|until|till|and) (?P<two>{_MOMENT})(?![\w-])",
    re.IGNORECASE,
)
_BY = r"\bby how (?:much|many(?: percentage)? (?:points|units|degrees|dollars|euros|percent))\b"
_RISEN = re.compile(r"\b(?:rise|rose|grow|grew|increase|go up|went up|gain|change|climb)\b", re.IGNORECASE)
_FALLEN = re.compile(
    r"\b(?:fall|fell|drop|decline|decrease|go down|went down|lose|sink|shrink)\b", re.IGNORECASE
)
_PERCENT = re.compile(r"\b(?:by (?:how many percent|what percentage)|by how many per cent)\b", re.IGNORECASE)
_SPENT = re.compile(
    r"\b(?:put|invested|placed|spent)(?: in)? (?:[$€£] ?)?(?P<amount>\d[\d,]*(?:\.\d+)?)"
    r"(?: (?:dollars?|euros?|pounds?|francs?|usd|eur))?\b",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:at|on|by)(?: (?:the|its))?(?: \w+)?(?: (?:of|on))? (?P<day>\d{4}-\d\d-\d\d)(?![\w-])", re.I
)
_WORTH = re.compile(r"\bwhat (?:would|will|is|was|were)\b[^.?!]*\bworth\b|\bhow much\b[^.?!]*\bworth\b", re.I)
# Of each of several, a mean of all or the greatest move is another kind.
_MORE = re.compile(
    r"\b(?:each|every|per(?! ?cent)|averag\w*|means?|median|totals?|which|who|\w{3,}est|correlat\w*|rank\w*"
    r"|share)\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"\b(?:if|i|we|you|one|had|would|have|been|invested|they|it|that|going by|according to|dollars|euros"
    r"|points|units|degrees|percentage|percent|index)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The conditions of both moments, what is left of the question, and how the figures are put together."""

    one: str
    two: str
    used: frozenset[str]
    rest: str
    form: str
    told: str


def two_moments(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, where a row is told by its moment, or by it and the values that the question names."""
    asked = (
        None
        if _MORE.search(question)
        else _moved(question, table, dialect) or _spent(question, table, dialect)
    )
    if asked is None:
        return None
    number = number_of(asked.rest, table)
    where = limited(_FILLERS.sub(" ", asked.rest), table, dialect, asked.used)
    if number is None or where is None or number.name in asked.used or not _is_told(table, where, asked.used):
        return None
    name, start = dialect.quote_name(number.name), f"{where} AND" if where else " WHERE"
    one, two = (
        f"(SELECT {name} FROM {source_of(table, dialect)}{start} {moment})"
        for moment in (asked.one, asked.two)
    )
    query = f"SELECT {asked.form.format(one=one, two=two)}"
    return SpelledOut(f"{number.name}, {asked.told}", query, (rf"(?<!\w){re.escape(number.name)}(?!\w)",))


def _moved(question: str, table: Table, dialect: Dialect) -> _Asked | None:
    ends = _FROM_TO.search(question)
    risen, fallen = _RISEN.search(question), _FALLEN.search(question)
    percent = _PERCENT.search(question) is not None
    if ends is None or (risen is None) == (fallen is None) or not (percent or re.search(_BY, question, re.I)):
        return None
    first, last = (_moment(ends[side], table, dialect) for side in ("one", "two"))
    if first is None or last is None:
        return None
    rest = f"{question[: ends.start()]} {question[ends.end() :]}"
    for part in (_RISEN, _FALLEN, _PERCENT, re.compile(_BY, re.IGNORECASE)):
        rest = part.sub(" ", rest)
    change = "{two} - {one}" if risen is not None else "{one} - {two}"
    form = f"100.0 * ({change}) / {{one}}" if percent else change
    (one, used), (two, _) = first, last
    told = f"the last minus the first of {ends['one']} and {ends['two']}"
    told = told if risen is not None else f"the first minus the last of {ends['one']} and {ends['two']}"
    return _Asked(
        one, two, used, rest, f"{form} AS change", told + (", in percent of the first" if percent else "")
    )


def _spent(question: str, table: Table, dialect: Dialect) -> _Asked | None:
    amount, days = _SPENT.search(question), list(_AT.finditer(question))
    if amount is None or len(days) != 2 or not _WORTH.search(question):
        return None
    # What is put in comes first, what it is worth afterwards.
    one, two = (_moment(day["day"], table, dialect) for day in days)
    if one is None or two is None or not amount.end() <= days[0].start() or days[0]["day"] >= days[1]["day"]:
        return None
    rest = _WORTH.sub(" ", _SPENT.sub(" ", re.sub(r"\d{4}-\d\d-\d\d", " ", question)))
    price = [c.name for c in table.columns if re.search(rf"(?i)(?<!\w){re.escape(c.name)}(?!\w)", question)]
    rest = f"{rest} {' '.join(price)}"
    figure = amount["amount"].replace(",", "")
    figure = figure if "." in figure else f"{figure}.0"
    told = f"{amount['amount']} times that of {days[1]['day']} divided by that of {days[0]['day']}"
    return _Asked(one[0], two[0], one[1], rest, f"{figure} * {{two}} / {{one}} AS worth", told)


def _moment(said: str, table: Table, dialect: Dialect) -> tuple[str, frozenset[str]] | None:
    """The condition, and the columns that it is on."""
    words, name = said.casefold().split(), dialect.quote_name
    day = re.fullmatch(r"\d{4}-\d\d-\d\d", said)
    if day is not None:
        dates = [column for column in table.columns if has_days(column)]
        return (f"{name(dates[0].name)} = '{said}'", frozenset([dates[0].name])) if len(dates) == 1 else None
    quarter = next((_NTHS[w] for w in words if w in _NTHS), 0) or next(
        (int(w[1]) for w in words if re.fullmatch(r"q[1-4]", w)), 0
    )
    month = next((_MONTHS[word] for word in words if word in _MONTHS), 0)
    unit, number = ("quarter", quarter) if quarter else ("month", month)
    year, part = _called("year", table), _called(unit, table)
    if year is None or part is None or any(has_days(column) for column in table.columns):
        return None
    condition = f"{name(year.name)} = {words[-1]} AND {name(part.name)} = {number}"
    return condition, frozenset([year.name, part.name])


def _called(name: str, table: Table) -> Column | None:
    found = [column for column in table.columns if column.name.casefold() == name and is_number(column)]
    return found[0] if len(found) == 1 else None


def _is_told(table: Table, where: str, used: frozenset[str]) -> bool:
    """Whether nothing else tells rows apart: all other columns are numbers, or have one value."""
    finer = {"day", "hour", "minute", "month", "week"}
    others = [column for column in table.columns if column.name not in used]
    texts = [
        c for c in others if not is_number(c) and not re.search(rf"(?<!\w){re.escape(c.name)}\"? = ", where)
    ]
    return not texts and not any(c.name.casefold() in finer for c in others)

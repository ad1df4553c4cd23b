"""What a piece of a question says of rows: listed values, codes, names behind "to" and "from", and numbers
that a column is above or below ("a life expectancy under 60 years", "arr_delay of 0 or less").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.whole.named_rows import codes_in, is_text, taken_names
from qwen_magics.agent.examples.whole.said_months import month_of, months_in
from qwen_magics.agent.examples.whole.spelled_out import year_of
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["SaidConditions", "said_conditions"]

_NUMBER = r"(?P<{}>-?\d[\d,]*(?:\.\d+)?)(?![\d.]*\w)(?! ?(?:%|percent\b))"
_SIGNS = {
    ">=": r"at least|no less than|not less than|a minimum of|>=",
    "<=": r"at most|no more than|not more than|a maximum of|up to|<=",
    ">": (
        r"above|over|beyond|exceeding|exceeds|(?:more|greater|higher|longer|older|larger|bigger"
        r"|heavier) than|>(?!=)"
    ),
    "<": r"below|under|beneath|(?:less|lower|fewer|shorter|younger|smaller|lighter) than|<(?!=)",
}
_BEFORE = re.compile(
    rf"(?P<sign>{'|'.join(f'(?:{said})' for said in _SIGNS.values())}) {_NUMBER.format('number')}", re.I
)
_BEHIND = re.compile(
    rf"{_NUMBER.format('number')}(?: \w+)? or (?:(?P<more>more|above|higher|over|longer|older|greater|later)"
    r"|(?P<less>less|below|lower|fewer|under|shorter|younger|earlier))\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(r"\b(?:ha(?:ve|s|d)|with) (?:an?|a known|known|some) ([\w.]+(?: \w+)?)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w@.-])((?:1[5-9]|20)\d\d)(?![\w-])")
_NOT = re.compile(
    r"\b(?:not(?! (?:more|less|above|over) than)|never|no(?! (?:more|less) than)|neither|nor|without"
    r"|except|excluding|other than|or(?! (?:more|above|higher|over|longer|older|greater|later"
    r"|less|below|lower"
    r"|fewer|under|shorter|younger|earlier)\b))\b|n['’]t\b",
    re.IGNORECASE,
)
_DAYS = re.compile(r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b|\bweekends?\b")
# "30 minutes late" is about no column of minutes.
_PERIODS = frozenset(["second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade"])
# Where something goes and where it comes from, whatever else has names there.
_WAYS = (
    (r"\b(?:to|into|for|towards|bound for|reach(?:es|ed)?) ", {"dest", "destination", "to", "arrival"}),
    (r"\b(?:made|built|produced|manufactured) by ", {"manufacturer", "maker", "producer", "make", "brand"}),
    (r"\b(?:from|out of|left|leave|leaving) ", {"origin", "source", "from", "departure"}),
)
_CLOSE = 45


@dataclass(frozen=True, slots=True)
class SaidConditions:
    """The conditions, those on years apart."""

    where: tuple[str, ...]
    years: tuple[str, ...]


def said_conditions(text: str, table: Table, dialect: Dialect) -> SaidConditions | None:
    """The conditions of one piece; None where it excludes something or a number's column is not certain."""
    bare = _glossed(text)
    if _NOT.search(bare):
        return None
    where: list[str] = []
    rest = bare
    for found in (*_BEFORE.finditer(bare), *_BEHIND.finditer(bare)):
        column = _column(bare[: found.start()], bare[found.end() :], table)
        if column is None:
            return None
        number = found["number"].replace(",", "")
        where.append(f"{dialect.quote_name(column.name)} {_sign(found)} {number}")
        rest = rest.replace(found[0], " ")
    years = [
        of_year[1]
        for year in dict.fromkeys(_YEAR.findall(rest))
        if (of_year := year_of(table, year, dialect))
    ]
    if re.search(r"(?<![\w.])\d", _YEAR.sub(" ", rest)):
        return None
    months = months_in(rest)
    of_month = month_of(table, months[0], dialect) if len(months) == 1 else ""
    if _DAYS.search(rest) or (months and not of_month):
        return None
    where += [of_month] if of_month else []
    for found in _KNOWN.finditer(rest):
        known = [c for c in table.columns if c.nulls and re.match(rf"{re.escape(c.name)}(?!\w)", found[1])]
        where += [f"{dialect.quote_name(c.name)} IS NOT NULL" for c in known]
    values = list(_values(rest, table, dialect))
    if len({name for name, _ in values}) != len(values):
        return None
    return SaidConditions((*(f"{name} = {text}" for name, text in values), *where), tuple(years))


def _glossed(text: str) -> str:
    """What brackets say in numbers stands for the words before them: "left late (dep_delay above 0)"."""
    return re.sub(
        r"(?:(?:^|(?<=\band)|(?<=\bthat)|(?<=\bwho)|(?<=,))[^(),]{0,40})?\(([^()]*\d[^()]*)\)",
        lambda found: f" {found[1]} , ",
        text,
    )


def _sign(found: re.Match[str]) -> str:
    said = found.groupdict()
    if "sign" not in said:
        return ">=" if said["more"] else "<="
    return next(sign for sign, words in _SIGNS.items() if re.fullmatch(words, found["sign"], re.IGNORECASE))


def _column(before: str, after: str, table: Table) -> Column | None:
    """The one number that the words before the comparison name, or those right behind the number."""
    near = re.split(r"[,;()]|\b(?:and|but)\b", before[-_CLOSE:])[-1]
    behind = " ".join(re.split(r"[,;?.]|\b(?:and|but|of|in|on)\b", after[:_CLOSE])[0].split()[:2])
    for words in (near, behind):
        numbers = [c for c in table.columns if is_number(c) and not is_year(c) and _is_named(c, words)]
        numbers = [c for c in numbers if not set(words_of(c.name)) <= _PERIODS]
        spelled = [c for c in numbers if re.search(rf"(?i)(?<!\w){re.escape(c.name)}(?!\w)", words)]
        if len(spelled or numbers) == 1:
            return (spelled or numbers)[0]
        if numbers:
            return None
    return None


def _begins(name: str, column: Column) -> bool:
    """Whether it is the column's name, or its beginning: the GDP of gdpPercap is no country."""
    return column.name.casefold().startswith(name.casefold())


def _is_named(column: Column, words: str) -> bool:
    said, own = words_of(words), words_of(column.name)
    return bool(own) and all(any(alike(part, word) for word in said) for part in own)


def _values(text: str, table: Table, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Column and literal of each value, as SQL writes them."""
    found: dict[str, str] = {}
    for value in linked_values(text, [table]):
        if len(value.owners) == 1:
            found.setdefault(value.literal, value.owners[0][1].name)
    for column, code in codes_in(text, table):
        found.setdefault(dialect.quote_text(code), column.name)
    said = {word for literal in found for word in words_of(literal)} | set(words_of(table.name))
    open_columns = [c for c in table.columns if is_text(c) and c.categories is None]
    for name in taken_names(text):
        if set(words_of(name)) <= said or months_in(name) or any(_begins(name, c) for c in table.columns):
            continue
        literal = dialect.quote_text(name)
        led = [
            c
            for way, names in _WAYS
            if re.search(f"{way}(?:the )?{re.escape(name)}(?!\\w)", text)
            for c in open_columns
            if set(words_of(c.name)) & names
        ]
        owner = led if len(led) == 1 else open_columns
        if len(owner) == 1:
            found.setdefault(literal, owner[0].name)
    for literal, name in found.items():
        yield dialect.quote_name(name), literal

"""Which rows of a table a question is about: the values, the names and the year that it says of them.

Beyond `spelled_out.limited`, codes of one or two letters count, and names that are too many to be listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, has_days
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["NamedRows", "codes_in", "is_text", "named_rows", "says_more", "taken_names"]

# Within a sentence, of one word or several: Japan, United Kingdom, OO.
_NAME = re.compile(r"(?<=[\w,;:(] )(?!I\b)[A-Z][\w'’-]*(?: (?:of |the )?[A-Z][\w'’-]*)*")
# Words that limit no rows.
_PLAIN = frozenset(
    words_of(
        "a an and are any at be been belong belongs by came come comes count day days date dates did do does"
        " each fall falls for found from had happen happened has have how i in is it made many much no number"
        " occur of on one our out over place row rows such than that the their them there these this those"
        " time to took us was we were what which with within"
    )
)
_END = re.compile(r"['’]s?$")
_LIT = re.compile(r"(\S+) = ('(?:[^']|'')*')")


@dataclass(frozen=True, slots=True)
class NamedRows:
    """What limits the rows.

    Attributes:
        conditions: column → literal as SQL writes it, of texts.
        where: all conditions, behind WHERE, those on years too; empty for none.
    """

    conditions: dict[str, str]
    where: tuple[str, ...]

    def written(self, *more: str, without: Set[str] = frozenset()) -> str:
        """` WHERE …`, with further conditions, and without those on some columns."""
        own = [c for c in self.where if not any(c.startswith(f"{name} = ") for name in without)]
        parts = [*own, *filter(None, more)]
        return f" WHERE {' AND '.join(parts)}" if parts else ""


def named_rows(rest: str, table: Table, dialect: Dialect, used: Set[str] = frozenset()) -> NamedRows | None:
    """The conditions in what is left of a question; None where it may say more than them.

    Args:
        rest: the question without what has been understood already.
        used: columns whose values have been.
    """
    names = [column.name for column in table.columns]
    long = limited(rest, table, dialect, used)
    if long is None:
        return None
    where = long.removeprefix(" WHERE ").split(" AND ") if long else []
    found = {column: literal for column, literal in _LIT.findall(" AND ".join(where))}
    for column, text in codes_in(rest, table):
        name = dialect.quote_name(column.name)
        if column.name in used or found.setdefault(name, dialect.quote_text(text)) != dialect.quote_text(
            text
        ):
            return None
        where.append(f"{name} = {dialect.quote_text(text)}")
    known = " ".join((table.name, *names, *found.values()))
    open_names = [
        n for n in taken_names(rest) if not set(words_of(n)) <= set(words_of(known)) and n not in known
    ]
    if open_names:
        columns = [c for c in table.columns if is_text(c) and c.categories is None and c.name not in used]
        if len(open_names) != 1 or len(columns) != 1:
            return None
        name, literal = dialect.quote_name(columns[0].name), dialect.quote_text(open_names[0])
        found[name] = literal
        where.append(f"{name} = {literal}")
    return NamedRows(found, tuple(where))


def taken_names(text: str) -> list[str]:
    """The proper names within its sentences."""
    return list(dict.fromkeys(_END.sub("", found) for found in _NAME.findall(text)))


def is_text(column: Column) -> bool:
    """Whether it holds texts that are no days."""
    return column.dtype.startswith(("VARCHAR", "TEXT", "CHAR")) and not has_days(column)


def says_more(text: str, table: Table, rows: NamedRows) -> bool:
    """Whether there is any word beside those of the table, of its columns of texts and dates, and of the
    values that were found: "days with frost" says something that nothing here tells.
    """
    columns = (c for c in table.columns if is_text(c) or has_days(c))
    known = " ".join((table.name, *(c.name for c in columns), *rows.conditions.values()))
    told = set(words_of(known))
    return any(word not in _PLAIN and not any(alike(one, word) for one in told) for word in words_of(text))


def codes_in(rest: str, table: Table) -> Iterator[tuple[Column, str]]:
    """Listed values of one or two letters, as they are spelled: a small "at" is no AT."""
    for column in table.columns:
        for literal in column.categories or ():
            text = literal[1:-1]
            if re.fullmatch(r"'[A-Z]{1,2}'", literal) and re.search(rf"(?<!\w){text}(?!\w)", rest):
                yield column, text

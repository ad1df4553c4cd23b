"""The best row, or the few best rows, of each group: the wettest day of each year, the two varieties with the
highest yield at each site.

A small model orders and cuts the rows of all groups.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.figures import SMALL_NUMBERS
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.best_value_of_each import best_value_of_each
from qwen_magics.agent.examples.whole.each_group import EachGroup, each_group
from qwen_magics.agent.examples.whole.measured import Measured, measured
from qwen_magics.agent.examples.whole.named_rows import NamedRows, is_text, named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.mentions import Asked
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["best_of_each"]

_N = rf"(?P<n>[2-9]|10|{'|'.join(SMALL_NUMBERS)})"
_END = (
    r"(?P<end>(?:most|least) (?:expensive|populous|powerful|massive|humid|densely populated|costly)"
    rf"|{EXTREME})"
)
_BEST = (
    # "The wettest day", "the two dearest books".
    re.compile(rf"\bthe (?:{_N} )?{_END} (?P<thing>[a-z_]+)\b", re.IGNORECASE),
    # "Which two varieties had the highest yield".
    re.compile(
        rf"\b(?:which|what|the) (?:{_N} )?(?P<thing>[a-z_]+) (?:(?:did|does|do) )?(?:is|are|was|were|has|had"
        rf"|have|saw|see|record|recorded"
        rf"|reach|hit|got|gets|with|having"
        rf"|reached|that (?:has|had|have)) (?:the |its )?{_END}(?: (?P<by>[a-z_]+(?: [a-z_]+)?))?",
        re.IGNORECASE,
    ),
)
_EXTREME = re.compile(EXTREME, re.IGNORECASE)
# Figures of several rows, or what moved, or another place.
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|summed|overall|altogether|combined|number of|counts?"
    r"|how (?:many|often)|most (?:common|frequent|often|popular)|often|share|percent\w*|per ?cent|ratio|per"
    r" capita"
    r"|differen\w+|gap|change\w*|gain\w*|ris\w+|rose|grow\w*|grew|increas\w+|drop\w*|declin\w+|decreas\w+"
    r"|than|previous|before|after|second|third|fourth|fifth|last|latest|earliest|first|rank\w*|running|moving"
    r"|least|longest (?:run|streak|stretch|gap)|both|except|exclud\w+|without|no|not|never|times|one of)\b|%",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:I['’]d (?:like|want|love)|I (?:want|need|would like)|please|how (?:much|high|low|long|large)|it"
    r"|along|together|dates?|each one|one|fell|was|were|is|are|respectively|its|their|it has|there|recorded"
    r"|seen)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"[.;:,?]? ?\b(?:give|show|list|name|return|with|and|I['’]d like|I want|tell me|including)\b"
    r" (?P<shown>[^.;?!]*)",
    re.IGNORECASE,
)


def best_of_each(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if things and measure are columns and nothing else is said than groups and values."""
    group = each_group(question, table, dialect)
    # How heavy the heaviest is: its value, not its name.
    if re.match(r"(?i)\W*how \w+ (?:is|was|are|were) ", question):
        return None
    if best_value_of_each(question, table, dialect) is not None:
        return None
    if group is None or _OTHER.search(question) or len(_EXTREME.findall(question)) != 1:
        return None
    rest = question.replace(group.said, " ", 1)
    rest = " ".join(rest.split())
    found = next(filter(None, (_found(pattern, rest, table, group) for pattern in _BEST)), None)
    if found is None:
        return None
    best, by, thing = found
    around = f"{rest[: best.start()]} {by.column.name} ; {rest[best.end() :]}"
    plain = _LITTLE.sub(" ", around)
    rows = named_rows(plain, table, dialect)
    # One of the groups: what is said of it is no condition on all of them.
    if rows is None or says_more(plain, table) or group.expression in rows.conditions:
        return None
    number = _number(best["n"])
    # "The most rides" of a thing with several rows are added up; so are not its "highest".
    sums = number > 1 or re.fullmatch(r"(?i)most|least|fewest", best["end"]) is not None
    is_row = thing.name.casefold() in LABELS and words_of(best["thing"]) == words_of(table.name)[-1:]
    if sums and not is_row and not _is_one_row(thing, group, rows, table):
        return None
    if number == 1 and re.fullmatch(r"(?!\w*(?:ss|us|is)$)\w+s", best["thing"]):
        return None  # "the largest cities" of each: how many?
    return _told(table, dialect, group, thing, by, rows, number, f"{best[0]} ; {around}", best)


def _found(
    pattern: re.Pattern[str], rest: str, table: Table, group: EachGroup
) -> tuple[re.Match[str], Measured, Column] | None:
    """What is asked for and what it is compared by, as the pattern reads them."""
    best = pattern.search(rest)
    thing = _thing(best["thing"], table, group) if best is not None else None
    if best is None or thing is None:
        return None
    by = _by(f"{best['end']} {best.groupdict().get('by') or ''}", rest, best, table)
    if by is None or by.column.unique or by.column.name in (thing.name, group.column.name):
        return None
    return best, by, thing


def _told(
    table: Table,
    dialect: Dialect,
    group: EachGroup,
    thing: Column,
    by: Measured,
    rows: NamedRows,
    number: int,
    said: str,
    best: re.Match[str],
) -> SpelledOut:
    name = dialect.quote_name
    value, key = name(by.column.name), group.expression
    shown = [] if group.unit and thing.name == group.column.name else [key]
    shown.append(name(thing.name))
    after = said.partition(";")[2].partition(";")[2]
    named = Asked(after, table.columns, table.name)
    more = [c for c in table.columns if named.place(c) is not None and _SHOWN.search(after)]
    how = re.search(r"(?i)\bhow (?:much|high|low|long|large|warm|hot|many|fast)\b", after)
    if how is not None:
        more.append(by.column)
    conditions = set(rows.conditions) | {c.name for c in table.columns if is_year(c)}
    shown += [name(c.name) for c in more if name(c.name) not in shown and c.name not in conditions]
    shown = list(dict.fromkeys(shown))
    where = rows.written(f"{value} IS NOT NULL" if by.column.nulls else "")
    place, source = (
        f"ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {value}{by.order})",
        source_of(table, dialect),
    )
    compared = "= 1" if number == 1 else f"<= {number}"
    if group.unit:
        shown[0] = f"{key} AS {group.unit}" if shown[0] == key else shown[0]
    columns = ", ".join(shown)
    if "qualify" in dialect.features:
        query = f"SELECT {columns} FROM {source}{where} QUALIFY {place} {compared}"
    else:
        outer = ", ".join(column.rpartition(" AS ")[2] for column in shown)
        query = f"SELECT {outer} FROM (SELECT {columns}, {place} AS place FROM {source}{where}) AS ranked "
        query += f"WHERE place {compared}"
    few = "the" if number == 1 else f"the {number}"
    told = f"{few} {thing.name} with the {by.end} {by.column.name} of each {group.unit or group.column.name}"
    return SpelledOut(told, query, (r"\bOVER\b|ARG_|MAX_BY|MIN_BY|DISTINCT ON|SELECT.*SELECT",))


def _by(phrase: str, rest: str, best: re.Match[str], table: Table) -> Measured | None:
    """What they are compared by: what stands behind the end, "by …", or what its adjective measures."""
    behind = re.search(r"(?i)\bby (?:the |its |their )?(\w+(?: \w+)?)", rest[best.end() :])
    found = measured(phrase, table)
    if found is None and behind is not None:
        found = measured(f"{best['end']} {behind[1]}", table, adjectives=False)
    return found


def _thing(word: str, table: Table, group: EachGroup) -> Column | None:
    """The column that tells what is asked for: named so, the date for a day, or the label of the rows."""
    said = words_of(word)
    columns = [c for c in table.columns if c.name != group.column.name or group.unit]
    named = [c for c in columns if words_of(c.name) == said and not _is_measure(c)]
    if not named and said in (["day"], ["date"]):
        named = [c for c in columns if has_days(c)]
    if not named and said == words_of(table.name)[-1:]:
        labels = (c for label in LABELS for c in columns if c.name.casefold() == label)
        first = next(labels, None)
        named = [first] if first is not None else []
    return named[0] if len(named) == 1 else None


def _is_measure(column: Column) -> bool:
    return column.dtype.startswith(("DOUBLE", "FLOAT", "DECIMAL", "NUMERIC", "REAL"))


def _is_one_row(thing: Column, group: EachGroup, rows: NamedRows, table: Table) -> bool:
    """Whether a thing has one row in a group: else the few best rows may be of the same one."""
    if thing.unique or has_days(thing):
        return True
    where = " ".join(rows.where)
    others = [c for c in table.columns if is_text(c) or has_days(c) or is_year(c) or not is_number(c)]
    others = [c for c in others if c.name not in (thing.name, group.column.name)]
    keys = {join.column for join in table.joins}
    open_ones = [
        c
        for c in others
        if not re.search(rf"(?<!\w){re.escape(c.name)}\"? =|\({re.escape(c.name)}\) =", where)
    ]
    return not open_ones and not any(c.unique or c.name in keys for c in table.columns)


def _number(said: str | None) -> int:
    if said is None:
        return 1
    return int(said) if said.isdigit() else SMALL_NUMBERS[said.casefold()]

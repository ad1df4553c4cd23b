"""How much something rose or fell from the first to the last row of each: which share gained the most in
percent between its first and its last date.

A small model takes the row before, or the lowest and the highest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import EACH, is_finest, measure_said, moment_of, named_so
from qwen_magics.agent.examples.whole.named_rows import is_text, named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.phrases import FALLEN, PERCENT, RISEN
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["same_members_gained"]

_FIRST = r"(?:very )?(?:first|earliest|initial|oldest|opening)"
_LAST = r"(?:very )?(?:last|latest|final|most recent|newest|closing)"
_NOUN = r"(?: (?P<{0}>(?:known |recorded |listed |observed |available )?[a-z]\w*))?"
_SPAN = re.compile(
    rf"\b(?:from|between) (?:its |the |their |each one's )?{_FIRST}{_NOUN.format('a')} "
    rf"(?:to|and|until|till|through) (?:its |the |their )?{_LAST}{_NOUN.format('b')}\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:by )?(?:the )?(?:most|largest|biggest|greatest|highest|best|strongest|steepest|worst)\b", re.I
)
_LEAST = re.compile(r"\b(?:by )?(?:the )?(?:least|smallest|lowest)\b", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:chang\w+|differ\w*|mov(?:e|ed))\b", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:(?:for|of|in|at) )?(?:which|what) (?P<thing>[a-z]\w*)(?:['’]s?)?\b", re.IGNORECASE)
_HOW = re.compile(
    r"\b(?:by )?(?:how (?:much|many (?=per ?cent|percentage))|what (?=percent\w*|per ?cent))\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|number of|counts?|second|third|rank\w*|shares? of|running"
    r"|moving|half|quarter of|two|three|four|five|ten|than|before|previous|next|not|or|but|multiple|ratio)\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:percent\w*|per cent|percentage|terms|relative|stock|over|whole|period|time|its|their|by|did"
    r"|gain|gains|rise|growth|points?|known|recorded|listed|available|and|with|it|that)\b|%",
    re.IGNORECASE,
)
_ROWS = frozenset(["row", "record", "entry", "observation", "value", "day", "date", "reading", "one"])


def same_members_gained(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table, with a row for each thing and time; None where it is not certain."""
    asked = " ".join(question.replace("@", "").split())
    span = _SPAN.search(asked)
    if span is None or len(tables) != 1 or dialect.name != "duckdb" or _OTHER.search(asked):
        return None
    table, when = tables[0], moment_of(tables[0])
    rest = f"{asked[: span.start()]} ; {asked[span.end() :]}"
    fell, rose = (re.search(part, rest, re.IGNORECASE) is not None for part in (FALLEN, RISEN))
    if when is None or (fell and rose) or not (fell or rose or _CHANGED.search(rest)):
        return None
    if not all(_is_row(span[side], when, table) for side in ("a", "b")):
        return None
    percent = re.search(PERCENT, rest, re.IGNORECASE) is not None
    bare = re.sub(rf"{PERCENT}|{FALLEN}|{RISEN}", " ", _CHANGED.sub(" ", rest), flags=re.IGNORECASE)
    number = measure_said(bare, table)
    eaches, which = list(EACH.finditer(bare)), _WHICH.search(bare)
    most, least = _MOST.search(bare) is not None, _LEAST.search(bare) is not None
    if number is None or len(eaches) > 1:
        return None
    said = eaches[0]["by"] or eaches[0]["per"] if eaches else which["thing"] if which is not None else ""
    thing = group_in(said, table) if said else None
    bare = bare.replace(eaches[0][0], " ") if eaches else _WHICH.sub(" ", bare) if thing is not None else bare
    plain = _LITTLE.sub(" ", _MOST.sub(" ", _LEAST.sub(" ", _HOW.sub(" ", named_so(bare, number)))))
    rows = named_rows(plain, table, dialect, {when.name})
    if rows is None or says_more(
        plain,
        table,
    ):
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    value, time = name(number.name), name(when.name)
    known = f"{value} IS NOT NULL" if number.nulls else ""
    first, last = f"ARG_MIN({value}, {time})", f"ARG_MAX({value}, {time})"
    change = f"{first} - {last}" if fell and not rose else f"{last} - {first}"
    change = f"100.0 * ({change}) / {first}" if percent else change
    moved = f"{'fell' if fell else 'rose'} from its first to its last {when.name}{', in percent' * percent}"
    where = rows.written(known)
    if thing is not None and is_finest(thing, table) and name(thing.name) not in rows.conditions:
        key = name(thing.name)
        if eaches and not (most or least):
            query = f"SELECT {key}, {change} AS change FROM {source}{where} GROUP BY {key}"
            return Told(f"how much the {number.name} of each {thing.name} {moved}", query)
        if eaches or most == least:
            return None
        shown = f"{key}, {change} AS change" if _HOW.search(rest) else key
        down = " DESC" if most else ""
        query = f"SELECT {shown} FROM {source}{where} GROUP BY {key} ORDER BY {change}{down} LIMIT 1"
        end = "most" if most else "least"
        return Told(f"the {thing.name} whose {number.name} {moved}, the {end}", query)
    one = [c for c in table.columns if is_text(c) and name(c.name) in rows.conditions]
    if (
        thing is None
        and len(one) == 1
        and is_finest(one[0], table)
        and _HOW.search(rest)
        and not (most or least)
    ):
        query = f"SELECT {change} AS change FROM {source}{where}"
        return Told(f"how much the {number.name} of that {one[0].name} {moved}", query)
    return None


def _is_row(noun: str | None, when: Column, table: Table) -> bool:
    """Whether the first of it is the first in time: its date, its row, its value."""
    last = (noun or "").split()[-1:]
    if not last or last[0].casefold().removesuffix("s") in _ROWS:
        return True
    if group_in(last[0], table) is when:
        return True
    numbers = [c for c in table.columns if is_number(c) and c is not when]
    return any(alike(part, word) for c in numbers for part in words_of(c.name) for word in words_of(last[0]))

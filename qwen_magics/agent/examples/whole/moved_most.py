"""How one figure moved in time: how far it was below its highest so far, on which day its mean fell the most.

A small model compares with the highest of all times, or a day of the month with the same day of any other.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.named_rows import is_text, named_rows
from qwen_magics.agent.examples.whole.row_times import RowTimes, row_times
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, number_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, FALLEN, MEAN, PERCENT, RISEN
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["moved_most", "peak_falls"]

_SO_FAR = re.compile(
    r"\b(?:from|below|under|beneath|off|against|than|since)? ?(?:its|the|their|an?|any|his|her)? ?"
    r"(?:(?:highest|maximum|largest|best|previous|prior|earlier|running|own|last) ?(?:own )?(?:\w+ )?)?"
    r"(?:(?:highest|maximum|peak|high|record)s? (?:\w+ )?(?:so far|until then|up to (?:then|that (?:day"
    r"|point|date)))"
    r"|(?:previous|prior|earlier|preceding|running) (?:highest |all-time )?(?:peak|high|maximum|record)s?"
    r"|maximum drawdown|drawdown)\b",
    re.IGNORECASE,
)
_WORST = re.compile(
    r"\b(?:at (?:worst|most|the (?:most|worst|deepest|lowest))|deepest|largest|biggest|greatest|steepest"
    r"|worst|maximum"
    r"|furthest|farthest|the most)\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    rf"\b(?:at (?:worst|most|the (?:most|worst|deepest|lowest))|below|under|beneath|drop(?:ped)?|declined?"
    rf"|decreased?"
    rf"|daily|monthly|yearly|previous|against|before|than|give|earlier)\b|{PERCENT}|{FALLEN}|{RISEN}",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:each|every|per|which|who|when|days?|months?|how (?:often|long)|how many (?!percent\b|per cent)"
    r"|averages?|mean|median|total|sum|number of|lowest)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"\b(?:on|in|at)? ?(?:which|what) (?:\w+ )?(?P<unit>day|date|month|quarter|year)\b(?!s)", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\b(?:against|over|than|compared (?:to|with)|from|relative to|since|versus|vs\.?|on) (?:(?:on|in"
    r"|that of|the one of"
    r"|its) )?(?:the )?(?:previous|preceding|prior|last|one|day|month|quarter|year) ?(?:day|date|month"
    r"|quarter|year"
    r"|before|earlier|to the next)?(?: before| earlier)?\b|\b(?:from one|from) (?P<one>day|month|quarter"
    r"|year) to (?:the )?"
    r"(?:next|(?P=one))\b|\bthe (?:previous|preceding) (?:day|date|month|quarter|year)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"[.;,]? ?\b(?:give|show|name|return|tell me)\b (?P<shown>[^.?!;]*)", re.IGNORECASE)
_FIGURES = (
    (MEAN, "AVG({})", "mean"),
    (r"\b(?:totals?|sums?|summed)\b", "SUM({})", "total"),
    (r"\b(?:highest|maximum|max)\b", "MAX({})", "highest"),
    (r"\b(?:lowest|minimum|min)\b", "MIN({})", "lowest"),
)
_NOT_MOVED = re.compile(
    r"\b(?:each|every|same|percent\w*|how (?:many|much)|by what|streak|in a row|consecutive|two|three|growth"
    r"|deviation|median)\b|%",
    re.IGNORECASE,
)


def peak_falls(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """How far one series was below its highest so far, at the deepest; in percent where that is asked for."""
    peak = _SO_FAR.search(question)
    rest = question.replace(peak[0], f" {_columns_in(peak[0], table)} ") if peak is not None else ""
    if peak is None or not _WORST.search(question) or _SEVERAL.search(rest):
        return None
    times, number = row_times("", table, dialect), number_of(rest, table)
    numbers = [
        c for c in table.columns if c.dtype.startswith(("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER"))
    ]
    if number is None and len(numbers) == 1:
        number = numbers[0]
    rows = named_rows(_LITTLE.sub(" ", _WORST.sub(" ", rest)), table, dialect)
    if number is None or times is None or rows is None or not times.moment():
        return None
    # Of several series, one.
    if any(is_text(c) for c in table.columns) and not rows.conditions:
        return None
    value, order = dialect.quote_name(number.name), ", ".join(times.moment())
    drop = f"highest - {value}"
    fall = f"100.0 * ({drop}) / highest" if re.search(PERCENT, question, re.IGNORECASE) else drop
    inner = (
        f"SELECT {value}, MAX({value}) OVER (ORDER BY {order}) AS highest FROM {source_of(table, dialect)}"
        f"{rows.written()}"
    )
    told = f"how far was {number.name} below its highest so far, at the deepest?"
    return SpelledOut(
        told, f"SELECT MAX({fall}) FROM ({inner}) AS so_far", (r"\bOVER\b|\bJOIN\b|SELECT.*SELECT",)
    )


def moved_most(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """On which day, or in which month, a figure of all its rows rose or fell the most."""
    shown = _SHOWN.search(question)
    said = f"{question[: shown.start()]} {question[shown.end() :]}" if shown is not None else question
    which, before = _WHICH.search(said), _BEFORE.search(said)
    fell, rose = (re.search(part, said, re.IGNORECASE) for part in (FALLEN, RISEN))
    if which is None or before is None or bool(fell) == bool(rose) or _NOT_MOVED.search(said):
        return None
    if not re.search(rf"\bmost\b|{EXTREME}", said, re.IGNORECASE):
        return None
    unit = {"date": "day"}.get(which["unit"].casefold(), which["unit"].casefold())
    rest = said.replace(which[0], " ").replace(before[0], " ")
    rest = re.sub(r"(?i)\b(?:the )?(?:most|largest|biggest|greatest|steepest|sharpest)\b", " ", rest)
    figures = [f for f in _FIGURES if re.search(f[0], rest, re.IGNORECASE)]
    times, number = row_times(said, table, dialect), number_of(rest, table)
    bare = re.sub("|".join(f[0] for f in _FIGURES), " ", _LITTLE.sub(" ", rest), flags=re.IGNORECASE)
    rows = named_rows(bare, table, dialect)
    if len(figures) != 1 or times is None or number is None or rows is None:
        return None
    keys = times.unit(unit)
    if not keys:
        return None
    _, figure, word = figures[0]
    value = figure.format(dialect.quote_name(number.name))
    columns = _shown(keys, shown["shown"] if shown is not None else "", times, unit)
    order, down = ", ".join(keys), "" if fell else " DESC"
    named = ", ".join(key if re.fullmatch(r'\w+|"[^"]+"', key) else f"{key} AS {unit}" for key in keys)
    change = f"{value} - LAG({value}) OVER (ORDER BY {order}) AS change"
    inner = f"SELECT {named}, {change} FROM {source_of(table, dialect)}{rows.written()} GROUP BY {order}"
    query = f"SELECT {columns} FROM ({inner}) AS s ORDER BY change IS NULL, change{down} LIMIT 1"
    moved = "fall" if fell else "rise"
    told = f"the {word} {number.name} of each {unit}: in which {unit} did it {moved} the most?"
    return SpelledOut(told, query, (r"\bOVER\b|\bJOIN\b|SELECT.*SELECT",))


def _shown(keys: tuple[str, ...], asked: str, times: RowTimes, unit: str) -> str:
    """The parts of the time that are asked for; a year that all rows share is none."""
    if times.date is not None:
        return unit
    words = set(words_of(asked))
    names = {name: times.dialect.quote_name(column.name) for name, column in times.parts.items()}
    wanted = [names[part] for part in names if part in words and names[part] in keys]
    if wanted:
        return ", ".join(wanted)
    year = times.parts["year"]
    one = len(set(year.categories or year.samples)) == 1
    kept = [key for key in keys if not (one and key == names["year"] and len(keys) > 1)]
    return ", ".join(kept)


def _columns_in(phrase: str, table: Table) -> str:
    """The columns that "its highest price so far" names."""
    return " ".join(c.name for c in table.columns if set(words_of(c.name)) <= set(words_of(phrase)))

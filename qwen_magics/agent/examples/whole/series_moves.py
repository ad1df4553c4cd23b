"""When a series rose or fell the most against the row before, with by how much it did: "in which quarter did
the output fall most against the quarter before, in percent?"

A small model takes the quarters of all years together, or counts rows.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.each_group import EACH, measure_said, named_so
from qwen_magics.agent.examples.whole.moved_rows import MOST, before_said
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.run_series import is_one_series, series_order
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.patterns.phrases import FALLEN, PERCENT, RISEN
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["series_moves"]

_UNIT = r"(?:day|date|month|quarter|year)"
_WHICH = re.compile(
    rf"\b(?:(?:in|on|for) )?(?:which|what) (?P<unit>{_UNIT})\b(?! of the)|\b(?:what|which) (?:was|is) the"
    rf" (?P<was>{_UNIT})"
    r"(?: (?:in which|when|with))?\b|^\W*when\b",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"\(?\b(?:negative|positive|minus) (?:for|if|means|being|when|is) (?:an? |the |it )?\w+\b\)?",
    re.IGNORECASE,
)
_LIST = re.compile(r"[.?;:!] ?(?P<list>[^?!.;]+)[.!]?\s*$")
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|number of|counts?|how often|second|third|two|three|top"
    r"|rank\w*|share"
    r"|running|moving|consecutive|in a row|same|ever|both|but|or|since|years? (?:before|ago|earlier)"
    r"|smallest|least|lowest"
    r"|absolute|of all|annuali[sz]ed)\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    rf"\b(?:{_UNIT}s?|percent\w*|points?|change|by|how much|it|its|did|when|where|was|happen(?:ed)?|that"
    rf"|move[ds]?|drop|fall)\b",
    re.IGNORECASE,
)


def series_moves(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over one series, a row for each of the units."""
    said = _SIGN.sub(" ", question)
    which, before = _WHICH.search(said), before_said(said)
    if which is None or before is None or not MOST.search(said) or EACH.search(said.replace(before[0], " ")):
        return None
    unit = {"date": "day"}.get((found := (which["unit"] or which["was"] or "").casefold()), found)
    rest = f"{said[: before.start()]} {said[before.end() :]}".replace(which[0], " ", 1)
    fell, rose = (re.search(part, rest, re.IGNORECASE) is not None for part in (FALLEN, RISEN))
    other = {u.casefold() for u in re.findall(rf"(?i)\b({_UNIT})\b", before[0])} - {"date", unit}
    order = series_order(table, unit, dialect)
    if fell == rose or _OTHER.search(rest) or not order or (unit and other):
        return None
    percent = re.search(PERCENT, rest, re.IGNORECASE) is not None
    bare = re.sub(rf"{PERCENT}|{FALLEN}|{RISEN}", " ", MOST.sub(" ", rest), flags=re.IGNORECASE)
    number = measure_said(re.sub(rf"(?i)\b{_UNIT}s?\b", " ", bare), table)
    if number is None:
        return None
    plain = _LITTLE.sub(" ", named_so(bare, number))
    rows = named_rows(plain, table, dialect)
    if rows is None or says_more(plain, table) or not is_one_series(table, rows, dialect):
        return None
    value, times = dialect.quote_name(number.name), ", ".join(order)
    earlier = f"LAG({value}) OVER (ORDER BY {times})"
    change = f"100.0 * ({value} - {earlier}) / {earlier}" if percent else f"{value} - {earlier}"
    inner = f"SELECT {times}, {change} AS change FROM {source_of(table, dialect)}{rows.written()}"
    # Where it lists what to give, the change is named a second time.
    more = ", change" if _asks_for_change(rest) else ""
    down, moved = ("", "fell") if fell else (" DESC", "rose")
    query = f"SELECT {times}{more} FROM ({inner}) AS s WHERE change IS NOT NULL ORDER BY change{down} LIMIT 1"
    told = f"when {number.name} {moved} the most{', in percent,' * percent} against the one before"
    return SpelledOut(
        f"{told}{', and by how much' if more else ''}", query, (r"\bLAG\b|\bLEAD\b|\bJOIN\b|SELECT.*SELECT",)
    )


def _asks_for_change(rest: str) -> bool:
    if re.search(
        r"(?i)\b(?:and )?(?:by )?how (?:much|far|many per ?cent)\b|\band (?:the|its|that) (?:\w+ )?change\b",
        rest,
    ):
        return True
    listed = _LIST.search(rest)
    return (
        listed is not None
        and re.search(r"(?i)\b(?:change|percent\w*|drop|fall|rise|growth|size|amount)\b", listed["list"])
        is not None
    )

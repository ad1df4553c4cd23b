"""Of things with a row for each time, the row that rose or fell the most against the row before: of each
thing, or of all of them.

A small model leaves out the group, orders from the wrong end, or lists all changes.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import EACH, is_finest, measure_said, moment_of, named_so
from qwen_magics.agent.examples.whole.named_rows import is_text, named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import FALLEN, PERCENT, RISEN
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["MOST", "before_said", "moved_rows"]

MOST = re.compile(
    r"\b(?:(?:the|its|their) )?(?:(?:single|one) )?(?:largest|biggest|greatest|steepest|sharpest|strongest"
    r"|highest|worst|best|most|deepest|heaviest|maximum)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(r"\b(?:smallest|least|lowest|slowest|fewest)\b", re.IGNORECASE)
_UNIT = r"(?:day|date|week|month|quarter|year|row|reading|record|period|one|census|season|survey)"
# Each of the years that there are.
_KNOWN = (
    r"(?:listed|available|recorded|given|covered|sampled|measured|observed|known) "
    r"|of (?:its|the|their) (?:listed )?"
)
_WHOSE = r"(?:(?:the |that |its |their )?(?P<whose>\w+)['’]s? )?"
_BEFORE = re.compile(
    rf"\b(?:(?:over|against|on|than|from|compared (?:to|with)|relative to|versus|vs\.?|since) )?"
    rf"(?:the |its |their )?{_UNIT} (?:just |immediately |directly )?(?:before|earlier)\b(?! (?:the|that"
    rf"|it)\b)"
    rf"|\b(?:(?:over|against|on|than|compared (?:to|with)|relative to|versus|vs\.?) )"
    rf"(?:the |its |their )?(?:previous|preceding|prior|last) {_UNIT}\b"
    rf"|\b(?:between|from) (?:any |one |a |an )(?:{_KNOWN})?(?:{_UNIT}s? )?(?:in \w+ )?(?:and|to|until) "
    rf"{_WHOSE}(?:the |its |their )?(?:previous|preceding|prior|next|following|one before|one after)(?:"
    rf" (?:{_KNOWN})?{_UNIT})?\b"
    rf"|\b{_UNIT}[- ](?:on|over|to)[- ](?:the[- ])?(?:next|following|{_UNIT})\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:which|what|when|where|who|find|give|show|name|list|tell|month|year|date|day)\b", re.I
)
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|number of|counts?|how (?:many|often)|second|third|two"
    r"|three"
    r"|four|five|top|rank\w*|share|running|moving|consecutive|in a row|streak|same|first|last \w+ of|ever"
    r"|both|but|although|despite|while)\b",
    re.IGNORECASE,
)
_PLACES = re.compile(r"\b(?:where|which|what|who|whose|in|for|of) ?(?P<thing>\w+)?", re.IGNORECASE)
_LATER = re.compile(
    r"\bthe (?:later|latter|second|last) (?:one )?of (?:the|these|those|both) (?:two )?(\w+?)s\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    rf"\b(?:{_UNIT}s?|later|where|when|over|its|their|whose|move[ds]?|jump|collapse[ds]?|change|ones?"
    rf"|percentage"
    r"|points?|relative|proportional(?:ly)?|annual|monthly|yearly|daily|weekly|quarterly|happen(?:ed)?"
    r"|came|single|also|add|saw|seen)\b",
    re.IGNORECASE,
)


def moved_rows(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, over a table of one thing, its time and measures."""
    # Of the two it is called by the later one, as a change is.
    question = _LATER.sub(r"the later \1", question)
    before = before_said(question)
    if before is None or not MOST.search(question) or _LEAST.search(question) or _OTHER.search(question):
        return None
    when = moment_of(table)
    rest = f"{question[: before.start()]} {question[before.end() :]}"
    fell, rose = (re.search(part, rest, re.IGNORECASE) is not None for part in (FALLEN, RISEN))
    if when is None or fell == rose or not _ASKS.search(rest):
        return None
    eaches = list(EACH.finditer(rest))
    thing = _thing(eaches, before["whose"] or "", rest, table)
    if thing is None or len(eaches) > 1 or not is_finest(thing, table):
        return None
    for found in eaches:
        rest = rest.replace(found[0], " ")
    percent = re.search(PERCENT, rest, re.IGNORECASE) is not None
    bare = re.sub(rf"{PERCENT}|{FALLEN}|{RISEN}", " ", MOST.sub(" ", rest), flags=re.IGNORECASE)
    number = measure_said(bare, table)
    if number is None:
        return None
    plain = _LITTLE.sub(" ", named_so(bare, number))
    rows = named_rows(plain, table, dialect, {when.name})
    if rows is None or says_more(plain, table) or not _asks_when(rest, when):
        return None
    name = dialect.quote_name
    value, time, key = name(number.name), name(when.name), name(thing.name)
    earlier = f"LAG({value}) OVER (PARTITION BY {key} ORDER BY {time})"
    change = f"100.0 * ({value} - {earlier}) / {earlier}" if percent else f"{value} - {earlier}"
    inner = f"SELECT {key}, {time}, {change} AS change FROM {source_of(table, dialect)}{rows.written()}"
    down = "" if fell else " DESC"
    shown = f"{key}, {time}{', change' if _asks_for_change(rest, percent) else ''}"
    changed = f"({inner}) AS s WHERE change IS NOT NULL"
    if not eaches:
        query = f"SELECT {shown} FROM {changed} ORDER BY change{down} LIMIT 1"
    elif dialect.name == "duckdb":
        # Shorter than two windows, of which a small model leaves out one.
        end, least = ("MIN", "ARG_MIN") if fell else ("MAX", "ARG_MAX")
        much = f", {end}(change) AS change" if shown.endswith(", change") else ""
        shown = f"{key}, {least}({time}, change) AS {time}{much}"
        query = f"SELECT {shown} FROM ({inner}) AS s GROUP BY {key}"
    else:
        place = f"ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY change{down}) AS place"
        query = f"SELECT {shown} FROM (SELECT *, {place} FROM {changed}) AS ranked WHERE place = 1"
    moved, of = (
        "fell" if fell else "rose",
        f"for each {thing.name}, " if eaches else f"in which {thing.name} and ",
    )
    told = (
        f"{of}the {when.name} in which {number.name} {moved} the most{', in percent,' * percent} against the "
    )
    needed = [r"\bLAG\b|\bLEAD\b|\bJOIN\b|SELECT.*SELECT"]
    if eaches:
        needed.append(r"\bGROUP BY\b|\bQUALIFY\b|ROW_NUMBER|RANK|DISTINCT ON|PARTITION.*WHERE")
    return SpelledOut(f"{told}{when.name} before", query, tuple(needed))


def before_said(question: str) -> re.Match[str] | None:
    """Where it says that each row is compared with the one before."""
    return _BEFORE.search(question)


def _thing(eaches: list[re.Match[str]], whose: str, rest: str, table: Table) -> Column | None:
    """What moved: what stands behind "each", or the one column of texts that is named."""
    if eaches:
        column = group_in(eaches[0]["by"] or eaches[0]["per"], table)
        return column if column is not None and is_text(column) else None
    texts = [c for c in table.columns if is_text(c)]
    said = {*words_of(rest), *words_of(whose)}
    named = [c for c in texts if set(words_of(c.name)) <= said]
    asked = re.search(r"(?i)\b(?:where|which|what|who|whose)\b", rest)
    return named[0] if len(named) == 1 and asked is not None else None


def _asks_when(rest: str, when: Column) -> bool:
    """Whether the time is asked for, not only the thing."""
    unit = rf"{re.escape(when.name)}|day|date|week|month|quarter|year"
    return (
        re.search(rf"(?i)\bwhen\b|\b(?:which|what|the|and|later|in) (?:later )?(?:{unit})\b", rest)
        is not None
    )


def _asks_for_change(rest: str, percent: bool) -> bool:
    """Whether how much it was is to be shown: it is named a second time."""
    how = re.search(r"(?i)\b(?:how (?:much|far|large|big|many)|by what|by how)\b", rest)
    names = r"gain|rise|increase|growth|change|drop|fall|decline|decrease|loss|jump|percent\w*"
    listed = re.search(rf"(?i)[:;,.]? ?\b(?:and|,|with|plus|give|show)[^.?!:;]*\b(?:{names})\b", rest)
    times = re.findall(rf"(?i)\b(?:{names})\b", rest)
    return how is not None or (listed is not None and len(times) > 1 + percent)

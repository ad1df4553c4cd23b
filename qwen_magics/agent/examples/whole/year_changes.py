"""By how much a number of each thing changed from one year to another: "how did each farm's yield change from
1931 to 1932?"

A small model lists the rows of both years, each against the row before.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import EACH, is_finest, measure_said, named_so
from qwen_magics.agent.examples.whole.named_rows import is_text, named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.patterns.phrases import EXTREME, PERCENT
from qwen_magics.tools.schema import Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["year_changes"]

_Y = r"(?P<{}>(?:1[5-9]|20)\d\d)"
_YEARS = re.compile(
    rf"\b(?:from|between) {_Y.format('a')} (?:to|and|until) {_Y.format('b')}\b"
    rf"|\bin {_Y.format('late')} (?:compared (?:with|to)|against|over|versus|vs\.?|relative to)"
    rf" {_Y.format('early')}\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:(?:by )?(?:how (?:much|many percent)|what percentage) (?:did|does|has|have)?\b|(?:changes?"
    r"|changed|differences?)\b)",
    re.IGNORECASE,
)
_ROSE = re.compile(
    r"\b(?:rise|rose|grow|grew|increased?|gain(?:ed)?|go up|went up|growth|improve|change[ds]?)\b", re.I
)
_FELL = re.compile(
    r"\b(?:fall|fell|drop(?:ped)?|decreased?|declined?|shrink|shrank|lose|lost|go down|went down)\b", re.I
)
_OTHER = re.compile(
    rf"\b(?:averages?|means?|medians?|totals?|sums?|number of|counts?|which|who|rank\w*|first|last|running"
    rf"|share|than|each year"
    rf"|yearly|annual\w*|absolute|per year|only|except|but|or|top|sorted|order\w*)\b|{EXTREME}",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:by|the|years?|all|between|change[ds]?|both|there|its|their|respectively)\b", re.IGNORECASE
)


def year_changes(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over a table that has one row for a thing and a year, as it is limited."""
    years, eaches = _YEARS.search(question), list(EACH.finditer(question))
    times = [
        c
        for c in table.columns
        if has_days(c) or is_year(c) or c.name.casefold() in ("month", "quarter", "day")
    ]
    if (
        years is None
        or len(eaches) != 1
        or len(times) != 1
        or not is_number(times[0])
        or not is_year(times[0])
    ):
        return None
    group = group_in(eaches[0]["by"] or eaches[0]["per"], table)
    rest = question.replace(years[0], " ", 1).replace(eaches[0][0], " ", 1)
    rose, fell = _ROSE.search(rest) is not None, _FELL.search(rest) is not None
    if group is None or not is_text(group) or rose == fell or not _CHANGE.search(rest):
        return None
    percent = re.search(PERCENT, rest, re.IGNORECASE) is not None
    bare = re.sub(
        rf"\bhow many(?= per ?cent)|(?:\bin |\bas (?:a )?)?{PERCENT}|\bpercentage\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    bare = _FELL.sub(" ", _ROSE.sub(" ", _CHANGE.sub(" ", bare)))
    number = measure_said(bare, table)
    if number is None or _OTHER.search(bare):
        return None
    plain = _LITTLE.sub(" ", named_so(bare, number))
    rows = named_rows(plain, table, dialect, {times[0].name, group.name})
    name = dialect.quote_name
    if rows is None or says_more(plain, table):
        return None
    told = [c.name for c in table.columns if name(c.name) in rows.conditions]
    if not is_finest(group, table, told):
        return None
    before, after = (years["a"], years["b"]) if years["a"] else (years["early"], years["late"])
    if int(before) >= int(after):
        return None
    key, value, year = name(group.name), name(number.name), name(times[0].name)
    one, two = (f"MAX(CASE WHEN {year} = {y} THEN {value} END)" for y in (before, after))
    if fell:
        one, two = two, one
    change = f"{two} - {one}"
    if percent:
        change = f"100.0 * ({change}) / {two if fell else one}"
    where = rows.written(f"{year} IN ({before}, {after})")
    query = f"SELECT {key}, {change} AS change FROM {source_of(table, dialect)}{where} GROUP BY {key}"
    word = "fell" if fell else "changed"
    much = "many percent" if percent else "much"
    said = f"by how {much} {number.name} of each {group.name} {word} from {before} to {after}"
    return SpelledOut(said, query, (r"\bGROUP BY\b|\bJOIN\b|\bLAG\b|\bLEAD\b|SELECT.*SELECT",))

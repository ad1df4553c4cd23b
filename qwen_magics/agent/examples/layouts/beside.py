"""Named members of one column side by side, such as three countries or two years: each a column, beside the
keys that tell the rows apart; and in how many of those rows one of two is the higher.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.layouts.cross_extras import years_said
from qwen_magics.agent.examples.layouts.cross_programs import column_program, years_program
from qwen_magics.agent.examples.layouts.crosswise import crosswise
from qwen_magics.agent.examples.layouts.sides import Side, phrase_years, sides_of
from qwen_magics.agent.examples.phrased import numbers_in
from qwen_magics.agent.words.mentions import value_at
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Column, Table, has_days, is_year

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult

__all__ = ["Beside", "beside", "beside_example", "not_beside"]

_LAID = re.compile(
    r"\bside by side\b|\b(?:next to|beside|alongside) (?:each other|one another)\b"
    r"|\b(?:as|in|into) (?:\w+ )?columns\b|\b(?:its|their) own columns?\b"
    r"|\bacross(?= the (?:top|page)\b|\W*$| ?[,.;?)])|\b(?:a|one) column (?:for|per) (?:each|every)\b",
    re.IGNORECASE,
)
# What is done with them has examples of its own.
_MORE = re.compile(
    r"\b(?:differen\w+|minus|subtract\w*|gap|ratio|change\w*|percent\w*|shares?|correlat\w*|divided|total row"
    r"|number of|counts?)\b|%",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\b(?:how many|how often|number of|count)\b", re.IGNORECASE)
_HIGHER = (
    r"(?:higher|larger|greater|bigger|more|above|exceed\w*|over|heavier|longer|warmer|better|beats?|ahead)"
)
_LOWER = r"(?:lower|smaller|less|fewer|below|under|lighter|shorter|colder|behind)"
_OPEN = re.compile(
    r"\b(?:not|no|at least|at most|equal\w*|as \w+ as|same|both|neither)\b|n['’]t\b", re.IGNORECASE
)
_KEYS = re.compile(
    r"\b(?:for (?:each|every|all)|(?:rows?|lines?) (?:for|per|by)|each|every|per|by)\b"
    r"(?: (?:each |every |the )?(?:combination|pair|pairing|mix)s? of\b)?"
    r"((?:(?! (?:of|in|from|with|as|where|when|side|next|since|after|before|between|until|during) )"
    r"[^.;:?!()]){1,60})",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"^(?:(?:each|every|the|all|combination of|pair of|one) )+", re.IGNORECASE)
_SUM, _MEDIAN = re.compile(r"\b(?:totals?|sums?|summed)\b", re.I), re.compile(r"\bmedians?\b", re.I)
# "China, India and United States".
_NAME = r"[A-Z][\w'’-]*(?: (?:of|the|and the|de|la) [A-Z][\w'’-]*| [A-Z][\w'’-]*){0,3}"
_NAMES = re.compile(rf"(?<!\w){_NAME}(?:, {_NAME}){{0,7}},? (?:and|or|&|versus|vs\.?) {_NAME}")
_VERBS = re.compile(
    r"^(?:Put|Show|Give|Set|Lay|List|Place|Compare|Spread|Arrange|Display|Present|Take|Print|Get|Make|Bring"
    r"|Tabulate|Pivot|For|Of|With|The) "
)
_MOST, _MOST_KEYS = 8, 3


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked, in words, the program of it, and the members that become columns.

    Attributes:
        is_number: only a count of rows is asked for.
    """

    told: str
    program: str
    members: tuple[str, ...]
    is_number: bool


def beside_example(question: str, table: Table) -> str:
    """How that is written over the table; empty where it is not asked for, or a part is unclear."""
    found = beside(question, table)
    return "" if found is None else f"Question: {found.told}\n```python\n{found.program}\n```\n"


def not_beside(question: str, table: Table) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of programs' results: is there a column for each of the members, or the one number?"""
    found = beside(question, table)

    def check(result: QueryResult, code: str) -> QueryError | None:
        if found is None or not re.search(r"(?m)^result = ", code):
            return None
        names = {_plain(str(name)) for name in result.frame.columns}
        if found.is_number and result.frame.size != 1:
            return QueryError("not_beside", "The question asks for one number.", f"Write: {found.program}")
        if found.is_number or all(any(m in name for name in names) for m in map(_plain, found.members)):
            return None
        message = f"The question wants {', '.join(found.members)} as columns."
        return QueryError("not_beside", message, f"Write: {found.program}")

    return check


def beside(question: str, table: Table) -> Beside | None:
    """The program for the table; None where it is not asked for, or a part is unclear."""
    question = " ".join(question.split())
    # What is counted in the end stands in a sentence of its own.
    laid, step = _parted(question)
    if not _LAID.search(laid) or _MORE.search(laid) or (step and _MORE.search(_HOW_MANY.sub(" ", step))):
        return None
    column, members = _members(question, table)
    if column is None or (not step and crosswise(question, [table]) is not None):
        return None
    keys, values = _keys(laid, table, column), numbers_in(laid, table)
    values = [value for value in values if value is not column and all(value is not k.column for k in keys)]
    if not keys or len(values) != 1:
        return None
    function = "sum" if _SUM.search(laid) else "median" if _MEDIAN.search(laid) else "mean"
    literals = [member if is_year(column) else json.dumps(member, ensure_ascii=False) for member in members]
    conditions = _conditions(laid, table, column, keys)
    by = " and ".join(key.unit or key.column.name for key in keys)
    told = f"{values[0].name} of {' and '.join(members)} side by side for each {by}"
    if step:
        pair = _compared(step, members)
        if pair is None:
            return None
        more, less = (literals[list(members).index(member)] for member in pair)
        told += f": in how many rows is that of {pair[0]} higher?"
        wide = _pivot("here" if conditions else table.name, keys, column, values[0], function)
        rows = f"here = {table.name}[{_all(conditions)}]\n" if conditions else ""
        return Beside(
            told, f"{rows}wide = {wide}\nresult = (wide[{more}] > wide[{less}]).sum()", members, True
        )
    conditions.insert(0, f"{table.name}[{json.dumps(column.name)}].isin([{', '.join(literals)}])")
    rows = f"here = {table.name}[{_all(conditions)}]"
    return Beside(
        told, f"{rows}\nresult = {_pivot('here', keys, column, values[0], function)}", members, False
    )


def _conditions(question: str, table: Table, column: Column, keys: Sequence[Side]) -> list[str]:
    """What else limits the rows: some years, and a value of another column."""
    found = []
    dated, compared, years = years_said(question, table)
    if dated is not None and dated is not column:
        found.append(years_program(table.name, dated, compared, years))
    for other in table.columns:
        if other is column or any(key.column is other for key in keys):
            continue
        texts = [v[1:-1] for v in other.categories or () if re.fullmatch(r"'[A-Z][^'\"\\]*'", v)]
        named = [text for text in texts if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", question)]
        if len(named) == 1:
            cell = f"{table.name}[{json.dumps(other.name)}]"
            found.append(f"{cell} == {json.dumps(named[0], ensure_ascii=False)}")
    return found


def _all(conditions: Sequence[str]) -> str:
    if len(conditions) == 1:
        return conditions[0]
    return " & ".join(f"({one})" if re.search(r" [=<>]", one) else one for one in conditions)


def _pivot(name: str, keys: Sequence[Side], column: Column, value: Column, function: str) -> str:
    parts = [column_program(name, key) if key.unit else json.dumps(key.column.name) for key in keys]
    index = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
    sides = f"index={index}, columns={json.dumps(column.name)}, values={json.dumps(value.name)}"
    return f'{name}.pivot_table({sides}, aggfunc="{function}")'


def _parted(question: str) -> tuple[str, str]:
    """What is laid out, and what is then counted of it."""
    found = re.search(
        rf"(?:[.;:?!,]|\band\b) *(?:(?:in|for|and|then) )*((?:{_HOW_MANY.pattern})[^.;?!]*)", question, re.I
    )
    if found is None or not re.search(rf"\b(?:{_HIGHER}|{_LOWER})\b", found[1], re.I):
        return question, ""
    return question[: found.start()] + question[found.end() :], found[1]


def _members(question: str, table: Table) -> tuple[Column | None, tuple[str, ...]]:
    """The column of which the question names several members, and these in its order."""
    _, years = phrase_years(question)
    dated = [column for column in table.columns if is_year(column)]
    if 1 < len(years) <= _MOST and len(dated) == 1:
        return dated[0], years
    found: list[tuple[Column, tuple[str, ...]]] = []
    for column in table.columns:
        texts = [v[1:-1] for v in column.categories or () if re.fullmatch(r"'[^'\"\\]+'", v)]
        places = sorted((at, text) for text in texts if (at := value_at(text, question)) >= 0)
        if len(places) > 1:
            found.append((column, tuple(text for _, text in places)))
    if found:
        return found[0] if len(found) == 1 and len(found[0][1]) <= _MOST else (None, ())
    texts_of = [c for c in table.columns if c.dtype == "VARCHAR" and c.categories is None and not c.unique]
    texts_of = [column for column in texts_of if not has_days(column)]
    listed = _NAMES.search(_VERBS.sub("", question))
    if len(texts_of) != 1 or listed is None:
        return None, ()
    names = re.split(r",? (?:and|or|&|versus|vs\.?) (?!the )|, ", listed[0])
    return texts_of[0], tuple(names)


def _keys(laid: str, table: Table, column: Column) -> list[Side]:
    """What tells the rows apart."""
    asked, years = phrase_years(_LAID.sub(";", laid))
    found: list[Side] = []
    numbers = numbers_in(laid, table)
    for phrase in _KEYS.findall(asked):
        for part in re.split(r",| and | & ", phrase):
            words = _ARTICLES.sub("", part.strip())
            side = sides_of(words, [table], table, asked, years) if words else None
            # "For each port and year, tons of …": what is measured comes behind the keys.
            if side is None or side.column is column or (found and side.column in numbers):
                break
            if all(side.column is not other.column or side.unit != other.unit for other in found):
                found.append(side)
    return found if len(found) <= _MOST_KEYS else []


def _compared(step: str, members: Sequence[str]) -> tuple[str, str] | None:
    """Of two members, the one that is to be the higher, and the other."""
    higher, lower = re.search(rf"\b{_HIGHER}\b", step, re.I), re.search(rf"\b{_LOWER}\b", step, re.I)
    if len(members) != 2 or _OPEN.search(step) or bool(higher) == bool(lower):
        return None
    places = {member: at for member in members if (at := value_at(member, step)) >= 0}
    if not places:
        return None
    first = min(places, key=places.__getitem__)
    other = next(member for member in members if member != first)
    if len(places) == 1 and re.search(rf"\bthan (?:\w+ ){{0,3}}{re.escape(first)}", step, re.I):
        first, other = other, first
    return (first, other) if higher else (other, first)


def _plain(name: str) -> str:
    return re.sub(r"\.0$", "", name.casefold())

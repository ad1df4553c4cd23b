"""A wide table turned round: its columns are years, and the years are to go down with named rows across, such
as three countries. Nothing is computed, only chosen and turned.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.layouts.sides import phrase_years
from qwen_magics.agent.examples.layouts.spread import spread_of

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["wide_example", "wide_program"]

_NAME = r"[A-Z][\w'’-]*(?: (?:of|the|and the|de|la) [A-Z][\w'’-]*| [A-Z][\w'’-]*){0,3}"
_NAMES = rf"(?<!\w){_NAME}(?:, {_NAME}){{0,9}},? (?:and|&) {_NAME}"
_ACROSS = (
    r" (?:(?:as|in|into) (?:the )?(?:\w+ )?columns?\b|across\b(?! the (?!top|page))|side by side\b"
    r"|along the top\b)"
)
_DOWN = r" (?:(?:as|in|into) (?:the )?rows\b|down\b)"
_NAMES_ACROSS = re.compile(rf"({_NAMES}){_ACROSS}|\b(?i:columns) (?:for|of|are|:) ({_NAMES})")
_YEARS_DOWN = re.compile(
    rf"\byears\b[^.;:,]{{0,30}}{_DOWN}|\b(?:rows?|lines?) (?:for|per|of) (?:each |every |the )*years?\b", re.I
)
_LEADING = re.compile(r"^(?:Put|Show|Give|Set|Lay|List|Place|With|For|Of|The|Have|Take) ")
_MORE = re.compile(
    r"\b(?:differen\w+|minus|ratio|change\w*|percent\w*|shares?|averag\w*|means?|medians?|totals?|sums?"
    r"|highest|lowest|how many|rank\w*|only|above|below|over|under|than|not|except|without)\b|%",
    re.IGNORECASE,
)
_MOST = 12


def wide_program(question: str, table: Table) -> str:
    """The program; empty where it is not asked for, or a part is unclear."""
    found = _found(question, table)
    return "" if found is None else found[1]


def wide_example(question: str, table: Table) -> str:
    """Question and program in its fence; or nothing."""
    found = _found(question, table)
    return "" if found is None else f"Question: {found[0]}\n```python\n{found[1]}\n```\n"


def _found(question: str, table: Table) -> tuple[str, str] | None:
    asked, years = phrase_years(" ".join(question.split()))
    spread = spread_of(table)
    if spread is None or spread.unit != "year" or not spread.together or _MORE.search(asked):
        return None
    across = _NAMES_ACROSS.search(_LEADING.sub("", asked))
    if across is None or not _YEARS_DOWN.search(asked):
        return None
    members = re.split(r",? (?:and|&) (?!the )|, ", across[1] or across[2])
    columns = {name.lstrip("yY"): name for name in spread.names}
    own = [c for c in table.columns if c.dtype == "VARCHAR" and c.name in spread.others]
    if not own or own[0] is not table.columns[0] or len(members) > _MOST or not set(years) <= columns.keys():
        return None
    if not years and re.search(r"\b(?:1[5-9]|20)\d\d", asked):
        return None
    chosen = json.dumps([columns[year] for year in years]) if years else ""
    chosen = chosen or f'"{spread.names[0]}":"{spread.names[-1]}"'
    key, held = (json.dumps(part, ensure_ascii=False) for part in (own[0].name, members))
    told = f"the years {', '.join(years) or 'all'} down, {', '.join(members)} across"
    turned = f'.loc[{held}, {chosen}].T.rename_axis("year").reset_index()'
    return told, f"result = {table.name}.set_index({key}){turned}"

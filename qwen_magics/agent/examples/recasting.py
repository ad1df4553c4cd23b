"""One worked example's own way of taking the parts: what stands behind its "each" is what stands behind that
of the question, and where it reads only one column, that is the one that the question names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qwen_magics.agent.words.places import ANY, FIRST, SECOND, TEXT, phrases

__all__ = ["recast"]

_PRICE, _GROUP, _THING, _PLACE, _PERIOD = "price", "shop_id", "product", "city", "week"
_TOLD = (_GROUP, _THING, _PLACE)
_NO_PLACES = (ANY, FIRST, SECOND, TEXT)
# How the parts are called where the examples speak of them.
_CALLED = {
    **{"shop_id": _GROUP, "shop": _GROUP, "shops": _GROUP},
    **{"product": _THING, "products": _THING, "city": _PLACE, "cities": _PLACE},
}
# Where any column will do, whatever it holds.
_EMPTY = re.compile(r"\bprice IS (?:NOT )?NULL\b|\bCOUNT\((?:DISTINCT )?price\)")


def recast(
    columns: Mapping[str, str], places: Mapping[str, str], question: str, code: str, *, fixed: bool
) -> dict[str, str]:
    """The columns of the parts as an example takes them.

    Args:
        columns: part → column, as the table suggests.
        places: column that stands at each place of the user's question; see `agent.words.places`.
        question, code: of the example, as it is written.
        fixed: the city is the column whose values the question has.
    """
    found = dict(columns)
    told = [part for part in (*_TOLD, _PERIOD) if re.search(rf"\b{part}\b", code)]
    texts = [part for part in told if part != _PERIOD]
    for place, phrase in phrases(question).items():
        parts = {_CALLED[word] for word in re.findall(r"\w+", phrase) if word in _CALLED}
        column = places.get(place, "")
        # Only what the example itself reads there, one part alone, and no moment in two of them.
        if len(parts) != 1 or not column or not parts <= set(texts) or (_PLACE in parts and fixed):
            continue
        if column != found.get(_PERIOD) or _PERIOD not in told:
            _put(found, parts.pop(), column, texts)
    # A group of the table's own is none of the texts that tell each row apart.
    alone = texts[0] if len(texts) == 1 and (texts != [_GROUP] or _GROUP in columns) else ""
    if alone and TEXT in places and not (alone == _PLACE and fixed) and places.keys() <= set(_NO_PLACES):
        found[alone] = places[TEXT]
    if _GROUP in texts and _THING in texts:
        _cross(found, code, places)
    _fill(found, texts, places)
    if ANY in places and "price" not in _EMPTY.sub("", code):
        found[_PRICE] = places[ANY]
    return found


def _cross(columns: dict[str, str], code: str, places: Mapping[str, str]) -> None:
    """Of a table that goes down and across, what the question puts down and what across."""
    if "crosstab(" in code and FIRST in places and SECOND in places:
        columns |= {_GROUP: places[FIRST], _THING: places[SECOND]}
    elif "pivot_table(" in code and places.get("row", "") != places.get("column", ""):
        down, across = places.get("row", ""), places.get("column", "")
        if down and _THING not in columns and _GROUP in columns:
            across = across or columns[_GROUP]
        crossed = columns | ({_GROUP: down} if down else {}) | ({_THING: across} if across else {})
        if crossed.get(_GROUP) != crossed.get(_THING):
            columns |= crossed


def _put(columns: dict[str, str], part: str, column: str, told: Sequence[str]) -> None:
    """Put a column in a part; what played it goes where the column came from, or where nothing is yet."""
    before = columns.get(part, "")
    other = next((p for p in _TOLD if p != part and columns.get(p) == column), "")
    if before == column or (other and not before):
        return
    columns[part] = column
    free = next((p for p in told if p not in columns), "")
    if before and (other or free):
        columns[other or free] = before


def _fill(columns: dict[str, str], told: Sequence[str], places: Mapping[str, str]) -> None:
    """What is left empty is played by what the question tells by."""
    for part in told:
        if part not in columns:
            taken = {columns.get(other) for other in told}
            free = [c for place, c in places.items() if place not in _NO_PLACES and c not in taken]
            columns |= dict(zip([part], free, strict=False))

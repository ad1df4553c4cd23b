"""Cross tables as shares: of the row's total, or of the column's, as the question says."""

from __future__ import annotations

import re

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError

__all__ = ["normalised"]

_TOTAL_OF = re.compile(
    r"(?:of|within|by) (?:the |its |their |each )?(?P<side>row|column)(?:['’]s|s['’]?)? (?:totals?|sums?)"
    r"|(?:of|within|by|per|for|in) (?:each|the|its|their|every) (?P<own>\w+)(?:['’]s|s['’])?"
    r" (?:own )?(?:total|sum)",
    re.IGNORECASE,
)
_CROSSTAB = re.compile(
    r"crosstab\(\s*(?:index\s*=\s*)?\w+(?:\[['\"]|\.)(?P<down>\w+)(?:['\"]\])?\s*,\s*(?:columns\s*=\s*)?"
    r"\w+(?:\[['\"]|\.)(?P<across>\w+)(?:['\"]\])?\s*,\s*normalize\s*=\s*(?P<norm>['\"]\w+['\"]|True|1|0)"
)


def normalised(question: str, code: str) -> QueryError | None:
    """What is wrong with a cross table whose shares are of other totals than the question says."""
    found, said = _CROSSTAB.search(code), _TOTAL_OF.search(question)
    if found is None or said is None:
        return None
    if said["side"]:
        wanted = "index" if said["side"].casefold() == "row" else "columns"
    else:
        own = words_of(said["own"])
        sides = {"index": words_of(found["down"]), "columns": words_of(found["across"])}
        meant = [side for side, words in sides.items() if own and own[0] in words]
        wanted = meant[0] if len(meant) == 1 else ""
    if not wanted or found["norm"].strip("'\"") == wanted:
        return None
    whole = f'{code[: found.start("norm")]}"{wanted}"{code[found.end("norm") :]}'
    # Not "the row's total": normalize="row" is what a small model makes of it.
    message = f'The totals are those of normalize="{wanted}".'
    return QueryError("other_whole", message, f"Write: {whole}")

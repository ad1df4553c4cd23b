"""A share or a ratio in each row, and the mean of these: "take a as a percentage of b in each row; what is
the average of these percentages?"

A small model groups by what the question calls a row, or gives fractions where percent are asked for.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, number_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["row_shares"]

_PARTS = r"(?:percent(?:age)?s?|shares?|fractions?|proportions?|ratios?|quotients?)"
_SECOND = r"(?: (?!in|of|for|at|on|per|by|from|was|is|as|and|to|over|within)\w+)?"
_OF = rf"\b(?P<one>[\w.]+{_SECOND}),? as (?:an?|the) (?P<kind>{_PARTS}) of (?:the )?(?P<two>[\w.]+{_SECOND})"
_TO = (
    rf"\b(?P<kind>ratios?|quotients?) of (?:the )?(?P<one>[\w.]+{_SECOND}) (?:to|and|over) (?:the"
    rf" )?(?P<two>[\w.]+{_SECOND})"
)
_BY = rf"\b(?P<kind>divide) (?:the )?(?P<one>[\w.]+{_SECOND}) by (?:the )?(?P<two>[\w.]+{_SECOND})"
_FIGURES = (
    (r"average|mean", "AVG", "average"),
    (r"median", "MEDIAN", "median"),
    (r"highest|largest|greatest|maximum", "MAX", "highest"),
    (r"lowest|smallest|minimum", "MIN", "lowest"),
)
_THEM = (
    rf"\b(?:the |an? )?(?P<figure>{'|'.join(said for said, _, _ in _FIGURES)}) (?:of|over|among|across)"
    rf" (?:all )?(?:of )?(?:these|those|the|them|all|its)(?: {_PARTS}| (?:\w+ )?values| numbers| results)?\b"
)
_GROUPED = re.compile(r"\b(?:each|every|per|by)\b", re.IGNORECASE)
_ROWS = re.compile(r"\b(?:in|for|of|at|on) (?:each|every) (?:single )?\w+", re.IGNORECASE)


def row_shares(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if the question tells both numbers of the share, and one figure of all the shares."""
    them = re.search(_THEM, question, re.IGNORECASE)
    share = next((f for part in (_OF, _TO, _BY) if (f := re.search(part, question, re.IGNORECASE))), None)
    # What comes with the figure itself is a group, not what a row is.
    if them is None or share is None or _GROUPED.search(question[max(share.end(), them.start()) :]):
        return None
    if them.start() < share.start():
        return None
    one, two = number_of(share["one"], table), number_of(share["two"], table)
    rest = f"{question[: share.start()]} {question[share.end() : them.start()]} {question[them.end() :]}"
    where = limited(_ROWS.sub(" ", rest), table, dialect)
    if one is None or two is None or one.name == two.name or where is None:
        return None
    function, word = next((f, w) for said, f, w in _FIGURES if re.fullmatch(said, them["figure"], re.I))
    percent = share["kind"].casefold().startswith("percent")
    above, below = dialect.quote_name(one.name), dialect.quote_name(two.name)
    part = f"{'100.0' if percent else '1.0'} * {above} / {below}"
    query = f"SELECT {function}({part}) FROM {source_of(table, dialect)}{where}"
    told = f"{word} of {one.name} as a {'percentage' if percent else 'part'} of {two.name}, row by row"
    needed = [rf"(?<!\w){re.escape(c.name)}(?!\w)" for c in (one, two)] + ["/", rf"\b{function}\s*\("]
    needed += [r"^(?!.*\bGROUP BY\b)", *(["100"] if percent else [])]
    return SpelledOut(told, query, tuple(needed))

"""What a cross table has besides its two sides: shares for counts, totals at its edge, some years only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.layouts.sides import Side
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.programs import SHARES
from qwen_magics.tools.schema import Column, Table, is_year

__all__ = ["is_percent", "share_base", "speaks_of_shares", "wants_totals", "wants_zeros", "years_said"]

_SHARES = re.compile(SHARES, re.IGNORECASE)
_PERCENT = re.compile(r"%|\bper ?cents?\b|\bpercent\w*", re.IGNORECASE)
_OTHER = re.compile(
    r"\bpercent\w* (?:changes?|points?)\b|\bno percent|\bper ?cent(?:age)? change", re.IGNORECASE
)
_OF_ALL = re.compile(
    r"\bgrand total\b|\bof (?:all|the whole|everything|the overall)\b|\boverall\b|\bwhole table\b",
    re.IGNORECASE,
)
_OF_ROWS = re.compile(
    r"\brow[- ]?(?:wise )?(?:percent\w*|shares?|proportions?|totals?)|\b(?:each|every) (?:row|line) "
    r"(?:adds?|sums?|comes?|totals?|is|making|adding|to)\b|\b(?:rows|lines) (?:add|sum|come)\b"
    r"|\b(?:of|within|by) (?:its|the|each|every) rows?\b",
    re.IGNORECASE,
)
_OF_COLUMNS = re.compile(
    r"\bcolumn[- ]?(?:wise )?(?:percent\w*|shares?|proportions?|totals?)|\b(?:each|every) column "
    r"(?:adds?|sums?|comes?|totals?|is|making|adding|to)\b|\bcolumns (?:add|sum|come)\b"
    r"|\b(?:of|within|by) (?:its|the|each|every) columns?\b",
    re.IGNORECASE,
)
# "Within each shop", "of each shop's total", "of the shop total".
_WITHIN = re.compile(
    r"\b(?:within|inside|out of) (?:each|every|its|the|a) (\w+)"
    r"|\b(?:each|every|the|its|a) (\w+)['’]s? (?:own )?(?:total|sum|sales|rows|records|number|count|whole)\b"
    r"|\bof (?:each|every|the|its|that|their) (\w+) totals?\b",
    re.IGNORECASE,
)
# "What share of each species lives on each island?": of the species, since a verb follows.
_SHARE_OF = re.compile(
    rf"(?:{SHARES}) of (?:each|every|the|all)? ?(?:single )?(\w+)(?: (?:of|in|from) (?:the )?@?\w+)?"
    r"(?: (?:that|which|who))? (?!rows?\b|columns?\b|lines?\b)"
    r"((?:is|are|was|were)(?= (?:on|at|from|in(?! the cells?\b| each cell)|\w+ed|held|kept|sold|lent|made"
    r"|found)\b)|has|have|had|go|went|fell|came|[a-z]{3,}(?:s|ed))\b(?! ?[,;:.)(]| (?:as|down|across)\b)",
    re.IGNORECASE,
)
# "What percentage of the birds of each island belongs to each species?"
_SHARE_WITHIN = re.compile(
    rf"(?:{SHARES}) of (?:the |all )?@?\w+ (?:of|in|on|at|from) (?:each|every) (\w+) (?:that |which |who )?"
    r"((?:is|are|was|were|has|have|had|go|went|fell|came|[a-z]{3,}(?:s|ed))\b(?! ?[,;:.)(]| (?:as|down)\b))",
    re.IGNORECASE,
)
_NO_VERBS = frozenset(["across", "as", "towards", "versus", "plus", "minus", "its", "columns", "rows", "bed"])

_END = (
    r"(?=\s*(?:[,.;:)!?]|$|at the (?:end|right|bottom)|too\b|as well\b|of (?:the|each|every) (?:row|line)\b"
    r"|(?:of|over|across) (?:all|every)\b|(?:per|in each|for each|for every) (?:row|line)\b|and\b))"
)
_TOTAL = r"(?:the |a |an |its |their |row |overall |grand )*(?:totals?|sums?)"
_TOTAL_COLUMN = re.compile(
    rf"\bcolumn,? (?:with|for|of|holding|giving|that (?:has|gives|shows)|containing|called) {_TOTAL}{_END}"
    r"|\btotals? column\b|\bcolumn of totals\b|\brow (?:and column )?totals\b|\btotals? (?:at|on) the right\b"
    r"|\btotal at the end of (?:each|every) (?:row|line)\b",
    re.IGNORECASE,
)
_TOTAL_ROW = re.compile(
    rf"\b(?:row|line),? (?:with|for|of|holding|giving|that (?:has|gives|shows)|containing|called) "
    rf"{_TOTAL}{_END}"
    r"|\btotals? (?:row|line)\b|\bcolumn (?:and row )?totals\b|\brow and column totals\b"
    r"|\bcolumn and row totals\b|\btotals? (?:at|along) the bottom\b",
    re.IGNORECASE,
)
_MARGINS = re.compile(
    r"\bmargins?\b|\b(?:with|and|plus|including) (?:the )?totals(?=\s*(?:[,.;:)!?]|$))", re.I
)

# "With a column for the total of each shop", "plus the total per shop".
_TOTAL_OF = re.compile(
    rf"\b(?:columns?|rows?|lines?|plus|and|with|including|add\w*),? "
    rf"(?:with |for |of |showing |holding )?{_TOTAL} (?:of|for|per|in|by) (?:each |every |the |all )*(\w+)"
    r"(?=\s*(?:[,.;:)!?]|$|too\b|as well\b|at the))",
    re.IGNORECASE,
)
_ZEROS = re.compile(
    r"\b(?:0|zeros?|a 0|a zero|nought)\b (?:where|if|when|for (?:the )?(?:empty|missing|none|no \w+))\b"
    r"|\b(?:empty|missing|blank)\b[^.;,]{0,30}\b(?:0|zeros?)\b|\bfill\w*\b[^.;,]{0,30}\b(?:0|zeros?)\b",
    re.IGNORECASE,
)

_YEAR = r"((?:1[5-9]|20)\d\d)"
_BOUND = (
    (re.compile(rf"\b(?:since|from) (?:the year )?{_YEAR}(?: on(?:wards?)?\b)?", re.I), ">="),
    (re.compile(rf"\b(?:after|later than) (?:the year )?{_YEAR}\b", re.I), ">"),
    (re.compile(rf"\b(?:before|prior to|earlier than) (?:the year )?{_YEAR}\b", re.I), "<"),
    (re.compile(rf"\b(?:until|up to|through) (?:the year )?{_YEAR}\b", re.I), "<="),
    (re.compile(rf"\b(?:in|for|of|during) (?:the year )?{_YEAR}\b", re.I), "=="),
)
_SPAN = re.compile(
    rf"(?:\bbetween |\bfrom )?(?<!\d){_YEAR}(?: to | through | until | till | and | ?[-–—] ?){_YEAR}\b",
    re.IGNORECASE,
)
_SAID = re.compile(rf"(?<![\w.,-]){_YEAR}(?![\w-]|[.,]\d)")


def speaks_of_shares(question: str, names: Sequence[str]) -> bool:
    """Whether shares are asked for, where no column is called so.

    Args:
        names: of the tables' columns.
    """
    if any(_SHARES.search(name.replace("_", " ")) for name in names):
        return False
    return _SHARES.search(question) is not None and not _OTHER.search(question)


def share_base(question: str, row: Side, across: Side) -> str:
    """What the cells are shares of: `index`, `columns`, `all`; empty where that is open."""
    found = set[str]()
    if _OF_ROWS.search(question):
        found.add("index")
    if _OF_COLUMNS.search(question):
        found.add("columns")
    for said in _WITHIN.findall(question):
        found.add(_side("".join(said), row, across))
    if not found:
        for noun, verb in _SHARE_WITHIN.findall(question) or _SHARE_OF.findall(question):
            if verb.casefold() not in _NO_VERBS:
                found.add(_side(noun, row, across))
    if not found and _OF_ALL.search(question):
        found.add("all")
    return found.pop() if len(found) == 1 else ""


def is_percent(question: str) -> bool:
    """Whether the shares are to be out of a hundred."""
    return _PERCENT.search(question) is not None


def wants_zeros(question: str) -> bool:
    """Whether cells with nothing in them are to be 0."""
    return _ZEROS.search(question) is not None


def wants_totals(question: str, down: Side | None = None, across: Side | None = None) -> str:
    """Where totals are asked for: `column`, `row`, `both`; empty for nowhere.

    Args:
        down, across: with them, "the total of each shop" is a column where the shops go down.
    """
    column, row = _TOTAL_COLUMN.search(question) is not None, _TOTAL_ROW.search(question) is not None
    if down is not None and across is not None and not _MARGINS.search(question):
        of = {_side(noun, down, across) for noun in _TOTAL_OF.findall(question)}
        column, row = column or "index" in of, row or "columns" in of
    if _MARGINS.search(question) or (column and row):
        return "both"
    return "column" if column else "row" if row else ""


def years_said(question: str, table: Table) -> tuple[Column | None, str, tuple[str, ...]]:
    """The years that the question limits itself to: the column that has them, how they are compared
    (`between`, `in`, or a sign), and with what; nothing where that is not certain.
    """
    nothing = None, "", ()
    years = [column for column in table.columns if is_year(column)]
    dates = [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    found = years or dates
    said = tuple(dict.fromkeys(_SAID.findall(question)))
    if len(found) != 1 or not said:
        return nothing
    column, span = found[0], _SPAN.search(question)
    if len(said) == 2 and span is not None and span[1] < span[2]:
        is_and = re.search(r"\d and ", span[0]) and not span[0].casefold().startswith("between")
        return column, "in" if is_and else "between", (span[1], span[2])
    if len(said) > 1:
        listed = re.search(rf"{_YEAR}(?:,| and| or|, and|,? &)", question)
        return (column, "in", said) if listed and span is None else nothing
    signs = {sign for pattern, sign in _BOUND if pattern.search(question)}
    return (column, signs.pop(), said) if len(signs) == 1 else nothing


def _side(noun: str, row: Side, across: Side) -> str:
    """The side that a word names; `?` for neither, which leaves it open as well as both do."""
    word = (words_of(noun) or [""])[-1]
    names = {
        base: [side.unit] if side.unit else words_of(side.column.name)
        for base, side in (("index", row), ("columns", across))
    }
    found = [base for base, parts in names.items() if any(alike(part, word) for part in parts)]
    return found[0] if len(found) == 1 else ""

"""One figure of a column over another of the same: "for each maker, how many times its average price is its
highest price", "the ratio of the highest to the lowest wind".

A small model counts the rows in which the two are equal.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, each_of, limited, number_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["per_figures"]

_WORDS = {
    "average": "AVG",
    "mean": "AVG",
    "median": "MEDIAN",
    "highest": "MAX",
    "maximum": "MAX",
    "largest": "MAX",
    "greatest": "MAX",
    "peak": "MAX",
    "top": "MAX",
    "lowest": "MIN",
    "minimum": "MIN",
    "smallest": "MIN",
}
_FIGURE = rf"(?:{'|'.join(_WORDS)})"
_ITS = r"(?:the |its |their |his |her |an? )?"
_GAP = r"(?: (?!per\b|for\b|times\b)[\w.]+){0,3}?"
_FORMS = (
    # "How many times its average price is its highest price": the second over the first.
    rf"\bhow many times (?:as \w+ as )?{_ITS}(?P<two>{_FIGURE})\b{_GAP} (?:is|was|are"
    rf"|were) {_ITS}(?P<one>{_FIGURE})\b",
    # "How many times as high as the lowest is the highest", "… times the average is the highest".
    rf"\bhow many times (?:higher|as \w+) (?:is|was|are"
    rf"|were) {_ITS}(?P<one>{_FIGURE})\b{_GAP} (?:as|than) {_ITS}(?P<two>{_FIGURE})\b",
    rf"\b(?:ratio|quotient) (?:of|between) {_ITS}(?P<one>{_FIGURE})\b{_GAP} (?:to|and"
    rf"|over) {_ITS}(?P<two>{_FIGURE})\b",
    rf"\b{_ITS}(?P<one>{_FIGURE})\b{_GAP},? (?:divided by|as a multiple of|over"
    rf"|relative to) {_ITS}(?P<two>{_FIGURE})\b",
    rf"\b(?:what|which) multiple of {_ITS}(?P<two>{_FIGURE})\b{_GAP} (?:is|was|are"
    rf"|were) {_ITS}(?P<one>{_FIGURE})\b",
)
_OTHER = re.compile(
    r"\b(?:percent\w*|shares?|proportion|which|who|when|rank\w*|running|moving|previous|difference|minus"
    r"|correlat\w*|more than|at least|number of)\b|%",
    re.IGNORECASE,
)


def per_figures(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if two different figures of one column are divided, with a row for each group, if any."""
    found = next(filter(None, (re.search(form, question, re.IGNORECASE) for form in _FORMS)), None)
    if found is None or _OTHER.search(question):
        return None
    one, two = (_WORDS[found[name].casefold()] for name in ("one", "two"))
    words = re.findall(rf"\b{_FIGURE}\b", question, re.IGNORECASE)
    rest = f"{question[: found.start()]} , {question[found.end() :]}"
    groups = [group_in(word, table) for word in each_of(rest)]
    number = number_of(re.sub(rf"(?i)\b{_FIGURE}\b", " ", question), table)
    names = {number.name} if number is not None else set()
    where = limited(rest, table, dialect, names)
    if one == two or len(words) != 2 or number is None or where is None or None in groups or len(groups) > 1:
        return None
    value = dialect.quote_name(number.name)
    by = [dialect.quote_name(group.name) for group in groups if group is not None]
    if number.name in by:
        return None
    keys, end = (f"{by[0]}, ", f" GROUP BY {by[0]}") if by else ("", "")
    query = f"SELECT {keys}1.0 * {one}({value}) / {two}({value}) AS ratio "
    query += f"FROM {source_of(table, dialect)}{where}{end}"
    told = f"{found['one'].lower()} {number.name} divided by {found['two'].lower()} {number.name}"
    told += f", for each {by[0]}" if by else ""
    return SpelledOut(told, query, ("/", rf"\b{one}\s*\(", rf"\b{two}\s*\(", *(["GROUP BY"] if by else [])))

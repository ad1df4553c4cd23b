"""Shares, ratios, means and correlations that cannot be what was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.hundredfold import hundredfold
from qwen_magics.agent.checks.known_rows import of_all_rows
from qwen_magics.agent.checks.normalised import normalised
from qwen_magics.agent.checks.own_share import own_share
from qwen_magics.agent.checks.share_whole import whole_limited
from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.nonsense import divided_by_itself, divided_by_key, same_counts, summed_key

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["shares"]

_PERCENT = re.compile(r"\bpercent\w*|%|百分", re.IGNORECASE)
# "What percentage of the … are", "of the …, what percentage": what is between them says what the whole is.
_VERB = (
    r"(?:are|is|was|were|have|has|had|came?|comes?|belongs?|got|gets?|went|go|goes|did|does|do|fly|flies|flew"
    r"|lives?|lived|left|leaves?|arrived?|arrives|ends?|ended|starts?|started|lasts?|lasted|died?|survived?|stays?"
    r"|stayed|takes?|took|weighs?|weighed|costs?|returned|reach(?:es|ed)?)"
)
_BASE = re.compile(
    rf"\b(?:percent\w*|share|proportion|fraction) of (?:all |the )*(.{{1,200}}?)\b{_VERB}\b"
    r"|^\W*(?:of|among) (?:all |the )*(.{1,200}?), (?:what|how|which)\b",
    re.IGNORECASE | re.DOTALL,
)
_COMPARED = re.compile(r"([\w.]+) ?([<>]=?) ?(\d+(?:\.\d+)?)")
_MORE = r"more than|over|above|at least|greater than|higher than|larger than|longer than|exceeding"
_LESS = r"less than|fewer than|under|below|at most|lower than|smaller than|shorter than"
_WHOLE = (1.0, 100.0)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AND = re.compile(r"\bAND\b", re.IGNORECASE)
# Where a query counts a part of the rows that it reads.
_PARTLY = re.compile(r"\bCASE\b.*?\bEND\b|\bFILTER\s*\([^()]*\)", re.IGNORECASE | re.DOTALL)
_RANKED = re.compile(r"\b(spearman|kendall|ranks?|ranked|monoton\w*|tau|rho)\b|秩", re.IGNORECASE)
_SELECT = re.compile(r"\W*(SELECT|WITH)\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(percent\w*|shares?|proportions?|fractions?)\b|百分|比例|占比", re.IGNORECASE)


def shares(
    question: str, tables: Sequence[Table]
) -> Iterator[Callable[[QueryResult, str], QueryError | None]]:
    """The checks for a question, each of a result and the program that made it."""
    yield lambda _, code: _ratio_of_one(question, code)
    yield lambda _, code: hundredfold(question, code)
    yield lambda _, code: _sum_of_keys(code, tables) or _over_keys(code, tables)
    if not _RANKED.search(question):
        yield lambda _, code: _other_correlation(code)
    if _SHARE.search(question):
        yield lambda _, code: own_share(code) or normalised(question, code)
        yield _not_all_of_it
        if base := _BASE.search(question):
            whole = "".join(base.groups(""))
            yield lambda _, code: _whole_of_all(whole, code)
        if _PERCENT.search(question):
            yield _as_percent
        if year := _YEAR.search(question):
            yield lambda _, code: _whole_of_period(year[0], code)


def _not_all_of_it(result: QueryResult, code: str) -> QueryError | None:
    """A share that is the whole wherever it is computed: its condition filters what it is a share of."""
    frame = result.frame
    for place in range(frame.shape[1]):
        cells = frame.iloc[:, place]
        if cells.dtype.kind == "f" and len(cells) and cells.iloc[0] in _WHOLE and cells.nunique() == 1:
            message = f"Every share is {cells.iloc[0]:g}."
            if whole := of_all_rows(code):
                hint = f"COUNT of a column leaves out the rows without it; COUNT(*) takes them all: {whole}"
                return QueryError("whole_share", message, hint)
            hint = "Leave the condition out of WHERE and count with it: SUM(CASE WHEN … THEN 1 ELSE 0 END)."
            return QueryError("whole_share", message, hint)
    return None


def _other_correlation(code: str) -> QueryError | None:
    """A rank correlation where the question has none of the words for it."""
    method = re.search(r"method\s*=\s*['\"](spearman|kendall)['\"]", code)
    if method is None:
        return None
    message = f"The question does not ask for {method[1]}'s correlation."
    return QueryError("other_correlation", message, "Write .corr() without a method.")


def _sum_of_keys(code: str, tables: Sequence[Table]) -> QueryError | None:
    key = summed_key(code, tables) if _SELECT.match(code) else ""
    if not key:
        return None
    message = f"{key} only tells rows apart: a sum or a mean of it says nothing."
    return QueryError("sum_of_keys", message, "Use a column that measures what is asked for.")


def _over_keys(code: str, tables: Sequence[Table]) -> QueryError | None:
    """An amount that is divided by a key, or a number of keys by that of others in the same rows."""
    if not _SELECT.match(code):
        return None
    key, without = divided_by_key(code, tables)
    if key:
        message = f"{key} only tells rows apart: nothing is divided by it."
        return QueryError("over_a_key", message, f"Write: {without}")
    counts, whole = same_counts(code, tables)
    if counts:
        return QueryError("same_counts", f"{counts} count the same joined rows.", f"Write: {whole}")
    return None


def _ratio_of_one(question: str, code: str) -> QueryError | None:
    part = divided_by_itself(code) if _SELECT.match(code) else ""
    if not part:
        return None
    years = list(dict.fromkeys(_YEAR.findall(question)))
    each = " and ".join(years) if len(years) == 2 else "each part"
    return QueryError(
        "ratio_of_one",
        f"{part} is divided by itself.",
        f"{_apart(part)[0]} {each} apart, each by its own condition: {_apart(part)[1]}.",
    )


def _apart(part: str) -> tuple[str, str]:
    """What is done to each part, and the aggregate with a condition; a measure stays in it."""
    measured = re.fullmatch(r"(?i)(AVG|SUM|MEDIAN|MIN|MAX)\((\"?[\w.]+\"?)\)", part)
    if measured is None or measured[2].isdecimal():
        return "Count", "SUM(CASE WHEN … THEN 1 ELSE 0 END)"
    return "Take", f"{measured[1].upper()}(CASE WHEN … THEN {measured[2]} END)"


def _as_percent(result: QueryResult, code: str) -> QueryError | None:
    """Fractions where percent are asked for; a program that has a hundred in it has thought of that."""
    frame = result.frame
    floats = [frame.iloc[:, place] for place in range(frame.shape[1]) if frame.dtypes.iloc[place].kind == "f"]
    if len(floats) != 1 or "100" in code or "percent" in code.casefold():
        return None
    cells = floats[0].dropna().abs()
    if not len(cells) or cells.max() > 1 or cells.max() == 0:
        return None
    return QueryError(
        "fraction", "The question asks for percent, and these are fractions.", "Multiply by 100.0."
    )


def _whole_of_all(whole: str, code: str) -> QueryError | None:
    """Of the penguins *on Dream*, how many percent are …: what stands before the verb limits the whole."""
    if re.search(r"\bWHERE\b|\bHAVING\b|\bGROUP BY\b", _PARTLY.sub("", code), re.IGNORECASE):
        return None
    for part in _PARTLY.findall(code):
        conditions = _AND.split(re.sub(r"(?is)^.*?\bWHEN\b|\bTHEN\b.*$", "", part))
        own = [condition.strip() for condition in conditions if _is_said(condition, whole)]
        if own and len(own) < len(conditions):
            message = f"The whole is only what {own[0]} holds for."
            written_out = whole_limited(code, own)
            hint = f"Write WHERE {own[0]} at the end, and leave it out of CASE."
            return QueryError("other_whole", message, f"Write: {written_out}" if written_out else hint)
    return None


def _is_said(condition: str, text: str) -> bool:
    """Whether the condition's value stands in the text, or its number with the comparison's words."""
    compared = _COMPARED.fullmatch(condition.strip())
    if compared is not None:
        words = rf"(?:{_MORE if compared[2][0] == '>' else _LESS}) "
        if re.search(rf"\b{words}{re.escape(compared[3])}(?![\d.,]*\d)", text, re.IGNORECASE) is None:
            return False
        return set(words_of(compared[1])) & set(words_of(text)) != set()
    value = re.search(r"=\s*'([^']+)'|=\s*(\d+)\s*$", condition.strip())
    said = value and re.escape(value[1] or value[2])
    return bool(said) and re.search(rf"(?<!\w){said}(?!\w)", text, re.IGNORECASE) is not None


def _whole_of_period(year: str, code: str) -> QueryError | None:
    """A share in one year of the whole of all years; that of the year itself may well be meant."""
    parts = [part for part in _PARTLY.findall(code) if year in part and _AND.search(part)]
    if not parts or year in _PARTLY.sub("", code):
        return None
    message = f"The part is of {year}, and the whole is of all years."
    return QueryError("other_whole", message, f"Move the condition of {year} into WHERE, out of the part.")

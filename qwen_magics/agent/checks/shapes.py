"""How many rows a result may have by the question's words: one, one for each of something, each once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once_each import each_of, once_each
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.asking_clause import asks_one_number
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.names import quote_name
from qwen_magics.tools.sql.ungrouping import ungrouped

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table
    from qwen_magics.tools.sql.listing import Listed

__all__ = ["shapes"]

_Check = Callable[["QueryResult", str], "QueryError | None"]

# "How many", and nothing that wants one number per group.
_HOW_MANY = re.compile(r"^\W*((on|in|for|of|to|at) )?(how many|how much|多少|有几)", re.IGNORECASE)
_GROUPS = re.compile(
    r"\b(each|every|per|by|which|respectively|list|names?|change|compare\w*)\b|, and how|每|各|分别",
    re.IGNORECASE,
)
# One row for each of something; "how many …" in each of them may well be one number, and so is the average of
# each one's total.
_EACH = re.compile(
    r"\b(?:for|of|in|on|at|to|from|has|have|does) (?:each|every) (\w+)(?![\w'’])", re.IGNORECASE
)
# Things that have to do with all of the others: "the number of members with a book of every genre".
_WITH_ALL = re.compile(
    r"^\W*(?:(?:what(?: is|['’]s)|give(?: me)?|find|show(?: me)?|tell me) )?(?:the )?(?:total )?"
    r"(?:number|count)(?: of)? (?:\w+ ){1,3}?(?:who|that|which|with|having|whose)\b[^.;?]*\bevery\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\bwhat(?: is| was|['’]s) (?:(?:the|its) )?(?!their )(?:\w+ )?(?:average|correlation|mean|median|number"
    r"|percentage|r squared|r²|range|share|slope|standard deviation|sum|total|variance)\b",
    re.IGNORECASE,
)
# By which tables are matched is no group.
_MATCHED = re.compile(r"\b(?:match|join|link|merge)\w*\b[^.?!]*", re.IGNORECASE)
# Members join and matches are played: what is counted, or what it does.
_COUNTED = re.compile(
    r"\bhow many (?:(?!(?:match|join|link|merge))\w+ ){0,6}(?:match|join|link|merge)\w*", re.IGNORECASE
)
_LISTED = re.compile(r"^\W*(which|what|who|list|name|give|show)\b", re.IGNORECASE)
_LIMIT = re.compile(r"\sLIMIT 1\s*$", re.IGNORECASE)
_BEST = re.compile(r"\sORDER BY ([^()]+) LIMIT 1\s*$", re.IGNORECASE)


def shapes(
    question: str, tables: Sequence[Table], qualify: bool, listed: Callable[[str], Listed | None]
) -> Iterator[_Check]:
    """The checks of results for a question; see `checks.demands.demand` for what they take."""
    grouped = _GROUPS.search(_MATCHED.sub("", _COUNTED.sub("", question))) or _lists_values(question, tables)
    if _HOW_MANY.search(question):
        if not grouped:
            yield lambda result, _: _one_row(result)
    elif _ONE.search(question) and not grouped:
        yield _one_value
    elif (
        (each := _EACH.search(question)) and not _WITH_ALL.search(question) and not asks_one_number(question)
    ):
        yield lambda result, code: _row_for_each(each[1], result, code if qualify else "")
    yield _nobody
    if _LISTED.search(question):
        yield lambda result, code: _no_repeats(result, code, listed)
    elif things := each_of(question):
        yield lambda result, code: once_each(things, result, code)


def _lists_values(question: str, tables: Sequence[Table]) -> bool:
    """How many are new, good and worn: one number, or one for each of them."""
    if not re.search(r"\w, \w+,? and \w", question):
        return False
    owners = [{column.name for _, column in v.owners} for v in linked_values(question, tables)]
    return any(sum(name in names for names in owners) > 2 for name in set().union(*owners))


def _nobody(result: QueryResult, code: str) -> QueryError | None:
    """The group without a name, as the one with the most."""
    frame, best = result.frame, _BEST.search(code)
    if best is None or len(frame) != 1 or frame.shape[1] < 2 or not frame.iloc[:1, 0].isna().all():
        return None
    name = quote_name(str(frame.columns[0]))
    message = f"The one found is the rows without a {name}."
    return QueryError("nameless", message, f"Leave them out: WHERE {name} IS NOT NULL.")


def _one_row(result: QueryResult) -> QueryError | None:
    return _single(result, "asks how many, and the result lists", "Count or add them up in the query.")


def _one_value(result: QueryResult, code: str) -> QueryError | None:
    whole = ungrouped(code)
    fix = f"Over all rows: {whole}" if whole else "Compute that value from them."
    return _single(result, "asks for one value, and the result has", fix)


def _single(result: QueryResult, contrast: str, fix: str) -> QueryError | None:
    rows = len(result.frame)
    return None if rows <= 1 else QueryError("not_a_number", f"The question {contrast} {rows} rows.", fix)


def _row_for_each(noun: str, result: QueryResult, code: str) -> QueryError | None:
    if len(result.frame) != 1:
        return None
    message = f"The question asks for each {noun}, and the result is one row."
    hint = f"Give one row for each {noun}, not LIMIT 1 of all."
    best, group = _BEST.search(code), next(iter(_named_by(noun, result)), None)
    if best is not None and group is not None:
        # The best of all, where the best of each group is meant: a step that small models do not find alone.
        if _is_of_group(code, group):
            return QueryError("one_row", message, f"Write: {_LIMIT.sub('', code)}")
        ranked = f"ROW_NUMBER() OVER (PARTITION BY {quote_name(group)} ORDER BY {best[1]})"
        hint = f"Write: {_of_rows(code[: best.start()], best[1])} QUALIFY {ranked} = 1"
    return QueryError("one_row", message, hint)


def _is_of_group(code: str, group: str) -> bool:
    """Whether there is one row for each of them already, of which only the first was taken."""
    grouped = re.search(r"(?i)\bGROUP BY ([\w.\"]+)(?= ORDER BY)", " ".join(code.split()))
    return grouped is not None and grouped[1].rsplit(".")[-1].strip('"').casefold() == group.casefold()


def _of_rows(query: str, order: str) -> str:
    """What the rows are ranked by may be a window itself, which then has to stand in an inner query."""
    by_name = re.fullmatch(r'\s*("[^"]+"|\w+)(?:\s+(?:ASC|DESC))?(?:\s+NULLS \w+)?\s*', order, re.IGNORECASE)
    return f"SELECT * FROM ({query.strip()}) AS s" if by_name and re.search(r"\bOVER\b", query) else query


def _named_by(noun: str, result: QueryResult) -> list[str]:
    word = words_of(noun)[:1]
    return [str(c) for c in result.frame.columns if word and any(alike(p, word[0]) for p in words_of(str(c)))]


def _no_repeats(result: QueryResult, code: str, listed: Callable[[str], Listed | None]) -> QueryError | None:
    """A list that says twice what stands there already: by the keys of what it lists, else by its half."""
    rows, cells = len(result.frame), result.frame.astype(str)
    if rows < 2 or any(dtype.kind == "f" for dtype in result.frame.dtypes if hasattr(dtype, "kind")):
        return None
    different = len(cells.drop_duplicates())
    if rows == different:
        return None
    found, hint = listed(code), "List each once: group them, or use DISTINCT."
    if found is not None and found.rows == rows:
        # Several of the same name are several; one that is there twice is not.
        if found.things == rows:
            return None
        hint = f"List each once: add GROUP BY {found.group}."
    elif rows < 2 * different:
        return None
    message = f"The result lists {rows} rows, of which only {different} differ."
    return QueryError("repeated_rows", message, hint)

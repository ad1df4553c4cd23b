"""What the format and the question's words ask of a result, as a check that can send the model back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence, Set
from itertools import chain
from numbers import Real
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.based import based
from qwen_magics.agent.checks.compass import compass
from qwen_magics.agent.checks.counted_values import counted_values
from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.day_of_parts import day_of_parts
from qwen_magics.agent.checks.done_not_due import done_not_due
from qwen_magics.agent.checks.done_only import done_only
from qwen_magics.agent.checks.flags import flags
from qwen_magics.agent.checks.grounding import NUMBERS
from qwen_magics.agent.checks.impossible import impossible
from qwen_magics.agent.checks.known_only import known_only
from qwen_magics.agent.checks.left_out import left_out
from qwen_magics.agent.checks.listed_values import listed_values
from qwen_magics.agent.checks.month_as_quarter import month_as_quarter
from qwen_magics.agent.checks.name_parts_asked import name_parts_asked
from qwen_magics.agent.checks.named_group import named_group
from qwen_magics.agent.checks.narrowing import narrowed
from qwen_magics.agent.checks.once_each import each_of, once_each
from qwen_magics.agent.checks.or_not_at_all import or_not_at_all
from qwen_magics.agent.checks.other_aggregate import other_aggregate
from qwen_magics.agent.checks.other_result import other_result
from qwen_magics.agent.checks.overlooked import overlooked
from qwen_magics.agent.checks.owner_names import owner_names
from qwen_magics.agent.checks.regardless import regardless
from qwen_magics.agent.checks.row_for_each_kind import row_for_each_kind
from qwen_magics.agent.checks.shares import shares
from qwen_magics.agent.checks.spelled import spelled
from qwen_magics.agent.checks.structure import structure
from qwen_magics.agent.checks.superlatives import superlatives
from qwen_magics.agent.checks.text_forms import text_forms
from qwen_magics.agent.checks.two_figures import two_figures
from qwen_magics.agent.checks.unasked import unasked
from qwen_magics.agent.checks.unlimited import unlimited
from qwen_magics.agent.checks.wanted import wanted
from qwen_magics.agent.checks.weekday_names import weekday_names
from qwen_magics.agent.checks.weekdays import weekdays
from qwen_magics.agent.checks.whole_values import whole_values
from qwen_magics.agent.examples.ranked_values import ranked_values
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.links.matched import matched
from qwen_magics.agent.request import Format
from qwen_magics.agent.words.asking_clause import asks_one_number
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.names import quote_name
from qwen_magics.tools.sql.ungrouping import ungrouped

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table
    from qwen_magics.tools.sql.listing import Listed

__all__ = ["Demand", "demand"]

# Of a result and the program that made it.
Demand = Callable[["QueryResult", str], "QueryError | None"]


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
_LISTED = re.compile(r"^\W*(which|what|who|list|name|give|show)\b", re.IGNORECASE)
_NUMBER = rf"\d{{1,3}}|{'|'.join(n for n in NUMBERS if n.isascii())}"
_PERIOD = re.compile(
    rf"\b({_NUMBER})[- ](?:consecutive |successive |preceding |previous |prior )?"
    r"(day|week|month|quarter|year)s?\b",
    re.IGNORECASE,
)
# "It and the two months before": three of them.
_EARLIER = r"(?:before|earlier|last|preceding|previous|prior)"
_AND_EARLIER = re.compile(
    rf"\b(?:and|plus|with) (?:the |its )?(?:{_EARLIER} (?:{_NUMBER}) \w+"
    rf"|(?:{_NUMBER}) (?:{_EARLIER} \w+|\w+ {_EARLIER}))\b",
    re.IGNORECASE,
)
_ROLLING = re.compile(r"\brolling\(\s*(?:window\s*=\s*)?(\d+(?:\s*\*\s*\d+)*)\s*[,)]")


_BEST = re.compile(r"\sORDER BY ([^()]+) LIMIT 1\s*$", re.IGNORECASE)


def demand(
    format: Format,
    question: str = "",
    tables: Sequence[Table] = (),
    *,
    qualify: bool = False,
    listed: Callable[[str], Listed | None] = lambda code: None,
    spacing: Callable[[], Set[str]] = frozenset,
    given: bool = False,
    example: str = "",
    dialect: Dialect = DUCKDB,
    run: Callable[[str], QueryResult] | None = None,
) -> Demand:
    """The check for a format and a question; it returns what is wrong, or None.

    Args:
        tables: those in reach; the question is searched for their names and those of their columns.
        qualify: the SQL dialect has QUALIFY.
        listed: the things that a program lists by name, if that can be told.
        spacing: units by which the tables' dates go, such as `month`; asked where it matters.
        given: conditions are not the model's alone: they are a person's, or come from what was called before.
        example: a query of the question's kind, of which the steps are needed.
        dialect: in which hints write expressions.
        run: the rows of a query that a check has to look at.
    """
    if format != "auto":
        own = {"number": _one_number, "chart": _drawable}.get(format)
        return lambda result, _: own(result) if own is not None else None
    checks = [*_shapes(question, tables, qualify, listed), *_windows(question, spacing)]
    checks += shares(question, tables)
    checks.append(crossing(question, tables))
    asked = question if tables and not given else ""
    checks += (counted_values(asked, tables, run), other_result(asked, tables, dialect, run))
    checks.append(whole_values(asked, tables, dialect, run))
    steps, days = structure(example, question), weekdays(question, tables)
    # The steps first: their example says more than the others' hints.
    certain = (
        *(impossible, spelled(asked, tables, dialect), matched(asked, tables), compass(question), steps),
        *(superlatives(question), days, month_as_quarter(tables, dialect)),
        *(weekday_names(asked, dialect), done_not_due(asked, tables)),
        day_of_parts(asked, tables, dialect),
    )
    likely = (
        *(named_group(asked, tables), regardless(asked), unasked(asked), narrowed()),
        *(left_out(question, tables), overlooked(asked)),
        *(two_figures(asked), listed_values(asked), wanted(asked, tables), based(asked, tables)),
        *(unlimited(asked), owner_names(asked, tables), ranked_values(asked), done_only(asked, tables)),
        *(flags(asked, tables), other_aggregate(asked), known_only(asked, tables)),
        *(flags(asked, tables), row_for_each_kind(asked), or_not_at_all(asked, tables)),
        *(text_forms(asked, tables, dialect), name_parts_asked(asked, tables, dialect)),
    )

    def check(result: QueryResult, code: str) -> QueryError | None:
        # One by one: what tells a thing only once must not have told it in vain.
        found = chain(
            (look(code) for look in certain),
            (shape(result, code) for shape in checks),
            (look(code) for look in likely),
        )
        return next(filter(None, found), None)

    return check


def _shapes(
    question: str, tables: Sequence[Table], qualify: bool, listed: Callable[[str], Listed | None]
) -> Iterator[Demand]:
    grouped = _GROUPS.search(_MATCHED.sub("", question)) or _lists_values(question, tables)
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
        ranked = f"ROW_NUMBER() OVER (PARTITION BY {quote_name(group)} ORDER BY {best[1]})"
        hint = f"Write: {code[: best.start()]} QUALIFY {ranked} = 1"
    return QueryError("one_row", message, hint)


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


def _windows(question: str, spacing: Callable[[], Set[str]]) -> Iterator[Demand]:
    period = _PERIOD.search(question)
    if period is not None:
        number = int(NUMBERS.get(period[1].casefold(), period[1]))
        rows = number + bool(_AND_EARLIER.search(question))
        yield lambda _, code: _window_of_rows(rows, period[2].lower(), code, spacing)


def _window_of_rows(number: int, unit: str, code: str, spacing: Callable[[], Set[str]]) -> QueryError | None:
    """A moving window counts rows; where each is a month, three months are three of them."""
    window = _ROLLING.search(code)
    if window is None or unit not in spacing():
        return None
    rows = math.prod(map(int, re.findall(r"\d+", window[1])))
    if rows == number:
        return None
    message = f"rolling({window[1]}) takes {rows} rows, and the rows are one {unit} apart."
    return QueryError("other_window", message, f"Write rolling({number}).")


def _drawable(result: QueryResult) -> QueryError | None:
    from qwen_magics.tools.charts.choice import column_kinds, default_choice

    try:
        default_choice(column_kinds(result.frame), result.rows)
    except QueryError as error:
        return error
    return None


def _one_number(result: QueryResult) -> QueryError | None:
    frame = result.frame
    if frame.shape == (1, 1) and isinstance(frame.iat[0, 0], Real):
        return None
    rows, columns = frame.shape
    message = f"The result has {rows} rows and {columns} columns, but one number is asked for."
    return QueryError("not_a_number", message, "Select exactly one numeric value.")

"""What the format and the question's words ask of a result, as a check that can send the model back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence, Set
from numbers import Real
from typing import TYPE_CHECKING

from qwen_magics.agent.grounding import NUMBERS
from qwen_magics.agent.linking import linked_values, value_unused
from qwen_magics.agent.naming import alike, words_of
from qwen_magics.agent.request import Format
from qwen_magics.errors import QueryError
from qwen_magics.tools.join_path import joins_to
from qwen_magics.tools.sql.names import quote_name
from qwen_magics.tools.sql.nonsense import divided_by_itself, summed_key

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


# One row for each of something; "how many …" in each of them may well be one number.
_EACH = re.compile(r"\b(?:for|of|in|on|at|to|from|has|have|does) (?:each|every) (\w+)", re.IGNORECASE)
_PER = re.compile(r"\b(?:each|every|per) (\w+)", re.IGNORECASE)
_ONE = re.compile(
    r"\bwhat (?:is|was) (?:the|its|their) (?:\w+ )?(?:average|correlation|mean|median|number|percentage"
    r"|range|share|slope|standard deviation|sum|total|variance)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^\W*(which|what|who|list|name|give|show)\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(percent\w*|shares?|proportions?|fractions?)\b|百分|比例|占比", re.IGNORECASE)
_PERCENT = re.compile(r"\bpercent\w*|%|百分", re.IGNORECASE)
_WHOLE = (1.0, 100.0)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AND = re.compile(r"\bAND\b", re.IGNORECASE)
_PERIOD = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(n for n in NUMBERS if n.isascii())})[- ](?:consecutive |successive )?"
    r"(day|week|month|quarter|year)s?\b",
    re.IGNORECASE,
)
_ROLLING = re.compile(r"\brolling\(\s*(?:window\s*=\s*)?(\d+(?:\s*\*\s*\d+)*)\s*[,)]")
# Where a query counts a part of the rows that it reads.
_PARTLY = re.compile(r"\bCASE\b.*?\bEND\b|\bFILTER\s*\([^()]*\)", re.IGNORECASE | re.DOTALL)


# Columns whose names are words that people use for other things as well.
_COMMON = frozenset(
    (
        *("count", "date", "day", "first", "hour", "id", "last", "minute", "month", "name", "number", "time"),
        *("type", "value", "week", "year"),
        # Words that every sentence may have: the other way round, of all, the same.
        *(
            "a",
            "all",
            "also",
            "and",
            "any",
            "at",
            "both",
            "by",
            "each",
            "else",
            "every",
            "few",
            "for",
            "from",
        ),
        *("in", "is", "it", "least", "less", "many", "more", "most", "much", "next", "no", "none", "not"),
        *("of", "on", "only", "or", "other", "others", "out", "over", "rest", "same", "several", "since"),
        *("so", "some", "such", "than", "that", "the", "then", "there", "these", "this", "those", "to"),
        *("under", "until", "up", "what", "when", "where", "which", "who", "whole", "with", "without"),
    )
)


_RANKED = re.compile(r"\b(spearman|kendall|ranks?|ranked|monoton\w*|tau|rho)\b|秩", re.IGNORECASE)
_SELECT = re.compile(r"\W*(SELECT|WITH)\b", re.IGNORECASE)
_BEST = re.compile(r"\sORDER BY ([^()]+) LIMIT 1\s*$", re.IGNORECASE)


def demand(
    format: Format,
    question: str = "",
    tables: Sequence[Table] = (),
    *,
    qualify: bool = False,
    listed: Callable[[str], Listed | None] = lambda code: None,
    spacing: Callable[[], Set[str]] = frozenset,
) -> Demand:
    """The check for a format and a question; it returns what is wrong, or None.

    Args:
        tables: those in reach; the question is searched for their names and those of their columns.
        qualify: the SQL dialect has QUALIFY.
        listed: the things that a program lists by name, if that can be told.
        spacing: units by which the tables' dates go, such as `month`; asked where it matters.
    """
    if format != "auto":
        own = {"number": _one_number, "chart": _drawable}.get(format)
        return lambda result, _: own(result) if own is not None else None
    checks = [*_shapes(question, qualify, listed), *_windows(question, spacing)]
    checks.append(lambda _, code: _sum_of_keys(code, tables))
    named, values = _named_columns(question, tables), linked_values(question, tables)
    told: set[str] = set()

    def check(result: QueryResult, code: str) -> QueryError | None:
        found = next(filter(None, (shape(result, code) for shape in checks)), None)
        if found is not None:
            return found
        unused = (
            _table_unused(question, tables, code)
            or _column_unused(named, tables, code)
            or value_unused(values, tables, code)
        )
        if unused is None or unused.message in told:
            return None  # a word may mean something else, and a model that insists has a reason
        told.add(unused.message)
        return unused

    return check


def _shapes(question: str, qualify: bool, listed: Callable[[str], Listed | None]) -> Iterator[Demand]:
    if _HOW_MANY.search(question):
        if not _GROUPS.search(question):
            yield lambda result, _: _one_row(result)
    elif _ONE.search(question) and not _GROUPS.search(question):
        yield lambda result, _: _one_value(result)
    elif each := _EACH.search(question):
        yield lambda result, code: _row_for_each(each[1], result, code if qualify else "")
    yield lambda _, code: _ratio_of_one(question, code)
    if not _RANKED.search(question):
        yield lambda _, code: _other_correlation(code)
    if _LISTED.search(question):
        yield lambda result, code: _no_repeats(result, code, listed)
    if _SHARE.search(question):
        yield lambda result, _: _not_all_of_it(result)
        if _PERCENT.search(question):
            yield _as_percent
        if year := _YEAR.search(question):
            yield lambda _, code: _whole_of_period(year[0], code)


def _named_columns(question: str, tables: Sequence[Table]) -> list[str]:
    """Columns that the question spells as they are spelled, such as `tzone`."""
    # One value everywhere: there is nothing to choose by, as where an API has filtered already.
    same = {c.name for table in tables for c in table.columns if c.categories and len(c.categories) == 1}
    names = {column.name for table in tables for column in table.columns} - _COMMON - same
    # A flight is a row of flights, also where a column has that name.
    rows = [words_of(table.name) for table in tables]
    names = {name for name in names if words_of(name) not in rows}
    return sorted(name for name in names if _stands_in(name, question))


def _column_unused(named: Sequence[str], tables: Sequence[Table], code: str) -> QueryError | None:
    for name in named:
        if not _stands_in(name.casefold(), code.casefold()):
            owners = [table.name for table in tables if table.column(name)]
            whole = f"{owners[0]}.{name}" if len(owners) == 1 < len(tables) else name
            message = f"The question names {name}, which was left out."
            return QueryError("column_unused", message, f"Use {whole}.")
    return None


def _table_unused(question: str, tables: Sequence[Table], code: str) -> QueryError | None:
    """A table that the question names; its key in another table will do as well."""
    asked, used = question.casefold(), code.casefold()
    joins = [join for table in tables for join in table.joins]
    groups = [words_of(noun) for noun in _PER.findall(question)]
    for name in (table.name for table in tables):
        keys = [join.column for join in joins if join.other == name]
        named = _stands_in(name.casefold(), asked) or words_of(name) in groups
        if named and not any(_stands_in(word.casefold(), used) for word in (name, *keys)):
            message = f"The question is about {name}, which the answer does not read."
            read = [table.name for table in tables if _stands_in(table.name.casefold(), used)]
            way = joins_to(name, read, tables)
            return QueryError("table_unused", message, f"Read {name}{f': {way}' if way else ''}.")
    return None


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w@]){re.escape(name)}(?!\w)", text) is not None


def _one_row(result: QueryResult) -> QueryError | None:
    return _single(result, "asks how many, and the result lists", "Count or add them up in the query.")


def _one_value(result: QueryResult) -> QueryError | None:
    return _single(result, "asks for one value, and the result has", "Compute that value from them.")


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


def _not_all_of_it(result: QueryResult) -> QueryError | None:
    """A share that is the whole wherever it is computed: its condition filters what it is a share of."""
    frame = result.frame
    for place in range(frame.shape[1]):
        cells = frame.iloc[:, place]
        if cells.dtype.kind == "f" and len(cells) and cells.iloc[0] in _WHOLE and cells.nunique() == 1:
            message = f"Every share is {cells.iloc[0]:g}."
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


def _ratio_of_one(question: str, code: str) -> QueryError | None:
    part = divided_by_itself(code) if _SELECT.match(code) else ""
    if not part:
        return None
    years = list(dict.fromkeys(_YEAR.findall(question)))
    each = " and ".join(years) if len(years) == 2 else "each part"
    return QueryError(
        "ratio_of_one",
        f"{part} is divided by itself.",
        f"Count {each} apart, each by its own condition: SUM(CASE WHEN … THEN 1 ELSE 0 END).",
    )


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


def _whole_of_period(year: str, code: str) -> QueryError | None:
    """A share in one year of the whole of all years; that of the year itself may well be meant."""
    parts = [part for part in _PARTLY.findall(code) if year in part and _AND.search(part)]
    if not parts or year in _PARTLY.sub("", code):
        return None
    message = f"The part is of {year}, and the whole is of all years."
    return QueryError("other_whole", message, f"Move the condition of {year} into WHERE, out of the part.")


def _windows(question: str, spacing: Callable[[], Set[str]]) -> Iterator[Demand]:
    period = _PERIOD.search(question)
    if period is not None:
        number = NUMBERS.get(period[1].casefold(), period[1])
        yield lambda _, code: _window_of_rows(int(number), period[2].lower(), code, spacing)


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

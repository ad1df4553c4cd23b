"""Spellings of pandas that models have learnt and pandas 3 refuses, put right before a program is bound.

Only what can mean one thing. A small model that wrote `resample("M")` writes it again when it is told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from qwen_magics.tools.schema import Table

__all__ = ["modernised"]

# More slips than a short program has room for.
_MOST = 30
_ENDS = {"A": "YE", "Y": "YE", "Q": "QE", "M": "ME", "BM": "BME", "BQ": "BQE", "BA": "BYE", "BY": "BYE"}
_STARTS = {"AS": "YS", "BAS": "BYS"}
_SMALL = {"H": "h", "T": "min", "S": "s", "L": "ms", "U": "us", "N": "ns", "BH": "bh"}
_OFFSETS = {**_ENDS, **_STARTS, **_SMALL, "m": "ME", "q": "QE", "y": "YE", "a": "YE"}
# A period is no end and no start of one.
_PERIODS = {**dict.fromkeys(("ME", "MS", "m"), "M"), **dict.fromkeys(("QE", "QS", "q"), "Q")}
_PERIODS |= {**dict.fromkeys(("YE", "YS", "A", "AS", "y", "a"), "Y"), **_SMALL}
_BY_OFFSET = frozenset(
    {"asfreq", "bdate_range", "ceil", "date_range", "floor", "Grouper", "resample", "shift"}
)
_BY_PERIOD = frozenset({"Period", "PeriodIndex", "period_range", "to_period"})
_FILLED = {"ffill": "ffill", "pad": "ffill", "bfill": "bfill", "backfill": "bfill"}
# What they compute of columns of text is an error; of the others it is what was asked.
_OF_NUMBERS = frozenset({"corr", "cov", "kurt", "mean", "median", "quantile", "sem", "skew", "std", "var"})
_BY_LEVEL = _OF_NUMBERS | {"all", "any", "count", "max", "min", "prod", "sum"}
# Methods whose arguments had no names → the names.
_NAMED = {"drop": ("", "axis"), "pivot": ("index", "columns", "values"), "split": ("", "n")}
_BOTH = {True: '"both"', False: '"neither"'}

Edit = tuple[ast.expr, str]
Segment = Callable[[ast.AST], str]


def modernised(source: str, tables: Sequence[Table] = ()) -> str:
    """`source` as the pandas that is installed spells it; as it was where nothing is certain.

    >>> modernised('result = t["x"].resample("3M").mean()')
    'result = t["x"].resample("3ME").mean()'
    """
    for _ in range(_MOST):
        edit = next(_edits(ast.parse(source), _segments(source), tables), None)
        if edit is None:
            break
        source = _put(source, *edit)
    return source


def _segments(source: str) -> Segment:
    return lambda node: ast.get_source_segment(source, node) or ""


def _edits(tree: ast.Module, said: Segment, tables: Sequence[Table]) -> Iterator[Edit]:
    values = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
    own = {table.name: table for table in tables}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield from _week(node, said)
        elif isinstance(node, ast.Subscript):
            yield from _columns_in_a_row(node, said, own)
        elif isinstance(node, ast.Call):
            yield from _frequency(node)
            if isinstance(node.func, ast.Attribute):
                yield from _call(node, node.func, said)
                yield from _numbers_only(node, node.func, said, own)
                if id(node) in values:
                    yield from _append(node, node.func, said)


def _call(node: ast.Call, method: ast.Attribute, said: Segment) -> Iterator[Edit]:
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    base, name = said(method.value), method.attr
    way = _FILLED.get(str(_text(given.get("method"))))
    if way and name in {"fillna", "interpolate"} and not node.args:
        yield node, f"{base}.{way}({_rest(node, said, 'method')})"
    elif name in _BY_LEVEL and "level" in given and not node.args:
        yield node, f"{base}.groupby(level={said(given['level'])}).{name}({_rest(node, said, 'level')})"
    elif name == "to_datetime" and "infer_datetime_format" in given:
        yield node, f"{base}.to_datetime({_rest(node, said, 'infer_datetime_format')})"
    elif (
        name == "between"
        and isinstance(flag := given.get("inclusive"), ast.Constant)
        and flag.value in (True, False)
    ):
        yield flag, _BOTH[bool(flag.value)]
    elif name == "astype" and len(node.args) == 1 and _text(node.args[0]) == "datetime64":
        yield node.args[0], '"datetime64[ns]"'
    elif name == "sort_values" and len(node.args) == 2 and _is_flag(node.args[1]):
        yield node.args[1], f"ascending={said(node.args[1])}"
    elif name in _NAMED and len(node.args) > 1 and (name != "split" or _is_text_accessor(method)):
        named = zip(_NAMED[name], node.args, strict=False)
        texts = [f"{word}={said(value)}" if word else said(value) for word, value in named]
        if len(node.args) <= len(_NAMED[name]):
            yield node, f"{base}.{name}({', '.join([*texts, *map(said, node.keywords)])})"


def _frequency(node: ast.Call) -> Iterator[Edit]:
    """The aliases of offsets and periods, which parted in pandas 2.2."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    known = _OFFSETS if name in _BY_OFFSET else _PERIODS if name in _BY_PERIOD else {}
    first = node.args[:1] if name in {"asfreq", "ceil", "floor", "resample", "to_period"} else []
    given = [k.value for k in node.keywords if k.arg in {"freq", "rule"}]
    for value in (*first, *given):
        found = re.fullmatch(r"(\d*)([A-Za-z]+)(-[A-Z]{3})?", _text(value) or "")
        if found and found[2] in known:
            yield value, f'"{found[1]}{known[found[2]]}{found[3] or ""}"'


def _append(node: ast.Call, method: ast.Attribute, said: Segment) -> Iterator[Edit]:
    """Tables one below the other; a list's own `append` has no value."""
    if method.attr == "append" and len(node.args) == 1 and not isinstance(node.args[0], ast.Dict):
        other = node.args[0]
        below = [said(item) for item in other.elts] if isinstance(other, ast.List) else [said(other)]
        more = "".join(f", {said(keyword)}" for keyword in node.keywords)
        yield node, f"pd.concat([{', '.join([said(method.value), *below])}]{more})"


def _week(node: ast.Attribute, said: Segment) -> Iterator[Edit]:
    if (
        node.attr in {"week", "weekofyear"}
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "dt"
    ):
        yield node, f"{said(node.value)}.isocalendar().week"


def _columns_in_a_row(node: ast.Subscript, said: Segment, own: dict[str, Table]) -> Iterator[Edit]:
    """`groups["a", "b"]` → `groups[["a", "b"]]`."""
    grouped = isinstance(node.value, ast.Call) and getattr(node.value.func, "attr", "") == "groupby"
    plain = isinstance(node.value, ast.Name) and node.value.id in own
    if isinstance(node.slice, ast.Tuple) and (grouped or plain) and all(map(_text, node.slice.elts)):
        yield node, f"{said(node.value)}[[{', '.join(map(said, node.slice.elts))}]]"


def _numbers_only(
    node: ast.Call, method: ast.Attribute, said: Segment, own: dict[str, Table]
) -> Iterator[Edit]:
    """`table.mean()` of a table with texts; pandas 1 left them out by itself."""
    if method.attr not in _OF_NUMBERS or any(
        k.arg in {"axis", "numeric_only", "level"} for k in node.keywords
    ):
        return
    table, keys = _whole(method.value, own)
    if table is not None and any(c.dtype == "VARCHAR" and c.name not in keys for c in table.columns):
        arguments = [*map(said, node.args), *map(said, node.keywords), "numeric_only=True"]
        yield node, f"{said(method.value)}.{method.attr}({', '.join(arguments)})"


def _whole(node: ast.expr, own: dict[str, Table]) -> tuple[Table | None, set[str]]:
    """The table whose columns `node` has, all of them, and those by which it is grouped."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "groupby":
        assert isinstance(node.func, ast.Attribute)
        keys = {text for key in node.args for part in ast.walk(key) if (text := _text(part))}
        return _whole(node.func.value, own)[0], keys
    if isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Compare, ast.BinOp)):
        return _whole(node.value, own)
    return (own.get(node.id) if isinstance(node, ast.Name) else None), set()


def _is_text_accessor(method: ast.Attribute) -> bool:
    return isinstance(method.value, ast.Attribute) and method.value.attr == "str"


def _is_flag(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _rest(node: ast.Call, said: Segment, without: str) -> str:
    return ", ".join([*map(said, node.args), *(said(k) for k in node.keywords if k.arg != without)])


def _put(source: str, node: ast.expr, text: str) -> str:
    """`source` with `text` where `node` was."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    whole = b"".join(lines)
    return (whole[:start] + text.encode() + whole[end:]).decode()

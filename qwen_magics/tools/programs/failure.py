"""An exception of a program → one line: the kind, the line of the program, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.allowed import ATTRIBUTES
from qwen_magics.tools.schema import closest

__all__ = ["failure"]

_LONGEST = 200
# What pandas and numpy say → what to do about it.
_ADVICE = (
    (r"Can only use \.dt accessor", "Convert it first: pd.to_datetime(…)."),
    (r"Can only use \.str accessor", "Convert it first: .astype(str)."),
    (
        r"agg function failed|Cannot perform reduction|[cC]ould not convert|unsupported operand.*'str'",
        "Choose numeric columns first, or numeric_only=True.",
    ),
    (
        r"unhashable type: 'slice'",
        'Take columns from one to another with .loc[:, "first":"last"] of the table.',
    ),
    (r"truth value of a", "Use & | ~ with brackets around each condition, or .any()."),
    (r"contains duplicate entries", "Use pivot_table with an aggfunc."),
    (r"Must have equal len keys|Columns must be same length", "Assign as many columns as there are values."),
    (r"Only valid with DatetimeIndex", "Call set_index with a date column first, or resample(…, on=…)."),
    (r"No overlapping|No common columns", "Name the keys: left_on=…, right_on=…."),
    (r"trying to merge on", "Give both keys the same type with .astype."),
    (r"Invalid frequency|no longer supported", "Use D, W, MS, ME, QS, QE, YS, YE or h."),
    (r"[nN]ot enough|at least one array|empty", "Check that the filters leave rows."),
    (r"NaN|nan|inf", "Drop rows without a value first: .dropna()."),
)


def failure(error: BaseException, source: str, scope: Mapping[str, Any], file: str) -> QueryError:
    """The error with a computed hint.

    Args:
        scope: the program's variables at that moment; their columns are what could have been meant.
        file: the name under which the program was compiled.
    """
    where = _line(error, source, file)
    if isinstance(error, MemoryError):
        hint = "Filter or aggregate earlier, and check the keys of merges."
        return QueryError("memory", f"The program ran out of memory{where}.", hint)
    if isinstance(error, RecursionError):
        return QueryError("too_deep", f"The program calls itself without end{where}.", "Use whole columns.")
    if isinstance(error, PermissionError):
        return QueryError("not_allowed", f"{error}{where}.", "Use the tables of the question only.")
    if isinstance(error, KeyError):
        return _key_error(error, where, scope)
    return _told(error, where, scope)


def _line(error: BaseException, source: str, file: str) -> str:
    """` in line 3: …`, the deepest line of the program itself."""
    number, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            number = step.tb_lineno
        step = step.tb_next
    lines = source.splitlines()
    return f" in line {number}: {lines[number - 1].strip()[:100]}" if 0 < number <= len(lines) else ""


def _key_error(error: KeyError, where: str, scope: Mapping[str, Any]) -> QueryError:
    key = error.args[0] if error.args else ""
    # pandas names several at once: "['a', 'b'] not in index".
    missing = re.findall(r"'([^']+)'", key) if isinstance(key, str) and " in" in key else [key]
    name = str(missing[0]) if missing else str(key)
    if owners := _owners(name, scope):
        return QueryError(
            "unknown_column", f"There is no {name[:60]!r}{where}.", _elsewhere(name, where, owners)
        )
    near = closest(name, _columns(scope))
    hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(_columns(scope)[:12])}."
    return QueryError("unknown_column", f"There is no {name[:60]!r}{where}.", hint)


def _elsewhere(name: str, where: str, owners: Sequence[str]) -> str:
    """What to write where a table has the name, but not what it is looked up in."""
    if re.search(rf"groupby\([^)]*['\"]{re.escape(name)}['\"]", where):
        # Not `.groupby(table[name])`: what is grouped may have other rows than the table.
        table = owners[0]
        return f'Make it a column first, {table}["value"] = …, then {table}.groupby("{name}")["value"].'
    if "merge(" in where:
        return f"Both tables of a merge need the key; {name!r} is in {', '.join(owners[:3])}."
    return f"{owners[0]} has {name!r}; what it is taken from has not."


def _told(error: BaseException, where: str, scope: Mapping[str, Any]) -> QueryError:
    text = " ".join(str(error).split())[:_LONGEST] or "failed"
    advice = next((hint for pattern, hint in _ADVICE if re.search(pattern, text)), "")
    absent = re.search(r"has no attribute '(\w+)'", text)
    if absent and not advice:
        # What a number lacks a table may well have: the same name is no advice.
        known = [other for other in (*_columns(scope), *ATTRIBUTES) if other != absent[1]]
        near = closest(absent[1], known, cutoff=0.7) if absent[1] not in ATTRIBUTES else []
        advice = f"Did you mean {near[0]}?" if near else ""
    return QueryError("failed", f"{type(error).__name__}: {text}{where}.", advice)


def _owners(name: str, scope: Mapping[str, Any]) -> list[str]:
    """The tables that have a column of that name."""
    import pandas as pd

    return [key for key, held in scope.items() if isinstance(held, pd.DataFrame) and name in held.columns]


def _columns(scope: Mapping[str, Any]) -> list[str]:
    import pandas as pd

    tables = [value for value in scope.values() if isinstance(value, pd.DataFrame)]
    return list(dict.fromkeys(str(label) for table in tables for label in table.columns))

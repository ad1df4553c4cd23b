"""What a tool call or an approval holds, ready to be drawn: frame diffs, HTTP exchanges, decisions.

Knows neither HTML nor Markdown. What is missing or of another type than the schema says is passed over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qwen_magics.trace.escape import one_line
from qwen_magics.trace.sql_layout import lay_out
from qwen_magics.trace.table import Cell, Column, TableView, count, shape

__all__ = [
    "Decision",
    "Exchange",
    "FrameChange",
    "decision",
    "doubtful_tokens",
    "exchanges",
    "frame_changes",
    "json_text",
    "laid_out",
    "language_of",
    "program_of",
    "size",
]

_MOST_COLUMNS = 40
_MOST_EXCHANGES = 50
_ABSENT = Cell("–")
_HALF = math.log(0.5)
_DECIDED_BY = {"user": "by the user", "policy": "by a policy", "nobody": "since there was nobody to ask"}


@dataclass(frozen=True, slots=True)
class FrameChange:
    """A frame before and after a program.

    Attributes:
        headline: such as `orders: 4 → 2 rows, 5 → 6 columns`.
        table: the columns that changed; None if none did.
    """

    headline: str
    table: TableView | None = None

    @property
    def short(self) -> str:
        """Its name and the first thing that is said of it."""
        return self.headline.split(", ")[0]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request with its reply.

    Attributes:
        line: such as `GET https://shop.example/orders → 200 · 1.2 kB · 34 ms`.
        failed: no reply came, or one of 400 and above.
        request, response: the bodies, as far as they were kept.
    """

    line: str
    failed: bool
    request: str
    response: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was asked before a call, and what was decided.

    Attributes:
        line: such as `denied since there was nobody to ask`; empty while it is open.
        shown: exactly what the user was shown.
        edited: the arguments as the user changed them, as JSON; empty if they were not.
    """

    line: str
    shown: str
    edited: str


def program_of(data: Mapping[str, Any]) -> str:
    """The SQL or the program of a step; empty without one."""
    program = data.get("sql") or data.get("code")
    return program if isinstance(program, str) else ""


def language_of(data: Mapping[str, Any]) -> str:
    """The language of `program_of(data)`, such as `sql` or `python`."""
    return "sql" if data.get("sql") else one_line(data.get("language") or "python", 20)


def laid_out(data: Mapping[str, Any]) -> str:
    """The program of a step, SQL laid out in lines."""
    program = program_of(data)
    return lay_out(program) if data.get("sql") else program


def json_text(value: object) -> str:
    """JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def doubtful_tokens(data: Mapping[str, Any]) -> list[str]:
    """The tokens of a completion that the model itself gave less than one half, in backticks."""
    tokens = data.get("tokens")
    found = []
    for token in tokens if isinstance(tokens, (list, tuple)) else ():
        if isinstance(token, (list, tuple)) and len(token) > 1 and isinstance(token[1], (int, float)):
            found += [f"`{one_line(token[0], 20)}`"] if token[1] < _HALF and str(token[0]).strip() else []
    return found


def size(number: object) -> str:
    """A count of bytes with two or three digits; empty if it is none.

    >>> size(812), size(1_234_567)
    ('812 B', '1.2 MB')
    """
    if not isinstance(number, (int, float)) or isinstance(number, bool) or number < 0:
        return ""
    value, unit = float(number), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"


def frame_changes(data: Mapping[str, Any]) -> list[FrameChange]:
    """The frames that a program made, changed, or left as they were."""
    return [_frame_change(change) for change in _mappings(data.get("frame_diff"))]


def exchanges(data: Mapping[str, Any]) -> list[Exchange]:
    """The HTTP exchanges of a call, in order."""
    http = data.get("http")
    given = [http] if isinstance(http, Mapping) else http
    return [_exchange(one) for one in list(_mappings(given))[:_MOST_EXCHANGES]]


def decision(data: Mapping[str, Any]) -> Decision:
    """What an `approval` span holds."""
    decided = str(data.get("decision") or data.get("approval") or "")
    by = _DECIDED_BY.get(str(data.get("by")), "")
    reason = str(data.get("reason") or "")
    line = " ".join(part for part in (decided, by) if part)
    shown = data.get("preview")
    if not isinstance(shown, str) or not shown:
        shown = json_text(data["arguments"]) if data.get("arguments") else ""
    edited = data.get("edited")
    return Decision(
        line=one_line(": ".join(part for part in (line, reason) if part), 200),
        shown=shown,
        edited=json_text(edited) if isinstance(edited, Mapping) and edited else "",
    )


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, (list, tuple)):
        yield from (item for item in value if isinstance(item, Mapping))


def _frame_change(change: Mapping[str, Any]) -> FrameChange:
    name = one_line(change.get("name") or "?", 60)
    before, after = _side(change.get("before")), _side(change.get("after"))
    if before is None:
        return FrameChange(f"{name}: new, {_shape(after or {})}")
    if after is None:
        return FrameChange(f"{name}: gone, it had {_shape(before)}")
    rows = _changed_columns(_columns(before), _columns(after))
    if not rows and before.get("rows") == after.get("rows"):
        return FrameChange(f"{name}: unchanged, {_shape(after)}")
    same = _total(after) - sum(row[0].text != "−" for row in rows)
    parts = [
        _arrow(before.get("rows"), after.get("rows"), "row"),
        _arrow(_total(before), _total(after), "column"),
        f"{count(same, 'column')} unchanged" if rows and same > 0 else "",
    ]
    table = TableView(_HEAD, tuple(rows[:_MOST_COLUMNS]), len(rows), len(_HEAD)) if rows else None
    return FrameChange(f"{name}: " + ", ".join(part for part in parts if part), table)


def _side(value: object) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None


_HEAD = (Column("", False), Column("column", False), Column("type", False), Column("missing", False))


def _changed_columns(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> list[tuple[Cell, ...]]:
    rows = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        mark = "+" if old is None else "−" if new is None else "≠"
        if old is not None and new is not None and all(old.get(k) == new.get(k) for k in ("dtype", "nulls")):
            continue
        sides = [_change((old or {}).get(key), (new or {}).get(key), mark) for key in ("dtype", "nulls")]
        rows.append((Cell(mark), Cell(one_line(name, 60)), *sides))
    return rows


def _change(old: object, new: object, mark: str) -> Cell:
    if mark != "≠":
        shown = new if mark == "+" else old
        return _ABSENT if shown is None else Cell(one_line(shown, 40))
    old_text, new_text = ("–" if value is None else one_line(value, 40) for value in (old, new))
    return Cell(old_text if old_text == new_text else f"{old_text} → {new_text}")


def _columns(frame: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(column.get("name")): column for column in _mappings(frame.get("columns"))}


def _total(frame: Mapping[str, Any]) -> int:
    total = frame.get("total_columns")
    return total if isinstance(total, int) else len(_columns(frame))


def _shape(frame: Mapping[str, Any]) -> str:
    return shape(frame.get("rows"), _total(frame))


def _arrow(old: object, new: object, noun: str) -> str:
    if not isinstance(old, int) or not isinstance(new, int):
        return ""
    return count(new, noun) if old == new else f"{old:,} → {count(new, noun)}"


def _exchange(one: Mapping[str, Any]) -> Exchange:
    status = one.get("status")
    error = one_line(one.get("error") or "", 120)
    seconds = one.get("seconds")
    sent = size(one.get("request_bytes")) if one.get("request_bytes") else ""
    facts = [
        f"{one_line(one.get('method') or '?', 10)} {one_line(one.get('url') or '?', 300)} → "
        + (str(status) if isinstance(status, int) else error or "no reply"),
        f"{sent} sent" if sent else "",
        size(one.get("response_bytes")),
        one_line(one.get("content_type") or "", 60),
        f"{seconds * 1000:,.0f} ms" if isinstance(seconds, (int, float)) else "",
        error if isinstance(status, int) else "",
    ]
    return Exchange(
        line=" · ".join(fact for fact in facts if fact),
        failed=not isinstance(status, int) or status >= 400,
        request=_body(one.get("request_body")),
        response=_body(one.get("response_body")),
    )


def _body(value: object) -> str:
    return "" if value in (None, "") else value if isinstance(value, str) else json_text(value)

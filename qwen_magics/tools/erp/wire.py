"""Tryton's JSON: plain JSON in which dates, times and decimals are objects with a `__class__`.

Source of the form: `trytond/protocols/jsonrpc.py` of Tryton 8.2. Knows no network.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from qwen_magics.errors import ToolError
from qwen_magics.tools.json_schema import one_line

__all__ = ["decoded", "encoded", "result_of"]

_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_LONGEST_MESSAGE = 300


def encoded(method: str, params: Sequence[Any], *, indent: int | None = None) -> str:
    """The body of a request.

    >>> encoded("model.ir.date.today", [{}])
    '{"id": 1, "method": "model.ir.date.today", "params": [{}]}'
    """
    body = {"id": 1, "method": method, "params": list(params)}
    return json.dumps(body, ensure_ascii=False, indent=indent, default=_plain)


def decoded(value: Any) -> Any:
    """A value of a reply with its dates and decimals as Python's."""
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    make = _CLASSES.get(str(value.get("__class__")))
    return make(value) if make else {name: decoded(item) for name, item in value.items()}


def result_of(reply: Any, method: str) -> Any:
    """The result in a reply.

    Raises:
        ToolError: `failed` with what Tryton said, `broken_reply` if this is no answer of Tryton's.
    """
    if not isinstance(reply, Mapping) or not ("result" in reply or "error" in reply):
        msg = "The server does not answer as Tryton does."
        raise ToolError("broken_reply", msg, "Write its address as tryton+http://HOST:PORT/DATABASE.")
    if "error" not in reply:
        return decoded(reply["result"])
    raise _failure(reply["error"], method)


def _failure(error: Any, method: str) -> ToolError:
    # ["UserError", [message, description, domain]] where the ERP says no; else [text, traceback].
    kind, said = (error[0], error[1]) if isinstance(error, list) and len(error) > 1 else ("", str(error))
    if kind in ("UserError", "UserWarning") and isinstance(said, list):
        text = " ".join(str(part) for part in said[:2] if isinstance(part, str)).strip()
        hint = "Ask Tryton's administrator for that access." if "not allowed" in text else ""
        return ToolError("failed", f"Tryton refused {method}: {one_line(text, _LONGEST_MESSAGE)}", hint)
    text = one_line(str(kind), _LONGEST_MESSAGE).strip("'\" ")
    msg = f"Tryton failed in {method}{f': {text}' if text else ''}."
    return ToolError("failed", msg, "Tryton's log says more; version 8.2 is what this was tested with.")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, dt.datetime):
        return {"__class__": "datetime", **{part: getattr(value, part) for part in _PARTS}}
    if isinstance(value, dt.date):
        return {"__class__": "date", **{part: getattr(value, part) for part in _PARTS[:3]}}
    msg = f"{type(value).__name__} has no form in Tryton's JSON"
    raise TypeError(msg)


_CLASSES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "Decimal": lambda value: Decimal(value["decimal"]),
    "date": lambda value: dt.date(*(value[part] for part in _PARTS[:3])),
    "datetime": lambda value: dt.datetime(*(value[part] for part in _PARTS)),
    "time": lambda value: dt.time(*(value[part] for part in _PARTS[3:])),
    "timedelta": lambda value: dt.timedelta(seconds=value["seconds"]),
}

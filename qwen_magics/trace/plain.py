"""Any Python value to a plain JSON value: finite, bounded, valid Unicode, without secrets."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Set
from numbers import Integral, Real
from typing import Any

from qwen_magics.trace.limits import DEFAULT_LIMITS, Limits, cut_middle, cut_text
from qwen_magics.trace.redact import MARK, is_secret_name, redact

__all__ = ["Plain"]

# JavaScript reads larger integers as another number.
_SAFE_INTEGER = 2**53 - 1
# Longer than any secret that the patterns know.
_REACH = 25_000


class Plain:
    """Makes values plain and counts what it took out.

    Attributes:
        redactions: secrets replaced so far.
        cuts: values shortened so far.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.redactions = 0
        self.cuts = 0
        self._nodes = 0

    def text(self, value: object, *, line: bool = False) -> str:
        """A text field; with `line` a short one."""
        text = value if isinstance(value, str) else str(value)
        return self._short(text, self.limits.line) if line else self._cut(text, self.limits.text, cut_middle)

    def fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A span's data, the model, the parameters: strings directly in it may be long, those below not."""
        return {self.text(key, line=True): self._field(key, value) for key, value in values.items()}

    def _field(self, key: object, value: object) -> Any:
        self._nodes = 0
        if isinstance(value, str):
            return self._secret() if is_secret_name(str(key)) and value else self.text(value)
        return self._value(value, self.limits.depth)

    def _value(self, value: object, depth: int) -> Any:
        self._nodes += 1
        scalar = _scalar(value)
        if scalar is not _NOT_SCALAR:
            return scalar
        if isinstance(value, (Mapping, list, tuple, Set)):
            if depth == 0 or self._nodes > self.limits.nodes:
                self.cuts += 1
                return "… [cut: nested too deeply or too large]"
            return (
                self._mapping(value, depth) if isinstance(value, Mapping) else self._list(list(value), depth)
            )
        return self._short(value if isinstance(value, str) else _described(value), self.limits.cell)

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, item in list(value.items())[: self.limits.items]:
            name = self.text(key, line=True)
            secret = isinstance(item, str) and item and is_secret_name(name)
            # Programs are as long as a text, wherever they stand.
            long = isinstance(item, str) and name in ("sql", "code", "prompt")
            result[name] = (
                self._secret() if secret else self.text(item) if long else self._value(item, depth - 1)
            )
        if len(value) > self.limits.items:
            self.cuts += 1
            result["…"] = f"[{len(value) - self.limits.items:,} more entries cut]"
        return result

    def _list(self, value: list[Any], depth: int) -> list[Any]:
        result = [self._value(item, depth - 1) for item in value[: self.limits.items]]
        if len(value) > self.limits.items:
            self.cuts += 1
            # A table's row stays a row, so that readers of tables need no special case.
            if not isinstance(value[0], (list, tuple, Mapping)):
                result.append(f"… [{len(value) - self.limits.items:,} more items cut]")
        return result

    def _short(self, text: str, most: int) -> str:
        """The beginning of a text; of a very long one no more is searched than could reach into it."""
        head = _valid(text[: most + _REACH])
        if len(text) <= most + _REACH or redact(head)[1]:
            return self._cut(text, most, cut_text)
        self.cuts += 1
        return f"{head[:most]}… [{len(text) - most:,} characters cut]"

    def _cut(self, text: str, most: int, cut: Callable[[str, int], str]) -> str:
        kept, count = redact(_valid(text))
        shorter = cut(kept, most)
        self.redactions += count
        self.cuts += shorter != kept
        return shorter

    def _secret(self) -> str:
        self.redactions += 1
        return MARK


def _valid(text: str) -> str:
    # Half a surrogate pair is not valid Unicode: no JSON file could be written with it.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_NOT_SCALAR: Any = object()


def _scalar(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        number = int(value)
        return number if abs(number) <= _SAFE_INTEGER else str(number)
    if isinstance(value, Real) and not hasattr(value, "denominator"):
        return _real(float(value))
    if isinstance(value, (datetime.date, datetime.time)):
        return _timestamp(value)
    # By name: this layer imports neither numpy nor pandas.
    kind = type(value).__name__
    if kind in ("NAType", "NaTType"):
        return None
    return (
        bool(value)
        if kind == "bool_" or (kind == "bool" and type(value).__module__ == "numpy")
        else _NOT_SCALAR
    )


def _real(number: float) -> Any:
    if math.isnan(number):
        return None  # a missing value, as in the tables this is about
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return number


def _timestamp(value: datetime.date | datetime.time) -> str | None:
    # pandas' NaT is a datetime that equals nothing, not even itself.
    return value.isoformat() if value == value else None


def _described(value: object) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(value):,} bytes]"
    return str(value)

"""The strongest of several correlations, taken as the one that is nearest to nothing: `abs().idxmin()`."""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError

__all__ = ["strongest"]

_CORRELATED = re.compile(r"\bcorrelat\w*|\bassociat\w*|\brelationship\b|\blink(?:ed)?\b", re.IGNORECASE)
_STRONGEST = re.compile(
    r"\b(?:strongest|strongly|highest|largest|greatest|closest|closely|most|best)\b", re.I
)
_WEAKEST = re.compile(r"\b(?:weak\w*|least|lowest|smallest|no correlation|uncorrelated|negativ\w*)\b", re.I)
# `.corr(…)…abs().idxmin()`, or sorted from the smallest on with the first one taken.
_NEAREST_NOTHING = re.compile(
    r"(?P<before>\.(?:corr|corrwith)\([^\n]*\.abs\(\)(?:\.drop\([^()\n]*\))?)"
    r"(?:(?P<end>\.idxmin\(\))|(?P<few>\.nsmallest\()|(?P<sorted>\.sort_values\(\))(?=\.(?:head|index\[0\])))"
)


def strongest(question: str) -> Callable[[str], QueryError | None]:
    """A check of programs for one question; it speaks once."""
    if not (_CORRELATED.search(question) and _STRONGEST.search(question)) or _WEAKEST.search(question):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        found = _NEAREST_NOTHING.search(code)
        if found is None:
            return None
        message = f"{(found['end'] or found['few'] or found['sorted'])[1:]} takes the weakest correlation."
        return QueryError("weakest_for_strongest", message, f"Write: {_NEAREST_NOTHING.sub(_right, code)}")

    return check


def _right(found: re.Match[str]) -> str:
    if found["end"]:
        return f"{found['before']}.idxmax()"
    return found["before"] + (".nlargest(" if found["few"] else ".sort_values(ascending=False)")

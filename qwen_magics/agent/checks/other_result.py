"""A result that is another than that of the query of the question's kind, which was shown before it.

A small model copies such a query and changes a piece of it: an order, a table less, a condition more. Only of
kinds whose queries say all that their questions say; told once, so that a model that means it may insist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import permutations
from numbers import Real
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.whole.again import again
from qwen_magics.agent.examples.whole.chain_figures import chained
from qwen_magics.agent.examples.whole.further_stages import further_stages
from qwen_magics.agent.examples.whole.placed import placed
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import Dialect

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["gives", "other_result"]

_KINDS = (further_stages, chained, spelled_out, again, placed)
_DIGITS = 6
# Of wider results it is not asked which column is which.
_MOST_COLUMNS = 5


def other_result(
    question: str, tables: Sequence[Table], dialect: Dialect, run: Callable[[str], QueryResult] | None
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question.

    Args:
        run: the rows of a query; None: nothing is said.
    """
    found = (kind(question, tables, dialect) for kind in _KINDS) if question and run is not None else ()
    whole = next((one for one in found if one is not None), None)
    told = whole is None

    def check(result: QueryResult, code: str) -> QueryError | None:
        nonlocal told
        if told or whole is None or run is None:
            return None
        told = True
        try:
            meant = run(whole.query).frame
        except QueryError:
            return None
        if meant.empty or gives(result.frame, meant):
            return None
        hint = f"Write: {whole.query}"
        return QueryError("other_result", f"Asked for is: {whole.told}.", hint, query=whole.query)

    return check


def gives(frame: pd.DataFrame, meant: pd.DataFrame) -> bool:
    """Whether a result has the rows of the other one, in any order, perhaps with more columns."""
    if len(frame) != len(meant):
        return False
    width = meant.shape[1]
    if frame.shape[1] > _MOST_COLUMNS:
        return True
    if width > frame.shape[1]:
        return False
    wanted = Counter(_rows(meant, range(width)))
    return any(Counter(_rows(frame, order)) == wanted for order in permutations(range(frame.shape[1]), width))


def _rows(frame: pd.DataFrame, order: Sequence[int]) -> list[tuple[object, ...]]:
    return list(zip(*(map(_plain, frame.iloc[:, at].tolist()) for at in order), strict=True))


def _plain(cell: object) -> object:
    return f"{float(cell):.{_DIGITS}g}" if isinstance(cell, Real) else str(cell)

"""The whole program of a question that can be told over its table, for a program that does not run.

An error names the line that failed, and a small model changes that word and no other: it looks for a column
`year` where the years of a date are meant. Where the program is known, the error says it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from qwen_magics.agent.examples.layouts.beside import beside
from qwen_magics.agent.examples.layouts.cross_programs import cross_program
from qwen_magics.agent.examples.layouts.crosswise import crosswise
from qwen_magics.agent.examples.layouts.laid_wide import wide_program
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qwen_magics.tools.programs.tool import ProgramResult, ProgramTool
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["ToldTool", "told_program"]

_T = TypeVar("_T")
# What a program is refused for, or how long it takes, no other program mends by its words.
_OTHERS = frozenset({"timeout", "memory", "crashed", "unending"})


def told_program(question: str, table: Table) -> str:
    """The program of a table that is laid out anew; empty where a part of it is unclear."""
    if program := wide_program(question, table):
        return program
    found = beside(question, table)
    if found is not None:
        return found.program
    crossed = crosswise(question, [table])
    return "" if crossed is None else cross_program(crossed)


@dataclass(frozen=True)
class ToldTool:
    """A tool for programs whose errors say what to write instead.

    Attributes:
        program: the whole of it; empty: errors stay as they are.
    """

    tool: ProgramTool
    program: str

    def check(self, source: str, /) -> str:
        """See `ProgramTool.check`."""
        return self._told(lambda: self.tool.check(source), source)

    def run(self, source: str, /, *, timeout_s: float = 60, max_rows: int | None = None) -> ProgramResult:
        """See `ProgramTool.run`."""
        return self._told(lambda: self.tool.run(source, timeout_s=timeout_s, max_rows=max_rows), source)

    def review(self, source: str, result: QueryResult, /) -> Sequence[QueryError]:
        """See `ProgramTool.review`."""
        return self.tool.review(source, result)

    def _told(self, step: Callable[[], _T], source: str) -> _T:
        try:
            return step()
        except QueryError as error:
            if not self.program or error.kind in _OTHERS or source.strip() == self.program:
                raise
            raise QueryError(error.kind, error.message, f"Write: {self.program}") from error

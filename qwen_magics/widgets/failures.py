"""The last cell of the notebook that failed, kept for `%qwen fix`."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

if TYPE_CHECKING:
    from qwen_magics.agent.fixing import FailedCell

__all__ = ["LastFailure"]

# Its own failures are no work for it: their message already says what to do.
_OWN = re.compile(r"\s*(\w+\s*=\s*)?%%?qwen\b")


class LastFailure:
    """Listens to the shell; holds one cell at most, and lets go of it when the cell succeeds."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._found: tuple[str, BaseException] | None = None
        shell.events.register("post_run_cell", self._note)

    def unregister(self) -> None:
        """Stop listening."""
        self._shell.events.unregister("post_run_cell", self._note)
        self._found = None

    def get(self) -> FailedCell:
        """The cell with its error.

        Raises:
            UsageError: no cell has failed.
        """
        from qwen_magics.agent.fixing import FailedCell

        if self._found is None:
            msg = "No cell has failed in this session. Run one that does, then %qwen fix."
            raise UsageError(msg)
        source, error = self._found
        message = " ".join(str(error).split())
        return FailedCell(source, type(error).__name__, message, _line(source, error))

    def _note(self, result: Any) -> None:
        source = getattr(result.info, "raw_cell", None) if result is not None else None
        if not isinstance(source, str) or _OWN.match(source):
            return
        error = result.error_in_exec or result.error_before_exec
        if isinstance(error, Exception) and not isinstance(error, UsageError):
            self._found = (source, error)
        elif error is None and self._found is not None and self._found[0] == source:
            self._found = None


def _line(source: str, error: BaseException) -> str:
    """The line of the cell in which it went wrong; empty if that was elsewhere."""
    if isinstance(error, SyntaxError):
        return (error.text or "").strip()
    own = {line.strip() for line in source.splitlines() if line.strip()}
    steps = traceback.extract_tb(error.__traceback__)
    return next((step.line for step in reversed(steps) if step.line and step.line.strip() in own), "")

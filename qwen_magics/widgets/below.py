"""Cells that a question puts below itself.

A kernel can add a cell to a notebook, and neither see nor remove one. So the same cell is not added twice,
unless the front end says that cells were deleted meanwhile. It does not say which of them had been generated:
where that one is still there, the JupyterLab extension takes the second away.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from qwen_magics.widgets.live import cell_id, request_metadata

__all__ = ["CellsBelow"]


class CellsBelow:
    """Listens to the shell; remembers the last cell that each cell of the notebook put below itself."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._placed: dict[str, str] = {}
        shell.events.register("pre_run_cell", self._forget_deleted)

    def unregister(self) -> None:
        """Stop listening."""
        self._shell.events.unregister("pre_run_cell", self._forget_deleted)

    def put(self, cell: str) -> None:
        """Put a cell below the one that runs now, unless that has put the very same there before."""
        asking = cell_id(self._shell)
        if not cell or (asking and self._placed.get(asking) == cell):
            return
        self._placed[asking] = cell
        self._shell.set_next_input(cell, replace=False)

    def _forget_deleted(self, _info: object) -> None:
        if request_metadata(self._shell).get("deletedCells"):
            self._placed.clear()

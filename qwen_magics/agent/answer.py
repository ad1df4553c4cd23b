"""The typed answer of a run. Its numbers are those of an executed result, never the model's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from qwen_magics.tools.charts.chart import Chart
    from qwen_magics.trace import Trace

__all__ = ["Answer", "Kind", "Status"]

Kind = Literal["number", "text", "table", "chart", "json", "sql", "python"]

Status = Literal["answered", "ambiguous", "unanswerable"]


@dataclass(frozen=True)
class Answer:
    """What `ask()` returns and a `%qwen` cell shows.

    Attributes:
        text: one sentence or line; its numbers come from `value`.
        value: a number, a text, or a pandas DataFrame with the whole result; of a chart, what it draws; of
            JSON, dictionaries, lists and plain values.
        kind: which of them.
        code: the program that made `value`, empty for an answer in words.
        chart: what was drawn; it shows itself as the last line of a cell.
        cell: a program as a cell to be put below the question, for `--format python`.
        status: `answered`; `ambiguous`, the text asks back; or `unanswerable`, the data has nothing about it.
        readings: of an ambiguous question, how it could be asked instead.
        trace: the record of the run; None with `--no-trace`.
    """

    text: str
    value: Any
    kind: Kind
    code: str = ""
    chart: Chart | None = field(default=None, repr=False)
    cell: str = field(default="", repr=False)
    status: Status = "answered"
    readings: tuple[str, ...] = ()
    trace: Trace | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The trace's four views, or the bare text where no trace was kept."""
        if self.trace is None:
            return {"text/plain": self.text}
        from qwen_magics.trace import mime_bundle

        return mime_bundle(self.trace)

"""A finished chart: its specification, and the pictures that a notebook keeps of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qwen_magics.tools.charts.choice import ChartChoice

__all__ = ["MIME", "Chart"]

MIME = "application/vnd.vegalite.v5+json"
_SCALE = 2.0  # sharp on screens with small pixels


@dataclass(frozen=True)
class Chart:
    """What is drawn below an answer; in a notebook, `answer.chart` shows itself.

    Attributes:
        choice: mark and columns.
        spec: the Vega-Lite specification with its data.
        note: what is not all there, such as rows left out; empty if nothing is.
    """

    choice: ChartChoice
    spec: dict[str, Any] = field(repr=False)
    note: str = ""

    @cached_property
    def png(self) -> bytes | None:
        """The picture, or None without the extra `charts`. Drawn here, without browser or network."""
        try:
            import vl_convert
        except ImportError:
            return None
        version = next(v for v in reversed(vl_convert.get_vegalite_versions()) if v.startswith("5."))
        data: bytes = vl_convert.vegalite_to_png(
            self.spec, vl_version=version, scale=_SCALE, allowed_base_urls=[], show_warnings=False
        )
        return data

    @property
    def words(self) -> str:
        """What is drawn, in one line."""
        y = self.choice.y or "number of rows"
        over = f"{self.choice.mark} chart of {self.choice.x}"
        line = (
            over if self.choice.mark == "histogram" else f"{self.choice.mark} chart of {y} by {self.choice.x}"
        )
        series = f", one series per {self.choice.color}" if self.choice.color else ""
        return f"{line}{series}{f' ({self.note})' if self.note else ''}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """JupyterLab draws the specification; everything else shows the picture or the line."""
        bundle: dict[str, Any] = {MIME: self.spec, "text/plain": self.words}
        if self.png is not None:
            bundle["image/png"] = base64.b64encode(self.png).decode()
        return bundle

"""What making a model ready would take, for telling before doing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qwen_magics.model.disk import readable

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What `Store.pull` would do.

    Attributes:
        licence: empty for a file that is not in the catalogue.
        sources: where from, in the order to try; a path for a local file.
        download_bytes: what is still to fetch; 0 if it is here.
        build_bytes: estimated size of the result.
        target: the model directory.
        ready: there is nothing to do.
    """

    name: str
    licence: str
    sources: tuple[str, ...]
    download_bytes: int
    build_bytes: int
    target: Path
    ready: bool

    def describe(self) -> str:
        """One line for people."""
        if self.ready:
            return f"{self.name} is on this machine: {self.target}"
        build = f"build {readable(self.build_bytes)} in {self.target}"
        if not self.download_bytes:
            return f"{self.name} is here and not built yet: {build}."
        others = f" (or else {', '.join(self.sources[1:])})" if len(self.sources) > 1 else ""
        return (
            f"{self.name} ({self.licence}) is not on this machine yet: fetch {readable(self.download_bytes)} "
            f"from {self.sources[0]}{others}, then {build}."
        )

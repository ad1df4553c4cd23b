"""A file that is not whole yet: it grows at its end, is hashed meanwhile, and gets its name when it is right.

What is on the disk is always a beginning of the file, whichever source wrote it. So a download that broke off
goes on where it stopped, from the same source or from another.
"""

from __future__ import annotations

import hashlib
import os
from io import FileIO
from pathlib import Path
from types import TracebackType

from qwen_magics.errors import DigestError, DiskSpaceError
from qwen_magics.model.disk import free_bytes, is_full, readable
from qwen_magics.model.progress import Reporter

__all__ = ["PartialFile", "sha256_of"]

_CHUNK = 4 << 20


def sha256_of(path: Path, report: Reporter) -> str:
    """SHA-256 of a file as hex, with progress."""
    digest = hashlib.sha256()
    _feed(digest, path, report)
    return digest.hexdigest()


class PartialFile:
    """The beginning of a file with known size and digest, opened for going on with it (a context manager).

    Attributes:
        path: where the beginning lies; it stays there when a download breaks off.
        done: bytes that are there.
        resumed: whether some of them were there before.
    """

    def __init__(self, target: Path, sha256: str, size: int, report: Reporter) -> None:
        self.target, self.sha256, self.size = target, sha256, size
        self.path = target.with_name(f"{target.name}.{sha256[:12]}.part")
        self.done = 0
        self.resumed = False
        self._report = report
        self._digest = hashlib.sha256()
        self._file: FileIO | None = None

    def __enter__(self) -> PartialFile:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("ab", buffering=0)  # `done` is what is on the disk, not in a buffer
        self.keep(self._file.tell())
        self.resumed = self.done > 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if self.done == 0:
            self.path.unlink(missing_ok=True)

    def keep(self, length: int) -> None:
        """Keep the first `length` bytes only, and hash them again if that changes anything."""
        length = length if length <= self.size else 0
        if self._opened.tell() != length:
            self._opened.truncate(length)
        if length == self.done:
            return
        self._digest = hashlib.sha256()
        _feed(self._digest, self.path, self._report)
        self.done = length

    def write(self, chunk: bytes) -> None:
        """Append.

        Raises:
            DigestError: that is more than the file has. All of it is deleted.
            DiskSpaceError: the disk is full. All of it is deleted: else no notebook could be saved.
        """
        if self.done + len(chunk) > self.size:
            self.discard()
            msg = f"it sent more than the {self.size:,} bytes that the file has; they were deleted"
            raise DigestError(msg)
        rest = memoryview(chunk)
        while rest:
            try:
                written = self._opened.write(rest)
            except OSError as exc:
                if not is_full(exc):
                    raise
                raise self._full(exc) from exc
            self._digest.update(rest[:written])
            self.done += written
            rest = rest[written:]

    def finish(self) -> None:
        """Check size and digest, and give the file its name.

        Raises:
            DigestError: these are not the bytes that were asked for; they are deleted.
        """
        os.fsync(self._opened.fileno())
        found = self._digest.hexdigest()
        if self.done != self.size or found != self.sha256:
            self.discard()
            msg = (
                f"it sent {self.done:,} bytes with SHA-256 {found[:12]}… instead of {self.size:,} bytes "
                f"with {self.sha256[:12]}…; they were deleted"
            )
            raise DigestError(msg)
        self._close()
        self.path.replace(self.target)

    def discard(self) -> None:
        """Delete what is there."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def _opened(self) -> FileIO:
        if self._file is None:
            msg = f"{self.path.name} is not open"
            raise ValueError(msg)
        return self._file

    def _full(self, cause: OSError) -> DiskSpaceError:
        free, had = free_bytes(self.path.parent), self.done
        self.discard()
        msg = (
            f"No room for {self.target.name}: {readable(had)} of {readable(self.size)} were fetched when the "
            f"disk of {self.path.parent} had {readable(free)} free ({cause.strerror}). They were deleted. "
            "Free "
            f"{readable(self.size)}, or set QWEN_MAGICS_HOME to a folder on a larger disk, and try again."
        )
        return DiskSpaceError(msg)


def _feed(digest: hashlib._Hash, path: Path, report: Reporter) -> None:
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            report.step("verify", done, total, f"Checking {path.name.split('.gguf')[0]}")

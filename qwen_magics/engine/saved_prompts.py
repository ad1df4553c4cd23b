"""Prompts whose keys and values are kept on the disk: a restarted notebook does not compute its tables again.

A prompt is cut into blocks of 64 tokens. A block's file is named by a digest of all that its numbers depend
on: this engine (weights, library, processor, threads) and every token up to the block's end. So there is
nothing to compare: a file that is there under that name holds the bits that would be computed, and prompts
with a common beginning share its blocks. (Blocks named by the chain of their digests are how vLLM finds
equal prefixes in memory: https://docs.vllm.ai/en/latest/design/prefix_caching.html.)

    <folder>/<digest>.kv    the keys and values of each layer, raw, then their CRC-32 (4 bytes, little-endian)

The files tell what the prompt said: they are readable by their owner alone, like the notebook that holds it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.runtime import load_runtime

__all__ = ["BLOCK", "SavedPrompts", "fingerprint"]

BLOCK = 64
_FORMAT = b"qwen-magics prompt 1"
_CHECKSUM = 4
# So much of the budget is left once it is passed: not every answer has to drop something.
_KEPT_SHARE = 0.9
_ABANDONED_S = 3600


class SavedPrompts:
    """The prompts of one engine, in a folder that engines share.

    Nothing here raises: what cannot be read is computed, and where nothing can be written, nothing is kept.

    Args:
        folder: made when the first block is written.
        engine: digest of what an engine's numbers depend on.
        budget: bytes that all files in the folder may take.
    """

    def __init__(self, folder: Path, engine: bytes, budget: int) -> None:
        self._folder, self._engine, self._budget = folder, engine, budget
        self._writable = True
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="qwen-magics-save")

    def fill(self, cache: KvCache, prompt: Sequence[int]) -> None:
        """Put behind what `cache` holds of `prompt` the blocks that are kept; one token stays to compute.

        Args:
            cache: holds a prefix of `prompt` and nothing else, and has room for all of it.
        """
        found = []
        for place, path in enumerate(self._paths(prompt[:-1])):
            if (place + 1) * BLOCK <= len(cache):
                continue
            content = _read(path, BLOCK * cache.bytes_per_token)
            if content is None:
                break
            cache.put(place * BLOCK, prompt[place * BLOCK : (place + 1) * BLOCK], content)
            found.append(path)
        _touch(found)

    def save(self, cache: KvCache, prompt: Sequence[int], turn: threading.Lock) -> Future[None]:
        """Write the blocks of `prompt` that are not kept yet, as far as `cache` still holds them.

        In the background, while the user reads. Holds `turn` while a block is copied, because whoever
        generates changes the cache.
        """
        return self._writer.submit(self._save, cache, prompt, turn)

    def close(self) -> None:
        """Wait for what is being saved."""
        self._writer.shutdown()

    def _save(self, cache: KvCache, prompt: Sequence[int], turn: threading.Lock) -> None:
        paths = list(self._paths(prompt))
        new = [(place, path) for place, path in enumerate(paths) if not path.exists()]
        for place, path in new:
            start, end = place * BLOCK, (place + 1) * BLOCK
            with turn:
                if cache.tokens[:end] != list(prompt[:end]):
                    break
                content = cache.copy(start, end)
            self._writable = self._writable and self._has_room() and _write(path, content)
            if not self._writable:
                break
        _touch(paths)
        if new:
            self.trim()

    def trim(self) -> None:
        """Drop the files that were not used for longest until the rest fits the budget."""
        files = []
        _drop_halves(self._folder)
        for path in self._folder.glob("*.kv"):
            with suppress(OSError):  # another kernel has dropped it
                facts = path.stat()
                files.append((facts.st_mtime_ns, facts.st_size, path))
        left = sum(size for _, size, _ in files)
        if left <= self._budget:
            return
        for _, size, path in sorted(files):
            if left <= self._budget * _KEPT_SHARE:
                return
            with suppress(OSError):
                path.unlink(missing_ok=True)
            left -= size

    def _has_room(self) -> bool:
        """Whether the disk has as much left as may be kept: what others save there comes first."""
        there = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        return shutil.disk_usage(there).free > self._budget

    def _paths(self, prompt: Sequence[int]) -> Iterator[Path]:
        """The file of each whole block, in order."""
        digest = self._engine
        for end in range(BLOCK, len(prompt) + 1, BLOCK):
            tokens = np.asarray(prompt[end - BLOCK : end], dtype="<i8").tobytes()
            digest = hashlib.sha256(digest + tokens).digest()
            yield self._folder / f"{digest.hex()}.kv"


def fingerprint(directory: Path, threads: int) -> bytes:
    """Digest of what the numbers of an engine on the CPU depend on.

    Args:
        directory: the model's; its weights count by size and time of change, they are too long to be read.
    """
    parts = [_FORMAT, load_runtime().__version__.encode(), f"{threads}".encode(), _processor()]
    for path in sorted(directory.iterdir()):
        facts = path.stat()
        parts.append(f"{path.name} {facts.st_size} {facts.st_mtime_ns}".encode())
    return hashlib.sha256(b"\0".join(parts)).digest()


def _processor() -> bytes:
    """Its name and what it can do: kernels are chosen by that, and each adds up in its own order."""
    names = [platform.machine(), platform.processor()]
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        names += sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))})
    return "\n".join(names).encode()


def _read(path: Path, size: int) -> bytes | None:
    """The content if it is whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body, checksum = content[:-_CHECKSUM], content[-_CHECKSUM:]
    whole = len(body) == size and zlib.crc32(body).to_bytes(_CHECKSUM, "little") == checksum
    return body if whole else None


def _touch(paths: Sequence[Path]) -> None:
    """The blocks of a prompt were used; its beginning last, which others share: so it is dropped last."""
    now = time.time_ns()  # the system's own clock of files may stand still for milliseconds
    for later, path in enumerate(reversed(paths)):
        with suppress(OSError):
            os.utime(path, ns=(now + later, now + later))


def _drop_halves(folder: Path) -> None:
    """Files that a process left half-written when it was killed."""
    for path in folder.glob(".*.kv.*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.unlink()


def _write(path: Path, content: bytes) -> bool:
    """Whether it could be written; another process sees all of it or nothing."""
    # A name of its own: another kernel may write the same block now.
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(part, "wb", opener=partial(os.open, mode=0o600)) as file:
            file.write(content)
            file.write(zlib.crc32(content).to_bytes(_CHECKSUM, "little"))
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True

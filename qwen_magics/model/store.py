"""Where models live on this machine, and how one gets there.

The folders are drawn in `library.py`. Knows nothing about running a model.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from qwen_magics.errors import ConfigError, DiskSpaceError, UnknownModelError
from qwen_magics.model.catalogue import (
    DEFAULT_QUANTISATION,
    QUANTISATION_BYTES,
    Device,
    ModelEntry,
    built_bytes,
    entry,
    is_listed,
)
from qwen_magics.model.directory import read_directory
from qwen_magics.model.disk import folder_bytes, is_full, readable, require_space
from qwen_magics.model.fetch import fetch, fetched_bytes, kept
from qwen_magics.model.hub_client import HubLimits
from qwen_magics.model.library import Installed, Library, checked_name, home, is_ready, looks_like_path
from qwen_magics.model.local_source import LocalSource, is_source, read_local_source, require_source
from qwen_magics.model.locking import locked
from qwen_magics.model.plan import Plan
from qwen_magics.model.progress import Progress, ProgressEvent, Reporter

__all__ = ["CHECKED_SOURCE_BYTES", "KEPT_SOURCE_BYTES", "Builder", "Installed", "Store"]

# A source of up to this size stays: another quantisation or a new builder then needs no network.
KEPT_SOURCE_BYTES = 2_000_000_000
# Fidelity is measured for models from sources of up to this size: it runs them in fp32, which takes a while.
CHECKED_SOURCE_BYTES = 2_000_000_000


class Builder(Protocol):
    """`qwen_magics.model.build.build`; tests put a quicker one in its place."""

    def __call__(
        self,
        source: Path,
        target: Path,
        *,
        quantisation: str,
        progress: Progress | None,
        source_info: dict[str, Any],
        name: str,
        check: bool,
    ) -> Path: ...


class Store:
    """The models of one home folder.

    Args:
        root: the home; None for `home()`.
        device: what the models shall run on; it decides the quantisation where none is asked for.
        builder: makes a model directory from a source file.
        limits: how patient to be with the hub.
    """

    def __init__(
        self,
        root: Path | None = None,
        *,
        device: Device = "cpu",
        builder: Builder | None = None,
        limits: HubLimits | None = None,
    ) -> None:
        self.root = root if root is not None else home()
        self._library = Library(self.root, DEFAULT_QUANTISATION[device])
        self._builder = builder
        self._limits = limits

    def check_name(self, name_or_path: str) -> None:
        """Whether there can be such a model.

        Raises:
            UnknownModelError: it is no model of the catalogue or of this store, and no path of one.
        """
        if self.find(name_or_path) is not None:
            return
        if self._is_path(name_or_path):
            require_source(Path(name_or_path))
        else:
            entry(name_or_path)

    def find(self, name_or_path: str | Path, quantisation: str | None = None) -> Path | None:
        """The ready model directory of a name or path; None if there is none. Never fetches.

        A name gives the build in `quantisation`; for None in the device's, or else the newest.
        """
        return self._find(name_or_path, quantisation, Reporter())

    def installed(self) -> list[Installed]:
        """Everything that is ready to run, by name. Damaged directories are left out."""
        return self._library.installed()

    def plan(self, name_or_path: str, quantisation: str | None = None) -> Plan:
        """What `pull` would do.

        Raises:
            UnknownModelError: no such name or path.
        """
        chosen = self._checked(quantisation)
        found = self.find(name_or_path, quantisation)
        if found is not None:
            return Plan(name_or_path, "", (), 0, 0, found, ready=True)
        if self._is_path(name_or_path):
            source = read_local_source(Path(name_or_path), self._library.digests, Reporter())
            name, size = self._library.name_for(source), _built_from(source, chosen)
            target = self._library.target(name, chosen)
            return Plan(name, "", (str(source.path),), 0, size, target, ready=False)
        model = entry(name_or_path)
        folder = self._library.sources(model.name)
        return Plan(
            name=model.name,
            licence=model.licence,
            sources=tuple(source.label for source in model.sources),
            download_bytes=0 if kept(folder) else max(0, model.download_bytes - fetched_bytes(folder)),
            build_bytes=built_bytes(model.parameters, chosen),
            target=self._library.target(model.name, chosen),
            ready=False,
        )

    def pull(
        self,
        name: str,
        *,
        progress: Progress | None = None,
        quantisation: str | None = None,
        cancel: threading.Event | None = None,
    ) -> Path:
        """Make the model ready: fetch its source, check it, build it. Returns at once if it is ready.

        Args:
            progress: gets events; it is called in this thread.
            cancel: set it in another thread to stop. What was fetched stays and is used next time.

        Raises:
            UnknownModelError: no such name or path.
            DownloadError: no source gave it.
            DiskSpaceError: no room.
            ConfigError: the home cannot be written to, or there is no such quantisation.
            DamagedModelError, UnsupportedModelError: the source cannot be built.
            Cancelled: it was stopped.
        """
        chosen, reporter = self._checked(quantisation), Reporter(progress, cancel)
        found = self._find(name, quantisation, reporter)
        if found is not None:
            return found
        if self._is_path(name):
            return self.build(Path(name), quantisation=quantisation, progress=progress, cancel=cancel)
        model = entry(name)
        with self._at_work(model.name, reporter):
            # Another process may have made it while this one waited.
            return self.find(model.name, quantisation) or self._pull(model, chosen, reporter)

    def build(
        self,
        path: Path,
        *,
        name: str | None = None,
        quantisation: str | None = None,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> Path:
        """Make a local GGUF file or safetensors folder ready. The same file again returns at once.

        Args:
            name: what to call it; None takes the catalogue's name if it is that file, else the file's own.

        Raises:
            UnknownModelError: the path is no model.
            Otherwise as `pull`.
        """
        chosen, reporter = self._checked(quantisation), Reporter(progress, cancel)
        with self._writable():
            source = read_local_source(path, self._library.digests, reporter)
        name = self._library.name_for(source) if name is None else checked_name(name)
        with self._at_work(name, reporter):
            target = self._library.target(name, chosen)
            if is_ready(target) and read_directory(target).sha256 == source.sha256:
                return target
            require_space(target, 0, _built_from(source, chosen), f"Building {name}")
            return self._build(source.path, target, name, source.info(), reporter)

    def remove(self, name: str) -> int:
        """Delete a model, its kept source and what was fetched of it; returns the bytes freed.

        Raises:
            UnknownModelError: there is nothing of that name on this machine.
        """
        name = checked_name(name)
        folders = [self.root / kind / name for kind in ("models", "sources")]
        if not any(folder.exists() for folder in folders):
            names = ", ".join(sorted({item.name for item in self.installed()})) or "none"
            msg = f"There is no model {name!r} on this machine. Installed: {names}."
            raise UnknownModelError(msg)
        with self._at_work(name, Reporter()):
            freed = sum(folder_bytes(folder) for folder in folders)
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)
        return freed

    def _find(self, name_or_path: str | Path, quantisation: str | None, reporter: Reporter) -> Path | None:
        text = str(name_or_path).strip()
        if isinstance(name_or_path, str) and not looks_like_path(text):
            name = text.lower()
            found = self._library.built(name, quantisation)
            if found is not None or is_listed(name):
                return found
        return self._library.at(Path(text), quantisation, reporter)

    def _checked(self, quantisation: str | None) -> str:
        if quantisation is not None and quantisation not in QUANTISATION_BYTES:
            msg = f"There is no quantisation {quantisation!r}: use one of {', '.join(QUANTISATION_BYTES)}."
            raise ConfigError(msg)
        return quantisation or self._library.quantisation

    def _is_path(self, name: str) -> bool:
        return not is_listed(name) and (looks_like_path(name) or is_source(Path(name).expanduser()))

    def _pull(self, model: ModelEntry, quantisation: str, reporter: Reporter) -> Path:
        folder, target = self._library.sources(model.name), self._library.target(model.name, quantisation)
        plan = self.plan(model.name, quantisation)
        require_space(folder, plan.download_bytes, plan.build_bytes, model.name)
        folder.mkdir(parents=True, exist_ok=True)
        source = fetch(model, folder, reporter, self._limits)
        built = self._build(source.path, target, model.name, source.info(), reporter)
        if source.folder == folder and not _keeps(sum(file.bytes for file in source.files)):
            for file in source.files:
                (folder / file.name).unlink(missing_ok=True)
        return built

    def _build(self, source: Path, target: Path, name: str, info: dict[str, Any], reporter: Reporter) -> Path:
        builder = self._builder or _builder()
        if target.exists():  # damaged, or made from another file
            reporter.step("build", 0, None, f"Replacing {target}")
            target = _out_of_the_way(target)
        try:
            return builder(
                source,
                target,
                quantisation=target.name,
                progress=_passed_on(reporter),
                source_info=info,
                name=name,
                check=info["bytes"] <= CHECKED_SOURCE_BYTES,
            )
        except OSError as exc:
            if not is_full(exc):
                raise
            msg = (
                f"No room to build {name} in {target.parent} ({exc.strerror}). {source.name} is complete and "
                f"stays: free {readable(info['bytes'])} or more and try again."
            )
            raise DiskSpaceError(msg) from exc

    @contextmanager
    def _at_work(self, name: str, reporter: Reporter) -> Iterator[None]:
        """This process alone works on `name`; what a killed one left half-made is deleted."""
        with self._writable():
            (self.root / "locks").mkdir(parents=True, exist_ok=True)
        with self._writable(), locked(self.root / "locks" / f"{name}.lock", name, reporter):
            for kind in ("models", "sources"):
                for stale in (self.root / kind / name).glob(".*"):
                    shutil.rmtree(stale, ignore_errors=True)
            yield

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except (PermissionError, NotADirectoryError, FileExistsError) as exc:
            msg = (
                f"{exc.filename or self.root} cannot be written to ({exc.strerror}). Set QWEN_MAGICS_HOME to "
                "a folder of your own."
            )
            raise ConfigError(msg) from exc


def _builder() -> Builder:
    from qwen_magics.model.build import build

    return build


def _passed_on(reporter: Reporter) -> Callable[[ProgressEvent], None]:
    def step(event: ProgressEvent) -> None:
        reporter.step(event.phase, event.done, event.total, event.detail)

    return step


def _out_of_the_way(target: Path) -> Path:
    """Rename first: deleting takes time, and a reader must see all of the directory or none."""
    old = target.with_name(f".old-{target.name}-{os.getpid()}")
    target.rename(old)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _built_from(source: LocalSource, quantisation: str) -> int:
    """Room for a build of unknown size: fp32 is eight times a 4-bit file, the rest at most twice."""
    return source.bytes * (8 if quantisation == "fp32" else 2 if source.path.is_file() else 1)


def _keeps(size: int) -> bool:
    chosen = os.environ.get("QWEN_MAGICS_KEEP_SOURCES", "")
    return chosen not in ("0",) if chosen else size <= KEPT_SOURCE_BYTES

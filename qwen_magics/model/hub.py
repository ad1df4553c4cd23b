"""Files of a Hugging Face hub, or of a mirror that speaks like it.

What is known of a file before it is fetched comes from the hub itself: the answer to HEAD of its address
carries `x-linked-etag` (the SHA-256 of a large file), `x-linked-size` and `x-repo-commit`. The bytes come
from another host, by redirect; the access token is never sent there.

No telemetry: the only requests are for the file and, where its name has a `*`, for the listing.
"""

from __future__ import annotations

import fnmatch
import json
import re
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from qwen_magics.errors import DownloadError
from qwen_magics.model.hub_client import HubClient, HubLimits, connect
from qwen_magics.model.partial import PartialFile
from qwen_magics.model.progress import Reporter
from qwen_magics.model.transfer import Transfer, TransferBroken

__all__ = ["HubFile", "hub_file", "hub_files", "receive"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file as the hub publishes it.

    Attributes:
        commit: revision that these facts belong to; the bytes are asked for by it.
    """

    repo: str
    filename: str
    commit: str
    sha256: str
    bytes: int


def hub_files(repo: str, pattern: str, reporter: Reporter, limits: HubLimits | None = None) -> list[HubFile]:
    """The files that `pattern` means: one, or all pieces of a split GGUF.

    Raises:
        DownloadError: the hub cannot be reached, refuses or has no such file.
    """
    client = connect(reporter, limits)
    names = [pattern] if "*" not in pattern else _listed(client, repo, pattern)
    return [hub_file(repo, name, reporter, limits) for name in names]


def hub_file(repo: str, filename: str, reporter: Reporter, limits: HubLimits | None = None) -> HubFile:
    """What the hub publishes about one file.

    Raises:
        DownloadError: the hub cannot be reached, refuses or does not say the file's digest.
    """
    client = connect(reporter, limits)
    transfer = _answer(client, "HEAD", f"{repo}/resolve/main/{urllib.parse.quote(filename)}")
    headers = transfer.headers
    transfer.close()
    sha256 = (headers.get("x-linked-etag") or headers.get("etag") or "").removeprefix("W/").strip('"')
    size = headers.get("x-linked-size") or headers.get("Content-Length") or ""
    if not _SHA256.fullmatch(sha256) or not size.isdigit():
        msg = (
            f"{client.host} does not say the size and SHA-256 of {filename}, so that it could not be checked "
            "(is this a login page or a mirror that leaves them out?)"
        )
        raise DownloadError(msg)
    commit = headers.get("x-repo-commit") or "main"
    return HubFile(repo, filename, commit, sha256, int(size))


def receive(file: HubFile, target: Path, reporter: Reporter, limits: HubLimits | None = None) -> None:
    """Fetch `file` to `target`, going on with what is there of it already.

    Raises:
        DownloadError: the connection broke again and again; what came is kept for the next time.
        DigestError: other bytes came than were published; they are deleted.
        DiskSpaceError: the disk is full.
    """
    limits = limits or HubLimits()
    client = connect(reporter, limits)
    with PartialFile(target, file.sha256, file.bytes, reporter) as partial:
        failures = 0
        while partial.done < file.bytes:
            before = partial.done
            try:
                _receive_some(client, file, partial, reporter)
                reason = "the connection ended early"
            except TransferBroken as exc:
                reason = str(exc)
            failures = failures + 1 if partial.done <= before else 0
            if failures >= limits.attempts:
                at = f"at {partial.done:,} of {file.bytes:,} bytes"
                msg = f"{client.host}: {reason}, {at} (kept for the next try)"
                raise DownloadError(msg)
            if partial.done < file.bytes:
                _pause(limits.pause_s * (1 + failures), reporter)
        partial.finish()


def _receive_some(client: HubClient, file: HubFile, partial: PartialFile, reporter: Reporter) -> None:
    path = f"{file.repo}/resolve/{file.commit}/{urllib.parse.quote(file.filename)}"
    transfer = client.request("GET", path, offset=partial.done)
    if transfer.status != 206:
        # 200: it does not serve ranges and sends all of it again. 416: what is there is not part of it.
        partial.keep(0)
    elif not (transfer.headers.get("Content-Range") or "").startswith(f"bytes {partial.done}-"):
        transfer.close()
        partial.keep(0)
        return
    if transfer.status == 416:
        transfer.close()
        return
    for chunk in transfer.chunks():
        partial.write(chunk)
        reporter.step("download", partial.done, file.bytes, f"Downloading {file.filename} from {client.host}")


def _listed(client: HubClient, repo: str, pattern: str) -> list[str]:
    transfer = _answer(client, "GET", f"api/models/{repo}/tree/main")
    try:
        found = json.loads(b"".join(transfer.chunks()))
        names = sorted(item["path"] for item in found if fnmatch.fnmatch(item["path"], pattern))
    except (TransferBroken, ValueError, KeyError, TypeError) as exc:
        msg = f"{client.host} gives no usable list of the files of {repo}"
        raise DownloadError(msg) from exc
    whole = [name for name in names if not re.search(r"-\d{5}-of-\d{5}\.gguf$", name)]
    if not names:
        msg = f"{client.host}: {repo} has no file {pattern}"
        raise DownloadError(msg)
    return whole[:1] or names


def _answer(client: HubClient, method: str, path: str) -> Transfer:
    try:
        return client.request(method, path, to_the_end=method == "GET")
    except TransferBroken as exc:
        msg = f"{client.host} cannot be reached: {exc}"
        raise DownloadError(msg) from exc


def _pause(seconds: float, reporter: Reporter) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        reporter.check()
        time.sleep(min(0.1, left))

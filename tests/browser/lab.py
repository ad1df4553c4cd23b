"""JupyterLab on a port of its own, and a headless Chromium that looks at it. Knows nothing about pytest."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
PATIENCE_S = 60.0
# `--host-resolver-rules`: what a page asks of another host is refused here, on a machine with a network too.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
]


def chromium_path() -> str | None:
    """The Chromium of this machine."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def has_extension() -> bool:
    """Whether this environment has the built JupyterLab extension."""
    return Path(sys.prefix, "share", "jupyter", "labextensions", "qwen-magics", "package.json").exists()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser. While it is open no other asyncio loop can run in this thread."""
    path = chromium_path()
    if path is None:
        msg = "no Chromium on PATH: run scripts/test, which installs it, or `apt-get install chromium`"
        raise FileNotFoundError(msg)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class Lab:
    """A JupyterLab server whose settings, trust and kernels are nobody else's."""

    def __init__(self, folder: Path, *, extension: bool = False) -> None:
        """Without `extension` traces are drawn by their HTML view, as where this package is not installed."""
        self._folder = folder
        self._settings = folder / "settings"
        self._notebooks = folder / "notebooks"
        self._notebooks.mkdir(parents=True)
        self._log = folder / "server.log"
        self._token = secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self._port = probe.getsockname()[1]
        self._set("apputils-extension/notification", {"fetchNews": "false", "checkForUpdates": False})
        # All cells are in the page, also those that nobody has scrolled to.
        self.use_windowing("none")
        if not extension:
            config = folder / "jupyter_config_dir" / "labconfig" / "page_config.json"
            config.parent.mkdir(parents=True)
            config.write_text(json.dumps({"disabledExtensions": {"qwen-magics": True}}), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def _set(self, name: str, values: dict[str, object], *, package: str = "@jupyterlab") -> None:
        path = self._settings / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")

    def use_theme(self, *, dark: bool) -> None:
        """For pages that are opened from now on."""
        self._set("apputils-extension/themes", {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"})

    def use_windowing(self, mode: str) -> None:
        """Which cells are in the page, for pages that are opened from now on: `none` leaves none out."""
        self._set("notebook-extension/tracker", {"windowingMode": mode})

    def use_question_settings(self, **values: bool) -> None:
        """`prose` and `complete`, for pages that are opened from now on."""
        self._set("editing", dict(values), package="qwen-magics")

    def use_suggestions(self, *, on: bool) -> None:
        """Switch code suggestions on, for pages that are opened from now on."""
        values: dict[str, object] = {"providers": {"qwen-magics": {"enabled": True}}} if on else {}
        self._set("completer-extension/inline-completer", values)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        folders = {
            name: str(self._folder / name.lower())
            for name in (
                "JUPYTER_CONFIG_DIR",
                "JUPYTER_DATA_DIR",
                "JUPYTER_RUNTIME_DIR",
                "JUPYTERLAB_WORKSPACES_DIR",
                "IPYTHONDIR",
            )
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        environment = {
            **inherited,
            **folders,
            "JUPYTERLAB_SETTINGS_DIR": str(self._settings),
            "JUPYTER_TOKEN": self._token,
            "PYTHONPATH": str(ROOT),
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                    *(f"--ip={HOST}", f"--port={self._port}", "--ServerApp.port_retries=0"),
                    *(f"--ServerApp.root_dir={self._notebooks}", "--LabApp.extension_manager=readonly"),
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self._request("/api")
            except urllib.error.URLError:
                time.sleep(0.1)
            else:
                return
        log_end = self._log.read_text(encoding="utf-8", errors="replace")[-2_000:]
        self.stop()
        msg = f"JupyterLab did not start:\n{log_end}"
        raise RuntimeError(msg)

    def stop(self) -> None:
        """End the server; it ends its kernels."""
        if self._process is None:
            return
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sent)
                self._process.wait(20)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
            break
        self._process.wait()
        self._process = None

    def _request(self, path: str, method: str = "GET") -> bytes:
        headers = {"Authorization": f"token {self._token}"}
        request = urllib.request.Request(f"http://{HOST}:{self._port}{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            return bytes(response.read())

    def add(self, name: str, text: str, *, trusted: bool = False) -> None:
        """Put a notebook where the server finds it. One that came from elsewhere is not trusted."""
        (self._notebooks / name).write_text(text, encoding="utf-8")
        if trusted:
            self._request(f"/api/contents/{name}/trust", method="POST")

    def saved(self, name: str) -> dict[str, Any]:
        """A notebook as it is on disk."""
        found: dict[str, Any] = json.loads((self._notebooks / name).read_text(encoding="utf-8"))
        return found

    def wait_for_session(self, name: str) -> None:
        """Until the kernel of an open notebook is idle and its page is connected."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for session in json.loads(self._request("/api/sessions")):
                kernel = session["kernel"]
                if session["path"] == name and kernel["execution_state"] == "idle" and kernel["connections"]:
                    return
            time.sleep(0.2)
        msg = f"{name} has no idle kernel after {PATIENCE_S:.0f} s"
        raise TimeoutError(msg)

    def open(self, page: Page, name: str, *, view: str = "lab") -> Notebook:
        """Show a notebook and wait until it is drawn; `view` is `lab`, or `notebooks` for Notebook 7."""
        path = f"lab/tree/{name}?reset&" if view == "lab" else f"{view}/{name}?"
        page.goto(f"http://{HOST}:{self._port}/{path}token={self._token}")
        notebook = Notebook(page)
        notebook.cells.first.wait_for(timeout=PATIENCE_S * 1000)
        return notebook


class Notebook:
    """The notebook that a page shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.cells = self.panel.locator(".jp-Cell")
        # There its arrow keys work: in the active cell, or in JupyterLab 4.0 in the notebook around it.
        self.focused = self.panel.locator(".jp-Notebook:focus-within")

    def cell(self, source: str) -> Locator:
        """The cell whose source holds this text."""
        return self.cells.filter(has=self.page.locator(".jp-InputArea", has_text=source))

    def wait_for_kernel(self) -> None:
        """Until cells can be run."""
        # The indicator in the notebook's toolbar says idle before there is a kernel; the status bar does not.
        self.page.locator("#jp-bottom-panel").get_by_text("| Idle").wait_for(timeout=PATIENCE_S * 1000)

    def start(self, code: str) -> Locator:
        """Write into the last cell and run it; gives the cell at once. A new one follows it."""
        index = self.cells.count() - 1
        cell = self.cells.nth(index)
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")
        # Not the number of cells: one that the code puts below itself may be there already.
        expect(self.cells.nth(index + 1)).to_be_attached()
        return cell

    def finish(self, cell: Locator, *, seconds: float = PATIENCE_S) -> Locator:
        """Wait until a cell has run; gives its output area."""
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=seconds * 1000)
        return cell.locator(".jp-OutputArea").first

    def run(self, code: str) -> Locator:
        """Write into the last cell, run it to its end; gives its output area."""
        return self.finish(self.start(code))

    def rewrite(self, cell: Locator, code: str) -> Locator:
        """Put other code into a cell and run it to its end; gives its output area."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)
        return self.run_again(cell)

    def run_again(self, cell: Locator) -> Locator:
        """Run a cell to its end; gives its output area."""
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)  # a star, or the next number
        return self.finish(cell)

    def delete(self, cell: Locator) -> None:
        """Take a cell out, by the keys for it."""
        count = self.cells.count()
        cell.locator(".jp-InputPrompt").click()
        for key in ("Escape", "d", "d"):
            self.page.keyboard.press(key)
        expect(self.cells).to_have_count(count - 1)

    def add_to_end(self, cell: Locator, code: str) -> None:
        """Edit a cell, as a person would."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(code)

    def switch(self) -> None:
        """Switch the extension off for this notebook, or on again."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+Shift+C")
        self.page.locator(".lm-CommandPalette-input").fill("Use Qwen in This")
        self.page.locator(".lm-CommandPalette-item", has_text="Use Qwen in This Notebook").click()

    def wait_while_running(self, cell: Locator, text: str) -> None:
        """Until a running cell shows this text. Fails if the cell ended without it."""
        handle = cell.element_handle()
        shown = self.page.wait_for_function(
            """([cell, text]) => {
                const running = cell.querySelector(".jp-InputPrompt").innerText.includes("*");
                const output = cell.querySelector(".jp-OutputArea")?.innerText ?? "";
                if (running) return output.includes(text) && "seen";
                return /\\d/.test(cell.querySelector(".jp-InputPrompt").innerText) && "too late";
            }""",
            arg=[handle, text],
            polling="raf",
            timeout=PATIENCE_S * 1000,
        ).json_value()
        assert shown == "seen", f"the cell ended without showing {text!r} on the way"


class Watch:
    """What a page did that it must not do."""

    def __init__(self, page: Page) -> None:
        self.requests_elsewhere: list[str] = []
        self.dialogs: list[str] = []
        page.context.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda opened: self._note(opened.url))
        page.on("dialog", self._dismiss)

    def _note(self, url: str) -> None:
        host = urlsplit(url).hostname
        if host is not None and host != HOST:
            self.requests_elsewhere.append(url)

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def assert_nothing(self) -> None:
        assert self.requests_elsewhere == []
        assert self.dialogs == []

"""The model of this process: which one is in use, loading it (in the background), letting go of it.

One model is held at a time, shared by all cells. Loading needs seconds, so it may begin in a thread as soon
as the first question is being typed; whoever asks meanwhile waits for that same load.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.runs import Runs
from qwen_magics.config import Settings, settings
from qwen_magics.errors import DownloadError, QwenMagicsError
from qwen_magics.tools.toolbox import Toolbox

if TYPE_CHECKING:
    from qwen_magics.agent.answer import Answer
    from qwen_magics.agent.conversation import Turn
    from qwen_magics.chat.local import LocalModel
    from qwen_magics.model.progress import ProgressEvent
    from qwen_magics.model.store import Store

__all__ = ["Session", "default_for", "largest_below", "session"]

_HISTORY = 200


class Session:
    """The loaded model and the answers of this process.

    Args:
        read_settings: gives the settings in force now; they may change between two questions.
    """

    def __init__(self, read_settings: Callable[[], Settings] = settings) -> None:
        self._read_settings = read_settings
        self._lock = threading.Lock()
        self._loading: tuple[str, Future[LocalModel]] | None = None
        self.history: deque[Answer] = deque(maxlen=_HISTORY)
        self.runs = Runs()
        self.toolbox = Toolbox()
        # The conversation that `-c` goes on with; a question without it begins another one.
        self.turns: list[Turn] = []

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._read_settings()

    def model_name(self) -> str:
        """The model that the next question uses: the configured one; else what fits the device's memory, or
        the largest smaller one that is ready, so that nothing is fetched where there is a model already.
        """
        wanted = self.wanted_model()
        if self.settings.model or self.store().find(wanted) is not None:
            return wanted
        return largest_below(wanted, [item.name for item in self.store().installed()]) or wanted

    def wanted_model(self) -> str:
        """The configured model, or the one that fits the device's memory, ready or not."""
        return self.settings.model or default_for(self.settings.provider)

    def larger_model(self) -> str | None:
        """The model that would be used instead of the one in use, were it here; None if there is none."""
        wanted = self.wanted_model()
        return None if self.settings.model or self.model_name() == wanted else wanted

    def store(self) -> Store:
        """The models on this machine, built for the device in use."""
        from qwen_magics.engine.provider import choose_provider
        from qwen_magics.model.store import Store

        return Store(device=choose_provider(self.settings.provider).name)

    def model(self, name: str | None = None, listener: Listener = lambda _: None) -> LocalModel:
        """The loaded model, after fetching and loading it if need be.

        Raises:
            ModelError, EngineError: it cannot be had or run; the next call tries again.
            KeyboardInterrupt: the user stopped waiting; a load goes on in the background, a download stops.
        """
        wanted = name or self.model_name()
        ready = self._ready(wanted) or self._start(wanted, self._directory(wanted, listener))
        if not ready.done():
            listener(Event("status", f"Loading {wanted}{'' if name else self._instead()}"))
        return ready.result()

    def load_in_background(self) -> bool:
        """Begin to load the model in a thread, if it is on this machine already. Never downloads."""
        wanted = self.model_name()
        directory = self.store().find(wanted)
        if directory is None or self._ready(wanted) is not None:
            return directory is not None
        self._start(wanted, directory)
        return True

    def unload(self) -> bool:
        """Free the model's memory; the next question loads it again. False if none was loaded."""
        with self._lock:
            loading, self._loading = self._loading, None
        if loading is None:
            return False
        _close(loading[1])
        return True

    @property
    def loaded(self) -> LocalModel | None:
        """The model if it is ready now."""
        loading = self._loading
        if loading is None or not loading[1].done() or loading[1].exception() is not None:
            return None
        return loading[1].result()

    def _ready(self, name: str) -> Future[LocalModel] | None:
        with self._lock:
            if self._loading is None or self._loading[0] != name:
                return None
            future = self._loading[1]
            if future.done() and future.exception() is not None:
                self._loading = None
                return None
            return future

    def _start(self, name: str, directory: Path) -> Future[LocalModel]:
        with self._lock:
            if self._loading is not None and self._loading[0] == name:
                return self._loading[1]
            previous, future = self._loading, Future[Any]()
            self._loading = (name, future)
        if previous is not None:
            # Two models at once may not fit into memory: the old one goes first.
            _close(previous[1])
        threading.Thread(target=_load, args=(future, name, directory, self.settings), daemon=True).start()
        return future

    def status(self) -> dict[str, Any]:
        """What is loaded and what the next question will use; costs nothing."""
        loaded, name, larger = self.loaded, self.model_name(), self.larger_model()
        loading = self._loading is not None and loaded is None
        return {
            "model": name,
            "state": "loading" if loading else "not loaded" if loaded is None else "loaded",
            "quantisation": loaded.card.quantisation if loaded else None,
            "provider": loaded.engine.provider.reason if loaded else None,
            "questions": len(self.history),
            **({"larger": f"%qwen pull fetches {larger}, which fits this machine"} if larger else {}),
        }

    def _instead(self) -> str:
        larger = self.larger_model()
        return f", which is ready; %qwen pull fetches the larger {larger}" if larger else ""

    def doctor(self) -> dict[str, Any]:
        """How the model runs here; loads it if it is on this machine, measures for about two seconds."""
        from qwen_magics.agent.doctor import examine

        return examine(self)

    def _directory(self, name: str, listener: Listener) -> Path:
        store = self.store()
        found = store.find(name)
        return found if found is not None else _pull(store, name, listener)


def default_for(provider: Literal["auto", "cpu", "cuda"]) -> str:
    """The model that fits the memory of the device that would run it."""
    from qwen_magics.engine.provider import choose_provider, find_cuda_device
    from qwen_magics.model.catalogue import default_model
    from qwen_magics.model.memory import available_memory

    device = find_cuda_device() if choose_provider(provider).name == "cuda" else None
    if device is None or isinstance(device, str):
        return default_model(available_memory())
    return default_model(device.memory, "cuda")


def largest_below(name: str, ready: Sequence[str]) -> str | None:
    """The catalogue's largest of `ready` that is smaller than `name`, one of its family before others."""
    from qwen_magics.model.catalogue import entry, is_listed

    wanted = entry(name)
    smaller = [item for item in map(entry, filter(is_listed, ready)) if item.parameters < wanted.parameters]
    best = max(smaller, key=lambda item: (item.family == wanted.family, item.parameters), default=None)
    return best.name if best is not None else None


def _pull(store: Store, name: str, listener: Listener) -> Path:
    listener(Event("status", store.plan(name).describe()))

    def report(event: ProgressEvent) -> None:
        listener(Event("progress", event.detail, progress=event))

    try:
        return store.pull(name, progress=report)
    except DownloadError as error:
        ready = sorted({item.name for item in store.installed()} - {name})
        if not ready:
            raise
        msg = f"{error} On this machine already: {', '.join(ready)}; `%qwen use {ready[0]}` needs no network."
        raise DownloadError(msg) from error


def _load(future: Future[LocalModel], name: str, directory: Path, config: Settings) -> None:
    try:
        from qwen_magics.chat.local import LocalModel
        from qwen_magics.model.catalogue import call_format
        from qwen_magics.model.library import prompts_folder

        future.set_result(
            LocalModel(
                directory,
                provider=config.provider,
                threads=config.threads,
                context_length=config.context_length,
                call_format=call_format(name),
                name=name,
                saved_prompts=prompts_folder() if config.saved_prompts_mb else None,
                saved_bytes=config.saved_prompts_mb * 1_000_000,
            )
        )
    except BaseException as exc:  # the waiting thread raises it
        future.set_exception(exc)


def _close(future: Future[LocalModel]) -> None:
    try:
        model = future.result()
    except (QwenMagicsError, OSError):
        return
    model.close()


session = Session()

"""A process of its own that pulls the tiny model, as a second notebook would.

Its argument is a JSON object: root, sha256, bytes, and optionally build_s (how long building takes) and
file_limit (RLIMIT_FSIZE). It prints each progress event, then `READY path` or the error's type and text.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from qwen_magics.errors import QwenMagicsError
from qwen_magics.model import catalogue
from qwen_magics.model.catalogue import ModelEntry
from qwen_magics.model.hub_client import HubLimits
from qwen_magics.model.progress import ProgressEvent
from qwen_magics.model.sources import HubSource
from qwen_magics.model.store import Store
from tests.model.quick_builder import quick_build


def main(options: dict[str, Any]) -> None:
    source = HubSource("Qwen/Tiny-GGUF", "tiny-q4_k_m.gguf")
    model = ModelEntry(
        "tiny", "qwen2.5-coder", 0.0005, "Apache-2.0", options["bytes"], (source,), options["sha256"]
    )
    catalogue._ENTRIES, catalogue._BY_NAME = (model,), {"tiny": model}  # type: ignore[assignment]
    if "file_limit" in options:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (options["file_limit"], options["file_limit"]))

    def build(*args: Any, **kwargs: Any) -> Path:
        time.sleep(options.get("build_s", 0))
        return quick_build(*args, **kwargs)

    def show(event: ProgressEvent) -> None:
        print(event.phase, event.done, event.detail, flush=True)

    limits = HubLimits(connect_s=5, stall_s=30, attempts=2, pause_s=0.01)
    try:
        print("READY", Store(Path(options["root"]), builder=build, limits=limits).pull("tiny", progress=show))
    except QwenMagicsError as error:
        print(type(error).__name__, error)
    except KeyboardInterrupt:
        print("STOPPED")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.chat.local import LocalModel

MODEL = "qwen2.5-coder-0.5b"
ROOT = Path(__file__).parents[1]

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def no_prompts_of_earlier_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each model that is loaded begins with none kept on the disk, whatever ran before."""
    from qwen_magics.model import library

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "prompts_folder", lambda: tmp_path_factory.mktemp("prompts"))
        yield


@pytest.fixture(scope="session")
def coder_05b() -> Path:
    """The built directory of the real 0.5B. `scripts/test` pulls it; a test never downloads."""
    from qwen_magics.model.store import Store

    found = Store().find(MODEL)
    if found is None:
        pytest.fail(f"{MODEL} is not on this machine: run scripts/test, or `qwen-magics pull {MODEL}` first")
    return found


@pytest.fixture(scope="session")
def real_model(coder_05b: Path) -> Iterator[LocalModel]:
    """The real 0.5B, loaded once."""
    from qwen_magics.chat.local import LocalModel

    model = LocalModel(coder_05b, provider="cpu", name=MODEL)
    yield model
    model.close()


@pytest.fixture(scope="session")
def tryton_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the filled database of a Tryton, to be copied."""
    from tests.tryton_server import filled

    return filled(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def quickstart_frames() -> dict[str, pd.DataFrame]:
    """The frames of the quickstart notebook."""
    from evals.frames import quickstart

    return quickstart()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This package as it is published, with the extension that `scripts/labextension` built."""
    if not (ROOT / "qwen_magics" / "labextension" / "package.json").exists():
        reason = "the JupyterLab extension is not built: run scripts/labextension"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))

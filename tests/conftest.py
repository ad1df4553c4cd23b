"""Fixtures that several folders of tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.chat.local import LocalModel

MODEL = "qwen2.5-coder-0.5b"


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

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from qwen_magics.agent.session import Session
from tests.scripted_model import ScriptedModel


@pytest.fixture
def orders() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "order_id": [1, 2, 3, 4],
            "customer": ["Ada", None, "Grace", "Ada"],
            "total": [10.0, 20.5, 30.0, 5.0],
            "status": ["paid", "open", "paid", "paid"],
        }
    )


class ScriptedSession(Session):
    """A session whose model is scripted; everything else is the real thing."""

    def __init__(self, model: ScriptedModel) -> None:
        super().__init__()
        self._scripted = model

    def model(self, name: object = None, listener: object = None) -> ScriptedModel:  # type: ignore[override]
        return self._scripted

    def load_in_background(self) -> bool:
        return True


@pytest.fixture
def scripted() -> Callable[..., ScriptedSession]:
    def make(*replies: str | BaseException) -> ScriptedSession:
        return ScriptedSession(ScriptedModel(list(replies)))

    return make

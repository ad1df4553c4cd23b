"""What the status bar of JupyterLab is told."""

from __future__ import annotations

import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import config
from qwen_magics.widgets.state import state


def test_it_is_that_of_the_session(shell: InteractiveShell) -> None:
    config.override(model="qwen2.5-coder-0.5b")
    told = state()
    memory = told.pop("memory")
    assert memory is None or memory > 10_000_000
    assert told == {
        "model": "qwen2.5-coder-0.5b",
        "state": "not loaded",
        "provider": None,
        "weights": None,
    }
    found = shell.user_expressions({"state": "__import__('qwen_magics').widgets.state.state()"})
    assert found["state"]["data"]["application/json"]["model"] == "qwen2.5-coder-0.5b"


@pytest.mark.parametrize("loaded", [True, False])
def test_asking_imports_nothing_of_the_agent(loaded: bool) -> None:
    code = "import sys, qwen_magics.widgets.state as s; s.state(); print('qwen_magics.agent' in sys.modules)"
    if loaded:
        code = f"import qwen_magics.agent; {code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)

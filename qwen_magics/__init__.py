"""Ask a question in a notebook cell; a Qwen model on this machine answers it from your data.

Nothing heavy is imported here: a notebook that loads the extension pays for the model when it asks first.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from qwen_magics.agent import Answer, ask
    from qwen_magics.tools import tool
    from qwen_magics.trace import Trace, read_traces

__all__ = [
    "Answer",
    "Trace",
    "__version__",
    "ask",
    "load_ipython_extension",
    "read_traces",
    "tool",
    "unload_ipython_extension",
]

__version__ = "0.1.0"

_HOMES = {
    "Answer": "qwen_magics.agent",
    "Trace": "qwen_magics.trace",
    "ask": "qwen_magics.agent",
    "read_traces": "qwen_magics.trace",
    "tool": "qwen_magics.tools",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # the next access does not come here
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext qwen_magics`: register `%qwen`, `%%qwen` and the `QwenMagics` settings."""
    from qwen_magics.magics import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """`%unload_ext qwen_magics`: take back everything that loading registered."""
    from qwen_magics.magics import unload

    unload(shell)

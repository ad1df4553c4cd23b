"""The only place that imports ONNX Runtime: telemetry is off before it, its log is quiet after it.

Linux and macOS wheels since 1.29 send usage events unless `ORT_DISABLE_TELEMETRY=1` is set before the first
import, so no other module of this package may import onnxruntime itself.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from types import ModuleType

__all__ = ["SILENT", "load_runtime", "runtime_errors", "telemetry_disabled"]

# Severity 4 is "fatal only": what goes wrong reaches the user as an exception with a fix, so the coloured
# lines that ONNX Runtime writes to stderr as well would only be noise in a notebook cell.
SILENT = 4

# Someone else may have imported it first (a notebook often does); then the variable came too late.
_imported_before_us = "onnxruntime" in sys.modules and os.environ.get("ORT_DISABLE_TELEMETRY") != "1"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


@cache
def load_runtime() -> ModuleType:
    """Import onnxruntime (once), with telemetry and log lines off.

    Raises:
        ImportError: neither `onnxruntime` nor `onnxruntime-gpu` is installed.
    """
    global _imported_before_us
    _imported_before_us = _imported_before_us or (
        "onnxruntime" in sys.modules and os.environ.get("ORT_DISABLE_TELEMETRY") != "1"
    )
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.set_default_logger_severity(SILENT)
    if _imported_before_us:
        # Second best: stops further events, though those of the import itself may have left.
        onnxruntime.disable_telemetry_events()
    module: ModuleType = onnxruntime
    return module


def telemetry_disabled() -> bool:
    """Whether ONNX Runtime was (or will be) imported with its telemetry switched off."""
    return os.environ.get("ORT_DISABLE_TELEMETRY") == "1" and not _imported_before_us


@cache
def runtime_errors() -> tuple[type[Exception], ...]:
    """Every exception type that ONNX Runtime raises: they share no base class of their own."""
    load_runtime()
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [
        value for value in vars(state).values() if isinstance(value, type) and issubclass(value, Exception)
    ]
    return (*own, RuntimeError)

"""What the worker gives up for good before it runs a program: memory, files, network, processes.

A second line behind the guard, for a program that should never have come past it. It cannot be taken back by
Python code; it is no sandbox of the operating system.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qwen_magics.tools.programs.allowed import IO_METHODS

__all__ = ["confine"]

# Audit events (PEP 578) that mean reaching out of the process. `import` and reading the installation stay:
# libraries load parts of themselves late, and time zones are files.
_REFUSED = (
    *("socket.", "subprocess.", "ctypes.", "shutil.", "mmap.", "ftplib.", "http.", "urllib.", "smtplib."),
    *("poplib.", "imaplib.", "sqlite3.", "pty.", "winreg.", "webbrowser.", "tempfile.", "signal.", "fcntl."),
    *("msvcrt.", "syslog.", "cpython.run_", "pickle.find_class", "sys.settrace", "sys.setprofile"),
)
_OF_OS = ("os.listdir", "os.scandir", "os.walk", "os.fwalk")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(memory_bytes: int) -> bool:
    """Give everything up; returns whether the operating system holds the memory limit."""
    _warm_up()
    _remove_io()
    limited = _limit(memory_bytes)
    readable = tuple(str(Path(place).resolve()) for place in _places() if place)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            _check_open(arguments, readable)
        elif event.startswith(_REFUSED) or (event.startswith("os.") and event not in _OF_OS):
            msg = f"{event} is out of reach of a program"
            raise PermissionError(msg)

    sys.addaudithook(audit)
    return limited


def _places() -> list[str]:
    return [
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *sys.path,
        "/usr/share/zoneinfo",
        "/usr/lib/zoneinfo",
    ]


def _check_open(arguments: tuple[object, ...], readable: tuple[str, ...]) -> None:
    path, flags = arguments[0], arguments[2] if len(arguments) > 2 else 0
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    writes = isinstance(flags, int) and bool(flags & _WRITING)
    known = isinstance(path, str) and os.path.realpath(path).startswith(readable)
    if writes or not known:
        msg = "files are out of reach of a program"
        raise PermissionError(msg)


def _warm_up() -> None:
    """Use what loads itself on first use, while it still may: text accessors, dates, groups, printing."""
    import pandas as pd

    frame = pd.DataFrame({"a": ["x", "y"], "b": [1, 2], "t": pd.to_datetime(["2020-01-01", "2020-02-01"])})
    frame.groupby("a")["b"].mean()
    frame["a"].str.upper()
    frame.set_index("t")["b"].resample("MS").mean()
    frame["t"].dt.strftime("%Y")
    repr(frame)


def _remove_io() -> None:
    import pandas as pd

    for kind in (pd.DataFrame, pd.Series, pd.Index):
        for owner in kind.__mro__:
            for name in IO_METHODS & set(vars(owner)):
                delattr(owner, name)
    for name in [
        name for name in dir(pd) if name.startswith("read_") or name in {"eval", "ExcelFile", "HDFStore"}
    ]:
        delattr(pd, name)


def _limit(memory_bytes: int) -> bool:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    limit = _address_space() + memory_bytes
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ValueError, OSError):  # macOS refuses it
        return False
    return sys.platform.startswith("linux")


def _address_space() -> int:
    """Bytes that are mapped already, tables and libraries included; 0 where nobody tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

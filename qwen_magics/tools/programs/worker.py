"""The process that runs programs: tables in, one program after the other, results out.

Started by `tools.programs.process` as a Python of its own, with an empty environment and nothing of the
kernel's memory. Once the tables are there it gives up for good what programs have no use for: files to write,
sockets, other processes, pandas' readers and writers. What it sends back: `tools.programs.wire`.
"""

from __future__ import annotations

import ast
import os
import pickle
import struct
import sys
import warnings
from collections.abc import Mapping
from time import perf_counter
from typing import Any, BinaryIO

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.changes import changes
from qwen_magics.tools.programs.confine import confine
from qwen_magics.tools.programs.failure import failure
from qwen_magics.tools.programs.outcome import tabulate
from qwen_magics.tools.programs.wire import encode_frame, write_message

__all__ = ["main"]

_FILE = "<program>"
_RESULT = "result"
# Beyond this a result is cut, whatever was asked for, as in SQL.
_MOST_CELLS = 50_000_000


def main() -> None:
    """Serve the two pipes that the kernel made: pickled requests in, messages out."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not look like a reply.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    setup = _receive(requests)
    frames, namespace = setup["frames"], _libraries(setup["libraries"])
    _use_copy_on_write()
    warnings.simplefilter("ignore")
    limited = confine(setup["memory_bytes"])
    write_message(replies, {"ready": True, "memory_limited": limited})
    while True:
        try:
            request = _receive(requests)
        except EOFError:
            return
        _serve(request, frames, namespace, replies)


def _receive(stream: BinaryIO) -> dict[str, Any]:
    """The next request. The kernel is trusted here; the other way round it is not so."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    request: dict[str, Any] = pickle.loads(stream.read(struct.unpack(">Q", head)[0]))
    return request


def _libraries(names: frozenset[str]) -> dict[str, Any]:
    import numpy as np
    import pandas as pd

    found: dict[str, Any] = {"pd": pd, "np": np}
    if "stats" in names:
        from scipy import stats

        found["stats"] = stats
    if "sm" in names:
        import statsmodels.api as sm

        found["sm"] = sm
    return found


def _use_copy_on_write() -> None:
    """Pandas 2 as well never writes through one table into another; pandas 3 knows no other way."""
    import pandas as pd

    if pd.__version__.startswith("2."):
        pd.set_option("mode.copy_on_write", True)


def _serve(
    request: Mapping[str, Any], frames: Mapping[str, Any], libraries: Mapping[str, Any], replies: BinaryIO
) -> None:
    started = perf_counter()
    scope: dict[str, Any] = {}
    try:
        value = _run(str(request["source"]), scope, frames, libraries, request["builtins"])
        table = tabulate(value)
        limit = max(1, _MOST_CELLS // max(1, table.shape[1]))
        limit = min(limit, request["max_rows"] or limit)
        header, blocks = encode_frame(table.iloc[:limit])
        header["frames"] = changes(frames, scope, table)
        header |= {"truncated": len(table) > limit, "seconds": perf_counter() - started}
    except QueryError as error:
        header, blocks = {"error": [error.kind, error.message, error.hint]}, []
    except (Exception, RecursionError) as error:  # whatever the program ran into
        found = failure(error, str(request["source"]), scope, _FILE)
        header, blocks = {"error": [found.kind, found.message, found.hint]}, []
    scope.clear()
    write_message(replies, header, blocks)


def _run(
    source: str,
    scope: dict[str, Any],
    frames: Mapping[str, Any],
    libraries: Mapping[str, Any],
    builtins: frozenset[str],
) -> object:
    import builtins as python

    # Copies that share their data until they are written to, so that a second program finds what was sent.
    scope.update({name: frame.copy(deep=False) for name, frame in frames.items()})
    scope.update(libraries)
    scope["__builtins__"] = {name: getattr(python, name) for name in builtins if name != "print"} | {
        "print": lambda *values, **options: None
    }
    exec(compile(_with_result(ast.parse(source)), _FILE, "exec"), scope)
    if _RESULT not in scope:
        raise QueryError("no_result", "The program has no result.", "Assign the answer to result.")
    return scope[_RESULT]


def _with_result(tree: ast.Module) -> ast.Module:
    """The program with its answer in `result`: what it assigned there, else its last value."""
    stored = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    if _RESULT in stored or not tree.body:
        return tree
    last = tree.body[-1]
    value = _value(last)
    if value is None:
        return tree
    assign = ast.Assign([ast.Name(_RESULT, ast.Store())], value)
    body = tree.body[:-1] if isinstance(last, ast.Expr) else tree.body
    return ast.fix_missing_locations(ast.Module([*body, ast.copy_location(assign, last)], []))


def _value(last: ast.stmt) -> ast.expr | None:
    """What the last line computes, prints or assigns."""
    if isinstance(last, ast.Expr):
        call = last.value
        printed = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
        return call.args[-1] if isinstance(call, ast.Call) and printed and call.args else call
    if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        return ast.Name(last.targets[0].id, ast.Load())
    if isinstance(last, (ast.Assign, ast.AugAssign)):
        # `df["x"] = …` and `total += …`: what was changed is the answer.
        target: ast.expr = last.targets[0] if isinstance(last, ast.Assign) else last.target
        while isinstance(target, (ast.Subscript, ast.Attribute)):
            target = target.value
        return ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else None
    return None


if __name__ == "__main__":
    main()

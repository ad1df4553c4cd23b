"""From flags to a request, and from an error to what a user sees."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from qwen_magics.config import settings
from qwen_magics.errors import QwenMagicsError
from qwen_magics.widgets.approval import ask_in_cell
from qwen_magics.widgets.arguments import Arguments
from qwen_magics.widgets.live import LiveOutput

if TYPE_CHECKING:
    from qwen_magics.agent import Request
    from qwen_magics.trace import Trace

__all__ = ["error_line", "reported", "request"]


def request(
    text: str,
    frames: Mapping[str, Any],
    arguments: Arguments,
    namespace: Mapping[str, Any] | None = None,
    *,
    link: str = "",
) -> Request:
    """The request of one cell: its flags over the settings that hold now.

    Args:
        namespace: where the functions of `--tool` are looked for.
        link: names the cell, for a program that is put below it.

    Raises:
        ConfigError: a setting has an impossible value, there is no such tool or API, or no answer can be
            brought into the schema.
    """
    from qwen_magics.agent import Limits, Request, policy, session
    from qwen_magics.agent.asking import shaped_format
    from qwen_magics.engine.generation import SamplingParams
    from qwen_magics.tools.shapes.shape import shape_of

    now = settings()
    schema = None if arguments.schema is None else _schema(arguments.schema, namespace or {})
    return Request(
        question=text,
        frames=frames,
        database=arguments.sql,
        model=arguments.model,
        # `parse` allows only formats; the configured one gives way to a schema.
        format=shaped_format(arguments.format or ("auto" if schema is not None else now.format), schema),  # type: ignore[arg-type]
        shape=None if schema is None else shape_of(schema),
        limits=Limits.of(now, steps=arguments.max_steps, tokens=arguments.max_tokens),
        params=SamplingParams(
            temperature=now.temperature if arguments.temperature is None else arguments.temperature,
            seed=now.seed if arguments.seed is None else arguments.seed,
        ),
        dry_run=arguments.dry_run,
        trace=not arguments.no_trace,
        tools=session.toolbox.resolve(arguments.apis, _functions(arguments.tools, namespace or {})),
        metrics=session.toolbox.metrics,
        approve=policy(arguments.approve or "ask"),
        approver=ask_in_cell,
        out=arguments.out or "",
        continued=arguments.continued,
        link=link,
    )


def _schema(text: str, namespace: Mapping[str, Any]) -> Any:
    """The variable of that name, or the JSON itself."""
    if text.startswith("{"):
        return text
    if text in namespace:
        return namespace[text]
    close = difflib.get_close_matches(text, [n for n in namespace if not n.startswith("_")], n=1)
    fix = f"Did you mean {close[0]}?" if close else "Define it in a cell above, or write the JSON itself."
    msg = f"--schema {text}: there is no such variable. {fix}"
    raise UsageError(msg)


def _functions(names: Sequence[str], namespace: Mapping[str, Any]) -> list[Any]:
    """Functions of the notebook; other names are left to the registered tools."""
    return [namespace[name] if callable(namespace.get(name)) else name for name in names]


@contextmanager
def reported(output: LiveOutput, *, keep_trace: bool = True) -> Iterator[None]:
    """Turn a stop and this package's errors into one line, after showing how far the run came.

    Raises:
        UsageError: IPython prints it without a traceback, and the cell counts as failed.
    """
    try:
        yield
    except KeyboardInterrupt as stop:
        _show_end(output, getattr(stop, "trace", None) if keep_trace else None, "Stopped.")
        msg = "Stopped."
        raise UsageError(msg) from stop
    except QwenMagicsError as error:
        _show_end(output, error.trace if keep_trace else None, "Failed.")
        raise UsageError(error_line(error)) from error
    except UsageError:
        raise
    except BaseException:  # a bug: its traceback follows, below a display that has ended
        output.fail("Failed.")
        raise


def error_line(error: QwenMagicsError) -> str:
    """The message on one line; an error without words is named by its class."""
    return " ".join(str(error).split()) or type(error).__name__


def _show_end(output: LiveOutput, trace: Trace | None, note: str) -> None:
    if trace is None:
        output.fail(note)
        return
    from qwen_magics.trace import mime_bundle

    output.finish(mime_bundle(trace))

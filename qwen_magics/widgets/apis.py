"""`%qwen api` and `%qwen tools`: registering an API, and what can be called."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from qwen_magics.widgets.reports import Report

if TYPE_CHECKING:
    from qwen_magics.tools.api.auth import AuthSource
    from qwen_magics.tools.registry import Tool

__all__ = ["api_report", "is_api_command", "tools_report"]

_OPTIONS = ("--url", "--bearer", "--basic", "--key")
_USAGE = "%qwen api NAME SPEC [--url URL] [--bearer VARIABLE | --basic VARIABLE | --key HEADER:VARIABLE]"
_MOST_SHOWN = 200


def is_api_command(words: Sequence[str]) -> bool:
    """Whether the words after `api` are a registration and no question: a name, a file or URL, options."""
    if len(words) < 2 or not words[0].isidentifier():
        return False
    looks_like_spec = "/" in words[1] or words[1].endswith((".json", ".yaml", ".yml"))
    return looks_like_spec and all(word.startswith("--") for word in words[2::2])


def api_report(words: Sequence[str]) -> Report:
    """Register the API and show what it offers.

    Raises:
        UsageError: an unknown option, or one without a value.
        ConfigError, ToolError: see `Toolbox.connect`.
    """
    from qwen_magics.agent import session

    name, spec, *rest = words
    options = _options(rest)
    source = _auth_source(options)
    auth = None
    if source is not None:
        from qwen_magics.tools.api.auth import auth_from

        auth = auth_from(source, _ask_unseen)
    service = session.toolbox.connect(name, spec, url=options.get("--url", ""), auth=auth)
    reads = sum(tool.effect == "read" for tool in service.tools)
    rows = [
        ("name", name),
        ("address", str(service.base)),
        ("authentication", service.auth),
        ("read", f"{reads} operations, run unasked"),
        ("write", f"{len(service.tools) - reads} operations, each asks first"),
    ]
    return Report("", (), rows, f"Ask with: %qwen --api {name} …   All operations: %qwen tools")


def tools_report(functions: Sequence[Tool]) -> Report:
    """Everything that a question may call: registered operations, and functions marked with `@tool`."""
    from qwen_magics.agent import session

    found = [*functions, *(tool for source in session.toolbox.sources for tool in source.tools)]
    if not found:
        note = "Register an API with %qwen api NAME SPEC, or mark a function with @tool."
        return Report("Nothing can be called yet.", (), [], note)
    rows = [(tool.full_name, _arguments(tool), tool.effect, tool.description) for tool in found[:_MOST_SHOWN]]
    left = len(found) - len(rows)
    note = "%qwen -t NAME lets a question call one, --api NAME all of an API."
    return Report(
        "", ("tool", "arguments", "effect", "purpose"), rows, f"{left} more. {note}" if left else note
    )


def _arguments(tool: Tool) -> str:
    required = tool.schema.get("required", ())
    return ", ".join(name if name in required else f"[{name}]" for name in tool.schema.get("properties", {}))


def _options(words: Sequence[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in zip(words[::2], [*words[1::2], ""], strict=False):
        if name not in _OPTIONS or not value or name in options:
            msg = f"{name} {value}".strip() + f" cannot be read. Write: {_USAGE}"
            raise UsageError(msg)
        options[name] = value
    return options


def _auth_source(options: dict[str, str]) -> AuthSource | None:
    given = [name for name in ("--bearer", "--basic", "--key") if name in options]
    if not given:
        return None
    if len(given) > 1:
        msg = f"{given[0]} and {given[1]} exclude each other. Keep one of them."
        raise UsageError(msg)
    kind, value = given[0].removeprefix("--"), options[given[0]]
    header, colon, variable = value.rpartition(":")
    if (kind == "key") != bool(colon):
        msg = f"{given[0]} {value} cannot be read. Write: {_USAGE}"
        raise UsageError(msg)
    if not variable.isidentifier():
        # The secret itself, typed here, would be saved with the notebook.
        msg = (
            f"{given[0]} takes the name of an environment variable, never the secret itself. Write: {_USAGE}"
        )
        raise UsageError(msg)
    from qwen_magics.tools.api.auth import AuthSource

    return AuthSource(kind, variable, header)


def _ask_unseen(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except (EOFError, OSError, RuntimeError):
        return ""  # nobody can answer: the message of `auth_from` says what to do

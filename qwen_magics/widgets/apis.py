"""`%qwen api` and `%qwen tools`: registering an API, and what can be called."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from qwen_magics.widgets.reports import Report

if TYPE_CHECKING:
    from qwen_magics.tools.api.auth import Auth, AuthSource
    from qwen_magics.tools.registry import Tool

__all__ = ["api_report", "is_api_command", "is_mcp_command", "mcp_report", "tools_report"]

_OPTIONS = ("--url", "--bearer", "--basic", "--key")
_USAGE = "%qwen api NAME SPEC [--url URL] [--bearer VARIABLE | --basic VARIABLE | --key HEADER:VARIABLE]"
_MCP_USAGE = "%qwen mcp NAME URL [--bearer VARIABLE]  or  %qwen mcp NAME -- COMMAND ARGUMENTS"
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
    options = _options(rest, _OPTIONS, _USAGE)
    service = session.toolbox.connect(name, spec, url=options.get("--url", ""), auth=_auth(options))
    reads = sum(tool.effect == "read" for tool in service.tools)
    rows = [
        ("name", name),
        ("address", str(service.base)),
        ("authentication", service.auth),
        ("read", f"{_counted(reads)}, run unasked"),
        ("write", f"{_counted(len(service.tools) - reads)}, each asks first"),
    ]
    return Report("", (), rows, f"Ask with: %qwen --api {name} …   All operations: %qwen tools")


def _counted(operations: int) -> str:
    return f"{operations} operation{'' if operations == 1 else 's'}"


def is_mcp_command(words: Sequence[str]) -> bool:
    """Whether the words after `mcp` are a registration and no question: a name, then a URL or `--`."""
    return len(words) >= 2 and words[0].isidentifier() and ("://" in words[1] or words[1] == "--")


def mcp_report(words: Sequence[str]) -> Report:
    """Connect to the MCP server and show what it says of itself.

    Raises:
        UsageError: an unknown option, or no command.
        ConfigError, ToolError: see `Toolbox.connect_mcp`.
    """
    from qwen_magics.agent import session

    name, server, *rest = words
    if server == "--" and not rest:
        msg = f"There is no command. Write: {_MCP_USAGE}"
        raise UsageError(msg)
    auth = None if server == "--" else _auth(_options(rest, ("--bearer", "--basic", "--key"), _MCP_USAGE))
    source = session.toolbox.connect_mcp(name, rest if server == "--" else server, auth=auth)
    rows = [(tool.full_name, _arguments(tool), tool.effect, tool.description) for tool in source.tools]
    note = f"Ask with: %qwen --api {name} …   Each tool asks at its first call, and again if it changes."
    return Report("", ("tool", "arguments", "effect, it says", "purpose, it says"), rows, note)


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


def _options(words: Sequence[str], allowed: Sequence[str], usage: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in zip(words[::2], [*words[1::2], ""], strict=False):
        if name not in allowed or not value or name in options:
            msg = f"{name} {value}".strip() + f" cannot be read. Write: {usage}"
            raise UsageError(msg)
        options[name] = value
    return options


def _auth(options: dict[str, str]) -> Auth | None:
    source = _auth_source(options)
    if source is None:
        return None
    from qwen_magics.tools.api.auth import auth_from

    return auth_from(source, _ask_unseen)


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

"""The tools of an MCP server. What a server says of itself is believed only after a person has seen it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.errors import ToolError
from qwen_magics.tools.api.auth import NO_AUTH, Auth
from qwen_magics.tools.identifiers import identifier, unique
from qwen_magics.tools.json_schema import References, one_line
from qwen_magics.tools.mcp.approved import ApprovedTools, digest
from qwen_magics.tools.mcp.connection import Connection
from qwen_magics.tools.output import ToolOutput, output_of
from qwen_magics.tools.registry import Effect, Tool

__all__ = ["McpSource", "connect_mcp"]

_LONGEST_DESCRIPTION = 500


class McpSource:
    """One server under a name. Its list of tools is read anew for each question."""

    def __init__(
        self, name: str, connection: Connection, approved: ApprovedTools, auth: Auth = NO_AUTH
    ) -> None:
        self.name = name
        self._connection = connection
        self._approved = approved
        self._auth = auth

    @property
    def tools(self) -> Sequence[Tool]:
        """What it offers now; a tool that was not approved in this form says so.

        Raises:
            ToolError: it does not answer.
        """
        taken: dict[str, Tool] = {}
        for described in self._connection.tools():
            tool = self._tool(described, unique(identifier(described.name), taken))
            taken[tool.name] = tool
        return tuple(taken.values())

    def approve_all(self) -> None:
        """Take every tool as it is now for approved."""
        for described in self._connection.tools():
            self._approved.add(described.name, _form(described))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _tool(self, described: Any, name: str) -> Tool:
        names, schema = _arguments(described.input_schema)
        description = one_line(
            described.description or described.title or described.name, _LONGEST_DESCRIPTION
        )
        form, wire = _form(described), described.name

        def call(**arguments: Any) -> ToolOutput:
            # Only reached after an approval, if one was needed.
            self._approved.add(wire, form)
            return self._call(wire, name, {names[key]: value for key, value in arguments.items()})

        return Tool(
            name=name,
            description=description,
            effect=_effect(described),
            schema=schema,
            function=call,
            origin=self.name,
            unapproved=self._reason(wire, form, str(described.description or "")),
        )

    def _reason(self, wire: str, form: str, description: str) -> str:
        if self._approved.has(wire, form):
            return ""
        why = (
            "changed since it was approved" if self._approved.knows(wire) else "is called for the first time"
        )
        return f"This tool of the server {self.name} {why}. It says of itself:\n{description[:2000]}"

    def _call(self, wire: str, name: str, arguments: Mapping[str, Any]) -> ToolOutput:
        result = self._connection.call(wire, arguments)
        texts = [block.text for block in result.content if getattr(block, "type", "") == "text"]
        if result.is_error:
            said = one_line(self._auth.hide(" ".join(texts)), 300)
            raise ToolError("failed", f"{name} failed: {said or 'without saying why'}")
        if result.structured_content is not None:
            return output_of(_cleaned(_unwrapped(result.structured_content), self._auth), name)
        return output_of(_parsed(self._auth.hide("\n".join(texts))), name)


def connect_mcp(name: str, server: Any, *, auth: Auth = NO_AUTH, seconds: float = 60.0) -> McpSource:
    """Connect to a server.

    Args:
        server: a URL, a command with its arguments as a list, or a server object of this process, whose
            tools are the user's own code and approved as they are now.

    Raises:
        ToolError: it does not start or answer.
    """
    connection = Connection(server, headers=auth.headers(), seconds=seconds)
    if isinstance(server, (str, list, tuple)):
        key = server if isinstance(server, str) else json.dumps(list(server))
        return McpSource(name, connection, ApprovedTools(key), auth)
    source = McpSource(name, connection, ApprovedTools(None), auth)
    source.approve_all()
    return source


def _effect(described: Any) -> Effect:
    # A hint of the server; it holds once a person has approved the tool.
    hints = described.annotations
    return "read" if hints is not None and hints.read_only_hint is True else "write"


def _form(described: Any) -> str:
    return digest(str(described.description), described.input_schema, _effect(described))


def _arguments(schema: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Our names of the arguments → the server's, and the schema with ours."""
    cleaned = References(schema).schema(schema)
    names: dict[str, str] = {}
    properties: dict[str, Any] = {}
    for wire, part in cleaned.get("properties", {}).items():
        ours = unique(identifier(wire), names)
        names[ours], properties[ours] = wire, part
    required = [ours for ours, wire in names.items() if wire in cleaned.get("required", ())]
    return names, {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _unwrapped(value: Any) -> Any:
    # Servers put what is no object into {"result": …}.
    return value["result"] if isinstance(value, dict) and list(value) == ["result"] else value


def _cleaned(value: Any, auth: Auth) -> Any:
    return json.loads(auth.hide(json.dumps(value, default=str)))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

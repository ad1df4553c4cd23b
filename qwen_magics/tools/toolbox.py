"""What was registered in this process: APIs by name, each with its tools."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qwen_magics.errors import ConfigError
from qwen_magics.tools.registry import Tool, tool_of

if TYPE_CHECKING:
    from qwen_magics.tools.api.auth import Auth
    from qwen_magics.tools.api.service import Service
    from qwen_magics.tools.erp.service import Erp
    from qwen_magics.tools.metrics.metric import Metric

__all__ = ["Source", "Toolbox"]


class Source(Protocol):
    """Something that contributes tools under a name."""

    @property
    def name(self) -> str: ...

    @property
    def tools(self) -> Sequence[Tool]: ...

    def close(self) -> None: ...


class Toolbox:
    """The sources of tools of one session."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._metrics: dict[str, tuple[Metric, ...]] = {}

    @property
    def sources(self) -> Sequence[Source]:
        """In the order of their registration."""
        return tuple(self._sources.values())

    def connect(self, name: str, spec: str, *, url: str = "", auth: Auth | None = None) -> Service | Erp:
        """Register an API under `name`, in the place of one that was there.

        Args:
            spec: an OpenAPI document, or the address of a Tryton database: `tryton+http://HOST:PORT/DATABASE`.

        Raises:
            ConfigError, ToolError: see `tools.api.service.connect` and `tools.erp.service.connect_tryton`;
                nothing is registered then.
        """
        _check_name(name)
        try:
            from qwen_magics.tools.api.auth import NO_AUTH
            from qwen_magics.tools.api.service import connect
            from qwen_magics.tools.erp.service import PREFIX, connect_tryton
        except ModuleNotFoundError as exc:
            msg = f"APIs need the package {exc.name}: pip install 'qwen-magics[api]'"
            raise ConfigError(msg) from exc
        service: Service | Erp
        if spec.startswith(PREFIX):
            if url:
                msg = "Tryton has one address, in SPEC: tryton+http://HOST:PORT/DATABASE. Leave out --url."
                raise ConfigError(msg)
            service = connect_tryton(name, spec, auth=auth)
        else:
            service = connect(name, spec, url=url, auth=auth or NO_AUTH)
        self.add(service)
        return service

    def connect_mcp(self, name: str, server: Any, *, auth: Auth | None = None) -> Source:
        """Register an MCP server: a URL, a command as a list, or a server object of this process.

        Raises:
            ConfigError: the package `mcp` is not there, or a name that cannot be one.
            ToolError: the server does not start or answer; nothing is registered then.
        """
        _check_name(name)
        try:
            from qwen_magics.tools.api.auth import NO_AUTH
            from qwen_magics.tools.mcp.source import connect_mcp
        except ModuleNotFoundError as exc:
            msg = f"MCP servers need the package {exc.name}: pip install 'qwen-magics[mcp]'"
            raise ConfigError(msg) from exc
        source = connect_mcp(name, server, auth=auth or NO_AUTH)
        self.add(source)
        return source

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The named metrics; of two with one name, that of the file loaded last."""
        named = {metric.name: metric for metrics in self._metrics.values() for metric in metrics}
        return tuple(named.values())

    def load_metrics(self, path: str | Path) -> tuple[Metric, ...]:
        """Load a `metrics.yml`, in the place of what was loaded from it before.

        Raises:
            ConfigError: see `tools.metrics.file.load`; nothing changes then.
        """
        from qwen_magics.tools.metrics.file import load

        metrics, key = load(path), str(Path(path).resolve())
        self._metrics.pop(key, None)
        self._metrics[key] = metrics
        return metrics

    def add(self, source: Source) -> None:
        """Register a source under its name, in the place of one that was there."""
        _check_name(source.name)
        previous = self._sources.pop(source.name, None)
        self._sources[source.name] = source
        if previous is not None:
            previous.close()

    def close(self) -> None:
        """Let go of all sources and metrics."""
        self._metrics.clear()
        while self._sources:
            self._sources.popitem()[1].close()

    def resolve(
        self, sources: str | Iterable[str], tools: Iterable[Callable[..., Any] | Tool | str]
    ) -> tuple[Tool, ...]:
        """The tools of these sources, and these tools: functions, or full names such as `crm.list_orders`.

        Raises:
            ConfigError: a name that is not registered, or a function that cannot be a tool.
        """
        names = [sources] if isinstance(sources, str) else list(sources)
        found = [tool for name in names for tool in self._source(name).tools]
        for wanted in tools:
            if isinstance(wanted, Tool):
                found.append(wanted)
            else:
                found.append(self._named(wanted) if isinstance(wanted, str) else tool_of(wanted))
        return tuple(dict((tool.full_name, tool) for tool in found).values())

    def _source(self, name: str) -> Source:
        if name in self._sources:
            return self._sources[name]
        close = difflib.get_close_matches(name, self._sources, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"Register it: %qwen api {name} SPEC"
        msg = f"There is no API {name!r}. {hint}"
        raise ConfigError(msg)

    def _named(self, name: str) -> Tool:
        everything = {tool.full_name: tool for source in self.sources for tool in source.tools}
        if name in everything:
            return everything[name]
        close = difflib.get_close_matches(name, everything, n=1)
        hint = (
            f"Did you mean {close[0]}?"
            if close
            else "Define a function of that name, with types and a docstring."
        )
        msg = f"There is no tool {name!r}. {hint}"
        raise ConfigError(msg)


def _check_name(name: str) -> None:
    if not name.isidentifier():
        msg = f"{name!r} cannot be the name of an API. Use letters, digits and _, such as crm."
        raise ConfigError(msg)

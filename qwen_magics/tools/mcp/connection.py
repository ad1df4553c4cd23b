"""A connection to an MCP server, kept open in a thread with an event loop of its own.

The kernel's main thread has a loop already and runs the cell; it waits for the answers of this one, and can
be interrupted while it does.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as WaitTimeout
from contextlib import AsyncExitStack
from typing import Any, TextIO, TypeVar, cast

import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from qwen_magics.errors import ToolError
from qwen_magics.tools.json_schema import one_line

__all__ = ["Connection"]

T = TypeVar("T")

_START_S = 30.0
_MOST_PAGES = 50
_SHOWN_LOG = 300


class Connection:
    """One server.

    Args:
        server: a URL, a command with its arguments, or a server object of this process.
        headers: for a URL, such as a login.
        seconds: how long one call may take.

    Raises:
        ToolError: it does not start or answer.
    """

    def __init__(
        self, server: Any, *, headers: Mapping[str, str] | None = None, seconds: float = 60.0
    ) -> None:
        self._server = server
        self._headers = dict(headers or {})
        self._seconds = seconds
        # Until `close`; a real file, as a process needs one for its stderr.
        self._log = cast(TextIO, tempfile.TemporaryFile("w+", errors="replace"))  # noqa: SIM115
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready: Future[Client] = Future()
        self._thread = threading.Thread(target=self._run, name="qwen-magics-mcp", daemon=True)
        self._thread.start()
        try:
            self._client = self._ready.result(_START_S)
        except KeyboardInterrupt:
            self.close()
            raise
        except Exception as exc:
            failure = self._failure("The MCP server does not start", exc)
            self.close()
            raise failure from exc

    def tools(self) -> list[Any]:
        """What the server offers now, as `mcp` describes it."""
        return self._wait(self._list())

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """The result of one call, as `mcp` describes it."""
        return self._wait(self._client.call_tool(name, dict(arguments)))

    def close(self) -> None:
        """End the connection, and the server if it was started here."""
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)
        self._log.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as exc:  # the waiting thread raises it
            if not self._ready.done():
                self._ready.set_exception(exc)

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(Client(await self._transport(stack)))
            self._ready.set_result(client)
            await self._stop.wait()

    async def _transport(self, stack: AsyncExitStack) -> Any:
        if isinstance(self._server, str):
            # `mcp` follows redirects within the server's own origin, this client none.
            timeout = httpx2.Timeout(_START_S, read=self._seconds)
            http = await stack.enter_async_context(
                httpx2.AsyncClient(headers=self._headers, timeout=timeout, trust_env=False)
            )
            return streamable_http_client(self._server, http_client=http)
        if isinstance(self._server, Sequence):
            command, *arguments = self._server
            # What the server prints to stderr is not the notebook's output.
            return stdio_client(StdioServerParameters(command=command, args=arguments), errlog=self._log)
        return self._server

    async def _list(self) -> list[Any]:
        found: list[Any] = []
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = await self._client.list_tools(cursor=cursor, cache_mode="bypass")
            found.extend(page.tools)
            cursor = page.next_cursor
            if not cursor:
                break
        return found

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None or self._loop.is_closed() or not self._thread.is_alive():
            work.close()
            raise ToolError("connection", "The MCP server has ended.", "Register it again.")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(self._seconds)
        except WaitTimeout as exc:
            raise ToolError("timeout", f"The MCP server did not answer within {self._seconds:g} s.") from exc
        except Exception as exc:
            raise self._failure("The MCP server failed", exc) from exc
        finally:
            future.cancel()

    def _failure(self, what: str, exc: BaseException) -> ToolError:
        while getattr(exc, "exceptions", ()):  # a group, as task groups raise
            exc = exc.exceptions[0]  # type: ignore[attr-defined]
        said = one_line(f"{type(exc).__name__}: {exc}", _SHOWN_LOG)
        log = self._printed()
        return ToolError("connection", f"{what} ({said}).", f"It printed: {log}" if log else "")

    def _printed(self) -> str:
        if self._log.closed:
            return ""
        self._log.seek(0)
        return one_line(self._log.read()[-_SHOWN_LOG:], _SHOWN_LOG)

"""A registered API: its operations as tools, and how a call of one becomes requests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from qwen_magics.errors import ConfigError, ToolError
from qwen_magics.tools.api.addresses import Hosts, Resolver, origin_of, resolve
from qwen_magics.tools.api.auth import NO_AUTH, Auth
from qwen_magics.tools.api.client import Client, Reply, Request, Sending
from qwen_magics.tools.api.document import parse, read_file
from qwen_magics.tools.api.operations import Operation, operations, servers
from qwen_magics.tools.api.paging import next_page
from qwen_magics.tools.json_schema import one_line
from qwen_magics.tools.news import tell
from qwen_magics.tools.output import ToolOutput, output_of
from qwen_magics.tools.records import find_records
from qwen_magics.tools.registry import Tool

__all__ = ["Service", "connect"]

_SPEC_SECONDS = 30.0
_MOST_PAGES, _FIRST_PAGES = 1000, 5
_MOST_RECORDS = 200_000


class Service:
    """One API.

    Attributes:
        name: as the user registered it.
        base: where its paths begin.
        tools: its operations; a GET reads, everything else writes.
        seconds: how long one call may take, all pages together.
    """

    def __init__(self, name: str, base: httpx.URL, found: Sequence[Operation], client: Client) -> None:
        self.name = name
        self.base = base
        self.seconds = 60.0
        self._client = client
        self._etags: dict[str, str] = {}
        self.tools: tuple[Tool, ...] = tuple(self._tool(operation) for operation in found)

    @property
    def auth(self) -> str:
        """Where the secret comes from; never the secret."""
        return self._client.auth.label

    def hosts(self) -> list[str]:
        """The servers that its calls may reach."""
        return sorted(self._client.hosts.origins())

    def close(self) -> None:
        """Further calls fail."""
        self._client.close()

    def request(self, operation: Operation, arguments: Mapping[str, Any]) -> Request:
        """The first request of a call.

        Raises:
            ToolError: a value that cannot be a part of a path or a header.
        """
        path = operation.path
        query: list[tuple[str, str]] = []
        headers: dict[str, str] = {}
        fields: dict[str, Any] = {}
        form: list[tuple[str, str]] = []
        body: Any = None
        for parameter in operation.parameters:
            if parameter.argument not in arguments:
                continue
            value = arguments[parameter.argument]
            if parameter.place == "path":
                path = path.replace(f"{{{parameter.name}}}", _segment(parameter.argument, value))
            elif parameter.place == "query":
                query.extend((parameter.name, text) for text in _texts(value))
            elif parameter.place == "header":
                headers[parameter.name] = _header(parameter.argument, value)
            elif parameter.place == "field":
                fields[parameter.name] = value
            elif parameter.place == "form":
                form.extend((parameter.name, text) for text in _texts(value))
            else:
                body = value
        url = self.base.copy_with(raw_path=_raw(self.base, path, query))
        text = json.dumps(fields or body, ensure_ascii=False, indent=2) if fields or body is not None else ""
        if form:
            text = urlencode(form)
        if text:
            headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
        etag = self._etags.get(str(url))
        if etag and operation.conditional and not operation.reads:
            headers["If-Match"] = etag
        return Request(operation.method, url, headers, text)

    def call(
        self, operation: Operation, arguments: Mapping[str, Any], *, pages: int = _MOST_PAGES
    ) -> ToolOutput:
        """Send the request, and for a list the requests for its further pages.

        Args:
            pages: of a list at most; a note says that there are more.

        Raises:
            ToolError: see `Client.send`.
        """
        sending = Sending(time.monotonic() + self.seconds)
        try:
            return self._called(operation, arguments, sending, pages)
        except ToolError as error:
            error.exchanges = tuple(sending.exchanges)
            raise
        finally:
            self._client.release()

    def _called(
        self, operation: Operation, arguments: Mapping[str, Any], sending: Sending, pages: int
    ) -> ToolOutput:
        request = self.request(operation, arguments)
        reply = self._client.send(request, sending)
        if operation.reads and reply.headers.get("etag"):
            self._etags[str(request.url)] = reply.headers["etag"]
        elif not operation.reads:
            self._etags.pop(str(request.url), None)
        value = reply.json()
        if not operation.reads:
            return output_of(value, operation.name, exchanges=sending.exchanges)
        value, notes = self._pages(operation, reply, value, sending, pages)
        return output_of(value, operation.name, notes=notes, exchanges=sending.exchanges)

    def _pages(
        self, operation: Operation, reply: Reply, value: Any, sending: Sending, most: int
    ) -> tuple[Any, list[str]]:
        records, visited = find_records(value), {str(reply.url)}
        if not isinstance(records, list):
            return value, []
        collected = list(records)
        body = value
        for number in range(1, most + 1):
            url = next_page(reply.url, reply.headers, body, operation.paging, len(collected))
            if url is None:
                # A reply of one page is kept as it came.
                return (collected if len(visited) > 1 else value), []
            if str(url) in visited or origin_of(url) != origin_of(reply.url):
                return collected, ["The server's next page leads elsewhere; what came before it is here."]
            visited.add(str(url))
            if number == most or len(collected) >= _MOST_RECORDS:
                break
            tell(f"{len(collected):,} records so far")
            try:
                reply = self._client.send(Request("GET", url), sending)
                body = reply.json()
            except ToolError as error:
                return collected, [f"Incomplete, after {len(collected):,} records: {error.message}"]
            page = find_records(body)
            if not isinstance(page, list) or not page:
                return collected, []
            collected.extend(page)
        return collected, [f"Incomplete: only the first {len(collected):,} records were fetched."]

    def _tool(self, operation: Operation) -> Tool:
        properties = {p.argument: dict(p.schema) for p in operation.parameters}
        schema = {
            "type": "object",
            "properties": properties,
            "required": [p.argument for p in operation.parameters if p.required],
            "additionalProperties": False,
        }
        return Tool(
            name=operation.name,
            description=" ".join(filter(None, (f"{operation.method} {operation.path}", operation.summary))),
            effect="read" if operation.reads else "write",
            schema=schema,
            function=lambda **arguments: self.call(operation, arguments),
            origin=self.name,
            preview=lambda arguments: self.request(operation, arguments).text(),
            first_pages=(
                (lambda **arguments: self.call(operation, arguments, pages=_FIRST_PAGES))
                if operation.reads
                else None
            ),
        )


def connect(
    name: str,
    spec: str,
    *,
    url: str = "",
    auth: Auth = NO_AUTH,
    resolver: Resolver = resolve,
    sleep: Callable[[float], None] = time.sleep,
) -> Service:
    """Register the API that a specification describes.

    Args:
        spec: path or URL of an OpenAPI 3.x or Swagger 2.0 document.
        url: where the API is, if not where the specification says.
        auth: goes to that server only.

    Raises:
        ConfigError: no such document, or it names no server.
        ToolError: the server may not or cannot be reached.
    """
    hosts = Hosts(resolver)
    source = httpx.URL(spec) if "://" in spec else None
    if source is not None:
        hosts.allow(source, typed=True)
        # The document is fetched with the secret too: many servers hide it behind the same login.
        fetching = Client(hosts, auth=auth, trusted=origin_of(source), sleep=sleep)
        try:
            text = fetching.send(Request("GET", source), Sending(time.monotonic() + _SPEC_SECONDS)).text
        finally:
            fetching.close()
    else:
        text = read_file(Path(spec).expanduser())
    document = parse(text, spec)
    base = _base(document, source, url)
    hosts.allow(base, typed=bool(url) or (source is not None and origin_of(base) == origin_of(source)))
    client = Client(hosts, auth=auth, trusted=origin_of(base), sleep=sleep)
    return Service(name, base, operations(document), client)


def _base(document: Mapping[str, Any], source: httpx.URL | None, url: str) -> httpx.URL:
    listed = servers(document)
    try:
        if url:
            return httpx.URL(url)
        found = httpx.URL(listed[0]) if listed else httpx.URL("")
        found = source.join(found) if source is not None else found
    except httpx.InvalidURL as exc:
        msg = f"The address of the API cannot be read ({one_line(str(exc))}). Give it: --url https://…"
        raise ConfigError(msg) from exc
    if not found.host:
        msg = "The specification does not say where the API is. Give its address: --url https://…"
        raise ConfigError(msg)
    return found


def _raw(base: httpx.URL, path: str, query: Sequence[tuple[str, str]]) -> bytes:
    start = base.raw_path.partition(b"?")[0].rstrip(b"/")
    raw = start + quote(path, safe="/%:@!$&'()*+,;=~-._").encode()
    return raw + (b"?" + urlencode(query).encode() if query else b"")


def _segment(argument: str, value: Any) -> str:
    text = _text(value)
    if text in ("", ".", ".."):
        msg = f"{argument}={text!r} cannot be a part of an address."
        raise ToolError("wrong_argument", msg, "Give the name or id that the question is about.")
    return quote(text, safe="")


def _header(argument: str, value: Any) -> str:
    text = _text(value)
    if not text.isprintable() or not text.isascii():
        raise ToolError("wrong_argument", f"{argument} cannot be sent as a header.", "Use plain ASCII text.")
    return text


def _texts(value: Any) -> list[str]:
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

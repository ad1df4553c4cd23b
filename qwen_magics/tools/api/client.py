"""One HTTP request with everything that can go wrong: redirects, retries, limits. Knows no specification."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

import httpx

from qwen_magics.errors import ToolError
from qwen_magics.tools.api.addresses import Hosts, PinnedTransport, origin_of
from qwen_magics.tools.api.auth import NO_AUTH, Auth
from qwen_magics.tools.json_schema import one_line
from qwen_magics.tools.news import tell
from qwen_magics.tools.output import Exchange

__all__ = ["Client", "Reply", "Request", "Sending"]

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_PASSING = {429, 502, 503, 504}
_ATTEMPTS = 4
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 60.0
_SHOWN_ERROR = 300
_KEPT_BODY = 2000
_SILENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """What would be sent, whole but for the authentication.

    Attributes:
        body: JSON text or form, empty for none.
        headers: without any secret.
        repeatable: it may be sent again after a failure, as a GET may, because it only reads.
    """

    method: str
    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    repeatable: bool = False

    @property
    def reads(self) -> bool:
        """Whether a failure leaves nothing in doubt."""
        return self.repeatable or self.method == "GET"

    def text(self) -> str:
        """As a person reads it before approving."""
        lines = [f"{self.method} {self.url}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\n".join((*lines, *(("", self.body) if self.body else ())))


@dataclass(frozen=True, slots=True)
class Reply:
    """A response that was read to its end."""

    url: httpx.URL
    headers: httpx.Headers
    text: str

    def json(self) -> Any:
        """The body as a value: JSON if it is, else the text; None if there is none.

        Raises:
            ToolError: it says that it is JSON and is not.
        """
        if not self.text.strip():
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as exc:
            if "json" in self.headers.get("content-type", ""):
                msg = f"The server sent broken JSON ({exc})."
                raise ToolError("broken_reply", one_line(msg)) from exc
            return self.text


@dataclass
class Sending:
    """The limits of one call, and what was exchanged within them.

    Attributes:
        deadline: `time.monotonic()` at which to give up.
        bytes_left: how much may still be read.
        attempts: how often one request is tried.
    """

    deadline: float
    bytes_left: int = 50_000_000
    attempts: int = _ATTEMPTS
    exchanges: list[Exchange] = field(default_factory=list)


class Client:
    """Sends requests to registered servers.

    Args:
        auth: goes to the servers in `trusted` (origins) only.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        hosts: Hosts,
        *,
        auth: Auth = NO_AUTH,
        trusted: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.hosts = hosts
        self.auth = auth
        self._trusted = trusted
        self._sleep = sleep
        self._transport = PinnedTransport(hosts)
        self._http = httpx.Client(transport=self._transport, trust_env=False, follow_redirects=False)

    def release(self) -> None:
        """Close all connections: between two calls none is held open."""
        self._transport.close()

    def close(self) -> None:
        """Send nothing any more."""
        self._http.close()

    def send(self, request: Request, sending: Sending) -> Reply:
        """The reply to a request, after redirects and retries.

        Raises:
            ToolError: refused, `http_404` and the like, `timeout`, `too_large`, `connection`.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            response, text = self._patiently(request, sending)
            target = response.headers.get("location")
            if response.status_code not in _REDIRECTS or not target:
                self._refuse_errors(request, response, text)
                return Reply(request.url, response.headers, text)
            request = self._redirected(request, target)
        msg = f"The server redirected more than {_MOST_REDIRECTS} times."
        raise ToolError("redirect", msg, "Give the final address of the API: %qwen api NAME SPEC --url URL.")

    def _redirected(self, request: Request, target: str) -> Request:
        try:
            url = request.url.join(target)
        except (httpx.InvalidURL, ValueError) as exc:
            raise ToolError("redirect", f"The server redirects to no address ({one_line(target)}).") from exc
        if request.method != "GET":
            where = one_line(str(url))
            msg = f"The server wants the {request.method} repeated at {where}, which is never done."
            raise ToolError("redirect", msg, "Register that address if it is right.")
        if request.url.scheme == "https" and url.scheme != "https":
            msg = "The server redirects from https to an unencrypted address, which is refused."
            raise ToolError("redirect", msg)
        self.hosts.check(url)
        return replace(request, url=url)

    def _patiently(self, request: Request, sending: Sending) -> tuple[httpx.Response, str]:
        for attempt in range(1, sending.attempts + 1):
            try:
                response, text = self._once(request, sending)
            except httpx.RequestError as exc:
                pause = _FIRST_PAUSE_S * 2 ** (attempt - 1)
                if (
                    not self._may_repeat(request, None)
                    or attempt == sending.attempts
                    or not _fits(pause, sending)
                ):
                    raise self._failure(request, exc) from exc
            else:
                pause = _pause(response, attempt)
                if (
                    response.status_code not in _PASSING
                    or attempt == sending.attempts
                    or not self._may_repeat(request, response.status_code)
                    or not _fits(pause, sending)
                ):
                    return response, text
            tell(f"{request.url.host} is busy: trying again in {pause:.1f} s")
            self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    @staticmethod
    def _may_repeat(request: Request, status: int | None) -> bool:
        # 429 says that nothing was done; after anything else a write may have happened.
        return request.reads or status == 429

    def _once(self, request: Request, sending: Sending) -> tuple[httpx.Response, str]:
        left = sending.deadline - time.monotonic()
        if left <= 0:
            raise ToolError("timeout", "The time for this call is over.", "Ask for less.")
        started = time.monotonic()
        kept = Exchange(request.method, self.auth.hide(str(request.url)), None, self.auth.hide(request.body))
        try:
            response, body = self._read(request, sending, left)
        except (httpx.RequestError, ToolError) as exc:
            seconds = time.monotonic() - started
            error = one_line(self.auth.hide(str(exc))) or type(exc).__name__
            sending.exchanges.append(replace(kept, seconds=seconds, error=error))
            raise
        sending.bytes_left -= len(body)
        text = self.auth.hide(_decoded(response, body))
        sending.exchanges.append(
            replace(
                kept,
                status=response.status_code,
                response_body=text[:_KEPT_BODY],
                response_bytes=len(body),
                content_type=one_line(response.headers.get("content-type", "")),
                seconds=time.monotonic() - started,
            )
        )
        return response, text

    def _read(self, request: Request, sending: Sending, left: float) -> tuple[httpx.Response, bytes]:
        headers = {"Accept": "application/json", **request.headers, **self._secret_headers(request.url)}
        body = bytearray()
        with self._http.stream(
            request.method,
            request.url,
            headers=headers,
            content=request.body.encode() if request.body else None,
            timeout=httpx.Timeout(min(_SILENCE_S, left)),
        ) as response:
            for chunk in response.iter_bytes():
                body += chunk
                self._refuse_excess(len(body), sending)
        return response, bytes(body)

    def _secret_headers(self, url: httpx.URL) -> dict[str, str]:
        return self.auth.headers() if origin_of(url) == self._trusted else {}

    @staticmethod
    def _refuse_excess(size: int, sending: Sending) -> None:
        if size > sending.bytes_left:
            msg = "The reply is larger than 50 MB and was not read to its end."
            raise ToolError("too_large", msg, "Filter on the server with one of the function's arguments.")
        if time.monotonic() > sending.deadline:
            raise ToolError(
                "timeout", "The server was still sending when the time was over.", "Ask for less."
            )

    def _failure(self, request: Request, exc: httpx.RequestError) -> ToolError:
        what = one_line(self.auth.hide(str(exc))) or type(exc).__name__
        done = "" if request.reads else " Whether it was carried out is not known."
        if isinstance(exc, httpx.TimeoutException):
            return ToolError("timeout", f"{request.url.host} did not answer in time.{done}")
        msg = f"{request.url.host} cannot be reached ({what}).{done}"
        return ToolError("connection", msg, "Check that the server runs and that the address is right.")

    def _refuse_errors(self, request: Request, response: httpx.Response, text: str) -> None:
        status = response.status_code
        if status < 400:
            return
        said = one_line(text, _SHOWN_ERROR)
        msg = f"{request.method} {request.url.path} was answered with {status} {response.reason_phrase}"
        raise ToolError(f"http_{status}", f"{msg}: {said}" if said else f"{msg}.", _HINTS.get(status, ""))


_HINTS = {
    400: "Correct the arguments that the server complains about.",
    401: "Register the API again with --bearer, --basic or --key.",
    403: "The account behind the token may not do this.",
    404: "Check the names and ids in the call.",
    409: "It exists already or is being changed: read it again first.",
    412: "It was changed by somebody else meanwhile: read it again, then repeat the change.",
    422: "Correct the arguments that the server complains about.",
    429: "The server allows no more requests now; ask later.",
}


def _decoded(response: httpx.Response, body: bytes) -> str:
    try:
        return body.decode(response.charset_encoding or "utf-8", errors="replace")
    except LookupError:  # a charset that does not exist
        return body.decode("utf-8", errors="replace")


def _fits(pause: float, sending: Sending) -> bool:
    return pause <= _LONGEST_PAUSE_S and time.monotonic() + pause < sending.deadline


def _pause(response: httpx.Response, attempt: int) -> float:
    """What `Retry-After` says (seconds or a date), else twice as long each time."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said[:9])
    try:
        moment = email.utils.parsedate_to_datetime(said)
        seconds = (moment - datetime.now(timezone.utc)).total_seconds()
        return max(0.0, seconds)
    except (ValueError, TypeError):
        return _FIRST_PAUSE_S * float(2 ** (attempt - 1))

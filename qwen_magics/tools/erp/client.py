"""A session with one Tryton database: login, calls, pages. Knows no tool."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from qwen_magics.errors import ConfigError, ToolError
from qwen_magics.tools.api.addresses import Hosts, origin_of
from qwen_magics.tools.api.auth import Auth
from qwen_magics.tools.api.client import Client, Request, Sending
from qwen_magics.tools.erp.wire import encoded, result_of
from qwen_magics.tools.output import Exchange

__all__ = ["TrytonClient"]

_SECONDS = 60.0
_PAGE = 1000
_MOST_ROWS = 200_000


class TrytonClient:
    """Sends calls to one database, as one user.

    Args:
        base: of the database, such as `http://127.0.0.1:8075/company`.
        auth: user and password, of the kind `basic`; they are sent in the login alone.

    Attributes:
        context: what every call carries: the user's company and language.
    """

    def __init__(self, base: httpx.URL, hosts: Hosts, auth: Auth, sleep: Callable[[float], None]) -> None:
        self.base = base
        self.auth = auth
        self.context: dict[str, Any] = {}
        self._user, self._password = auth.login()
        self._endpoint = base.copy_with(path=f"{base.path.rstrip('/')}/rpc/")
        self._http = Client(hosts, auth=auth.sent_as(""), trusted=origin_of(base), sleep=sleep)
        self._sending = Sending(time.monotonic() + _SECONDS)

    def close(self) -> None:
        """Send nothing any more."""
        self._http.close()

    @contextmanager
    def exchanging(self) -> Iterator[list[Exchange]]:
        """The limits of one tool call, and what is exchanged within them: without the login."""
        self._sending = Sending(time.monotonic() + _SECONDS)
        try:
            yield self._sending.exchanges
        except ToolError as error:
            error.exchanges = tuple(self._sending.exchanges)
            raise
        finally:
            self._http.release()

    def open(self) -> None:
        """Log in, and learn the user's company and language.

        Raises:
            ToolError: the login is refused, or there is no such database.
            ConfigError: a user without a company, who sees no orders.
        """
        self._log_in()
        found = self.call("res.user.get_preferences", True, context={})
        if not found.get("company"):
            msg = f"{self._user} belongs to no company in Tryton. Give that user one: Administration, Users."
            raise ConfigError(msg)
        self.context = {"company": found["company"], "language": found.get("language") or "en"}

    def call(self, method: str, *arguments: Any, context: Mapping[str, Any] | None = None) -> Any:
        """The result of a method that reads, such as `ir.date.today`.

        Raises:
            ToolError: what Tryton said; no such server or database; a login that is not accepted any more.
        """
        params = (*arguments, {**self.context, **(context or {})})
        return self.send(self.request(method, params, reads=True), method)

    def request(self, method: str, params: Sequence[Any], *, reads: bool) -> Request:
        """The exact request of a call. One that changes something is laid out for a person to read."""
        body = encoded(f"model.{method}", params, indent=None if reads else 2)
        return Request("POST", self._endpoint, {"Content-Type": "application/json"}, body, repeatable=reads)

    def send(self, request: Request, method: str) -> Any:
        """The result of a request; a session that has expired is opened anew.

        Raises:
            ToolError: see `call`.
        """
        try:
            reply = self._http.send(request, self._sending)
        except ToolError as error:
            if error.kind != "http_401":
                raise self._explained(error) from error
            # Refused before anything was run, so that a change may be sent again as well.
            self._log_in()
            reply = self._http.send(request, self._sending)
        return result_of(reply.json(), method)

    def rows(
        self,
        model: str,
        domain: Sequence[Any],
        fields: Sequence[str],
        *,
        context: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """All records within a domain, in the order of their ids. See `call` for errors."""
        found: list[dict[str, Any]] = []
        while len(found) < _MOST_ROWS:
            arguments = (list(domain), len(found), _PAGE, [["id", "ASC"]], list(fields))
            page = self.call(f"{model}.search_read", *arguments, context=context)
            found += page
            if len(page) < _PAGE:
                return found
        msg = f"More than {_MOST_ROWS:,} records of {model} were found."
        raise ToolError("too_large", msg, "Ask for one customer, order or product.")

    def _log_in(self) -> None:
        # One attempt: Tryton counts wrong passwords. Its exchange is kept nowhere, as it holds the password.
        params = [self._user, {"password": self._password}, "en"]
        body = encoded("common.db.login", params)
        request = Request("POST", self._endpoint, {"Content-Type": "application/json"}, body)
        self._http.auth = self.auth.sent_as("")
        try:
            reply = self._http.send(request, Sending(time.monotonic() + _SECONDS, attempts=1))
            user, token, *_ = result_of(reply.json(), "the login")
        except ToolError as error:
            raise self._explained(error) from None  # its cause may hold what was sent
        session = base64.b64encode(f"{self._user}:{user}:{token}".encode()).decode()
        self._http.auth = self.auth.sent_as(f"Session {session}", session, str(token))

    def _explained(self, error: ToolError) -> ToolError:
        database = self.base.path.strip("/")
        again = "Register it again with the right login: %qwen api NAME tryton+URL --basic VARIABLE"
        if error.kind == "http_401":
            msg = f"Tryton does not accept this user and password for the database {database}."
            return ToolError(error.kind, msg, f"{again} (user:password).")
        if error.kind == "http_429":
            msg = "Tryton refuses logins for a while, after too many with a wrong password."
            return ToolError(error.kind, msg, "Wait five minutes, then register it again.")
        if error.kind == "http_404":
            msg = f"There is no Tryton database {database} on {self.base.host}."
            return ToolError(error.kind, msg, "Write its address as tryton+http://HOST:PORT/DATABASE.")
        return error

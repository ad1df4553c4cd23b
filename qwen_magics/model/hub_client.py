"""Requests to a Hugging Face hub: who sees the token, which redirects are followed, what a refusal means.

Environment: HF_ENDPOINT, HF_TOKEN (or the file that `hf auth login` wrote), HF_HUB_OFFLINE, and the usual
proxy and certificate variables.
"""

from __future__ import annotations

import os
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwen_magics.errors import DownloadError
from qwen_magics.model.progress import Reporter
from qwen_magics.model.transfer import Response, Transfer, TransferBroken

__all__ = ["HubClient", "HubLimits", "connect"]

_ENDPOINT = "https://huggingface.co"
_REDIRECTS = {301, 302, 303, 307, 308}
_TRUE = {"1", "on", "yes", "true"}


@dataclass(frozen=True, slots=True)
class HubLimits:
    """Patience: seconds to connect, seconds without a byte, broken transfers in a row without progress."""

    connect_s: float = 8.0
    stall_s: float = 30.0
    attempts: int = 3
    pause_s: float = 1.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by `HubClient`, which knows where the token may go."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HubClient:
    """One endpoint. The token goes to that endpoint only, and is given up if the endpoint refuses it."""

    def __init__(self, reporter: Reporter, limits: HubLimits) -> None:
        self.endpoint = (os.environ.get("HF_ENDPOINT") or _ENDPOINT).rstrip("/")
        self.host = urllib.parse.urlsplit(self.endpoint).hostname or self.endpoint
        self.token = _token()
        self._refused = False
        self._reporter, self._limits = reporter, limits
        self._opener = urllib.request.build_opener(
            _NoRedirect, urllib.request.HTTPSHandler(context=_certificates())
        )

    def request(self, method: str, path: str, *, offset: int = 0, to_the_end: bool = True) -> Transfer:
        """The answer to a request; redirects to other hosts only if `to_the_end`.

        Raises:
            DownloadError: the hub refuses.
            TransferBroken: it cannot be reached.
        """
        url = f"{self.endpoint}/{path}"
        for _ in range(6):
            transfer = self._send(method, url, offset)
            if transfer.status == 401 and self.token is not None:
                # Qwen's repositories are public: only a stale token stands between us and them.
                transfer.close()
                self.token, self._refused = None, True
                continue
            target = urllib.parse.urljoin(url, transfer.headers.get("Location") or "")
            if transfer.status not in _REDIRECTS or target == url:
                return self._checked(transfer)
            if not to_the_end and (_origin(target) != _origin(url) or "x-linked-etag" in transfer.headers):
                return transfer
            transfer.close()
            if url.startswith("https:") and not target.startswith("https:"):
                msg = f"{self.host} redirects to an unencrypted address, which is not followed"
                raise DownloadError(msg)
            url = target
        msg = f"{self.host} redirects in circles"
        raise DownloadError(msg)

    def _send(self, method: str, url: str, offset: int) -> Transfer:
        headers = {"User-Agent": "qwen-magics", "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        if self.token is not None and _origin(url) == _origin(self.endpoint):
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(url, headers=headers, method=method)

        def send() -> Response:
            try:
                answer: Response = self._opener.open(request, timeout=self._limits.stall_s)
            except urllib.error.HTTPError as error:
                return error
            return answer

        return Transfer(
            send,
            connect_s=self._limits.connect_s,
            stall_s=self._limits.stall_s,
            reporter=self._reporter,
            body=method == "GET",
        )

    def _checked(self, transfer: Transfer) -> Transfer:
        status = transfer.status
        if status < 400 or status == 416:
            return transfer
        transfer.close()
        if status == 401 and self._refused:
            why = "does not accept the access token: renew or unset HF_TOKEN (HTTP 401)"
        elif status == 401:
            why = "asks for a login: set HF_TOKEN to an access token (HTTP 401)"
        elif status == 403:
            why = "or a proxy before it forbids it: see the repository's page in a browser (HTTP 403)"
        elif status == 404:
            why = "has no such repository or file (HTTP 404)"
        elif status == 407:
            why = "is behind a proxy that asks for a login: put it into HTTPS_PROXY (HTTP 407)"
        elif status == 429 or status >= 500:
            msg = f"{self.host} is too busy or broken at the moment (HTTP {status})"
            raise TransferBroken(msg)
        else:
            why = f"answers HTTP {status}"
        msg = f"{self.host} {why}"
        raise DownloadError(msg)


def connect(reporter: Reporter, limits: HubLimits | None) -> HubClient:
    """A client with the settings of the environment.

    Raises:
        DownloadError: HF_HUB_OFFLINE is set.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in _TRUE:
        msg = "HF_HUB_OFFLINE is set"
        raise DownloadError(msg)
    return HubClient(reporter, limits or HubLimits())


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _token(environ: Mapping[str, str] = os.environ) -> str | None:
    """HF_TOKEN, or what `hf auth login` left, unless HF_HUB_DISABLE_IMPLICIT_TOKEN forbids that."""
    token = environ.get("HF_TOKEN")
    if not token and environ.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").lower() not in _TRUE:
        home = environ.get("HF_HOME") or "~/.cache/huggingface"
        path = Path(environ.get("HF_TOKEN_PATH") or Path(home) / "token").expanduser()
        try:
            token = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            token = None
    token = (token or "").strip()
    # A line break in a header would be an error whose text contains the token.
    return token if re.fullmatch(r"[!-~]+", token) else None


def _certificates() -> ssl.SSLContext:
    bundle = (
        os.environ.get("SSL_CERT_FILE")
        or os.environ.get("REQUESTS_CA_BUNDLE")
        or os.environ.get("CURL_CA_BUNDLE")
    )
    if bundle and Path(bundle).is_file():
        return ssl.create_default_context(cafile=bundle)
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:  # python.org's Python on macOS comes without any
        try:
            import certifi
        except ImportError:
            return context
        context.load_verify_locations(certifi.where())
    return context

"""One HTTP response, read in a thread, so that nothing in the network can hold up whoever waits for it.

A DNS server that hangs, a connection that stalls and a stop button are all noticed within a tenth of a
second; Python's own time limits cover neither name resolution nor a list of addresses that are tried one
after the other.
"""

from __future__ import annotations

import http.client
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Protocol

from qwen_magics.model.progress import Reporter

__all__ = ["Response", "Transfer", "TransferBroken"]

_CHUNK = 1 << 20
_POLL_S = 0.1


class Response(Protocol):
    """The part of `http.client.HTTPResponse` and `urllib.error.HTTPError` that is used here."""

    headers: Message

    @property
    def status(self) -> int | None: ...
    def read1(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class TransferBroken(Exception):
    """The connection could not be made, or ended early; says why. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """An error on its way to the caller. Not the bare exception: urllib's HTTPError is an answer as well."""

    error: Exception


class Transfer:
    """Opens a response in a thread and hands over its body in pieces.

    Args:
        open_response: connects; runs in the thread.
        connect_s: most seconds until the answer begins, name resolution and all.
        stall_s: most seconds without a byte after that.
        body: whether the body is wanted.
    """

    def __init__(
        self,
        open_response: Callable[[], Response],
        *,
        connect_s: float,
        stall_s: float,
        reporter: Reporter,
        body: bool,
    ) -> None:
        self._open = open_response
        self._stall_s = stall_s
        self._reporter = reporter
        self._body = body
        # Bounded: a disk slower than the network must not fill the memory.
        self._queue: queue.Queue[Response | bytes | _Failure] = queue.Queue(maxsize=8)
        self._abandoned = threading.Event()
        threading.Thread(target=self._run, name="qwen-magics-transfer", daemon=True).start()
        try:
            response = self._next(connect_s, f"no answer within {connect_s:g} s")
        except BaseException:
            self.close()
            raise
        assert not isinstance(response, bytes)
        self.status: int = response.status or 0
        self.headers: Message = response.headers

    def chunks(self) -> Iterator[bytes]:
        """The body.

        Raises:
            TransferBroken: the connection ended or stalled.
        """
        try:
            while chunk := self._next(self._stall_s, f"nothing came for {self._stall_s:g} s"):
                assert isinstance(chunk, bytes)
                yield chunk
        finally:
            self.close()

    def close(self) -> None:
        """Let the thread end; it closes the connection."""
        self._abandoned.set()

    def _next(self, seconds: float, late: str) -> Response | bytes:
        deadline = time.monotonic() + seconds
        while True:
            self._reporter.check()
            try:
                item = self._queue.get(timeout=_POLL_S)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise TransferBroken(late) from None
                continue
            if isinstance(item, _Failure):
                raise TransferBroken(_reason(item.error)) from item.error
            return item

    def _run(self) -> None:
        try:
            response = self._open()
        except (OSError, http.client.HTTPException, ValueError) as exc:
            self._put(_Failure(exc))
            return
        try:
            self._put(response)
            while self._body and not self._abandoned.is_set():
                chunk = response.read1(_CHUNK)
                self._put(chunk)
                if not chunk:
                    return
        except (OSError, http.client.HTTPException, ValueError) as exc:
            self._put(_Failure(exc))
        finally:
            response.close()

    def _put(self, item: Response | bytes | _Failure) -> None:
        while not self._abandoned.is_set():
            try:
                self._queue.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return


def _reason(error: BaseException) -> str:
    # urllib wraps the socket's error: "<urlopen error [Errno -2] Name or service not known>"
    inner = getattr(error, "reason", None) or error
    text = getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
    return " ".join(str(text).split())[:200]

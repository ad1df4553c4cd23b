"""Refuses and notes connections beyond loopback, in every Python process that finds this file."""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Any

_WHERE = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0}
_WHERE |= {"socket.gethostbyname": 0}


def _is_near(host: object) -> bool:
    if host is None or host in ("", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    place = _WHERE.get(event)
    if place is None:
        return
    target = arguments[place]
    # A text is a socket in the file system, None a connected one.
    host = target[0] if isinstance(target, tuple) else target if place == 0 else None
    if _is_near(host):
        return
    with open(os.environ["NETWORK_ATTEMPTS"], "a", encoding="utf-8") as notes:
        notes.write(f"{event} {target!r} by {' '.join(sys.argv)[:200]}\n")
    raise OSError(f"no network here: {event} {target!r}")


sys.addaudithook(_watch)

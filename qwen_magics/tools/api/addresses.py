"""Which hosts may be reached: the registered ones, at addresses of the kind that the user has named.

A name is resolved once per connection, every address is checked, and the connection goes to the checked
address itself. So an answer of the name server that changes between check and connection changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import httpx

from qwen_magics.errors import ToolError

__all__ = ["Hosts", "PinnedTransport", "address_kind", "origin_of", "resolve"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order in which the system would try them.

    Raises:
        ToolError: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        msg = f"The host {host} has no address ({exc})."
        raise ToolError("address", msg, "Check the name, and that this machine is online.") from exc
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def address_kind(address: str) -> str:
    """`public`, `loopback`, `link-local`, `private`, or `special` (multicast, unspecified, reserved).

    >>> address_kind("169.254.169.254"), address_kind("::ffff:127.0.0.1")
    ('link-local', 'loopback')
    """
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        # An IPv4 address in IPv6's clothes is what it holds: mapped, or behind a NAT64 or 6to4 prefix.
        inner = found.ipv4_mapped or found.sixtofour or _nat64(found)
        if inner is not None:
            return address_kind(str(inner))
    if found.is_loopback:
        return "loopback"
    if found.is_link_local:
        return "link-local"
    if found.is_unspecified or found.is_multicast or (found.is_reserved and not found.is_private):
        return "special"
    return "public" if found.is_global else "private"


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port: what two URLs must share to be the same server.

    >>> origin_of(httpx.URL("https://example.org/v1"))
    'https://example.org:443'
    """
    port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
    return f"{url.scheme}://{url.host}:{port}"


@dataclass
class Hosts:
    """The servers that may be reached.

    Attributes:
        resolver: gives the addresses of a name.
    """

    resolver: Resolver = resolve
    _kinds: dict[str, set[str]] = field(default_factory=dict)

    def allow(self, url: httpx.URL, *, typed: bool) -> None:
        """Register the server of `url`. Only one that the user has typed may be on this machine or network.

        Raises:
            ToolError: no http(s) URL, or a name without address.
        """
        if url.scheme not in ("http", "https") or not url.host:
            msg = f"{str(url)[:100]!r} is no http or https address."
            raise ToolError("address", msg, "Write it with https:// or http:// in front.")
        kinds = {"public"}
        if typed:
            kinds |= {address_kind(a) for a in self._addresses(url)}
        self._kinds.setdefault(origin_of(url), set()).update(kinds)

    def origins(self) -> Iterable[str]:
        """The registered servers."""
        return self._kinds

    def check(self, url: httpx.URL) -> None:
        """Refuse a server that is not registered.

        Raises:
            ToolError: with the registered ones in its message.
        """
        if origin_of(url) not in self._kinds:
            known = ", ".join(self._kinds) or "none"
            msg = f"{origin_of(url)} is not a registered server (registered: {known})."
            raise ToolError("address", msg, "Only servers named with %qwen api are reached.")

    def address(self, url: httpx.URL) -> str:
        """The checked address to connect to.

        Raises:
            ToolError: the server is not registered, or one of its addresses is of a kind that was not.
        """
        self.check(url)
        addresses = self._addresses(url)
        for address in addresses:
            kind = address_kind(address)
            if kind not in self._kinds[origin_of(url)]:
                msg = f"{url.host} leads to the {kind} address {address}, which was not registered."
                hint = "If that is meant, register it by typing its URL: %qwen api NAME SPEC --url URL."
                raise ToolError("address", msg, hint)
        return addresses[0]

    def _addresses(self, url: httpx.URL) -> list[str]:
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = list(self.resolver(url.host, port))
        if not addresses:
            msg = f"The host {url.host} has no address."
            raise ToolError("address", msg, "Check the name.")
        return addresses


class PinnedTransport(httpx.BaseTransport):
    """Connects to the address that was checked, under the name that was asked for (also in TLS)."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._transports: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; see `Hosts.address` for what is refused."""
        address = self._hosts.address(request.url)
        origin = origin_of(request.url)
        # One pool per server: connections are pooled by address, and two names may share one.
        transport = self._transports.setdefault(origin, httpx.HTTPTransport(trust_env=False))
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address.partition("%")[0]),
            headers=request.headers,  # `Host` was set from the name when the request was built
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return transport.handle_request(pinned)

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        while self._transports:
            self._transports.popitem()[1].close()

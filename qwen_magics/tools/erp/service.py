"""A registered Tryton: its tools, and who may be reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import httpx

from qwen_magics.errors import ConfigError
from qwen_magics.tools.api.addresses import Hosts, Resolver, resolve
from qwen_magics.tools.api.auth import Auth
from qwen_magics.tools.erp.client import TrytonClient
from qwen_magics.tools.erp.ordering import Ordering
from qwen_magics.tools.erp.reading import Reading
from qwen_magics.tools.erp.table import Table
from qwen_magics.tools.json_schema import one_line
from qwen_magics.tools.output import ToolOutput, output_of
from qwen_magics.tools.registry import Effect, Tool, tool_of

__all__ = ["PREFIX", "Erp", "connect_tryton"]

PREFIX = "tryton+"
# Tool → the models of Tryton that it needs: which there are depends on the modules of the database.
_NEEDS = {
    "list_late_orders": ("sale.sale", "stock.shipment.out"),
    "list_sales_orders": ("sale.sale",),
    "list_sold_products": ("sale.line",),
    "list_parties": ("party.party",),
    "list_products": ("product.product",),
    "list_stock": ("stock.location", "product.product"),
    "list_shortages": ("stock.order_point",),
    "list_purchases": ("purchase.line",),
    "create_purchase": ("purchase.purchase", "purchase.product_supplier"),
}


class Erp:
    """One Tryton database.

    Attributes:
        name: as the user registered it.
        base: its address.
        tools: what its modules allow; `create_purchase` writes, everything else reads.
    """

    def __init__(self, name: str, client: TrytonClient, hosts: Hosts, models: set[str]) -> None:
        self.name = name
        self.base = client.base
        self._client = client
        self._hosts = hosts
        reading, ordering = Reading(client), Ordering(client)
        self.tools: tuple[Tool, ...] = tuple(
            self._tool(getattr(ordering if name == "create_purchase" else reading, name), ordering)
            for name, needed in _NEEDS.items()
            if models.issuperset(needed)
        )

    @property
    def auth(self) -> str:
        """Where user and password come from; never these."""
        return self._client.auth.label

    def hosts(self) -> list[str]:
        """The servers that its calls may reach."""
        return sorted(self._hosts.origins())

    def close(self) -> None:
        """Further calls fail."""
        self._client.close()

    def _tool(self, method: Callable[..., Any], ordering: Ordering) -> Tool:
        found = tool_of(method)
        effect: Effect = "write" if found.name == "create_purchase" else "read"

        def run(**arguments: Any) -> ToolOutput:
            with self._client.exchanging() as exchanges:
                value = method(**arguments)
            if isinstance(value, Table):
                return output_of(value.frame(), found.name, exchanges=exchanges, about=value.about)
            return output_of(value, found.name, exchanges=exchanges)

        def preview(arguments: Mapping[str, Any]) -> str:
            with self._client.exchanging():
                return ordering.preview(arguments)

        return replace(
            found,
            effect=effect,
            function=run,
            origin=self.name,
            preview=preview if effect == "write" else None,
        )


def connect_tryton(
    name: str,
    spec: str,
    *,
    auth: Auth | None = None,
    resolver: Resolver = resolve,
    sleep: Callable[[float], None] = time.sleep,
) -> Erp:
    """Log in to a Tryton database and see what it offers.

    Args:
        spec: `tryton+http://HOST:PORT/DATABASE`, or with https.
        auth: of the kind `basic`: user and password.

    Raises:
        ConfigError: another form of address, no login, or a user without company.
        ToolError: the server cannot be reached or refuses the login.
    """
    base = _base(spec)
    if auth is None:
        msg = f"Tryton needs a login: %qwen api {name} {spec} --basic VARIABLE (with user:password in it)."
        raise ConfigError(msg)
    hosts = Hosts(resolver)
    hosts.allow(base, typed=True)
    client = TrytonClient(base, hosts, auth, sleep)
    try:
        with client.exchanging():
            client.open()
            wanted = sorted({model for needed in _NEEDS.values() for model in needed})
            models = {row["name"] for row in client.rows("ir.model", [("name", "in", wanted)], ("name",))}
    except BaseException:
        client.close()
        raise
    return Erp(name, client, hosts, models)


def _base(spec: str) -> httpx.URL:
    try:
        found = httpx.URL(spec.removeprefix(PREFIX))
    except httpx.InvalidURL as exc:
        msg = f"The address of Tryton cannot be read ({one_line(str(exc))})."
        raise ConfigError(msg) from exc
    if found.userinfo:
        msg = "A password in the address would be saved with the notebook. Give it by --basic VARIABLE."
        raise ConfigError(msg)
    database = found.path.strip("/")
    if not found.host or not database or "/" in database or found.query:
        msg = "The address of Tryton names a server and a database: tryton+http://HOST:PORT/DATABASE."
        raise ConfigError(msg)
    return found

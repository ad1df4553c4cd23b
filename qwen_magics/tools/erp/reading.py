"""What may be read of Tryton: one method per question of an analyst, each giving a table.

Typed arguments instead of Tryton's domains, which a small model writes badly. The docstrings are what the
model chooses by.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.errors import ToolError
from qwen_magics.tools.erp.client import TrytonClient
from qwen_magics.tools.erp.table import Table

__all__ = ["Reading", "find_product"]

_OPEN = ("draft", "waiting", "assigned", "picked", "packed")


class Reading:
    """The reading tools; every public method is one."""

    def __init__(self, client: TrytonClient) -> None:
        self._client = client

    def list_late_orders(self) -> Table:
        """Late sales orders: the planned shipping date has passed and the order is not shipped yet."""
        today = self._today()
        domain = [("shipments.planned_date", "<", today), ("shipments.state", "in", _OPEN)]
        fields = ("number", "party.rec_name", "total_amount", "currency.code", "shipments.planned_date")
        more = ("shipments.state", "lines.quantity", "lines.product.code")
        columns = ("order_number", "customer", "planned_date", "days_late", "amount", "currency", "products")
        rows = []
        for sale in self._client.rows("sale.sale", domain, (*fields, *more)):
            # A sale may have several shipments: the longest overdue counts.
            dates = [
                s["planned_date"] for s in sale["shipments."] if s["state"] in _OPEN and s["planned_date"]
            ]
            planned = min(dates, default=today)
            if planned < today:
                late, products = (today - planned).days, _products(sale["lines."])
                amount, currency = sale["total_amount"], _name(sale, "currency", "code")
                rows.append((_number(sale), _name(sale, "party"), planned, late, amount, currency, products))
        return Table(columns, rows, "each row is a late order")

    def list_sales_orders(self, customer: str = "") -> Table:
        """Sales orders with customer, date, state, state of shipment and amount.

        customer: only this customer's
        """
        domain = [("party.rec_name", "ilike", f"%{customer}%")] if customer else []
        fields = ("number", "party.rec_name", "sale_date", "state", "shipment_state", "total_amount")
        columns = ("order_number", "customer", "order_date", "state", "shipment", "amount", "currency")
        rows = []
        for sale in self._client.rows("sale.sale", domain, (*fields, "currency.code")):
            states = (sale["state"], sale["shipment_state"])
            amount, currency = sale["total_amount"], _name(sale, "currency", "code")
            rows.append((_number(sale), _name(sale, "party"), sale["sale_date"], *states, amount, currency))
        return Table(columns, rows)

    def list_sold_products(self, customer: str = "") -> Table:
        """Lines of sales orders: each product sold with order, customer, quantity and amount.

        customer: only what this customer ordered
        """
        domain: list[Any] = [("type", "=", "line")]
        if customer:
            domain.append(("sale.party.rec_name", "ilike", f"%{customer}%"))
        fields = ("sale.number", "sale.party.rec_name", "product.code", "product.name", "quantity", "amount")
        columns = ("order_number", "customer", "product_code", "product", "quantity", "unit", "amount")
        rows = []
        for line in self._client.rows("sale.line", domain, (*fields, "unit.symbol")):
            head = (_number(line["sale."]), _name(line["sale."], "party"), *_product(line))
            rows.append((*head, line["quantity"], _name(line, "unit", "symbol"), line["amount"]))
        return Table(columns, rows)

    def list_parties(self, name: str = "") -> Table:
        """Customers and suppliers with their city and country.

        name: only the parties of this name
        """
        domain = [("rec_name", "ilike", f"%{name}%")] if name else []
        fields = ("name", "code", "addresses.city", "addresses.country.name")
        rows = []
        for party in self._client.rows("party.party", domain, fields):
            address: dict[str, Any] = next(iter(party["addresses."]), {})
            rows.append(
                (party["code"], party["name"], address.get("city"), _name(address, "country", "name"))
            )
        return Table(("code", "party", "city", "country"), rows)

    def list_products(self) -> Table:
        """Products with their code, unit, list price and cost price."""
        fields = ("code", "name", "default_uom.symbol", "list_price_used", "cost_price")
        rows = []
        for found in self._client.rows("product.product", (), fields):
            head = (found["code"], found["name"], _name(found, "default_uom", "symbol"))
            rows.append((*head, found["list_price_used"], found["cost_price"]))
        return Table(("product_code", "product", "unit", "list_price", "cost_price"), rows)

    def list_stock(self, product: str = "") -> Table:
        """Stock levels: quantity of each product in stock at each location.

        product: code or name of one product
        """
        wanted = [("id", "=", find_product(self._client, product)["id"])] if product else []
        fields = ("code", "name", "quantity", "default_uom.symbol")
        rows = []
        for place in self._client.rows("stock.location", [("type", "=", "storage")], ("name",)):
            context = {"locations": [place["id"]], "with_childs": False}
            for found in self._client.rows(
                "product.product", [*wanted, ("quantity", "!=", 0)], fields, context=context
            ):
                rows.append(_stocked(found, place["name"], found["quantity"]))
        if wanted and not rows:  # nothing anywhere is an answer too
            rows = [_stocked(p, None, 0.0) for p in self._client.rows("product.product", wanted, fields)]
        columns = ("product_code", "product", "location", "units_in_stock", "unit")
        return Table(columns, rows, "units_in_stock says how many, to be summed")

    def list_shortages(self) -> Table:
        """Shortages: products below their minimum after open orders, with the units missing to replenish.

        Available is what is in stock, less open orders of customers, plus open orders at suppliers.
        """
        points = self._client.rows(
            "stock.order_point",
            [("type", "=", "purchase")],
            ("product", "location", "min_quantity", "target_quantity"),
        )
        demand, supply = self._moves("to_location", "customer"), self._moves("from_location", "supplier")
        columns = (
            "product_code",
            "product",
            "units_in_stock",
            "units_ordered_by_customers",
            "units_ordered_at_suppliers",
        )
        rows = []
        for place in sorted({point["location"] for point in points}):
            levels = self._levels(place, [p["product"] for p in points if p["location"] == place])
            for point in points:
                if point["location"] != place or point["product"] not in levels:
                    continue
                found = levels[point["product"]]
                going, coming = demand.get(found["id"], 0.0), supply.get(found["id"], 0.0)
                available = found["quantity"] - going + coming
                if available < point["min_quantity"]:
                    target = point["target_quantity"]
                    head = (found["code"], found["name"], found["quantity"], going, coming)
                    rows.append((*head, available, point["min_quantity"], target, target - available))
        return Table(
            (*columns, "units_available", "minimum", "target", "units_missing"),
            rows,
            "each row is a product with a shortage",
        )

    def list_purchases(self) -> Table:
        """Purchases from suppliers: each product ordered, with supplier, quantity, price, state (draft)."""
        fields = ("purchase.number", "purchase.rec_name", "purchase.party.rec_name", "purchase.state")
        more = ("product.code", "product.name", "quantity", "unit.symbol", "unit_price", "amount")
        columns = ("purchase", "supplier", "state", "product_code", "product", "quantity", "unit")
        rows = []
        for line in self._client.rows("purchase.line", [("type", "=", "line")], (*fields, *more)):
            purchase = line["purchase."]
            head = (_number(purchase), _name(purchase, "party"), purchase["state"], *_product(line))
            unit = _name(line, "unit", "symbol")
            rows.append((*head, line["quantity"], unit, line["unit_price"], line["amount"]))
        return Table((*columns, "unit_price", "amount"), rows)

    def _today(self) -> dt.date:
        # The server's own: what is late is late for the company, wherever the notebook runs.
        today = self._client.call("ir.date.today", None)
        if not isinstance(today, dt.date):
            raise ToolError("broken_reply", "Tryton does not say which day it is.")
        return today

    def _levels(self, location: int, products: Sequence[int]) -> dict[int, dict[str, Any]]:
        found = self._client.rows(
            "product.product",
            [("id", "in", list(products))],
            ("code", "name", "quantity"),
            context={"locations": [location]},
        )
        return {product["id"]: product for product in found}

    def _moves(self, end: str, kind: str) -> dict[int, float]:
        """Quantities on their way to or from a kind of location, by product. Late ones count as well."""
        domain = [(f"{end}.type", "=", kind), ("state", "in", ["draft", "assigned"])]
        totals: dict[int, float] = {}
        for move in self._client.rows("stock.move", domain, ("product", "internal_quantity")):
            totals[move["product"]] = totals.get(move["product"], 0.0) + move["internal_quantity"]
        return totals


def find_product(client: TrytonClient, wanted: str) -> dict[str, Any]:
    """The one product of this code or name: `id`, `code` and `name`.

    Raises:
        ToolError: none or several, with the closest.
    """
    found = client.rows("product.product", [("rec_name", "ilike", f"%{wanted}%")], ("code", "name"))
    plain = wanted.casefold()
    exact = [p for p in found if plain in (str(p["code"]).casefold(), p["name"].casefold())]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if found:
        listed = ", ".join(f"{p['code']} {p['name']}" for p in found[:8])
        raise ToolError("wrong_argument", f"product={wanted!r} is several: {listed}.", "Give one code.")
    everything = client.rows("product.product", (), ("code", "name"))
    names = [str(p["code"] or p["name"]) for p in everything] + [p["name"] for p in everything]
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(names[:8])}."
    raise ToolError("wrong_argument", f"There is no product {wanted!r} in Tryton.", hint)


def _number(record: Mapping[str, Any]) -> str:
    # A draft has no number yet; its id is what Tryton shows.
    return str(record.get("number") or record["id"])


def _name(record: Mapping[str, Any], field: str, part: str = "rec_name") -> Any:
    inner = record.get(f"{field}.")
    return inner.get(part) if isinstance(inner, Mapping) else None


def _product(line: Mapping[str, Any]) -> tuple[Any, Any]:
    return _name(line, "product", "code"), _name(line, "product", "name")


def _products(lines: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(
        f"{line['quantity']:g} {_name(line, 'product', 'code')}" for line in lines if line["quantity"]
    )


def _stocked(product: Mapping[str, Any], place: str | None, quantity: float) -> tuple[Any, ...]:
    return product["code"], product["name"], place, quantity, _name(product, "default_uom", "symbol")

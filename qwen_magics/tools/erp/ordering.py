"""The one change: a draft purchase that replenishes a product. A person confirms it in Tryton."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from qwen_magics.errors import ToolError
from qwen_magics.tools.api.client import Request
from qwen_magics.tools.erp.client import TrytonClient
from qwen_magics.tools.erp.reading import find_product

__all__ = ["Ordering"]

_PURCHASE = ("company", "currency", "warehouse", "invoice_method")
_PARTY = ("invoice_address", "payment_term", "currency")
_LINE = ("unit", "unit_price", "product_supplier")


class Ordering:
    """Makes the request of a purchase, shows it, and sends what was shown."""

    def __init__(self, client: TrytonClient) -> None:
        self._client = client
        self._shown: dict[str, Request] = {}

    def create_purchase(self, product: str, quantity: float) -> dict[str, Any]:
        """Order a product from its supplier: record a draft purchase that replenishes or restocks it.

        product: code or name
        quantity: how many units to order
        """
        key = json.dumps([product, quantity])
        request = self._shown.pop(key, None) or self._prepared(product, quantity)[0]
        (found,) = self._client.send(request, "purchase.purchase.create")
        fields = ("state", "party.rec_name", "total_amount", "lines.quantity", "lines.product.code")
        (made,) = self._client.rows("purchase.purchase", [("id", "=", found)], fields)
        (line,) = made["lines."]
        return {
            "purchase": str(found),
            "supplier": made["party."]["rec_name"],
            "product_code": line["product."]["code"],
            "quantity": line["quantity"],
            "amount": float(made["total_amount"]),
            "state": made["state"],
        }

    def preview(self, arguments: Mapping[str, Any]) -> str:
        """What would be ordered in words, then the exact request; the same is sent after an approval.

        Raises:
            ToolError: no such product, no supplier, or a quantity that cannot be ordered.
        """
        product, quantity = str(arguments["product"]), float(arguments["quantity"])
        request, summary = self._prepared(product, quantity)
        self._shown = {json.dumps([arguments["product"], arguments["quantity"]]): request}
        return f"{summary}\n\n{request.text()}"

    def _prepared(self, product: str, quantity: float) -> tuple[Request, str]:
        if not 0 < quantity < 1e9:
            msg = f"quantity={quantity:g} cannot be ordered."
            raise ToolError("wrong_argument", msg, "Give a positive number.")
        found = find_product(self._client, product)
        supplier, name = self._supplier(found)
        head = self._head(supplier)
        line = self._line(found, quantity, head)
        values = {**head, "lines": [["create", [line]]]}
        params = [[values], self._client.context]
        request = self._client.request("purchase.purchase.create", params, reads=False)
        price = line["unit_price"]
        summary = (
            f"A draft purchase of {quantity:g} × {found['code']} {found['name']} "
            f"from {name}, at {price:.2f} each, {float(price) * quantity:,.2f} in all."
        )
        return request, summary

    def _supplier(self, product: Mapping[str, Any]) -> tuple[int, str]:
        fields = ("template.product_suppliers.party.rec_name", "purchasable")
        (found,) = self._client.rows("product.product", [("id", "=", product["id"])], fields)
        suppliers = found["template."]["product_suppliers."]  # in the order of preference
        if not found["purchasable"] or not suppliers:
            msg = f"{product['code']} {product['name']} has no supplier in Tryton, so it cannot be ordered."
            raise ToolError("wrong_argument", msg, "Add a supplier to the product in Tryton.")
        party = suppliers[0]["party."]
        return int(party["id"]), str(party["rec_name"])

    def _head(self, supplier: int) -> dict[str, Any]:
        """What Tryton's own form would fill in for a supplier: company, currency, warehouse, terms."""
        values = self._client.call("purchase.purchase.default_get", list(_PURCHASE))
        head = {name: values[name] for name in _PURCHASE if values.get(name) is not None}
        head["party"] = supplier
        changed = self._client.call("purchase.purchase.on_change", head, ["party"])
        return head | {name: changed[name] for name in _PARTY if changed.get(name) is not None}

    def _line(self, product: Mapping[str, Any], quantity: float, head: Mapping[str, Any]) -> dict[str, Any]:
        """What Tryton's own form would fill in for a product: unit, price, taxes."""
        line = {"type": "line", "product": product["id"], "quantity": quantity}
        parent = {f"_parent_purchase.{name}": value for name, value in head.items()}
        asked = {**line, "company": head.get("company"), "taxes": [], **parent}
        # Unit first, then the price, which depends on it.
        for fields in (["product"], ["quantity"]):
            changed = self._client.call("purchase.line.on_change", asked, fields)
            kept = {name: changed[name] for name in _LINE if changed.get(name) is not None}
            line |= kept
            asked |= kept
            taxes = [tax["id"] for _, tax in (changed.get("taxes") or {}).get("add", ())]
            if taxes:
                line["taxes"] = [["add", taxes]]
        if line.get("unit_price") is None:
            msg = f"Tryton has no purchase price of {product['code']} {product['name']}."
            raise ToolError("wrong_argument", msg, "Give the supplier a price in Tryton.")
        return line

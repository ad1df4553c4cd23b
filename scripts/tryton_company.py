"""Fills an empty Tryton database with a small furniture company. Runs by `scripts/tryton`.

Dates are relative to today, so that some orders are always late.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from proteus import Model, Wizard, config

__all__ = ["fill"]

# code, name, price, cost, supplier, minimum, target, in stock
PRODUCTS = [
    ("OAK-1", "Oak table", 480, 260, "Harz Timber", 10, 40, 12),
    ("OAK-2", "Oak bench", 190, 95, "Harz Timber", 15, 50, 60),
    ("PIN-1", "Pine shelf", 85, 40, "Harz Timber", 20, 80, 26),
    ("STL-1", "Steel frame desk", 350, 180, "Ruhr Metal", 8, 30, 30),
    ("STL-2", "Steel stool", 60, 28, "Ruhr Metal", 25, 100, 31),
    ("LMP-1", "Desk lamp", 45, 19, "Lumen Trade", 20, 60, 75),
    ("LMP-2", "Floor lamp", 120, 55, "Lumen Trade", 10, 40, 22),
]
# name, city, country
CUSTOMERS = [
    ("Alder Offices", "Hamburg", "DE"),
    ("Birch & Sons", "Leeds", "GB"),
    ("Cedar School", "Lyon", "FR"),
    ("Dogwood Hotel", "Vienna", "AT"),
    ("Elm Clinic", "Bremen", "DE"),
    ("Fir Library", "Paris", "FR"),
]
# customer, days since the order, days until it should ship (late if negative), shipped, lines
SALES = [
    ("Alder Offices", 30, -12, False, [("OAK-1", 6), ("STL-2", 12)]),
    ("Birch & Sons", 21, -5, False, [("PIN-1", 10)]),
    ("Cedar School", 25, -8, False, [("STL-2", 16), ("PIN-1", 4)]),
    ("Dogwood Hotel", 14, -2, False, [("LMP-2", 8)]),
    ("Alder Offices", 16, -3, False, [("OAK-1", 4)]),
    ("Elm Clinic", 40, -20, True, [("STL-1", 5)]),
    ("Fir Library", 35, -15, True, [("OAK-2", 8), ("LMP-1", 8)]),
    ("Birch & Sons", 28, -9, True, [("LMP-1", 5)]),
    ("Elm Clinic", 6, 4, False, [("STL-1", 3), ("LMP-1", 6)]),
    ("Fir Library", 3, 9, False, [("PIN-1", 6)]),
    ("Cedar School", 2, 12, False, [("OAK-2", 12)]),
    ("Dogwood Hotel", 1, 15, False, [("LMP-2", 2), ("OAK-2", 4)]),
]
GROUPS = ("Sales", "Purchase", "Purchase Request", "Stock", "Product Administration")


def fill(database: str, settings: Path, login: str, password: str) -> None:
    """Fill `database`, whose modules are activated.

    Args:
        database: its name, without folder and ending.
        settings: Tryton's configuration file.
        login, password: of the user to be made, who may sell, buy and move stock, and administers nothing.
    """
    config.set_trytond(database, config_file=str(settings))
    company = _company()
    unit = _one("product.uom", ("name", "=", "Unit"))
    suppliers = {name: _party(name, "Dortmund", "DE") for name in dict.fromkeys(row[4] for row in PRODUCTS)}
    products = {row[0]: _product(row, unit, suppliers[row[4]]) for row in PRODUCTS}
    _stock(products)
    _order_points(products)
    customers = {name: _party(name, city, country) for name, city, country in CUSTOMERS}
    _sell(customers, products)
    _user(company, login, password)


def _one(model: str, *domain: Any) -> Any:
    (found,) = Model.get(model).find(list(domain))
    return found


def _company() -> Any:
    currency = Model.get("currency.currency")(name="Euro", symbol="€", code="EUR", numeric_code="978")
    currency.rates.new(date=date.today() - timedelta(days=365), rate=Decimal(1))
    currency.save()
    wizard = Wizard("company.company.config")
    wizard.execute("company")
    wizard.form.party = _party("Oak & Iron Furniture", "Kassel", "DE")
    wizard.form.currency = currency
    wizard.execute("add")
    config.get_config()._context = Model.get("res.user").get_preferences(True, {})
    return _one("company.company")


def _party(name: str, city: str, country: str) -> Any:
    party = Model.get("party.party")(name=name)
    (address,) = party.addresses
    address.city = city
    address.country = _country(country)
    party.save()
    return party


def _country(code: str) -> Any:
    Country = Model.get("country.country")
    found = Country.find([("code", "=", code)])
    if found:
        return found[0]
    names = {"DE": "Germany", "GB": "United Kingdom", "FR": "France", "AT": "Austria"}
    country = Country(name=names[code], code=code)
    country.save()
    return country


def _product(row: tuple[Any, ...], unit: Any, supplier: Any) -> Any:
    code, name, price, cost = row[:4]
    template = Model.get("product.template")(name=name, type="goods", default_uom=unit)
    template.salable = template.purchasable = True
    template.list_price = Decimal(price)
    template.lead_time = timedelta(days=5)
    (product,) = template.products
    product.suffix_code = code
    product.cost_price = Decimal(cost)
    source = template.product_suppliers.new(party=supplier, lead_time=timedelta(days=7))
    source.prices.new(quantity=0, unit_price=Decimal(cost))
    template.save()
    return template.products[0]


def _stock(products: dict[str, Any]) -> None:
    inventory = Model.get("stock.inventory")(location=_one("stock.location", ("code", "=", "STO")))
    for row in PRODUCTS:
        inventory.lines.new(product=products[row[0]], quantity=row[7])
    inventory.click("confirm")


def _order_points(products: dict[str, Any]) -> None:
    warehouse = _one("stock.location", ("type", "=", "warehouse"))
    for row in PRODUCTS:
        point = Model.get("stock.order_point")(product=products[row[0]], location=warehouse, type="purchase")
        point.min_quantity, point.target_quantity = row[5], row[6]
        point.save()


def _sell(customers: dict[str, Any], products: dict[str, Any]) -> None:
    Sale, Shipment = Model.get("sale.sale"), Model.get("stock.shipment.out")
    sales = [_sale(customers[customer], ago, lines, products) for customer, ago, _, _, lines in SALES]
    # Each button once for all of them: one by one takes three times as long.
    for button in ("quote", "confirm", "process"):
        Sale.click(sales, button)
    shipments = [shipment for sale in sales for shipment in sale.shipments]
    # Tryton plans nothing in the past by itself: these have become late since the order was taken.
    Shipment.click(shipments, "draft")
    for shipment, (_, _, until, _, _) in zip(shipments, SALES, strict=True):
        shipment.planned_date = date.today() + timedelta(days=until)
    Shipment.click(shipments, "wait")
    gone = [shipment for shipment, sold in zip(shipments, SALES, strict=True) if sold[3]]
    for button in ("assign_try", "pick", "pack", "do"):
        Shipment.click(gone, button)


def _sale(customer: Any, ago: int, lines: list[tuple[str, int]], products: dict[str, Any]) -> Any:
    sale = Model.get("sale.sale")(party=customer, invoice_method="manual", shipment_method="order")
    sale.sale_date = date.today() - timedelta(days=ago)
    for code, count in lines:
        line = sale.lines.new()
        line.product, line.quantity = products[code], count
    sale.save()
    return sale


def _user(company: Any, login: str, password: str) -> None:
    user = Model.get("res.user")(name="Analyst", login=login, password=password)
    user.companies.append(Model.get("company.company")(company.id))
    user.company = company
    for name in GROUPS:
        user.groups.append(_one("res.group", ("name", "=", name)))
    user.save()

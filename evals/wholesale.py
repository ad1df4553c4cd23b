"""A wholesaler as a DuckDB file: eleven tables with real keys, made by a seeded generator.

Two years of orders up to the end of 2024. What is not filled has not happened yet: not shipped, not
delivered, not paid, not discontinued.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pandas as pd

from evals import wholesale_names as names

__all__ = ["TABLES", "create", "read"]

_Row: TypeAlias = "tuple[Any, ...]"

_DDL = """
CREATE TABLE regions (region_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
CREATE TABLE customers (
    customer_id INTEGER PRIMARY KEY, company VARCHAR NOT NULL, segment VARCHAR NOT NULL,
    city VARCHAR NOT NULL, region_id INTEGER NOT NULL REFERENCES regions (region_id),
    email VARCHAR, credit_limit DECIMAL(10, 2), since DATE NOT NULL);
CREATE TABLE suppliers (
    supplier_id INTEGER PRIMARY KEY, company VARCHAR NOT NULL, country VARCHAR NOT NULL,
    lead_days INTEGER NOT NULL);
CREATE TABLE categories (category_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
CREATE TABLE products (
    product_id INTEGER PRIMARY KEY, sku VARCHAR NOT NULL UNIQUE, name VARCHAR NOT NULL,
    category_id INTEGER NOT NULL REFERENCES categories (category_id),
    supplier_id INTEGER NOT NULL REFERENCES suppliers (supplier_id),
    list_price DECIMAL(8, 2) NOT NULL, unit_cost DECIMAL(8, 2) NOT NULL, min_stock INTEGER NOT NULL,
    discontinued DATE);
CREATE TABLE warehouses (
    warehouse_id INTEGER PRIMARY KEY, city VARCHAR NOT NULL,
    region_id INTEGER NOT NULL REFERENCES regions (region_id));
CREATE TABLE stock (
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (warehouse_id),
    product_id INTEGER NOT NULL REFERENCES products (product_id),
    on_hand INTEGER NOT NULL, counted DATE, PRIMARY KEY (warehouse_id, product_id));
CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
    placed DATE NOT NULL, status VARCHAR NOT NULL CHECK (status IN ('N', 'P', 'S', 'D', 'X')),
    channel VARCHAR NOT NULL);
CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (order_id), line_no INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (product_id),
    qty INTEGER NOT NULL, unit_price DECIMAL(8, 2) NOT NULL, disc DECIMAL(3, 2) NOT NULL,
    qty_back INTEGER NOT NULL, PRIMARY KEY (order_id, line_no));
CREATE TABLE shipments (
    shipment_id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (order_id),
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (warehouse_id),
    carrier VARCHAR NOT NULL, shipped DATE, delivered DATE);
CREATE TABLE payments (
    payment_id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (order_id),
    amount DECIMAL(10, 2) NOT NULL, due DATE NOT NULL, paid_on DATE, method VARCHAR);
COMMENT ON COLUMN customers.credit_limit IS 'euros; NULL where none was agreed';
COMMENT ON COLUMN products.min_stock IS 'units wanted over all warehouses together';
COMMENT ON COLUMN orders.status IS 'N new, P being picked, S shipped, D delivered, X cancelled';
COMMENT ON COLUMN order_lines.unit_price IS 'euros per unit before the discount';
COMMENT ON COLUMN order_lines.disc IS 'discount as a fraction of unit_price: 0.10 is 10 % off';
COMMENT ON COLUMN order_lines.qty_back IS 'units of qty that the customer sent back';
COMMENT ON COLUMN shipments.shipped IS 'NULL while the goods are still being picked';
COMMENT ON COLUMN payments.paid_on IS 'NULL: not paid yet';
"""
TABLES = (
    "regions",
    "customers",
    "suppliers",
    "categories",
    "products",
    "warehouses",
    "stock",
    "orders",
    "order_lines",
    "shipments",
    "payments",
)

_CARRIERS, _CARRIER_WEIGHTS = ("Dachser", "DHL", "GLS", "own truck"), (5, 8, 4, 2)
_CHANNELS, _CHANNEL_WEIGHTS = ("web", "phone", "EDI", "field sales"), (9, 5, 4, 2)
_CUSTOMERS, _ORDERS = 150, 1300
_FIRST, _LAST = datetime.date(2023, 1, 1), datetime.date(2024, 12, 31)
_PICKED, _DISPATCHED = datetime.date(2024, 12, 12), datetime.date(2024, 11, 20)
_TWO_PARTS = 1500


def create(path: Path) -> None:
    """Write the database to `path`, which must not exist; the same rows each time."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(_DDL)
        for table, rows in _rows(random.Random(20260301)).items():
            connection.register("made", pd.DataFrame(rows, dtype=object))
            connection.execute(f"INSERT INTO {table} SELECT * FROM made")
            connection.unregister("made")


def read(path: Path) -> dict[str, pd.DataFrame]:
    """All tables as frames, decimals as floats: what the gold results are computed from."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").df() for name in TABLES}


def _rows(chance: random.Random) -> dict[str, list[_Row]]:
    customers, products = list(_customers(chance)), list(_products(chance))
    orders = list(_orders(chance))
    lines = list(_lines(orders, products, chance))
    regions = {customer[0]: customer[4] for customer in customers}
    return {
        "regions": list(enumerate(names.REGIONS, 1)),
        "customers": customers,
        "suppliers": [(i, *found, chance.randint(2, 30)) for i, found in enumerate(names.SUPPLIERS, 1)],
        "categories": list(enumerate(names.RANGE, 1)),
        "products": products,
        "warehouses": [(i, *warehouse) for i, warehouse in enumerate(names.WAREHOUSES, 1)],
        "stock": list(_stock(products, chance)),
        "orders": orders,
        "order_lines": lines,
        "shipments": list(_shipments(orders, chance)),
        "payments": list(_payments(orders, lines, regions, chance)),
    }


def _days(count: int) -> datetime.timedelta:
    return datetime.timedelta(days=count)


def _customers(chance: random.Random) -> Iterator[_Row]:
    houses = [(segment, house) for segment, found in names.HOUSES.items() for house in found]
    named = [(segment, f"{house} {place}") for segment, house in houses for place in names.PLACES]
    for i, (segment, name) in enumerate(chance.sample(named, _CUSTOMERS), 1):
        city, region = chance.choice(names.CITIES)
        host = chance.choices(names.HOSTS, (5, 4, 2, 1))[0]
        email = None if chance.random() < 0.1 else f"{chance.choice(('info', 'einkauf', 'office'))}{i}@{host}"
        highest = 30 if segment in ("hotel", "public") else 18
        limit = None if chance.random() < 0.2 else chance.randint(2, highest) * 1000
        since = datetime.date(2012, 1, 1) + _days(chance.randrange(4000))
        yield i, name + chance.choice(names.FORMS), segment, city, region, email, limit, since


def _products(chance: random.Random) -> Iterator[_Row]:
    number = 0
    for category, (kind, (goods, sizes, price, suppliers)) in enumerate(names.RANGE.items(), 1):
        for good in goods:
            organic = category <= 6 and chance.random() < 0.4
            for factor, size in zip((1, 3.6, 8), sizes, strict=False):
                number += 1
                listed = round(price * factor * chance.uniform(0.7, 1.6), 2)
                cost = round(listed * chance.uniform(0.5, 0.8), 2)
                gone = _FIRST + _days(chance.randrange(200, 700)) if chance.random() < 0.12 else None
                name = f"{good}, organic, {size}" if organic and chance.random() < 0.6 else f"{good}, {size}"
                sku = f"{kind[:3].upper()}-{1000 + 7 * number}"
                supplier, wanted = chance.choice(suppliers), chance.randrange(20, 160, 10)
                yield number, sku, name, category, supplier, listed, cost, wanted, gone


def _stock(products: list[_Row], chance: random.Random) -> Iterator[_Row]:
    for warehouse in range(1, len(names.WAREHOUSES) + 1):
        for product in products:
            if chance.random() < 0.6:
                counted = None if chance.random() < 0.15 else _LAST - _days(chance.randrange(1, 200))
                yield warehouse, product[0], chance.randint(0, 90), counted


def _orders(chance: random.Random) -> Iterator[_Row]:
    # The last customers never order; a few order much more often than the others.
    weights = [chance.lognormvariate(0, 0.8) for _ in range(_CUSTOMERS - 12)]
    weights += [0.0] * (_CUSTOMERS - len(weights))
    for number, placed in enumerate(sorted(_day(chance) for _ in range(_ORDERS)), 10001):
        customer = chance.choices(range(1, _CUSTOMERS + 1), weights)[0]
        channel = chance.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
        yield number, customer, placed, _status(placed, chance), channel


def _day(chance: random.Random) -> datetime.date:
    # Business grows by and by, and few order at weekends.
    while True:
        day = _FIRST + _days(int((_LAST - _FIRST).days * chance.random() ** 0.85))
        if day.weekday() < 5 or chance.random() < 0.2:
            return day


def _status(placed: datetime.date, chance: random.Random) -> str:
    if chance.random() < 0.07:
        return "X"
    if placed > _PICKED:
        return chance.choice("NNPPS")
    return chance.choices("SD", (3, 2) if placed > _DISPATCHED else (1, 99))[0]


def _lines(orders: list[_Row], products: list[_Row], chance: random.Random) -> Iterator[_Row]:
    weights = [0.0 if chance.random() < 0.05 else chance.lognormvariate(0, 0.7) for _ in products]
    for order, _, placed, status, _ in orders:
        drawn = dict.fromkeys(chance.choices(range(len(products)), weights, k=chance.randint(1, 5)))
        there = [products[i] for i in drawn if products[i][8] is None or products[i][8] >= placed]
        # No order is empty, even if all that it would have is out of the range by then.
        for line, product in enumerate(there or [_always(products)], 1):
            qty = chance.choices((chance.randint(1, 12), chance.randint(12, 60)), (3, 1))[0]
            price = round(product[5] * chance.uniform(0.95, 1.02), 2)
            disc = chance.choices((0, 0.05, 0.1, 0.2), (6, 2, 2, 1))[0]
            back = chance.randint(1, qty) if status == "D" and chance.random() < 0.06 else 0
            yield order, line, product[0], qty, price, disc, back


def _always(products: list[_Row]) -> _Row:
    return next(product for product in products if product[8] is None)


def _shipments(orders: list[_Row], chance: random.Random) -> Iterator[_Row]:
    number = 0
    for order, _, placed, status, _ in orders:
        for _ in range(0 if status in "NX" else chance.choices((1, 2), (5, 1))[0]):
            number += 1
            warehouse = chance.choices((1, 2, 3, 4), (4, 2, 3, 2))[0]
            carrier = chance.choices(_CARRIERS, _CARRIER_WEIGHTS)[0]
            shipped = None if status == "P" else min(placed + _days(chance.randint(0, 5)), _LAST)
            delivered = shipped + _days(chance.randint(1, 6)) if shipped and status == "D" else None
            yield number, order, warehouse, carrier, shipped, delivered


def _payments(
    orders: list[_Row], lines: list[_Row], regions: dict[int, int], chance: random.Random
) -> Iterator[_Row]:
    totals: dict[int, float] = {}
    for order, _, _, qty, price, disc, _ in lines:
        totals[order] = totals.get(order, 0) + qty * price * (1 - disc)
    number = 0
    for order, customer, placed, status, _ in orders:
        parts = 0 if status not in "SD" else 2 if totals[order] > _TWO_PARTS else 1
        for part in range(parts):
            number += 1
            due = placed + _days(30 * (part + 1))
            # Each region has its own manners.
            paid = due + _days(chance.randint(-20, 10) + 3 * regions[customer])
            settled = paid <= _LAST and chance.random() < 0.96
            method = chance.choices(("transfer", "direct debit", "card"), (6, 3, 1))[0]
            amount = round(totals[order] / parts, 2)
            yield number, order, amount, due, *((paid, method) if settled else (None, None))

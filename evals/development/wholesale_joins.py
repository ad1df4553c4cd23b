"""Questions about the wholesaler over several tables, and in several steps."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.development import wholesale_views as views
from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_asked = partial(Question, source="wholesale")


def _orders_of_the_coast(f: Frames) -> int:
    orders = f["orders"].merge(views.buyers(f), on="customer_id")
    return int((orders.region == "Coast").sum())


def _revenue_by_category(f: Frames) -> pd.DataFrame:
    sales = views.sales(f).merge(views.goods(f), on="product_id")
    return sales.groupby("category", as_index=False).worth.sum()


def _fullest_supplier(f: Frames) -> str:
    stock = f["stock"].merge(views.goods(f), on="product_id")
    return str(stock.groupby("supplier").on_hand.sum().idxmax())


def _never_ordered(f: Frames) -> pd.DataFrame:
    return f["products"].loc[~f["products"].product_id.isin(f["order_lines"].product_id), ["name"]]


def _from_ulm_to_hotels(f: Frames) -> int:
    sent = f["shipments"].dropna(subset="shipped").merge(f["warehouses"], on="warehouse_id")
    sent = sent[sent.city == "Ulm"].merge(f["orders"], on="order_id")
    sent = sent.merge(f["customers"], on="customer_id")
    return int((sent.segment == "hotel").sum())


def _frozen_back(f: Frames) -> int:
    lines = f["order_lines"].merge(views.goods(f), on="product_id")
    return int(lines[lines.category == "Frozen"].qty_back.sum())


def _hotels_with_raspberries(f: Frames) -> pd.DataFrame:
    lines = f["order_lines"].merge(f["products"], on="product_id")
    lines = lines[lines.name.str.startswith("Raspberries")].merge(f["orders"], on="order_id")
    found = lines.merge(f["customers"], on="customer_id")
    return found[found.segment == "hotel"][["company"]].drop_duplicates()


def _unpaid_by_segment(f: Frames) -> pd.DataFrame:
    unpaid = f["payments"][f["payments"].paid_on.isna()].merge(f["orders"], on="order_id")
    unpaid = unpaid.merge(f["customers"], on="customer_id")
    return unpaid.groupby("segment", as_index=False).amount.sum()


def _public_among_the_best(f: Frames) -> int:
    best = views.sales(f).groupby("customer_id").worth.sum().nlargest(20).index
    customers = f["customers"].set_index("customer_id").loc[best]
    return int((customers.segment == "public").sum())


def _large_orders(f: Frames) -> int:
    worth = views.sales(f).groupby("order_id").worth.sum()
    return int((worth > 2 * worth.mean()).sum())


def _slowest_region(f: Frames) -> str:
    paid = f["payments"].dropna(subset="paid_on").merge(f["orders"], on="order_id")
    paid = paid.merge(views.buyers(f), on="customer_id")
    return str((paid.paid_on - paid.due).groupby(paid.region).mean().idxmax())


def _bestsellers(f: Frames) -> pd.DataFrame:
    sales = views.sales(f).merge(views.goods(f), on="product_id")
    units = sales.groupby(["category", "name"], as_index=False).qty.sum()
    return units.loc[units.groupby("category").qty.idxmax(), ["category", "name"]]


def _lost_restaurants(f: Frames) -> pd.DataFrame:
    years = f["orders"].placed.dt.year
    by_year = {year: set(f["orders"].customer_id[years == year]) for year in (2023, 2024)}
    customers = f["customers"]
    lost = customers.customer_id.isin(by_year[2023] - by_year[2024])
    return customers.loc[lost & (customers.segment == "restaurant"), ["company"]]


def _too_few(f: Frames) -> int:
    products = f["products"][f["products"].discontinued.isna()]
    there = products.product_id.map(f["stock"].groupby("product_id").on_hand.sum()).fillna(0)
    return int((there < products.min_stock).sum())


QUESTIONS: dict[Category, tuple[Question, ...]] = {
    "join": (
        _asked("w-coast-orders", "How many orders came from customers on the Coast?", _orders_of_the_coast),
        _asked(
            "w-category-revenue",
            "What did we turn over per product category? Prices after discount, and leave out whatever was "
            "cancelled.",
            _revenue_by_category,
        ),
        _asked(
            "w-fullest-supplier",
            "Which supplier's goods take up the most units in our warehouses, all sites taken together?",
            _fullest_supplier,
        ),
        _asked("w-never-ordered", "Names of the products that nobody has ever ordered", _never_ordered),
        _asked(
            "w-ulm-hotels",
            "How many shipments have gone out from the Ulm warehouse to hotels so far?",
            _from_ulm_to_hotels,
        ),
        _asked("w-frozen-back", "Units of frozen goods sent back to us, in total?", _frozen_back),
        _asked(
            "w-raspberry-hotels",
            "Which hotels have ever ordered raspberries, no matter in what size? Company names, please, "
            "each once.",
            _hotels_with_raspberries,
        ),
        _asked(
            "w-unpaid-segments",
            "How much money do the customers of each segment still owe us, that is, payments that have not "
            "come in?",
            _unpaid_by_segment,
        ),
    ),
    "multi-step": (
        _asked(
            "w-public-best",
            "Take our 20 best customers by total order value (discounts taken off, no cancelled orders). "
            "How many of them belong to the public segment?",
            _public_among_the_best,
        ),
        _asked(
            "w-large-orders",
            "How many orders were worth more than twice what an order is worth on average? Order value is "
            "after discount; ignore cancelled orders throughout.",
            _large_orders,
        ),
        _asked(
            "w-slowest-region",
            "In which region do customers pay latest relative to the due date, on average over the payments "
            "that have been made?",
            _slowest_region,
        ),
        _asked(
            "w-bestsellers",
            "For every category, the product that sold the most units. Orders that were cancelled don't "
            "count; returns are not deducted.",
            _bestsellers,
        ),
        _asked(
            "w-lost-restaurants",
            "Which restaurants have we lost? They placed at least one order in 2023 and none at all in 2024.",
            _lost_restaurants,
        ),
        _asked(
            "w-too-few",
            "How many products that we still sell have less on hand, over all warehouses, than their "
            "minimum stock? A product that is stocked nowhere counts as zero on hand.",
            _too_few,
        ),
    ),
}

"""Questions about the wholesaler of every other kind."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.development import wholesale_views as views
from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_asked = partial(Question, source="wholesale")


def _share(part: float, whole: float) -> Readings:
    """As a fraction or in percent."""
    return Readings((part / whole, 100 * part / whole))


def _by_channel(f: Frames) -> pd.DataFrame:
    counts = f["orders"].channel.value_counts()
    return counts.rename_axis("channel").reset_index(name="orders")


def _on_the_way(f: Frames) -> pd.DataFrame:
    shipments = f["shipments"]
    away = shipments[shipments.shipped.notna() & shipments.delivered.isna()]
    return away.groupby("carrier").size().reset_index(name="parcels")


def _high_limits(f: Frames) -> pd.DataFrame:
    means = f["customers"].groupby("segment", as_index=False).credit_limit.mean()
    return means[means.credit_limit > 12000]


def _no_limit_by_region(f: Frames) -> pd.DataFrame:
    buyers = views.buyers(f)
    without = buyers[buyers.credit_limit.isna()]
    return without.groupby("region").size().reset_index(name="customers")


def _cancelled(f: Frames) -> Readings:
    return _share((f["orders"].status == "X").sum(), len(f["orders"]))


def _outstanding(f: Frames) -> float:
    payments = f["payments"]
    return float(100 * payments.amount[payments.paid_on.isna()].sum() / payments.amount.sum())


def _return_rates(f: Frames) -> Readings:
    lines = f["order_lines"].merge(f["orders"], on="order_id").merge(views.goods(f), on="product_id")
    sums = lines[lines.status == "D"].groupby("category")[["qty_back", "qty"]].sum()
    rates = (sums.qty_back / sums.qty).rename("rate")
    return Readings((rates.reset_index(), (100 * rates).reset_index()))


def _web_growth(f: Frames) -> float:
    web = f["orders"][f["orders"].channel == "web"].placed.dt.year.value_counts()
    return float(web[2024] / web[2023])


def _weekend_orders(f: Frames) -> int:
    return int((f["orders"].placed.dt.day_of_week >= 5).sum())


def _days_on_the_road(f: Frames) -> float:
    sent = f["shipments"]
    return float((sent.delivered - sent.shipped).dt.days.mean())


def _oldest_new(f: Frames) -> pd.Timestamp:
    return f["orders"][f["orders"].status == "N"].placed.min()


def _quarters(f: Frames) -> pd.DataFrame:
    # A quarter's name has many forms; the counts in their order say enough.
    placed = f["orders"].placed
    counts = placed[placed.dt.year == 2023].dt.quarter.value_counts().sort_index()
    return counts.reset_index(drop=True).to_frame("orders")


def _cheap(f: Frames) -> int:
    products = f["products"]
    return int(((products.list_price < 5) & products.discontinued.isna()).sum())


def _hanseatic(f: Frames) -> pd.DataFrame:
    customers = f["customers"]
    kept = customers.city.isin(["Hamburg", "Bremen"]) & (customers.since >= "2018-01-01")
    return customers.loc[kept, ["company"]]


def _overdue(f: Frames) -> int:
    payments = f["payments"]
    return int((payments.paid_on.isna() & (payments.due < "2024-12-31")).sum())


def _longest_pause(f: Frames) -> int:
    customers = f["customers"]
    key = customers.customer_id[customers.company == "Markt Kranich"].item()
    placed = f["orders"][f["orders"].customer_id == key].placed.sort_values()
    return int(placed.diff().dt.days.max())


def _second_dearest(f: Frames) -> pd.DataFrame:
    goods = views.goods(f).sort_values("list_price", ascending=False)
    return goods.groupby("category").nth(1)[["category", "name"]]


def _organic(f: Frames) -> int:
    return int(f["products"].name.str.contains("organic", case=False).sum())


def _domains(f: Frames) -> pd.DataFrame:
    domains = f["customers"].email.dropna().str.split("@").str[1].value_counts()
    return domains.rename_axis("domain").reset_index(name="customers")


def _nothing(_: Frames) -> None:
    """The database has no freight costs, no best-before dates and no staff."""


QUESTIONS: dict[Category, tuple[Question, ...]] = {
    "group": (
        _asked("w-channels", "orders per sales channel, busiest first", _by_channel, ordered=True),
        _asked(
            "w-on-the-way",
            "How many shipments are on the road right now for each carrier: dispatched, but not yet "
            "delivered?",
            _on_the_way,
        ),
        _asked(
            "w-high-limits",
            "Which customer segments have an average credit limit above 12,000 euros, and how high is it?",
            _high_limits,
        ),
        _asked(
            "w-no-limit",
            "Count the customers without an agreed credit limit in each region, by the region's name.",
            _no_limit_by_region,
        ),
    ),
    "ratio": (
        _asked("w-cancelled", "What share of all orders was cancelled?", _cancelled),
        _asked(
            "w-outstanding",
            "How much of the total amount we asked our customers to pay is still outstanding, in percent?",
            _outstanding,
        ),
        _asked(
            "w-return-rates",
            "Return rate per category: units sent back over units ordered, looking at delivered orders only",
            _return_rates,
        ),
        _asked(
            "w-web-growth",
            "How many times as many web orders did we get in 2024 as in 2023?",
            _web_growth,
        ),
    ),
    "date": (
        _asked("w-weekend", "Number of orders placed on a Saturday or Sunday", _weekend_orders),
        _asked(
            "w-on-the-road",
            "Average number of days from dispatch to delivery?",
            _days_on_the_road,
        ),
        _asked(
            "w-oldest-new",
            "When was the oldest order placed that is still new, i.e. nobody has begun to pick it?",
            _oldest_new,
        ),
        _asked(
            "w-quarters",
            "How did order numbers develop over 2023? One row per quarter with the number of orders, in "
            "order of time.",
            _quarters,
            ordered=True,
        ),
    ),
    "filter": (
        _asked(
            "w-cheap",
            "Products that list for under 5 euros and are still in our range: how many are there?",
            _cheap,
        ),
        _asked(
            "w-hanseatic",
            "Companies in Hamburg and Bremen that became customers in 2018 or later",
            _hanseatic,
        ),
        _asked(
            "w-overdue",
            "Count of the payments that fell due before 31 December 2024 and are unpaid to this day",
            _overdue,
        ),
    ),
    "window": (
        _asked(
            "w-longest-pause",
            "What was the longest time, in days, that Markt Kranich let pass between one order and its "
            "next, whatever became of the orders?",
            _longest_pause,
        ),
        _asked(
            "w-second-dearest",
            "What is the second most expensive product of each category, going by list price and with those "
            "that are no longer sold included?",
            _second_dearest,
        ),
    ),
    "text": (
        _asked("w-organic", "How many products say that they are organic?", _organic),
        _asked(
            "w-domains",
            "At which mail domains are our customers, and how many at each? Skip those without an address.",
            _domains,
        ),
    ),
    "unanswerable": (
        _asked("w-freight", "What did we pay each carrier for freight last year?", _nothing),
        _asked("w-expiry", "Which dairy products reach their best-before date next month?", _nothing),
        _asked(
            "w-salespeople",
            "Who of our sales staff brought in the most revenue in 2024?",
            _nothing,
        ),
    ),
}

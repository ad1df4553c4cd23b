"""More questions about the library's and the wholesaler's databases."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from evals.development import wholesale_views as views
from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")
_wholesale = partial(Question, source="wholesale")


def _loans(f: Frames) -> pd.DataFrame:
    """The library's loans with their copy, book and member."""
    members = f["members"].rename(columns={"name": "member"})
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")
    return lent.merge(members, on="member_id")


def _owed(f: Frames) -> pd.DataFrame:
    """The fines with the member and the name of the member's home branch."""
    branches = f["branches"].rename(columns={"branch_id": "home_branch_id", "name": "home"})
    members = f["members"].merge(branches, on="home_branch_id")
    return f["fines"].merge(f["loans"], on="loan_id").merge(members, on="member_id")


def _counted(labels: pd.Series, name: str = "n") -> pd.DataFrame:
    return labels.value_counts().rename_axis("label").reset_index(name=name)


# Windows


def _members_so_far(f: Frames) -> pd.DataFrame:
    years = f["members"].joined.dt.year
    return f["members"].groupby(years).size().cumsum().reset_index(name="members")


def _until_next(f: Frames) -> float:
    loans = f["loans"].sort_values(["copy_id", "loaned"])
    return float(loans.groupby("copy_id").loaned.diff().dt.days.mean())


def _soon_again(f: Frames) -> int:
    ordered = f["loans"].sort_values("loaned").groupby("member_id").loaned
    second, first = ordered.nth(1), ordered.nth(0)
    members = f["loans"].member_id
    days = second.set_axis(members[second.index]) - first.set_axis(members[first.index])
    return int((days.dt.days <= 30).sum())


def _three_dearest(f: Frames) -> pd.DataFrame:
    goods = views.goods(f).sort_values("list_price", ascending=False)
    return goods.groupby("category").head(3)[["category", "name"]]


def _month_changes(f: Frames) -> pd.DataFrame:
    months = f["orders"].groupby(f["orders"].placed.dt.to_period("M")).size()
    changes = months.diff().loc["2024-01":"2024-12"]
    return pd.DataFrame({"month": range(1, 13), "change": changes.to_numpy()})


def _within_a_week(f: Frames) -> int:
    orders = f["orders"].sort_values(["customer_id", "placed"])
    return int((orders.groupby("customer_id").placed.diff().dt.days <= 7).sum())


# Reshaping


def _conditions(f: Frames) -> pd.DataFrame:
    copies = f["copies"].merge(f["branches"], on="branch_id")
    return pd.crosstab(copies.name, copies.condition).reset_index()


def _genres_by_year(f: Frames) -> pd.DataFrame:
    loans = _loans(f)
    return pd.crosstab(loans.genre, loans.loaned.dt.year).reset_index()


def _paid_and_not(f: Frames) -> pd.DataFrame:
    return _owed(f).pivot_table(index="home", columns="paid", values="amount", aggfunc="sum").reset_index()


def _stock_by_city(f: Frames) -> pd.DataFrame:
    stock = f["stock"].merge(f["warehouses"], on="warehouse_id").merge(views.goods(f), on="product_id")
    return stock.pivot_table(index="category", columns="city", values="on_hand").reset_index()


def _tableware_long(f: Frames) -> pd.DataFrame:
    goods = views.goods(f)
    return goods[goods.category == "Tableware"].melt("sku", ["list_price", "unit_cost"])


# Several steps


def _most_fined(f: Frames) -> int:
    member = _owed(f).groupby("member_id").amount.sum().idxmax()
    return int((f["loans"].member_id == member).sum())


def _mostly_late(f: Frames) -> int:
    loans = f["loans"]
    return int(((loans.returned > loans.due).groupby(loans.member_id).mean() > 0.5).sum())


def _all_genres(f: Frames) -> int:
    return int((_loans(f).groupby("member_id").genre.nunique() == f["books"].genre.nunique()).sum())


def _frequent(f: Frames) -> int:
    counts = f["orders"].customer_id.value_counts()
    return int((counts > counts.mean()).sum())


def _best_channel(f: Frames) -> str:
    best = views.sales(f).groupby("customer_id").worth.sum().idxmax()
    return str(f["orders"][f["orders"].customer_id == best].channel.value_counts().idxmax())


def _doubled(f: Frames) -> int:
    sales = views.sales(f)
    years = sales.pivot_table(
        index="customer_id", columns=sales.placed.dt.year, values="worth", aggfunc="sum"
    )
    return int((years[2024] > 2 * years[2023]).sum())


# Statistics


def _kept_spread(f: Frames) -> float:
    return float((f["loans"].returned - f["loans"].loaned).dt.days.std())


def _pages_and_loans(f: Frames) -> float:
    books = f["books"]
    lent = books.book_id.map(_loans(f).book_id.value_counts()).fillna(0)
    return float(books.pages.corr(lent))


def _cost_slope(f: Frames) -> float:
    return float(np.polyfit(f["products"].list_price, f["products"].unit_cost, 1)[0])


def _variation(f: Frames) -> pd.DataFrame:
    days = (f["shipments"].delivered - f["shipments"].shipped).dt.days
    by_carrier = days.groupby(f["shipments"].carrier)
    return (by_carrier.std() / by_carrier.mean()).rename("cv").reset_index()


def _median_orders(f: Frames) -> pd.DataFrame:
    worth = views.sales(f).groupby(["order_id", "customer_id"], as_index=False).worth.sum()
    return worth.merge(f["customers"], on="customer_id").groupby("segment", as_index=False).worth.median()


# Joins


def _harbour_people(f: Frames) -> int:
    loans = f["loans"].merge(f["members"], on="member_id")
    loans = loans.merge(f["branches"], left_on="home_branch_id", right_on="branch_id", suffixes=("", "_home"))
    return int((loans.name_home == "Harbour").sum())


def _strangers(f: Frames) -> int:
    loans = _loans(f)
    return int((loans.branch_id != loans.home_branch_id).sum())


def _readers_by_country(f: Frames) -> pd.DataFrame:
    read = _loans(f).merge(f["book_authors"], on="book_id").merge(f["authors"], on="author_id")
    return read.groupby("country").member_id.nunique().reset_index()


def _portuguese(f: Frames) -> pd.DataFrame:
    suppliers = f["suppliers"][f["suppliers"].country == "Portugal"]
    return f["products"].merge(suppliers, on="supplier_id")[["sku", "company"]]


def _own_region(f: Frames) -> pd.DataFrame:
    sent = f["shipments"].dropna(subset="shipped").merge(f["warehouses"], on="warehouse_id")
    sent = sent.merge(f["orders"], on="order_id")
    sent = sent.merge(f["customers"], on="customer_id", suffixes=("", "_customer"))
    return _counted(sent.city[sent.region_id == sent.region_id_customer], "shipments")


# Ratios


def _reachable(f: Frames) -> float:
    return float(100 * f["members"].email.notna().mean())


def _late_genres(f: Frames) -> pd.DataFrame:
    loans = _loans(f).dropna(subset="returned")
    return (100 * (loans.returned > loans.due).groupby(loans.genre).mean()).rename("late").reset_index()


def _margin(f: Frames) -> float:
    products = f["products"][f["products"].discontinued.isna()]
    return float(100 * (1 - products.unit_cost / products.list_price).mean())


def _discounts(f: Frames) -> pd.DataFrame:
    lines = f["order_lines"].merge(f["orders"], on="order_id")
    lines = lines.assign(full=lines.qty * lines.unit_price)
    sums = lines.assign(off=lines.full * lines.disc).groupby("channel")[["off", "full"]].sum()
    return (100 * sums.off / sums.full).rename("discount").reset_index()


def _top_ten_share(f: Frames) -> float:
    sales = views.sales(f)
    worth = sales[sales.placed.dt.year == 2024].groupby("customer_id").worth.sum()
    return float(100 * worth.nlargest(10).sum() / worth.sum())


# Groups, dates and texts


def _decades(f: Frames) -> pd.DataFrame:
    return _counted(f["members"].birth_year // 10 * 10, "members")


def _methods(f: Frames) -> pd.DataFrame:
    paid = f["payments"].dropna(subset="paid_on")
    return paid.groupby("method").amount.agg(["size", "sum", "mean"]).reset_index()


def _out_at_new_year(f: Frames) -> int:
    loans, day = f["loans"], pd.Timestamp("2023-12-31")
    return int(((loans.loaned <= day) & (loans.returned.isna() | (loans.returned > day))).sum())


def _ten_years(f: Frames) -> int:
    return int((f["customers"].since <= "2014-12-31").sum())


def _first_deliveries(f: Frames) -> pd.DataFrame:
    first = f["shipments"].groupby("order_id").delivered.min().dropna()
    orders = f["orders"].set_index("order_id").loc[first.index]
    days = (first - orders.placed).dt.days
    return days.groupby(orders.placed.dt.year).mean().rename("days").rename_axis("year").reset_index()


def _nouns(f: Frames) -> str:
    return str(f["books"].title.str.split().str[-1].value_counts().idxmax())


def _sizes(f: Frames) -> pd.DataFrame:
    return _counted(f["products"].name.str.split(", ").str[-1], "products")


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "window",
        _library(
            "h-members-so-far",
            "How did our membership build up? For each year of joining, the number of members who had "
            "joined up to the end of that year.",
            _members_so_far,
        ),
    ),
    (
        "window",
        _library(
            "h-until-next",
            "From one loan of a copy to the next loan of that same copy, how many days pass on average, "
            "counting from loan date to loan date?",
            _until_next,
        ),
    ),
    (
        "window",
        _library(
            "h-soon-again",
            "How many members took out their second loan 30 days or less after their first one? Two loans "
            "on the same day count as well.",
            _soon_again,
        ),
    ),
    (
        "window",
        _wholesale(
            "h-three-dearest",
            "Give me the three products with the highest list price in each category, discontinued ones "
            "included: category name and product name.",
            _three_dearest,
        ),
    ),
    (
        "window",
        _wholesale(
            "h-month-changes",
            "For the months of 2024 (as numbers 1 to 12), by how much did the number of orders go up or "
            "down against the month before? Compare January with December 2023, and count orders of any "
            "status.",
            _month_changes,
        ),
    ),
    (
        "window",
        _wholesale(
            "h-within-a-week",
            "Count the orders placed at most 7 days after the same customer's previous order. The same day "
            "counts too, and the status doesn't matter.",
            _within_a_week,
        ),
    ),
    (
        "reshape",
        _library(
            "h-conditions",
            "Cross table of the copies: names of the branches down, conditions across",
            _conditions,
        ),
    ),
    (
        "reshape",
        _library(
            "h-genres-by-year",
            "I need the number of loans with one row per genre and a column for each year in which loans "
            "were made.",
            _genres_by_year,
        ),
    ),
    (
        "reshape",
        _library(
            "h-paid-and-not",
            "Put paid and unpaid fines side by side: a row for the home branch of the member (by name), "
            "one column with the total amount paid, another with the total amount not paid.",
            _paid_and_not,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "h-channel-status",
            "Tabulate how many orders there are by channel (rows) and status (columns).",
            lambda f: pd.crosstab(f["orders"].channel, f["orders"].status).reset_index(),
        ),
    ),
    (
        "reshape",
        _wholesale(
            "h-stock-by-city",
            "Pivot the stock: category names as rows, cities of the warehouses as columns, and in the "
            "cells the average on_hand of the stock entries.",
            _stock_by_city,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "h-tableware-long",
            "Bring the prices of our Tableware products into long form: for every sku one row for "
            "list_price and one row for unit_cost, with columns for the sku, the name of the price column "
            "and the amount.",
            _tableware_long,
        ),
    ),
    (
        "multi-step",
        _library(
            "h-most-fined",
            "Find the member who has run up the highest total of fines, paid or not. How many loans has "
            "that person made?",
            _most_fined,
        ),
    ),
    (
        "multi-step",
        _library(
            "h-mostly-late",
            "How many members brought back more than half of all their loans after the due date? A loan "
            "that hasn't come back yet counts among all loans, but not as late.",
            _mostly_late,
        ),
    ),
    (
        "multi-step",
        _library(
            "h-all-genres",
            "Number of members who have borrowed at least one book of every genre that we have",
            _all_genres,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "h-frequent",
            "How many customers have placed more orders than the average? Take the average over the "
            "customers with at least one order, and count cancelled orders like all others.",
            _frequent,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "h-best-channel",
            "Through which channel does our best customer order most often? Best means the highest total "
            "order value after discount, without cancelled orders; for the channel, look at all of that "
            "customer's orders.",
            _best_channel,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "h-doubled",
            "How many customers more than doubled what they bought from 2023 to 2024? Go by the value of "
            "their orders after discount, skip cancelled orders, and only look at customers who bought "
            "something in both years.",
            _doubled,
        ),
    ),
    (
        "statistics",
        _library(
            "h-kept-spread",
            "Sample standard deviation of the days that a loan was kept, from loaned to returned, for the "
            "loans that have come back",
            _kept_spread,
        ),
    ),
    (
        "statistics",
        _library(
            "h-pages-and-loans",
            "Do longer books get borrowed less? Compute Pearson's correlation between a book's pages and "
            "how often it has been lent; books that were never lent count with zero.",
            _pages_and_loans,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "h-cost-slope",
            "If you fit a straight line with intercept to unit_cost as a function of list_price over all "
            "products, what slope do you get?",
            _cost_slope,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "h-variation",
            "Whose delivery times vary most, relatively? I want the coefficient of variation (sample "
            "standard deviation divided by mean) of the days from shipped to delivered for every carrier.",
            _variation,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "h-median-orders",
            "What is the median value of an order in each customer segment? The value is the sum of its "
            "lines after discount; cancelled orders stay out.",
            _median_orders,
        ),
    ),
    (
        "join",
        _library(
            "h-harbour-people",
            "How many loans were made by members whose home branch is Harbour?",
            _harbour_people,
        ),
    ),
    (
        "join",
        _library(
            "h-strangers",
            "How often was a copy lent to somebody whose home branch is not the branch that owns the copy?",
            _strangers,
        ),
    ),
    (
        "join",
        _library(
            "h-readers-by-country",
            "For each country that our authors come from: how many different members have borrowed a book "
            "with an author from there?",
            _readers_by_country,
        ),
    ),
    (
        "join",
        _wholesale(
            "h-portuguese",
            "List the sku of every product we get from a supplier in Portugal, along with the supplier's "
            "company name.",
            _portuguese,
        ),
    ),
    (
        "join",
        _wholesale(
            "h-own-region",
            "How many shipments has each warehouse (by city) sent to customers in its own region? Count "
            "only what has already been shipped.",
            _own_region,
        ),
    ),
    (
        "ratio",
        _library(
            "h-reachable",
            "What percentage of our members can we reach by email, that is, have an address on file?",
            _reachable,
        ),
    ),
    (
        "ratio",
        _library(
            "h-late-genres",
            "Of the loans that have been returned, what percentage came back after the due date, genre by "
            "genre?",
            _late_genres,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "h-margin",
            "What's the average margin of the products we still sell? Per product, take list_price minus "
            "unit_cost as a percentage of list_price, then the plain mean.",
            _margin,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "h-discounts",
            "How generous are we per sales channel: total discount given as a percentage of the order "
            "value before discount, over all orders whatever their status?",
            _discounts,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "h-top-ten-share",
            "What percentage of the 2024 turnover did the ten customers with the highest turnover of that "
            "year account for? Turnover is by date of order, after discount and without cancelled orders.",
            _top_ten_share,
        ),
    ),
    (
        "group",
        _library(
            "h-copy-conditions",
            "How many copies are in each condition? Most frequent first.",
            lambda f: _counted(f["copies"].condition, "copies"),
            ordered=True,
        ),
    ),
    (
        "group",
        _library(
            "h-decades",
            "Count the members by decade of birth, with the decade written as its first year (1950 for 1950 "
            "to 1959).",
            _decades,
        ),
    ),
    (
        "group",
        _wholesale(
            "h-methods",
            "Payments that have come in, by method: how many, the total amount and the average amount",
            _methods,
        ),
    ),
    (
        "date",
        _library(
            "h-out-at-new-year",
            "How many loans were out at the end of 31 December 2023, i.e. loaned on that day or before and "
            "returned later than that or not at all?",
            _out_at_new_year,
        ),
    ),
    (
        "date",
        _wholesale(
            "h-ten-years",
            "How many companies had been our customers for ten years or more on 31 December 2024?",
            _ten_years,
        ),
    ),
    (
        "date",
        _wholesale(
            "h-first-deliveries",
            "How long do customers wait for their goods? For orders placed in 2023 and in 2024, one row per "
            "year: the average number of days from placing the order to its first delivery. Leave out "
            "orders of which nothing has been delivered.",
            _first_deliveries,
        ),
    ),
    (
        "text",
        _library(
            "h-author-first-names",
            "How many different first names do the authors have?",
            lambda f: f["authors"].name.str.split().str[0].nunique(),
        ),
    ),
    (
        "text",
        _library("h-nouns", "Which last word is the most common one in our book titles?", _nouns),
    ),
    (
        "text",
        _wholesale(
            "h-sizes",
            "The size of a product is what follows the last comma in its name. How many products do we "
            "have of each size, discontinued or not?",
            _sizes,
        ),
    ),
)

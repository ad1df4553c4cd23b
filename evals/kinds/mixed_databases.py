"""Questions of ten categories about the library and about the wholesaler, four of each category."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")
_wholesale = partial(Question, source="wholesale")


def _lent(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _goods(f: Frames) -> pd.DataFrame:
    return f["products"].merge(f["categories"].rename(columns={"name": "category"}), on="category_id")


def _decades(f: Frames) -> pd.DataFrame:
    books = f["books"].assign(decade=f["books"].published // 10 * 10)
    return books.groupby("decade").pages.agg(["size", "mean"]).reset_index()


def _methods(f: Frames) -> pd.DataFrame:
    paid = f["payments"].dropna(subset="paid_on")
    return paid.groupby("method").amount.agg(["size", "sum"]).reset_index()


def _cities(f: Frames) -> pd.DataFrame:
    cities = (
        f["customers"]
        .groupby("city")
        .agg(n=("customer_id", "size"), low=("credit_limit", "min"), high=("credit_limit", "max"))
    )
    return cities[cities.n >= 10].reset_index()[["city", "low", "high"]]


def _homes(f: Frames) -> pd.DataFrame:
    counts = f["members"].home_branch_id.value_counts()
    branches = f["branches"]
    return branches.assign(n=branches.branch_id.map(counts))[["name", "n"]]


def _elsewhere(f: Frames) -> int:
    loans = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    return int((loans.branch_id != loans.home_branch_id).sum())


def _portuguese(f: Frames) -> pd.DataFrame:
    goods = f["products"].merge(f["suppliers"], on="supplier_id")
    return goods.loc[goods.country == "Portugal", ["name"]]


def _own_region(f: Frames) -> int:
    sent = f["shipments"].dropna(subset="shipped").merge(f["warehouses"], on="warehouse_id")
    sent = sent.merge(f["orders"], on="order_id").merge(f["customers"], on="customer_id")
    return int((sent.region_id_x == sent.region_id_y).sum())


def _late(f: Frames) -> float:
    back = f["loans"].dropna(subset="returned")
    return float(100 * (back.returned > back.due).mean())


def _per_copy(f: Frames) -> pd.DataFrame:
    loans = _lent(f).genre.value_counts()
    copies = f["copies"].merge(f["books"], on="book_id").genre.value_counts()
    return (loans / copies).rename("per_copy").rename_axis("genre").reset_index()


def _margins(f: Frames) -> Readings:
    goods = _goods(f)
    margins = (1 - goods.unit_cost / goods.list_price).groupby(goods.category).mean().rename("margin")
    return Readings((margins.reset_index(), (100 * margins).reset_index()))


def _growth(f: Frames) -> float:
    lines = f["order_lines"].merge(f["orders"], on="order_id").query("status != 'X'")
    worth = (lines.qty * lines.unit_price * (1 - lines.disc)).groupby(lines.placed.dt.year).sum()
    return float(100 * (worth[2024] / worth[2023] - 1))


def _due_february(f: Frames) -> int:
    return int(f["loans"].due.between("2024-02-01", "2024-02-29").sum())


def _out_that_day(f: Frames) -> int:
    loans, day = f["loans"], pd.Timestamp("2023-07-01")
    return int(((loans.loaned <= day) & ((loans.returned > day) | loans.returned.isna())).sum())


def _ten_years(f: Frames) -> int:
    return int((f["customers"].since <= "2014-12-31").sum())


def _late_by_year(f: Frames) -> pd.DataFrame:
    paid = f["payments"]
    late = paid[(paid.paid_on - paid.due).dt.days > 14]
    return late.due.dt.year.value_counts().rename_axis("year").reset_index(name="n")


def _running(f: Frames) -> pd.DataFrame:
    loaned = f["loans"].loaned
    n = loaned[loaned.dt.year == 2023].dt.month.value_counts().sort_index()
    return pd.DataFrame({"n": n, "total": n.cumsum()}).reset_index(drop=True)


def _third(f: Frames) -> pd.DataFrame:
    third = f["members"].sort_values("joined").groupby("home_branch_id").nth(2)
    found = third.merge(f["branches"], left_on="home_branch_id", right_on="branch_id")
    return found[["name_y", "name_x"]]


def _moving(f: Frames) -> pd.DataFrame:
    n = f["orders"].set_index("placed").resample("MS").size().rolling(3).mean()
    return n["2024-01-01":].reset_index(drop=True).to_frame("orders")


def _dearest(f: Frames) -> pd.DataFrame:
    goods = f["products"].merge(f["suppliers"], on="supplier_id")
    return goods.loc[goods.groupby("company").list_price.idxmax(), ["company", "name"]]


def _dahls(f: Frames) -> int:
    return int(f["members"].name.str.endswith(" Dahl").sum())


def _last_words(f: Frames) -> pd.DataFrame:
    words = f["books"].title.str.split().str[-1]
    return words.value_counts().rename_axis("word").reset_index(name="n")


def _prefixes(f: Frames) -> pd.DataFrame:
    products = f["products"]
    return products.groupby(products.sku.str[:3]).list_price.agg(["size", "mean"]).reset_index()


def _mailboxes(f: Frames) -> pd.DataFrame:
    boxes = f["customers"].email.dropna().str.extract(r"^(\D+)\d*@")[0]
    return boxes.value_counts().rename_axis("box").reset_index(name="n")


def _conditions(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["copies"].branch_id, f["copies"].condition).reset_index()


def _genre_years(f: Frames) -> pd.DataFrame:
    lent = _lent(f)
    return pd.crosstab(lent.genre, lent.loaned.dt.year).reset_index()


def _channel_years(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["orders"].channel, f["orders"].placed.dt.year).reset_index()


def _stock_wide(f: Frames) -> pd.DataFrame:
    stock = f["stock"].merge(_goods(f), on="product_id").merge(f["warehouses"], on="warehouse_id")
    return stock.pivot_table(index="category", columns="city", values="on_hand", aggfunc="sum").reset_index()


def _pages_loans(f: Frames) -> float:
    books = f["books"]
    return float(books.pages.corr(books.book_id.map(_lent(f).book_id.value_counts()).fillna(0)))


def _delay_spread(f: Frames) -> pd.DataFrame:
    paid = f["payments"].dropna(subset="paid_on")
    return (paid.paid_on - paid.due).dt.days.groupby(paid.method).std().rename("days").reset_index()


def _slope(f: Frames) -> float:
    return float(np.polyfit(f["products"].unit_cost, f["products"].list_price, 1)[0])


def _paid_none(f: Frames) -> int:
    fines = f["fines"].merge(f["loans"], on="loan_id")
    return int((fines.groupby("member_id").paid.max() == 0).sum())


def _all_away(f: Frames) -> int:
    away = f["loans"].copy_id[f["loans"].returned.isna()]
    return int(f["copies"].copy_id.isin(away).groupby(f["copies"].book_id).all().sum())


def _split(f: Frames) -> int:
    return int((f["shipments"].order_id.value_counts() >= 2).sum())


def _above_limit(f: Frames) -> pd.DataFrame:
    unpaid = f["payments"][f["payments"].paid_on.isna()].merge(f["orders"], on="order_id")
    owed = unpaid.groupby("customer_id").amount.sum().rename("owed").reset_index()
    owed = owed.merge(f["customers"], on="customer_id")
    return owed.loc[owed.owed > owed.credit_limit, ["company", "owed"]]


def _nothing(_: Frames) -> None:
    """No dates of fines, no languages, no reasons, and no deliveries to the wholesaler."""


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "group",
        _library(
            "n-conditions",
            "How many of our copies are new, good, worn and damaged?",
            lambda f: f["copies"].condition.value_counts().reset_index(),
        ),
    ),
    (
        "group",
        _library(
            "n-decades",
            "For each decade of publication, give me the number of books and their average page count. "
            "Name a decade by its first year, e.g. 1950.",
            _decades,
        ),
    ),
    (
        "group",
        _wholesale(
            "n-methods",
            "How many payments have come in by each payment method, and what do they add up to?",
            _methods,
        ),
    ),
    (
        "group",
        _wholesale(
            "n-cities",
            "In which cities do we have ten or more customers, and what are the lowest and the highest "
            "credit limit agreed with a customer there?",
            _cities,
        ),
    ),
    (
        "join",
        _library("n-homes", "Number of members that have each branch as their home, by branch name", _homes),
    ),
    (
        "join",
        _library(
            "n-elsewhere",
            "How many loans were of a copy that belongs to another branch than the borrower's home branch?",
            _elsewhere,
        ),
    ),
    (
        "join",
        _wholesale(
            "n-portuguese",
            "List the names of all products from suppliers in Portugal, discontinued or not.",
            _portuguese,
        ),
    ),
    (
        "join",
        _wholesale(
            "n-own-region",
            "Of the shipments that have left a warehouse, how many left one that lies in the same region as "
            "the customer who had ordered?",
            _own_region,
        ),
    ),
    (
        "ratio",
        _library(
            "n-late",
            "Of the loans that were brought back, what percentage came back after their due date?",
            _late,
        ),
    ),
    (
        "ratio",
        _library(
            "n-per-copy",
            "How well used is each genre? I mean the number of loans of the genre divided by the number of "
            "copies we hold of it.",
            _per_copy,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "n-margins",
            "What is the margin, (list_price - unit_cost) / list_price, in each category? Take the plain "
            "average over all its products, discontinued ones too, and show the category's name.",
            _margins,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "n-growth",
            "By how many percent did turnover rise from 2023 to 2024? Turnover is quantity times unit price "
            "less the discount, by the date of the order. Leave out cancelled orders, don't deduct returns.",
            _growth,
        ),
    ),
    (
        "date",
        _library("n-due-february", "How many loans were due in February 2024?", _due_february),
    ),
    (
        "date",
        _library(
            "n-out-that-day",
            "How many loans were open at the end of 1 July 2023? Those are the ones made on that day or "
            "earlier and returned on a later day or never.",
            _out_that_day,
        ),
    ),
    (
        "date",
        _wholesale(
            "n-ten-years",
            "As of 31 December 2024, how many customers had been with us for ten years or longer?",
            _ten_years,
        ),
    ),
    (
        "date",
        _wholesale(
            "n-late-by-year",
            "Count the payments that were made more than 14 days after their due date, for each year in "
            "which they fell due. Leave aside what is still unpaid.",
            _late_by_year,
        ),
    ),
    (
        "window",
        _library(
            "n-running",
            "Loans made in each month of 2023, January to December, with the running total since the "
            "beginning of that year",
            _running,
            ordered=True,
        ),
    ),
    (
        "window",
        _library(
            "n-third",
            "Order the members of each home branch by the date they joined: who was the third? Give the "
            "branch's and the member's name.",
            _third,
        ),
    ),
    (
        "window",
        _wholesale(
            "n-moving",
            "I need the three-month moving average of the number of orders placed (any status) for every "
            "month of 2024, in order of time: the mean of the month itself and the two months before it, "
            "which for January and February reach back into 2023.",
            _moving,
            ordered=True,
        ),
    ),
    (
        "window",
        _wholesale(
            "n-dearest",
            "For each supplier that we have products of, which one, discontinued or not, has the highest "
            "list price? Supplier's company and product name.",
            _dearest,
        ),
    ),
    (
        "text",
        _library("n-dahls", "How many members have the last name Dahl?", _dahls),
    ),
    (
        "text",
        _library(
            "n-last-words",
            "What words do our book titles end with? Show each last word with the number of books.",
            _last_words,
        ),
    ),
    (
        "text",
        _wholesale(
            "n-prefixes",
            "Group the products by the first three letters of their sku: how many are there, and what is "
            "the average list_price?",
            _prefixes,
        ),
    ),
    (
        "text",
        _wholesale(
            "n-mailboxes",
            "Our customers' e-mail addresses start with a word like info, followed by a number. Which words "
            "are there before the number, and how many addresses start with each?",
            _mailboxes,
        ),
    ),
    (
        "reshape",
        _library(
            "n-copies-wide",
            "Count the copies in a table with one row per branch_id and one column per condition.",
            _conditions,
        ),
    ),
    (
        "reshape",
        _library(
            "n-genre-years",
            "Show me a cross table of the number of loans: genres of the books down, the years in which the "
            "loans were made across.",
            _genre_years,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "n-channel-years",
            "Number of orders with one row per channel and the years 2023 and 2024 as columns",
            _channel_years,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "n-stock-wide",
            "Put together an overview of the stock: a row for every product category (by name), a column "
            "for each warehouse city, and the total units on hand in the cells.",
            _stock_wide,
        ),
    ),
    (
        "statistics",
        _library(
            "n-median-pages",
            "What's the median number of pages of our books?",
            lambda f: f["books"].pages.median(),
        ),
    ),
    (
        "statistics",
        _library(
            "n-pages-loans",
            "Are long books lent less? Give the Pearson correlation, over all books, between a book's pages "
            "and the number of its loans, where a book that was never lent has zero loans.",
            _pages_loans,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "n-delay-spread",
            "How much does the time of payment vary? Compute the sample standard deviation of the days from "
            "due to paid_on for each method.",
            _delay_spread,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "n-slope",
            "Regress the list price of the products on their unit cost (a straight line with an intercept). "
            "What is the slope?",
            _slope,
        ),
    ),
    (
        "multi-step",
        _library(
            "n-paid-none",
            "How many members have been fined but have not paid a single one of their fines?",
            _paid_none,
        ),
    ),
    (
        "multi-step",
        _library(
            "n-all-away",
            "A copy is away if any of its loans has not been returned. How many books, by book_id, have "
            "copies, but all of them are away?",
            _all_away,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "n-split",
            "How many orders were split into two or more shipments, sent off or still being picked?",
            _split,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "n-above-limit",
            "Which customers owe us more than their credit limit, adding up all their payments that have "
            "not been made yet, whether due or not? Company and the amount owed; skip customers without an "
            "agreed limit.",
            _above_limit,
        ),
    ),
    (
        "unanswerable",
        _library(
            "n-days-to-pay", "How many days does it take on average until a fine has been paid?", _nothing
        ),
    ),
    (
        "unanswerable",
        _library("n-french", "How many of the books are written in French?", _nothing),
    ),
    (
        "unanswerable",
        _wholesale("n-why-back", "What is the most common reason for sending goods back to us?", _nothing),
    ),
    (
        "unanswerable",
        _wholesale(
            "n-late-suppliers",
            "Which supplier's deliveries to our warehouses were late most often in 2024?",
            _nothing,
        ),
    ),
)

"""More questions about the library and the wholesaler, written before any model had seen one of them."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_of_library = partial(Question, source="library")
_of_wholesale = partial(Question, source="wholesale")


def _quick_abroad(f: Frames) -> pd.DataFrame:
    suppliers = f["suppliers"]
    kept = (suppliers.country != "Germany") & (suppliers.lead_days <= 15)
    return suppliers.loc[kept, ["company", "lead_days"]]


def _conditions(f: Frames) -> pd.DataFrame:
    return f["copies"].condition.value_counts().rename_axis("condition").reset_index(name="copies")


def _decades(f: Frames) -> pd.DataFrame:
    books = f["books"].assign(decade=f["books"].published // 10 * 10)
    return books.groupby("decade", as_index=False).agg(books=("book_id", "size"), pages=("pages", "mean"))


def _methods(f: Frames) -> pd.DataFrame:
    known = f["payments"].dropna(subset="method")
    return known.groupby("method", as_index=False).agg(payments=("amount", "size"), total=("amount", "sum"))


def _lent(f: Frames) -> pd.DataFrame:
    """The loans with their copies, books and the branches that the copies belong to."""
    branches = f["branches"].rename(columns={"name": "branch"})
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id").merge(branches)


def _not_held(f: Frames) -> pd.DataFrame:
    return f["books"].loc[~f["books"].book_id.isin(f["copies"].book_id), ["book_id", "title"]]


def _away_from_home(f: Frames) -> int:
    lent = _lent(f).merge(f["members"], on="member_id")
    return int((lent.branch_id != lent.home_branch_id).sum())


def _loans_by_country(f: Frames) -> pd.DataFrame:
    lent = _lent(f).merge(f["book_authors"], on="book_id").merge(f["authors"], on="author_id")
    return lent.groupby("country", as_index=False).loan_id.nunique()


def _from_nearby(f: Frames) -> int:
    sent = f["shipments"].dropna(subset="shipped").merge(f["orders"], on="order_id")
    sent = sent.merge(f["customers"], on="customer_id").merge(f["warehouses"], on="warehouse_id")
    return int((sent.region_id_x == sent.region_id_y).sum())


def _fines_collected(f: Frames) -> float:
    fines = f["fines"]
    return float(100 * fines.amount[fines.paid == 1].sum() / fines.amount.sum())


def _late_by_branch(f: Frames) -> pd.DataFrame:
    back = _lent(f).dropna(subset="returned")
    return (100 * (back.returned > back.due).groupby(back.branch).mean()).reset_index(name="late")


def _margins(f: Frames) -> pd.DataFrame:
    sold = f["products"][f["products"].discontinued.isna()]
    sold = sold.assign(margin=100 * (sold.list_price - sold.unit_cost) / sold.list_price)
    names = sold.category_id.map(f["categories"].set_index("category_id").name)
    return sold.margin.groupby(names.rename("category")).mean().reset_index()


def _back_in_a_week(f: Frames) -> int:
    return int(((f["loans"].returned - f["loans"].loaned).dt.days <= 7).sum())


def _young_joiners(f: Frames) -> int:
    return int((f["members"].joined.dt.year - f["members"].birth_year < 18).sum())


def _paid_late(f: Frames) -> int:
    due = f["payments"][f["payments"].due.dt.year == 2024]
    return int(((due.paid_on - due.due).dt.days > 14).sum())


def _members_so_far(f: Frames) -> pd.DataFrame:
    joined = f["members"].joined.dt.year.value_counts().sort_index()
    return pd.DataFrame({"joined": joined, "members": joined.cumsum()}).rename_axis("year").reset_index()


def _monthly_changes(f: Frames) -> pd.DataFrame:
    loans = f["loans"].loaned.dt.to_period("M").value_counts().sort_index()
    changes = pd.DataFrame({"loans": loans, "change": loans.diff()})
    return changes[changes.index.year == 2023].reset_index(drop=True)


def _first_members(f: Frames) -> pd.DataFrame:
    members = f["members"].rename(columns={"name": "member", "home_branch_id": "branch_id"})
    first = members.loc[members.groupby("branch_id").joined.idxmin()].merge(f["branches"], on="branch_id")
    return first[["name", "member", "joined"]]


def _best_of_region(f: Frames) -> pd.DataFrame:
    billed = f["payments"].merge(f["orders"], on="order_id").merge(f["customers"], on="customer_id")
    billed = billed.merge(f["regions"], on="region_id")
    totals = billed.groupby(["name", "customer_id", "company"], as_index=False).amount.sum()
    best = totals.sort_values("amount", ascending=False).groupby("name").head(2)
    return best[["name", "company", "amount"]]


def _last_words(f: Frames) -> pd.DataFrame:
    return f["books"].title.str.split().str[-1].value_counts().rename_axis("word").reset_index(name="books")


def _common_surname(f: Frames) -> str:
    return str(f["members"].name.str.split().str[-1].value_counts().idxmax())


def _sizes(f: Frames) -> pd.DataFrame:
    sizes = f["products"].name.str.rsplit(", ", n=1).str[-1]
    return sizes.value_counts().rename_axis("size").reset_index(name="products")


def _copies_by_genre(f: Frames) -> pd.DataFrame:
    copies = f["copies"].merge(f["books"], on="book_id").merge(f["branches"], on="branch_id")
    return pd.crosstab(copies.genre, copies.name).reset_index()


def _fines_by_branch(f: Frames) -> pd.DataFrame:
    fines = f["fines"].merge(f["loans"], on="loan_id").merge(f["members"], on="member_id")
    branches = fines.home_branch_id.map(f["branches"].set_index("branch_id").name)
    fines = fines.assign(branch=branches)
    return fines.pivot_table("amount", "branch", "paid", aggfunc="sum").reset_index()


def _long_prices(f: Frames) -> pd.DataFrame:
    frozen = f["products"].merge(f["categories"].query("name == 'Frozen'"), on="category_id")
    return frozen.melt("sku", ["list_price", "unit_cost"], "kind", "euros")


def _days_by_genre(f: Frames) -> pd.DataFrame:
    lent = _lent(f).dropna(subset="returned")
    return (lent.returned - lent.loaned).dt.days.groupby(lent.genre).median().reset_index(name="days")


def _lines_and_worth(f: Frames) -> float:
    lines = f["order_lines"].assign(worth=lambda d: d.qty * d.unit_price * (1 - d.disc))
    orders = lines.groupby("order_id").worth.agg(["size", "sum"])
    return float(orders["size"].corr(orders["sum"]))


def _deepest_in_debt(f: Frames) -> pd.DataFrame:
    unpaid = f["fines"].query("paid == 0").merge(f["loans"], on="loan_id").merge(f["members"], on="member_id")
    return unpaid.groupby(["member_id", "name"]).amount.sum().nlargest(1).reset_index()[["name", "amount"]]


def _everywhere(f: Frames) -> int:
    return int((_lent(f).groupby("member_id").branch_id.nunique() == len(f["branches"])).sum())


def _stock_of_the_quickest(f: Frames) -> float:
    quickest = f["suppliers"].set_index("supplier_id").lead_days.idxmin()
    stock = f["stock"].merge(f["products"], on="product_id")
    stock = stock[stock.supplier_id == quickest]
    return float((stock.on_hand * stock.unit_cost).sum())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        _of_library(
            "u-thick-books",
            "Which books have more than 650 pages? I need title and pages.",
            lambda f: f["books"].loc[f["books"].pages > 650, ["title", "pages"]],
        ),
    ),
    (
        "filter",
        _of_wholesale(
            "u-quick-abroad",
            "Suppliers outside Germany with a lead time of 15 days or less: company and lead_days, please",
            _quick_abroad,
        ),
    ),
    (
        "group",
        _of_library(
            "u-conditions",
            "How many copies are there in each condition? Begin with the condition that has the most.",
            _conditions,
            ordered=True,
        ),
    ),
    (
        "group",
        _of_library(
            "u-decades",
            "Give me, for every decade of publication (1950 for the years 1950 to 1959, and so on), the "
            "number of books and their average number of pages.",
            _decades,
        ),
    ),
    (
        "group",
        _of_wholesale(
            "u-methods",
            "How many payments were made by each method, and what do they add up to? Leave out the payments "
            "that have no method.",
            _methods,
        ),
    ),
    (
        "join",
        _of_library(
            "u-not-held",
            "Of which books do we not have a single copy in any branch? Show book_id and title.",
            _not_held,
        ),
    ),
    (
        "join",
        _of_library(
            "u-away-from-home",
            "How many loans were of a copy that belongs to another branch than the borrower's home branch?",
            _away_from_home,
        ),
    ),
    (
        "join",
        _of_library(
            "u-loans-by-country",
            "How many loans went to books by authors of each country? If a book has several authors from one "
            "country, a loan of it still counts just once for that country.",
            _loans_by_country,
        ),
    ),
    (
        "join",
        _of_wholesale(
            "u-from-nearby",
            "How many of the shipments that have left came from a warehouse in the customer's own region?",
            _from_nearby,
        ),
    ),
    (
        "ratio",
        _of_library(
            "u-fines-collected",
            "What percentage of the total amount of all fines has been paid?",
            _fines_collected,
        ),
    ),
    (
        "ratio",
        _of_library(
            "u-late-by-branch",
            "Compare the branches that the copies belong to: what percentage of the returned loans came back "
            "after the due date? One row per branch, with its name.",
            _late_by_branch,
        ),
    ),
    (
        "ratio",
        _of_wholesale(
            "u-margins",
            "For each product we still sell, take the margin as list price minus unit cost, in percent of "
            "the list price. What is the average margin of the products in each category, by category name?",
            _margins,
        ),
    ),
    (
        "date",
        _of_library(
            "u-back-in-a-week",
            "How many loans were returned no later than 7 days after the day they were loaned?",
            _back_in_a_week,
        ),
    ),
    (
        "date",
        _of_library(
            "u-young-joiners",
            "How many members were under 18 when they joined? Just take the year of joining minus the birth "
            "year as their age.",
            _young_joiners,
        ),
    ),
    (
        "date",
        _of_wholesale(
            "u-paid-late",
            "Of the payments that fell due in 2024, how many were made more than 14 days after the due date?",
            _paid_late,
        ),
    ),
    (
        "window",
        _of_library(
            "u-members-so-far",
            "Show how the membership has grown: for every year, how many members joined in it and how many "
            "had joined altogether by its end.",
            _members_so_far,
        ),
    ),
    (
        "window",
        _of_library(
            "u-monthly-changes",
            "For each month of 2023, in order of time: the number of loans made, and how many more or fewer "
            "that is than in the month before. January is compared with December 2022.",
            _monthly_changes,
            ordered=True,
        ),
    ),
    (
        "window",
        _of_library(
            "u-first-members",
            "Who joined first among the members of each home branch? I want the branch's name, the member's "
            "name and the date of joining.",
            _first_members,
        ),
    ),
    (
        "window",
        _of_wholesale(
            "u-best-of-region",
            "List the two customers of each region with the highest total of payments, whether paid already "
            "or still open: the region's name, the company and the total amount.",
            _best_of_region,
        ),
    ),
    (
        "text",
        _of_library("u-last-words", "Count the books by the last word of their title, please.", _last_words),
    ),
    (
        "text",
        _of_library(
            "u-common-surname",
            "What is the most common last name among the members?",
            _common_surname,
        ),
    ),
    (
        "text",
        _of_wholesale(
            "u-sizes",
            "Product names end in the pack size, which stands after the last comma. How many products are "
            "there of each pack size?",
            _sizes,
        ),
    ),
    (
        "reshape",
        _of_library(
            "u-copies-by-genre",
            "Make a cross table of the number of copies: a row for each genre, a column for each branch, 0 "
            "where a branch has none.",
            _copies_by_genre,
        ),
    ),
    (
        "reshape",
        _of_library(
            "u-fines-by-branch",
            "I'd like a table with one row for each home branch of the members (its name), and two columns "
            "next to it: the total amount of the fines paid, and of those not paid.",
            _fines_by_branch,
        ),
    ),
    (
        "reshape",
        _of_wholesale(
            "u-long-prices",
            "Put list_price and unit_cost of all products of the category Frozen into long form: columns "
            "sku, kind ('list_price' or 'unit_cost') and euros, so two rows for each product.",
            _long_prices,
        ),
    ),
    (
        "statistics",
        _of_library(
            "u-days-by-genre",
            "What is the median number of days for which books of each genre are kept, from loaned to "
            "returned? Only loans that were returned.",
            _days_by_genre,
        ),
    ),
    (
        "statistics",
        _of_wholesale(
            "u-lines-and-worth",
            "Are orders with more lines worth more? Give the Pearson correlation between an order's number "
            "of lines and its worth after discount, over all orders whatever their status.",
            _lines_and_worth,
        ),
    ),
    (
        "multi-step",
        _of_library(
            "u-deepest-in-debt",
            "Which member owes us the most in unpaid fines? Name and amount.",
            _deepest_in_debt,
        ),
    ),
    (
        "multi-step",
        _of_library(
            "u-everywhere",
            "How many members have borrowed copies from every single one of our branches?",
            _everywhere,
        ),
    ),
    (
        "multi-step",
        _of_wholesale(
            "u-stock-of-the-quickest",
            "Take the supplier with the shortest lead time. What are all its goods that we have on hand "
            "worth, valued at unit cost and over all warehouses?",
            _stock_of_the_quickest,
        ),
    ),
)

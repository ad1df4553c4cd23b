"""Further questions about the library's and the wholesaler's databases, unseen by any model when written."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")
_wholesale = partial(Question, source="wholesale")


def _readings(*values: object) -> Readings:
    return Readings(values, ambiguous=True)


def _nothing(_: Frames) -> None:
    """Neither when a fine was paid or a member left, nor when suppliers delivered or why goods came back."""


# The library.


def _lent(f: Frames) -> pd.DataFrame:
    """Each loan with its copy and that copy's book."""
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _held(f: Frames) -> pd.DataFrame:
    """Each copy with its branch; `name` is the branch's."""
    return f["copies"].merge(f["branches"], on="branch_id")


def _per_book(f: Frames, what: pd.DataFrame) -> pd.Series[int]:
    """How many rows of `what` each book has, none included."""
    return what.groupby("book_id").size().reindex(f["books"].book_id, fill_value=0)


def _short_old(f: Frames) -> pd.DataFrame:
    books = f["books"]
    kept = books.genre.isin(["crime", "history"]) & (books.published < 1980) & (books.pages <= 300)
    return books.loc[kept, ["title", "pages"]]


def _conditions(f: Frames) -> pd.DataFrame:
    return f["copies"].condition.value_counts().rename_axis("condition").reset_index(name="copies")


def _debtors(f: Frames) -> pd.DataFrame:
    unpaid = f["fines"][f["fines"].paid == 0].merge(f["loans"], on="loan_id")
    owed = unpaid.groupby("member_id", as_index=False).amount.sum()
    return owed[owed.amount > 15]


def _japanese_of_blue_whale(f: Frames) -> pd.DataFrame:
    houses = f["publishers"][f["publishers"].name == "Blue Whale"]
    books = f["books"][f["books"].publisher_id.isin(houses.publisher_id)]
    wrote = f["book_authors"][f["book_authors"].book_id.isin(books.book_id)].author_id
    authors = f["authors"]
    return authors.loc[authors.author_id.isin(wrote) & (authors.country == "Japan"), ["name"]]


def _away_from_home(f: Frames) -> int:
    lent = _lent(f).merge(f["members"], on="member_id")
    return int((lent.branch_id != lent.home_branch_id).sum())


def _late_by_genre(f: Frames) -> pd.DataFrame:
    back = _lent(f).dropna(subset="returned")
    late = back.returned > back.due
    return (late.groupby(back.genre).mean() * 100).reset_index(name="percent")


def _before_joining(f: Frames) -> int:
    lent = f["loans"].merge(f["members"], on="member_id")
    return int((lent.loaned < lent.joined).sum())


def _running_2023(f: Frames) -> pd.DataFrame:
    # A month has many forms; the totals in their order say enough.
    loaned = f["loans"].loaned[f["loans"].loaned.dt.year == 2023]
    return loaned.groupby(loaned.dt.month).size().cumsum().to_frame("total").reset_index(drop=True)


def _three_longest(f: Frames) -> pd.DataFrame:
    books = f["books"].merge(f["publishers"], on="publisher_id")
    return books.sort_values("pages").groupby("name").tail(3)[["name", "title", "pages"]]


def _last_words(f: Frames) -> pd.DataFrame:
    words = f["books"].title.str.split().str[-1]
    return words.value_counts().rename_axis("word").reset_index(name="books")


def _accented(f: Frames) -> int:
    return sum(not mail.isascii() for mail in f["members"].email.dropna())


def _genres_by_condition(f: Frames) -> pd.DataFrame:
    copies = f["copies"].merge(f["books"], on="book_id")
    return pd.crosstab(copies.genre, copies.condition).reset_index()


def _branches_by_year(f: Frames) -> pd.DataFrame:
    lent = f["loans"].merge(_held(f), on="copy_id")
    return pd.crosstab(lent.name, lent.loaned.dt.year).reset_index()


def _copies_and_loans(f: Frames) -> float:
    return float(_per_book(f, f["copies"]).corr(_per_book(f, _lent(f))))


def _at_all_branches(f: Frames) -> int:
    visited = _lent(f).groupby("member_id").branch_id.nunique()
    return int((visited == len(f["branches"])).sum())


def _written_together(f: Frames) -> float:
    loans = _per_book(f, _lent(f))
    authors = _per_book(f, f["book_authors"])
    return float((authors[loans > loans.mean()] > 1).mean() * 100)


def _branch_sizes(f: Frames) -> Readings:
    # A branch may well be named by its id; the numbers say enough.
    copies, lent = f["copies"].groupby("branch_id"), _lent(f).groupby("branch_id")
    homes = f["members"].groupby("home_branch_id")
    sizes = (copies.size(), copies.book_id.nunique(), homes.size(), lent.size(), lent.member_id.nunique())
    return _readings(*(size.to_frame("size") for size in sizes))


def _central_books(f: Frames) -> Readings:
    copies = _held(f).query("name == 'Central'").merge(f["books"], on="book_id")
    out = f["loans"].copy_id[f["loans"].returned.isna()]
    there = copies[~copies.copy_id.isin(out)]
    return _readings(
        *(len(c) for c in (copies, there)),
        *(c.book_id.nunique() for c in (copies, there)),
        *(c.title.nunique() for c in (copies, there)),
    )


# The wholesaler.


def _lines(f: Frames) -> pd.DataFrame:
    """The order lines with their orders, each with its worth after discount in euros."""
    lines = f["order_lines"].merge(f["orders"], on="order_id")
    return lines.assign(worth=lines.qty * lines.unit_price * (1 - lines.disc))


def _sold(f: Frames) -> pd.DataFrame:
    """The lines of the orders that were not cancelled."""
    lines = _lines(f)
    return lines[lines.status != "X"]


def _wide_margins(f: Frames) -> pd.DataFrame:
    products = f["products"]
    kept = products.discontinued.isna() & (products.list_price - products.unit_cost > 20)
    return products.loc[kept, ["sku", "name"]]


def _lead_times(f: Frames) -> pd.DataFrame:
    by = f["suppliers"].groupby("country").lead_days.agg(["size", "mean"]).reset_index()
    return by.loc[by["size"] >= 2, ["country", "mean"]]


def _methods(f: Frames) -> pd.DataFrame:
    made = f["payments"].dropna(subset="paid_on")
    return made.groupby("method").amount.agg(["size", "sum"]).reset_index()


def _plenty_in_ulm(f: Frames) -> pd.DataFrame:
    stock = f["stock"].merge(f["warehouses"], on="warehouse_id").merge(f["products"], on="product_id")
    return stock.loc[(stock.city == "Ulm") & (stock.on_hand > 80), ["name", "on_hand"]]


def _sent_within_region(f: Frames) -> int:
    sent = f["shipments"].dropna(subset="shipped").merge(f["orders"], on="order_id")
    there = sent.customer_id.map(f["customers"].set_index("customer_id").region_id)
    return int((sent.warehouse_id.map(f["warehouses"].set_index("warehouse_id").region_id) == there).sum())


def _edi_share(f: Frames) -> float:
    orders = f["orders"][f["orders"].placed.dt.year == 2024]
    return float((orders.channel == "EDI").mean() * 100)


def _margins(f: Frames) -> pd.DataFrame:
    lines = _lines(f).query("status == 'D'").merge(f["products"], on="product_id")
    lines = lines.assign(cost=lines.qty * lines.unit_cost).merge(f["categories"], on="category_id")
    sums = lines.groupby("name_y")[["worth", "cost"]].sum()
    return (100 * (1 - sums.cost / sums.worth)).rename_axis("category").reset_index(name="percent")


def _slow_orders(f: Frames) -> int:
    orders = f["orders"][f["orders"].status == "D"]
    last = f["shipments"].groupby("order_id").delivered.max()
    return int(((orders.order_id.map(last) - orders.placed).dt.days > 9).sum())


def _against_last_year(f: Frames) -> pd.DataFrame:
    # A month has many forms; the changes in their order say enough.
    placed = f["orders"].placed
    counts = pd.crosstab(placed.dt.month, placed.dt.year)
    return (counts[2024] - counts[2023]).to_frame("change").reset_index(drop=True)


def _between_orders(f: Frames) -> float:
    orders = f["orders"].sort_values(["customer_id", "placed", "order_id"])
    return float(orders.groupby("customer_id").placed.diff().dt.days.mean())


def _five_kilos(f: Frames) -> pd.DataFrame:
    return f["products"].loc[f["products"].name.str.endswith(", 5 kg"), ["name"]]


def _channels_by_year(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["orders"].channel, f["orders"].placed.dt.year).reset_index()


def _dairy_by_warehouse(f: Frames) -> pd.DataFrame:
    stock = f["stock"].merge(f["warehouses"], on="warehouse_id")
    wide = stock.pivot(index="product_id", columns="city", values="on_hand")
    dairy = f["categories"].category_id[f["categories"].name == "Dairy"]
    products = f["products"][f["products"].category_id.isin(dairy)].set_index("product_id")
    return products[["name"]].join(wide).fillna(0)


def _median_limit(f: Frames) -> float:
    return float(f["customers"].credit_limit[f["customers"].segment == "hotel"].median())


def _scatter_by_region(f: Frames) -> pd.DataFrame:
    paid = f["payments"].dropna(subset="paid_on").merge(f["orders"], on="order_id")
    paid = paid.merge(f["customers"], on="customer_id").merge(f["regions"], on="region_id")
    return (paid.paid_on - paid.due).dt.days.groupby(paid.name).std().reset_index(name="sd")


def _near_the_limit(f: Frames) -> pd.DataFrame:
    unpaid = f["payments"][f["payments"].paid_on.isna()].merge(f["orders"], on="order_id")
    owed = f["customers"].customer_id.map(unpaid.groupby("customer_id").amount.sum())
    return f["customers"].loc[owed > f["customers"].credit_limit / 4, ["company"]]


def _from_newcomers(f: Frames) -> float:
    first = f["orders"].groupby("customer_id").placed.min().dt.year
    sold = _sold(f)[lambda s: s.placed.dt.year == 2024]
    return float(100 * sold.worth[sold.customer_id.map(first) == 2024].sum() / sold.worth.sum())


def _best_product(f: Frames) -> Readings:
    found: set[str] = set()
    for lines in (_sold(f), _lines(f)):
        goods = lines.merge(f["products"], on="product_id")
        goods = goods.assign(
            orders=1,
            gross=goods.qty * goods.unit_price,
            kept=goods.qty - goods.qty_back,
            net=(goods.qty - goods.qty_back) * goods.unit_price * (1 - goods.disc),
            margin=goods.worth - goods.qty * goods.unit_cost,
        )
        by = goods.groupby("name")[["orders", "qty", "kept", "worth", "gross", "net", "margin"]].sum()
        # As often ordered as another one, either is the best.
        found.update(name for column in by for name in by.index[by[column] == by[column].max()])
    return _readings(*sorted(found))


def _leipzig(f: Frames) -> Readings:
    stock = f["stock"].merge(f["warehouses"], on="warehouse_id").merge(f["products"], on="product_id")
    stock = stock[stock.city == "Leipzig"]
    there = stock[stock.on_hand > 0]
    return _readings(
        stock.on_hand.sum(),
        (stock.on_hand * stock.unit_cost).sum(),
        (stock.on_hand * stock.list_price).sum(),
        *(len(found) for found in (stock, there)),
        *(found[["on_hand"]] for found in (stock, there)),
    )


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        _library(
            "d-shabby",
            "How many of the copies with branch_id 3 are worn or damaged?",
            lambda f: len(f["copies"].query("branch_id == 3 and condition in ['worn', 'damaged']")),
        ),
    ),
    (
        "filter",
        _library(
            "d-short-old",
            "Titles and page numbers of the crime and history books that were published before 1980 and have "
            "300 pages at most",
            _short_old,
        ),
    ),
    (
        "filter",
        _wholesale(
            "d-phone-cancelled",
            "How many orders that were placed by phone ended up cancelled?",
            lambda f: len(f["orders"].query("channel == 'phone' and status == 'X'")),
        ),
    ),
    (
        "filter",
        _wholesale(
            "d-wide-margins",
            "Give me sku and name of everything still in our range on which we earn more than 20 euros a "
            "unit, that is, the list price less what the unit costs us.",
            _wide_margins,
        ),
    ),
    (
        "group",
        _library(
            "d-conditions",
            "In what condition are our copies? Count them per condition, the most frequent one on top.",
            _conditions,
            ordered=True,
        ),
    ),
    (
        "group",
        _library(
            "d-debtors",
            "Which members have run up more than 15 in fines that are still unpaid? List the member_id and "
            "the sum each of them owes.",
            _debtors,
        ),
    ),
    (
        "group",
        _wholesale(
            "d-lead-times",
            "For countries where we have at least two suppliers: what is their average lead time in days?",
            _lead_times,
        ),
    ),
    (
        "group",
        _wholesale(
            "d-methods",
            "How do our customers pay? I need the number of payments received and the euros received for "
            "each method, leaving out whatever has not been paid.",
            _methods,
        ),
    ),
    (
        "join",
        _library(
            "d-blue-whale",
            "Which Japanese authors has Blue Whale published? Their names, each once.",
            _japanese_of_blue_whale,
        ),
    ),
    (
        "join",
        _library(
            "d-away-from-home",
            "Count the loans where the copy belongs to a different branch than the borrower's home branch.",
            _away_from_home,
        ),
    ),
    (
        "join",
        _wholesale(
            "d-plenty-in-ulm",
            "What do we have more than 80 units of in the Ulm warehouse? Product name and units, please.",
            _plenty_in_ulm,
        ),
    ),
    (
        "join",
        _wholesale(
            "d-own-region",
            "Of the shipments that have left, how many went out from a warehouse in the same region as the "
            "customer they were for?",
            _sent_within_region,
        ),
    ),
    (
        "ratio",
        _library(
            "d-this-century",
            "What percentage of the books came out in 2001 or later?",
            lambda f: float((f["books"].published >= 2001).mean() * 100),
        ),
    ),
    (
        "ratio",
        _library(
            "d-late-by-genre",
            "By genre: of the loans that have been brought back, what percent came back after the due date?",
            _late_by_genre,
        ),
    ),
    (
        "ratio",
        _wholesale("d-edi", "What percentage of the orders placed in 2024 came in by EDI?", _edi_share),
    ),
    (
        "ratio",
        _wholesale(
            "d-margins",
            "Gross margin per product category in percent, for delivered orders: revenue after discount "
            "minus unit_cost times qty, over that revenue. Ignore returns.",
            _margins,
        ),
    ),
    (
        "date",
        _library(
            "d-december",
            "How many loans do we have from the month of December, all years taken together?",
            lambda f: int((f["loans"].loaned.dt.month == 12).sum()),
        ),
    ),
    (
        "date",
        _library(
            "d-before-joining",
            "Something's off with our records: for how many loans is the loan date earlier than the day the "
            "member joined?",
            _before_joining,
        ),
    ),
    (
        "date",
        _wholesale(
            "d-long-standing",
            "How many customers have been with us since before 2015?",
            lambda f: int((f["customers"].since < "2015-01-01").sum()),
        ),
    ),
    (
        "date",
        _wholesale(
            "d-slow-orders",
            "Looking at orders with status delivered, how many took more than 9 days from the day they were "
            "placed until the last of their shipments arrived?",
            _slow_orders,
        ),
    ),
    (
        "window",
        _library(
            "d-running-2023",
            "Show how the loans of 2023 added up: for each month, January first, the number of loans made "
            "from the start of that year to the end of the month.",
            _running_2023,
            ordered=True,
        ),
    ),
    (
        "window",
        _library(
            "d-three-longest",
            "The three longest books from every publisher: publisher's name, title and pages",
            _three_longest,
        ),
    ),
    (
        "window",
        _wholesale(
            "d-last-year",
            "By how many orders was each month of 2024 up or down on the same month of 2023? Count every "
            "order whatever its status; one row per month, starting with January.",
            _against_last_year,
            ordered=True,
        ),
    ),
    (
        "window",
        _wholesale(
            "d-between-orders",
            "How many days pass on average from one order of a customer to that customer's next one? Take "
            "the mean over all such pairs of consecutive orders, cancelled ones included.",
            _between_orders,
        ),
    ),
    (
        "text",
        _library(
            "d-last-words",
            "What do our titles end on? Count the books for each last word of a title.",
            _last_words,
        ),
    ),
    (
        "text",
        _library(
            "d-accented",
            "How many members have an email address with a character in it that is not plain ASCII, such as "
            "ö or è?",
            _accented,
        ),
    ),
    (
        "text",
        _wholesale(
            "d-gmbh",
            "Number of customers whose company name ends in GmbH?",
            lambda f: int(f["customers"].company.str.endswith("GmbH").sum()),
        ),
    ),
    (
        "text",
        _wholesale(
            "d-five-kilos",
            "The size comes last in a product's name, after a comma. List the names of all products that we "
            "have had in the 5 kg size, discontinued or not.",
            _five_kilos,
        ),
    ),
    (
        "reshape",
        _library(
            "d-genres-by-condition",
            "Make a table with one row per genre and one column for each condition (new, good, worn, "
            "damaged) that shows the number of copies.",
            _genres_by_condition,
        ),
    ),
    (
        "reshape",
        _library(
            "d-branches-by-year",
            "I'd like the loans from each branch's copies side by side: a row per branch (by name), and "
            "2022, 2023 and 2024 as the columns.",
            _branches_by_year,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "d-channels-by-year",
            "Number of orders with the channels as rows and the years 2023 and 2024 as columns, all "
            "statuses included",
            _channels_by_year,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "d-dairy-by-warehouse",
            "Build a stock overview of all products in the Dairy category: product name, then the units on "
            "hand in Hamburg, Leipzig, Ulm and Dortmund as four columns. Write 0 where a warehouse has no "
            "entry, and keep products that are stocked nowhere.",
            _dairy_by_warehouse,
        ),
    ),
    (
        "statistics",
        _library(
            "d-median-pages",
            "What's the median number of pages of our books?",
            lambda f: float(f["books"].pages.median()),
        ),
    ),
    (
        "statistics",
        _library(
            "d-copies-and-loans",
            "Do books with more copies get lent more? Compute, over all books, the Pearson correlation "
            "between a book's number of copies and its number of loans, where none counts as 0.",
            _copies_and_loans,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "d-median-limit",
            "Median credit limit of the hotels that have one?",
            _median_limit,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "d-scatter",
            "How much does payment behaviour vary within each region? For every region by name, the sample "
            "standard deviation of the days from due date to payment (early payments negative), over the "
            "payments that have been made.",
            _scatter_by_region,
        ),
    ),
    (
        "multi-step",
        _library(
            "d-all-branches",
            "How many members have borrowed copies of every one of our branches?",
            _at_all_branches,
        ),
    ),
    (
        "multi-step",
        _library(
            "d-written-together",
            "Take the books that were lent more often than the average book, where a book that was never "
            "lent counts with 0 loans. What percentage of them has more than one author?",
            _written_together,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "d-near-the-limit",
            "Whose unpaid payments add up to more than a quarter of their credit limit? Company names. "
            "Customers without a limit don't matter here.",
            _near_the_limit,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "d-newcomers",
            "How many percent of the 2024 revenue (by date of order, after discount, without cancelled "
            "orders) came from customers whose very first order, whatever its status, was placed in 2024?",
            _from_newcomers,
        ),
    ),
    ("ambiguous", _library("d-branch-sizes", "How big is each of our branches?", _branch_sizes)),
    (
        "ambiguous",
        _library("d-central-books", "How many books does the Central branch have?", _central_books),
    ),
    ("ambiguous", _wholesale("d-best-product", "Which product does best?", _best_product)),
    ("ambiguous", _wholesale("d-leipzig", "How much stock do we have in Leipzig?", _leipzig)),
    (
        "unanswerable",
        _library(
            "d-fines-in-march",
            "How much money did members pay us for fines in March 2024, by the day on which they paid?",
            _nothing,
        ),
    ),
    ("unanswerable", _library("d-left", "How many members left the library in 2023?", _nothing)),
    (
        "unanswerable",
        _wholesale(
            "d-late-suppliers",
            "How often did Nordfrost deliver to us later than agreed in 2024?",
            _nothing,
        ),
    ),
    (
        "unanswerable",
        _wholesale(
            "d-broken-goods",
            "How many of the units that customers sent back had been damaged in transport?",
            _nothing,
        ),
    ),
)

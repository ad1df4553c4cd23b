"""Later questions about the two databases: half of each category the library, half the wholesaler."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_shelf = partial(Question, source="library")
_trade = partial(Question, source="wholesale")


# The library


def _lent(f: Frames) -> pd.DataFrame:
    """The loans with their copies and books."""
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _old_no_email(f: Frames) -> pd.DataFrame:
    members = f["members"]
    return members.loc[(members.birth_year < 1950) & members.email.isna(), ["member_id"]]


def _author_countries(f: Frames) -> pd.DataFrame:
    counts = f["authors"].country.value_counts()
    return counts[counts >= 6].rename_axis("country").reset_index(name="authors")


def _crime_at_harbour(f: Frames) -> int:
    copies = f["copies"].merge(f["books"], on="book_id").merge(f["branches"], on="branch_id")
    return int(((copies.genre == "crime") & (copies.name == "Harbour")).sum())


def _away_from_home(f: Frames) -> int:
    lent = _lent(f).merge(f["members"], on="member_id")
    return int((lent.branch_id != lent.home_branch_id).sum())


def _central_share(f: Frames) -> float:
    members = f["members"].merge(
        f["branches"], left_on="home_branch_id", right_on="branch_id", suffixes=("", "_branch")
    )
    return float(100 * (members.name_branch == "Central").mean())


def _late_by_genre(f: Frames) -> pd.DataFrame:
    back = _lent(f).dropna(subset="returned")
    late = (back.returned > back.due).groupby(back.genre).mean()
    return (100 * late).reset_index(name="late")


def _saturdays(f: Frames) -> int:
    loaned = f["loans"].loaned.dt
    return int(((loaned.day_of_week == 5) & (loaned.year == 2023)).sum())


def _christmas_eve(f: Frames) -> int:
    loans = f["loans"]
    away = loans.returned.isna() | (loans.returned > "2023-12-24")
    return int(((loans.loaned <= "2023-12-24") & away).sum())


def _members_by_year(f: Frames) -> pd.DataFrame:
    new = f["members"].joined.dt.year.value_counts().sort_index().rename_axis("year").reset_index(name="new")
    return new.assign(total=new.new.cumsum())


def _two_genres(f: Frames) -> pd.DataFrame:
    lent = _lent(f).merge(f["branches"], on="branch_id")
    counts = lent.groupby(["name", "genre"]).size().reset_index(name="n")
    return counts.sort_values("n", ascending=False).groupby("name").head(2)


def _surname(f: Frames) -> str:
    return str(f["members"].name.str.split().str[-1].value_counts().idxmax())


def _condition_table(f: Frames) -> pd.DataFrame:
    copies = f["copies"].merge(f["books"], on="book_id")
    return pd.crosstab(copies.genre, copies.condition).reset_index()


def _branch_years(f: Frames) -> pd.DataFrame:
    lent = _lent(f).merge(f["branches"], on="branch_id")
    return pd.crosstab(lent.name, lent.loaned.dt.year).reset_index()


def _newer_lent_more(f: Frames) -> float:
    books = f["books"].set_index("book_id")
    loans = _lent(f).book_id.value_counts().reindex(books.index, fill_value=0)
    return float(books.published.corr(loans))


def _everywhere(f: Frames) -> int:
    seen = _lent(f).groupby("member_id").branch_id.nunique()
    return int((seen == len(f["branches"])).sum())


def _busiest_copy(f: Frames) -> int:
    loans = f["loans"]
    its = loans[loans.copy_id == loans.copy_id.value_counts().idxmax()]
    return int((its.returned - its.loaned).dt.days.sum())


def _how_many_books(f: Frames) -> Readings:
    copies, loans = f["copies"], f["loans"]
    out = loans[loans.returned.isna()].copy_id
    values = (
        len(f["books"]),
        f["books"].title.nunique(),
        len(copies),
        copies.book_id.nunique(),
        int((~copies.copy_id.isin(out)).sum()),
        int((copies.condition != "damaged").sum()),
    )
    return Readings(values, ambiguous=True)


def _top_author(f: Frames) -> Readings:
    written = f["book_authors"].merge(f["authors"], on="author_id").merge(f["books"], on="book_id")
    copies = written.merge(f["copies"], on="book_id")
    lent = copies.merge(f["loans"], on="copy_id")
    found: list[object] = []
    for by in (["author_id", "name"], ["name"]):
        readers = lent.groupby(by).member_id.nunique()
        counts = [frame.groupby(by).size() for frame in (written, copies, lent)]
        for figure in (*counts, written.groupby(by).pages.sum(), readers):
            best = figure[figure == figure.max()].reset_index()[["name"]]
            found += [best, *best.name]
    return Readings(tuple(found), ambiguous=True)


# The wholesaler


def _sales(f: Frames) -> pd.DataFrame:
    """The lines of all orders with their worth before and after discount, in euros."""
    lines = f["order_lines"].merge(f["orders"], on="order_id")
    gross = lines.qty * lines.unit_price
    return lines.assign(year=lines.placed.dt.year, gross=gross, net=gross * (1 - lines.disc))


def _sold(f: Frames) -> pd.DataFrame:
    return _sales(f).query("status != 'X'")


def _near_suppliers(f: Frames) -> pd.DataFrame:
    return f["suppliers"].query("country != 'Germany' and lead_days <= 10")[["company", "lead_days"]]


def _methods(f: Frames) -> pd.DataFrame:
    paid = f["payments"].dropna(subset="paid_on")
    return paid.groupby("method").amount.agg(["size", "sum"]).reset_index()


def _french(f: Frames) -> pd.DataFrame:
    products = f["products"].merge(f["suppliers"], on="supplier_id")
    return products.loc[(products.country == "France") & products.discontinued.isna(), ["name", "company"]]


def _same_region(f: Frames) -> int:
    sent = f["shipments"].merge(f["orders"], on="order_id").merge(f["customers"], on="customer_id")
    sent = sent.merge(f["warehouses"], on="warehouse_id", suffixes=("_to", "_from"))
    return int((sent.region_id_to == sent.region_id_from).sum())


def _markups(f: Frames) -> pd.DataFrame:
    products = f["products"].merge(f["categories"], on="category_id", suffixes=("", "_category"))
    markup = 100 * (products.list_price - products.unit_cost) / products.unit_cost
    return markup.groupby(products.name_category).mean().reset_index(name="markup")


def _to_dispatch(f: Frames) -> pd.DataFrame:
    sent = f["shipments"].dropna(subset="shipped").merge(f["orders"], on="order_id")
    return (sent.shipped - sent.placed).dt.days.groupby(sent.carrier).mean().reset_index(name="days")


def _orders_so_far(f: Frames) -> pd.DataFrame:
    placed = f["orders"].placed
    counts = placed[placed.dt.year == 2024].dt.month.value_counts().sort_index()
    # How a month is called is left open.
    return pd.DataFrame({"orders": counts, "total": counts.cumsum()}).reset_index(drop=True)


def _best_per_region(f: Frames) -> pd.DataFrame:
    customers = f["customers"].merge(f["regions"].rename(columns={"name": "region"}), on="region_id")
    sales = _sold(f).query("year == 2024").merge(customers, on="customer_id")
    worth = sales.groupby(["region", "company"], as_index=False).net.sum()
    return worth.loc[worth.groupby("region").net.idxmax(), ["region", "company", "net"]]


def _mailboxes(f: Frames) -> pd.DataFrame:
    boxes = f["customers"].email.dropna().str.extract(r"^([a-z]+)\d*@", expand=False)
    return boxes.value_counts().rename_axis("box").reset_index(name="customers")


def _segments_by_region(f: Frames) -> pd.DataFrame:
    customers = f["customers"].merge(f["regions"].rename(columns={"name": "region"}), on="region_id")
    return pd.crosstab(customers.segment, customers.region).reset_index()


def _category_years(f: Frames) -> pd.DataFrame:
    goods = f["products"][["product_id", "category_id"]].merge(f["categories"], on="category_id")
    sales = _sold(f).merge(goods, on="product_id")
    return sales.pivot_table(index="name", columns="year", values="net", aggfunc="sum").reset_index()


def _spread_of_payment(f: Frames) -> float:
    days = (f["payments"].paid_on - f["payments"].due).dt.days.dropna()
    return float(days.quantile(0.75) - days.quantile(0.25))


def _ten_best(f: Frames) -> float:
    worth = _sold(f).groupby("customer_id").net.sum()
    return float(100 * worth.nlargest(10).sum() / worth.sum())


def _second_before_first(f: Frames) -> int:
    payments = f["payments"].sort_values(["order_id", "due"])
    part = payments.groupby("order_id").cumcount()
    first = payments[(part == 0) & payments.paid_on.isna()]
    second = payments[(part == 1) & payments.paid_on.notna()]
    return int(first.order_id.isin(second.order_id).sum())


def _best_product(f: Frames) -> Readings:
    everything, products = _sales(f), f["products"].set_index("product_id")
    margin = products.list_price - products.unit_cost
    figures = [margin, margin / products.list_price, margin / products.unit_cost]
    for sales in (everything, everything.query("status != 'X'"), everything.query("status == 'D'")):
        kept = sales.qty - sales.qty_back
        net = sales.unit_price * (1 - sales.disc)
        profit = net - sales.product_id.map(products.unit_cost)
        sums = sales.assign(kept=kept, net_kept=kept * net, won=sales.qty * profit, won_kept=kept * profit)
        by = sums.groupby("product_id")
        figures += [by[name].sum() for name in ("qty", "kept", "net", "gross", "net_kept", "won", "won_kept")]
        figures += [by.order_id.nunique(), by.customer_id.nunique()]
    found: list[object] = []
    for figure in figures:
        best = products.name[figure[figure == figure.max()].index]
        found += [best.to_frame(), *best]
    return Readings(tuple(found), ambiguous=True)


def _turnover(f: Frames) -> Readings:
    year, found = _sales(f).query("year == 2024"), []
    kept = year.qty - year.qty_back
    year = year.assign(net_kept=kept * year.unit_price * (1 - year.disc), gross_kept=kept * year.unit_price)
    for status in ("NPSDX", "NPSD", "SD", "D"):
        found += list(year[year.status.isin(list(status))][["net", "gross", "net_kept", "gross_kept"]].sum())
    payments = f["payments"].merge(f["orders"], on="order_id")
    for day in (payments.placed, payments.due, payments.paid_on):
        asked = payments[day.dt.year == 2024]
        found += [asked.amount.sum(), asked.dropna(subset="paid_on").amount.sum()]
    return Readings(tuple(found), ambiguous=True)


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        _shelf(
            "z-thin-poetry",
            "How many of our poetry books are under 200 pages?",
            lambda f: len(f["books"].query("genre == 'poetry' and pages < 200")),
        ),
    ),
    (
        "filter",
        _shelf(
            "z-letters",
            "I have to send paper letters to everyone born before 1950 who never gave us an email address. "
            "Which member_ids are that?",
            _old_no_email,
        ),
    ),
    (
        "filter",
        _trade(
            "z-good-credit",
            "number of customers with a credit limit of 20,000 or more",
            lambda f: int((f["customers"].credit_limit >= 20000).sum()),
        ),
    ),
    (
        "filter",
        _trade(
            "z-near",
            "Who outside of Germany can supply us within ten days? Give me the company and its lead time.",
            _near_suppliers,
        ),
    ),
    (
        "group",
        _shelf(
            "z-conditions",
            "What shape are our copies in? Count them by condition.",
            lambda f: f["copies"].groupby("condition").size().reset_index(name="n"),
        ),
    ),
    (
        "group",
        _shelf(
            "z-author-countries",
            "Countries that at least six of our authors come from, with the number of authors, the largest "
            "number on top",
            _author_countries,
            ordered=True,
        ),
    ),
    (
        "group",
        _trade(
            "z-lead-times",
            "How long do suppliers from each country take on average (lead_days)?",
            lambda f: f["suppliers"].groupby("country", as_index=False).lead_days.mean(),
        ),
    ),
    (
        "group",
        _trade(
            "z-methods",
            "Of the payments that have come in: how many were there by each method, and how many euros does "
            "that make per method?",
            _methods,
        ),
    ),
    (
        "join",
        _shelf("z-harbour-crime", "How many copies of crime books does Harbour own?", _crime_at_harbour),
    ),
    (
        "join",
        _shelf(
            "z-elsewhere",
            "People don't always borrow at their own branch. Count the loans where the copy belongs to a "
            "branch other than the borrower's home branch.",
            _away_from_home,
        ),
    ),
    (
        "join",
        _trade(
            "z-french",
            "Make me a list of the products that we get from French suppliers and haven't discontinued: name "
            "of the product and name of the supplier.",
            _french,
        ),
    ),
    (
        "join",
        _trade(
            "z-same-region",
            "How many shipments were assigned to a warehouse that is in the same region as the customer? "
            "Count all shipments on record, the ones still waiting to leave too.",
            _same_region,
        ),
    ),
    (
        "ratio",
        _shelf(
            "z-central",
            "What percentage of the members have Central as their home branch?",
            _central_share,
        ),
    ),
    (
        "ratio",
        _shelf(
            "z-late-genres",
            "Are crime readers less punctual than others? For every genre I'd like the percentage of loans "
            "that came back after the due date, out of the loans that have come back at all.",
            _late_by_genre,
        ),
    ),
    (
        "ratio",
        _trade(
            "z-dhl",
            "DHL's part of all our shipments, in percent",
            lambda f: float(100 * (f["shipments"].carrier == "DHL").mean()),
        ),
    ),
    (
        "ratio",
        _trade(
            "z-markup",
            "What's our average mark-up in each category? Mark-up of a product = (list price - unit cost) / "
            "unit cost, in percent; take the plain mean over the category's products, also those that are "
            "discontinued.",
            _markups,
        ),
    ),
    (
        "date",
        _shelf("z-saturdays", "How many loans did we make on Saturdays in 2023?", _saturdays),
    ),
    (
        "date",
        _shelf(
            "z-christmas",
            "When we closed on 24 December 2023, how many loans were out? So: loaned that day or earlier, "
            "and either returned on a later day or not returned to this day. Overdue or not doesn't matter.",
            _christmas_eve,
        ),
    ),
    (
        "date",
        _trade(
            "z-december",
            "How many orders came in during December 2024, cancelled ones included?",
            lambda f: int((f["orders"].placed.dt.strftime("%Y-%m") == "2024-12").sum()),
        ),
    ),
    (
        "date",
        _trade(
            "z-to-dispatch",
            "For each carrier, how many days pass on average from the day the order is placed until the "
            "shipment leaves? Leave out what hasn't left yet; an order in two shipments counts twice.",
            _to_dispatch,
        ),
    ),
    (
        "window",
        _shelf(
            "z-growth",
            "How has our membership built up? Per year of joining, the number of new members and the total "
            "number who had joined by the end of that year, earliest year first. Nobody has left.",
            _members_by_year,
            ordered=True,
        ),
    ),
    (
        "window",
        _shelf(
            "z-two-genres",
            "The two genres that are lent most from each branch's copies, please, with branch name, genre "
            "and number of loans.",
            _two_genres,
        ),
    ),
    (
        "window",
        _trade(
            "z-so-far",
            "Go through 2024 month by month, from January: orders placed in the month and orders placed "
            "since the start of the year. Whatever their status.",
            _orders_so_far,
            ordered=True,
        ),
    ),
    (
        "window",
        _trade(
            "z-region-best",
            "Which customer did we sell most to in each region in 2024, and for how much? I mean euros after "
            "discount on orders placed that year, without the cancelled ones; returns don't matter. Region "
            "name, company, amount.",
            _best_per_region,
        ),
    ),
    (
        "text",
        _shelf(
            "z-roads-rivers",
            "How many books have a title that ends in Road or in River?",
            lambda f: int(f["books"].title.str.contains(r"\b(?:Road|River)$").sum()),
        ),
    ),
    (
        "text",
        _shelf("z-surname", "What's the most common surname among our members?", _surname),
    ),
    (
        "text",
        _trade(
            "z-gmbh",
            "How many of the customers are a GmbH, going by the company name?",
            lambda f: int(f["customers"].company.str.endswith(" GmbH").sum()),
        ),
    ),
    (
        "text",
        _trade(
            "z-mailboxes",
            "Our customers' email addresses start with a word such as info, then a number, then the @. How "
            "many addresses are there for each of those words?",
            _mailboxes,
        ),
    ),
    (
        "reshape",
        _shelf(
            "z-condition-table",
            "I need a table of copies with a row for each genre and a column for each condition, the cells "
            "being the number of copies.",
            _condition_table,
        ),
    ),
    (
        "reshape",
        _shelf(
            "z-branch-years",
            "Loans by branch and year they were made in: branch names (whose copy it was) as rows, 2022, "
            "2023 and 2024 side by side as columns",
            _branch_years,
        ),
    ),
    (
        "reshape",
        _trade(
            "z-segments",
            "Crosstab of our customers, segments down the side and the names of the regions across the top",
            _segments_by_region,
        ),
    ),
    (
        "reshape",
        _trade(
            "z-category-years",
            "Sales per category name, one column for orders placed in 2023 and one for 2024. In euros, "
            "discount deducted, cancelled orders left out, returns ignored.",
            _category_years,
        ),
    ),
    (
        "statistics",
        _shelf(
            "z-fantasy-median",
            "What is the median length in pages of a fantasy book?",
            lambda f: float(f["books"].query("genre == 'fantasy'").pages.median()),
        ),
    ),
    (
        "statistics",
        _shelf(
            "z-newer-more",
            "Do newer books get lent more? Give me Pearson's correlation, over all books, between the year "
            "of publication and the number of loans of the book (all its copies together, zero for books "
            "that have never been lent).",
            _newer_lent_more,
        ),
    ),
    (
        "statistics",
        _trade(
            "z-price-spread",
            "Sample standard deviation of list_price over all products?",
            lambda f: float(f["products"].list_price.std()),
        ),
    ),
    (
        "statistics",
        _trade(
            "z-payment-spread",
            "Take the number of days from due to paid_on of the payments that were made (negative where "
            "somebody paid early). What's the interquartile range of that?",
            _spread_of_payment,
        ),
    ),
    (
        "multi-step",
        _shelf(
            "z-everywhere",
            "How many members have borrowed copies of all four branches at one time or another?",
            _everywhere,
        ),
    ),
    (
        "multi-step",
        _shelf(
            "z-busiest-copy",
            "Find the single copy that has been lent out most often. How many days has it spent with "
            "readers? Add up the days from loaned to returned of its loans, without any that isn't back.",
            _busiest_copy,
        ),
    ),
    (
        "multi-step",
        _trade(
            "z-ten-best",
            "How dependent are we on our ten best customers? I want the percentage of all our sales that "
            "they account for. Sales are after discount and without cancelled orders, don't subtract "
            "returns; the best are those with the highest sales.",
            _ten_best,
        ),
    ),
    (
        "multi-step",
        _trade(
            "z-second-first",
            "Some orders are paid in two instalments. For how many of them has the second one (the one due "
            "later) been paid, but the first is still open?",
            _second_before_first,
        ),
    ),
    ("ambiguous", _shelf("z-how-many-books", "How many books have we got?", _how_many_books)),
    ("ambiguous", _shelf("z-top-author", "Who is our number one author?", _top_author)),
    ("ambiguous", _trade("z-best-product", "What is our best product?", _best_product)),
    ("ambiguous", _trade("z-turnover", "What was our turnover in 2024?", _turnover)),
    (
        "unanswerable",
        _shelf(
            "z-days-to-pay",
            "When somebody gets a fine, how many days does it take on average until they pay it?",
            lambda f: None,
        ),
    ),
    (
        "unanswerable",
        _shelf("z-bought", "How many new copies did we buy in 2023?", lambda f: None),
    ),
    (
        "unanswerable",
        _trade(
            "z-why-back",
            "What reason do customers give most often when they send goods back?",
            lambda f: None,
        ),
    ),
    (
        "unanswerable",
        _trade(
            "z-purchases",
            "How many purchase orders did we place with each of our suppliers last year?",
            lambda f: None,
        ),
    ),
)

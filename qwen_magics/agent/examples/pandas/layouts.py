"""Worked pandas examples of tables in another shape, of windows and of steps of time."""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.measures import (
    EXTREME,
    GROWING,
    MONTHLY,
    ROLLING,
    SMOOTHED_PEAK,
)
from qwen_magics.agent.words.patterns.programs import (
    COUNTS,
    CROSS,
    DOWN_ACROSS,
    LONG,
    MEANS,
    ROW_SHARES,
    SHARES,
    TRANSPOSED,
)
from qwen_magics.agent.words.patterns.words import SUM, saying

__all__ = ["LAYOUTS"]

# Days, of which each is averaged first.
_DAILY = (
    r"(?:\bdaily\b|\bymd\b|\b(?:per|each|a|by) day\b|\byear\b.*\bday\b|\bday\b.*\byear\b"
    r"|\b(?:averag\w+|means?)\b.{0,40}\b(?:per|by|each) date\b)"
)
_WINDOW = rf"(?:{ROLLING}|{MEANS}.*{SMOOTHED_PEAK}|\bsmooth\w*)"
# "Average rent and area of each town": two measures, to be rows.
_MEASURE = r"(?:the )?\w+(?: \w+)?"
_TWO_MEANS = rf"{MEANS} (?:of )?{_MEASURE},? and {_MEASURE},? (?:for|per|by|of|in) (?:each |every )?\w+"

LAYOUTS = (
    Recipe(
        rf"^{saying(_WINDOW, EXTREME, _DAILY)}",
        "highest 30-day moving average of the daily mean price; the date is in year, month and day",
        'sales["date"] = pd.to_datetime(sales[["year", "month", "day"]])\n'
        'daily = sales.groupby("date")["price"].mean()\nresult = daily.rolling(30).mean().max()',
        needs=("year", "month", "day"),
    ),
    Recipe(
        rf"^{saying(_WINDOW, EXTREME)}",
        "highest moving average of the price in Rome over 5 values of sold_at",
        'here = sales[sales["city"] == "Rome"].sort_values("sold_at")\n'
        'result = here["price"].rolling(5).mean().max()',
    ),
    Recipe(
        ROLLING,
        "number of sales per week and its rolling mean over 4",
        'weekly = sales.groupby("week").size().reset_index(name="n")\n'
        'weekly["rolling"] = weekly["n"].rolling(4).mean()\nresult = weekly',
    ),
    Recipe(
        LONG,
        "price and weight in long format: how many rows?",
        'long = sales.melt(id_vars=["shop_id"], value_vars=["price", "weight"])\nresult = len(long)',
    ),
    Recipe(
        # Of a table that nothing tells the rows of.
        LONG,
        "price and weight in long format",
        'result = sales.melt(value_vars=["price", "weight"])',
    ),
    Recipe(
        # Rows as they are, of a few that are named: nothing is averaged.
        rf"^{saying(TRANSPOSED)}(?!.*(?:{MEANS}|{SUM}|{COUNTS}))(?=.*\b(?:columns?|for|of)\b)"
        r"(?=.*(?-i:[A-Z]\w+(?: [A-Z]\w+)*,? (?:and|or|vs\.?|versus) [A-Z]))",
        "turn the sales of Rome and Oslo on their sides: a column for each city, a row for price and weight",
        'here = sales[sales["city"].isin(["Rome", "Oslo"])]\n'
        'result = here.set_index("city")[["price", "weight"]].T',
    ),
    Recipe(
        rf"{TRANSPOSED}|^{saying(_TWO_MEANS)}(?=.*(?:{DOWN_ACROSS}))",
        "mean price and weight per shop_id, transposed",
        'result = sales.groupby("shop_id")[["price", "weight"]].mean().T',
    ),
    Recipe(
        rf"^(?=.*(?:{CROSS}|\bpivot|\bmatrix\b|{DOWN_ACROSS}))(?=.*(?:{SHARES}|{ROW_SHARES}))(?!.*{MEANS})"
        r"(?!.*\bno percent)(?!.*\bpercent\w* change)"
        rf"|^(?=.*{SHARES})(?=.*{ROW_SHARES})(?=.*\b(?:by|against|x|per|distribut\w*|split|mix|breakdown)\b)"
        rf"|^(?=.*\b(?:each|every)\b.*{SHARES}.*\b(?:each|every)\b)",
        "contingency table of shop_id and product, as shares of each shop_id's total",
        'result = pd.crosstab(sales["shop_id"], sales["product"], normalize="index")',
    ),
    Recipe(
        rf"^(?=.*{CROSS})(?!.*{MEANS})|^(?=.*{COUNTS}.*(?:{DOWN_ACROSS}))(?!.*{MEANS})|\w+ (?:by"
        rf"|against) \w+, counts?\b"
        r"|\bhow often (?:each|every)\b.*\b(?:each|every)\b",
        "contingency table of shop_id and product",
        'result = pd.crosstab(sales["shop_id"], sales["product"])',
    ),
    Recipe(
        rf"\bpivot|{DOWN_ACROSS}|^(?=.*{MEANS})(?=.*(?:{CROSS}))|(?<!how )\bwide\b|\bacross the top\b",
        "average price per shop_id, with each product as columns",
        'result = sales.pivot_table(index="shop_id", columns="product", values="price", aggfunc="mean")',
    ),
    Recipe(
        rf"{GROWING}|\bpercent\w* change|\bchange (?:from|between|over|by|per)|\bgrowth\b",
        "percentage change of the number of sales from each week to the next",
        'weekly = sales.groupby("week").size()\nresult = weekly.pct_change() * 100',
    ),
    Recipe(
        rf"{MONTHLY}|^(?=.*{SUM})(?=.*\bmonths?\b)",
        "total price per month of sold_at",
        'result = sales.set_index("sold_at")["price"].resample("MS").sum()',
    ),
)

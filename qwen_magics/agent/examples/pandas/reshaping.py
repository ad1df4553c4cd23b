"""Worked pandas examples of what is done with a table after its values stand across."""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.programs import (
    DOWN_ACROSS,
    LONG,
    MEANS,
    SHARES,
    TWO_WAY,
)

__all__ = ["RESHAPING_WAYS"]

_ACROSS = rf"(?:\bpivot|{DOWN_ACROSS})"
_WIDE = 'wide = sales.pivot_table(index="shop_id", columns="product", values="price", aggfunc="{}")\n'

RESHAPING_WAYS = (
    Recipe(
        rf"^(?=.*{_ACROSS})(?=.*\b(?:difference|minus|subtract\w*|gap)\b)",
        "pivot the average price per shop_id with each city as columns, then the difference of Rome and Oslo",
        'wide = sales.pivot_table(index="shop_id", columns="city", values="price", aggfunc="mean")\n'
        'result = wide["Rome"] - wide["Oslo"]',
    ),
    Recipe(
        rf"^(?=.*(?:{_ACROSS}|\bcolumns?\b|\brows?\b))(?=.*\b(?:each|every|per) row\b"
        rf"|.*\bcolumns? (?:name )?(?:with|has|is|that))"
        r"(?=.*\b(?:largest|highest|biggest|greatest|max\w*|smallest|lowest)\b)(?=.*\b(?:each|every"
        r"|per) \w+\b)"
        r"|\bidxmax\b",
        "pivot total price per shop_id with product as columns: which column is highest in each row?",
        f"{_WIDE.format('sum')}result = wide.idxmax(axis=1)",
    ),
    Recipe(
        rf"^(?=.*(?:{TWO_WAY}|{_ACROSS}))(?=.*{SHARES})(?=.*\b(?:grand total|all (?:cells|rows|sales"
        rf"|records)|overall"
        r"|whole table|the total (?:number|count))\b)",
        "contingency table of shop_id and product, as shares of the grand total",
        'result = pd.crosstab(sales["shop_id"], sales["product"], normalize="all")',
    ),
    Recipe(
        rf"\bcolumn[- ](?:percent\w*|shares?|proportions?|wise)|^(?=.*{SHARES})(?=.*\b(?:each"
        rf"|every) column (?:adds?"
        r"|sums?|totals?))",
        "contingency table of shop_id and product, as column shares",
        'result = pd.crosstab(sales["shop_id"], sales["product"], normalize="columns")',
    ),
    Recipe(
        rf"^(?=.*(?:{TWO_WAY}|{_ACROSS}))(?=.*\b(?:margins?|(?:row|column) (?:and column )?totals?|(?:with"
        rf"|and) totals"
        r"|total row)\b)",
        "contingency table of shop_id and product, with row and column totals",
        'result = pd.crosstab(sales["shop_id"], sales["product"], margins=True)',
    ),
    Recipe(
        rf"^(?=.*{_ACROSS})(?=.*\b(?:totals?|summ?(?:s|ed)?)\b)(?=.*{SHARES})",
        "total price per shop_id with each product as columns, as shares of the shop_id's total",
        f"{_WIDE.format('sum')}result = wide.div(wide.sum(axis=1), axis=0)",
    ),
    Recipe(
        rf"^(?=.*{_ACROSS})(?=.*\b(?:years? (?:as|in) columns|columns? (?:for|per) (?:each |every )?year"
        r"|years across|each year (?:as|in|is|becomes) (?:a |its own )?column"
        r"|each year\b.{0,20} as columns))"
        rf"(?!.*{MEANS})"
        r"(?!.*\b(?:contingency|cross[- ]?tab\w*|cross table|counts?|number of|how (?:many|often))\b)",
        "total price per shop_id, with each year of sold_at as columns",
        'year = sales["sold_at"].dt.year\n'
        'result = pd.crosstab(sales["shop_id"], year, values=sales["price"], aggfunc="sum")',
    ),
    Recipe(
        rf"^(?=.*{_ACROSS})(?=.*\bmedian\b)",
        "median price per shop_id, with each product as columns",
        'result = sales.pivot_table(index="shop_id", columns="product", values="price", aggfunc="median")',
    ),
    Recipe(
        rf"^(?=.*{_ACROSS})(?=.*\b(?:totals?|sums?|summed)\b)(?!.*\b(?:transpos|average|mean|row total)\w*)",
        "total price per shop_id, with each product as columns",
        'result = sales.pivot_table(index="shop_id", columns="product", values="price", aggfunc="sum")',
    ),
    Recipe(
        rf"^(?=.*{LONG})(?=.*\b(?:averages?|means?)\b)"
        r"(?=.*\b(?:into|in|to) (?:one|a single) (?:long )?column\b)(?!.*\b(?:each|every|per|both)\b)",
        "melt price and weight into one column: the mean of that column",
        'long = sales.melt(value_vars=["price", "weight"])\nresult = long["value"].mean()',
    ),
    Recipe(
        rf"^(?=.*{LONG})(?=.*\b(?:averages?|means?|median)\b)(?!.*\bhow many\b)"
        # Of one long column there is one mean.
        r"(?!.*\b(?:into|in|to) (?:one|a single) (?:long )?column\b(?!.*\b(?:each|every|per|both)\b))",
        "melt price and weight into long format: the mean of each",
        'long = sales.melt(value_vars=["price", "weight"])\n'
        'result = long.groupby("variable")["value"].mean()',
    ),
    Recipe(
        r"\bdumm(?:y|ies)\b|\bone[- ]hot|\bindicator (?:columns?|variables?)|\b0[/-]1 columns?",
        "dummy columns of product, one-hot",
        'result = pd.get_dummies(sales["product"])',
    ),
    Recipe(
        r"\b(?:ewm|ewma|exponential\w*[- ](?:weighted|smooth\w*|moving))\b",
        "exponentially weighted mean of the price over a span of 3, by sold_at",
        'ordered = sales.sort_values("sold_at")\nresult = ordered["price"].ewm(span=3).mean()',
    ),
    Recipe(
        r"\b(?:rolling|moving)\b.*\b(?:standard deviation|std|sd|volatility)\b"
        r"|\b(?:standard deviation|std|sd|volatility)\b.*\b(?:rolling|moving)\b",
        "rolling standard deviation of the price over 5 values of sold_at",
        'ordered = sales.sort_values("sold_at")\nresult = ordered["price"].rolling(5).std()',
    ),
)

"""How pandas says what questions of a kind ask for: worked examples, of which the nearest are shown.

A small model knows the words of pandas and not which of them a question needs. One example of the same kind
does more than a page of rules. It copies, so an example speaks of the question's own table and of columns
that are in it (`agent.casting`). Where it has none for a part, the example's own name stays, and the grammar
keeps it from being copied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.casting import cast
from qwen_magics.agent.long_form import long_example
from qwen_magics.agent.profile import profile_example
from qwen_magics.agent.program_recipe import NAMES, Recipe
from qwen_magics.agent.spread import spread_of
from qwen_magics.agent.statistical import STATISTICS
from qwen_magics.agent.worked import worked_program

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["RECIPES", "Recipe", "nearest", "shown", "strange_names"]

_SHOWN = 2
_READ = 800  # characters of a question that are matched: patterns look far ahead


# "Average it by year and put a straight line through the yearly means".
_LINE_OF_YEARS = (
    r"^(?=.*\b((yearly|annual) (means?|averages?)|(averaged?|means?)\b[^.;]*\b(by|per|of each|each) year)\b)"
    r".*\b(line|slope|regress\w*|trend|linear)\b"
)

RECIPES = (
    Recipe(
        _LINE_OF_YEARS,
        "slope of a straight line through the yearly means of the price, from 2001 to 2010",
        'yearly = sales.groupby(sales["sold_at"].dt.year)["price"].mean().loc[2001:2010]\n'
        "result = np.polyfit(yearly.index, yearly, 1)[0]",
    ),
    *STATISTICS,
    Recipe(
        r"correlat\w*.*\b(within|per|by|(for|in|of) each)\b|\b(within|per|for each)\b.*correlat"
        r"|相关.*每|每.*相关",
        "correlation of price and weight within each shop_id",
        'groups = sales.groupby("shop_id")\nresult = groups.apply(lambda g: g["price"].corr(g["weight"]))',
    ),
    Recipe(
        r"(which|what)\b.*correlat\w* (the )?(most|best|strongest|least)|(most|best|strongest) (strongly "
        r")?correlat",
        "which column correlates most strongly with the price?",
        'result = sales.corr(numeric_only=True)["price"].drop("price").abs().idxmax()',
    ),
    Recipe(
        r"spearman|rank correlation|kendall",
        "Spearman correlation of price and weight",
        'result = sales["price"].corr(sales["weight"], method="spearman")',
    ),
    Recipe(
        r"covarian|协方差",
        "covariance of price and weight",
        'result = sales["price"].cov(sales["weight"])',
    ),
    Recipe(
        r"\br[- ]?(squared|2)\b|r²|explain\w*.*variance|variance.*explain|决定系数",
        "R squared of price and weight",
        'result = sales["price"].corr(sales["weight"]) ** 2',
    ),
    Recipe(
        r"correlation (matrix|table)|pairwise|相关矩阵",
        "correlation matrix of price, weight and rating",
        'result = sales[["price", "weight", "rating"]].corr()',
    ),
    Recipe(
        r"correlat|relat(e|ion)|相关",
        "how does the price correlate with the weight?",
        'result = sales["price"].corr(sales["weight"])',
    ),
    Recipe(
        r"predict|\b(fit|regress\w*|trend|line)\b.*\b(would|expect\w*|estimate\w*|reach|give)\b|预测",
        "what price does a linear fit on weight predict for a weight of 10?",
        'known = sales[["weight", "price"]].dropna()\n'
        'slope, intercept = np.polyfit(known["weight"], known["price"], 1)\nresult = slope * 10 + intercept',
    ),
    Recipe(
        r"regress|slope|linear|fit |trend ?line|least squares|回归|斜率|拟合|趋势",
        "slope of a linear fit of price on weight",
        'known = sales[["weight", "price"]].dropna()\n'
        'slope, intercept = np.polyfit(known["weight"], known["price"], 1)\nresult = slope',
    ),
    Recipe(
        r"(cross[- ]?tab|contingency|cross table|pivot|matrix).*(share|percent|proportion|fraction)|归一",
        "contingency table of shop_id and product, as shares of each shop_id's total",
        'result = pd.crosstab(sales["shop_id"], sales["product"], normalize="index")',
    ),
    Recipe(
        r"cross[- ]?tab|cross table|contingency|交叉表|列联表"
        r"|\b(counts?|number of|how many)\b.*\b(columns?|across|side by side)\b",
        "contingency table of shop_id and product",
        'result = pd.crosstab(sales["shop_id"], sales["product"])',
    ),
    Recipe(
        r"pivot|as (the )?columns|one column|in columns|across|wide|heat ?map|side by side|透视|宽表",
        "average price per shop_id, with each product as columns",
        'result = sales.pivot_table(index="shop_id", columns="product", values="price", aggfunc="mean")',
    ),
    Recipe(
        r"melt|un-?pivot|long (form(at)?|table)|长表",
        "price and weight in long format: how many rows?",
        'long = sales.melt(id_vars=["shop_id"], value_vars=["price", "weight"])\nresult = len(long)',
    ),
    Recipe(
        r"transpos|转置",
        "mean price and weight per shop_id, transposed",
        'result = sales.groupby("shop_id")[["price", "weight"]].mean().T',
    ),
    Recipe(
        r"(rolling|moving).*(largest|highest|lowest|max|min|peak|smallest)|(largest|highest|lowest|max|min"
        r"|peak|smallest).*(rolling|moving)",
        "highest 30-day moving average of the daily mean price; the date is in year, month and day",
        'sales["date"] = pd.to_datetime(sales[["year", "month", "day"]])\n'
        'daily = sales.groupby("date")["price"].mean()\nresult = daily.rolling(30).mean().max()',
        needs=("year", "month", "day"),
    ),
    Recipe(
        r"(rolling|moving).*(largest|highest|lowest|max|min|peak|smallest)|(largest|highest|lowest|max|min"
        r"|peak|smallest).*(rolling|moving)",
        "highest moving average of the price in Rome over 5 values of sold_at",
        'here = sales[sales["city"] == "Rome"].sort_values("sold_at")\n'
        'result = here["price"].rolling(5).mean().max()',
    ),
    Recipe(
        r"rolling|moving|滚动|移动平均",
        "number of sales per week and its rolling mean over 4",
        'weekly = sales.groupby("week").size().reset_index(name="n")\n'
        'weekly["rolling"] = weekly["n"].rolling(4).mean()\nresult = weekly',
    ),
    Recipe(
        r"percent\w* change|change (from|between|over|by|per)|growth|month[- ]over|环比|同比|增长",
        "percentage change of the number of sales from each week to the next",
        'weekly = sales.groupby("week").size()\nresult = weekly.pct_change() * 100',
    ),
    Recipe(
        r"resampl|weekly|monthly|daily|per (week|month|day|quarter)|重采样",
        "total price per month of sold_at",
        'result = sales.set_index("sold_at")["price"].resample("MS").sum()',
    ),
    Recipe(
        r"autocorrelat|lag|自相关",
        "autocorrelation of the price at a lag of 2",
        'result = sales["price"].autocorr(2)',
    ),
    Recipe(
        r"z[- ]?score|standardi|outlier|标准化|离群|异常",
        "how many sales have a price z-score below -1?",
        'z = (sales["price"] - sales["price"].mean()) / sales["price"].std()\nresult = (z < -1).sum()',
    ),
    Recipe(
        r"interquartile|iqr",
        "interquartile range of the price",
        'result = sales["price"].quantile(0.75) - sales["price"].quantile(0.25)',
    ),
    Recipe(
        r"quartiles|四分位",
        "quartiles of the price",
        'result = sales["price"].quantile([0.25, 0.5, 0.75])',
    ),
    Recipe(
        r"quantile|percentile|decile|分位",
        "the 10th, 50th and 90th percentile of the price",
        'result = sales["price"].quantile([0.1, 0.5, 0.9])',
    ),
    Recipe(
        r"skew|kurtosis|偏度|峰度",
        "kurtosis of the price",
        'result = sales["price"].kurt()',
    ),
    Recipe(
        r"describe|summary stat|概要|描述",
        "summary statistics of price per shop_id",
        'result = sales.groupby("shop_id")["price"].describe()',
    ),
    Recipe(
        r"\bbin|histogram|分箱|直方",
        "number of sales in price bins of 0, 10, 100, 1000",
        'bins = pd.cut(sales["price"], [0, 10, 100, 1000])\nresult = bins.value_counts().sort_index()',
    ),
    Recipe(
        r"t[- ]?test|significan|p[- ]?value|检验",
        "does the price differ significantly between Rome and Oslo?",
        'one = sales[sales["city"] == "Rome"]["price"].dropna()\n'
        'two = sales[sales["city"] == "Oslo"]["price"].dropna()\nresult = stats.ttest_ind(one, two)',
    ),
    Recipe(
        r"interpolat|fill|插值|填充",
        "fill missing price values by interpolation; what is the mean?",
        'result = sales["price"].interpolate().mean()',
    ),
)
_USUAL = (
    Recipe(
        "",
        "average price per product in Rome",
        'here = sales[sales["city"] == "Rome"]\nresult = here.groupby("product")["price"].mean()',
    ),
    Recipe("", "average price per product", 'result = sales.groupby("product")["price"].mean()'),
    Recipe("", "average price in May", 'result = sales[sales["sold_at"].dt.month == 5]["price"].mean()'),
    Recipe("", "average price", 'result = sales["price"].mean()'),
)


def nearest(question: str, columns: Sequence[str] = ()) -> tuple[Recipe, ...]:
    """At most two recipes for the question, the most particular first; a usual one if none matches.

    Args:
        columns: of the table that they are to be about.
    """
    asked = " ".join(question.split())[:_READ]
    found = [
        recipe
        for recipe in RECIPES
        if set(recipe.needs) <= set(columns) and re.search(recipe.pattern, asked, re.IGNORECASE)
    ]
    return tuple(found[:_SHOWN]) or _USUAL[:1]


def shown(question: str, table: Table) -> str:
    """The nearest recipes over `table`, as they stand before the question."""
    spread = spread_of(table)
    if spread is not None and spread.is_asked(question):
        return spread.examples(question)
    for worked in (long_example, profile_example, worked_program):
        if text := worked(question, table):
            return text
    parts = cast(question, table)
    recipes = nearest(question, [column.name for column in table.columns])
    if recipes == _USUAL[:1]:
        # One that the table has no columns for would be copied half-way, up to a name that is not there.
        recipes = tuple(recipe for recipe in _USUAL if recipe.is_for(parts))[:1]
    # The most particular one last, where a small model looks first.
    return "".join(f"{recipe.about(table.name, parts, question)}\n" for recipe in reversed(recipes))


def strange_names(question: str, table: Table) -> frozenset[str]:
    """What `shown` mentions and `table` does not have: a model must not be able to copy it."""
    return NAMES - cast(question, table).columns.keys()

"""Worked pandas examples of statistics of groups, of pairs of columns, and of further tests."""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.programs import (
    CORRELATION,
    FITTED,
    GROUPS,
    R_SQUARED,
    RANKED,
    SEVERAL,
    T_TEST,
)
from qwen_magics.agent.words.patterns.words import saying

__all__ = ["STATISTICAL_WAYS"]

_MOST = r"\b(?:most|best|strongest|highest|largest|closest|greatest|weakest|lowest)\b"
_SLOPE = r"\b(?:slopes?|steep\w*|gradients?)\b"
_TWO = (
    'one = sales[sales["city"] == "Rome"]["price"].dropna()\n'
    'two = sales[sales["city"] == "Oslo"]["price"].dropna()\n'
)
_LINE = (
    'known = sales[["weight", "price"]].dropna()\n'
    'slope, intercept = np.polyfit(known["weight"], known["price"], 1)\n'
)

STATISTICAL_WAYS = (
    Recipe(
        r"\bpaired\b.*\b(?:test|t|difference)|\bttest_rel\b|\brelated samples\b"
        r"|\bbefore[- ]and[- ]after test",
        "p-value of a paired t-test of price against weight",
        'known = sales[["price", "weight"]].dropna()\n'
        'result = stats.ttest_rel(known["price"], known["weight"]).pvalue',
    ),
    Recipe(
        r"\b(?:one|single|1)[- ]sample\b|\bttest_1samp\b"
        r"|\bmean\b.{0,40}\bdiffers? (?:significantly )?from -?\d|\bmean (?:equals?"
        r"|is equal to) -?\d.*\btest",
        "p-value of a one-sample t-test of the price against 10",
        'result = stats.ttest_1samp(sales["price"].dropna(), 10).pvalue',
    ),
    Recipe(
        r"\blevene|\btest\w*\b.*\b(?:equality|homogeneity) of (?:the )?variance|\bhomoscedas"
        rf"|^(?=.*\b(?:equal|same|differ\w*)(?: in)?(?: \w+)? varianc)(?=.*\b(?:test|signif))(?!.*{T_TEST})"
        r"(?!.*\bvariance explained)",
        "p-value of Levene's test of the price in Rome against Oslo",
        f"{_TWO}result = stats.levene(one, two).pvalue",
    ),
    Recipe(
        r"\bshapiro|\btests? (?:for |of )?normality|\bnormality\b|\bnormally distributed\b",
        "p-value of the Shapiro test of normality of the price",
        'result = stats.shapiro(sales["price"].dropna()).pvalue',
    ),
    Recipe(
        r"\bkruskal|\bh[- ]test\b|\bnon-?parametric (?:anova|test).*\b(?:groups|several|all)\b",
        "p-value of the Kruskal-Wallis test of the price by shop_id",
        'known = sales[["shop_id", "price"]].dropna()\n'
        'ranks = known["price"].rank()\nmeans = ranks.groupby(known["shop_id"]).transform("mean")\n'
        "h = (len(known) - 1) * means.var() / ranks.var()\n"
        'result = stats.chi2.sf(h, known["shop_id"].nunique() - 1)',
    ),
    Recipe(
        r"\bkolmogorov|\bks[- ]test|\bks_2samp|\bsame distribution\b",
        "p-value of the Kolmogorov-Smirnov test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ks_2samp(one, two).pvalue",
    ),
    Recipe(
        r"\bcohen['’]?s? d\b|\bstandardi[sz]ed mean difference|\beffect size\b",
        "Cohen's d of the price in Rome against Oslo, an effect size",
        f"{_TWO}spread = np.sqrt(((len(one) - 1) * one.var() + (len(two) - 1) * two.var())"
        " / (len(one) + len(two) - 2))\nresult = (one.mean() - two.mean()) / spread",
    ),
    Recipe(
        rf"^(?=.*{RANKED})(?=.*(?:{GROUPS}))",
        "Spearman correlation of price and weight within each shop_id",
        'groups = sales.groupby("shop_id")\n'
        'result = groups.apply(lambda g: g["price"].corr(g["weight"], method="spearman"))',
    ),
    Recipe(
        rf"^(?=.*{CORRELATION})(?=.*\bpairs?\b)(?=.*{_MOST})"
        rf"|\bwhich two (?:columns|variables|fields|numbers)\b.*{CORRELATION}",
        "which pair of columns has the strongest correlation?",
        "table = sales.corr(numeric_only=True).abs()\n"
        "pairs = table.where(np.arange(len(table))[:, None] < np.arange(len(table))).stack()\n"
        "result = pairs.idxmax()",
    ),
    Recipe(
        rf"^(?=.*(?:\bwhich|\bwhat|\bin which)\b.*{_MOST}.{{0,20}}{CORRELATION}.*\b(?:between|of)\b.*\band\b)"
        rf"|^(?=.*\bwhich\b.*{CORRELATION}.*\b(?:between|of)\b.*\band\b.*{_MOST})"
        rf"|^(?=.*\bwhich \w+ (?:do|does)\b.*{CORRELATION}.*{_MOST})",
        "in which shop_id is the correlation of price and weight highest?",
        'groups = sales.groupby("shop_id")\n'
        'result = groups.apply(lambda g: g["price"].corr(g["weight"])).idxmax()',
    ),
    Recipe(
        rf"^(?=.*{CORRELATION})(?=.*\b(?:group|\w+ly)?[- ]?(?:means|averages)\b)(?!.*\bwithin\b)"
        rf"|^(?=.*{CORRELATION})(?=.*\b(?:average|mean) \w+ and (?:the )?(?:average|mean)\b)",
        "correlation of the mean price and the mean weight of each shop_id",
        'means = sales.groupby("shop_id")[["price", "weight"]].mean()\n'
        'result = means["price"].corr(means["weight"])',
    ),
    Recipe(
        rf"^(?=.*{CORRELATION})(?=.*\b(?:(?:percent\w*|relative) changes?|growth rates?|returns)\b)",
        "correlation of the percentage changes of price and weight, ordered by sold_at",
        'moves = sales.sort_values("sold_at")[["price", "weight"]].pct_change()\n'
        'result = moves["price"].corr(moves["weight"])',
    ),
    Recipe(
        rf"^(?=.*{CORRELATION})(?=.*\b(?:changes|differenced|(?:first )?differences|moves|increments)\b)",
        "correlation of the changes of price and weight from one sold_at to the next",
        'moves = sales.sort_values("sold_at")[["price", "weight"]].diff()\n'
        'result = moves["price"].corr(moves["weight"])',
    ),
    Recipe(
        rf"^(?=.*{CORRELATION})(?=.*\b(?:partial|controlling for|adjust\w+ for|net of|(?:held|holding) "
        r"(?:\w+ )?(?:constant|fixed))\b)",
        "partial correlation of price and weight, controlling for rating",
        'table = np.linalg.inv(sales[["price", "weight", "rating"]].corr())\n'
        "result = -table[0, 1] / np.sqrt(table[0, 0] * table[1, 1])",
    ),
    Recipe(
        rf"^(?=.*{CORRELATION})(?=.*\b(?:p[- ]?values?|significan\w*)\b)(?!.*\b(?:regress|ols|chi))",
        "p-value of the correlation of price and weight",
        'known = sales[["price", "weight"]].dropna()\n'
        'result = stats.pearsonr(known["price"], known["weight"]).pvalue',
    ),
    Recipe(
        rf"^(?=.*\b(?:which|what|where)\b)(?=.*\b(?:steepest|(?:largest|highest|greatest) (?:slope"
        rf"|gradient)))"
        rf"|^(?=.*{_SLOPE})(?=.*\b(?:within|(?:for|in|of) (?:each|every) (?!year)|per (?!year|unit)\w+"
        rf"|separately)\b)"
        rf"(?=.*(?:{FITTED}|{_SLOPE}))(?!.*\b(?:yearly|annual)\b)",
        "in which shop_id is the slope of a linear fit of price on weight steepest?",
        'known = sales.dropna(subset=["price", "weight"])\ngroups = known.groupby("shop_id")\n'
        'slopes = groups.apply(lambda g: np.polyfit(g["weight"], g["price"], 1)[0])\n'
        "result = slopes.abs().idxmax()",
    ),
    Recipe(
        rf"^{saying(R_SQUARED)}"
        # Miles per gallon are no groups.
        r"(?=.*\b(?:within|(?:for|in|of) (?:each|every)|separately|by group"
        r"|per (?!gallon|hour|second|minute|lit[er]{2}|capita|cent)\w+)\b)(?!.*\beach other\b)",
        "R squared of price and weight within each shop_id",
        'groups = sales.groupby("shop_id")\n'
        'result = groups.apply(lambda g: g["price"].corr(g["weight"]) ** 2)',
    ),
    Recipe(
        r"\belasticit\w+|\blog[- ]log\b|\blog of (?:the )?\w+ (?:on|against) (?:the )?log",
        "elasticity of price to weight, the slope of a log-log fit",
        'known = sales[(sales["price"] > 0) & (sales["weight"] > 0)]\n'
        'result = np.polyfit(np.log(known["weight"]), np.log(known["price"]), 1)[0]',
    ),
    Recipe(
        r"\bresiduals?\b|\b(?:farthest|furthest|most|largest deviation) (?:\w+ )?(?:from|off|above|below) "
        r"(?:the|its|a) (?:\w+ )?line\b",
        "which product has the largest residual from a linear fit of price on weight?",
        f'known = sales[["product", "weight", "price"]].dropna()\n{_LINE.partition(chr(10))[2]}'
        'off = (known["price"] - (slope * known["weight"] + intercept)).abs()\n'
        'result = known.loc[off.idxmax(), "product"]',
    ),
    Recipe(
        rf"^(?=.*(?:{FITTED}|{_SLOPE}))(?=.*\b(?:number|counts?) (?:of \w+ )?(?:per|of|each|by|in each)"
        r"(?: \w+)? years?\b|.*\b(?:yearly|annual) (?:number|counts?)\b)",
        "slope of a line through the number of sales of each year of sold_at",
        'yearly = sales.groupby(sales["sold_at"].dt.year).size()\n'
        "result = np.polyfit(yearly.index, yearly, 1)[0]",
    ),
    Recipe(
        rf"^(?=.*\bintercept\b)(?!.*(?:{SEVERAL}|{R_SQUARED}|\bcoefficients\b|\bslope))",
        "intercept of a linear fit of price on weight",
        f"{_LINE}result = intercept",
    ),
    Recipe(
        r"\bquadratic|\bparabola|\b(?:second|2nd)[- ](?:degree|order) (?:polynomial|fit)"
        r"|\bpolyfit of degree two",
        "quadratic fit of price on weight: its three coefficients",
        'known = sales[["weight", "price"]].dropna()\n'
        'result = np.polyfit(known["weight"], known["price"], 2)',
    ),
)

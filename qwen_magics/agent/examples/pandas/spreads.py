"""Worked pandas examples of further measures of one column: spread, outliers, scales, quantile groups."""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.programs import (
    GROUPS,
)

__all__ = ["SPREAD_WAYS"]

_QUANTILES = r"\b(?:quantiles?|percentiles?|deciles?|quartiles?)\b"

SPREAD_WAYS = (
    Recipe(
        r"\bconfidence (?:interval|limits|bounds|band)|\b9[059] ?% ci\b|\bci of the mean",
        "95% confidence interval of the mean price",
        'known = sales["price"].dropna()\n'
        "half = stats.t.ppf((1 + 95 / 100) / 2, len(known) - 1) * known.sem()\n"
        'result = pd.Series({"low": known.mean() - half, "high": known.mean() + half})',
    ),
    Recipe(
        r"\bmedian absolute dev\w+|\bmedian (?:of the )?(?:absolute )?(?:distance"
        r"|deviation)s? from the median",
        "median absolute deviation of the price",
        'known = sales["price"].dropna()\nresult = (known - known.median()).abs().median()',
    ),
    Recipe(
        r"\btrim(?:med|ming)? mean|\btruncated mean|\bmean\b.{0,40}\b(?:trimm\w+|without the (?:top"
        r"|highest) and)"
        r"|\bcut(?:ting)? off .{0,20}% (?:at|of|from) (?:each|both)",
        "trimmed mean of the price, without 10% at each end",
        'result = stats.trim_mean(sales["price"].dropna(), 10 / 100)',
    ),
    Recipe(
        r"\b1\.5 ?(?:times|x|×|\*)? ?(?:the )?(?:iqr|inter-?quartile)|\btukey|\bbox ?plot outliers?"
        r"|\biqr rule"
        r"|\boutliers?\b.*\b(?:iqr|inter-?quartile)",
        "how many outliers has the price, beyond 1.5 IQR from the quartiles?",
        'low, high = sales["price"].quantile(0.25), sales["price"].quantile(0.75)\n'
        "far = 1.5 * (high - low)\n"
        'result = ((sales["price"] < low - far) | (sales["price"] > high + far)).sum()',
    ),
    Recipe(
        r"^(?=.*(?:%|\b(?:share|percent\w*|proportion|fraction)\b))(?=.*\b(?:within|beyond|outside|from"
        r"|away|above"
        r"|below)\b)(?=.*(?:\d|\b(?:one|two|three)\b) ?(?:standard deviations?|sds?|sigmas?|std\w*)\b)",
        "what percentage of the prices is more than 2 standard deviations away from the mean?",
        'z = (sales["price"] - sales["price"].mean()) / sales["price"].std()\n'
        "result = (z.abs() > 2).mean() * 100",
    ),
    Recipe(
        r"^(?=.*\b(?:z[- ]?scores?|standardi[sz]\w+))(?=.*(?:\bwithin|\b(?:its|their) own\b|\b(?:of|in|for"
        r"|by|per)"
        r" (?:each|every)\b|\bper \w+\b|\bgroup))",
        "z-score of each price within its shop_id",
        'groups = sales.groupby("shop_id")["price"]\n'
        'result = (sales["price"] - groups.transform("mean")) / groups.transform("std")',
    ),
    Recipe(
        r"\bmin[- ]?max|\b(?:normali[sz]\w*|rescal\w*|scal\w+)\b.{0,50}\b(?:0|zero)\b.{0,12}\b(?:1|one)\b",
        "price scaled to lie between 0 and 1 (min-max normalised)",
        'low, high = sales["price"].min(), sales["price"].max()\n'
        'result = (sales["price"] - low) / (high - low)',
    ),
    Recipe(
        rf"^(?=.*{_QUANTILES})(?=.*\b(?:average|mean|total|median|averages|number)\b.*\b(?:of|in|for|per|by"
        rf"|each)\b"
        rf".*{_QUANTILES}.*\bof\b|.*\b(?:split|divide|cut|group|qcut|bin)\w*\b.*{_QUANTILES})"
        rf"|\bqcut\b|\bfour equal(?:ly)?[- ](?:sized? |big |large )?groups",
        "average weight in each quartile group of the price",
        'groups = pd.qcut(sales["price"], 4)\nresult = sales.groupby(groups, observed=True)["weight"].mean()',
    ),
    Recipe(
        r"^(?=.*\b(?:\d+(?:st|nd|rd|th)? (?:percentile|quantile)|p\d\d|0?\.\d+ quantile)\b)"
        rf"(?=.*(?:{GROUPS}))(?!.*\bwithin\b)",
        "90th percentile of the price in each shop_id",
        'result = sales.groupby("shop_id")["price"].quantile(90 / 100)',
    ),
    Recipe(
        r"\beta[- ]?(?:squared|²)|\bbetween[- ](?:group|class) (?:share|variance|sum)"
        r"|\b(?:share|proportion|percent\w*|part) of (?:the )?varia\w+ (?:\w+ ){0,4}(?:between|across) ",
        "share of the variance of the price that is between the shop_id (eta squared)",
        'known = sales[["shop_id", "price"]].dropna()\n'
        'means = known.groupby("shop_id")["price"].transform("mean")\n'
        'result = means.var() / known["price"].var()',
    ),
    Recipe(
        r"\bentropy\b|\bshannon",
        "entropy of product in bits",
        'shares = sales["product"].value_counts(normalize=True)\nresult = -(shares * np.log2(shares)).sum()',
    ),
    Recipe(
        r"\bgini\b",
        "Gini coefficient of the price",
        'known = np.sort(sales["price"].dropna())\nplaces = np.arange(1, len(known) + 1)\n'
        "result = 2 * (places * known).sum() / (len(known) * known.sum()) - (len(known) + 1) / len(known)",
    ),
    Recipe(
        r"(?<!not )(?<!not the )\bskew(?:ness)?\b(?!.*\bkurt)",
        "skewness of the price",
        'result = sales["price"].skew()',
    ),
)

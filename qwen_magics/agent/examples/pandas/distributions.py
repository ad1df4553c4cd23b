"""Worked pandas examples of how one column of numbers is distributed."""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.measures import (
    BANDS,
    CHANCE,
    DEVIATIONS,
    EDGES_OF_BANDS,
    SUMMARY,
)
from qwen_magics.agent.words.patterns.programs import (
    T_TEST,
)

__all__ = ["DISTRIBUTIONS"]

_QUARTILE = r"(?:\b(?:quartiles?|q[13](?! (?:of )?(?:19|20)\d\d))\b|\b(?:25|75)(?:th|%)?)"

DISTRIBUTIONS = (
    Recipe(
        r"\bskew|\bkurt(?:osis)?\b|\bleptokurt|\b(?:fourth|third) (?:\w+ )?moment|偏度|峰度",
        "kurtosis of the price",
        'result = sales["price"].kurt()',
    ),
    Recipe(
        DEVIATIONS,
        "how many sales have a price z-score below -1?",
        'z = (sales["price"] - sales["price"].mean()) / sales["price"].std()\nresult = (z < -1).sum()',
    ),
    Recipe(
        SUMMARY,
        "summary statistics of price per shop_id",
        'result = sales.groupby("shop_id")["price"].describe()',
    ),
    Recipe(
        r"\binter-?quartile|\biqr\b|\bmiddle (?:half|50)"
        rf"|^(?=.*{_QUARTILE}.*{_QUARTILE}|.*\bquartiles?\b)(?=.*\b(?:minus|differ\w*|subtract\w*|spread"
        rf"|far apart|exceed|gap"
        r"|distance|range|less)\b)(?!.*\bspread, )",
        "interquartile range of the price",
        'result = sales["price"].quantile(0.75) - sales["price"].quantile(0.25)',
    ),
    Recipe(
        r"\bquartiles?\b|\bq1\b.{0,20}\b(?:median|q2)\b|\bfour equal\b|\bquarters?,? (?:a )?half\b"
        r"|\b0?\.?25(?:th|%)?(?:,| and)* 0?\.?50?(?:th|%)?"
        r"(?:,| and)* 0?\.?75|四分位",
        "quartiles of the price",
        'result = sales["price"].quantile([0.25, 0.5, 0.75])',
    ),
    Recipe(
        r"\bquantiles?\b|\bpercentiles?\b|\bdeciles?\b|\bp\d\d\b|分位",
        "the 10th, 50th and 90th percentile of the price",
        'result = sales["price"].quantile([0.1, 0.5, 0.9])',
    ),
    Recipe(
        rf"{EDGES_OF_BANDS}|{BANDS}",
        "number of sales in price bins of 0, 10, 100, 1000",
        'bins = pd.cut(sales["price"], [0, 10, 100, 1000])\nresult = bins.value_counts().sort_index()',
    ),
    Recipe(
        rf"{T_TEST}|{CHANCE}|\bp[- ]?values?\b",
        "does the price differ significantly between Rome and Oslo?",
        'one = sales[sales["city"] == "Rome"]["price"].dropna()\n'
        'two = sales[sales["city"] == "Oslo"]["price"].dropna()\nresult = stats.ttest_ind(one, two)',
    ),
)

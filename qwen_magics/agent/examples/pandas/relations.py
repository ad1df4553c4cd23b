"""Worked pandas examples of how columns of numbers go together: correlation, covariance, a line."""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.measures import (
    INTERPOLATED,
)
from qwen_magics.agent.words.patterns.programs import (
    CORRELATION,
    COVARIANCE,
    EARLIER_SELF,
    FITTED,
    GROUPS,
    MATRIX,
    PREDICTED,
    R_SQUARED,
    RANKED,
    SLOPE,
)
from qwen_magics.agent.words.patterns.words import not_saying, saying

__all__ = ["RELATIONS"]

_LINE = (
    'known = sales[["weight", "price"]].dropna()\n'
    'slope, intercept = np.polyfit(known["weight"], known["price"], 1)\n'
)
_STRONGEST = (
    r"(?:(?<!how )\b(?:most|best|strongest|least|highest|largest|closest|biggest|greatest|top|weakest)\b"
    rf"(?: \w+){{0,4}}? (?:{CORRELATION})|(?:{CORRELATION}).{{0,60}}\b(?:most|best|strongest|least|highest"
    r"|largest|closest|biggest|greatest|weakest)\b)"
)
_COLUMN = (
    r"(?:\b(?:which|what|whose)\b|\bcorrelates?\b"
    r"|\b(?:column|variable|field|feature|attribute|measure|factor)s?\b)"
)

# A number, in digits or words, of rows or of what they are told by.
_N = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|twenty[- ]?\w*|thirty)"
_STEP = r"(?:years?|months?|weeks?|days?|hours?|quarters?|rows?|periods?|steps?|readings?|minutes?)"
_EARLIER = (
    rf"(?:\b(?:an?|one|the) {_STEP} (?:before|earlier|previous\w*|ago|prior|back|later|after)\b"
    rf"|\b{_N} {_STEP} (?:before|earlier|previous\w*|ago|prior|back|later|after\w*)\b"
    rf"|\b(?:the )?(?:previous|preceding|prior|following|next) {_STEP}\b(?:['’]s)?"
    rf"|\bshift\w*\b.{{0,20}}\b{_N}\b|\b{_N}[- ]{_STEP}[- ](?:lag|shift|delay)\b)"
)
# Another column than the one that is correlated has a lag of its own.
_THAT_EARLIER = (
    rf"(?:\b(?:that|the (?:value|figure|one|number|reading|level)|those"
    rf")\b[^.;?]{{0,30}}{_EARLIER})"
)

RELATIONS = (
    Recipe(
        rf"^{saying(CORRELATION, _THAT_EARLIER)}(?!.*\b(?:auto-?corr|lags?|change\w*|growth|differenc\w+)\b)",
        "correlation of a price with that of 11 rows earlier",
        'ordered = sales.sort_values("week")\nresult = ordered["price"].corr(ordered["price"].shift(11))',
    ),
    Recipe(
        # With itself, a few rows before.
        rf"^{saying(EARLIER_SELF, CORRELATION)}|\blag(?:ged)?\b",
        "autocorrelation of the price at a lag of 2",
        'result = sales["price"].autocorr(2)',
    ),
    Recipe(
        RANKED,
        "Spearman correlation of price and weight",
        'result = sales["price"].corr(sales["weight"], method="spearman")',
    ),
    Recipe(
        rf"^{saying(_STRONGEST, _COLUMN)}(?!.*\b(?:between|r[- ]?squared)\b)",
        "which column correlates most strongly with the price?",
        'result = sales.corr(numeric_only=True)["price"].drop("price").abs().idxmax()',
    ),
    Recipe(
        rf"^{saying(CORRELATION, MATRIX)}|\bintercorrel|相关矩阵",
        "correlation matrix of price, weight and rating",
        'result = sales[["price", "weight", "rating"]].corr()',
    ),
    Recipe(
        COVARIANCE,
        "covariance of price and weight",
        'result = sales["price"].cov(sales["weight"])',
    ),
    Recipe(
        R_SQUARED,
        "R squared of price and weight",
        'result = sales["price"].corr(sales["weight"]) ** 2',
    ),
    Recipe(
        rf"^{saying(CORRELATION, GROUPS)}",
        "correlation of price and weight within each shop_id",
        # In one line: a small model goes on otherwise after a first one.
        'result = sales.groupby("shop_id").apply(lambda g: g["price"].corr(g["weight"]))',
    ),
    Recipe(
        rf"{CORRELATION}|\brelat(?:e|ion)|\blinear association",
        "how does the price correlate with the weight?",
        'result = sales["price"].corr(sales["weight"])',
    ),
    Recipe(
        rf"^{saying(FITTED, PREDICTED)}(?!.*{SLOPE})(?!.*{INTERPOLATED})|\bpredict(?!or)|预测",
        "what price does a linear fit on weight predict for a weight of 10?",
        f"{_LINE}result = slope * 10 + intercept",
    ),
    Recipe(
        rf"^(?=.*(?:{FITTED}|\bslopes?\b|\bgradient\b|\bsteep|\blinear\b|\bfit )){not_saying(INTERPOLATED)}",
        "slope of a linear fit of price on weight",
        f"{_LINE}result = slope",
    ),
)

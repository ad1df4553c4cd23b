"""SQL or pandas first? Decided by the question's words, before any model is asked.

SQL is right for most questions, and the small Coder models write it best. What SQL says badly or not at all
is better asked for as pandas: turning rows into columns, correlation, regression, moving windows over time.
`docs/pandas.md` has the measurements behind these lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.layouts.beside import beside
from qwen_magics.agent.examples.layouts.spread import spread_of
from qwen_magics.agent.examples.whole.series_moves import series_moves
from qwen_magics.agent.words.patterns.measures import (
    CHANCE,
    DEVIATIONS,
    EDGES_OF_BANDS,
    GROWING,
    ROLLING,
    SUMMARY,
)
from qwen_magics.agent.words.patterns.programs import (
    ANOVA,
    BY_ROW,
    CHI,
    CORRELATION,
    COVARIANCE,
    FITTED,
    LONG,
    MANN,
    R_SQUARED,
    RANKED,
    T_TEST,
    TRANSPOSED,
    TWO_WAY,
)
from qwen_magics.agent.words.patterns.words import COUNT, SUPERLATIVE, TWO_YEARS

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["prefers_program"]

_ENGLISH = (
    # reshaping
    r"pivot|unpivot|melt(ed)?|reshape|cross[- ]?tab(ulat\w*|le)?|transpos\w+|(wide|long) (form(at)?|table)"
    r"|contingency table|as (the )?columns|one column (per|for each)|in columns|\w+ across|side by side"
    r"|heat ?map"
    # relations between columns
    r"|correlat\w+|covarian\w+|regress\w*|linear (fit|model|trend|relation\w*)|trend ?line|r[- ]squared"
    r"|slope|intercept|least squares|ols|polynomial|fit a line|straight line"
    # time series
    r"|rolling|moving (average|mean|sum|median|window)|resampl\w+|interpolat\w+|autocorrelat\w+"
    r"|exponential\w* (weighted|smooth\w*)|time series|seasonal\w*|forecast\w*"
    r"|percent(age)? changes?"
    # statistics
    r"|z[- ]?scores?|standardi[sz]ed?|normali[sz]ed?|outliers?|t[- ]?(test|statistic|value)s?|welch('?s)?"
    r"|anova|analysis of variance|f[- ]statistic|chi[- ]?squared?|χ²"
    r"|p[- ]?values?|skew\w*|kurtosis|interquartile|iqr|(quart|quant|dec|percent)iles?"
    r"|histogram|bins?|binned|describe|summary statistics|significan\w+|mann[- ]whitney|rank[- ]sum"
    r"|wilcoxon|kruskal"
)
_CHINESE = (
    "透视|转置|宽表|长表|交叉表|列联表|相关|协方差|回归|斜率|截距|拟合|趋势线|滚动|移动平均|重采样"
    "|插值|自相关|时间序列|季节|标准化|离群|异常值|检验|偏度|峰度|四分位|分箱|直方图"
)
_LAID_OUT = (
    r"\b(?:separate|own) columns?\b|\((?:as )?columns?\)|\b(?:is|as|becomes?) a column\b|\balong the top\b"
    r"|\bdown the side\b|\bvertically\b|\bhorizontally\b"
)
_SPLIT = (
    r"\bq1\b.{0,20}\b(?:median|q2)\b|\bmiddle (?:half|50)\b|\bfour equal\b|\bp\d\d\b|\bkurt\b|\bleptokurt\w*"
)
_ESTIMATED = (
    r"\bcoef(?:s|ficients?)?\b(?! of variation)|\b(?:predictors|regressors)\b|\bheld constant\b"
    r"|~ ?\w+[^.;]{0,30}\+"
    r"|\blinear association\b|\brho\b"
)
_WAYS = (
    r"\b(?:levene|shapiro|normality|normally distributed|kolmogorov\w*|ks[- ]test|h[- ]test|cohen['’]?s"
    r"|equality of variances?|effect size|elasticit\w+|residuals?|steepest line|quadratic|parabola"
    r"|confidence (?:interval|limits)|median absolute dev\w+|from the median|trimm(?:ed|ing)|tukey"
    r"|min[- ]?max"
    r"|qcut|eta squared|entropy|gini|dumm(?:y|ies) (?:columns?|variables?)|one[- ]hot"
    r"|column (?:shares|percent\w*)|paired (?:\w+[- ])?test|one[- ]sample|ewma?)\b"
)
_PARTS = (
    T_TEST, CHI, MANN, ANOVA, CHANCE, CORRELATION, RANKED, COVARIANCE, R_SQUARED, FITTED, _ESTIMATED,
    TWO_WAY, BY_ROW, _LAID_OUT, LONG, TRANSPOSED, ROLLING, DEVIATIONS, SUMMARY, EDGES_OF_BANDS, _SPLIT,
    _WAYS,
)  # fmt: skip
# Growth of a count at each step; between two years, or the largest one, is SQL's.
_STEPWISE = (
    rf"^(?=.*{COUNT}(?! per ?cent| %))(?!.*(?:{TWO_YEARS}|{SUPERLATIVE}|\brunning total\b)).*{GROWING}"
)
_PROGRAM = re.compile(rf"\b({_ENGLISH})\b|{_CHINESE}|{'|'.join(_PARTS)}|{_STEPWISE}", re.IGNORECASE)
# "Over the trailing 30 days, how much in total?" is one period; a window goes along with something.
_LAST_PERIOD = re.compile(
    r"\b(?:over|in|during|for|of|within) the trailing (?:\w+ ){0,2}(?:days?|weeks?|months?|years?"
    r"|quarters?)\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\b(?:averag\w+|means?|each|every|per|by|daily|weekly|monthly|moving|rolling|window|highest|max\w*)\b",
    re.IGNORECASE,
)
_READ = 800  # characters of a question that are matched


def prefers_program(question: str, table: Table | None = None) -> bool:
    """Whether a pandas program is tried before SQL.

    Args:
        table: what the question is about; one whose columns are months or years is asked in pandas for all of
            them.

    >>> prefers_program("how does price correlate with weight?"), prefers_program("how many sales?")
    (True, False)
    """
    asked = " ".join(question.split())[:_READ]
    if _MOVES.search(asked) is None:
        asked = _LAST_PERIOD.sub(" ", asked)
    if _PROGRAM.search(asked) is not None:
        # The row that moved most is one query; all changes in percent are a program.
        return table is None or series_moves(asked, table) is None
    if table is not None and beside(asked, table) is not None:
        return True
    spread = spread_of(table) if table is not None else None
    return spread is not None and spread.is_asked(question)

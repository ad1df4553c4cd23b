"""Worked pandas examples of tests and of regressions on several columns, each with the one number that is
asked for.
"""

from __future__ import annotations

from qwen_magics.agent.examples.pandas.recipe import Recipe
from qwen_magics.agent.words.patterns.programs import (
    ANOVA,
    CHI,
    COEFFICIENT,
    COEFFICIENTS,
    COUNTS,
    CROSS,
    DOWN_ACROSS,
    FITTED,
    MANN,
    NOT_P,
    ONE_REGRESSOR,
    PVALUE,
    R_SQUARED,
    SEVERAL,
    T_STATISTIC,
    T_TEST,
    WEEKDAYS,
    WELCH,
)
from qwen_magics.agent.words.patterns.words import not_saying, saying

__all__ = ["STATISTICS"]

_P = saying(PVALUE) + not_saying(NOT_P)
_PAIRED = r"(?!.*\bpaired\b)"
_ON_SEVERAL = rf"^{saying(SEVERAL)}(?!.*{ONE_REGRESSOR})"
_ADJUSTED = (
    r"(?:\badj(?:usted|\.)? (?:r\b|r[- ]?sq|r2|r²|coefficient of det)|\b(?:r2|r²|r[- ]?squared?),? adj"
    r"|\brsquared_adj|\bcorrect\w* for the number of (?:predictors|regressors|variables))"
)
_TWO = (
    'one = sales[sales["city"] == "Rome"]["price"].dropna()\n'
    'two = sales[sales["city"] == "Oslo"]["price"].dropna()\n'
)
_FIT = (
    'known = sales[["price", "weight", "rating"]].dropna()\n'
    'fit = sm.OLS(known["price"], sm.add_constant(known[["weight", "rating"]])).fit()\n'
)
_ANOVA = (
    'known = sales[["shop_id", "price"]].dropna()\ngroups = known.groupby("shop_id")["price"]\n'
    'between = (groups.size() * (groups.mean() - known["price"].mean()) ** 2).sum() / (groups.ngroups - 1)\n'
    "within = (groups.var() * (groups.size() - 1)).sum() / (len(known) - groups.ngroups)\n"
)

STATISTICS = (
    Recipe(
        MANN,
        "p-value of the Mann-Whitney test of the price in Rome against Oslo",
        f"{_TWO}result = stats.mannwhitneyu(one, two).pvalue",
    ),
    Recipe(
        rf"^{saying(T_TEST, WELCH)}{_P}",
        "p-value of Welch's t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two, equal_var=False).pvalue",
    ),
    Recipe(
        rf"^{saying(T_TEST, WELCH, T_STATISTIC)}|^{saying(WELCH)}(?=.*\bwelch)",
        "t statistic of Welch's t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two, equal_var=False).statistic",
    ),
    Recipe(
        rf"^{saying(T_TEST)}{_P}{_PAIRED}",
        "p-value of a t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two).pvalue",
    ),
    Recipe(
        rf"^{saying(T_TEST, T_STATISTIC)}{_PAIRED}(?!.*\bstatistic and)",
        "t statistic of a t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two).statistic",
    ),
    Recipe(
        rf"^{saying(CHI)}{_P}",
        "p-value of the chi-squared test of shop_id and product",
        'result = stats.chi2_contingency(pd.crosstab(sales["shop_id"], sales["product"])).pvalue',
    ),
    Recipe(
        CHI,
        "chi-squared statistic of shop_id and product",
        'result = stats.chi2_contingency(pd.crosstab(sales["shop_id"], sales["product"])).statistic',
    ),
    Recipe(
        rf"^{saying(ANOVA)}{_P}",
        "p-value of an ANOVA of the price by shop_id",
        f"{_ANOVA}result = stats.f.sf(between / within, groups.ngroups - 1, len(known) - groups.ngroups)",
    ),
    Recipe(
        ANOVA,
        "F statistic of an ANOVA of the price by shop_id",
        f"{_ANOVA}result = between / within",
    ),
    Recipe(
        _ADJUSTED,
        "regress the price on weight and rating: adjusted R squared",
        f"{_FIT}result = fit.rsquared_adj",
    ),
    Recipe(
        rf"{_ON_SEVERAL}{saying(R_SQUARED)}",
        "regress the price on weight and rating: R squared",
        f"{_FIT}result = fit.rsquared",
    ),
    Recipe(
        rf"{_ON_SEVERAL}(?=.*(?:{PVALUE}|\bsignifican))",
        "regress the price on weight and rating: p-value of weight",
        f'{_FIT}result = fit.pvalues["weight"]',
    ),
    Recipe(
        rf"{_ON_SEVERAL}{saying(COEFFICIENT)}(?!.*{COEFFICIENTS})",
        "regress the price on weight and rating: the coefficient of weight",
        f'{_FIT}result = fit.params["weight"]',
    ),
    Recipe(
        rf"{_ON_SEVERAL}(?=.*(?:{FITTED}|{COEFFICIENTS}))",
        "multiple regression of the price on weight and rating",
        f"{_FIT}result = fit.params",
    ),
    Recipe(
        # The date is in three columns.
        rf"^{saying(WEEKDAYS)}(?=.*(?:{DOWN_ACROSS}|{CROSS}|\brows?\b|{COUNTS}.*\bby\b|\bby\b.*{COUNTS}))",
        "number of sales with the days of the week down and each shop_id across",
        'weekday = pd.to_datetime(sales[["year", "month", "day"]]).dt.day_name()\n'
        'result = pd.crosstab(weekday, sales["shop_id"])',
        needs=("year", "month", "day"),
    ),
)

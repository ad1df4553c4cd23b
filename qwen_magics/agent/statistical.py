"""Worked pandas examples of tests and of regressions on several columns, each with the one number that is
asked for.
"""

from __future__ import annotations

from qwen_magics.agent.program_recipe import Recipe

__all__ = ["STATISTICS"]

_P_VALUE = r"p[- ]?values?"
_T_TEST = r"(\bt[- ]?test|\bt[- ]?(statistic|value)|\bstudent'?s t|\bwelch)"
_CHI = r"(\bchi[- ]?squared?\b|χ²|卡方)"
# What may stand behind a comma instead of another column.
_NO_COLUMN = r"(what|how|which|where|who|find|give|show|report|compute|predict|then|please|i|the slope|the r)"
_SEVERAL = (
    r"(\b(multiple|multivariate|multi-?variable) (linear )?regression\b"
    r"|\b(regress\w*|least squares|ols|linear (model|fit))\b.*\b(on|from|against|with|by|using) "
    rf"(\w+ ){{0,3}}\w+(,| and) (?!{_NO_COLUMN}\b)\w+)"
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
        rf"^(?=.*{_T_TEST})(?=.*(\bwelch|unequal variance|not? equal variance))(?=.*\b{_P_VALUE})",
        "p-value of Welch's t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two, equal_var=False).pvalue",
    ),
    Recipe(
        rf"^(?=.*{_T_TEST}).*(\bwelch|unequal variance|not? equal variance)",
        "t statistic of Welch's t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two, equal_var=False).statistic",
    ),
    Recipe(
        rf"^(?=.*{_T_TEST})(?!.*\bpaired\b).*\b{_P_VALUE}",
        "p-value of a t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two).pvalue",
    ),
    Recipe(
        r"\bt[- ]?(statistic|value)s?\b(?!.*\bpaired\b)",
        "t statistic of a t-test of the price in Rome against Oslo",
        f"{_TWO}result = stats.ttest_ind(one, two).statistic",
    ),
    Recipe(
        rf"{_CHI}.*\b{_P_VALUE}|\b{_P_VALUE}.*{_CHI}",
        "p-value of the chi-squared test of shop_id and product",
        'result = stats.chi2_contingency(pd.crosstab(sales["shop_id"], sales["product"])).pvalue',
    ),
    Recipe(
        _CHI,
        "chi-squared statistic of shop_id and product",
        'result = stats.chi2_contingency(pd.crosstab(sales["shop_id"], sales["product"])).statistic',
    ),
    Recipe(
        r"mann[- ]whitney|\brank[- ]sum\b",
        "p-value of the Mann-Whitney test of the price in Rome against Oslo",
        f"{_TWO}result = stats.mannwhitneyu(one, two).pvalue",
    ),
    Recipe(
        rf"^(?=.*\b{_P_VALUE}).*(\banova\b|\banalysis of variance|方差分析)",
        "p-value of an ANOVA of the price by shop_id",
        f"{_ANOVA}result = stats.f.sf(between / within, groups.ngroups - 1, len(known) - groups.ngroups)",
    ),
    Recipe(
        r"\banova\b|analysis of variance|\bf[- ]statistic\b|方差分析",
        "F statistic of an ANOVA of the price by shop_id",
        f"{_ANOVA}result = between / within",
    ),
    Recipe(
        rf"^(?=.*{_SEVERAL}).*(\badjusted r)",
        "regress the price on weight and rating: adjusted R squared",
        f"{_FIT}result = fit.rsquared_adj",
    ),
    Recipe(
        rf"^(?=.*{_SEVERAL}).*(\br[- ]?(squared|2)\b|r²|\bexplain|决定系数)",
        "regress the price on weight and rating: R squared",
        f"{_FIT}result = fit.rsquared",
    ),
    Recipe(
        rf"^(?=.*{_SEVERAL}).*\b{_P_VALUE}",
        "regress the price on weight and rating: p-value of weight",
        f'{_FIT}result = fit.pvalues["weight"]',
    ),
    Recipe(
        rf"^(?=.*{_SEVERAL}).*\b(coefficient|slope|effect) (of|for|on)\b",
        "regress the price on weight and rating: the coefficient of weight",
        f'{_FIT}result = fit.params["weight"]',
    ),
    Recipe(
        _SEVERAL,
        "multiple regression of the price on weight and rating",
        f"{_FIT}result = fit.params",
    ),
    Recipe(
        # The date is in three columns.
        r"^(?=.*\b(columns?|across|side by side|cross[- ]?tab\w*|pivot\w*)\b)"
        r".*\b(week ?days?|days? of the week)\b",
        "number of sales with the days of the week down and each shop_id across",
        'weekday = pd.to_datetime(sales[["year", "month", "day"]]).dt.day_name()\n'
        'result = pd.crosstab(weekday, sales["shop_id"])',
        needs=("year", "month", "day"),
    ),
)

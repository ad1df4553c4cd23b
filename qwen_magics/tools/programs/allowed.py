"""All that a program may say. What is not listed here does not exist for it.

Sets of plain words, so that the guard, the grammar and the documentation read the same lists.
"""

from __future__ import annotations

__all__ = [
    "AGGREGATES",
    "ATTRIBUTES",
    "BUILTINS",
    "DISPATCHING",
    "IO_METHODS",
    "KEYWORDS_REFUSED",
    "MODULES",
    "module_names",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Functions that a program may call by their bare name.
BUILTINS = _words(
    "abs all any bool dict enumerate filter float int isinstance len list map max min print range reversed "
    "round set slice sorted str sum tuple zip"
)

# Below `pd.`, `np.`, `np.linalg.`, `stats.` (scipy.stats) and `sm.` (statsmodels.api). A module is no value:
# it stands only before a dot, so nothing else of it can be reached.
MODULES: dict[str, frozenset[str]] = {
    "pd": _words(
        "Categorical CategoricalDtype DataFrame DateOffset DatetimeIndex Grouper Index Interval "
        "IntervalIndex MultiIndex NA NaT NamedAgg Period PeriodIndex RangeIndex Series Timedelta Timestamp "
        "array concat crosstab cut date_range factorize from_dummies get_dummies infer_freq interval_range "
        "isna isnull lreshape melt merge merge_asof merge_ordered notna notnull offsets period_range pivot "
        "pivot_table qcut timedelta_range to_datetime to_numeric to_timedelta unique wide_to_long"
    ),
    "pd.offsets": _words(
        "BDay BMonthEnd BusinessDay Day Hour Minute MonthBegin MonthEnd QuarterBegin QuarterEnd Second Week "
        "YearBegin YearEnd"
    ),
    "np": _words(
        "abs absolute all allclose any arange arccos arcsin arctan arctan2 argmax argmin argsort around "
        "array average bincount bool_ ceil clip concatenate corrcoef cos cov cumprod cumsum datetime64 "
        "deg2rad diff digitize divide dot e exp expm1 fabs float32 float64 floor full gradient histogram "
        "hypot inf int32 int64 interp isclose isfinite isin isinf isnan linalg linspace log log10 log1p "
        "log2 logical_and logical_not logical_or logspace matmul max maximum mean median min minimum mod "
        "nan nanmax nanmean nanmedian nanmin nanpercentile nanquantile nanstd nansum nanvar newaxis nonzero "
        "number object_ ones outer percentile pi polyfit polyval power prod ptp quantile rad2deg ravel "
        "repeat reshape round searchsorted select sign sin sort sqrt square std str_ sum tan tile "
        "timedelta64 trapezoid unique var vstack where zeros"
    ),
    "np.linalg": _words("det eig eigh eigvals inv lstsq matrix_rank norm pinv solve svd"),
    "stats": _words(
        "anderson bartlett binom binomtest chi2 chi2_contingency chisquare expon f f_oneway fisher_exact "
        "gmean hmean iqr kendalltau kruskal ks_2samp kstest kurtosis levene linregress mannwhitneyu mode "
        "norm normaltest pearsonr percentileofscore poisson rankdata sem shapiro skew spearmanr t "
        "theilslopes trim_mean tmean ttest_1samp ttest_ind ttest_rel uniform wilcoxon zscore"
    ),
    "sm": _words("GLS Logit OLS WLS add_constant families GLM"),
    "sm.families": _words("Binomial Gaussian Poisson"),
}


def module_names() -> frozenset[str]:
    """The bare names of the modules: `pd`, `np`, `stats`, `sm`."""
    return frozenset(path for path in MODULES if "." not in path)


# Attributes of values: frames, series, indexes, groups, windows, arrays, timestamps, test results, text.
ATTRIBUTES = _words(
    # selection and shape
    "T at columns copy dtype dtypes empty get head iat iloc index isin items iterrows itertuples keys loc "
    "ndim nlargest nsmallest sample shape size squeeze tail take truncate values where mask between filter "
    "first last nth xs select_dtypes first_valid_index last_valid_index get_group groups ngroups indices "
    # columns and labels
    "add_prefix add_suffix assign drop drop_duplicates duplicated droplevel get_level_values insert levels "
    "name names nlevels rename rename_axis reindex reorder_levels reset_index set_axis set_index set_names "
    "sort_index sort_values swaplevel to_flat_index pop "
    # reshaping and joining
    "append combine_first concat explode join melt merge pivot pivot_table stack swapaxes transpose unstack "
    "to_frame update align compare "
    # aggregation and statistics
    "agg aggregate all any apply argmax argmin autocorr clip corr corrwith count cov cumcount cummax cummin "
    "cumprod cumsum describe diff dot groupby idxmax idxmin is_monotonic_decreasing is_monotonic_increasing "
    "is_unique hasnans kurt kurtosis map max mean median min mode ngroup nunique pct_change prod quantile "
    "rank round sem shift size skew std sum transform unique value_counts var abs nanmax ohlc "
    # windows and time
    "asfreq at_time between_time bfill ewm expanding ffill interpolate resample rolling to_datetime "
    "to_period to_timestamp tz_convert tz_localize "
    # missing values and types
    "astype convert_dtypes dropna fillna isna isnull notna notnull replace infer_objects to_list tolist "
    "to_numpy to_dict item "
    # arithmetic
    "add div divide eq floordiv ge gt le lt mod mul multiply ne pow radd rdiv rsub rmul sub subtract "
    "truediv divmod "
    # accessors: text, dates, categories
    "str dt cat capitalize casefold center contains count endswith extract extractall find findall "
    "fullmatch get_dummies isalnum isalpha isdecimal isdigit islower isnumeric isspace istitle isupper len "
    "ljust lower lstrip match normalize pad partition removeprefix removesuffix repeat replace rfind rjust "
    "rpartition rsplit rstrip slice split splitlines startswith strip swapcase title translate upper "
    "wrap zfill ceil date day day_name day_of_week day_of_year dayofweek dayofyear days days_in_month "
    "components floor hour is_leap_year is_month_end is_month_start is_quarter_end is_quarter_start "
    "is_year_end is_year_start isocalendar microsecond minute month month_name quarter second seconds "
    "strftime time timestamp total_seconds tz week weekday year freq start_time end_time "
    "add_categories as_ordered as_unordered categories codes ordered remove_unused_categories "
    "rename_categories reorder_categories set_categories left right mid closed "
    # arrays
    "argsort flatten nonzero ravel reshape searchsorted sort factorize "
    # statistics' results
    "aic bic bse coefficients conf_int confidence_interval df expected_freq fittedvalues fit fvalue "
    "f_pvalue intercept intercept_stderr nobs params predict proportion_ci pvalue pvalues resid rsquared "
    "rsquared_adj rvalue sf slope statistic stderr tvalues cdf pdf pmf ppf df_resid df_model low high "
    # Python's own lists and dicts (index, count and sort stand above)
    "extend from_dict from_product from_tuples from_arrays from_records"
)

# Methods that take functions by name and would call any method of that name: the name has to be literal.
DISPATCHING = _words("agg aggregate apply transform pivot_table crosstab NamedAgg")
AGGREGATES = _words(
    "all any bfill count cumcount cummax cummin cumprod cumsum diff ffill first idxmax idxmin kurt last mad "
    "max mean median min mode ngroup nunique ohlc pct_change prod quantile rank sem shift size skew std sum "
    "unique value_counts var"
)
# Arguments that would choose another evaluator, or write into what was handed over.
KEYWORDS_REFUSED = _words(
    "engine engine_kwargs path_or_buf buf path con filepath_or_buffer storage_options win_type"
)

# What the worker takes off its pandas as well, should a program ever come past the guard. Methods of the same
# kind that pandas itself needs inside are not among them.
IO_METHODS = _words(
    "eval query to_clipboard to_csv to_excel to_feather to_gbq to_hdf to_html to_iceberg to_json to_latex "
    "to_markdown to_orc to_parquet to_pickle to_sql to_stata to_xml"
)

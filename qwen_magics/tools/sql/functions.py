"""The functions and types that generated SQL may use: what analysts need, none that reads or changes anything
else.
"""

from __future__ import annotations

__all__ = ["DATE_PARTS", "FUNCTIONS", "TYPES"]

_AGGREGATES = """
    any_value arbitrary arg_max arg_min argmax argmin array_agg avg bit_and bit_or bit_xor bool_and
    bool_or approx_count_distinct approx_quantile corr count count_if countif covar_pop covar_samp
    entropy favg first fsum geomean geometric_mean group_concat histogram kurtosis last list listagg mad
    max max_by mean median min min_by mode product quantile quantile_cont quantile_disc percentile_cont
    percentile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy sem skewness stddev stddev_pop stddev_samp string_agg sum sum_no_overflow var_pop var_samp
    variance
"""

_WINDOWS = """
    cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank
    rank_dense row_number
"""

_DATES = """
    age century current_date current_localtime current_localtimestamp date_add date_diff date_part
    date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear
    decade epoch epoch_ms epoch_ns epoch_us era extract hour isodow isoyear isfinite isinf isnan julian
    last_day make_date make_time make_timestamp microsecond millennium millisecond minute month monthname
    nanosecond now quarter second strftime strptime time_bucket to_centuries to_days to_decades to_hours
    to_microseconds to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks
    to_years today try_strptime week weekday weekofyear year yearweek
"""

_TEXT = """
    array_to_string ascii bar base64 char_length character_length chr concat concat_ws contains
    damerau_levenshtein ends_with format format_bytes from_base64 greatest_common_divisor hash instr
    jaccard jaro_similarity jaro_winkler_similarity lcase least_common_multiple left left_grapheme len
    length length_grapheme levenshtein like_escape lower lpad ltrim md5 mismatches nfc_normalize
    not_like_escape ord position prefix printf regexp_escape regexp_extract regexp_extract_all
    regexp_full_match regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right
    right_grapheme rpad rtrim sha256 split split_part starts_with str_split str_split_regex string_split
    string_split_regex string_to_array strip_accents strlen strpos substr substring substring_grapheme
    suffix to_base64 translate trim ucase unicode upper url_decode url_encode
"""

_MATHS = """
    abs acos acosh add asin asinh atan atan2 atanh bit_count cbrt ceil ceiling coalesce cos cosh cot
    degrees divide error even exp factorial fdiv floor fmod gamma gcd greatest if ifnull lcm least lgamma
    ln log log10 log2 mod multiply nextafter nullif pi pow power radians random round round_even
    roundbankers sign signbit sin sinh sqrt subtract tan tanh trunc xor bin hex
"""

_LISTS = """
    array_contains array_length cardinality element_at list_aggregate list_any_value list_append list_avg
    list_concat list_contains list_count list_distinct list_element list_extract list_first list_has
    list_has_all list_has_any list_last list_max list_median list_min list_mode list_position
    list_prepend list_product list_reverse list_reverse_sort list_select list_slice list_sort
    list_string_agg list_sum list_unique list_value list_zip map_extract map_keys map_values
    struct_extract struct_pack unnest flatten
"""

# These have brackets of their own kind: the grammar has a rule for each.
_OWN_SYNTAX = frozenset({"current_date", "extract", "position"})
# Can fill the memory from two constants, or say nothing about data.
_DROPPED = frozenset({"error", "parse_dirname", "repeat"})

_ALL = " ".join((_AGGREGATES, _WINDOWS, _DATES, _TEXT, _MATHS, _LISTS)).split()
FUNCTIONS: tuple[str, ...] = tuple(sorted(set(_ALL) - _DROPPED - _OWN_SYNTAX))

_TYPE_NAMES = """
    bigint bool boolean date decimal double float hugeint int int2 int4 int8 integer interval long
    numeric real smallint string text time timestamp tinyint ubigint uinteger usmallint utinyint varchar
"""
TYPES: tuple[str, ...] = tuple(_TYPE_NAMES.split())

_PART_NAMES = """
    century day decade dow doy epoch hour isodow isoyear microsecond millennium millisecond minute month
    quarter second week year
"""
DATE_PARTS: tuple[str, ...] = tuple(_PART_NAMES.split())

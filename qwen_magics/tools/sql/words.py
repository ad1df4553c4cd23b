"""The dialects' lists of words: functions that generated SQL may use, types, and names that need quotes.

Of the functions only those that compute from their arguments: none that reads a file, a setting or a secret,
none that waits, locks, sends or writes, and none that fills the memory from two constants.
"""

from __future__ import annotations

__all__ = [
    "ANSI_FUNCTIONS",
    "ANSI_TYPES",
    "BOUND",
    "MYSQL_FUNCTIONS",
    "MYSQL_RESERVED",
    "ORACLE_FUNCTIONS",
    "POSTGRES_FUNCTIONS",
    "POSTGRES_RESERVED",
    "POSTGRES_TYPES",
    "SQLGLOT_NAMES",
    "SQLITE_FUNCTIONS",
    "SQLITE_RESERVED",
    "TITLES",
    "TSQL_FUNCTIONS",
]

# SQLAlchemy's name → sqlglot's, for the dialects that sqlglot reads.
SQLGLOT_NAMES = {
    "awsathena": "athena",
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "clickhousedb": "clickhouse",
    "cockroachdb": "postgres",
    "databricks": "databricks",
    "exa": "exasol",
    "hive": "hive",
    "mariadb": "mysql",
    "mssql": "tsql",
    "postgresql": "postgres",
    "presto": "presto",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "spark": "spark",
    "teradatasql": "teradata",
    "trino": "trino",
}

TITLES = {
    "athena": "Athena",
    "bigquery": "BigQuery",
    "clickhouse": "ClickHouse",
    "databricks": "Databricks",
    "redshift": "Redshift",
    "snowflake": "Snowflake",
    "teradata": "Teradata",
    "trino": "Trino",
}

# The bounds of a window's frame, as the grammar spells its phrases.
BOUND = "((unbounded|[0-9]{1,6}) (preceding|following)|current row)"

_WINDOWS = """
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
"""

ANSI_FUNCTIONS = (
    """
    abs avg ceil coalesce concat count exp floor greatest least length ln lower ltrim max min mod nullif
    power replace round rtrim sign sqrt stddev substring sum trim upper variance
"""
    + _WINDOWS
)
ANSI_TYPES = "bigint char date decimal integer numeric real smallint time timestamp varchar"

ORACLE_FUNCTIONS = """
    add_months extract initcap instr last_day listagg median months_between nvl regexp_replace
    regexp_substr substr to_char to_date to_number trunc
"""
TSQL_FUNCTIONS = """
    ceiling charindex concat_ws datefromparts datename eomonth getdate iif isnull left len log
    patindex reverse right stdev stdevp string_agg stuff var varp year month day
"""

SQLITE_FUNCTIONS = (
    """
    abs acos asin atan atan2 avg ceil ceiling char coalesce concat concat_ws cos count date datetime degrees
    exp floor format glob group_concat hex ifnull iif instr json_array_length json_extract json_type
    julianday length like ln log log10 log2 lower ltrim max min mod nullif pi pow power printf quote
    radians replace round rtrim sign sin sqrt strftime string_agg substr substring sum tan time timediff
    total trim trunc typeof unicode unixepoch upper
"""
    # Registered on each connection (`tools.databases.aggregates` and `scalars`).
    """
    corr covar_pop covar_samp initcap lpad median mode percentile_cont quantile_cont regexp regr_intercept
    regr_r2 regr_slope reverse rpad split_part stddev stddev_pop stddev_samp stdev var_pop var_samp variance
""" + _WINDOWS
)

SQLITE_RESERVED = """
    add all alter and as autoincrement between case cast check collate commit constraint create cross
    current_date current_time current_timestamp default deferrable delete distinct drop else end escape
    except exists false filter foreign from full glob group having in index inner insert intersect into is
    isnull join left like limit natural not nothing notnull null on or order outer over primary raise
    references returning right select set table then to transaction true union unique update using values
    when where window with
"""

POSTGRES_FUNCTIONS = (
    """
    abs acos age array_agg array_length array_position array_to_string ascii asin atan atan2 avg bit_and
    bit_or bool_and bool_or btrim cardinality cbrt ceil ceiling char_length character_length chr
    clock_timestamp coalesce concat concat_ws corr cos count covar_pop covar_samp date_bin date_part
    date_trunc degrees div every exp floor gcd greatest initcap isfinite json_array_length
    json_extract_path_text jsonb_array_length jsonb_extract_path_text justify_days justify_hours
    justify_interval lcm least left length ln log log10 lower ltrim make_date make_interval make_timestamp
    max md5 min mod mode now nullif overlay percentile_cont percentile_disc pi position power radians
    regexp_count regexp_like regexp_replace regexp_substr regr_avgx regr_avgy regr_count regr_intercept
    regr_r2 regr_slope regr_sxx regr_sxy regr_syy replace reverse right round rtrim scale sign sin
    split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp string_agg
    string_to_array strpos substr substring sum tan to_char to_date to_number to_timestamp translate trim
    trim_scale trunc upper var_pop var_samp variance width_bucket
"""
    + _WINDOWS
)
POSTGRES_TYPES = """
    bigint boolean char date decimal float int integer interval numeric real smallint text time timestamp
    timestamptz varchar
"""
POSTGRES_RESERVED = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
    collation column concurrently constraint create cross current_catalog current_date current_role
    current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
    except false fetch for foreign freeze from full grant group having ilike in initially inner intersect
    into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null
    offset on only or order outer overlaps placing primary references returning right select session_user
    similar some symmetric system_user table tablesample then to trailing true union unique user using
    variadic verbose when where window with
"""

MYSQL_FUNCTIONS = (
    """
    abs acos adddate ascii asin atan atan2 avg bit_and bit_count bit_or bit_xor ceil ceiling char_length
    character_length coalesce concat concat_ws cos cot count curdate date date_add date_format date_sub
    datediff day dayname dayofmonth dayofweek dayofyear degrees elt exp field find_in_set floor format
    from_days from_unixtime greatest group_concat hex hour if ifnull instr json_extract json_length
    json_unquote last_day lcase least left length ln locate log log10 log2 lower ltrim makedate max md5 mid
    min minute mod month monthname now nullif period_diff pi pow power quarter radians regexp_instr
    regexp_like regexp_replace regexp_substr replace reverse right round rtrim sec_to_time second sign sin
    sqrt std stddev stddev_pop stddev_samp str_to_date strcmp subdate substr substring substring_index
    sum tan time time_format time_to_sec timediff to_days trim truncate ucase unix_timestamp upper var_pop
    var_samp variance week weekday weekofyear year yearweek
"""
    + _WINDOWS
)

# MariaDB's and MySQL 8's together: quoting one more is harmless.
MYSQL_RESERVED = """
    accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call
    cascade case change char character check collate column condition constraint continue convert create
    cross cube cume_dist current_date current_role current_time current_timestamp current_user cursor
    databases day_hour day_microsecond day_minute day_second dec decimal declare default delayed delete
    delete_domain_id dense_rank desc describe deterministic distinct distinctrow div do_domain_ids double
    drop dual each else elseif empty enclosed escaped except exists exit explain false fetch first_value
    float float4 float8 for force foreign from full fulltext function generated get grant group grouping
    groups having high_priority hour_microsecond hour_minute hour_second if ignore ignore_domain_ids in
    index infile inner inout insensitive insert int int1 int2 int3 int4 int8 integer intersect interval
    into is iterate join json_table key keys kill lag last_value lateral lead leading leave left like limit
    linear lines load localtime localtimestamp lock long longblob longtext loop low_priority
    master_demote_to_replica master_demote_to_slave master_ssl_verify_server_cert match maxvalue mediumblob
    mediumint mediumtext middleint minute_microsecond minute_second mod modifies natural
    no_write_to_binlog not nth_value ntile null numeric of offset on optimize optimizer_costs option
    optionally or order out outer outfile over page_checksum parse_vcol_expr partition percent_rank portion
    precision primary procedure purge range rank read read_write reads real recursive ref_system_id
    references regexp release rename repeat replace require resignal restrict return returning revoke right
    rlike row row_number rows schema schemas second_microsecond select sensitive separator set show signal
    smallint spatial specific sql sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate
    sqlwarning ssl starting stats_auto_recalc stats_persistent stats_sample_pages stored straight_join
    system table terminated then tinyblob tinyint tinytext to trailing trigger true undo union unique
    unlock unsigned update usage use using utc_date utc_time utc_timestamp values varbinary varchar
    varcharacter varying virtual when where while window with write xor year_month zerofill
"""

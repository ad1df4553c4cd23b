"""What one kind of database's SQL has that another's has not: names, functions, and the grammar's parts.

Pure values. The grammar, the gate and the description of tables ask a `Dialect`; none of them knows a system.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from qwen_magics.tools.sql import words
from qwen_magics.tools.sql.functions import DATE_PARTS, FUNCTIONS, TYPES
from qwen_magics.tools.sql.names import RESERVED

__all__ = ["ANSI", "DIALECTS", "DUCKDB", "MYSQL", "POSTGRES", "SQLITE", "Dialect", "dialect_of"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_JOIN = " ((inner|(left|right|full)( outer)?) )?join "
_CROSS_JOIN = " (cross|natural( (left|right|full|inner))?) join "
_COMPARISONS = r"°(=|<>|!=|<=|>=|<|>|\|\||\+|\*|\x2f|%)°|°- "
_WORD_OPERATORS = "and|or|(not )?(in|between|like)"


@dataclass(frozen=True)
class Dialect:
    """One kind of SQL.

    Attributes:
        name: as sqlglot calls it; empty for plain ANSI SQL.
        title: as people call it, for prompts and messages.
        functions, types, date_parts: in lower case; what generated SQL may use.
        reserved: words that are no bare name.
        quotes: what opens and closes a quoted name.
        fold: which bare names find a name of the schema: any letter case, or one that is all in lower case.
        exact_tables: names of tables keep their letter case even if bare (MySQL on Linux).
        features: optional parts of the grammar; see `tools.sql.grammar`.
        phrases: terminals of the grammar that are spelled otherwise than DuckDB's.
        notes: one line each, for the model: what it would otherwise write in another dialect.
        instead: functions of other dialects, and what this one has in their place.
        statistics: a note like the others, for questions of statistics alone: what models do not expect it to
            have.
    """

    name: str
    title: str
    functions: tuple[str, ...]
    types: tuple[str, ...]
    date_parts: tuple[str, ...] = DATE_PARTS
    reserved: frozenset[str] = RESERVED
    quotes: str = '""'
    fold: Literal["any", "lower"] = "any"
    exact_tables: bool = False
    features: frozenset[str] = frozenset()
    phrases: Mapping[str, str] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict, hash=False)
    statistics: str = ""

    def is_plain(self, name: str) -> bool:
        """Whether the name may stand without quotes."""
        if _PLAIN.match(name) is None or name.casefold() in self.reserved:
            return False
        return self.fold == "any" or name == name.lower()

    def quoted(self, name: str) -> str:
        """The name in quotes.

        >>> MYSQL.quoted("order")
        '`order`'
        """
        opening, closing = self.quotes[0], self.quotes[1]
        return f"{opening}{name.replace(closing, closing * 2)}{closing}"

    def quote_name(self, name: str) -> str:
        """The name as SQL spells it: bare if it can be, else in quotes."""
        return name if self.is_plain(name) else self.quoted(name)

    def quote_text(self, text: str) -> str:
        """A string literal of exactly this text."""
        if self.name == "mysql":
            text = text.replace("\\", "\\\\")
        escaped = text.replace("'", "''")
        return f"'{escaped}'"


def dialect_of(name: str) -> Dialect:
    """The dialect of SQLAlchemy's or sqlglot's name; plain ANSI SQL under that title for any other.

    >>> dialect_of("postgresql").title, dialect_of("klingon").title
    ('PostgreSQL', 'klingon')
    """
    known = DIALECTS.get(words.SQLGLOT_NAMES.get(name, name))
    if known is not None:
        return known
    read_as = words.SQLGLOT_NAMES.get(name, "")
    return replace(ANSI, name=read_as, title=words.TITLES.get(read_as, name))


DUCKDB = Dialect(
    "duckdb",
    "DuckDB",
    FUNCTIONS,
    TYPES,
    features=frozenset(
        [
            "brackets",
            "date_literals",
            "distinct_on",
            "exclude",
            "extract",
            "filter",
            "group_all",
            "interval_count",
            "interval_text",
            "limit",
            "nulls_order",
            "postfix_cast",
            "qualify",
            "rollup",
            "rows_of",
            "within_group",
        ]
    ),
)

SQLITE = Dialect(
    "sqlite",
    "SQLite",
    tuple(words.SQLITE_FUNCTIONS.split()),
    ("integer", "real", "text", "numeric", "blob"),
    reserved=frozenset(words.SQLITE_RESERVED.split()),
    # EXTRACT and WITHIN GROUP are none of its own; written all the same, they are put into its words
    # (`tools.sql.sqlite_words`), or refused with what there is instead.
    features=frozenset(["extract", "filter", "limit", "nulls_order", "within_group"]),
    phrases={
        "CAST_OPEN": r"cast\(°",
        "CROSS_JOIN": _CROSS_JOIN,
        "JOIN": _JOIN,
        "OPERATOR": _COMPARISONS + rf"| ({_WORD_OPERATORS}|glob|(not )?regexp|is (not )?distinct from) ",
        "SET_OPERATION": " (union( all)?|intersect|except) ",
    },
    notes=(
        "SQLite: dates are text; strftime('%Y-%m', day), date(day, '+1 month'), julianday(b) - julianday(a)",
        "SQLite: 1 / 2 is 0; write 1.0 * a / b",
    ),
    instead={
        "extract": "CAST(strftime('%Y', day) AS INTEGER)",
        "year": "CAST(strftime('%Y', day) AS INTEGER)",
        "month": "CAST(strftime('%m', day) AS INTEGER)",
        "date_trunc": "strftime('%Y-%m-01', day)",
        "datediff": "julianday(b) - julianday(a)",
        "dayname": "strftime('%w', day), 0 for Sunday,",
        "dateadd": "date(day, '+1 month')",
        "date_add": "date(day, '+1 month')",
        "date_sub": "date(day, '-1 month')",
        "date_diff": "julianday(b) - julianday(a)",
        "to_char": "strftime('%Y-%m', day)",
        "date_format": "strftime('%Y-%m', day)",
        "now": "date('now')",
        "left": "substr(text, 1, count)",
        "right": "substr(text, -count)",
        "day": "CAST(strftime('%d', day) AS INTEGER)",
        "hour": "CAST(strftime('%H', day) AS INTEGER)",
        "quarter": "(CAST(strftime('%m', day) AS INTEGER) + 2) / 3",
        "date_part": "CAST(strftime('%Y', day) AS INTEGER)",
        "monthname": "strftime('%m', day)",
        "string_agg": "group_concat(text, ', ')",
        "len": "length(text)",
    },
    statistics="SQLite has CORR(a, b), STDDEV(a), VARIANCE(a), MEDIAN(a), REGR_SLOPE(y, x), REGR_R2(y, x), "
    "PERCENTILE_CONT(a, 0.9)",
)

POSTGRES = Dialect(
    "postgres",
    "PostgreSQL",
    tuple(words.POSTGRES_FUNCTIONS.split()),
    tuple(words.POSTGRES_TYPES.split()),
    reserved=frozenset(words.POSTGRES_RESERVED.split()),
    fold="lower",
    features=frozenset(
        [
            "date_literals",
            "distinct_on",
            "extract",
            "filter",
            "interval_text",
            "limit",
            "nulls_order",
            "postfix_cast",
            "rollup",
            "rows_of",
            "within_group",
        ]
    ),
    phrases={
        "CAST_OPEN": r"cast\(°",
        "CROSS_JOIN": _CROSS_JOIN,
        "JOIN": _JOIN,
        "OPERATOR": _COMPARISONS
        + rf"| ({_WORD_OPERATORS}|(not )?(ilike|similar to)|is (not )?distinct from) ",
        "ROWS_OF": r"(unnest|generate_series)\(°",
        "SET_OPERATION": " (union|intersect|except)( all)? ",
    },
    notes=(
        "PostgreSQL: to_char(day, 'YYYY-MM'), date_trunc('month', day), b::date - a::date is in days",
        "PostgreSQL: 1 / 2 is 0, write 1.0 * a / b; ORDER BY … DESC needs NULLS LAST",
    ),
    instead={
        "strftime": "to_char(day, 'YYYY-MM')",
        "julianday": "EXTRACT(EPOCH FROM moment) / 86400",
        "date_format": "to_char(day, 'YYYY-MM')",
        "datediff": "b::date - a::date",
        "date_diff": "b::date - a::date",
        "year": "EXTRACT(YEAR FROM day)",
        "month": "EXTRACT(MONTH FROM day)",
        "day": "EXTRACT(DAY FROM day)",
        "dayname": "to_char(day, 'FMDay')",
        "monthname": "to_char(day, 'FMMonth')",
        "ifnull": "coalesce(value, other)",
        "group_concat": "string_agg(text, ', ')",
        "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY value)",
        "len": "length(text)",
    },
)

MYSQL = Dialect(
    "mysql",
    "MySQL",
    tuple(words.MYSQL_FUNCTIONS.split()),
    ("char", "date", "datetime", "decimal", "double", "float", "signed", "time", "unsigned"),
    tuple(["microsecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"]),
    reserved=frozenset(words.MYSQL_RESERVED.split()),
    quotes="``",
    exact_tables=True,
    features=frozenset(["date_literals", "extract", "interval_count", "limit", "separator", "units"]),
    phrases={
        "CAST_OPEN": r"cast\(°",
        "CROSS_JOIN": " (cross|natural( (left|right))?) join ",
        "FRAME": f"°(rows|range) (between {words.BOUND} and {words.BOUND}|{words.BOUND})",
        "JOIN": " ((inner|(left|right)( outer)?) )?join ",
        # `||` is a logical OR here.
        "OPERATOR": r"°(=|<>|!=|<=>|<=|>=|<|>|\+|\*|\x2f|%)°|°- " + rf"| ({_WORD_OPERATORS}|div|mod|regexp) ",
        "SET_OPERATION": " (union( all)?|intersect|except) ",
        "STEP_OPEN": r" as°\(°",
    },
    notes=(
        "MySQL: DATE_FORMAT(day, '%Y-%m'), TIMESTAMPDIFF(DAY, a, b), DATE_ADD(day, INTERVAL 1 MONTH)",
        "MySQL: CONCAT(a, b) instead of ||",
    ),
    instead={
        "strftime": "DATE_FORMAT(day, '%Y-%m')",
        "to_char": "DATE_FORMAT(day, '%Y-%m')",
        "date_trunc": "DATE_FORMAT(day, '%Y-%m-01')",
        "string_agg": "GROUP_CONCAT(text SEPARATOR ', ')",
        "date_diff": "TIMESTAMPDIFF(DAY, a, b)",
        "to_date": "STR_TO_DATE(text, '%Y-%m-%d')",
        "dateadd": "DATE_ADD(day, INTERVAL 1 MONTH)",
        "len": "CHAR_LENGTH(text)",
        "nvl": "COALESCE(value, other)",
        "split_part": "SUBSTRING_INDEX(text, ',', 1)",
    },
)

ANSI = Dialect(
    "",
    "ANSI",
    tuple(words.ANSI_FUNCTIONS.split()),
    tuple(words.ANSI_TYPES.split()),
    reserved=frozenset((words.POSTGRES_RESERVED + words.MYSQL_RESERVED).split()),
    features=frozenset(["date_literals", "extract", "interval_text", "limit"]),
    phrases={
        "CAST_OPEN": r"cast\(°",
        "CROSS_JOIN": _CROSS_JOIN,
        "JOIN": _JOIN,
        "OPERATOR": _COMPARISONS + rf"| ({_WORD_OPERATORS}) ",
        "SET_OPERATION": " (union( all)?|intersect|except) ",
        "STEP_OPEN": r" as°\(°",
    },
)

_ORACLE = replace(
    ANSI,
    name="oracle",
    title="Oracle",
    functions=tuple((words.ANSI_FUNCTIONS + words.ORACLE_FUNCTIONS).split()),
    features=frozenset(["date_literals", "extract", "fetch", "interval_text", "nulls_order", "within_group"]),
    notes=("Oracle: TO_CHAR(day, 'YYYY-MM'), TRUNC(day, 'MM'), FETCH FIRST 5 ROWS ONLY",),
)

_TSQL = replace(
    ANSI,
    name="tsql",
    title="SQL Server",
    functions=tuple((words.ANSI_FUNCTIONS + words.TSQL_FUNCTIONS).split()),
    types=tuple(
        [
            "bigint",
            "bit",
            "char",
            "date",
            "datetime",
            "decimal",
            "float",
            "int",
            "nvarchar",
            "real",
            "smallint",
            "time",
            "varchar",
        ]
    ),
    date_parts=tuple(
        ["year", "quarter", "month", "dayofyear", "day", "week", "weekday", "hour", "minute", "second"]
    ),
    quotes="[]",
    features=frozenset(["rollup", "top", "units", "within_group"]),
    notes=("SQL Server: SELECT TOP 5 … instead of LIMIT; DATEPART(month, day), DATEDIFF(day, a, b)",),
)

DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect for dialect in (DUCKDB, SQLITE, POSTGRES, MYSQL, _ORACLE, _TSQL)
}

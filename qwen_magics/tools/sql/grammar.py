"""A grammar of one SELECT over the tables that exist, in llguidance's Lark dialect.

A context-free grammar cannot look up which alias a query has defined, and refusing a right name costs more than letting
a wrong one through: the binder sees a wrong name and says what is right, whereas a model that may not write the name it
means writes something else that binds. Hence two modes of every expression rule:

* strict, in SELECT, FROM, WHERE and JOIN of a query over tables: columns of the schema, behind a table's own name only the
  columns of that table, and names of computed columns (`avg_delay`, `total`, `flight_count`), as in
  `SELECT avg(n) FROM (SELECT count(*) AS n …)`;
* free, where aliases are at home: ORDER BY, GROUP BY, HAVING, QUALIFY, and everything after a WITH step.

The lexer never goes back: a terminal of two words must not start like another one that is allowed at the same place (`is`
and `is distinct from`), so such pairs are rules of single words.

Whitespace is explicit and bounded, so that `SELECTname` is no query and nothing can be padded for ever. Comments cannot be
written: `-` is never followed by `-`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qwen_magics.errors import GrammarError
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.functions import DATE_PARTS, FUNCTIONS, TYPES
from qwen_magics.tools.sql.names import RESERVED, is_plain

__all__ = ["select_grammar"]

# Words that may stand after a table or an expression, so that they are never read as an alias there.
_NO_ALIAS = RESERVED | {"exclude", "filter", "over", "replace", "rows", "set", "values", "within"}

# How people name computed columns: first words, …
_COMPUTED_FIRST = """average avg cnt count counts cumulative diff difference distinct earliest first freq frequency growth
    highest largest last latest lowest max maximum mean med median min minimum most mx n next num number pct per percent
    percentage percentile prev previous rank ratio rank rn rnk row row_num row_number running share shortest smallest sd
    std stddev sum top tot total variance biggest longest fastest slowest fewest proportion fraction
    daily weekly monthly quarterly yearly annual hourly overall""".split()
# … and last words behind the name of a table or a column.
_COMPUTED_LAST = "avg average cnt count diff max mean median min num number pct percent rank rate ratio share sum total".split()


_TERMINALS = r"""
W: /[ ]{1,2}|[ ]{0,2}\r?\n[ \t]{0,24}/
NUMBER: /[0-9]{1,18}(\.[0-9]{0,12})?([eE][+-]?[0-9]{1,3})?|\.[0-9]{1,12}/
INT: /[0-9]{1,12}/
STRING: /'([^'\x00-\x1f\x7f]|''){0,160}'/
QUOTED: /"([^"\x00-\x1f\x7f]|""){1,80}"/
WORD: /[A-Za-z_][A-Za-z0-9_]{0,47}/
OPERATOR: /=|==|<>|!=|<=|>=|<|>|\|\||\+|\*|\/|\/\/|%/
ARITHMETIC: /\+|\*|\/|\/\/|%|\|\|/
"""

# Rules of one mode; `@` is replaced by s (strict) or f (free).
_MODE_RULES = """
query_@: plain_@ | with_query
plain_@: core_@ (W SET_OPERATION W (ALL W)? (BY_NAME W)? core_@)* (W ORDER_BY W order_f ("," W? order_f)*)? limit?
core_@: select_@ | "(" W? query_@ W? ")"
select_@: SELECT W distinct_@? items_@ (W FROM W from_@)? (W WHERE W expr_@)? group_@? (W HAVING W expr_f)? (W QUALIFY W expr_f)?
distinct_@: DISTINCT W (ON W? "(" W? exprs_@ W? ")" W)?
items_@: item_@ (W? "," W? item_@)*
item_@: expr_@ (W AS W name)? | star_@
star_@: (QUALIFIER | table_qualifier)? "*" (W EXCLUDE W? "(" W? column_@ (W? "," W? column_@)* W? ")")?
group_@: W GROUP_BY W (ALL | grouping_@ (W? "," W? grouping_@)*)
grouping_@: expr_@ | FREE | ROLLUP W? "(" W? grouping_@ (W? "," W? grouping_@)* W? ")"
from_@: source_@ (join_@ | W? "," W? source_@)*
source_@: (table_@ | "(" W? query_@ W? ")") (W (AS W)? name columns?)? | ROWS_OF W? exprs_@ W? ")" (W (AS W)? name columns?)?
join_@: W JOIN W source_@ (W ON W expr_@ | W USING W? "(" W? using_@ (W? "," W? using_@)* W? ")") | W CROSS_JOIN W source_@
exprs_@: expr_@ (W? "," W? expr_@)*
expr_@: operand_@ tail_@*
tail_@: W? OPERATOR W? operand_@ | W? "-" W? positive_@ | W LOGIC W operand_@ | W IN W? "(" W? (query_@ | exprs_@) W? ")"
  | W BETWEEN W sum_@ W AND W sum_@ | W LIKE W operand_@ (W ESCAPE W STRING)? | W IS W (NOT W)? (IS_WHAT | DISTINCT W FROM W operand_@)
sum_@: operand_@ (W? ARITHMETIC W? operand_@ | W? "-" W? positive_@)*
operand_@: (NOT W)* (positive_@ | "-" positive_@)
positive_@: primary_@ ("::" type | "[" W? expr_@ (":" expr_@)? W? "]")*
primary_@: NUMBER | STRING | CONSTANT | column_@ | call_@ | case_@ | cast_@ | dated_@ | exists_@ | nested_@ | list_@
nested_@: "(" W? (exprs_@ | query_@) W? ")"
list_@: "[" W? (exprs_@ W?)? "]"
exists_@: EXISTS W? "(" W? query_@ W? ")"
case_@: CASE (W expr_@)? (W WHEN W expr_@ W THEN W expr_@)+ (W ELSE W expr_@)? W END
cast_@: CAST W? expr_@ W AS W type W? ")"
dated_@: DATED W STRING | EXTRACT W? PART W FROM W expr_@ W? ")" | INTERVAL W (STRING | INT | nested_@) (W PARTS)?
call_@: FUNCTION W? (arguments_@ W?)? ")" within_@? filter_@? over_@?
arguments_@: "*" | (DISTINCT W)? exprs_@ (W ORDER_BY W order_@ (W? "," W? order_@)*)?
within_@: W WITHIN W? "(" W? ORDER_BY W order_@ W? ")"
filter_@: W FILTER W? "(" W? WHERE W expr_@ W? ")"
over_@: W OVER W? "(" W? (PARTITION_BY W exprs_@)? (W? ORDER_BY W order_@ (W? "," W? order_@)*)? (W FRAME)? W? ")"
order_@: (expr_@ | FREE) (W DIRECTION)? (W NULLS)?
"""

_SHARED_RULES = """
with_query: WITH W (cte_s | RECURSIVE W cte_f) (W? "," W? cte_f)* W plain_f
cte_s: name columns? W AS W (MATERIALIZED W)? "(" W? query_s W? ")"
cte_f: name columns? W AS W (MATERIALIZED W)? "(" W? query_f W? ")"
columns: W? "(" W? name (W? "," W? name)* W? ")"
limit: W LIMIT W INT (W OFFSET W INT)? | W OFFSET W INT (W LIMIT W INT)?
name: NAME
type: TYPE ("(" INT (W? "," W? INT)? ")")? "[]"?
table_s: TABLE
table_f: TABLE | FREE
using_s: COLUMN
using_f: FREE
column_f: FREE | QUALIFIER FREE | own_column
column_s: COLUMN | QUALIFIER COLUMN | own_column
"""

_KEYWORDS = {
    "ALL": "all",
    "AND": "and",
    "AS": "as",
    "BETWEEN": "(not )?between",
    "BY_NAME": "by name",
    "CASE": "case",
    "CAST": r"(try_)?cast\(",
    "CONSTANT": "true|false|null|current_date|current_timestamp",
    "CROSS_JOIN": "(cross|positional|natural( (left|right|full|inner))?) join",
    "DATED": "date|timestamp|time",
    "DIRECTION": "asc|desc",
    "DISTINCT": "distinct",
    "ELSE": "else",
    "END": "end",
    "ESCAPE": "escape",
    "EXCLUDE": "exclude",
    "EXISTS": "exists",
    "EXTRACT": r"extract\(",
    "FILTER": "filter",
    "FROM": "from",
    "GROUP_BY": "group by",
    "HAVING": "having",
    "IN": "(not )?in",
    "INTERVAL": "interval",
    "IS": "is",
    "IS_WHAT": "null|true|false",
    "JOIN": "((inner|(left|right|full)( outer)?|semi|anti|asof( left)?) )?join",
    "LIKE": "(not )?(like|ilike|similar to|glob)",
    "LIMIT": "limit",
    "LOGIC": "and|or",
    "MATERIALIZED": "(not )?materialized",
    "NOT": "not",
    "NULLS": "nulls (first|last)",
    "OFFSET": "offset",
    "ON": "on",
    "ORDER_BY": "order by",
    "OVER": "over",
    "PARTITION_BY": "partition by",
    "QUALIFY": "qualify",
    "RECURSIVE": "recursive",
    "ROLLUP": "rollup|cube",
    "ROWS_OF": r"(unnest|range|generate_series)\(",
    "SELECT": "select",
    "SET_OPERATION": "union|intersect|except",
    "THEN": "then",
    "USING": "using",
    "WHEN": "when",
    "WHERE": "where",
    "WITH": "with",
    "WITHIN": "within group",
}

_BOUND = "(unbounded|[0-9]{1,6}) (preceding|following)|current row"


def select_grammar(tables: Sequence[Table], *, dialect: str = "duckdb", ending: str = "") -> str:
    """Lark text that accepts one SELECT over `tables`, for `LLMatcher.grammar_from_lark`.

    Args:
        tables: names and columns are offered as the schema spells them, in any letter case; names that need quotes only
            in quotes.
        ending: text that may close the query, such as a fence; the query may also just end, with or without `;`.

    Raises:
        GrammarError: no tables, or a dialect that has no grammar yet.
    """
    if dialect != "duckdb":
        msg = f"There is no SELECT grammar for {dialect!r}; use 'duckdb'."
        raise GrammarError(msg)
    if not tables:
        msg = "A SELECT grammar needs at least one table."
        raise GrammarError(msg)
    parts = [_start(ending), _TERMINALS, *(_MODE_RULES.replace("@", mode) for mode in "sf"), _SHARED_RULES]
    return "\n".join((*parts, *_keyword_terminals(), *_name_terminals(tables)))


def _start(ending: str) -> str:
    # Without an ending, EOS is the only thing after the query; the model may always stop there.
    optional = " ENDING?" if ending else ""
    lines = ["%llguidance {}", f'start: query_s (W? ";")? W?{optional}']
    if ending:
        lines.append(f"ENDING: /{_exactly(ending)}/")
    return "\n".join(lines)


def _keyword_terminals() -> list[str]:
    lines = [f"{name}: /(?i:{pattern})/" for name, pattern in _KEYWORDS.items()]
    frame = f"(rows|range|groups) (between ({_BOUND}) and ({_BOUND})|{_BOUND})"
    lines.append(f"FRAME: /(?i:{frame})/")
    lines.append(rf"FUNCTION: /(?i:{'|'.join(FUNCTIONS)})\(/")
    lines.append(f"TYPE: /(?i:{'|'.join(TYPES)})/")
    lines.append(f"PART: /(?i:{'|'.join(DATE_PARTS)})/")
    lines.append(f"PARTS: /(?i:({'|'.join(DATE_PARTS)})s?)/")
    return lines


def _name_terminals(tables: Sequence[Table]) -> list[str]:
    names = [table.name for table in tables]
    reserved = "|".join(sorted(_NO_ALIAS))
    columns = list(dict.fromkeys(column.name for table in tables for column in table.columns))
    plain = [name for name in names if is_plain(name)]
    not_qualifier = "|".join((*sorted(RESERVED), *plain))
    lines = [
        f"NAME: (WORD & ~/(?i:{reserved})/) | QUOTED",
        f"FREE: (WORD & ~/(?i:{'|'.join(sorted(RESERVED))})/) | QUOTED",
        rf"QUALIFIER: (/[A-Za-z_][A-Za-z0-9_]{{0,47}}\./ & ~/(?i:{not_qualifier})\./) | {_other_quoted(names)}",
        f"TABLE: /{_any_of(names)}/",
        f"COLUMN: /{_any_of(columns)}/ | /{_computed(tables)}/",
    ]
    qualifiers, own = [], []
    for number, table in enumerate(tables):
        lines.append(rf"QUALIFIER_{number}: /({_any_of([table.name])})\./")
        lines.append(f"COLUMN_{number}: /{_any_of([column.name for column in table.columns])}/")
        qualifiers.append(f"QUALIFIER_{number}")
        own.append(f"QUALIFIER_{number} COLUMN_{number}")
    lines.append(f"table_qualifier: {' | '.join(qualifiers)}")
    lines.append(f"own_column: {' | '.join(own)}")
    return lines


def _other_quoted(names: Sequence[str]) -> str:
    """A quoted alias before a dot that is no table's name."""
    quoted = "|".join(_exactly(_quoted(name)) for name in names)
    return rf'(/"([^"\x00-\x1f\x7f]|""){{1,80}}"\./ & ~/({quoted})\./)'


def _any_of(names: Iterable[str]) -> str:
    """A pattern for these names: bare ones in any letter case, and every one in quotes as it is spelled."""
    names = list(names)
    plain = "|".join(name for name in names if is_plain(name))
    quoted = "|".join(_exactly(_quoted(name)) for name in names)
    return f"(?i:{plain})|{quoted}" if plain else quoted


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _exactly(text: str) -> str:
    """The text as a pattern; every character that is not a letter or digit of ASCII by its number."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\x{{{ord(c):x}}}" for c in text)


def _computed(tables: Sequence[Table]) -> str:
    """Names that people give to computed columns; see the module's text for why they are let through."""
    nouns = {table.name.casefold() for table in tables} | {table.name.casefold().removesuffix("s") for table in tables}
    about = "|".join(sorted(noun for noun in nouns if is_plain(noun)))
    last = "|".join(_COMPUTED_LAST)
    named = f"|({about})_({last}|per_[a-z0-9_]{{1,24}})" if about else ""
    return f"(?i:({'|'.join(_COMPUTED_FIRST)})(_[a-z0-9]{{1,24}}){{0,5}}{named})"

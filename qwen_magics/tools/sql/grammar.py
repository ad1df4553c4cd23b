"""A grammar of one SELECT over the tables that exist, in llguidance's Lark dialect.

A context-free grammar cannot look up which alias a query has defined, and refusing a right name costs more
than letting a wrong one through: the binder sees a wrong name and says what is right, whereas a model that
may not write the name it means writes something else that binds. Hence two modes of every expression rule:

* strict, in SELECT, FROM, WHERE and JOIN of a query over tables: columns of the schema, behind a table's own
  name only the columns of that table, and names of computed columns (`avg_delay`, `total`, `flight_count`),
  as in `SELECT avg(n) FROM (SELECT count(*) AS n …)`;
* free, where aliases are at home: ORDER BY, GROUP BY, HAVING, QUALIFY, and everything after a WITH step.

The lexer never goes back: where `is` may end, `is not null` could not start. So no terminal is the beginning
of another one that continues it by a space and may stand at the same place.

Whitespace is explicit and bounded, so that `SELECTname` is no query and nothing can be padded for ever.
Comments cannot be
written: `-` is never followed by `-`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qwen_magics.errors import GrammarError
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DIALECTS, DUCKDB, Dialect
from qwen_magics.tools.sql.names import plain_form
from qwen_magics.tools.sql.words import BOUND

__all__ = ["select_grammar"]

# Words that may stand after a table or an expression, so that they are never read as an alias there.
_AFTER_NAMES = frozenset(["exclude", "filter", "over", "replace", "rows", "set", "values", "within"])

# How people name computed columns: first words, …
_COMPUTED_FIRST = """
    average avg cnt count counts cumulative diff difference distinct earliest first freq frequency growth
    highest largest last latest lowest max maximum mean med median min minimum most mx n next num number
    pct per percent percentage percentile prev previous rank ratio rank rn rnk row row_num row_number
    running share shortest smallest sd std stddev sum top tot total variance biggest longest fastest
    slowest fewest proportion fraction daily weekly monthly quarterly yearly annual hourly overall
"""
# … and last words behind the name of a table or a column.
_COMPUTED_LAST = """
    avg average cnt count diff max mean median min num number pct percent rank rate ratio share sum total
"""

_USUAL_ALIASES = (
    "inner",
    "outer",
    "subq",
    "subquery",
    "stats",
    "ranked",
    "totals",
    "counts",
    "grouped",
    "result",
)

_OPTIONAL = re.compile(r"\{(\w+)\?([^{}]*)\}")
# Functions whose first argument is a bare unit of time.
_WITH_UNIT = {
    "mysql": ("timestampdiff", "timestampadd"),
    "tsql": ("datediff", "dateadd", "datepart", "datename"),
}

# Every word brings the whitespace around it along in its own terminal: a terminal of whitespace alone would
# double the parser's work for each of the 150,000 tokens that a mask looks at. A space is required
# whitespace, `°` optional.
_PHRASES = {
    "CASE": "case ",
    "CAST_OPEN": r"(try_)?cast\(°",
    "CLOSE": r"°\)",
    "CLOSE_SPACE": r"°\) ",
    "COMMA": "°,°",
    "CROSS_JOIN": " (cross|positional|natural( (left|right|full|inner))?) join ",
    "DATED": "date|timestamp|time",
    "DIRECTION": " (asc|desc)",
    "DISTINCT": "distinct ",
    "ELSE": " else ",
    "END": " end",
    "EXCLUDE_OPEN": r" exclude°\(°",
    "EXISTS_OPEN": r"exists°\(°",
    "FETCH": " fetch first [0-9]{1,9} rows only",
    "FILTER_OPEN": r" filter°\(°where ",
    "FRAME": f"°(rows|range|groups) (between {BOUND} and {BOUND}|{BOUND})",
    "FROM": " from ",
    "GROUP_ALL": "all",
    "GROUP_BY": " group by ",
    "HAVING": " having ",
    "INTERVAL": "interval",
    "JOIN": " ((inner|(left|right|full)( outer)?|semi|anti|asof( left)?) )?join ",
    "LIMIT": " limit [0-9]{1,9}",
    "NOT": "not ",
    "NULLS": " nulls (first|last)",
    "OFFSET": " offset [0-9]{1,9}",
    "ON": " on ",
    "ON_OPEN": r"on°\(°",
    "OPEN": r"\(°",
    # All that stands between two operands, however strongly it binds. A minus takes a space, so that no two
    # meet.
    "OPERATOR": r"°(=|==|<>|!=|<=|>=|<|>|\|\||\+|\*|\x2f|\x2f\x2f|%)°|°- "
    "| (and|or|(not )?(in|between|like|ilike|similar to|glob)|is (not )?distinct from) ",
    "ORDER_BY": " order by ",
    "ORDER_BY_FIRST": "order by ",
    "OVER_OPEN": r" over°\(°",
    "PARTITION_BY": "partition by ",
    "QUALIFY": " qualify ",
    "RECURSIVE": "recursive ",
    "ROLLUP_OPEN": r"(rollup|cube)°\(°",
    "ROWS_OF": r"(unnest|range|generate_series)\(°",
    "SELECT": "select ",
    "SEPARATOR": " separator ",
    "SET_OPERATION": " (union|intersect|except)( all)?( by name)? ",
    "STEP_OPEN": r" as°((not )?materialized°)?\(°",
    "THEN": " then ",
    "TOP": "top [0-9]{1,9} ",
    "USING_OPEN": r" using°\(°",
    "WHEN": " when ",
    "WHEN_FIRST": "when ",
    "WHERE": " where ",
    "WITH": "with ",
    "WITHIN_OPEN": r" within group°\(°order by ",
}
_SPACE = r"([ ]{1,2}|[ ]{0,2}\r?\n[ \t]{0,24})"

_TERMINALS = rf"""
SPACE: /{_SPACE}/
INTEGER: /[0-9]{{1,18}}/
NUMBER: /[0-9]{{1,18}}(\.[0-9]{{0,12}})?([eE][+-]?[0-9]{{1,3}})?|\.[0-9]{{1,12}}/
WORD: /[A-Za-z_][A-Za-z0-9_]{{0,47}}/
CONSTANT: /(?i:true|false|null|current_date|current_timestamp)/
AS_NAME: SPACE /(?i:as)/ SPACE NAME
SOURCE_ALIAS: SPACE (/(?i:as)/ SPACE)? NAME
TEXT_AFTER: SPACE STRING
INDEX_OPEN: "[" SPACE?
INDEX_CLOSE: SPACE? "]"
NEGATIVE: "-"
ALL_COLUMNS: "*"
"""

# Rules of one mode: `@` stands for s (strict) or f (free), `#` for S or F, `named` for an expression or an
# alias; `{feature?…}` is there for dialects that have the feature; a line that is set in by four goes on.
_MODE_RULES = """
query_@: plain_@ | with_query
plain_@: core_@ (SET_OPERATION core_@)* (ORDER_BY order_f (COMMA order_f)*)?
    {limit? (LIMIT OFFSET?)?}{fetch? FETCH?}
core_@: SELECT (DISTINCT{distinct_on? on_@?})?{top? TOP?} items_@ (FROM from_@)? (WHERE expr_@)?
     group_@? late_@? | OPEN query_@ CLOSE
late_@: HAVING expr_f{qualify? (QUALIFY expr_f)? | QUALIFY expr_f}
{distinct_on?on_@: ON_OPEN exprs_@ CLOSE_SPACE}
items_@: item_@ (COMMA item_@)*
item_@: expr_@ AS_NAME?
  | (ALL_COLUMNS | COLUMNS_OF_#){exclude? (EXCLUDE_OPEN COLUMN_# (COMMA COLUMN_#)* CLOSE)?}
group_@: GROUP_BY ({group_all?GROUP_ALL | }grouping_@ (COMMA grouping_@)*)
grouping_@: named_@{rollup? | ROLLUP_OPEN grouping_@ (COMMA grouping_@)* CLOSE}
from_@: source_@ (JOIN source_@ (ON expr_@ | using_@) | CROSS_JOIN source_@ | COMMA source_@)*
using_@: USING_OPEN COLUMN_# (COMMA COLUMN_#)* CLOSE
source_@: TABLE_# SOURCE_ALIAS?
  | (OPEN query_@ CLOSE{rows_of? | ROWS_OF exprs_@ CLOSE}) (SOURCE_ALIAS names?)?
exprs_@: expr_@ (COMMA expr_@)*
expr_@: operand_@ (OPERATOR operand_@ | POSTFIX)*
operand_@: NOT* NEGATIVE? primary_@
primary_@: VALUE_#
  | FUNCTION arguments_@? CLOSE{within_group? (WITHIN_OPEN order_@ CLOSE)?}
    {filter? (FILTER_OPEN expr_@ CLOSE)?} over_@?
  | OPEN (query_@ | exprs_@) CLOSE | EXISTS_OPEN query_@ CLOSE
  | CAST_OPEN expr_@ AS_TYPE CLOSE{extract? | EXTRACT_OPEN expr_@ CLOSE}{units? | UNIT_OPEN exprs_@ CLOSE}
  | CASE (WHEN_FIRST | expr_@ WHEN) expr_@ THEN expr_@ (WHEN expr_@ THEN expr_@)* (ELSE expr_@)? END
{date_literals?  | DATED TEXT_AFTER}{interval_text? | INTERVAL TEXT_AFTER UNIT?}
{interval_count?  | INTERVAL COUNT_AFTER}
{brackets?  | INDEX_OPEN exprs_@? INDEX_CLOSE}
arguments_@: ALL_COLUMNS | DISTINCT? exprs_@ (ORDER_BY orders_@)?{separator? (SEPARATOR STRING)?}
over_@: OVER_OPEN (PARTITION_BY exprs_@ (ORDER_BY orders_@)? | ORDER_BY_FIRST orders_@)? FRAME? CLOSE
orders_@: order_@ (COMMA order_@)*
order_@: named_@ DIRECTION?{nulls_order? NULLS?}
"""

_SHARED_RULES = """
with_query: WITH first_step CLOSE step* SPACE plain_f
first_step: NAME names? STEP_OPEN query_s | RECURSIVE NAME names? STEP_OPEN query_f
step: COMMA NAME names? STEP_OPEN query_f CLOSE
names: OPEN NAME (COMMA NAME)* CLOSE
"""


def select_grammar(tables: Sequence[Table], *, dialect: Dialect | str = DUCKDB, ending: str = "") -> str:
    """Lark text that accepts one SELECT over `tables`, for `LLMatcher.grammar_from_lark`.

    Args:
        tables: names and columns are offered as the schema spells them, in any letter case; names that need
            quotes only in quotes.
        dialect: whose functions, types, quotes and clauses; one of `tools.sql.dialects`, or its name.
        ending: text that may close the query, such as a fence; the query may also just end, with or without
            `;`.

    Raises:
        GrammarError: no tables, or a dialect of an unknown name.
    """
    if isinstance(dialect, str):
        dialect = _known(dialect)
    if not tables:
        msg = "A SELECT grammar needs at least one table."
        raise GrammarError(msg)
    parts = (
        _start(ending),
        _rules("s", "(expr_s | FREE)", dialect),
        _rules("f", "expr_f", dialect),
        _SHARED_RULES,
        _TERMINALS,
    )
    words = (*_literal_terminals(dialect), *_phrase_terminals(dialect), *_name_terminals(tables, dialect))
    return "\n".join((*parts, *words))


def _known(name: str) -> Dialect:
    if name in DIALECTS:
        return DIALECTS[name]
    msg = f"There is no SELECT grammar for {name!r}; there are {', '.join(map(repr, DIALECTS))}."
    raise GrammarError(msg)


def _rules(mode: str, expression_or_alias: str, dialect: Dialect) -> str:
    # Written out rather than a rule of its own: each level of rules costs the parser on every token.
    rules = _MODE_RULES.replace("\n    ", "")
    rules = _OPTIONAL.sub(lambda m: m[2] if m[1] in dialect.features else "", rules)
    rules = rules.replace("named_@", expression_or_alias)
    return rules.replace("_@", f"_{mode}").replace("_#", f"_{mode.upper()}")


def _start(ending: str) -> str:
    marks = ['SPACE? (";" SPACE?)?']
    if ending:
        marks.append(f'(SPACE? ";")? SPACE? /{_exactly(ending)}/')
    return "\n".join(("%llguidance {}", "start: query_s END_OF_QUERY?", f"END_OF_QUERY: {' | '.join(marks)}"))


def _literal_terminals(dialect: Dialect) -> list[str]:
    """Texts, quoted names, and what follows an operand, as far as the dialect has it."""
    # In MySQL a backslash would let the quote after it go on with the text.
    backslash = r"\\" if dialect.name == "mysql" else ""
    kind = rf"({'|'.join(dialect.types)})(\([0-9]{{1,3}}(, ?[0-9]{{1,3}})?\))?"
    if "brackets" in dialect.features:
        kind += r"(\[\])?"
    postfix = [
        f'"::" /(?i:{kind})/' if "postfix_cast" in dialect.features else "",
        r'/\[-?[0-9]{1,6}(:-?[0-9]{1,6})?\]/ | "[" STRING "]"' if "brackets" in dialect.features else "",
        "SPACE /(?i:is)/ SPACE (/(?i:not)/ SPACE)? /(?i:null|true|false)/",
        "SPACE /(?i:escape)/ SPACE STRING",
    ]
    return [
        rf"STRING: /'([^'{backslash}\x00-\x1f\x7f]|''){{0,160}}'/",
        f"QUOTED: /{_any_quoted(dialect)}/",
        f"AS_TYPE: SPACE /(?i:as)/ SPACE /(?i:{kind})/",
        f"POSTFIX: {' | '.join(part for part in postfix if part)}",
        f"COUNT_AFTER: SPACE INTEGER SPACE /(?i:({'|'.join(dialect.date_parts)})s?)/",
    ]


def _phrase_terminals(dialect: Dialect) -> list[str]:
    parts = "|".join(dialect.date_parts)
    words = {
        "EXTRACT_OPEN": rf"extract\(°({parts}) from ",
        # Those of other dialects too, if there is something to say about them: a model that may not write the
        # name it means writes something else, and the gate can tell it what there is instead.
        "FUNCTION": rf"({'|'.join(sorted({*dialect.functions, *dialect.instead} - {'extract'}))})\(°",
        "UNIT": f" ({parts})s?",
        "UNIT_OPEN": rf"({'|'.join(_WITH_UNIT.get(dialect.name, ('datediff',)))})\(°({parts})°,°",
    }
    phrases = {**_PHRASES, **words, **dialect.phrases}
    return [f"{name}: /(?i:{_spaced(phrase)})/" for name, phrase in phrases.items()]


def _spaced(phrase: str) -> str:
    return phrase.replace(" ", _SPACE).replace("°", f"{_SPACE}?")


def _name_terminals(tables: Sequence[Table], dialect: Dialect) -> list[str]:
    names = list(dict.fromkeys(table.name for table in tables))
    columns = list(dict.fromkeys(column.name for table in tables for column in table.columns))
    reserved = "|".join(sorted(dialect.reserved))
    plain = [name for name in columns if dialect.is_plain(name)]
    not_qualifier = "|".join((reserved, *(name for name in names if dialect.is_plain(name))))
    other = _other_quoted(names, dialect)
    listed = _any_of(names, dialect, exact=dialect.exact_tables)
    lines = [
        f"NAME: (WORD & ~/(?i:{'|'.join(sorted(dialect.reserved | _AFTER_NAMES))})/) | QUOTED",
        f"FREE: (WORD & ~/(?i:{reserved})/) | QUOTED",
        rf"QUALIFIER: ((WORD /\./) & ~/(?i:{not_qualifier})\./) | {other}",
        "ALIAS_DOT: USUAL_DOT | COMPUTED_DOT",
        rf"USUAL_DOT: (/(?i:{_aliases(tables, dialect)})\./ & ~/(?i:{not_qualifier})\./) | {other}",
        rf"COMPUTED_DOT: /{_computed(tables, dialect)}\./ & ~/(?i:{'|'.join((not_qualifier, *plain))})\./",
        f"TABLE_S: /{_sources(tables, dialect)}/",
        "TABLE_F: TABLE_S | FREE",
        f"COLUMN_S: /{_columns(columns, dialect)}/ | /{_computed(tables, dialect)}/",
        "COLUMN_F: FREE",
        f"TABLE_DOT: /({listed})\\./",
        'COLUMNS_OF_S: (ALIAS_DOT | TABLE_DOT) "*"',
        'COLUMNS_OF_F: (QUALIFIER | TABLE_DOT) "*"',
    ]
    own = []
    for number, table in enumerate(tables):
        own_columns = _columns([column.name for column in table.columns], dialect)
        own_name = _any_of([table.name], dialect, exact=dialect.exact_tables)
        lines.append(rf"OWN_{number}: /({own_name})\.({own_columns})/")
        own.append(f"OWN_{number}")
    lines.append(f"OWN: {' | '.join(own)}")
    lines.append("VALUE_S: NUMBER | STRING | CONSTANT | COLUMN_S | ALIAS_DOT COLUMN_S | OWN")
    lines.append("VALUE_F: NUMBER | STRING | CONSTANT | FREE | QUALIFIER FREE | OWN")
    return lines


def _sources(tables: Sequence[Table], dialect: Dialect) -> str:
    """Tables as FROM names them: those outside the default schema behind the name of theirs."""
    exact = dialect.exact_tables
    here = _any_of((table.name for table in tables if not table.schema), dialect, exact=exact)
    there = (
        rf"({_any_of([table.schema], dialect, exact=exact)})\.({_any_of([table.name], dialect, exact=exact)})"
        for table in tables
        if table.schema
    )
    return "|".join(part for part in (here, *there) if part)


def _aliases(tables: Sequence[Table], dialect: Dialect) -> str:
    """What people call a table before a dot: up to three characters, a usual word, or the singular. Names of
    computed tables (`max_prices.`) come on top.

    Any word would be a way out: a model that means a column which does not exist would write its name and
    then, as nothing else is allowed, a dot and some column.
    """
    columns = {column.name.casefold() for table in tables for column in table.columns}
    singular = {table.name.casefold().removesuffix("s") for table in tables} - columns
    words = "|".join((*_USUAL_ALIASES, *sorted(word for word in singular if dialect.is_plain(word))))
    return f"[a-z_][a-z0-9_]{{0,2}}|{words}"


def _any_quoted(dialect: Dialect) -> str:
    """A pattern for a name in quotes; a quote in it is written twice."""
    opening, closing = (_exactly(mark) for mark in dialect.quotes)
    return rf"{opening}([^{closing}\x00-\x1f\x7f]|{closing}{closing}){{1,80}}{closing}"


def _other_quoted(names: Sequence[str], dialect: Dialect) -> str:
    """A quoted alias before a dot that is no table's name."""
    quoted = "|".join(_exactly(dialect.quoted(name)) for name in names)
    return rf"(/{_any_quoted(dialect)}\./ & ~/({quoted})\./)"


def _any_of(names: Iterable[str], dialect: Dialect, *, exact: bool = False) -> str:
    """A pattern for these names: bare as spelled, lower, upper or capitalised; in quotes as spelled.

    Not in any mixture of case: a model that is kept from a name it means would write `caRrier`.
    """
    names = list(names)
    bare = [name for name in names if dialect.is_plain(name)]
    cased = dict.fromkeys(form for name in bare for form in ((name,) if exact else _cases(name)))
    return "|".join((*cased, *(_exactly(dialect.quoted(name)) for name in names)))


def _columns(names: Sequence[str], dialect: Dialect) -> str:
    """A pattern for columns; a name that needs quotes also in the plain form that models write for it.

    A model that may not write `country_name` for `"Country Name"` writes another query. `tools.sql.mending`
    puts it right.
    """
    plain = (plain_form(name) for name in names if not dialect.is_plain(name))
    bare = dict.fromkeys(form for name in plain if dialect.is_plain(name) for form in _cases(name))
    return "|".join((_any_of(names, dialect), *bare))


def _cases(name: str) -> tuple[str, ...]:
    return name, name.lower(), name.upper(), name.capitalize()


def _exactly(text: str) -> str:
    """The text as a pattern; every character that is not a letter or digit of ASCII by its number."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\x{{{ord(c):x}}}" for c in text)


def _computed(tables: Sequence[Table], dialect: Dialect) -> str:
    """Names that people give to computed columns; see the module's text for why they are let through."""
    nouns = {table.name.casefold() for table in tables} | {
        table.name.casefold().removesuffix("s") for table in tables
    }
    about = "|".join(sorted(noun for noun in nouns if dialect.is_plain(noun)))
    last = "|".join(_COMPUTED_LAST.split())
    named = f"|({about})_({last}|per_[a-z0-9_]{{1,24}})" if about else ""
    return f"(?i:({'|'.join(_COMPUTED_FIRST.split())})(_[a-z0-9]{{1,24}}){{0,5}}{named})"

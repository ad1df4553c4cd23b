"""First and last names, texts without their article, and numbers of words, where a query takes the
whole text.

Of a table that has no such columns of its own, and names of several words. The hint is the whole query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Column, Table

__all__ = ["name_parts_asked"]

_FIRST = re.compile(r"\b(?:first|given|fore) ?-?names?\b|\bforenames?\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|family|sur) ?-?names?\b|\bsurnames?\b", re.IGNORECASE)
# Both of them, all of the name, or only what the rows are ordered by.
_WHOLE = re.compile(
    r"\b(?:first|given|last|family) and (?:\w+ )?(?:first|given|last|family) names?\b|\bfull names?\b"
    r"|\b(?:sort|order|arrange|rank|alphabet)\w*\b|\bnames? (?:on|in|of) (?:the|a|this) (?:list|table)\b",
    re.IGNORECASE,
)
_BUILT = re.compile(
    r"\|\||\b(?:CONCAT\w*|SPLIT_PART|STRING_SPLIT|STR_SPLIT|SPLIT|SUBSTR(?:ING)?|REGEXP_\w+|INSTR|STRPOS"
    r"|RTRIM|LTRIM|LEFT|RIGHT|LIST_EXTRACT|LIKE|ILIKE|GLOB|SIMILAR)\b",
    re.IGNORECASE,
)
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_WORDS = re.compile(
    r"(?P<sign>\b(?:no more than|at most|more than|at least|fewer than|less than|over|under|up to) )?"
    rf"\b(?P<number>\d+|{'|'.join(_NUMBERS)})(?P<or> or (?:more|fewer))?[- ]words?\b",
    re.IGNORECASE,
)
_SIGNS = {
    **dict.fromkeys(("more than", "over"), ">"),
    **dict.fromkeys(("at least", "or more"), ">="),
    **dict.fromkeys(("fewer than", "less than", "under"), "<"),
    **dict.fromkeys(("no more than", "at most", "up to", "or fewer"), "<="),
}
# The part itself is what is shown.
_SHOWN = re.compile(
    r"\b(?:which|what)(?: (?:is|are|was|were))?(?: the)?(?: \w+)?"
    r" (?:first|given|last|family|fore|sur) ?-?names?\b"
    r"|\b(?:first|last|given|family) names\b",
    re.IGNORECASE,
)
_SPACES = re.compile(
    r"LENGTH\(([\w.\"]+)\) - LENGTH\(REPLACE\(\1, ' ', ''\)\)(?! ?\+)(?= ?(>=|<=|=|>|<) ?(\d+)\b)",
    re.IGNORECASE,
)
# "The titles without the The at the beginning", not the books without one.
_ARTICLE = re.compile(
    r"\b(?:without|minus|less) (?:the|its|their) (?:leading |initial |opening |word |article )*"
    r"[\"'\u201c\u2018]?(?-i:(The|An?|Der|Die|Das|Le|La|Les|El|Los|Il))\b[\"'\u201d\u2019]?"
    r" (?:at|in|from) (?:the|its|their) (?:very )?(?:beginning|start|front)\b",
    re.IGNORECASE,
)
_STAND_IN = "part_of_it"
_KEY = re.compile(r"(?:^|_)(?:id|key|nr|no)$", re.IGNORECASE)
_LABELS = frozenset({"name", "title"})


def name_parts_asked(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    first, last = _FIRST.search(question) is not None, _LAST.search(question) is not None
    one = first != last and not _WHOLE.search(question) and not _has_parts(tables)
    words, article = _WORDS.search(question), _ARTICLE.search(question)
    if not (one or words or article):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        found = ""
        if words is not None:
            found = _counted(code, words)
        if not found and one and not _BUILT.search(code):
            found = _part(code, first, _SHOWN.search(question) is not None, tables, dialect)
        if not found and article is not None:
            found = _shortened(code, article[1], tables)
        if not found:
            return None
        return QueryError("whole_text", "The query takes the whole text.", f"Write: {found}")

    return check


def _first_word(name: str, dialect: Dialect = DUCKDB) -> str:
    """What stands before the first space; a text of one word is that word."""
    return (
        f"SUBSTR({name}, 1, INSTR({name} || ' ', ' ') - 1)"
        if dialect.title == "SQLite"
        else f"SPLIT_PART({name}, ' ', 1)"
    )


def _last_word(name: str, dialect: Dialect = DUCKDB) -> str:
    """What stands behind the last space."""
    if dialect.title == "SQLite":
        return f"SUBSTR({name}, LENGTH(RTRIM({name}, REPLACE({name}, ' ', ''))) + 1)"
    return f"SPLIT_PART({name}, ' ', -1)"


def _has_parts(tables: Sequence[Table]) -> bool:
    parts = {"first", "last", "family", "given", "surname", "forename", "firstname", "lastname"}
    return any(parts & set(words_of(c.name)) for table in tables for c in table.columns)


def _counted(code: str, words: re.Match[str]) -> str:
    """One word more than there are spaces; compared with one less, or by the other sign, it is right."""
    said = words["number"].casefold()
    number = str(_NUMBERS.index(said) + 1) if said in _NUMBERS else said
    sign = _SIGNS.get((words["sign"] or words["or"] or "").strip().casefold(), "=")
    found = _SPACES.search(code)
    if found is None or (found[2], found[3]) != (sign, number):
        return ""
    return f"{code[: found.end()]} + 1{code[found.end() :]}"


def _part(code: str, first: bool, shown: bool, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with the one part of the name where it is compared or measured, or everywhere."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].find(exp.Subquery, exp.With):
        return ""
    tree, reader = found
    names = [c for c in tree.find_all(exp.Column) if _is_name(c, tree, tables)]
    if not names or len({c.sql(dialect=reader) for c in names}) != 1:
        return ""
    conditions = [c for c in names if c.find_ancestor(exp.Where, exp.Having) is not None]
    if not all(_takes_part(column) for column in conditions):
        return ""
    measured = [c for c in names if isinstance(c.parent, exp.Length)]
    spelled = (_first_word if first else _last_word)(names[0].sql(dialect=reader), dialect)
    for column in names if shown else conditions or measured or names:
        part: exp.Expr = exp.column(_STAND_IN)
        if column.parent is tree and column.arg_key == "expressions":
            part = exp.alias_(part, f"{'first' if first else 'last'}_name")
        column.replace(part)
    _ungroup_keys(tree)
    # Put in as it is: another reader has other names for INSTR.
    return written(tree, reader).replace(_STAND_IN, spelled)


def _ungroup_keys(tree: exp.Expr) -> None:
    """Groups by a part of the name are not divided by the keys of those who have it, if none is shown."""
    from sqlglot import exp

    group = tree.args.get("group")
    items = list(group.expressions) if group is not None else []
    shown = [item.unalias() for item in tree.expressions]
    if any(isinstance(item, exp.Column) and item.name == _STAND_IN for item in items):
        keys = [i for i in items if isinstance(i, exp.Column) and _KEY.search(i.name) and i not in shown]
        group.set("expressions", [item for item in items if item not in keys])  # type: ignore[union-attr]


def _takes_part(column: exp.Expr) -> bool:
    """Whether a condition is on the length of it, or compares it with one word."""
    from sqlglot import exp

    parent = column.parent
    if parent is None or isinstance(parent, exp.Length):
        return parent is not None
    texts = [parent.expression] if isinstance(parent, exp.EQ) else parent.expressions
    known = isinstance(parent, (exp.EQ, exp.In)) and all(isinstance(t, exp.Literal) for t in texts)
    return known and all(" " not in text.this for text in texts)


def _is_name(column: exp.Column, tree: exp.Expr, tables: Sequence[Table]) -> bool:
    """Whether it is a name of people, each of several words, by the samples."""
    from sqlglot import exp

    if words_of(column.name)[-1:] != ["name"]:
        return False
    read = {t.alias_or_name.casefold(): t.name.casefold() for t in tree.find_all(exp.Table)}
    of = {read.get(column.table.casefold(), "")} if column.table else set(read.values())
    owners = [c for t in tables if t.name.casefold() in of and (c := t.column(column.name)) is not None]
    return len(owners) == 1 and _has_words(owners[0])


def _has_words(column: Column) -> bool:
    texts = [value.strip("'") for value in column.categories or column.samples]
    return bool(texts) and all(re.fullmatch(r"\S+(?: \S+)+", text) for text in texts)


def _shortened(code: str, article: str, tables: Sequence[Table]) -> str:
    """The query with what is left of the one text that it shows, and without a condition on the article."""
    from sqlglot import exp

    found = editable(code)
    if (
        found is None
        or not isinstance(found[0], exp.Select)
        or re.search(r"\bCASE\b|SUBSTR|REGEXP", code, re.I)
    ):
        return ""
    tree, reader = found
    shown = [i for i in tree.expressions if isinstance(i.unalias(), exp.Column)]
    texts = [i for i in shown if set(words_of(i.unalias().name)[-1:]) & _LABELS]
    if len(texts) != 1 or tree.args.get("group") or tree.args.get("distinct"):
        return ""
    column = texts[0].unalias()
    where = tree.args.get("where")
    if where is not None:
        kept = [c for c in where.this.flatten()] if isinstance(where.this, exp.And) else [where.this]
        left = [c for c in kept if f"'{article} " not in c.sql() and f"'{article}'" not in c.sql()]
        tree.set("where", exp.Where(this=exp.and_(*left)) if left else None)
    name = column.sql(dialect=reader)
    cut = f"CASE WHEN {name} LIKE '{article} %' THEN SUBSTR({name}, {len(article) + 2}) ELSE {name} END"
    texts[0].replace(exp.alias_(exp.column(_STAND_IN), column.name))
    return written(tree, reader).replace(_STAND_IN, cut)

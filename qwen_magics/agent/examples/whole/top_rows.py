"""The few rows with the most, and then what they are: "of the 20 wines with the highest x, how many are of
each y?", "the ten with the highest x for each y: what is their mean z?"

A small model takes the best few of each group for the best few of all, or one step for both.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.figures import SMALL_NUMBERS
from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import measure_said
from qwen_magics.agent.examples.whole.measured import Measured, measured
from qwen_magics.agent.examples.whole.named_rows import NamedRows, named_rows, says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, number_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["top_rows"]

_N = rf"(?P<n>\d{{1,4}}|{'|'.join(SMALL_NUMBERS)}|fifteen|twenty|thirty|fifty|hundred)"
_MANY = {**SMALL_NUMBERS, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100}
_START = (
    r"(?:of|among|amongst|from|within|for|take|consider|pick|choose|select|look at|considering|looking at"
    r"|given"
    r"|keep|find)(?: only)?"
)
_FEW = re.compile(
    rf"^\W*(?:(?:now|first|please) )?{_START} (?P<few>(?:only )?(?:the )?{_N} "
    r"(?P<noun>[^,.;:?]*?))(?:[,.;:?]|$)",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:for|of|in|to|from|at|within|by|on|with) (?:each|every) (?:different "
    r"|single )?(?P<values>values? of )?(?P<by>\w+)"
    r"|\b(?:per|by) (?!hour\b|minute\b|second\b)(?P<per>\w+)|\bthe (?:different|various) (?P<kinds>\w+)",
    re.IGNORECASE,
)
_THEM = re.compile(
    r"\b(?:for|of|in) (?:each|every)(?: one)? of (?:these|those|the)(?: \w+)?|\b(?:each"
    r"|every) group(?:['’]s)?"
    r"|\bfor each of them|\bof each(?=[?. ]*$)",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\b(?:how many|what number|count|number of)\b", re.IGNORECASE)
_FIGURES = (
    (r"\b(?:averages?|means?|avg)\b", "AVG", "average"),
    (r"\bmedians?\b", "MEDIAN", "median"),
    (r"\b(?:totals?|sums?)\b", "SUM", "total"),
)
# Groups that are not among them have no row anyway.
_ALL = re.compile(
    r"\b(?:all of (?:them|these)|together|altogether|overall|all (?:these|those))\b", re.IGNORECASE
)
_AMONG = re.compile(
    r"[.;,]? ?\b(?:only|just|leave out|show|list|give|include)\b[^.?!;]*\b(?:that|which|occur\w*|appear\w*"
    r"|present"
    r"|represented)\b(?:[^.?!;]*\b(?:occur|appear|among|them|there)\w*)?[^.?!;]*",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:percent\w*|share|most common|which|second|third|more|less|difference|ratio|correlat\w*"
    r"|compare\w*|than"
    r"|at least|at most|median of the mean|rank|running|previous)\b|%",
    re.IGNORECASE,
)


def top_rows(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query in two steps; None where a part of the question is of another kind."""
    asked = _AMONG.sub("", question)
    few = _FEW.search(asked)
    if few is None or _OTHER.search(asked):
        return None
    of_each, first = _groups(few["few"], table)
    # "The ten flights with …" names no column `flight`.
    noun = re.escape(table.name.removesuffix("s"))
    by = measured(re.sub(rf"(?i)(?<!\w){noun}s?(?!\w)", " ", first), table)
    rows = named_rows(first.replace(few["n"], " ", 1), table, dialect)
    if of_each is None or len(of_each) > 1 or by is None or rows is None:
        return None
    if not _are_rows(few["noun"], table, rows):
        return None
    asked_of = asked[few.end() :]
    grouped, said = _groups(_THEM.sub(" ", asked_of), table)
    if grouped is not None and not grouped and of_each:
        # "Each of these groups" are those of which the best few were taken.
        grouped = of_each if _THEM.search(asked_of) else None if not _ALL.search(said) else []
    if grouped is None or len(grouped) > 1 or any(c.name == by.column.name for c in grouped):
        return None
    figure = _figure(said, table, dialect, grouped)
    if figure is None:
        return None
    value, words, then = figure
    name = dialect.quote_name
    keys = [name(c.name) for c in (*of_each, *(c for c in grouped if c not in of_each))]
    read = list(dict.fromkeys((*keys, *re.findall(r"\((.+)\)$", value), *then.conditions)))
    taken = [column for column in read if column != "*"]
    known = f"{name(by.column.name)} IS NOT NULL" if by.column.nulls else ""
    inner = _inner(table, dialect, by, of_each, taken, rows.written(known), number := _number(few["n"]))
    is_ranked = bool(of_each) and "qualify" not in dialect.features
    outer = [*([f"place <= {number}"] if is_ranked else []), *then.where]
    where = f" WHERE {' AND '.join(outer)}" if outer else ""
    by_group = ", ".join(name(c.name) for c in grouped)
    end = f" GROUP BY {by_group}" if by_group else ""
    shown = f"{by_group}, {value}" if by_group else value
    query = f"SELECT {shown} AS {_called(value)} FROM ({inner}) AS best{where}{end}"
    told = f"of the {number} with the {by.end} {by.column.name}"
    told += "".join(f" of each {c.name}" for c in of_each) + f": {words}"
    told += "".join(f" for each {c.name}" for c in grouped)
    return SpelledOut(told, query, (r"SELECT.*SELECT|QUALIFY",))


def _inner(
    table: Table,
    dialect: Dialect,
    by: Measured,
    of_each: list[Column],
    taken: list[str],
    where: str,
    number: int,
) -> str:
    """The few rows alone, with the columns that are read of them."""
    value, source = dialect.quote_name(by.column.name), source_of(table, dialect)
    columns = ", ".join(taken) or value
    if not of_each:
        return f"SELECT {columns} FROM {source}{where} ORDER BY {value}{by.order} LIMIT {number}"
    group = dialect.quote_name(of_each[0].name)
    ranked = f"ROW_NUMBER() OVER (PARTITION BY {group} ORDER BY {value}{by.order})"
    if "qualify" in dialect.features:
        return f"SELECT {columns} FROM {source}{where} QUALIFY {ranked} <= {number}"
    return f"SELECT {columns}, {ranked} AS place FROM {source}{where}"


def _groups(text: str, table: Table) -> tuple[list[Column] | None, str]:
    """The columns behind "each", or None where one is none, and the text without them."""
    found: list[Column] = []
    for said in _EACH.finditer(text):
        column = _group(said, table)
        if column is None and said["per"] is not None:
            continue  # "by weight" is how they are compared
        if column is None:
            return None, text
        found.append(column)
    return found, _EACH.sub(lambda s: " " if _group(s, table) is not None else s[0], text)


def _group(said: re.Match[str], table: Table) -> Column | None:
    # "Each value of sex" may be one with fractions.
    spelled = table.column(said["by"]) if said["values"] else None
    return spelled or group_in(said["by"] or said["per"] or said["kinds"], table)


def _figure(
    said: str, table: Table, dialect: Dialect, grouped: list[Column]
) -> tuple[str, str, NamedRows] | None:
    """What is taken of the few, in SQL and in words, and which of them."""
    figures = [found for found in _FIGURES if re.search(found[0], said, re.IGNORECASE)]
    rows = named_rows(said, table, dialect)
    if rows is None or len(figures) > 1:
        return None
    if not figures:
        counts = _COUNTS.search(said) is not None and not re.search(r"\b(?:different|distinct)\b", said, re.I)
        if not counts or bool(grouped) == bool(rows.where) or says_more(said, table, rows):
            return None
        return "COUNT(*)", "how many are there", rows
    number = number_of(said, table) or measure_said(said, table)
    if number is None or rows.where or _COUNTS.search(said) or any(number.name == c.name for c in grouped):
        return None
    _, function, word = figures[0]
    return f"{function}({dialect.quote_name(number.name)})", f"{word} {number.name}", rows


def _are_rows(noun: str, table: Table, rows: NamedRows) -> bool:
    """Whether what is taken are rows of the table: countries are no rows where each has several years."""
    head = re.split(r"\b(?:with|by|that|who|which|having|of)\b", noun)[0]
    last = words_of(head)[-1:]
    column = group_in(next(iter(last), ""), table)
    if column is None or column.unique or last == words_of(table.name)[-1:]:
        return True
    return any(is_year(c) and any(c.name in condition for condition in rows.where) for c in table.columns)


def _called(value: str) -> str:
    return "n" if value == "COUNT(*)" else value.partition("(")[0].casefold() + "_value"


def _number(said: str) -> int:
    return _MANY.get(said.casefold()) or int(said)

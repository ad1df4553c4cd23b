"""What part of an amount has a mark of 0 and 1: of all the money charged, what percentage has been paid.

A small model counts the rows with the mark, large and small ones alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["flagged_amounts"]

_SHARE = (
    r"(?<!\d )(?<!\d)(?:(?P<percent>percent(?:age)?\b|per ?cent\b|%)|(?:share|proportion|fraction|part)\b)"
)
_VERB = r"(?:is|are|was|were|has|have|had|remains?|stays?)"
_FORMS = (
    re.compile(
        rf"\b(?:of|from) (?P<whole>[^?.;]{{1,100}}?),? (?:what|which|how many|how much, in) {_SHARE}"
        rf" (?:of it )?{_VERB} (?P<part>[^?.;]{{1,60}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:what|which|how many|the) {_SHARE} of (?P<whole>[^?.;]{{1,100}}?) {_VERB}"
        r" (?P<part>[^?.;]{1,60})",
        re.IGNORECASE,
    ),
)
_MONEY = re.compile(r"\b(?:money|amounts?|sums?|value|total|dollars|euros|pounds)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|yet to be|un(?=\w)|outstanding|still (?:open|owed|due))|n['’]t\b", re.IGNORECASE
)
# How the whole came to be: what we charged is all there is.
_CAME = re.compile(
    r"\b(?:that )?(?:we|you|they|it)(?:['’]ve| have| had| ever)? (?:ever )?\w+ed\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:each|every|per|by|averages?|mean|median|more|less|fewer|than|above|below|over|at least|between"
    r"|only|which \w+ (?:has|have)|and|or|but)\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:is|was|been|already|actually|so far|in|of|the|our|all|back|yet|now|still)\b", re.IGNORECASE
)
_MARKS = ({"0", "1"}, {"false", "true"})
_DONE = r"(?i)(?:is_|was_)?(?:paid|sent|sold|\w{3,}ed)"
_FRACTIONS = ("DECIMAL", "DOUBLE", "FLOAT", "NUMERIC", "REAL")


def flagged_amounts(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table with the mark; None where that or the amount is not certain."""
    asked = " ".join(question.replace("@", "").split())
    found = next((m for form in _FORMS if (m := form.search(asked))), None) if len(asked) <= 400 else None
    words = set(words_of(asked))
    named = [table for table in tables if set(words_of(table.name)) <= words]
    if found is None or (len(tables) > 1 and len(named) != 1):
        return None
    table = (named or list(tables))[0]
    flag, amount = _flag(found["part"], table), _amount(found["whole"], table)
    if flag is None or amount is None or flag is amount:
        return None
    rest = f"{asked[: found.start()]} {_CAME.sub(' ', found['whole'])} {asked[found.end() :]}"
    where = limited(rest.replace(amount.name, " "), table, dialect)
    said = _LITTLE.sub(" ", _NOT.sub(" ", found["part"]))
    left = set(words_of(said)) - {*words_of(flag.name), *words_of(table.name), *words_of(f"un{flag.name}")}
    if where is None or _OTHER.search(f"{rest} {found['part']}") or left:
        return None
    off = _NOT.search(found["part"]) is not None
    is_text = "true" in {value.casefold() for value in flag.categories or ()}
    mark = ("FALSE" if off else "TRUE") if is_text else ("0" if off else "1")
    name, hundred = dialect.quote_name, "100.0" if found["percent"] else "1.0"
    condition, value = f"{name(flag.name)} = {mark}", name(amount.name)
    share = f"{hundred} * SUM(CASE WHEN {condition} THEN {value} ELSE 0 END) / SUM({value})"
    told = f"what share of the sum of {amount.name} is that of rows with {flag.name} = {mark}?"
    return Told(told, f"SELECT {share} FROM {source_of(table, dialect)}{where}")


def _flag(said: str, table: Table) -> Column | None:
    """The one mark that is named, or its opposite: unpaid."""
    words = {word.removeprefix("un") for word in words_of(said)} | set(words_of(said))
    flags = [c for c in table.columns if _is_mark(c)]
    found = [c for c in flags if {*words_of(c.name)} - {"is", "was", "has"} <= words]
    return found[0] if len(found) == 1 else None


def _is_mark(column: Column) -> bool:
    """Whether it has 0 and 1 alone; where values are not listed, whether what was done is a whole number."""
    if values := column.categories or column.samples:
        return {value.casefold() for value in values} in _MARKS
    is_whole = re.fullmatch(r"(?i)U?(TINY|SMALL)?INT(EGER)?|BOOL(EAN)?|BIT", column.dtype) is not None
    return is_whole and not column.unique and re.fullmatch(_DONE, column.name) is not None


def _amount(said: str, table: Table) -> Column | None:
    """The number that is named, or the only one with fractions where money is."""
    keys = {join.column for join in table.joins}
    found = [c for c in named_numbers(said, table) if not c.unique and c.name not in keys]
    if not found and _MONEY.search(said):
        numbers = [c for c in table.columns if is_number(c) and not is_year(c) and c.name not in keys]
        numbers = [c for c in numbers if not c.unique and set(c.categories or "?") - {"0", "1"}]
        found = [c for c in numbers if c.dtype.startswith(_FRACTIONS)] or numbers
    return found[0] if len(found) == 1 else None

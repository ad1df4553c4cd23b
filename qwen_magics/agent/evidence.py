"""Names that come from nowhere. Numbers and dates are bound by grammar and by the result; these by a check.

Over data a line says the cells of a single row. A cell is the data's, unless the program wrote it itself:
then it has to stand in the question, in the schema or among the listed values. Without data every name in the
model's words has to stand in the question or in what was said before. What does not is sent back once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["invented", "strange_names"]

# As many cells as `wording.sentence` says.
_MOST_CELLS = 6
_ANSWERS = frozenset(["yes", "no", "true", "false", "是", "否"])
_TEXT = r"'((?:[^']|'')*)'"
# Texts that are compared with the data, in the ways of SQL: what they match is the data's.
_SEARCHES = "contains|starts_with|ends_with|prefix|suffix|regexp_matches|regexp_like|instr|strpos"
_COMPARED = re.compile(
    rf"(?:[=<>]|\b(?:I?LIKE|WHEN|GLOB|SIMILAR\s+TO))\s*{_TEXT}|{_TEXT}\s*(?:[=<>]|!=)"
    rf"|\bBETWEEN\s*{_TEXT}\s*AND\s*{_TEXT}|\bIN\s*\((?:\s*{_TEXT}\s*,?)+\)"
    rf"|\b(?:{_SEARCHES})\s*\((?:[^()']|{_TEXT})*\)",
    re.IGNORECASE,
)
_CONSTANT = re.compile(
    r"\s*SELECT\s+(?:DISTINCT\s+)?(-?\d+(?:\.\d+)?)\s*(?:,|$|;|AS\b|FROM\b)", re.IGNORECASE
)
_COMPARING = frozenset(
    ["contains", "endswith", "eq", "fullmatch", "isin", "match", "ne", "query", "startswith"]
)
_WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday"
_CODE = re.compile(r"```.*?(?:```|$)|`[^`]*`", re.DOTALL)
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w&'’-]*(?:[ .]+(?:of |and |de )?[A-ZÀ-ÖØ-Þ][\w&'’-]*)*")
# A language that writes every noun with a capital.
_GERMAN = re.compile(r"\b(?:der|die|das|und|ist|ein|eine|nicht|mit)\b")
_BEGINS = re.compile(r"(?:^|[.!?:;\n])[\s*#>\"“(–-]*$")
_QUOTED = re.compile(r"[\"“]([^\"”\n]{2,60})[\"”]")
# What begins with a capital in English without being a name.
_PLAIN = frozenset(
    ["i", "english", "sql", "of", *(word.casefold() for word in (*DUCKDB.reserved, *DUCKDB.functions))]
)


def invented(
    code: str, language: str, result: QueryResult, question: str, tables: Sequence[Table]
) -> QueryError | None:
    """What the program put into a result of one row by itself; None if all of it comes from somewhere.

    Args:
        language: `sql` or `python`.
    """
    constant = _CONSTANT.match(code) if language == "sql" else None
    if constant is not None and constant[1] not in question:
        message = f"{constant[1]} is a number of the query, not of the data."
        return QueryError("invented", message, "Compute it from the columns.")
    if len(result.frame) != 1 or result.frame.shape[1] > _MOST_CELLS:
        return None
    cells = [str(cell).casefold() for cell in result.frame.iloc[0] if isinstance(cell, str)]
    if not cells:
        return None
    # What a number of the day of the week is called.
    days = _WEEKDAYS if re.search(r"%[wu]'|\b(?:ISO)?DOW\b|\bdayofweek\b|\bweekday\b", code, re.I) else ""
    known = f"{_known(question, tables)}\n{days}"
    for text in _put_by_sql(code) if language == "sql" else _put_by_python(code):
        plain = text.strip().casefold()
        strange = len(re.findall(r"[^\W\d_]", plain)) > 1 and plain not in _ANSWERS and "%" not in plain
        if strange and plain not in known and any(plain in cell for cell in cells):
            message = f"{text.strip()[:60]!r} comes neither from the data nor from the question."
            return QueryError("invented", message, "Return values of the columns alone.")
    return None


def strange_names(text: str, said: str) -> list[str]:
    """The names in a text that do not stand in `said`, each once.

    A word that begins a sentence may be no name, and is not judged; nor are code, German, and scripts
    without capitals.

    >>> strange_names("The best airline is Delta Air Lines.", "Which airline is the best?")
    ['Delta Air Lines']
    """
    plain, heard = _CODE.sub(" ", text), said.casefold()
    if len(_GERMAN.findall(plain)) > 1:
        return []
    found = [quoted[1] for quoted in _QUOTED.finditer(plain)]
    for run in _NAME.finditer(plain):
        begins = _BEGINS.search(plain[: run.start()]) and not run[0].split()[0][1:].isupper()
        found.append(run[0].partition(" ")[2] if begins else run[0])
    return list(dict.fromkeys(name for name in found if name and not _is_heard(name, heard)))


def _is_heard(name: str, heard: str) -> bool:
    words = [re.sub(r"['’]s$", "", word) for word in re.findall(r"[^\s.]+", name.casefold())]
    return all(word in heard or word in _PLAIN for word in words)


def _known(question: str, tables: Sequence[Table]) -> str:
    """All that may be said, in lower case: a text is known if it stands anywhere in it."""
    columns = [column for table in tables for column in table.columns]
    names = [*(table.name for table in tables), *(column.name for column in columns)]
    values = [value for c in columns for value in (*(c.categories or ()), *c.samples)]
    return "\n".join([question, *names, *values]).casefold()


def _put_by_sql(code: str) -> list[str]:
    return [text.replace("''", "'") for text in re.findall(_TEXT, _COMPARED.sub(" ", code))]


def _put_by_python(code: str) -> list[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    compared = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Compare, ast.Subscript)) or _is_comparing(node)
        for part in ast.walk(node)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in compared
    ]


def _is_comparing(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COMPARING
    )

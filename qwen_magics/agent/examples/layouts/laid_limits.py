"""Which rows a table is laid out of: those with a value that the question names, "the yields of Trebi".

A value of what goes down or across is none of these; nor is one that the question leaves out, or that several
columns have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["Limit", "all_of", "limits_said"]

_NOT = re.compile(
    r"\b(?:not|no|never|except|excluding|exclud\w+|without|other than|rather than|leav\w+ out|left out"
    r"|ignor\w+|apart from|besides|instead of|or)\b|n['’]t\b",
    re.IGNORECASE,
)
# "0 for no flights", "empty where a shop has no sales": of the cells, not of the rows.
_CELLS = re.compile(
    r"\b(?:0|zeros?|nought|empty|blank|nothing)\b[^.;]{0,12}\b(?:where|if|when|for)\b[^.;]*", re.IGNORECASE
)
_BEFORE = r"(?:of|for|from|in|at|with|only|on|all|the)"


@dataclass(frozen=True, slots=True)
class Limit:
    """A column and the values, as SQL literals, of which the rows have one."""

    column: Column
    literals: tuple[str, ...]

    def told(self) -> str:
        """In words."""
        return f"only {self.column.name} {' and '.join(map(_plain, self.literals))}"

    def program(self, table: str) -> str:
        """The condition in pandas."""
        cell = f"{table}[{json.dumps(self.column.name, ensure_ascii=False)}]"
        values = [json.dumps(_plain(literal), ensure_ascii=False) for literal in self.literals]
        return f"{cell} == {values[0]}" if len(values) == 1 else f"{cell}.isin([{', '.join(values)}])"

    def query(self, dialect: Dialect, table: str = "") -> str:
        """The condition in SQL; with the table's name where there are several."""
        name = dialect.quote_name(self.column.name)
        name = f"{dialect.quote_name(table)}.{name}" if table else name
        if len(self.literals) == 1:
            return f"{name} = {self.literals[0]}"
        return f"{name} IN ({', '.join(self.literals)})"


def limits_said(question: str, table: Table, sides: Sequence[Column]) -> tuple[Limit, ...]:
    """The conditions by values; none where one of them is not certain."""
    asked = _CELLS.sub(" ", " ".join(question.split()))
    if _NOT.search(asked):
        return ()
    found: dict[str, Limit] = {}
    names = {word for column in table.columns for word in words_of(column.name)}
    for value in linked_values(asked, [table]):
        owners = [column for _, column in value.owners]
        if (
            any(side is column for side in sides for column in owners)
            or set(words_of(value.literal)) <= names
        ):
            continue
        if len(owners) != 1 or not re.fullmatch(r"'[^'\"\\]+'", value.literal):
            return ()
        if not _is_meant(_plain(value.literal), asked, table):
            continue
        known = found.get(owners[0].name, Limit(owners[0], ()))
        found[owners[0].name] = Limit(owners[0], (*known.literals, value.literal))
    codes = _codes(asked, table, sides)
    if codes is None:
        return ()
    return (*found.values(), *(limit for limit in codes if limit.column.name not in found))


def _codes(question: str, table: Table, sides: Sequence[Column]) -> list[Limit] | None:
    """Values of two capitals, such as 'UA', which are no words; None where two columns have one."""
    said = set(re.findall(r"(?<![\w'])[A-Z][A-Z0-9](?!\w)", question))
    owners = {
        code: [c for c in table.columns if f"'{code}'" in (c.categories or ())] for code in sorted(said)
    }
    if any(len(columns) > 1 for columns in owners.values()):
        return None
    limits: dict[str, Limit] = {}
    for code, columns in owners.items():
        for column in columns:
            if column not in sides:
                known = limits.get(column.name, Limit(column, ()))
                limits[column.name] = Limit(column, (*known.literals, f"'{code}'"))
    return list(limits.values())


def all_of(conditions: Sequence[str]) -> str:
    """Conditions in pandas as one."""
    if len(conditions) == 1:
        return conditions[0]
    return " & ".join(f"({one})" if re.search(r" [=<>]", one) else one for one in conditions)


def _is_meant(text: str, question: str, table: Table) -> bool:
    """A name as it is written; a word in small letters only before the rows or behind "of" and the like."""
    own = re.escape(text)
    if any(map(str.isupper, text)):
        return re.search(rf"(?<!\w){own}(?!\w)", question) is not None
    rows = re.escape(table.name.rstrip("s"))
    near = rf"\b{_BEFORE} {own}(?!\w)|(?<!\w){own} @?{rows}"
    return re.search(near, question, re.IGNORECASE) is not None


def _plain(literal: str) -> str:
    return literal[1:-1]

"""How many of one kind there are per one of another: "how many males per female in each species?"

A small model counts all rows above the line, or filters by the one kind and has none of the other.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, each_of, limited
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["kinds_per_kind", "value_forms"]

_COUNTED = re.compile(r"\b(?:how many|numbers? of|ratio of|ratio between|count of|there)\b", re.IGNORECASE)
# What is measured, ranked or a part of all is another kind.
_MORE = re.compile(
    r"\b(?:averag\w*|means?|median|totals?|sums?|percent\w*|shares?|proportions?|fractions?|correlat\w*"
    r"|which|who|when|\w{3,}est|most|fewest|times as)\b|%",
    re.IGNORECASE,
)
# What people call them, however the values are written.
_PEOPLE = {
    "male": "males?|men|man|boys?|gentlem[ae]n",
    "female": "females?|wom[ae]n|girls?|lad(?:y|ies)",
}
_SAME = {"man": "male", "men": "male", "woman": "female", "women": "female"}
_LETTERS = {"m": "male", "f": "female"}
_BETWEEN = (
    r"(?: [a-z]+){0,5}? (?:per|to (?:each|every|one|a)|for (?:each|every|one)|to(?: the)?"
    r"|(?:is |are )?divided by(?: the)?(?: (?:number|count) of)?(?: the)?) "
)


def kinds_per_kind(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if two values of one column are counted and divided; with a row for each group, if any."""
    if not _COUNTED.search(question) or _MORE.search(question):
        return None
    found = [pair for column in table.columns if (pair := _pair(question, column)) is not None]
    if len(found) != 1:
        return None
    column, one, two, rest = found[0]
    groups = [group_in(word, table) for word in each_of(rest)]
    where = limited(rest, table, dialect, {column.name})
    if where is None or any(group is None or group.name == column.name for group in groups):
        return None
    kind, name = dialect.quote_name(column.name), dialect.quote_name
    keys = "".join(f"{name(group.name)}, " for group in groups if group is not None)
    cells = [f"SUM(CASE WHEN {kind} = {value} THEN 1 ELSE 0 END)" for value in (one, two)]
    end = f" GROUP BY {keys[:-2]}" if keys else ""
    query = (
        f"SELECT {keys}1.0 * {cells[0]} / {cells[1]} AS ratio FROM {source_of(table, dialect)}{where}{end}"
    )
    told = f"number of {one[1:-1]} per {two[1:-1]}" + "".join(f", for each {g.name}" for g in groups if g)
    needed = [re.escape(one), re.escape(two), "/", *(["GROUP BY"] if keys else [])]
    return SpelledOut(told, query, tuple(needed))


def _pair(question: str, column: Column) -> tuple[Column, str, str, str] | None:
    """The two values, as literals, and the question without them."""
    forms = value_forms(column)
    said = [value for value, form in forms.items() if re.search(rf"(?<!\w)(?:{form})(?!\w)", question, re.I)]
    if len(said) != 2:
        return None
    for one, two in (said, said[::-1]):
        pattern = rf"(?<!\w)(?:{forms[one]}){_BETWEEN}(?:{forms[two]})(?!\w)"
        place = re.search(pattern, question, re.IGNORECASE)
        if place is not None:
            return column, one, two, f"{question[: place.start()]}{question[place.end() :]}"
    return None


def value_forms(column: Column) -> dict[str, str]:
    """The listed values, as literals, each with a pattern of how it is said."""
    texts = [value for value in column.categories or () if re.fullmatch(r"'\w[^'\"\\]*'", value)]
    plain = {value: value[1:-1].casefold() for value in texts}
    letters = set(plain.values()) == {"m", "f"}
    kinds = {value: _LETTERS[text] if letters else _SAME.get(text, text) for value, text in plain.items()}
    return {value: _PEOPLE.get(kind, rf"{re.escape(value[1:-1])}(?:s|es)?") for value, kind in kinds.items()}

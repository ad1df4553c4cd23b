"""Which columns the words of a question name: `dep_delay` by "departure delay", `temp_max` by itself; and
what a tool's results are called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.tools.schema import Column, Table

__all__ = ["UNITS", "alike", "name_parts", "table_name", "tables_named", "words_of"]

UNITS = frozenset(["cm", "eur", "g", "h", "id", "kg", "km", "m", "mm", "min", "pct", "s", "sec", "usd"])
_SHORTEST = 3
# Words of column names that people use for other things as well.
_SAID_OF_ALL = frozenset(
    ["count", "date", "day", "id", "month", "name", "number", "time", "type", "week", "year"]
)
_VERBS = ("get_", "list_", "find_", "search_", "fetch_", "read_", "query_", "lookup_", "all_")


def words_of(text: str) -> list[str]:
    """The words of a text or a name, folded and without a plural's s.

    >>> words_of("the Air_times of flightNumbers")
    ['the', 'air', 'time', 'of', 'flight', 'number']
    >>> words_of("an e-mail, its email_address")
    ['an', 'mail', 'it', 'mail', 'address']
    >>> words_of("countries, movies and a movie")
    ['country', 'movy', 'and', 'a', 'movy']
    >>> words_of("branches, boxes, a class of classes")
    ['branch', 'box', 'a', 'class', 'of', 'class']
    """
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).replace("_", " ").casefold()
    apart = re.sub(r"\be-?mail", "mail", apart)
    # Countries is no countrie; that a movie becomes a movy too matters to nobody.
    words = (re.sub(r"(?<=ch|sh|ss|zz)es$|(?<=x)es$", "", word) for word in re.findall(r"[^\W\d_]+", apart))
    single = (re.sub(r"(?<=\w[^\Ws])s$", "", word) for word in words)
    return [re.sub(r"(?<=\w\w)ie$", "y", word) for word in single]


def name_parts(column: Column) -> list[str]:
    """The words of a column's name."""
    return words_of(column.name)


def alike(part: str, word: str) -> bool:
    """Equal, or one an abbreviation of the other: dep and departure, ship and shipped."""
    return part == word or (
        min(len(part), len(word)) >= _SHORTEST and (word.startswith(part) or part.startswith(word))
    )


def table_name(tool: str) -> str:
    """What a tool's results are called as a table: `list_orders` gives `orders`."""
    verb = next((verb for verb in _VERBS if tool.startswith(verb) and len(tool) > len(verb)), "")
    return tool[len(verb) :]


def tables_named(question: str, tables: Sequence[Table]) -> list[str]:
    """The tables that the question names, in its order: by their names, or by a column that no other has."""
    asked = words_of(question)

    def place(words: Sequence[str]) -> int:
        return asked.index(words[0]) if words and set(words) <= set(asked) else -1

    found: dict[str, int] = {}
    for table in tables:
        if (at := place(words_of(table.name))) >= 0:
            found[table.name] = at
    owners: dict[str, list[str]] = {}
    for table in tables:
        for column in table.columns:
            owners.setdefault(column.name.casefold(), []).append(table.name)
    for name, owned in owners.items():
        words = words_of(name)
        if len(owned) == 1 and not set(words) & _SAID_OF_ALL and (at := place(words)) >= 0:
            found.setdefault(owned[0], at)
    return sorted(found, key=found.__getitem__)

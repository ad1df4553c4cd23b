"""Which of many tables a question is about: by words of names, columns and comments, and by their keys."""

from __future__ import annotations

import math
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qwen_magics.tools.schema import Table

__all__ = ["MOST_TABLES", "about", "words_of"]

# More tables than these confuse a small model, whatever room there is for their description.
MOST_TABLES = 12
_MOST_SEEDS = 6
_MOST_HOPS = 3

_WORDS = re.compile(r"[A-Za-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Words that say nothing about a table.
_EMPTY_WORDS = """
    a all an and any are as at average avg be been by count did do does each every for from had has have
    how in is it its list many max maximum mean min minimum more most much no not number of on or our per
    show sum tell than that the their them there these they this to top total was we were what when where
    which who whose why with
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True)
class _Words:
    name: frozenset[str]
    columns: frozenset[str]
    text: frozenset[str]


def about(
    question: str, tables: Sequence[Table], fits: Callable[[Sequence[Table]], bool]
) -> tuple[Table, ...]:
    """The tables to describe to the model, likeliest first, with those that join them.

    Args:
        fits: whether the description of these tables is short enough.
    """
    ranked = _ranked(question, tables)
    if len(tables) <= MOST_TABLES and fits(ranked):
        return tuple(ranked)
    chosen: list[Table] = []
    for table in _candidates(question, ranked):
        if len(chosen) >= MOST_TABLES:
            break
        if not chosen or fits([*chosen, table]):
            chosen.append(table)
    return tuple(chosen)


def words_of(text: str) -> list[str]:
    """Words in lower case without endings; two characters at a time where a script has no spaces.

    >>> words_of("customerOrders shipped, 客户名")
    ['customer', 'order', 'ship', '客户', '户名']
    """
    found: list[str] = []
    for word in _WORDS.findall(_CAMEL.sub(" ", text)):
        if word.isascii():
            found.append(_stem(word.casefold()))
        else:
            found += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
    return found


def _stem(word: str) -> str:
    """One form for `invoice` and `invoices`, `ship` and `shipped`; no word of a language need come out."""
    if word.endswith("ies") and len(word) > 4:
        return word.removesuffix("ies") + "y"
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending)
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def _ranked(question: str, tables: Sequence[Table]) -> list[Table]:
    scores = _scores(question, tables)
    order = sorted(range(len(tables)), key=lambda i: (-scores[i], i))
    return [tables[i] for i in order]


def _scores(question: str, tables: Sequence[Table]) -> list[float]:
    asked = {word for word in words_of(question) if word not in _EMPTY}
    described = [_described(table) for table in tables]
    seen = Counter(word for words in described for word in words.name | words.columns | words.text)
    weight = {word: math.log(1 + len(tables) / (1 + seen[word])) + 0.1 for word in asked}

    def score(words: _Words) -> float:
        named = asked & words.name
        # `orders` is a better match for "orders" than `order_item_history` is.
        covered = len(named) / len(words.name) if words.name else 0.0
        other = (asked & (words.columns | words.text)) - named
        return sum(weight[w] for w in named) * (1 + 3 * covered) + sum(weight[w] for w in other)

    return [score(words) for words in described]


def _described(table: Table) -> _Words:
    values = " ".join(value for column in table.columns for value in column.categories or ())
    notes = " ".join((*table.notes, *(column.note for column in table.columns)))
    return _Words(
        frozenset(words_of(table.name)),
        frozenset(word for column in table.columns for word in words_of(column.name)),
        frozenset(words_of(f"{notes} {values} {table.schema}")),
    )


def _candidates(question: str, ranked: Sequence[Table]) -> Iterable[Table]:
    """The best matches with the tables on the way between them, then what they refer to, then the rest."""
    scores = _scores(question, ranked)
    best = max(scores, default=0.0)
    seeds = [table for table, score in zip(ranked, scores, strict=True) if best and score >= 0.35 * best]
    seeds = seeds[:_MOST_SEEDS]
    found: dict[str, Table] = {}
    by_name = {table.name: table for table in ranked}
    links = _links(ranked)
    for seed in seeds:
        found.setdefault(seed.name, seed)
    for first, second in ((a, b) for i, a in enumerate(seeds) for b in seeds[i + 1 :]):
        for name in _path(first.name, second.name, links):
            found.setdefault(name, by_name[name])
    for seed in seeds[:3]:
        for join in seed.joins:
            if join.other in by_name:
                found.setdefault(join.other, by_name[join.other])
    matching = [table for table, score in zip(ranked, scores, strict=True) if score > 0 or not best]
    return [*found.values(), *(table for table in matching if table.name not in found)]


def _links(tables: Sequence[Table]) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {table.name: set() for table in tables}
    for table in tables:
        for join in table.joins:
            if join.other in links and join.other != table.name:
                links[table.name].add(join.other)
                links[join.other].add(table.name)
    return links


def _path(start: str, end: str, links: dict[str, set[str]]) -> list[str]:
    """The tables on the shortest way from one to the other; none if it is long."""
    came: dict[str, str | None] = {start: None}
    waiting = deque([(start, 0)])
    while waiting:
        name, hops = waiting.popleft()
        if name == end:
            break
        for other in sorted(links.get(name, ())) if hops < _MOST_HOPS else ():
            if other not in came:
                came[other] = name
                waiting.append((other, hops + 1))
    if end not in came:
        return []
    path, at = [], came[end]
    while at is not None and at != start:
        path.append(at)
        at = came[at]
    return path[::-1]

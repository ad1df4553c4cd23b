"""What a key column says beyond the table that it leads to: `home_branch_id` is the home branch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qwen_magics.tools.schema import Join, Table

__all__ = ["is_only_role", "role_of", "roles_said", "singular_words"]

_KEY_WORDS = frozenset(["code", "id", "ids", "key", "no", "nr", "number", "ref"])


def singular_words(text: str) -> list[str]:
    """The words of a text or a name, folded, each without a plural's ending.

    >>> singular_words("their homeBranches")
    ['their', 'home', 'branch']
    """
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).replace("_", " ").casefold()
    return [_singular(word) for word in re.findall(r"[^\W\d_]+", apart)]


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return re.sub(r"(?<=ch|sh|ss)es$|(?<=x)es$|s$", "", word)


def role_of(join: Join) -> list[str]:
    """The words of the key without those for any key; none if it is just called as the table it leads to.

    One word alone only counts where it is no part of the table's name: `copies.branch_id` of branches is no
    role, `employees.manager_id` is one.
    """
    words = [word for word in singular_words(join.column) if word not in _KEY_WORDS]
    there = singular_words(join.other)
    if join.more or words == there or (len(words) == 1 and words[0] in there):
        return []
    return words


def roles_said(question: str, tables: Sequence[Table]) -> Iterator[tuple[Join, int]]:
    """The keys whose role stands in the question word by word, each with its place there."""
    asked = singular_words(question)
    names = {table.name for table in tables}
    for join in (join for table in tables for join in table.joins):
        role = role_of(join) if join.other in names else []
        places = (at for at in range(len(asked)) if role and _says(asked[at : at + len(role)], role))
        if (place := next(places, None)) is not None:
            yield join, place


def _says(words: Sequence[str], role: Sequence[str]) -> bool:
    """Whether these are the role's words; several may be short for them: `dep_town`, the departure town."""
    if len(words) < len(role):
        return False
    pairs = zip(words, role, strict=True)
    return list(words) == list(role) or (len(role) > 1 and all(_is_short(*pair) for pair in pairs))


def _is_short(word: str, part: str) -> bool:
    return word == part or (len(part) >= 3 and word.startswith(part))


def is_only_role(question: str, join: Join, place: int) -> bool:
    """Whether the question speaks of the other table in this role only: not of "the branch" as well."""
    asked, role = singular_words(question), role_of(join)
    rest = [*asked[:place], *asked[place + len(role) :]]
    return singular_words(join.other)[-1:] != [] and singular_words(join.other)[-1] not in rest

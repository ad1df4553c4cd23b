"""Whose name is meant, where a question says it beside the name: "the names from airlines", "each branch of
the members (its name)", "Which member …? Give the name.", "the branch's name", "members … in their name".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["without_owned"]

_SOURCE = r"(?:from|in|out of|as (?:given )?in|according to|of)"
_ARTICLE = r"(?:the |each |every |all |those |these |our |that )"
# A thing, and what may follow it before the parentheses: each home branch of the members (its name).
_THING = r"\b(?:each|every|per|which|what|the|a|an|one|this|that) ((?:\w+ ){0,2}?\w+)"
_BEHIND = r"(?: (?:of|in|at|for|from|with|to) (?:the |all |our |its |their )?\w+(?: \w+)?)?"
_ASKED = re.compile(r"^\W*(?:(?:in|of|for|from|at|on|to|by) )?(?:which|what) ((?:\w+ ){0,2}?\w+)\b", re.I)
_GIVE = r"(?:give|show|tell|list|name|return|state|write|print|report|with|i (?:want|need)|and)"


def without_owned(question: str, word: str, holders: Sequence[Table]) -> str:
    """The question without those mentions of the word that say which of the tables is meant.

    Args:
        word: as `words_of` has it; a column of each of `holders`.
    """
    said = rf"{re.escape(word)}(?:s|es)?"

    def settled(found: re.Match[str]) -> str:
        return re.sub(rf"(?i)\b{said}\b", " ", found[0]) if _is_one(found[1], holders) else found[0]

    genitive = rf"\b(\w+)['’]s? (?:own |full )?{said}\b"
    source = rf"\b{said} {_SOURCE} {_ARTICLE}?@?(\w+)\b"
    aside = (
        rf"{_THING}{_BEHIND} ?\((?:with |by |give |show )?(?:its |their |the |his |her )?(?:own )?{said}\)"
    )
    for pattern in (genitive, source, aside):
        question = re.sub(pattern, settled, question, flags=re.IGNORECASE)
    pronoun = rf"\b(their|its|his|her) (?:own |full |whole )?{said}\b"
    question = re.sub(
        pattern=pronoun,
        repl=lambda found: " " if _stands_for_one(found, question, holders) else found[0],
        string=question,
        flags=re.IGNORECASE,
    )
    asked = _ASKED.search(question)
    if asked is not None and _is_one(asked[1], holders) and not re.search(rf"(?i)\b{said}\b", asked[0]):
        given = rf"\b{_GIVE} (?:me )?(?:only |just )?(?:its|their|his|her|the) {said}\b(?! (?:of|from|in)\b)"
        question = re.sub(given, " ", question, flags=re.IGNORECASE)
    return question


def _stands_for_one(found: re.Match[str], question: str, holders: Sequence[Table]) -> bool:
    """Whether "their" can stand for the one table that was named as several things, "its" for the one that
    was named as a single one: "products per category … in their name".
    """
    several = found[1].casefold() == "their"
    named = set[str]()
    for word in re.findall(r"[^\W\d_]+", question[: found.start()]):
        owners = [table.name for table in holders if words_of(table.name)[-1:] == words_of(word)]
        if owners and (words_of(word) != [word.casefold()]) == several:
            named.update(owners)
    return len(named) == 1


def _is_one(noun: str, holders: Sequence[Table]) -> bool:
    """Whether the last word that names one of the tables names it alone."""
    said = words_of(noun)
    named = [table for table in holders if set(words_of(table.name)[-1:]) & set(said)]
    return len(named) == 1

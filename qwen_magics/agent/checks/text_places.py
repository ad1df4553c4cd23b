"""Where in a text another one stands: at its end, at its beginning, as a word of its own, or all of it.

Small models look for it anywhere, and a pattern of letters matches whatever has one letter in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from qwen_magics.errors import QueryError

__all__ = ["text_places"]

# A text in LIKE, with what it is looked for in.
_CONDITION = re.compile(
    r"(?P<of>(?:\w+\([\w.\"]+\)|[\w.\"]+)\s+)"
    r"(?P<like>(?P<verb>(?:NOT\s+)?I?LIKE)\s+'(?P<before>%?)(?P<text>[^'%_]+)(?P<after>%?)')",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\bend(?:s|ing)?\b(?! of\b)(?= (?:with|in|on)\b)|\b(?:last|family) names?\b|\bsurnames?\b", re.I
)
_BEGINS = re.compile(
    r"\b(?:begin|start)(?:s|ning|ing)?\b(?= (?:with|on)\b)|\b(?:first(?: and last)?|given) names?\b", re.I
)
_TWO = re.compile(
    r"\b(?:end|begin|start)(?:s|ning|ing)? (?:either )?(?:with|in|on) (?:the (?:word|letter)s? )?"
    r"[\"'\u201c\u2018]?([\w-]+)[\"'\u201d\u2019]?,? or (?:with |in |on )?(?:the (?:word|letter) )?"
    r"[\"'\u201c\u2018]?([\w-]+)[\"'\u201d\u2019]?(?=\s*[?.!,;)]|\s*$|\s+(?:and|that|who|which|are|is|have|has)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"\b(?:(?P<side>end|begin|start)(?:s|ning|ing)? (?:with|in|on) the word"
    r"|(?P<place>last|first) word (?:of \w+ \w+ )?(?:is|was|being)) [\"'\u201c\u2018]?(?P<word>[\w-]+)",
    re.IGNORECASE,
)
# Of nothing else: the text as a whole.
_ONLY = re.compile(
    r"\b(?:made(?: up)? of|consists? of|consisting of|contain(?:s|ing)?|ha(?:s|ve)|having|with|are|is|be)? ?"
    r"(?:(?:only|just|nothing but|exclusively|entirely|purely|solely|all) "
    r"(?:of |in )?(?:\w+[- ]?(?:case)? )?(?:letters|digits|numbers|capitals|figures|characters)"
    r"|(?:letters|digits|numbers|capitals|figures) (?:only|alone|and nothing else))\b",
    re.IGNORECASE,
)
# A class of characters, once or more, with no anchor on either side.
_CLASS = re.compile(
    r"(?P<before>(?P<negated>\bNOT\s+)?(?:\b(?:REGEXP_MATCHES|REGEXP_LIKE|REGEXP)\s*\([^()']*,\s*'|\bREGEXP\s+'"
    r"|\.str\.(?:contains|match)\(\s*r?['\"]))"
    r"(?P<class>\[[^\^\]][^\]]*\]|\\d|\\w)(?P<times>[+*]?|\{\d+(?:,\d*)?\})(?P<after>['\"])",
    re.IGNORECASE,
)


def text_places(question: str) -> Callable[[str], Iterator[QueryError]]:
    """Finds what is wrong with a program for one question, and says the whole program that is meant."""
    ends, begins = bool(_ENDS.search(question)), bool(_BEGINS.search(question))
    two, word = _TWO.search(question), _WORD.search(question)
    whole = _ONLY.search(question) is not None

    def check(code: str) -> Iterator[QueryError]:
        if ends != begins:
            yield from _anywhere(ends, code, word["word"] if word is not None else "")
        if two is not None:
            yield from _one_of_two(two[1], two[2], code)
        if word is not None:
            at_end = (word["side"] or word["place"]).casefold() in ("end", "last")
            yield from _part_of_word(at_end, word["word"], code)
        if whole:
            yield from _unanchored(code)

    return check


def _anywhere(ends: bool, code: str, word: str) -> Iterator[QueryError]:
    """A text anywhere, or at the beginning, where the end of a name is meant; and the other way round."""
    wrong = [found for found in _CONDITION.finditer(code) if found["after" if ends else "before"] == "%"]
    if not wrong:
        return

    def right(found: re.Match[str]) -> str:
        if found["text"].casefold() == word.casefold():
            return _as_word(ends, found)
        text = f"%{found['text']}" if ends else f"{found['text']}%"
        return f"{found['of']}{found['verb']} '{text}'"

    where = "end" if ends else "beginning"
    message = f"{wrong[0]['like']} does not look at the {where} of the name."
    yield QueryError("other_end", message, f"Write: {_CONDITION.sub(right, code)}")


def _one_of_two(one: str, other: str, code: str) -> Iterator[QueryError]:
    """`LIKE '%road'` for "ends in Road or River"."""
    conditions = list(_CONDITION.finditer(code))
    if len(conditions) != 1:
        return
    (found,) = conditions
    text, pair = found["text"].strip(), {one.casefold(): other, other.casefold(): one}
    missing = pair.get(text.casefold(), "")
    if not missing or re.search(rf"'[^']*{re.escape(missing)}", code, re.IGNORECASE):
        return
    missing = missing.lower() if text.islower() else missing
    second = f"{found['of']}{found['like'].replace(text, missing)}"
    meant = f"{code[: found.start()]}({found[0]} OR {second}){code[found.end() :]}"
    yield QueryError("one_of_two", f"{missing} was left out.", f"Write: {meant}")


def _part_of_word(ends: bool, word: str, code: str) -> Iterator[QueryError]:
    """`LIKE '%field'` finds Springfield, too, which does not end with the word; Green-Field does."""
    sides = ("%", "") if ends else ("", "%")
    for found in _CONDITION.finditer(code):
        if found["text"].casefold() == word.casefold() and (found["before"], found["after"]) == sides:
            message = f"{found['like']} also finds longer words that {'end' if ends else 'begin'} so."
            meant = code[: found.start()] + _as_word(ends, found) + code[found.end() :]
            yield QueryError("part_of_word", message, f"Write: {meant}")


def _as_word(ends: bool, found: re.Match[str]) -> str:
    """The condition for the word: after what is no letter, or before it."""
    texts = (f"%{by}{found['text']}" if ends else f"{found['text']}{by}%" for by in (" ", "-", "/"))
    either = " AND " if found["verb"][:3].upper() == "NOT" else " OR "
    conditions = (f"{found['of']}{found['verb']} '{text}'" for text in texts)
    return f"({either.join(conditions)})"


def _unanchored(code: str) -> Iterator[QueryError]:
    """`REGEXP_MATCHES(code, '[A-Z]+')` holds where there is one such character."""
    found = _CLASS.search(code)
    if found is None or found["negated"] or "~" in code:
        return
    anchored = _CLASS.sub(
        lambda part: f"{part['before']}^{part['class']}{part['times'] or '+'}${part['after']}", code
    )
    message = f"'{found['class']}{found['times']}' holds where one character is such."
    yield QueryError("not_anchored", message, f"All of the text: {anchored}")

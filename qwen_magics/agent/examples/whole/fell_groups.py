"""Things that rose or fell between two years, in the words of a comparison, and by which group they count.

"Count, by continent, the countries whose population fell between 1987 and 2007" asks for those with a lower
population in 2007 than in 1987.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.tools.schema import Column, Table

__all__ = ["grouped"]

_Y = r"((?:1[5-9]|20)\d\d)"
_MOVED = re.compile(
    r"\bwhose (?P<what>[\w ]{2,40}?) (?:has |have |had )?(?:(?P<down>fell|fallen|dropped|declined"
    r"|decreased|shrank"
    r"|shrunk|went down|gone down)|(?P<up>rose|risen|grew|grown|increased|went up|gone up)) "
    rf"(?:between|from) {_Y} (?:and|to) {_Y}(?![\w-])",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r",? ?\b(?:by|per|for each|for every|in each|in every|of each|on each) (?P<group>[a-z]\w*)\b,?",
    re.IGNORECASE,
)
# "Continents without such a country needn't be listed."
_LACKING = (
    r"(?:\w+|those|ones) (?:without|with no|that have no|where there (?:is|are) no)(?: any)?(?:"
    r" such)?(?: an?)?"
    r"(?: \w+){0,2}?"
)
_AWAY = r"(?:left out|skipped|omitted|dropped|missing)"
_NOT_LISTED = re.compile(
    rf"[,;.(] ?(?:(?:leave out|leaving out|skip|omit|drop|ignore) (?:the |any )?{_LACKING}"
    rf"|{_LACKING} (?:(?:needn['’]?t"
    r"|need not|don['’]?t (?:have|need) to|do not (?:have|need) to) (?:be )?(?:listed|shown|given|appear)"
    rf"|(?:can|may|should|are)(?: be)? {_AWAY}|(?:are|should|must) not (?:be )?(?:listed|shown)))[.)]*$",
    re.IGNORECASE,
)


def grouped(asked: str, tables: Sequence[Table]) -> tuple[str, Column | None]:
    """The question in the words of a comparison without its group, and the column of the group."""
    moved = _MOVED.search(asked)
    if moved is not None and moved[4] < moved[5]:
        less = "lower" if moved["down"] else "higher"
        said = f"with a {less} {moved['what']} in {moved[5]} than in {moved[4]}"
        asked = f"{asked[: moved.start()]}{said}{asked[moved.end() :]}"
    found = list(_GROUP.finditer(asked))
    if len(found) != 1 or len(tables) != 1:
        return asked, None
    column = group_in(found[0]["group"], tables[0])
    if column is None or not is_text(column):
        return asked, None
    asked = re.sub(r"(?i) (?:are|is|were) there(?= (?:by|per|for|in|of|on) |[ ?.!]*$)", "", asked)
    rest = _NOT_LISTED.sub("", asked)
    found = list(_GROUP.finditer(rest))
    bare = re.sub(r" (?=[?.!]*$)", "", " ".join(_GROUP.sub(" ", rest, count=1).split()))
    return (bare, column) if len(found) == 1 else (asked, None)

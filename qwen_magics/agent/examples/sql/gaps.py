"""Worked SQL examples about rows of the same thing that follow one another: an order so many days after the
same customer's last one, the time from one loan of a copy to its next, the second soon after the first.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import MEAN, NUMBER_OF, PERCENT

__all__ = ["SQL_GAPS"]

# Units other than days take another difference; a week is seven days as well.
_DAYS = (
    r"((\d+|two|three|four|five|six|seven|ten|fourteen|thirty|sixty|ninety) (calendar )?days?|(a|one) week)"
)
# Sign of the comparison → how it is said.
_SIGNS = {
    "<=": rf"(\b(within|inside( of)?|at most|(no|not) (more|later|longer) than|up to|in|a maximum of) (the )?"
    rf"(space of )?{_DAYS}|\b{_DAYS} or (less|fewer|under|sooner|earlier)|\b\d+ or (fewer|less) days)",
    "<": rf"\b(less|fewer|sooner|earlier|under|shorter)( than)? {_DAYS}",
    ">=": rf"(\bat least {_DAYS}|\b{_DAYS} or (more|longer|later)|\b\d+ or more days"
    rf"|\b(no|not) (earlier|sooner|less|fewer) than {_DAYS})",
    ">": rf"(?<!no )(?<!not )\b(more|longer|later|over)( than)? {_DAYS}",
}
_PRIOR = r"(previous|last|preceding|prior|most recent|one before)"
_BEFORE = rf"({_PRIOR}|earlier|next|following|subsequent)"
_SAME = r"\b(the|that|this) (very )?same \w+|\bsame [a-z]+['’]s?"
_OF_SAME = (
    rf"(\b(the |that )?same [a-z]+(['’]s?)? (own )?{_BEFORE}"
    rf"|\b(the|that|this|a) [a-z]+['’]s? (own |very )?{_PRIOR}"
    rf"|\b{_BEFORE} (\w+ ){{0,3}}?(by|of|from|for|to|in|at|on|with) (exactly )?(the|that|this) (very )?same\b"
    r"|\b(followed|preceded) by another\b[^.?]*\bsame\b)"
)
_OF_THEIRS = rf"\b(their|his|her|his or her) (own |very )?{_PRIOR}"
# "How many orders did customers place …", "orders that a customer placed …": rows are counted, not theirs.
_ROWS_OF_THEIRS = (
    rf"(\b(how many|number of) (\w+ ){{1,3}}?(did|do|does|(were|was|are) \w+ by)\b[^.?]*{_OF_THEIRS}"
    rf"|\b(that|which) (a|an|the|any|our) \w+ [^.?]*{_OF_THEIRS})"
)
_COUNT = rf"(?!.*{PERCENT})(?!.*\b(share|which|who)\b)(?=.*({NUMBER_OF}|^\W*count\b))"
# Two that follow one another, for each of something.
_FOLLOW = (
    r"(\bfrom (one|each|an?) [^.;?]*\bto (the|its|their|his|her|that \w+['’]s) (next|following)\b"
    r"|\bbetween (any |two |its |their |the )*(consecutive|successive|neighbouring|subsequent|adjacent)\b"
    r"|\bbetween (one|each|an?|every) [^.;?]*\b(next|previous|following|preceding|one before)\b"
    rf"|\b(until|till|before|to|after|since) (the|its|their|that \w+['’]s?|the same \w+['’]s?) ({_BEFORE})\b"
    r"|\b(gaps?|intervals?|pauses?|breaks?|time) between (its |their |the )?\w+s\b)"
)
_TIME = r"\b(days?|long|longest|shortest|time|gaps?|intervals?|pauses?|breaks?|weeks?)\b"
_FOR_EACH = (
    r"(\b(for|of|by|per|in|at|does) (each|every)\b|\bper (?!cent)\w+\b|\bby \w+ ?[:.?]?$|^\W*(each|every)\b)"
)
_OF_ONE = (
    rf"({_SAME}|\b(a|an|any|one|every|each) (single )?[a-z]+['’]s\b|\b(of|by|for|at|on) (a|an|any|one) "
    r"(?!day|week|month|year|average|typical|row)\w+\b[^.;?]*\b(its|their|that|next|following|successive"
    r"|consecutive)\b|\b(does|do|did|will) (a|an|the average|the typical) \w+\b"
    r"|\b(between|from) (its|their) )"
)
_OF_THEM = (
    "FROM (SELECT sold_at, LAG(sold_at) OVER (PARTITION BY shop_id ORDER BY sold_at) AS previous "
    "FROM sales) AS s"
)
_OF_EACH = _OF_THEM.replace("SELECT sold_at", "SELECT shop_id, sold_at")
_NUMBERED = _OF_THEM.replace(
    " AS previous", " AS previous, ROW_NUMBER() OVER (PARTITION BY shop_id ORDER BY sold_at) AS rn"
)
_SECOND_FIRST = (
    r"^(?!.*\b(each|every|per|which|who)\b)(?=.*\b(second|2nd)\b)(?=.*\b(first|1st|initial|debut)\b)"
    r"(?!.*\b(second|2nd|first|1st) (half|quarter|month|week|year|day)\b)"
)
# Function → how it is said; the average where nothing is.
_FUNCTIONS = {"MEDIAN": r"\bmedian\b", "MAX": r"\b(longest|largest|biggest|greatest|maximum|max)\b"}
_FUNCTIONS |= {"MIN": r"\b(shortest|smallest|least|minimum|min|quickest)\b", "AVG": MEAN}
_WORDS = {"AVG": "average", "MEDIAN": "median", "MAX": "longest", "MIN": "shortest"}


def _spelled(query: str, pattern: str, question: str) -> SqlRecipe:
    """The example, where `days` in the query is the number of days since the row before."""
    return SqlRecipe(
        pattern,
        question,
        query.replace("days", "sold_at - previous"),
        query.replace("days", "JULIANDAY(sold_at) - JULIANDAY(previous)"),
        duckdb=query.replace("days", "DATE_DIFF('day', previous, sold_at)"),
        dates=True,
        series=False,
        firm=True,
    )


def _soon() -> Iterator[SqlRecipe]:
    """Rows, or things with such a row, so soon after the one before."""
    for sign, said in _SIGNS.items():
        yield _spelled(
            f"SELECT COUNT(*) {_NUMBERED} WHERE rn = 2 AND days {sign} 7",
            rf"{_SECOND_FIRST}{_COUNT}.*{said}",
            f"how many shop_id had their second sales {sign} 7 days after their first?",
        )
        yield _spelled(
            f"SELECT COUNT(*) {_OF_THEM} WHERE days {sign} 7",
            rf"^{_COUNT}(?=.*{said}).*({_OF_SAME}|{_ROWS_OF_THEIRS})",
            f"how many sales were {sign} 7 days after the previous one of the same shop_id?",
        )
        yield _spelled(
            f"SELECT COUNT(DISTINCT shop_id) {_OF_EACH} WHERE days {sign} 7",
            rf"^{_COUNT}(?=.*{said}).*{_OF_THEIRS}",
            f"how many shop_id had sales {sign} 7 days after their previous one?",
        )


def _long() -> Iterator[SqlRecipe]:
    """How long it is from one to the next."""
    yield _spelled(
        f"SELECT shop_id {_OF_EACH} GROUP BY shop_id ORDER BY MAX(days) DESC LIMIT 1",
        rf"^(?=\W*(which|what|who)\b(?! (is|was|were|are)\b))(?=.*{_FOLLOW})(?=.*{_FUNCTIONS['MAX']})"
        rf"(?!.*{MEAN})"
        rf"(?=.*\b(its|their|two|any|same)\b).*{_TIME}",
        "which shop_id had the longest time between two successive sold_at?",
    )
    for function, said in _FUNCTIONS.items():
        asked = rf"(?!.*\b(which|who)\b)(?=.*{said})(?=.*{_TIME})"
        yield _spelled(
            f"SELECT {function}(days) {_NUMBERED} WHERE rn = 2",
            rf"{_SECOND_FIRST}(?!.*\b{NUMBER_OF} (?!days))(?!.*{PERCENT}){asked}",
            f"{_WORDS[function]} number of days from the first sales of a shop_id to its second",
        )
        yield _spelled(
            f"SELECT shop_id, {function}(days) AS gap {_OF_EACH} GROUP BY shop_id",
            rf"^{asked}(?=.*{_FOLLOW})(?!.*{_SAME}).*{_FOR_EACH}",
            f"for each shop_id, the {_WORDS[function]} number of days from one sold_at to the next",
        )
        yield _spelled(
            f"SELECT {function}(days) {_OF_THEM}",
            rf"^{asked}(?=.*{_FOLLOW}).*{_OF_ONE}",
            f"{_WORDS[function]} number of days from one sold_at of a shop_id to the next of the same",
        )


SQL_GAPS = (*_soon(), *_long())

"""Worked SQL examples of things by how their rows compare: more of them than the average, more than half of
them late, twice as many as the year before; and of shares of what is done already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.deadlines import DONE, LATE
from qwen_magics.agent.words.patterns.phrases import PERCENT, SO_MANY, YEAR

__all__ = ["SQL_QUOTAS"]

_SO_MANY = rf"(?=.*({SO_MANY}|^\W*count\b))"
_WHICH = r"(?=\W*(which|what|who|list|name|show|give|find)\b)"
_MEAN = r"((the|an?|its|their|our|what is) )?(overall |usual )?(average|mean|typical|usual)\b"
# Sign → how more or fewer than the average are said.
_THAN_MEAN = {
    ">": rf"(\b(more|larger number of|higher number of) [^.;?]{{0,30}}?\bthan {_MEAN}|\babove[- ]average "
    r"(number|count)|\b(number|count)\b[^.;?]*\b(above|over|exceed\w*|beat\w*|(higher|larger|greater"
    rf"|more) than) {_MEAN})",
    "<": rf"(\b(fewer|less|smaller number of|lower number of) [^.;?]{{0,30}}?\bthan {_MEAN}"
    r"|\bbelow[- ]average (number|count)|\b(number|count)\b[^.;?]*\b(below|under"
    rf"|(lower|smaller|fewer|less) than) {_MEAN})",
}
_OWN = r"( of)?( all)?( of)? (their|its|his|her|the)( own)? \w+"
_IN_ROME = "city = 'Rome'"
_N_PERCENT = r"\d+ ?(%|percent|per ?cent)"
# Sign → what stands before a part of the rows, and behind it.
_PARTS = {
    ">": r"\b(more than|over|above|well over|upwards of)",
    ">=": r"\b(at least|no less than|not less than|no fewer than)",
    "<": r"\b(less than|fewer than|under|below)",
}
_MOST = r"|\b(most|the majority|a majority|the bulk) of (all )?(of )?(their|its|his|her) \w+"
# Comparison of the later with the earlier → how it is said.
_TIMES = {
    "> 2": r"(more than|over) (doubled|twice as (much|many|often))",
    "> 3": r"(more than|over) (tripled|three times as (much|many|often))",
    ">= 2": r"doubl(ed|e|ing)|twice as (much|many|often)",
    ">= 3": r"tripl(ed|e|ing)|three times as (much|many|often)",
}
_SAID = {"> 2": "more than twice", "> 3": "more than thrice", ">= 2": "twice", ">= 3": "thrice"}
_IN_ORDER = rf"\b(from|between) {YEAR} (to|and|until) {YEAR}\b"
_LATER_FIRST = (
    rf"\bin {YEAR}\b[^.;?]*\b(than|as|compared|against|versus|vs|relative|over)( \w+){{0,3}}? {YEAR}\b"
)
_BASE = (
    r"(\b(that|which|who) (have |has |had |were |are |was )?(already |actually |been |since |so far ){0,3}"
    rf"{DONE}\b(?! (too )?(late|after|past|on time|in time|before|within))"
    rf"|\b(of|among|amongst|out of|from|considering|only|for|in) (all |only |just |the |those |our |any )*"
    rf"(already )?{DONE} (?!late|after)\w+)"
)
_EACH = (
    r"(\b(each|every|per(?! ?cent))\b|\b(?P<group>\w+) by (?P=group)\b"
    r"|\bby (?!how|what|the due|\d)\w+[^\w]*$)"
)


def _numbers(query: str, pattern: str, question: str, **more: bool | int) -> Iterator[SqlRecipe]:
    """How many of shop_id, and which ones: the same groups."""
    asked = f"how many shop_id {question}?"
    whole = f"SELECT COUNT(*) FROM ({query}) AS s"
    yield SqlRecipe(rf"^{_SO_MANY}.*{pattern}", asked, whole, firm=True, **more)  # type: ignore[arg-type]
    asked = f"which shop_id {question}?"
    yield SqlRecipe(rf"^{_WHICH}(?!.*{SO_MANY}).*{pattern}", asked, query, firm=True, **more)  # type: ignore[arg-type]


def _against_mean() -> Iterator[SqlRecipe]:
    words = {">": "more", "<": "fewer"}
    for sign, said in _THAN_MEAN.items():
        yield from _numbers(
            f"SELECT shop_id FROM sales GROUP BY shop_id HAVING COUNT(*) {sign} "
            "(SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM sales GROUP BY shop_id) AS counts)",
            said,
            f"have {words[sign]} sales than the average shop_id",
            counted=True,
        )


def _parts_of_own() -> Iterator[SqlRecipe]:
    for sign, said in _PARTS.items():
        half = rf"({said} half{_OWN}{_MOST if sign == '>' else ''})"
        percent = rf"{said} {_N_PERCENT}{_OWN}"
        for part, pattern, bound in (
            ("half", half, "0.5 * COUNT(*)"),
            ("20 percent", percent, "20 / 100.0 * COUNT(*)"),
        ):
            had = f"HAVING SUM(CASE WHEN {{}} THEN 1 ELSE 0 END) {sign} {bound}"
            yield from _numbers(
                f"SELECT shop_id FROM sales GROUP BY shop_id {had.format('paid_at > sold_at')}",
                rf"{pattern}",
                f"had a share {sign} {part} of all their sales paid_at later than sold_at",
                late=True,
            )
            yield from _numbers(
                f"SELECT shop_id FROM sales GROUP BY shop_id {had.format(_IN_ROME)}",
                pattern,
                f"have a share {sign} {part} of all their sales in Rome",
                values=1,
            )


def _times() -> Iterator[SqlRecipe]:
    for times, said in _TIMES.items():
        for order, years in ((_IN_ORDER, ("2021", "2022")), (_LATER_FIRST, ("2022", "2021"))):
            early, late = sorted(years)
            told = "from 2021 to 2022" if order is _IN_ORDER else "in 2022 compared with 2021"
            sums = {
                year: f"SUM(CASE WHEN YEAR(sold_at) = {year} THEN price ELSE 0 END)" for year in (early, late)
            }
            query = (
                f"SELECT shop_id FROM sales GROUP BY shop_id HAVING {sums[late]} {times} * {sums[early]} "
                f"AND {sums[early]} > 0"
            )
            for recipe in _numbers(query, rf"\b({said})\b.*{order}", f"had {_SAID[times]} the price {told}"):
                yield _dated(recipe)


def _dated(recipe: SqlRecipe) -> SqlRecipe:
    lite = recipe.query
    for year in ("2021", "2022"):
        lite = lite.replace(f"YEAR(sold_at) = {year}", f"STRFTIME('%Y', sold_at) = '{year}'")
    return replace(recipe, sqlite=lite, dates=True, by_date=True)


def _of_what_is_done() -> Iterator[SqlRecipe]:
    share = "100.0 * SUM(CASE WHEN paid_at > sold_at THEN 1 ELSE 0 END) / COUNT(*) AS share"
    said = rf"(?=.*({PERCENT}|\b(share|fraction)\b))(?=.*{LATE})(?=.*{_BASE})"
    yield SqlRecipe(
        rf"^{said}(?=.*{_EACH})",
        "of the sales with a paid_at, what percentage were paid_at later than sold_at, for each shop_id?",
        f"SELECT shop_id, {share} FROM sales WHERE paid_at IS NOT NULL GROUP BY shop_id",
        late=True,
    )
    yield SqlRecipe(
        rf"^{said}",
        "of the sales with a paid_at, what percentage were paid_at later than sold_at?",
        f"SELECT {share} FROM sales WHERE paid_at IS NOT NULL".replace(" AS share", ""),
        late=True,
    )


SQL_QUOTAS = (*_against_mean(), *_parts_of_own(), *_times(), *_of_what_is_done())

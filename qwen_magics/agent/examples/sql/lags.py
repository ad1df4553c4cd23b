"""Worked SQL examples of rows against rows some way back, of periods' figures against those before them, and
of extremes of two years: the twelfth row before, the year whose mean rose most, from the best month to the
worst.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    DIFFERENCE,
    EXTREME,
    FALLEN,
    FEW,
    HIGH,
    LOW,
    MEAN,
    NUMBER_OF,
    ONE_TO_NEXT,
    PERCENT,
    RISEN,
    SO_MANY,
    YEAR,
)

__all__ = ["SQL_LAGS"]

_BACK = r"(?:earlier|before|previously|ago|back|prior)"
_ROWS = (
    r"(?:rows?|lines|entries|readings?|records|observations|periods|months?|quarters?|weeks?|days?|years?"
    r"|hours?)"
)
# Not "in the three months before", which is a window.
_SO_FAR_BACK = (
    rf"(?<!within )(?<!last )(?<!past )(?<!the )\b(?:{FEW}|eleven) {_ROWS} {_BACK}\b(?! (?:it|the|that)\b)"
)
_A_YEAR_BACK = (
    rf"(?:\b(?:a|one|the) year {_BACK}\b|\byear[- ]earlier\b|\b(?:previous|last|preceding|prior) year\b"
    r"|\byear[- ](?:on|over)[- ]year\b|\byoy\b)"
)
_A_WEEK_BACK = (
    rf"(?:\b(?:a|one|the) week {_BACK}\b|\bsame (?:week)?day (?:of|in) the (?:previous|last|week)\b)"
)
_LESS = (
    r"(?:\b(?:less|fewer|lower|smaller|weaker|worse|cheaper|colder|cooler|shorter|drier|slower)\b.*\bthan\b"
    rf"|\bbelow\b|\bunder\b|\bshort of\b|{FALLEN})"
)
_MORE = (
    r"(?:\b(?:more|\w{3,}er)\b.*\bthan\b|\babove\b|\bover (?:that|its|the level)\b|\bexceed\w*|\bsurpass\w*"
    rf"|\bbeat\b|{RISEN})"
)
_NO_RUN = (
    r"(?!.*\b(?:longest|streak|in a row|consecutive|successive|moving|rolling|correlat\w*|autocorrelat\w*)\b)"
)
# How many rows lie between, by the unit that the rows go by and the span that is said.
_SPANS = (
    ("", _SO_FAR_BACK, "12"),
    (r"\bmonths?\b", rf"(?:{_A_YEAR_BACK}|\bsame (?:calendar )?month\b)", "12"),
    (r"\bquarters?\b", rf"(?:{_A_YEAR_BACK}|\bsame (?:calendar )?quarter\b)", "4"),
    (r"\bdays?\b", _A_WEEK_BACK, "7"),
)


def _against_rows_back() -> Iterator[SqlRecipe]:
    for unit, said, rows in _SPANS:
        back = rf"(?=.*{unit})(?=.*{said})"
        earlier = f"LAG(price, {rows}) OVER (ORDER BY sold_at)"
        for word, sign, compared in (("below", "<", _LESS), ("above", ">", _MORE)):
            yield SqlRecipe(
                rf"^(?=.*{SO_MANY})(?!.*\b(?:how many (?:more|fewer|less)|by how|how much|up or down)\b)"
                rf"(?!.*{PERCENT}){_NO_RUN}{back}.*{compared}",
                f"in how many sold_at was the price {word} that of {rows} rows before?",
                f"SELECT COUNT(*) FROM (SELECT price, {earlier} AS previous FROM sales) AS s "
                f"WHERE price {sign} previous",
                dates=True,
                text_days=True,
                series=True,
                firm=True,
            )
        for word, order, compared in (("fall", "", FALLEN), ("rise", " DESC", RISEN)):
            yield SqlRecipe(
                rf"^(?!.*{SO_MANY})(?!.*{PERCENT}){_NO_RUN}(?=.*\b(?:which|what|when|in the)\b){back}"
                rf"(?=.*{EXTREME}|.*\bmost\b).*{compared}",
                f"in which sold_at did the price {word} the most against {rows} rows before?",
                f"SELECT sold_at FROM (SELECT sold_at, price - {earlier} AS change FROM sales) AS s "
                f"ORDER BY change IS NULL, change{order} LIMIT 1",
                dates=True,
                text_days=True,
                series=True,
                firm=True,
            )
        yield SqlRecipe(
            rf"^(?!.*{SO_MANY})(?!.*{EXTREME}){_NO_RUN}(?=.*{PERCENT}){back}.*{DIFFERENCE}",
            f"by what percentage does the price of each sold_at differ from that of {rows} rows before?",
            f"SELECT sold_at, 100.0 * (price / {earlier} - 1) AS change FROM sales",
            dates=True,
            text_days=True,
            series=True,
        )
        yield SqlRecipe(
            rf"^(?!.*{SO_MANY})(?!.*{EXTREME}){_NO_RUN}(?!.*{PERCENT}){back}.*{DIFFERENCE}",
            f"by how much does the price of each sold_at differ from that of {rows} rows before?",
            f"SELECT sold_at, price - {earlier} AS change FROM sales",
            dates=True,
            text_days=True,
            series=True,
        )


# Unit → how it is written over a date, and in SQLite.
_UNITS = {
    "year": ("YEAR(sold_at)", "STRFTIME('%Y', sold_at)"),
    "month": ("DATE_TRUNC('month', sold_at)", "STRFTIME('%Y-%m', sold_at)"),
    "quarter": (
        "DATE_TRUNC('quarter', sold_at)",
        "STRFTIME('%Y', sold_at) || '-' || ((STRFTIME('%m', sold_at) + 2) / 3)",
    ),
}
_EACH = r"(?:per|each|every|by|for all|of all|of the)"
# A column's own mean is no number of rows.
_FIGURES = (
    ("AVG(price)", "average price", rf"(?=.*{MEAN})(?!.*{MEAN} (?:number|count))"),
    (
        "SUM(price)",
        "total price",
        rf"(?!.*{MEAN})(?=.*\b(?:total|sum|totals|sums|summed|altogether|combined|add(?:ed)? up)\b)"
        r"(?!.*\btotal (?:number|count))",
    ),
    (
        "COUNT(*)",
        "number of sales",
        rf"(?!.*{MEAN})(?=.*(?:{NUMBER_OF}|\b(?:most|more|fewer) \w+ than\b))",
    ),
)


def _changes_of_periods() -> Iterator[SqlRecipe]:
    """Figures of each period first, then which of them changed most against the one before."""
    for unit, (written, sqlite) in _UNITS.items():
        figures = (
            rf"(?:{_EACH} (?:calendar )?{unit}\b|\b{unit}ly\b|\b{unit}['’]s\b|\bannual\w*\b"
            rf"|\b(?:which|what) {unit}\b)"
        )
        # Of all months, those of a calendar are another kind.
        asked = (
            rf"^(?!.*{PERCENT})(?!.*\b{YEAR}\b){_NO_RUN}(?!.*\bsame {unit}\b)(?=.*{figures})"
            rf"(?=.*(?:\bmost\b|{EXTREME}))"
        )
        which = (
            rf"(?=.*\b(?:(?:which|what) (?:\w+ )?{unit}\b|(?:name|find|give|tell me|show) the {unit}\b"
            r"|when\b))"
        )
        before = (
            rf"(?=.*(?:{ONE_TO_NEXT}|\b{unit} (?:before|earlier)\b|\b(?:previous|preceding|prior) {unit}\b))"
        )
        for figure, words, said in _FIGURES:
            for moved, order, change in (("fall", "", FALLEN), ("rise", " DESC", RISEN)):
                yield SqlRecipe(
                    rf"{asked}{which}{before}{said}.*{change}",
                    f"the {words} of each {unit}: which {unit}'s did {moved} most over the {unit} before?",
                    _of_changes(unit, written, figure, f"{order} NULLS LAST"),
                    _of_changes(unit, sqlite, figure, f"{order} NULLS LAST"),
                    _of_changes(unit, written, figure, order),
                    dates=True,
                    text_days=True,
                    by_date=True,
                    firm=True,
                )


def _of_changes(unit: str, written: str, figure: str, order: str) -> str:
    # The first has none before, and is neither the highest nor the lowest.
    change = f"{figure} - LAG({figure}) OVER (ORDER BY {written})"
    return f"SELECT {written} AS {unit} FROM sales GROUP BY {written} ORDER BY {change}{order} LIMIT 1"


_ENDS = {"highest": (HIGH, "MAX"), "lowest": (LOW, "MIN")}


def _extremes_of_years() -> Iterator[SqlRecipe]:
    """From the best month of one year to the worst of another."""
    for first, (one, opens) in _ENDS.items():
        for second, (other, closes) in _ENDS.items():
            both = (
                rf"^(?!.*\b{YEAR}\b.*\b{YEAR}\b.*\b{YEAR}\b)"
                rf"(?=[^?]*?{one}[^?]*?\b{YEAR}\b[^?]*?{other}[^?]*?\b{YEAR}\b)"
            )
            moved = rf"(?:\bhow (?:many|much)\b|\bby what\b|\bwhat\b|\bchang\w+|\bdiffer\w*|{RISEN}|{FALLEN})"
            for percent in (True, False):
                yield SqlRecipe(
                    rf"{both}{'(?=' if percent else '(?!'}.*{PERCENT}).*{moved}",
                    f"from the {first} price of 2021 to the {second} of 2022, "
                    f"how {'many percent' if percent else 'much'} is the change?",
                    _between(opens, closes, "YEAR(sold_at) = {}", percent, opens == "MAX" != closes),
                    _between(
                        opens, closes, "STRFTIME('%Y', sold_at) = '{}'", percent, opens == "MAX" != closes
                    ),
                    dates=True,
                    text_days=True,
                    series=True,
                )


def _between(opens: str, closes: str, of_year: str, percent: bool, lost: bool) -> str:
    old = f"{opens}(CASE WHEN {of_year.format(2021)} THEN price END)"
    new = f"{closes}(CASE WHEN {of_year.format(2022)} THEN price END)"
    change = f"{old} - {new}" if lost else f"{new} - {old}"
    return f"SELECT 100.0 * ({change}) / {old} FROM sales" if percent else f"SELECT {change} FROM sales"


SQL_LAGS = (*_against_rows_back(), *_changes_of_periods(), *_extremes_of_years())

"""Questions with more than one sensible reading. Right is any of them, or to ask back."""

from __future__ import annotations

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_CAUSES = ["wounds", "other", "disease"]


def _readings(values: tuple[object, ...]) -> Readings:
    return Readings(values, ambiguous=True)


def _price(f: Frames) -> Readings:
    prices = f["ohlc"][["open", "high", "low", "close"]]
    means = prices.mean()
    return _readings(
        (*means, means.mean(), means[["high", "low"]].mean(), means[["high", "low", "close"]].mean())
    )


def _fittest(f: Frames) -> Readings:
    club = f["exercise"].set_index("member")
    total = club[["Chins", "Situps", "Jumps"]].sum(axis=1)
    pulse = f["physique"].set_index("member")["Pulse"]
    return _readings((*club.idxmax(), total.idxmax(), *pulse[pulse == pulse.min()].index))


def _trade(f: Frames) -> Readings:
    means = f["employment"][["wholesale_trade", "retail_trade", "trade_transportation_utilties"]].mean()
    return _readings((*means, means["wholesale_trade"] + means["retail_trade"]))


def _hottest(f: Frames) -> Readings:
    years = f["elnino"].set_index("YEAR")[_MONTHS]
    return _readings((years.mean(axis=1).idxmax(), years.max(axis=1).idxmax()))


def _worst_month(f: Frames) -> Readings:
    months = f["crimea"].set_index("date")[_CAUSES]
    return _readings((months.sum(axis=1).idxmax(), *months.idxmax()))


def _growth(f: Frames) -> Readings:
    months = f["employment"].set_index("month")["education_and_health_services"]
    years = months.groupby(months.index.str[:4]).mean()
    pairs = [
        (months.iloc[0], months.iloc[-1]),
        (months["2006-01-01"], months["2015-01-01"]),
        (months["2006-12-01"], months["2015-12-01"]),
        (years["2006"], years["2015"]),
    ]
    return _readings(tuple(v for first, last in pairs for v in (last - first, 100 * (last / first - 1))))


QUESTIONS = (
    Question("average-price", "What's the average price in @ohlc?", _price, source="packages"),
    Question(
        "fittest-member",
        "Which member is the fittest, going by @exercise and @physique?",
        _fittest,
        source="packages",
    ),
    Question(
        "trade-jobs",
        "How many jobs in trade were there on average in @employment?",
        _trade,
        source="packages",
    ),
    Question("hottest-year", "Which year in @elnino was the hottest?", _hottest, source="packages"),
    Question(
        "worst-month", "Which was the worst month of the war in @crimea?", _worst_month, source="packages"
    ),
    Question(
        "health-growth",
        "How much did employment in education and health grow from 2006 to 2015, by @employment?",
        _growth,
        source="packages",
    ),
)

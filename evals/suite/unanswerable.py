"""Questions whose answer is not in the data. Right is to say so; any value is wrong."""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]


def _asked(key: str, text: str, source: str = "frames") -> Question:
    return Question(key, text, lambda f: None, source=source)


QUESTIONS = (
    _asked("car-price", "What is the average price of the @cars?"),
    _asked("car-colour", "Which colour is the most frequent in @cars?"),
    _asked("unemployment", "What was the unemployment rate of France in 2007, by @gapminder?"),
    _asked("language", "Which language is spoken most in the countries of @gapminder?"),
    _asked("humidity", "What is the average humidity in @seattle?"),
    _asked("volume", "What was the trading volume of AAPL in 2005 in @stocks?"),
    _asked("fertilizer", "How much fertilizer was used at each site of @barley?"),
    _asked("winery", "Which winery made the wine with the most alcohol in @wine?"),
    _asked("runways", "How many runways do the @airports have on average?"),
    _asked("members-phone", "What is the phone number of the member with the most loans?", "library"),
    _asked("book-price", "What is the average price of a book?", "library"),
    _asked("ratings", "Which book has the best rating by readers?", "library"),
)

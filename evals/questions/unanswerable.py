"""Questions whose answer is not in the data. Right is to say so, with what is missing; any value is wrong.

Written before any model had seen them.
"""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]


def _asked(key: str, text: str) -> Question:
    return Question(key, text, lambda f: None)


QUESTIONS = (
    _asked("ticket", "What is the average ticket price of @flights?"),
    _asked("passengers", "How many passengers flew to LAX in @flights?"),
    _asked("pilot", "Which pilot flew the most @flights?"),
    _asked("satisfaction", "Which carrier has the best customer satisfaction in @flights?"),
    _asked("revenue", "What was the total revenue per carrier in @flights?"),
    _asked("fuel", "How much fuel did the @flights from JFK use?"),
    _asked("bags", "How many bags were lost per carrier in @flights?"),
    _asked("manufacturer", "Which aircraft manufacturer is the most common in @flights?"),
    _asked("temperature", "What was the temperature at JFK on January 1 in @flights?"),
    _asked("founded", "In which year was Delta founded, by @airlines?"),
    _asked("headquarters", "What are the headquarters of the @airlines?"),
    _asked("employees", "Which of the @airlines has the most employees?"),
    _asked("age", "What is the average age of the @penguins?"),
    _asked("eggs", "How many eggs did each species of @penguins lay?"),
    _asked("speed", "Which species of @penguins swims fastest?"),
    _asked("diet", "What do Adelie @penguins eat?"),
    _asked("temperature-sea", "What was the water temperature at each island in @penguins?"),
    _asked("researcher", "Which researcher measured the most @penguins?"),
)

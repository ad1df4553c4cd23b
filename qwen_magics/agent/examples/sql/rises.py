"""Worked SQL examples of runs of rises, of one value as a multiple of what is usual, and of the first time
that a thing, chosen by its total, passed a limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import EXTREME, FALLEN, MEAN, RISEN, UNIT

__all__ = ["SQL_RISES"]

_LONGEST = r"(?:longest|biggest|largest|greatest|maximum|record)"
_RUN = (
    rf"(?:\b{_LONGEST} (?:\w+ ){{0,3}}?(?:run|streak|stretch|spell|sequence|series)\b"
    rf"|\b(?:{_LONGEST}|most|at most|how many|how long)\b.*\b(?:in a row|consecutive(?:ly)?|running|on end"
    r"|one after (?:the other|another)|uninterrupted|without (?:a |any )?(?:break|interruption))\b)"
)
_UP = rf"(?:{RISEN}|\b(?:higher|more|above|greater|larger|warmer|better|up|winning|exceed\w*|beat)\b)"
_DOWN = rf"(?:{FALLEN}|\b(?:lower|less|fewer|below|smaller|colder|cheaper|worse|down|losing)\b)"
# Of several series, each has runs of its own; when it began is another question.
_ONE_SERIES = (
    rf"(?!\W*(?:which|who|what) (?!is|was|['’]s|{UNIT}s?\b)\w+)"
    rf"(?!.*\b(?:for|of|in|by) (?:each|every) (?!{UNIT}))"
    r"(?!.*\b(?:when|start\w*|beg[ai]n\w*|end(?:ed|s)|from which)\b)"
    r"(?!.*\b(?:above|below|over|under|at least|at most|(?:\w+er|more|less) than) [$€£]?\d)"
)
_TO_NEXT = (
    r"(?:\bthan (?:\w+ ){0,4}(?:before|earlier|previous|prior|preceding|last)\b"
    rf"|\b(?:previous|prior|preceding)(?: \w+){{0,2}}? (?:{UNIT}|one)(?:['’]?s)?\b|\b(?:{UNIT}|one) before\b"
    rf"|\b{UNIT}[- ](?:on|over|after|by)[- ]{UNIT}\b)"
)
_STEPS = (
    r"(?:\b(?:ris(?:e|es|ing)|rose|increas\w+|climb\w+|grew|grow(?:s|n|ing|th)?|gain(?:s|ed|ing)?"
    r"|f[ae]ll(?:s|ing)?|fallen|drop\w*|declin\w+|decreas\w+|winning|losing"
    r"|went (?:up|down)|go(?:es|ing)? (?:up|down))\b)"
)
_PASSED = (
    r"(?:\b(?:above|over|exceed\w*|more than|greater than|higher than|pass\w*|cross\w*|surpass\w*|top\w*)\b)"
)
_BELOW = (
    r"(?:\b(?:below|under|less than|lower than|fewer than|fell (?:below|under)|drop\w* (?:below|under))\b)"
)
_TAKE = (
    r"(?:find|take|pick|choose|select|identify|look (?:at|for)|consider|determine|for|of|which|what|whose)"
)
_TIME = (
    rf"(?:when\b|(?:in |on |at )?(?:which|what) (?:\w+ )?{UNIT}\b|(?:the |since )?(?:first |last )?{UNIT}\b)"
)
_TOTAL = r"\b(?:totals?|overall|over all|altogether|in all|sums?|summed|combined|together|all told)\b"
_ITS = r"(?:\b(?:its|their|his|her|it|they|he|she)\b|\b(?:that|this|the) \w+['’]s\b)"
_FIRST = r"\b(?:first|earliest|initially)\b"
_LAST = r"\b(?:last|latest|most recent(?:ly)?)\b"
_TIMES = (
    r"(?:\btimes (?:as|the|that|this|larger|higher|bigger|greater|more|above)\b"
    r"|\b(?:a|what|which) multiple\b|\bratio (?:of|between)\b|\bdivided by\b|\bas a ratio\b)"
)
_A_NAME = r"(?=.*(?-i:[a-z,;:(] [\"“']?[A-Z][a-z]+))"
_OF_ALL = (
    r"(?=.*\b(?:of|for|over|across|among|in|than) (?:(?:all|the|our|every|whole|entire|other) )*\w+"
    r"|.*\boverall\b)"
)
_GROUPED = r"\b(?:each|every|per|broken down|grouped|deviation|variance)\b"
_OTHERS = r"\b(?:others?|rest|remaining)\b"


def _runs() -> Iterator[SqlRecipe]:
    for sign, word, said, other in (("<", "lower", _DOWN, _UP), (">", "higher", _UP, _DOWN)):
        yield SqlRecipe(
            rf"^{_ONE_SERIES}(?=.*{_RUN})(?=.*(?:{_TO_NEXT}|{_STEPS}))(?=.*{said})"
            + (rf"(?!.*{other})" if sign == "<" else ""),
            f"how many week did the longest run last in which the price was {word} than the week before?",
            "SELECT COUNT(*) AS n FROM (SELECT num, SUM(1 - num) OVER (ORDER BY week) AS run FROM "
            f"(SELECT week, CASE WHEN price {sign} LAG(price) OVER (ORDER BY week) THEN 1 ELSE 0 END AS num "
            "FROM sales) AS steps) AS runs WHERE num = 1 GROUP BY run ORDER BY n DESC LIMIT 1",
            firm=True,
        )


def _multiples() -> Iterator[SqlRecipe]:
    for function, said, word in (("MEDIAN", r"\bmedian\b", "median"), ("AVG", MEAN, "average")):
        # Two named are compared with each other.
        asked = rf"^(?!.*{_GROUPED})(?=.*{_TIMES})(?=.*{said}){_OF_ALL}"
        for values in (1, 0):
            # A name will do where the column has too many to be listed.
            name = rf"(?!{_A_NAME})" if values else _A_NAME
            own = "(SELECT AVG(price) FROM sales WHERE city = 'Rome')"
            yield SqlRecipe(
                rf"{asked}{name}(?=.*{_OTHERS})",
                f"how many times as high as the {word} of all others is the price of Rome?",
                f"SELECT {own} / (SELECT {function}(price) FROM sales WHERE city <> 'Rome') AS ratio",
                values=values,
            )
            yield SqlRecipe(
                rf"{asked}{name}",
                f"how many times as high as the {word} of all city is the price of Rome?",
                f"SELECT {own} / (SELECT {function}(price) FROM sales) AS ratio",
                values=values,
            )


def _passed() -> Iterator[SqlRecipe]:
    chosen = (
        rf"^\W*(?:(?:please|first|now) )?{_TAKE} (?=[^.;:?!]*{_TOTAL})[^.;:?!]*{EXTREME}[^.;:?!]*[.;:?!,]"
        r" ?(?:and |then )*"
    )
    for function, when, first in (("MAX", _LAST, "last"), ("MIN", _FIRST, "first")):
        for sign, limit, word in (("<", _BELOW, "below"), (">", _PASSED, "above")):
            yield SqlRecipe(
                rf"{chosen}(?=.*{_TIME})(?=.*{_ITS})(?=.*{when}).*{limit} (?:\w+ )?[$€£]?\d",
                f"take the product with the highest total price: in which week was its weight {word} 10 for "
                f"the {first} time?",
                f"SELECT {function}(week) FROM sales WHERE product = (SELECT product FROM sales "
                f"GROUP BY product ORDER BY SUM(price) DESC LIMIT 1) AND weight {sign} 10",
                numbers=2,
                firm=True,
            )


SQL_RISES = (*_runs(), *_passed(), *_multiples())

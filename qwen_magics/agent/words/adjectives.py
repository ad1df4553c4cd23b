"""What adjectives measure: the heaviest has a weight or a mass, and the highest of airports an altitude. And
people are counted by a population.
"""

from __future__ import annotations

from functools import cache

__all__ = ["HOW", "measures_of"]

# What is asked for without its noun: how old has an age, or a date of birth.
HOW = {
    "deep": ("depth",),
    "expensive": ("price", "cost"),
    "fast": ("speed", "velocity"),
    "heavy": ("weight", "mass"),
    "old": ("age", "birth", "born", "birthday", "birthdate"),
    "tall": ("height",),
    "wide": ("width",),
}
_COSTS = ("price", "cost", "fare")
_SPEEDS = ("speed", "velocity", "acceleration")
_WARMTH = ("temperature",)
_RAIN = ("precipitation", "rainfall", "rain")
_POWER = ("power", "horsepower", "strength")
_LENGTHS = ("length", "duration", "distance", "runtime", "pages")
_SIZES = ("size", "area", "population", "seats", "capacity", "magnitude")
_HEIGHTS = ("altitude", "elevation", "height")
_WEALTH = ("gdp", "income", "wealth")
_ADJECTIVES = {
    **HOW,
    "expensive": _COSTS,
    "fast": _SPEEDS,
    **dict.fromkeys(("dear", "cheap", "costly", "pricey"), _COSTS),
    "light": HOW["heavy"],
    "young": HOW["old"],
    **dict.fromkeys(("quick", "slow"), _SPEEDS),
    **dict.fromkeys(("warm", "hot", "cold", "cool", "mild"), _WARMTH),
    **dict.fromkeys(("wet", "rainy", "dry"), _RAIN),
    **dict.fromkeys(("strong", "powerful", "weak"), _POWER),
    **dict.fromkeys(("long", "short"), _LENGTHS),
    **dict.fromkeys(("large", "big", "small"), _SIZES),
    **dict.fromkeys(("high", "low"), _HEIGHTS),
    **dict.fromkeys(("rich", "wealthy", "poor"), _WEALTH),
    **dict.fromkeys(("broad", "narrow"), HOW["wide"]),
    "shallow": HOW["deep"],
    "windy": ("wind",),
    "humid": ("humidity",),
    "populous": ("population",),
    "dense": ("density",),
    "late": ("delay",),
    "thick": ("thickness",),
    "loud": ("loudness", "noise", "decibel"),
}
_NOUNS = dict.fromkeys(("people", "inhabitant", "resident"), ("population",))
# Comparatives that are said of dates and of lists too.
_NO_FORMS = frozenset(["later", "longer"])


def measures_of(word: str) -> tuple[str, ...]:
    """The names of what an adjective measures, in its comparative or its superlative; nothing otherwise.

    "People" too, whom tables count by a population.

    >>> measures_of("heaviest"), measures_of("wetter"), measures_of("light")
    (('weight', 'mass'), ('precipitation', 'rainfall', 'rain'), ())
    """
    return _forms().get(word, ())


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    found = dict[str, tuple[str, ...]](_NOUNS)
    for adjective, measures in _ADJECTIVES.items():
        for form in _compared(adjective):
            found[form] = measures
    # Without an s at the end, as `words_of` leaves it: populou.
    found |= {form[:-1]: measures for form, measures in found.items() if form.endswith("ous")}
    return {form: measures for form, measures in found.items() if form not in _NO_FORMS}


def _compared(adjective: str) -> tuple[str, ...]:
    if adjective.endswith(("sive", "ful", "ous", "tly")):  # the most expensive: of nothing but its measure
        return (adjective,)
    if adjective == "late":  # "more than an hour late"
        return ("late", "latest")
    if adjective.endswith("y"):
        stem = f"{adjective[:-1]}i"
    elif adjective.endswith("e"):
        stem = adjective[:-1]
    else:
        stem = f"{adjective}{adjective[-1]}" if adjective in ("big", "hot", "wet") else adjective
    return (f"{stem}er", f"{stem}est")

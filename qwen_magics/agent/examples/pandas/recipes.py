"""How pandas says what questions of a kind ask for: worked examples, of which the nearest are shown.

A small model knows the words of pandas and not which of them a question needs. One example of the same kind
does more than a page of rules. It copies, so an example speaks of the question's own table and of columns
that are in it (`examples.casting`). Where it has none for a part, the example's own name stays, and the
grammar keeps it from being copied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.casting import cast
from qwen_magics.agent.examples.layouts.beside import beside_example
from qwen_magics.agent.examples.layouts.laid_wide import wide_example
from qwen_magics.agent.examples.layouts.long_form import long_example
from qwen_magics.agent.examples.layouts.melted import melted_example
from qwen_magics.agent.examples.layouts.profile import profile_example
from qwen_magics.agent.examples.layouts.spread import spread_of
from qwen_magics.agent.examples.pandas.distributions import DISTRIBUTIONS
from qwen_magics.agent.examples.pandas.layouts import LAYOUTS
from qwen_magics.agent.examples.pandas.recipe import NAMES, Recipe
from qwen_magics.agent.examples.pandas.relations import RELATIONS
from qwen_magics.agent.examples.pandas.reshaping import RESHAPING_WAYS
from qwen_magics.agent.examples.pandas.spreads import SPREAD_WAYS
from qwen_magics.agent.examples.pandas.statistical import STATISTICS
from qwen_magics.agent.examples.pandas.statistical_ways import STATISTICAL_WAYS
from qwen_magics.agent.examples.pandas.strongest import strongest_example
from qwen_magics.agent.examples.worked import worked_program
from qwen_magics.agent.words.patterns.measures import (
    INTERPOLATED,
)
from qwen_magics.agent.words.patterns.programs import (
    FITTED,
    MEANS,
)
from qwen_magics.agent.words.patterns.words import saying

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["RECIPES", "Recipe", "nearest", "shown", "strange_names"]

_SHOWN = 2
_READ = 800  # characters of a question that are matched: patterns look far ahead


# "Average it by year and put a straight line through the yearly means".
_YEARLY_MEANS = (
    rf"(?:\b(?:yearly|annual)\b.{{0,30}}{MEANS}|{MEANS}.{{0,40}}\b(?:per|by|for|of|in|each|every)(?: each"
    rf"| every)? "
    rf"(?:\w+ )?years?\b|\b(?:each|every) year['’]s (?:\w+ )?{MEANS}|\b(?:annual|yearly) mean)"
)

RECIPES = (
    Recipe(
        INTERPOLATED,
        "fill missing price values by interpolation; what is the mean?",
        'result = sales["price"].interpolate().mean()',
    ),
    Recipe(
        rf"^{saying(_YEARLY_MEANS)}(?=.*(?:{FITTED}|\bline\b|\bslope\b|\btrend\b))(?!.*\bcorrelat)",
        "slope of a straight line through the yearly means of the price, from 2001 to 2010",
        'yearly = sales.groupby(sales["sold_at"].dt.year)["price"].mean().loc[2001:2010]\n'
        "result = np.polyfit(yearly.index, yearly, 1)[0]",
    ),
    *STATISTICAL_WAYS,
    *SPREAD_WAYS,
    *STATISTICS,
    *RESHAPING_WAYS,
    *RELATIONS,
    *LAYOUTS,
    *DISTRIBUTIONS,
)
_USUAL = (
    Recipe(
        "",
        "average price per product in Rome",
        'here = sales[sales["city"] == "Rome"]\nresult = here.groupby("product")["price"].mean()',
    ),
    Recipe("", "average price per product", 'result = sales.groupby("product")["price"].mean()'),
    Recipe("", "average price in May", 'result = sales[sales["sold_at"].dt.month == 5]["price"].mean()'),
    Recipe("", "average price", 'result = sales["price"].mean()'),
)
_WORKED = (
    melted_example,
    long_example,
    profile_example,
    beside_example,
    worked_program,
    strongest_example,
)


def nearest(question: str, columns: Sequence[str] = ()) -> tuple[Recipe, ...]:
    """At most two recipes for the question, the most particular first; a usual one if none matches.

    Args:
        columns: of the table that they are to be about.
    """
    asked = " ".join(question.split())[:_READ]
    found = [
        recipe
        for recipe in RECIPES
        if set(recipe.needs) <= set(columns) and re.search(recipe.pattern, asked, re.IGNORECASE)
    ]
    return tuple(found[:_SHOWN]) or _USUAL[:1]


def shown(question: str, table: Table) -> str:
    """The nearest recipes over `table`, as they stand before the question."""
    if text := wide_example(question, table):
        return text
    spread = spread_of(table)
    if spread is not None and spread.is_asked(question):
        return spread.examples(question)
    for worked in _WORKED:
        if text := worked(question, table):
            return text
    parts = cast(question, table)
    recipes = nearest(question, [column.name for column in table.columns])
    # What is told over columns of the table alone can be copied; of the others half a name is.
    recipes = tuple(recipe for recipe in recipes if recipe.is_for(parts)) or recipes
    if recipes == _USUAL[:1]:
        # One that the table has no columns for would be copied half-way, up to a name that is not there.
        recipes = tuple(recipe for recipe in _USUAL if recipe.is_for(parts))[:1]
    # The most particular one last, where a small model looks first.
    return "".join(f"{recipe.about(table.name, parts, question)}\n" for recipe in reversed(recipes))


def strange_names(question: str, table: Table) -> frozenset[str]:
    """What `shown` mentions and `table` does not have: a model must not be able to copy it."""
    return NAMES - cast(question, table).columns.keys()

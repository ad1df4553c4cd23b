"""The worked SQL examples that are nearest to a question.

An example about one table is shown over the question's own (`examples.casting`), as far as that has columns
for its parts; otherwise its tables are those of the rules (`agent.prompts`), and the grammar of the real
tables keeps them from being copied.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.casting import Cast, cast
from qwen_magics.agent.examples.sql.bands import SQL_BANDS
from qwen_magics.agent.examples.sql.basics import SQL_BASICS
from qwen_magics.agent.examples.sql.changes import SQL_CHANGES
from qwen_magics.agent.examples.sql.dates import SQL_DATES
from qwen_magics.agent.examples.sql.days import SQL_DAYS
from qwen_magics.agent.examples.sql.deviations import SQL_DEVIATIONS
from qwen_magics.agent.examples.sql.distributions import SQL_DISTRIBUTIONS, SQL_WINDOWS
from qwen_magics.agent.examples.sql.examples import SQL_EXAMPLES
from qwen_magics.agent.examples.sql.filled import SQL_FILLED
from qwen_magics.agent.examples.sql.gaps import SQL_GAPS
from qwen_magics.agent.examples.sql.kinds import SQL_KINDS
from qwen_magics.agent.examples.sql.lags import SQL_LAGS
from qwen_magics.agent.examples.sql.leads import SQL_LEADS
from qwen_magics.agent.examples.sql.levels import SQL_LEVELS
from qwen_magics.agent.examples.sql.measures import SQL_MEASURES
from qwen_magics.agent.examples.sql.months import SQL_MONTHS
from qwen_magics.agent.examples.sql.panels import SQL_PANELS
from qwen_magics.agent.examples.sql.parts import SQL_PARTS
from qwen_magics.agent.examples.sql.paths import SQL_PATHS
from qwen_magics.agent.examples.sql.quotas import SQL_QUOTAS
from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.examples.sql.rises import SQL_RISES
from qwen_magics.agent.examples.sql.sets import SQL_SETS
from qwen_magics.agent.examples.sql.stages import SQL_STAGES
from qwen_magics.agent.examples.sql.states import SQL_STATES
from qwen_magics.agent.examples.sql.statistics import SQL_STATISTICS
from qwen_magics.agent.examples.sql.steps import SQL_STEPS
from qwen_magics.agent.examples.sql.sums import SQL_SUMS
from qwen_magics.agent.examples.sql.texts import SQL_TEXTS
from qwen_magics.agent.examples.sql.times import SQL_TIMES
from qwen_magics.agent.links.joined import Joined
from qwen_magics.agent.words.counted import counts_rows
from qwen_magics.agent.words.ordering_words import unordered
from qwen_magics.tools.sql.names import is_plain

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["SQL_RECIPES", "SqlRecipe", "firm_sql", "nearest_sql"]

SQL_RECIPES = (
    *SQL_DATES,
    *SQL_GAPS,
    *SQL_PARTS,
    *SQL_BANDS,
    *SQL_PANELS,
    *SQL_LEADS,
    *SQL_RISES,
    *SQL_QUOTAS,
    *SQL_LEVELS,
    *SQL_LAGS,
    *SQL_STATES,
    *SQL_STAGES,
    *SQL_PATHS,
    *SQL_STEPS,
    *SQL_STATISTICS,
    *SQL_DISTRIBUTIONS,
    *SQL_DEVIATIONS,
    *SQL_MONTHS,
    *SQL_TIMES,
    *SQL_WINDOWS,
    *SQL_SETS,
    *SQL_TEXTS,
    *SQL_KINDS,
    *SQL_CHANGES,
    *SQL_MEASURES,
    *SQL_DAYS,
    *SQL_EXAMPLES,
    *SQL_FILLED,
    *SQL_SUMS,
    *SQL_BASICS,
)
_SHOWN = 2
_READ = 800
_OF_OTHERS = re.compile(r"\b(?:FROM|JOIN) sales\b")
_HAS_DATES = re.compile(r"\b(DATE|TIMESTAMP|DATETIME)\b")


def nearest_sql(question: str, schema: str, dialect: str, table: Table | None = None) -> str:
    """At most two examples for the question, the most particular first; empty if none matches.

    Args:
        schema: the tables' description; examples about dates need a column of dates in it.
        dialect: as people call it, such as `SQLite`.
        table: the examples are about it, as far as they can be.
    """
    name, parts = _main(question, table)
    # The most particular one last, where a small model looks first.
    found = reversed(_nearest(question, schema, parts))
    return "".join(f"{recipe.text(dialect, name, parts, question)}\n" for recipe in found)


def firm_sql(question: str, schema: str, dialect: str, table: Table) -> str:
    """The query of the nearest example, if questions of its kind are answered in no other way; or nothing.

    Args:
        schema, dialect, table: see `nearest_sql`.
    """
    name, parts = _main(question, table)
    found = _nearest(question, schema, parts)[:1]
    query = next((recipe.about(dialect, name, parts, question)[1] for recipe in found if recipe.firm), "")
    # Told over other tables it is no hint: their columns would be taken.
    return "" if _OF_OTHERS.search(query) and table.name.casefold() != "sales" else query


def _nearest(question: str, schema: str, parts: Cast | None) -> list[SqlRecipe]:
    # Patterns look far ahead: what nobody would read to the end, neither do they.
    asked = unordered(" ".join(question.split())[:_READ])
    dates, several = _HAS_DATES.search(schema) is not None, schema.count("CREATE TABLE") > 1
    found = (
        recipe
        for recipe in SQL_RECIPES
        if (dates or not recipe.dates or recipe.is_of_text(parts))
        and (several or not recipe.several)
        and recipe.fits(parts)
        and (not recipe.counted or counts_rows(asked, schema))
        and re.search(recipe.pattern, asked, re.IGNORECASE)
    )
    return list(islice(found, _SHOWN))


def _main(question: str, table: Table | None) -> tuple[str, Cast | None]:
    """What an example reads instead of `sales`, and what plays its parts."""
    if table is None:
        return "", None
    parts = _plain_cast(question, table)
    if parts is None or not isinstance(table, Joined):
        return table.name, parts
    return table.source, replace(parts, owners=table.owners, own=table.own)


def _plain_cast(question: str, table: Table) -> Cast | None:
    """The parts; None where the table's name needs quotes, which differ from system to system."""
    return cast(question, table) if is_plain(table.name) and not table.schema else None

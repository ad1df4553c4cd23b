"""The worked SQL examples that are nearest to a question.

An example about one table is shown over the question's own (`agent.casting`), as far as that has columns for
its parts; otherwise its tables are those of the rules (`agent.prompts`), and the grammar of the real tables
keeps them from being copied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qwen_magics.agent.casting import Cast, cast
from qwen_magics.agent.counted import counts_rows
from qwen_magics.agent.sql_changes import SQL_CHANGES
from qwen_magics.agent.sql_days import SQL_DAYS
from qwen_magics.agent.sql_examples import SQL_EXAMPLES
from qwen_magics.agent.sql_kinds import SQL_KINDS
from qwen_magics.agent.sql_measures import SQL_MEASURES
from qwen_magics.agent.sql_paths import SQL_PATHS
from qwen_magics.agent.sql_recipe import SqlRecipe
from qwen_magics.agent.sql_sets import SQL_SETS
from qwen_magics.agent.sql_stages import SQL_STAGES
from qwen_magics.agent.sql_steps import SQL_STEPS
from qwen_magics.agent.sql_texts import SQL_TEXTS
from qwen_magics.agent.sql_times import SQL_TIMES
from qwen_magics.tools.sql.names import is_plain

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["SQL_RECIPES", "SqlRecipe", "nearest_sql"]

SQL_RECIPES = (
    *SQL_STAGES,
    *SQL_PATHS,
    *SQL_STEPS,
    *SQL_TIMES,
    *SQL_SETS,
    *SQL_TEXTS,
    *SQL_KINDS,
    *SQL_CHANGES,
    *SQL_MEASURES,
    *SQL_DAYS,
    *SQL_EXAMPLES,
)
_SHOWN = 2
_READ = 800
_HAS_DATES = re.compile(r"\b(DATE|TIMESTAMP|DATETIME)\b")


def nearest_sql(question: str, schema: str, dialect: str, table: Table | None = None) -> str:
    """At most two examples for the question, the most particular first; empty if none matches.

    Args:
        schema: the tables' description; examples about dates need a column of dates in it.
        dialect: as people call it, such as `SQLite`.
        table: the examples are about it, as far as they can be.
    """
    # Patterns look far ahead: what nobody would read to the end, neither do they.
    asked = " ".join(question.split())[:_READ]
    dates, several = _HAS_DATES.search(schema) is not None, schema.count("CREATE TABLE") > 1
    name, parts = ("", None) if table is None else (table.name, _plain_cast(question, table))
    found = [
        recipe
        for recipe in SQL_RECIPES
        if (dates or not recipe.dates)
        and (several or not recipe.several)
        and recipe.fits(parts)
        and (not recipe.counted or counts_rows(asked, schema))
        and re.search(recipe.pattern, asked, re.IGNORECASE)
    ]
    # The most particular one last, where a small model looks first.
    return "".join(f"{recipe.text(dialect, name, parts)}\n" for recipe in reversed(found[:_SHOWN]))


def _plain_cast(question: str, table: Table) -> Cast | None:
    """The parts; None where the table's name needs quotes, which differ from system to system."""
    return cast(question, table) if is_plain(table.name) and not table.schema else None

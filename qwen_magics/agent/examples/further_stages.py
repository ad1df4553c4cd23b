"""Questions of several steps over several tables, each kind with its query: the first that is certain."""

from __future__ import annotations

from collections.abc import Sequence

from qwen_magics.agent.examples.above_its_group import above_its_group
from qwen_magics.agent.examples.all_per_thing import all_per_thing
from qwen_magics.agent.examples.at_extremes import at_extremes
from qwen_magics.agent.examples.best_of_chosen import best_of_chosen
from qwen_magics.agent.examples.both_above import both_above
from qwen_magics.agent.examples.but_none import but_none
from qwen_magics.agent.examples.chosen_few import chosen_few
from qwen_magics.agent.examples.chosen_rows import chosen_rows
from qwen_magics.agent.examples.every_value import every_value
from qwen_magics.agent.examples.first_of_each import first_of_each
from qwen_magics.agent.examples.having_some import having_some
from qwen_magics.agent.examples.led_to import led_to
from qwen_magics.agent.examples.mostly_one import mostly_one
from qwen_magics.agent.examples.one_over_another import one_over_another
from qwen_magics.agent.examples.other_than_own import other_than_own
from qwen_magics.agent.examples.over_rows import over_rows
from qwen_magics.agent.examples.per_days import per_days
from qwen_magics.agent.examples.per_thing import per_thing
from qwen_magics.agent.examples.several_others import several_others
from qwen_magics.agent.examples.share_of_top import share_of_top
from qwen_magics.agent.examples.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["further_stages"]

# Kinds that say nothing of a condition on some value, as the question may have.
_OF_ALL = (
    having_some,
    per_thing,
    every_value,
    other_than_own,
    over_rows,
    led_to,
    chosen_rows,
    mostly_one,
    above_its_group,
    share_of_top,
    all_per_thing,
    first_of_each,
    but_none,
)
_OF_ONE = (chosen_few, at_extremes, several_others, one_over_another, best_of_chosen, both_above, per_days)


def further_stages(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the question's kind over its own tables; None for any other kind."""
    found = next(filter(None, (kind(question, tables, dialect) for kind in _OF_ALL)), None)
    if found is not None:
        return None if linked_values(question, tables) else found
    return next(filter(None, (kind(question, tables, dialect) for kind in _OF_ONE)), None)

"""Questions of several steps over several tables, each kind with its query: the first that is certain."""

from __future__ import annotations

from collections.abc import Sequence

from qwen_magics.agent.examples.whole.above_its_group import above_its_group
from qwen_magics.agent.examples.whole.all_per_thing import all_per_thing
from qwen_magics.agent.examples.whole.any_one_most import any_one_most
from qwen_magics.agent.examples.whole.at_extremes import at_extremes
from qwen_magics.agent.examples.whole.best_of_chosen import best_of_chosen
from qwen_magics.agent.examples.whole.both_above import both_above
from qwen_magics.agent.examples.whole.both_averages import both_averages
from qwen_magics.agent.examples.whole.both_quantiles import both_quantiles
from qwen_magics.agent.examples.whole.but_none import but_none
from qwen_magics.agent.examples.whole.chain_of_extremes import chain_of_extremes
from qwen_magics.agent.examples.whole.chain_of_few import chain_of_few
from qwen_magics.agent.examples.whole.chain_of_share import chain_of_share
from qwen_magics.agent.examples.whole.chain_towards import chain_towards
from qwen_magics.agent.examples.whole.chosen_few import chosen_few
from qwen_magics.agent.examples.whole.chosen_rows import chosen_rows
from qwen_magics.agent.examples.whole.correlated_counts import correlated_counts
from qwen_magics.agent.examples.whole.every_value import every_value
from qwen_magics.agent.examples.whole.first_of_each import first_of_each
from qwen_magics.agent.examples.whole.having_some import having_some
from qwen_magics.agent.examples.whole.led_to import led_to
from qwen_magics.agent.examples.whole.matched_names import matched_names
from qwen_magics.agent.examples.whole.matched_rows import matched_rows
from qwen_magics.agent.examples.whole.moment_of_another import moment_of_another
from qwen_magics.agent.examples.whole.moment_oldest import moment_oldest
from qwen_magics.agent.examples.whole.mostly_one import mostly_one
from qwen_magics.agent.examples.whole.never_own import never_own
from qwen_magics.agent.examples.whole.once_more import once_more
from qwen_magics.agent.examples.whole.one_over_another import one_over_another
from qwen_magics.agent.examples.whole.other_than_own import other_than_own
from qwen_magics.agent.examples.whole.over_rows import over_rows
from qwen_magics.agent.examples.whole.per_days import per_days
from qwen_magics.agent.examples.whole.per_thing import per_thing
from qwen_magics.agent.examples.whole.row_gaps import row_gaps
from qwen_magics.agent.examples.whole.same_members import same_members
from qwen_magics.agent.examples.whole.same_members_compared import same_members_compared
from qwen_magics.agent.examples.whole.same_members_gained import same_members_gained
from qwen_magics.agent.examples.whole.several_others import several_others
from qwen_magics.agent.examples.whole.share_of_top import share_of_top
from qwen_magics.agent.examples.whole.told import Told
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
    row_gaps,
    once_more,
    never_own,
    correlated_counts,
    any_one_most,
    chain_towards,
)
_OF_ONE = (
    *(chosen_few, at_extremes, several_others, one_over_another, best_of_chosen, both_above, per_days),
    *(same_members, same_members_compared, both_averages, moment_of_another, chain_of_extremes, matched_rows),
    *(matched_names, same_members_gained, chain_of_few),
    *(chain_of_share, both_quantiles, moment_oldest),
)


def further_stages(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the question's kind over its own tables; None for any other kind."""
    found = next(filter(None, (kind(question, tables, dialect) for kind in _OF_ALL)), None)
    if found is not None:
        return None if linked_values(question, tables) else found
    return next(filter(None, (kind(question, tables, dialect) for kind in _OF_ONE)), None)

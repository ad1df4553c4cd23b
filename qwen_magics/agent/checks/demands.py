"""What the format and the question's words ask of a result, as a check that can send the model back."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from itertools import chain
from numbers import Real
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.any_year import any_year
from qwen_magics.agent.checks.based import based
from qwen_magics.agent.checks.both_kinds import both_kinds
from qwen_magics.agent.checks.compass import compass
from qwen_magics.agent.checks.contradicted import contradicted, is_sound
from qwen_magics.agent.checks.counted_groups import counted_groups
from qwen_magics.agent.checks.counted_values import counted_values
from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.day_for_year import day_for_year
from qwen_magics.agent.checks.day_of_parts import day_of_parts
from qwen_magics.agent.checks.done_in_year import done_in_year
from qwen_magics.agent.checks.done_not_due import done_not_due
from qwen_magics.agent.checks.done_only import done_only
from qwen_magics.agent.checks.ended_later import ended_later
from qwen_magics.agent.checks.figure_per_group import figure_per_group
from qwen_magics.agent.checks.first_reached import first_reached
from qwen_magics.agent.checks.flags import flags
from qwen_magics.agent.checks.grouped_alone import grouped_alone
from qwen_magics.agent.checks.hours_as_minutes import hours_as_minutes
from qwen_magics.agent.checks.impossible import impossible
from qwen_magics.agent.checks.known_only import known_only
from qwen_magics.agent.checks.laid_counts import counted_rows, listed_once
from qwen_magics.agent.checks.laid_parts import laid_parts, long_keys
from qwen_magics.agent.checks.laid_strongest import strongest
from qwen_magics.agent.checks.left_out import left_out
from qwen_magics.agent.checks.letters_asked import as_one_text, letters
from qwen_magics.agent.checks.listed_values import listed_values
from qwen_magics.agent.checks.minus_itself import minus_itself
from qwen_magics.agent.checks.month_as_quarter import month_as_quarter
from qwen_magics.agent.checks.month_left_out import month_left_out
from qwen_magics.agent.checks.name_parts_asked import name_parts_asked
from qwen_magics.agent.checks.named_group import named_group
from qwen_magics.agent.checks.narrowing import narrowed
from qwen_magics.agent.checks.number_per_group import number_per_group
from qwen_magics.agent.checks.one_of_them import one_of_them
from qwen_magics.agent.checks.or_not_at_all import or_not_at_all
from qwen_magics.agent.checks.other_aggregate import as_meant, other_aggregate
from qwen_magics.agent.checks.other_result import other_result
from qwen_magics.agent.checks.other_thing_counted import other_thing_counted
from qwen_magics.agent.checks.other_weekday import other_weekday
from qwen_magics.agent.checks.overlooked import overlooked
from qwen_magics.agent.checks.own_pairs import own_pairs
from qwen_magics.agent.checks.owner_names import owner_names
from qwen_magics.agent.checks.part_of_day import part_of_day
from qwen_magics.agent.checks.per_group_values import per_group_values
from qwen_magics.agent.checks.percent_more import percent_more
from qwen_magics.agent.checks.regardless import regardless
from qwen_magics.agent.checks.row_for_each_kind import row_for_each_kind
from qwen_magics.agent.checks.shapes import shapes
from qwen_magics.agent.checks.shares import shares
from qwen_magics.agent.checks.spelled import spelled
from qwen_magics.agent.checks.structure import structure
from qwen_magics.agent.checks.superlatives import superlatives
from qwen_magics.agent.checks.text_articles import without_article
from qwen_magics.agent.checks.text_forms import text_forms
from qwen_magics.agent.checks.threshold_of_rows import threshold_of_rows
from qwen_magics.agent.checks.two_figures import two_figures
from qwen_magics.agent.checks.unasked import unasked
from qwen_magics.agent.checks.unlimited import unlimited
from qwen_magics.agent.checks.until_day import until_day
from qwen_magics.agent.checks.wanted import wanted
from qwen_magics.agent.checks.weekday_names import weekday_names
from qwen_magics.agent.checks.weekday_order import weekday_order
from qwen_magics.agent.checks.weekdays import weekdays
from qwen_magics.agent.checks.which_year import which_year
from qwen_magics.agent.checks.whole_and_part import whole_and_part
from qwen_magics.agent.checks.whole_values import whole_values
from qwen_magics.agent.checks.windows import windows
from qwen_magics.agent.checks.with_zero import with_zero
from qwen_magics.agent.checks.year_left_out import year_left_out
from qwen_magics.agent.examples.ranked_values import ranked_values
from qwen_magics.agent.links.matched import matched
from qwen_magics.agent.request import Format
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table
    from qwen_magics.tools.sql.listing import Listed

__all__ = ["Demand", "demand"]

# Of a result and the program that made it.
Demand = Callable[["QueryResult", str], "QueryError | None"]


def demand(
    format: Format,
    question: str = "",
    tables: Sequence[Table] = (),
    *,
    qualify: bool = False,
    listed: Callable[[str], Listed | None] = lambda code: None,
    spacing: Callable[[], Set[str]] = frozenset,
    given: bool = False,
    example: str = "",
    dialect: Dialect = DUCKDB,
    run: Callable[[str], QueryResult] | None = None,
) -> Demand:
    """The check for a format and a question; it returns what is wrong, or None.

    Args:
        tables: those in reach; the question is searched for their names and those of their columns.
        qualify: the SQL dialect has QUALIFY.
        listed: the things that a program lists by name, if that can be told.
        spacing: units by which the tables' dates go, such as `month`; asked where it matters.
        given: conditions are not the model's alone: they are a person's, or come from what was called before.
        example: a query of the question's kind, of which the steps are needed.
        dialect: in which hints write expressions.
        run: the rows of a query that a check has to look at.
    """
    if format != "auto":
        own = {"number": _one_number, "chart": _drawable}.get(format)
        return lambda result, _: own(result) if own is not None else None
    checks = [*shapes(question, tables, qualify, listed), *windows(question, spacing)]
    checks += shares(question, tables)
    checks += (crossing(question, tables), number_per_group(question, tables))
    asked = question if tables and not given else ""
    checks += (counted_values(asked, tables, run), other_result(asked, tables, dialect, run))
    checks.append(per_group_values(asked, tables, run))
    checks += (counted_groups(asked), one_of_them(asked, tables), first_reached(asked))
    checks += (whole_values(asked, tables, dialect, run), with_zero(asked, tables, run))
    checks += (hours_as_minutes(asked, tables, run), long_keys(asked, tables))
    checks += (letters(asked, tables, dialect, run), as_one_text(asked, tables, dialect, run))
    checks += (counted_rows(asked), listed_once(asked))
    steps, days = structure(example, question), weekdays(question, tables)
    # The steps first: their example says more than the others' hints.
    certain = (
        *(impossible, contradicted, spelled(asked, tables, dialect), matched(asked, tables)),
        *(compass(question), steps, laid_parts(asked, tables), strongest(asked)),
        *(superlatives(question), days, month_as_quarter(tables, dialect)),
        *(weekday_names(asked, dialect), done_not_due(asked, tables)),
        *(day_of_parts(asked, tables, dialect), own_pairs(asked), minus_itself(asked, tables)),
        *(done_in_year(asked, tables), ended_later(asked, tables), day_for_year(asked, dialect)),
        *(other_thing_counted(asked, tables), weekday_order(asked, dialect)),
        *(year_left_out(asked, tables, dialect), figure_per_group(asked, tables)),
        threshold_of_rows(asked, tables),
        *(any_year(asked, dialect), other_weekday(asked), until_day(asked)),
        *(part_of_day(asked, tables, dialect), grouped_alone(asked)),
    )
    likely = (
        *(named_group(asked, tables), regardless(asked), unasked(asked), narrowed()),
        *(left_out(question, tables), overlooked(asked)),
        *(
            two_figures(asked),
            whole_and_part(asked),
            listed_values(asked),
            wanted(asked, tables),
            based(asked, tables),
        ),
        *(unlimited(asked), owner_names(asked, tables), ranked_values(asked), done_only(asked, tables)),
        *(flags(asked, tables), both_kinds(asked, tables, dialect), known_only(asked, tables)),
        *(row_for_each_kind(asked), or_not_at_all(asked, tables), which_year(asked, tables)),
        *(percent_more(asked), month_left_out(asked, tables, dialect)),
        *(text_forms(asked, tables, dialect), name_parts_asked(asked, tables, dialect)),
        without_article(asked),
    )
    righted, last = as_meant(asked), (other_aggregate(asked),)

    def check(result: QueryResult, code: str) -> QueryError | None:
        # Hints are written from the query: a wrong aggregate is not to be carried on in them.
        meant = righted(code)
        # One by one: what tells a thing only once must not have told it in vain.
        found = chain(
            (look(meant) for look in certain),
            (shape(result, meant) for shape in checks),
            (look(meant) for look in likely),
            (look(code) for look in last),
        )
        # A hint is made of the query: what it changes may leave conditions that never hold at once.
        return next((error for error in found if error is not None and is_sound(error)), None)

    return check


def _drawable(result: QueryResult) -> QueryError | None:
    from qwen_magics.tools.charts.choice import column_kinds, default_choice

    try:
        default_choice(column_kinds(result.frame), result.rows)
    except QueryError as error:
        return error
    return None


def _one_number(result: QueryResult) -> QueryError | None:
    frame = result.frame
    if frame.shape == (1, 1) and isinstance(frame.iat[0, 0], Real):
        return None
    rows, columns = frame.shape
    message = f"The result has {rows} rows and {columns} columns, but one number is asked for."
    return QueryError("not_a_number", message, "Select exactly one numeric value.")

"""Questions that windows answer, over one table, each kind with its query."""

from __future__ import annotations

from qwen_magics.agent.examples.whole.best_counted import best_counted
from qwen_magics.agent.examples.whole.best_of_each import best_of_each
from qwen_magics.agent.examples.whole.best_value_of_each import best_value_of_each
from qwen_magics.agent.examples.whole.day_series import day_gaps, day_runs
from qwen_magics.agent.examples.whole.first_and_last import first_and_last
from qwen_magics.agent.examples.whole.limits_reached import limits_reached
from qwen_magics.agent.examples.whole.members import places_of_each, times_first
from qwen_magics.agent.examples.whole.moved_most import moved_most, peak_falls
from qwen_magics.agent.examples.whole.moved_rows import moved_rows
from qwen_magics.agent.examples.whole.moving_peaks import moving_peaks
from qwen_magics.agent.examples.whole.nth_row import nth_row
from qwen_magics.agent.examples.whole.record_highs import record_highs
from qwen_magics.agent.examples.whole.run_lengths import run_lengths
from qwen_magics.agent.examples.whole.series_moves import series_moves
from qwen_magics.agent.examples.whole.step_changes import step_changes
from qwen_magics.agent.examples.whole.threshold_of_group import threshold_of_group
from qwen_magics.agent.examples.whole.threshold_quota import threshold_quota
from qwen_magics.agent.examples.whole.top_rows import top_rows
from qwen_magics.agent.examples.whole.year_changes import year_changes

__all__ = ["WINDOW_KINDS"]

WINDOW_KINDS = (
    limits_reached,
    times_first,
    places_of_each,
    top_rows,
    day_runs,
    day_gaps,
    peak_falls,
    moved_most,
    best_of_each,
    first_and_last,
    moved_rows,
    moving_peaks,
    best_counted,
    best_value_of_each,
    nth_row,
    record_highs,
    run_lengths,
    series_moves,
    threshold_of_group,
    threshold_quota,
    year_changes,
    step_changes,
)

"""Questions of a kind find the worked example of their kind, also in the words of authors nobody tuned to."""

from __future__ import annotations

import pytest

from evals.wordings import found


@pytest.mark.parametrize(
    ("name", "nearest", "shown"),
    [
        ("known", 0.84, 0.92),
        ("unseen", 0.76, 0.85),
        ("programs_known", 0.95, 0.95),
        ("programs_unseen", 0.92, 0.94),
    ],
)
def test_most_wordings_find_the_example_of_their_kind(name: str, nearest: float, shown: float) -> None:
    counted = found(name)  # type: ignore[arg-type]
    assert counted.nearest >= nearest * counted.wordings
    assert counted.shown >= shown * counted.wordings

"""How long a suggestion is waited for: measured for real, and the docs say what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import inline_completion
from qwen_magics.chat.local import LocalModel

DOCS = (Path(__file__).parents[2] / "docs" / "extension.md").read_text(encoding="utf-8")


def test_a_place_is_typed_in_the_middle_of_a_line() -> None:
    (place,) = inline_completion.places(["textwrap"])
    before, after = place.typed(7)
    assert before.endswith(f"\n{place.line[:7]}") and after.startswith("\n")
    assert len(place.above.splitlines()) > 100


@pytest.mark.model
def test_going_on_is_quicker_than_the_first(coder_05b: Path) -> None:
    model = LocalModel(coder_05b, provider="cpu")
    first, going_on, typed_over = inline_completion.measure(model, number=1)
    model.close()
    assert 0 < going_on.first_s < first.first_s <= first.whole_s
    assert (first.requests, typed_over.requests) == (1, 1) and going_on.requests > 3


def test_the_page_has_the_kept_figures() -> None:
    assert inline_completion.table(inline_completion.saved("qwen2.5-coder-0.5b")) in DOCS

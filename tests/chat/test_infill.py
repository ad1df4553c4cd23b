"""Suggestions at the cursor, by the real model."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qwen_magics.chat.infill import _Ending, _healed, _near, can_infill, infill
from qwen_magics.chat.local import LocalModel


@pytest.fixture(scope="module")
def model(coder_05b: Path) -> Iterator[LocalModel]:
    loaded = LocalModel(coder_05b, provider="cpu")
    yield loaded
    loaded.close()


@pytest.mark.model
def test_a_line_is_completed_to_its_end(model: LocalModel) -> None:
    assert can_infill(model.tokenizer)
    before = (
        "import pandas as pd\n\n"
        "orders = pd.DataFrame({'customer': ['Ada', 'Bo'], 'total': [10.0, 20.0]})\n"
        "mean_total = orders['total']"
    )
    found = infill(model, before, "\nprint(mean_total)\n", cancel=threading.Event())
    assert found.text == ".mean()"
    assert 0 < found.first_s <= found.seconds and not found.cancelled


@pytest.mark.model
def test_an_empty_line_gets_a_block_that_is_python(model: LocalModel) -> None:
    before = 'def area(width: float, height: float) -> float:\n    """Area of a rectangle."""\n    '
    found = infill(model, before, "\n\nprint(area(2, 3))\n", cancel=threading.Event())
    assert found.text.startswith("return width * height")
    ast.parse(before + found.text)


@pytest.mark.model
@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("count = len(ord", "ers"),
        ("highest = orders['tot", "al'].max()"),
        ("names = orders['customer'].uni", "que()"),
        ("for index, row in ord", "ers.iterrows():"),
        ("total = ", "orders['total'].sum()"),
    ],
)
def test_a_word_half_typed_is_finished(model: LocalModel, typed: str, rest: str) -> None:
    before = (
        "import pandas as pd\n\n"
        "orders = pd.DataFrame({'customer': ['Ada', 'Bo'], 'total': [10.0, 20.0]})\n" + typed
    )
    found = infill(model, before, "\n", cancel=threading.Event())
    assert found.text.startswith(rest)


@pytest.mark.model
def test_what_is_written_again_is_what_was_there(model: LocalModel) -> None:
    encode = model.tokenizer.encode
    for before in ("x = 'ä€", "x = '北", "if a:\n", 'quote = "\\"', "a", "a = b \t"):
        ids = encode(before, special=False)
        kept, again = _healed(model.tokenizer, ids)
        assert model.tokenizer.decode(kept) + again == before
        assert bool(again) == (before in ("x = '北", "a = b \t"))
    for before in ("path = 'C:\\\\", 'say = "\\"', "x = 'ä€", "a = b \t"):
        assert not infill(model, before, "\n", cancel=threading.Event()).cancelled


@pytest.mark.model
def test_it_is_given_up_and_the_next_one_comes(model: LocalModel) -> None:
    cancel = threading.Event()
    cancel.set()
    given_up = infill(model, "x = 1\n" * 200, "", cancel=cancel)
    assert given_up.cancelled and given_up.text == ""
    # A marker in the code is text, and ends nothing.
    before = 'marker = "<|fim_middle|>"\nnumbers = [1, 2, 3]\ntotal = sum('
    written = infill(model, before, ")\n", cancel=threading.Event())
    assert written.text.startswith("numbers")


@pytest.mark.model
def test_whoever_goes_on_typing_keeps_the_beginning(model: LocalModel) -> None:
    code = "".join(f"value_{i} = {i} + value_{i - 1}\n" for i in range(1, 200))
    typed = "average_of_all = sum(value_1, value_2)"
    seen = [_near(model.tokenizer, code + typed[:n]) for n in range(1, len(typed) + 1)]
    assert len({tuple(ids[:20]) for ids in seen}) <= 2
    assert all(64 < len(ids) <= 256 for ids in seen)
    assert model.tokenizer.decode(seen[-1]).endswith(typed)
    assert 0 < len(_near(model.tokenizer, "x" * 50_000)) <= 256


@pytest.mark.parametrize(
    ("in_line", "pieces", "text"),
    [
        (True, ["a(", "b)\nc", "d"], "a(b)"),
        (False, ["x = 1\n", "y = 2\n", "\nz"], "x = 1\ny = 2"),
        (False, ["\n\nx = 1\n\n"], "x = 1"),
        (False, ["x\n"] * 9, "\n".join("x" * 6)),
        (True, ["a(b"], "a(b"),
    ],
)
def test_where_a_suggestion_ends(in_line: bool, pieces: list[str], text: str) -> None:
    ending = _Ending(in_line=in_line)
    for piece in pieces:
        if ending.reached(piece):
            break
    assert ending.text == text

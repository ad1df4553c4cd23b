"""The pieces of a completion, with the real tokenizer and weights."""

from __future__ import annotations

import pytest

from qwen_magics.chat.local import LocalModel
from qwen_magics.chat.messages import Message
from qwen_magics.engine.generation import SamplingParams

pytestmark = pytest.mark.model

ASK = [Message("user", "Write 好 and 🙂 and a short SQL query.")]


@pytest.mark.parametrize("stop", [(), ("e",), ("\n",)])
def test_pieces_are_the_completion_cut_at_the_stop(real_model: LocalModel, stop: tuple[str, ...]) -> None:
    found = real_model.complete(ASK, params=SamplingParams(max_tokens=24), stop=stop)
    assert "".join(text for text, _ in found.pieces) == found.text
    assert len(found.pieces) <= found.usage.output_tokens
    assert all(logprob is None or logprob <= 0 for _, logprob in found.pieces)


def test_dictated_tokens_have_no_probability_and_equal_tokens_an_equal_digest(real_model: LocalModel) -> None:
    grammar = 'start: "SELECT count(*) FROM " ("orders" | "customers")'
    first, again = (
        real_model.complete(ASK, grammar=grammar, params=SamplingParams(max_tokens=24)) for _ in range(2)
    )
    assert "".join(text for text, _ in first.pieces) == first.text
    assert sum(logprob is None for _, logprob in first.pieces) == first.usage.forced_tokens > 0
    assert first.tokens_sha256 == again.tokens_sha256
    other = real_model.complete(ASK, grammar='start: "SELECT 1"', params=SamplingParams(max_tokens=24))
    assert other.tokens_sha256 != first.tokens_sha256

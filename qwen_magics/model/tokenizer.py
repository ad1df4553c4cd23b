"""Text to token ids and back.

Ids of control tokens come only from text that is marked as a prompt of ours (`special=True`). Anything a
user, a table or a tool wrote is encoded with `special=False`, by an encoder that does not know those tokens
at all.
"""

from __future__ import annotations

import codecs
import json
import re
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from qwen_magics.model.heap import trim_heap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Detokenizer", "Tokenizer"]


def _byte_of_character() -> dict[str, int]:
    """GPT-2's printable stand-ins for the 256 bytes, inverted."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in set(printable)]
    shifted = {chr(256 + i): byte for i, byte in enumerate(hidden)}
    return {chr(byte): byte for byte in printable} | shifted


_BYTES = _byte_of_character()
# All names of a vocabulary would take 30 MB for a moment, and the heap would keep them.
_AT_ONCE = 4096
_STAND_INS = {ord(character): chr(byte) for character, byte in _BYTES.items()}


class Tokenizer:
    """Qwen's byte-level BPE.

    Args:
        text: content of a tokenizer.json.

    Raises:
        DamagedModelError: the text is no tokenizer.
        UnsupportedModelError: it is one of another kind.
    """

    def __init__(self, text: str) -> None:
        from tokenizers import Tokenizer as FastTokenizer

        try:
            start, end, added = _added_tokens(text)
            # tokenizers raises bare Exception for a document that it cannot use.
            self._plain = FastTokenizer.from_str(text[:start] + "[]" + text[end:])
        except Exception as exc:
            msg = f"tokenizer.json cannot be read ({exc}); build or download the model again."
            raise DamagedModelError(msg) from exc
        if '"ByteLevel"' not in text:
            # Bytes of a token are read from GPT-2's stand-ins, which SentencePiece vocabularies do not use.
            msg = (
                "tokenizer.json is not byte-level BPE, the only kind that is read here. Take a model that "
                "has one, such as any Qwen, Llama 3 or SmolLM."
            )
            raise UnsupportedModelError(msg)
        self._added: dict[str, int] = {entry["content"]: entry["id"] for entry in added}
        self._special: frozenset[int] = frozenset(entry["id"] for entry in added if entry["special"])
        self._added_text = {i: content for content, i in self._added.items()}
        # Longest first: a token may begin with another one.
        longest = sorted(self._added, key=len, reverse=True)
        self._split = re.compile("(" + "|".join(map(re.escape, longest)) + ")") if longest else None
        self._pieces: dict[int, bytes] = {}

    @classmethod
    def from_directory(cls, path: Path) -> Tokenizer:
        """Reads `tokenizer.json` of a model directory; DamagedModelError if it is missing or broken."""
        try:
            tokenizer = cls((path / "tokenizer.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, UnicodeDecodeError) as exc:
            msg = (
                f"{path} has no readable tokenizer.json; delete the folder and pull or build the model again."
            )
            raise DamagedModelError(msg) from exc
        trim_heap()
        return tokenizer

    @cached_property
    def vocab_size(self) -> int:
        """One more than the largest id that stands for text (the logits are wider: they are padded)."""
        return max(self._plain.get_vocab_size(), max(self._added.values(), default=-1) + 1)

    @property
    def special_ids(self) -> frozenset[int]:
        """Ids of the control tokens."""
        return self._special

    @property
    def added_texts(self) -> frozenset[str]:
        """The texts that can be one control or added token."""
        return frozenset(self._added)

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """Token ids of a text.

        Args:
            text: any string.
            special: whether `<|im_start|>` and the other added tokens in it mean those tokens. With False
                they are split into ordinary ones, so that data cannot forge a turn of the conversation.
        """
        if not special or self._split is None:
            return self._encode_plain(text)
        ids: list[int] = []
        for piece in self._split.split(text):
            if (added := self._added.get(piece)) is not None:
                ids.append(added)
            else:
                ids += self._encode_plain(piece)
        return ids

    def decode(self, ids: Sequence[int], *, special: bool = False) -> str:
        """Text of token ids; control tokens are left out unless `special`. Broken UTF-8 becomes U+FFFD."""
        return b"".join(self.piece(i, special=special) for i in ids).decode("utf-8", errors="replace")

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of one token: often only part of a character; empty for ids that stand for nothing."""
        if token in self._special and not special:
            return b""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._bytes_of(token)
        return known

    def token_id(self, text: str) -> int:
        """Id of a text that is exactly one token; KeyError otherwise."""
        ids = self.encode(text)
        if len(ids) != 1:
            msg = f"{text!r} is {len(ids)} tokens, not one"
            raise KeyError(msg)
        return ids[0]

    @property
    def added_ids(self) -> frozenset[int]:
        """Ids of the control tokens and of the other added ones."""
        return frozenset(self._added_text)

    def pieces(self, width: int) -> list[bytes]:
        """The bytes of all ids under `width`, as `piece` gives them with `special`."""
        pieces: list[bytes] = []
        for start in range(0, width, _AT_ONCE):
            ids = range(start, min(start + _AT_ONCE, width))
            names = [self._plain.id_to_token(token) or "" for token in ids]
            # Together, because 150,000 calls of `piece` would take half a second; a character is a byte.
            joined = "".join(names).translate(_STAND_INS).encode("latin-1")
            ends = list(accumulate(map(len, names)))
            pieces += [joined[first:last] for first, last in zip([0, *ends], ends, strict=False)]
        for token, text in self._added_text.items():
            pieces[token] = text.encode()
        return pieces

    def stream(self, *, special: bool = False) -> Detokenizer:
        """A decoder for one answer, fed token by token."""
        return Detokenizer(self, special=special)

    def _encode_plain(self, text: str) -> list[int]:
        if not text:
            return []
        # A lone surrogate is no text; it would fail deep inside the encoder.
        clean = text.encode("utf-8", errors="replace").decode("utf-8")
        ids: list[int] = self._plain.encode(clean, add_special_tokens=False).ids
        return ids

    def _bytes_of(self, token: int) -> bytes:
        if (added := self._added_text.get(token)) is not None:
            return added.encode()
        text = self._plain.id_to_token(token)
        return b"" if text is None else bytes(_BYTES[character] for character in text)


class Detokenizer:
    """Turns a stream of tokens into text, holding back bytes until they make a whole character."""

    def __init__(self, tokenizer: Tokenizer, *, special: bool = False) -> None:
        self._tokenizer, self._special = tokenizer, special
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def push(self, token: int) -> str:
        """The characters that this token completes; often empty inside a Chinese character or an emoji."""
        return self._decoder.decode(self._tokenizer.piece(token, special=self._special))

    def push_all(self, tokens: Iterable[int]) -> str:
        """The same for several tokens at once."""
        return "".join(map(self.push, tokens))

    def flush(self) -> str:
        """What was held back at the end: U+FFFD if the last character was cut, else empty."""
        return self._decoder.decode(b"", final=True)


def _added_tokens(text: str) -> tuple[int, int, list[dict[str, Any]]]:
    """Where the list of added tokens stands in a tokenizer.json, and the list.

    Cutting it out of the text avoids parsing seven megabytes of vocabulary in Python: it precedes the
    vocabulary.
    """
    key = text.index('"added_tokens"')
    start = text.index("[", key)
    added, end = json.JSONDecoder().raw_decode(text, start)
    return start, end, added

"""Qwen's byte-level BPE from a GGUF's own tables.

All 22 added tokens come along: the 3 control tokens and the user-defined ones (`<tool_call>`,
`<|fim_prefix|>`, …).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from qwen_magics.model.weights import TokenizerFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["QWEN_IDS", "check_special_ids", "tokenizer_from_gguf", "tokenizer_json"]

# https://huggingface.co/Qwen/Qwen2.5-0.5B/blob/main/tokenizer.json: digits one by one, contractions apart.
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_NORMAL, _CONTROL, _USER_DEFINED = 1, 3, 4
QWEN_IDS = {
    "<|endoftext|>": 151643,
    "<|im_start|>": 151644,
    "<|im_end|>": 151645,
    "<tool_call>": 151657,
    "</tool_call>": 151658,
    "<|fim_prefix|>": 151659,
}
_REQUIRED = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def tokenizer_from_gguf(metadata: Mapping[str, Any]) -> TokenizerFiles:
    """tokenizer.json, tokenizer_config.json and the chat template of a GGUF.

    Raises:
        UnsupportedModelError: another kind of vocabulary than Qwen's byte-level BPE.
        DamagedModelError: tables missing, or special tokens with ids that Qwen's do not have.
    """
    model, pre = metadata.get("tokenizer.ggml.model"), metadata.get("tokenizer.ggml.pre", "qwen2")
    if (model, pre) != ("gpt2", "qwen2"):
        msg = (
            f"tokenizer {model!r} with pre-tokenizer {pre!r} cannot be built: only Qwen's ('gpt2', 'qwen2')."
        )
        raise UnsupportedModelError(msg)
    try:
        tokens, merges = metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.merges"]
        kinds = metadata["tokenizer.ggml.token_type"]
    except KeyError as exc:
        msg = f"the GGUF has no {exc.args[0]}; download it again from its publisher."
        raise DamagedModelError(msg) from exc
    if not len(tokens) == len(kinds) > 0:
        msg = f"the GGUF has {len(tokens)} tokens but {len(kinds)} token types; download it again."
        raise DamagedModelError(msg)
    vocab = {token: i for i, (token, kind) in enumerate(zip(tokens, kinds, strict=True)) if kind == _NORMAL}
    added = [
        (i, token, kind == _CONTROL)
        for i, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (_CONTROL, _USER_DEFINED)
    ]
    check_special_ids({token: i for i, token, _ in added}, len(tokens))
    template = str(metadata.get("tokenizer.chat_template", ""))
    context = int(metadata.get(f"{metadata.get('general.architecture')}.context_length", 32768))
    return TokenizerFiles(tokenizer_json(vocab, merges, added), _config(added, context), template)


def tokenizer_json(
    vocab: Mapping[str, int], merges: Sequence[str], added: Iterable[tuple[int, str, bool]]
) -> str:
    """A tokenizer.json in the layout that `tokenizers` reads; `added`: (id, text, whether it is a control
    token).
    """
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    document = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added_token(i, text, special) for i, text, special in added],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": _SPLIT}, "behavior": "Isolated", "invert": False},
                byte_level,
            ],
        },
        "post_processor": byte_level,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": vocab,
            "merges": merges,
        },
    }
    return json.dumps(document, ensure_ascii=False)


def check_special_ids(ids: Mapping[str, int], vocabulary: int) -> None:
    """Refuses a vocabulary without the special tokens, or (full-size) with other ids than Qwen's."""
    missing = [token for token in _REQUIRED if token not in ids]
    full = vocabulary > QWEN_IDS["<|endoftext|>"]
    wrong = [token for token, i in QWEN_IDS.items() if full and ids.get(token, i) != i]
    if missing or wrong:
        named = ", ".join(missing + wrong)
        msg = f"the tokenizer is not Qwen's: {named} missing or at the wrong id; get the model again."
        raise DamagedModelError(msg)


def _added_token(i: int, text: str, special: bool) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": i, "content": text, **flags, "special": special}


def _config(added: Iterable[tuple[int, str, bool]], context: int) -> dict[str, Any]:
    return {
        "tokenizer_class": "Qwen2Tokenizer",
        "add_bos_token": False,
        "add_prefix_space": False,
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "unk_token": None,
        "errors": "replace",
        "clean_up_tokenization_spaces": False,
        "split_special_tokens": False,
        "model_max_length": context,
        "added_tokens_decoder": {
            str(entry["id"]): {k: v for k, v in entry.items() if k != "id"}
            for entry in (_added_token(*token) for token in added)
        },
    }

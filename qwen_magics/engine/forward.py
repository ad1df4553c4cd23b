"""One run of the graph: new token ids in, logits out, keys and values appended in place.

Knows the session and the cache, nothing of sampling, grammars or when to stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.runtime import SILENT, load_runtime, runtime_errors
from qwen_magics.engine.signature import GraphSignature
from qwen_magics.errors import EngineError

__all__ = ["Forward", "Logits"]

Logits = NDArray[np.float32]


class Forward:
    """Runs a session over a cache.

    One thread runs; `terminate` may be called from another.
    """

    def __init__(self, session: Any, signature: GraphSignature, vocab_size: int) -> None:
        self._session = session
        self._signature = signature
        self._vocab_size = vocab_size
        self._binding = session.io_binding()
        self._bound: list[Any] | None = None
        self._make = load_runtime().OrtValue.ortvalue_from_numpy
        self._ones = np.ones((1, 0), dtype=np.int64)
        self._ids = np.empty((1, 0), dtype=np.int64)
        self._rows = np.empty((1, 1, vocab_size), dtype=signature.logits_dtype)
        self._keep_one = self._make(np.array(1, dtype=np.int64))
        self._keep_all = self._make(np.array(0, dtype=np.int64))
        self._options = self._fresh_options()

    def reset(self) -> None:
        """Forget an earlier `terminate`."""
        self._options = self._fresh_options()

    def terminate(self) -> None:
        """Stop the run under way before its next operator, and every later one until `reset`."""
        self._options.terminate = True

    @property
    def terminated(self) -> bool:
        """Whether `terminate` was called since `reset`."""
        return bool(self._options.terminate)

    def run(self, cache: KvCache, tokens: Sequence[int], *, all_rows: bool = False) -> Logits | None:
        """Append `tokens` to `cache` and compute what follows.

        Returns:
            Logits [1, vocab] after the last token, or [len(tokens), vocab] with `all_rows`, in float32. The
            next run overwrites them. None if `terminate` stopped the run: then the cache is as before.

        Raises:
            EngineError: ONNX Runtime failed; the cache is as before.
        """
        options = self._options
        total = len(cache) + len(tokens)
        self._bind(cache, tokens, total, all_rows)
        try:
            self._session.run_with_iobinding(self._binding, options)
        except runtime_errors() as exc:
            if options.terminate:
                return None
            raise _run_error(exc, total) from exc
        # Only now do the new positions count. An interruption before this line leaves them unread.
        cache.extend(tokens)
        rows = self._rows[0] if all_rows else self._rows[0, -1:]
        return rows.astype(np.float32, copy=False)

    def _bind(self, cache: KvCache, tokens: Sequence[int], total: int, all_rows: bool) -> None:
        cache.reserve(total)
        if self._bound is not cache.values:
            self._bind_cache(cache)
        if self._ones.shape[1] < total:
            self._ones = np.ones((1, cache.capacity), dtype=np.int64)
        binding = self._binding
        # An OrtValue made from an array borrows its memory and the binding does not keep it alive: we do.
        self._ids = np.array([tokens], dtype=np.int64)
        binding.bind_ortvalue_input("input_ids", self._make(self._ids))
        binding.bind_ortvalue_input("attention_mask", self._make(self._ones[:, :total]))
        kept = len(tokens) if all_rows or not self._signature.keeps_logits else 1
        if self._signature.keeps_logits:
            binding.bind_ortvalue_input("num_logits_to_keep", self._keep_all if all_rows else self._keep_one)
        if self._rows.shape[1] != kept:
            self._rows = np.empty((1, kept, self._vocab_size), dtype=self._rows.dtype)
        binding.bind_ortvalue_output("logits", self._make(self._rows))

    def _bind_cache(self, cache: KvCache) -> None:
        self._bound = None
        for slot, value in zip(self._signature.slots, cache.values, strict=True):
            self._binding.bind_ortvalue_input(slot.past, value)
            self._binding.bind_ortvalue_output(slot.present, value)
        self._bound = cache.values

    def _fresh_options(self) -> Any:
        options = load_runtime().RunOptions()
        options.log_severity_level = SILENT
        return options


def _run_error(exc: Exception, total: int) -> EngineError:
    text = " ".join(str(exc).split())
    if "bad_alloc" in text or "allocate memory" in text or "out of memory" in text.lower():
        return EngineError(
            f"Not enough memory to run the model over {total:,} tokens. Shorten the question or its data, "
            "close other kernels, or take a smaller model."
        )
    return EngineError(f"ONNX Runtime failed on {total:,} tokens: {text}")

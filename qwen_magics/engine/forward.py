"""One run of the graph: new token ids in, logits out, keys and values appended in place.

Knows the session and the cache, nothing of sampling, grammars or when to stop.

Every run has an even number of rows, for one reason: equal tokens must give equal bits, however they were cut
into runs. ONNX Runtime's kernels of quantised matrices take rows in pairs, and a last row without a partner
goes through another kernel, which adds up in another order (`mlas/lib/sqnbitgemm_kernel_avx512*`). 8-bit
activations amplify that: up to 1.5 in a logit of Qwen2.5-0.5B. So an odd run gets a filler whose results are
dropped, and an even number of rows reaches the output matrix. That costs 6 % of a step of one token, which a
drafted token in the second row earns back; and it is what makes caching, speculation and batches unable to
change an answer.
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

__all__ = ["Forward", "Logits", "grouped_tokens", "paired"]

Logits = NDArray[np.float32]
_UNRECORDED = -1


class Forward:
    """Runs a session over a cache.

    One thread runs; `terminate` may be called from another.

    Args:
        max_grouped_tokens: most tokens of a run whose heads are rows of one product (see `grouped_tokens`);
            None leaves it to the graph.

    Attributes:
        vocab_size: width of the logits.
    """

    def __init__(
        self,
        session: Any,
        signature: GraphSignature,
        vocab_size: int,
        *,
        max_grouped_tokens: int | None = None,
    ) -> None:
        self._session = session
        self._signature = signature
        self.vocab_size = vocab_size
        self._binding = session.io_binding()
        self._bound: list[Any] | None = None
        self._make = load_runtime().OrtValue.ortvalue_from_numpy
        self._ones = np.ones((1, 0), dtype=np.int64)
        self._ids = self._positions = np.empty((1, 0), dtype=np.int64)
        self._keep = np.zeros((), dtype=np.int64)
        self._rows = np.empty((1, 2, vocab_size), dtype=signature.logits_dtype)
        if signature.groups_tokens and max_grouped_tokens is not None:
            self._grouped = np.array(max_grouped_tokens, dtype=np.int64)
            self._binding.bind_ortvalue_input("max_grouped_tokens", self._make(self._grouped))
        self.reset()

    def reset(self) -> None:
        """Forget an earlier `terminate`."""
        self._options = load_runtime().RunOptions()
        self._options.log_severity_level = SILENT
        self._options.add_run_config_entry("gpu_graph_id", str(_UNRECORDED))
        self._graph = _UNRECORDED

    def terminate(self) -> None:
        """Stop the run under way before its next operator, and every later one until `reset`."""
        self._options.terminate = True

    @property
    def terminated(self) -> bool:
        """Whether `terminate` was called since `reset`."""
        return bool(self._options.terminate)

    def run(self, cache: KvCache, tokens: Sequence[int], *, keep: int = 1) -> Logits | None:
        """Append `tokens` to `cache` and compute what follows the last `keep` of them.

        Returns:
            Logits [keep, vocab] in float32. The next run overwrites them. None if `terminate` stopped the
            run: then the cache is as before.

        Raises:
            EngineError: ONNX Runtime failed; the cache is as before.
        """
        filler = self._filler(tokens)
        kept = self._bind(cache, [*tokens, *filler], keep + len(filler))
        if not self.execute(self._binding, len(cache) + len(tokens)):
            return None
        # Only now do the new positions count. An interruption before this line leaves them unread.
        cache.extend(tokens)
        end = kept - len(filler)
        return self._rows[0, end - keep : end].astype(np.float32, copy=False)

    def execute(self, binding: Any, positions: int, *, graph: int = _UNRECORDED) -> bool:
        """Run the graph on what `binding` binds; False if `terminate` stopped it.

        Args:
            positions: tokens in all, for the error.
            graph: CUDA records the run under this number and replays it; -1 does neither.

        Raises:
            EngineError: ONNX Runtime failed.
        """
        options = self._options
        if self._graph != graph:
            options.add_run_config_entry("gpu_graph_id", str(graph))
            self._graph = graph
        try:
            self._session.run_with_iobinding(binding, options)
        except runtime_errors() as exc:
            if options.terminate:
                return False
            raise _run_error(exc, positions) from exc
        return True

    def _filler(self, tokens: Sequence[int]) -> list[int]:
        return [tokens[-1]] * (paired(len(tokens)) - len(tokens))

    def new_binding(self) -> Any:
        """An empty binding of this session."""
        return self._session.io_binding()

    def _bind(self, cache: KvCache, tokens: Sequence[int], keep: int) -> int:
        """Bind everything for one run; how many rows of logits it will give."""
        total = len(cache) + len(tokens)
        cache.reserve(total)
        if self._bound is not cache.presents:
            self._bind_cache(cache)
        if self._ones.shape[1] < total:
            self._ones = np.ones((1, cache.capacity), dtype=np.int64)
        binding = self._binding
        # An OrtValue made from an array borrows its memory and the binding does not keep it alive: we do.
        self._ids = np.array([tokens], dtype=np.int64)
        binding.bind_ortvalue_input("input_ids", self._make(self._ids))
        binding.bind_ortvalue_input("attention_mask", self._make(self._ones[:, :total]))
        if self._signature.position_ids:
            self._positions = np.arange(len(cache), total, dtype=np.int64)[None]
            binding.bind_ortvalue_input("position_ids", self._make(self._positions))
        kept = len(tokens)
        if self._signature.keeps_logits:
            kept = min(kept, paired(keep))
            self._keep = np.array(kept, dtype=np.int64)
            binding.bind_ortvalue_input("num_logits_to_keep", self._make(self._keep))
        if self._rows.shape[1] < kept:
            self._rows = np.empty((1, kept, self.vocab_size), dtype=self._rows.dtype)
        binding.bind_ortvalue_output("logits", self._make(self._rows[:, :kept]))
        return kept

    def _bind_cache(self, cache: KvCache) -> None:
        self._bound = None
        for slot, past, present in zip(self._signature.slots, cache.values, cache.presents, strict=True):
            self._binding.bind_ortvalue_input(slot.past, past)
            self._binding.bind_ortvalue_output(slot.present, present)
        self._bound = cache.presents


def paired(rows: int) -> int:
    """The rows that a run of `rows` tokens has: the next even number."""
    return rows + rows % 2


def grouped_tokens(threads: int, kv_heads: int) -> int | None:
    """Most tokens of a run whose heads are worth grouping; None for as many as the graph thinks best.

    A group is one thread's work. On two cores and two groups it took 3 to 4 times as long as a single head of
    two rows, and 5 times with eight (docs/engine.md): with more threads, single heads are shared out better.
    """
    if threads <= kv_heads:
        return None
    return 2 if threads <= 2 * kv_heads else 0


def _run_error(exc: Exception, total: int) -> EngineError:
    text = " ".join(str(exc).split())
    if "bad_alloc" in text or "allocate memory" in text or "out of memory" in text.lower():
        return EngineError(
            f"Not enough memory to run the model over {total:,} tokens. Shorten the question or its data, "
            "close other kernels, or take a smaller model."
        )
    return EngineError(f"ONNX Runtime failed on {total:,} tokens: {text}")

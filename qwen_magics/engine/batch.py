"""Many prompts decoded together: one step of the graph gives every unfinished answer its next token.

    shared prefix once → copied into each lane → rest of each prompt → steps over all lanes → verified alone

Lanes are filled again as answers end. What every prompt begins with is computed once. Whether that beats
single answers with their drafts is a question of the machine: `bench.batches` measures it.

Attention of a batch adds up in another order than that of a single sequence, so that two nearly equal tokens
may change places. An answer is therefore a guess until the single path has run over it in one go, as it does
with drafts: it keeps what it would have chosen itself and goes on from the first difference. So a batch gives
exactly the answers of single calls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qwen_magics.engine.cache import KvCache, shared_prefix
from qwen_magics.engine.choosing import Chooser
from qwen_magics.engine.decoding import chunks
from qwen_magics.engine.forward import Forward, Logits, paired
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.grammar import TokenGrammar
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.signature import GraphSignature

__all__ = ["BatchDecoding", "Lane", "common_prefix"]


@dataclass
class Lane:
    """A row of the batch and the answer that is written in it.

    Attributes:
        number: the prompt's place in the list.
        cache: the row's part of the batch's buffers, as a sequence.
        chooser: writes the answer.
        pending: tokens of the answer that were not run yet.
        ended: the answer is complete.
    """

    number: int
    cache: KvCache
    chooser: Chooser
    pending: list[int] = field(default_factory=list)
    ended: bool = False


class BatchDecoding:
    """Guesses the answers to many prompts, on the CPU.

    Args:
        forward: runs single prompts, and lends its session.
        signature: names and shapes of the cache.
        prefix: a sequence that holds what all prompts begin with.
        prompts: token ids, each longer than the prefix.
        params: for all prompts.
        grammar: for every answer, or None.
        stop_tokens: ids that end an answer.
        rows: most answers at a time.
        chunk: most prompt tokens per run.
    """

    def __init__(
        self,
        forward: Forward,
        signature: GraphSignature,
        prefix: KvCache,
        prompts: Sequence[Sequence[int]],
        params: SamplingParams,
        *,
        grammar: TokenGrammar | None,
        stop_tokens: frozenset[int],
        rows: int,
        chunk: int,
    ) -> None:
        self._forward = forward
        self._signature = signature
        self._prefix = prefix
        self._prompts = prompts
        self._params = params
        self._grammar = grammar
        self._stop_tokens = stop_tokens
        self._chunk = chunk
        self._rows, rows = rows, paired(rows)
        self._length = paired(max(map(len, prompts)) + params.max_tokens)
        self._make = load_runtime().OrtValue.ortvalue_from_numpy
        # Zeros come from untouched pages: a row costs memory as far as it is written.
        self._buffers = [
            np.zeros((rows, slot.heads, self._length, slot.head_dim), dtype=slot.dtype)
            for slot in signature.slots
        ]
        self._logits = np.empty((rows, 1, forward.vocab_size), dtype=signature.logits_dtype)
        self._binding = forward.new_binding()
        self._bound = 0

    def run(self, cancelled: Callable[[], bool]) -> Iterator[Lane]:
        """Lanes whose answers ended, in any order, each valid until the next is asked for.

        Ends early when `cancelled` says so or the graph's run was terminated.
        """
        waiting, lanes = deque(range(len(self._prompts))), list[Lane]()
        while (waiting or lanes) and not cancelled():
            while waiting and len(lanes) < self._rows:
                lane = self._begin(len(lanes), waiting.popleft())
                if lane is None:
                    return
                lanes.append(lane)
            for lane in [lane for lane in lanes if lane.ended]:
                yield lane
                self._remove(lane, lanes)
            if lanes and not self._step(lanes):
                return

    def _begin(self, row: int, number: int) -> Lane | None:
        """Compute a prompt in a row and choose the first token; None if the run was terminated."""
        prompt, cache = self._prompts[number], self._view(row)
        shared = len(self._prefix)
        for buffer, value in zip(self._buffers, self._prefix.values, strict=shared > 0):
            buffer[row, :, :shared] = value.numpy()[0, :, :shared]
        cache.extend(self._prefix.tokens)
        lane = Lane(number, cache, Chooser(self._params, prompt, self._stop_tokens))
        rest = list(prompt[shared:])
        if self._grammar is not None:
            forced, reason = lane.chooser.begin(self._grammar.start(self._stop_tokens))
            rest += forced
            lane.ended = reason is not None
        if lane.ended:
            return lane
        logits = None
        for part in chunks(rest, self._chunk):
            logits = self._forward.run(cache, part)
            if logits is None:
                return None
        assert logits is not None  # a prompt has a token of its own
        self._choose(lane, logits[0])
        return lane

    def _view(self, row: int) -> KvCache:
        """A row of the buffers as the cache of one sequence: a slice along the first axis is contiguous."""
        cache = KvCache(self._signature.slots, self._length)
        cache.values = [self._make(buffer[row : row + 1]) for buffer in self._buffers]
        cache.capacity = self._length
        return cache

    def _remove(self, lane: Lane, lanes: list[Lane]) -> None:
        """Take a lane out; the last one moves into its row, so that rows in use stay together."""
        row, last = lanes.index(lane), lanes.pop()
        if last is lane:
            return
        cache = self._view(row)
        for buffer in self._buffers:
            buffer[row, :, : len(last.cache)] = buffer[len(lanes), :, : len(last.cache)]
        cache.extend(last.cache.tokens)
        last.cache, lanes[row] = cache, last

    def _step(self, lanes: list[Lane]) -> bool:
        """Give each lane a token; False if the run was terminated."""
        # A lane without a partner runs beside an idle row: see `forward`.
        idle = [0] * (paired(len(lanes)) - len(lanes))
        ids = np.array([[lane.pending[0]] for lane in lanes] + [[token] for token in idle], dtype=np.int64)
        lengths = np.array([len(lane.cache) + 1 for lane in lanes] + [1 for _ in idle])
        mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int64)
        self._bind(ids, mask)
        if not self._forward.execute(self._binding, int(lengths.sum())):
            return False
        for lane, logits in zip(lanes, self._logits[:, 0], strict=False):
            lane.cache.extend([lane.pending.pop(0)])
            if not lane.pending:
                self._choose(lane, logits.astype(np.float32, copy=False))
        return True

    def _choose(self, lane: Lane, logits: Logits) -> None:
        lane.pending, reason = lane.chooser.choose(logits)
        lane.ended = reason is not None

    def _bind(self, ids: np.ndarray, mask: np.ndarray) -> None:
        binding, rows = self._binding, len(ids)
        # The binding does not keep an array's memory alive: the attribute does.
        self._fed = ids, mask
        binding.bind_ortvalue_input("input_ids", self._make(ids))
        binding.bind_ortvalue_input("attention_mask", self._make(mask))
        if rows == self._bound:
            return
        # (Where the graph keeps only some rows of logits, its default is all: one per lane here.)
        binding.bind_ortvalue_output("logits", self._make(self._logits[:rows]))
        for slot, buffer in zip(self._signature.slots, self._buffers, strict=True):
            value: Any = self._make(buffer[:rows])
            binding.bind_ortvalue_input(slot.past, value)
            binding.bind_ortvalue_output(slot.present, value)
        self._bound = rows


def common_prefix(prompts: Sequence[Sequence[int]]) -> int:
    """How many leading tokens all prompts share, leaving each at least one of its own."""
    first = list(prompts[0])
    length = min(map(len, prompts)) - 1
    for prompt in prompts[1:]:
        length = shared_prefix(first[:length], list(prompt[:length]))
    return length

"""The engine: token ids in, token ids out.

It knows nothing of text, tokenizers, chat formats or notebooks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from qwen_magics.engine.batch import BatchDecoding, common_prefix
from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.decoding import Decoding, chunks
from qwen_magics.engine.device import Device
from qwen_magics.engine.device_forward import DeviceForward
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.drafting import Draft, Drafter, DraftMemory, Recalled
from qwen_magics.engine.forward import Forward, Logits, grouped_tokens, paired
from qwen_magics.engine.generation import Generation, SamplingParams, Usage
from qwen_magics.engine.grammar import TokenGrammar
from qwen_magics.engine.growing import GrowingCache
from qwen_magics.engine.pages import anonymous_memory, collapse, difference
from qwen_magics.engine.prefixes import PrefixCache
from qwen_magics.engine.provider import Provider, ProviderChoice, choose_provider
from qwen_magics.engine.sampling import check_params
from qwen_magics.engine.saved_prompts import SavedPrompts, fingerprint
from qwen_magics.engine.session import open_session
from qwen_magics.engine.signature import GraphSignature
from qwen_magics.engine.threads import available_threads
from qwen_magics.errors import ContextOverflowError, EngineError, ProviderError
from qwen_magics.model.memory import available_memory

__all__ = ["Engine"]

# Tokens per run while a prompt is computed. Prefill costs the same CPU time per token from 64 to 1,024 (0.5B,
# 8 bit), so the small end it is: a stop is honoured soon and activations take little memory.
_CHUNK = 128
# A GPU does a thousand tokens in the time of a hundred.
_CHUNK_ON_DEVICE = 1024
# Rows of logits are 600 kB each, so where all of them are wanted a run is shorter.
_CHUNK_ALL_ROWS = 64
_MOST_CACHE = 2 << 30
_ANSWER = 256  # tokens; few answers are longer, and buffers that double would often do so for nothing
# How often a caller that waits for its turn looks whether it was cancelled.
_WAIT_S = 0.05


class Engine:
    """A loaded model that generates one answer at a time; a second caller waits for the first.

    Args:
        directory: a model directory (`genai_config.json`, `model.onnx`, …).
        provider: `auto` takes CUDA if it is usable, else the CPU.
        threads: CPU threads; None takes the cores that affinity and the cgroup grant.
        context_length: most tokens, prompt and answer together; at most the model's own.
        cache_bytes: memory for the keys and values of past prompts; None takes an eighth of the
            machine's, at most 2 GB.
        reason: why this provider, where the caller knows better.
        saved_prompts: a folder for keys and values of prompts, which outlive the process there; None keeps
            none. On the CPU only, and only for graphs that write in place.
        saved_bytes: what the folder may take.
        on_load: called when the weights begin to load. That takes no Python, so it is the moment to start
            other work in another thread; before, the two would wait for each other.

    Attributes:
        provider: what runs the model, with the reason.
        vocab_size: width of the logits.
        context_length: most tokens, prompt and answer together.
        eos_tokens: ids that end an answer.
        threads: CPU threads in use.
        load_s: seconds that loading took.

    Raises:
        DamagedModelError: a file is missing or broken.
        UnsupportedModelError: a graph that this engine cannot run.
        ProviderError: `cuda` was asked for and is not usable.
    """

    provider: ProviderChoice
    vocab_size: int
    context_length: int
    eos_tokens: frozenset[int]
    threads: int
    load_s: float

    def __init__(
        self,
        directory: Path,
        *,
        provider: Provider = "auto",
        threads: int | None = None,
        context_length: int | None = None,
        cache_bytes: int | None = None,
        reason: str | None = None,
        saved_prompts: Path | None = None,
        saved_bytes: int = 2_000_000_000,
        on_load: Callable[[], None] | None = None,
    ) -> None:
        started = perf_counter()
        model = ModelDirectory.read(directory)
        self.threads = threads or available_threads()
        self.vocab_size = model.vocab_size
        # Runs come in pairs of rows (see `forward`), so an odd last position could never be run.
        most = model.context_length - model.context_length % 2
        self.context_length = min(most, context_length or most)
        self.eos_tokens = model.eos_tokens
        before = anonymous_memory()
        choice = choose_provider(provider)
        if on_load is not None:
            on_load()
        session, self.provider, recorded = _open(model, provider, choice, self.threads)
        if reason is not None:
            self.provider = replace(self.provider, reason=reason)
        signature = GraphSignature.of(session, heads=model.kv_heads, head_dim=model.head_dim)
        shared = model.shares_cache(signature.attentions)
        self._cache = KvCache if shared else GrowingCache
        # What writes at fixed addresses, or several sequences into one buffer, feeds no positions.
        self._in_place = shared and not signature.position_ids
        self._device: Device | None = None
        if self.provider.name != "cpu":
            slot = signature.slots[0]
            self._device = Device(self.provider.name, self.vocab_size, signature.logits_dtype, slot.dtype)
        recorded = recorded and self._in_place
        self._forward: Forward | None = _forward(
            session, signature, model, self._device, recorded, self.threads
        )
        chunk = _CHUNK if self._device is None else _CHUNK_ON_DEVICE
        self._chunk = chunk if signature.keeps_logits else _CHUNK_ALL_ROWS
        self._signature = signature
        self._prefixes = PrefixCache(self._sequence, cache_bytes or _cache_budget())
        self._saved: SavedPrompts | None = None
        if saved_prompts is not None and self._in_place and self._device is None:
            self._saved = SavedPrompts(saved_prompts, fingerprint(directory, self.threads), saved_bytes)
        self._drafts = DraftMemory()
        self._background = ThreadPoolExecutor(1, thread_name_prefix="qwen-magics-mask")
        on_cpu = self.provider.name == "cpu"
        self._in_small_pages = difference(anonymous_memory(), before) if on_cpu else []
        self._lock = threading.Lock()
        self.load_s = perf_counter() - started

    def generate(
        self,
        prompt: Sequence[int],
        params: SamplingParams | None = None,
        *,
        grammar: TokenGrammar | Future[TokenGrammar] | None = None,
        on_token: Callable[[int], None] | None = None,
        cancel: threading.Event | None = None,
        save: bool = False,
    ) -> Generation:
        """Continue `prompt`.

        What the cache already holds of the prompt is not computed again. If anything raises, `on_token`
        included, the engine stays usable.

        Args:
            prompt: token ids, at least one.
            params: how tokens are chosen and when to stop; None is greedy.
            grammar: constrains the answer; tokens that it dictates are not sampled. One that is still being
                compiled is waited for while the prompt is computed.
            on_token: called in this thread with each id of the answer, the stop token not.
            cancel: when set, generation ends before the next token or prefill chunk.
            save: keep the prompt on the disk, where the engine has a folder for it: it will be asked again.

        Raises:
            ContextOverflowError: prompt and `max_tokens` exceed the context; nothing was computed.
            ConfigError: a sampling parameter is out of range.
            GrammarError: no token can satisfy the grammar.
            EngineError: the run failed, the prompt is empty or holds ids that the model does not have.
        """
        params = params or SamplingParams()
        check_params(params)
        self._check_prompt(prompt, params.max_tokens)
        with self._turn(cancel) as forward:
            if forward is None:
                return Generation([], "cancelled", Usage(prompt_tokens=len(prompt)))
            return self._generate(forward, prompt, params, grammar, on_token, cancel, save=save)

    def generate_batch(
        self,
        prompts: Sequence[Sequence[int]],
        params: SamplingParams | None = None,
        *,
        grammar: TokenGrammar | None = None,
        rows: int = 1,
        on_answer: Callable[[int, Generation], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> list[Generation]:
        """Continue many prompts, one after the other or `rows` at a time; each answer is that of `generate`.

        What all prompts begin with is computed once. Put it first: instructions, tables, then the row.

        Args:
            prompts: token ids, at least one each.
            params: for all of them; None is greedy.
            grammar: constrains every answer.
            rows: most answers at a time; fewer where the memory would not do. On the CPUs that were
                measured one at a time is fastest, thanks to drafts and forced tokens (docs/engine.md). On
                CUDA, and for graphs whose cache grows or that want positions, it is always one.
            on_answer: called in this thread with a prompt's place and its answer, as answers end.
            cancel: when set, generation ends before the next step; what has not ended is `cancelled`.

        Raises:
            ContextOverflowError, ConfigError, GrammarError, EngineError: see `generate`; nothing is lost of
                what `on_answer` was told.
        """
        params = params or SamplingParams()
        check_params(params)
        for prompt in prompts:
            self._check_prompt(prompt, params.max_tokens)
        done: dict[int, Generation] = {}
        for number, generation in self._batch(prompts, params, grammar, rows, cancel):
            done[number] = generation
            if on_answer is not None:
                on_answer(number, generation)
        return [
            done.get(number) or Generation([], "cancelled", Usage(prompt_tokens=len(prompt)))
            for number, prompt in enumerate(prompts)
        ]

    def _generate(
        self,
        forward: Forward,
        prompt: Sequence[int],
        params: SamplingParams,
        grammar: TokenGrammar | Future[TokenGrammar] | None,
        on_token: Callable[[int], None] | None,
        cancel: threading.Event | None,
        *,
        save: bool = False,
    ) -> Generation:
        stop_tokens = self.eos_tokens | params.stop_tokens
        drafter = Drafter(prompt, self._drafts, stop_tokens) if params.speculate else None
        cache = self._prefixes.take(prompt)
        try:
            generation = self._decode(forward, cache, prompt, params, grammar, drafter, on_token, cancel)
        finally:
            self._prefixes.trim()
            self._use_large_pages()
        if self._saved is not None and save:
            self._saved.save(cache, prompt, self._lock)
        self._drafts.remember(generation.tokens, min(stop_tokens))
        return generation

    def _use_large_pages(self) -> None:
        """Move the weights, once, while the user reads the first answer: before, it would delay that one."""
        if self._in_small_pages:
            self._background.submit(collapse, self._in_small_pages)
            self._in_small_pages = []

    def _batch(
        self,
        prompts: Sequence[Sequence[int]],
        params: SamplingParams,
        grammar: TokenGrammar | None,
        rows: int,
        cancel: threading.Event | None,
    ) -> Iterator[tuple[int, Generation]]:
        if not prompts:
            return
        rows = min(rows, len(prompts), self._rows_in_memory(prompts, params))
        with self._turn(cancel) as forward:
            prefix = None if forward is None else self._shared(forward, prompts)
            if forward is None or prefix is None:
                return
            if rows < 2 or self.provider.name != "cpu" or not self._in_place:
                for number, prompt in enumerate(prompts):
                    if _ended(forward, cancel):
                        return
                    yield number, self._generate(forward, prompt, params, grammar, None, cancel)
                return
            decoding = BatchDecoding(
                forward,
                self._signature,
                prefix,
                prompts,
                params,
                grammar=grammar,
                stop_tokens=self.eos_tokens | params.stop_tokens,
                rows=rows,
                chunk=self._chunk,
            )
            for lane in decoding.run(lambda: _ended(forward, cancel)):
                prompt = prompts[lane.number]
                lane.cache.rewind(len(prompt) - 1)
                guess = Recalled(lane.chooser.tokens, _CHUNK_ALL_ROWS - 1)
                exact = self._decode(forward, lane.cache, prompt, params, grammar, guess, None, cancel)
                usage = replace(exact.usage, cached_tokens=len(prefix))
                yield lane.number, replace(exact, usage=usage)

    def _shared(self, forward: Forward, prompts: Sequence[Sequence[int]]) -> KvCache | None:
        """A sequence with what all prompts begin with; None if the run was terminated."""
        length = common_prefix(prompts)
        prefix = self._prefixes.take(prompts[0][: length + 1])
        for part in chunks(prompts[0][len(prefix) : length], self._chunk):
            if forward.run(prefix, part) is None:
                return None
        return prefix

    def _rows_in_memory(self, prompts: Sequence[Sequence[int]], params: SamplingParams) -> int:
        longest = max(map(len, prompts), default=0) + params.max_tokens
        return max(1, available_memory() // 4 // (longest * self._sequence().bytes_per_token))

    def _decode(
        self,
        forward: Forward,
        cache: KvCache,
        prompt: Sequence[int],
        params: SamplingParams,
        grammar: TokenGrammar | Future[TokenGrammar] | None,
        drafter: Draft | None,
        on_token: Callable[[int], None] | None,
        cancel: threading.Event | None,
    ) -> Generation:
        if self._in_place:
            # Room for the answer is made before the prompt is there: later, keys and values would be copied.
            cache.reserve(min(len(prompt) + min(params.max_tokens, _ANSWER), self.context_length))
        decoding = Decoding(
            forward,
            cache,
            prompt,
            params,
            stop_tokens=self.eos_tokens | params.stop_tokens,
            grammar=_ready(grammar) if isinstance(grammar, TokenGrammar) else grammar,
            on_token=on_token,
            cancelled=lambda: _ended(forward, cancel),
            chunk=self._chunk,
            drafter=drafter,
            cost=self._drafts.cost,
            background=self._background,
        )
        if self._saved is not None:
            self._saved.fill(cache, prompt)  # counted as time to the first token
        return decoding.run()

    def interrupt(self) -> None:
        """Stop the generation under way, within an operator; call it from another thread.

        `generate` then returns what it has, as `cancelled`. Without a generation under way nothing happens.
        """
        if self._forward is not None:
            self._forward.terminate()

    def logits(self, tokens: Sequence[int]) -> Logits:
        """Logits after every token, [len(tokens), vocab] in float32, for measurements of fidelity.

        Raises:
            ContextOverflowError: more tokens than the context holds.
            EngineError: the run failed or was interrupted.
        """
        self._check_prompt(tokens, 0)
        rows = np.empty((len(tokens), self.vocab_size), dtype=np.float32)
        with self._turn() as forward:
            assert forward is not None
            sequence = self._sequence()
            for part in chunks(tokens, _CHUNK_ALL_ROWS):
                start = len(sequence)
                block = forward.run(sequence, part, keep=len(part))
                if block is None:
                    msg = "Computing logits was interrupted."
                    raise EngineError(msg)
                for place in range(len(part)):
                    row = block[place]
                    rows[start + place] = row if isinstance(row, np.ndarray) else row.fetch()
            sequence.release()
        return rows

    @property
    def cache_bytes(self) -> int:
        """Memory that the keys and values of all sequences take now."""
        return sum(sequence.bytes_written for sequence in self._prefixes.sequences)

    def close(self) -> None:
        """Free the weights and the cache; waits for a generation under way."""
        with self._lock:
            self._forward = None
            self._prefixes.clear()
        self._background.shutdown()
        if self._saved is not None:
            self._saved.close()  # without the lock, for which it may wait

    def _sequence(self) -> KvCache:
        return self._cache(self._signature.slots, paired(self.context_length), self._device)

    @contextmanager
    def _turn(self, cancel: threading.Event | None = None) -> Iterator[Forward | None]:
        """Wait until no other caller runs; yields what runs, or None if `cancel` was set meanwhile."""
        # Without `cancel` nobody can end the wait early, so it need not look up in between.
        while not self._lock.acquire(timeout=-1 if cancel is None else _WAIT_S):
            if cancel is not None and cancel.is_set():
                yield None
                return
        try:
            if self._forward is None:
                msg = "This engine is closed. Load the model again with `%qwen load`."
                raise EngineError(msg)
            self._forward.reset()
            yield self._forward
        finally:
            self._lock.release()

    def _check_prompt(self, prompt: Sequence[int], max_tokens: int) -> None:
        if len(prompt) == 0:
            msg = "The prompt holds no tokens; give at least one."
            raise EngineError(msg)
        if min(prompt) < 0 or max(prompt) >= self.vocab_size:
            msg = f"The prompt holds ids outside 0…{self.vocab_size - 1:,}: it comes from another tokenizer."
            raise EngineError(msg)
        needed = len(prompt) + max_tokens
        if needed > self.context_length:
            msg = (
                f"The prompt has {len(prompt):,} tokens and the answer may take {max_tokens:,}: {needed:,} "
                f"in all, but the context holds {self.context_length:,}. Ask with fewer tables or columns, "
                "or lower --max-tokens."
            )
            raise ContextOverflowError(msg, needed=needed, available=self.context_length)


def _ended(forward: Forward, cancel: threading.Event | None) -> bool:
    return forward.terminated or (cancel is not None and cancel.is_set())


def _ready(grammar: TokenGrammar) -> Future[TokenGrammar]:
    future: Future[TokenGrammar] = Future()
    future.set_result(grammar)
    return future


def _cache_budget() -> int:
    return min(_MOST_CACHE, available_memory() // 8)


def _open(
    model: ModelDirectory, requested: Provider, choice: ProviderChoice, threads: int
) -> tuple[Any, ProviderChoice, bool]:
    """The session, what runs it, and whether it records steps; the CPU where CUDA looked usable but fails,
    unless it was insisted on.
    """
    # A graph with a node that CUDA does not have cannot be recorded, but runs.
    for recorded in (True, False) if choice.name == "cuda" else (False,):
        try:
            session = open_session(model, choice, threads, recorded=recorded)
            if choice.name == "cuda":
                _require_float16(session, model)
            return session, choice, recorded
        except ProviderError as exc:
            failure = exc
    if requested == "cuda":
        raise failure
    choice = ProviderChoice("cpu", f"CPU, because CUDA failed to start: {failure}")
    return open_session(model, choice, threads), choice, False


def _require_float16(session: Any, model: ModelDirectory) -> None:
    """CUDA's GroupQueryAttention has no float32: each layer would go to the CPU and back."""
    signature = GraphSignature.of(session, heads=model.kv_heads, head_dim=model.head_dim)
    if signature.slots[0].dtype == "float32" and model.shares_cache(signature.attentions):
        msg = (
            f"{model.path} computes in float32, and CUDA's attention takes float16. "
            "Build it again with `--quantisation int8-fp16`."
        )
        raise ProviderError(msg)


def _forward(
    session: Any,
    signature: GraphSignature,
    model: ModelDirectory,
    device: Device | None,
    recorded: bool,
    threads: int,
) -> Forward:
    if device is None:
        grouped = grouped_tokens(threads, signature.slots[0].heads)
        return Forward(session, signature, model.vocab_size, max_grouped_tokens=grouped)
    return DeviceForward(
        session, signature, model.vocab_size, device, limit=model.context_length, recorded=recorded
    )

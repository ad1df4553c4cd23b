"""A model directory as a `LanguageModel`: tokenizer, template and engine put together.

The engine runs in a worker thread and the caller's thread waits on a queue. So a stop button
(KeyboardInterrupt reaches only the main thread, and only between Python instructions) is answered at once
even while ONNX Runtime computes, and drawing the output never slows decoding down.
"""

from __future__ import annotations

import hashlib
import json
import queue
import struct
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

from qwen_magics.chat.device_check import fault_of_device
from qwen_magics.chat.messages import CallFormat, Completion, Message, ModelCard
from qwen_magics.chat.stream import TextStream
from qwen_magics.chat.template import ChatTemplate, Piece
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import Generation, SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler, TokenGrammar
from qwen_magics.errors import Cancelled, ProviderError
from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["LocalModel", "grammar_compiler"]


class LocalModel:
    """A Qwen on this machine.

    Args:
        saved_prompts, saved_bytes: see `engine.Engine`.

    Raises (on construction):
        DamagedModelError, UnsupportedModelError, ProviderError: see `engine.Engine`.
    """

    def __init__(
        self,
        directory: Path,
        *,
        provider: Literal["auto", "cpu", "cuda"] = "auto",
        threads: int | None = None,
        context_length: int | None = None,
        call_format: CallFormat = "fenced",
        name: str | None = None,
        saved_prompts: Path | None = None,
        saved_bytes: int = 2_000_000_000,
    ) -> None:
        self._pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="qwen-magics")
        loading = threading.Event()
        tokenizer = self._pool.submit(_tokenizer_after, loading, directory)
        # The grammar tables take about a second, part of it while the first prompt is computed.
        self._compiler = self._pool.submit(_make_compiler, directory, tokenizer)
        self._template = ChatTemplate.from_directory(directory)
        try:
            self.engine = Engine(
                directory,
                provider=provider,
                threads=threads,
                context_length=context_length,
                saved_prompts=saved_prompts,
                saved_bytes=saved_bytes,
                on_load=loading.set,
            )
        finally:
            loading.set()  # where it failed before: the pool must not wait for ever
        self.tokenizer = tokenizer.result()
        if self.engine.provider.name != "cpu":
            self._distrust(directory, insisted=provider == "cuda")
        self.compile = lru_cache(maxsize=32)(self._compile_grammar)
        self.weight_bytes = sum(
            file.stat().st_size for file in directory.iterdir() if file.name.startswith("model.onnx")
        )
        self.card = _card(directory, self.engine, call_format, name)

    def _distrust(self, directory: Path, *, insisted: bool) -> None:
        """Go on with the CPU if the device computes something else; an error if it was insisted on."""
        fault = fault_of_device(self.engine, directory, self.tokenizer)
        if fault is None:
            return
        threads, context_length = self.engine.threads, self.engine.context_length
        self.engine.close()
        if insisted:
            msg = f"CUDA was asked for, but {fault}. Use provider 'auto' or 'cpu', or update the driver."
            raise ProviderError(msg)
        reason = f"CPU, because a test of the GPU failed: {fault}."
        self.engine = Engine(
            directory, provider="cpu", threads=threads, context_length=context_length, reason=reason
        )

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` as plain content."""
        return len(self.tokenizer.encode(text, special=False))

    def complete(
        self,
        messages: Sequence[Message],
        *,
        prefix: str = "",
        grammar: str | None = None,
        params: SamplingParams = SamplingParams(),  # noqa: B008 — frozen
        stop: Sequence[str] = (),
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """See `LanguageModel.complete`."""
        pieces = [*self._template.render(messages), *([Piece(prefix, trusted=True)] if prefix else [])]
        prompt = [t for piece in pieces for t in self.tokenizer.encode(piece.text, special=piece.trusted)]
        stream = TextStream(self.tokenizer.stream(), stop)
        compiled = self.compile(grammar) if grammar is not None else None
        generation, interrupted = _Run(self.engine, stream, on_text).wait(prompt, params, compiled)
        completion = _completion("".join(p.text for p in pieces), stream, generation, self.tokenizer)
        if interrupted:
            cancelled = Cancelled("Stopped while the model was writing.")
            cancelled.completion = completion
            raise cancelled
        return completion

    def close(self) -> None:
        """Free the session and its memory."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.engine.close()

    def _compile_grammar(self, grammar: str) -> Future[TokenGrammar]:
        return self._pool.submit(lambda: self._compiler.result().compile(grammar))


def _tokenizer_after(loading: threading.Event, directory: Path) -> Tokenizer:
    """Made while the weights load: making it holds the interpreter for its whole third of a second."""
    loading.wait()
    return Tokenizer.from_directory(directory)


def _make_compiler(directory: Path, tokenizer: Future[Tokenizer]) -> GrammarCompiler:
    model, loaded = ModelDirectory.read(directory), tokenizer.result()
    compiler = grammar_compiler(loaded, model.vocab_size, _end_of_turn(model, loaded))
    compiler.prepare()
    return compiler


def grammar_compiler(tokenizer: Tokenizer, vocab_size: int, eos_token: int) -> GrammarCompiler:
    """Compiles grammars for a tokenizer; `vocab_size` is the width of the logits."""
    encode = partial(tokenizer.encode, special=False)
    return GrammarCompiler(tokenizer.pieces(vocab_size), tokenizer.added_ids, encode, eos_token)


def _end_of_turn(model: ModelDirectory, tokenizer: Tokenizer) -> int:
    try:
        return tokenizer.token_id("<|im_end|>")
    except KeyError:  # another family: any of its own will do
        return min(model.eos_tokens)


class _Run:
    """One generation in a worker thread, watched from the caller's."""

    def __init__(self, engine: Engine, stream: TextStream, on_text: Callable[[str], None] | None) -> None:
        self._engine = engine
        self._stream = stream
        self._on_text = on_text
        self._cancel = threading.Event()
        self._texts: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._outcome: Generation | BaseException | None = None

    def wait(
        self, prompt: list[int], params: SamplingParams, grammar: Future[TokenGrammar] | None
    ) -> tuple[Generation, bool]:
        """The generation, and whether the user interrupted it."""
        worker = threading.Thread(
            target=self._work, args=(prompt, params, grammar), name="qwen-magics-decode"
        )
        worker.start()
        interrupted = False
        try:
            self._pump()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            # Also when `on_text` failed: never leave a decode running behind a cell that has ended.
            self._cancel.set()
            if worker.is_alive():
                self._engine.interrupt()
            worker.join()
        if isinstance(self._outcome, Generation):
            return self._outcome, interrupted
        assert self._outcome is not None
        raise self._outcome

    def _pump(self) -> None:
        while (text := self._texts.get()) is not None:
            if self._on_text is not None and text:
                self._on_text(text)

    def _work(self, prompt: list[int], params: SamplingParams, grammar: Future[TokenGrammar] | None) -> None:
        try:
            self._outcome = self._engine.generate(
                prompt, params, grammar=grammar, on_token=self._on_token, cancel=self._cancel, save=True
            )
            self._texts.put(self._stream.flush())
        except BaseException as exc:  # handed to the waiting thread, which raises it
            self._outcome = exc
        finally:
            self._texts.put(None)

    def _on_token(self, token: int) -> None:
        self._texts.put(self._stream.push(token))
        if self._stream.stopped:
            self._cancel.set()


def _completion(prompt: str, stream: TextStream, generation: Generation, tokenizer: Tokenizer) -> Completion:
    ids = generation.tokens
    return Completion(
        text=stream.text,
        prompt=prompt,
        # A stop string is found here, not in the engine, which only saw itself cancelled.
        finish_reason="stop" if stream.stopped else generation.finish_reason,
        usage=generation.usage,
        mean_logprob=generation.mean_logprob,
        rejected_mass=generation.rejected_mass,
        pieces=_pieces(stream.text, generation, tokenizer),
        tokens_sha256=hashlib.sha256(struct.pack(f"<{len(ids)}q", *ids)).hexdigest(),
    )


def _pieces(text: str, generation: Generation, tokenizer: Tokenizer) -> tuple[tuple[str, float | None], ...]:
    """The tokens as texts, cut where the stop string begins."""
    decoder, pieces, length = tokenizer.stream(), [], 0
    for token, logprob in zip(generation.tokens, generation.logprobs, strict=True):
        piece = decoder.push(token)[: len(text) - length]
        length += len(piece)
        pieces.append((piece, logprob))
        if length == len(text):
            break
    rest = text[length:]  # half a character at the very end
    return (*pieces, (rest, None)) if rest else tuple(pieces)


def _card(directory: Path, engine: Engine, call_format: CallFormat, name: str | None) -> ModelCard:
    info = _provenance(directory)
    return ModelCard(
        id=name or str(info.get("name") or directory.name),
        sha256=str(info.get("source", {}).get("sha256", "")),
        quantisation=str(info.get("quantisation", {}).get("weights", "unknown")),
        provider=engine.provider.name,
        call_format=call_format,
        context_length=engine.context_length,
    )


def _provenance(directory: Path) -> dict[str, Any]:
    # Directories that other exporters made have no such file and load all the same.
    path = directory / "qwen_magics.json"
    data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return data if isinstance(data, dict) else {}

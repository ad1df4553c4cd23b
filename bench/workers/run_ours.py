"""This project's engine: `Engine.generate` with its grammars, as `LocalModel` drives it."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from serving import Backend, Progress, serve, versions

from qwen_magics.chat.local import grammar_compiler
from qwen_magics.chat.stream import TextStream
from qwen_magics.engine.directory import ModelDirectory
from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.grammar import GrammarCompiler, TokenGrammar
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.model.tokenizer import Tokenizer


class Ours(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        directory = Path(request["model"])
        pool = ThreadPoolExecutor(max_workers=1)
        loading = threading.Event()
        # As in LocalModel: made while the weights load, the grammar's tables too; both hold the interpreter.
        tokenizer = pool.submit(_tokenizer_after, loading, directory)
        self.compiler = pool.submit(_make_compiler, directory, tokenizer)
        self.engine = Engine(
            directory,
            provider="cpu",
            threads=request["threads"],
            context_length=request["context"],
            on_load=loading.set,
        )
        self.tokenizer = tokenizer.result()
        self.compiled = lru_cache(maxsize=32)(self._compile)
        settings = {"threads": self.engine.threads, "context": self.engine.context_length}
        found = {"onnxruntime": load_runtime().__version__, **versions("qwen-magics", "llguidance")}
        return {"settings": settings, "versions": found}

    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        stream = TextStream(self.tokenizer.stream(), request["stop"])
        cancel = threading.Event()

        def on_token(token: int) -> None:
            progress.add()
            stream.push(token)
            if stream.stopped:
                cancel.set()

        generation = self.engine.generate(
            request["prompt"],
            SamplingParams(
                temperature=request["temperature"], seed=request["seed"], max_tokens=request["max_tokens"]
            ),
            grammar=None if request["grammar"] is None else self.compiled(request["grammar"]),
            on_token=on_token,
            cancel=cancel,
        )
        stream.flush()
        progress.text, progress.finish = stream.text, generation.finish_reason
        progress.cached = generation.usage.cached_tokens

    def state(self) -> dict[str, Any]:
        return {"kv_bytes": self.engine.cache_bytes}

    def _compile(self, lark: str) -> TokenGrammar:
        return self.compiler.result().compile(lark)


def _tokenizer_after(loading: threading.Event, directory: Path) -> Tokenizer:
    loading.wait()
    return Tokenizer.from_directory(directory)


def _make_compiler(directory: Path, tokenizer: Future[Tokenizer]) -> GrammarCompiler:
    loaded = tokenizer.result()
    width = ModelDirectory.read(directory).vocab_size
    compiler = grammar_compiler(loaded, width, loaded.token_id("<|im_end|>"))
    compiler.prepare()
    return compiler


if __name__ == "__main__":
    serve(Ours())

"""llama.cpp as `xllamacpp` builds it: its server in this process, called without HTTP.

The server's prompt cache (slot reuse and states kept in memory) is on, as is flash attention where it helps.
The wheel is built with llguidance, so grammars in its Lark dialect are taken as they are.
"""

from __future__ import annotations

from typing import Any

import xllamacpp
from serving import Backend, Progress, serve, versions

# A server prints a line for each token's state otherwise.
_QUIET = 0


class LlamaCpp(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        params = xllamacpp.CommonParams()
        params.model.path = request["model"]
        params.n_ctx = request["context"]
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = request["threads"]
        params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.verbosity = _QUIET
        if "ngram" in request:
            kinds = xllamacpp.common_speculative_type
            params.speculative.types = [kinds.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
            params.speculative.ngram_simple.size_n = request["ngram"]
            params.speculative.ngram_simple.size_m = request["draft"]
        self.server = xllamacpp.Server(params)
        settings = {
            "threads": request["threads"],
            "context": params.n_ctx,
            "n_batch": params.n_batch,
            "n_ubatch": params.n_ubatch,
            "flash_attention": "auto",
            "prompt_cache_mib": params.cache_ram_mib,
            "ngram": request.get("ngram"),
            "draft": request.get("draft"),
            "features": xllamacpp.get_system_info(),
        }
        return {"settings": settings, "versions": versions("xllamacpp")}

    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        body: dict[str, Any] = {
            "prompt": request["prompt"],
            "max_tokens": request["max_tokens"],
            "temperature": request["temperature"],
            # Greedy needs one candidate; otherwise the same wide-open sampling as everywhere here.
            "samplers": ["top_k"] if request["temperature"] == 0 else ["temperature"],
            "top_k": 1,
            "cache_prompt": True,
            "stream": True,
        }
        if request["seed"] is not None:
            body["seed"] = request["seed"]
        if request["grammar"] is not None:
            body["grammar"] = request["grammar"]
        if request["stop"]:
            body["stop"] = request["stop"]
        stream = _Stream(progress)
        self.server.handle_completions(body, stream.take)
        if stream.error:
            raise RuntimeError(stream.error)


class _Stream:
    """The parts of one answer. The server swallows what a callback raises, so an error is kept."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.error = ""

    def take(self, part: Any) -> None:
        if "choices" not in part:
            self.error = str(part)
            return
        choice, progress = part["choices"][0], self._progress
        progress.text += choice["text"]
        if choice["finish_reason"] is None:
            progress.add()
            return
        progress.finish, usage = choice["finish_reason"], part["usage"]
        progress.cached = usage["prompt_tokens_details"]["cached_tokens"]
        # Text is held back where it may become a stop string: the server's own count is the right one.
        progress.add(max(0, usage["completion_tokens"] - progress.tokens))


if __name__ == "__main__":
    serve(LlamaCpp())

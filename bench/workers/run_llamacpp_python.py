"""llama.cpp as pip compiles it on this machine (`llama-cpp-python`), so for all its vector instructions.

It keeps the state of the last prompt and computes what differs. Built without llguidance, it takes grammars
as a logits processor of llguidance's Python.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from guidance import Grammars
from llama_cpp import Llama, LogitsProcessorList, llama_print_system_info
from serving import Backend, Progress, StopText, common_prefix, serve, versions


class LlamaCppPython(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        self.llama = Llama(
            request["model"],
            n_ctx=request["context"],
            n_threads=request["threads"],
            n_threads_batch=request["threads"],
            n_batch=2048,
            n_ubatch=512,
            flash_attn=True,
            verbose=False,
        )
        self.tokenizer = Path(request["tokenizer"])
        self.grammars: Grammars | None = None
        settings = {
            "threads": request["threads"],
            "context": request["context"],
            "n_batch": 2048,
            "n_ubatch": 512,
            "flash_attention": True,
            "features": llama_print_system_info().decode(),
        }
        return {"settings": settings, "versions": versions("llama-cpp-python", "llguidance")}

    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        prompt, stop, answer = request["prompt"], StopText(request["stop"]), []
        known = self.llama.input_ids[: self.llama.n_tokens].tolist()
        progress.cached = min(common_prefix(known, prompt), len(prompt) - 1)
        if request["seed"] is not None:
            self.llama.set_seed(request["seed"])
        progress.finish = "length"
        tokens = self.llama.generate(
            prompt,
            temp=request["temperature"],
            top_k=0,
            top_p=1.0,
            min_p=0.0,
            repeat_penalty=1.0,
            logits_processor=self._guided(request["grammar"]),
        )
        for token in tokens:
            progress.add()
            if token == self.llama.token_eos():
                progress.finish = "stop"
                break
            answer.append(token)
            if stop.found(self._text, answer):
                progress.finish = "stop"
                break
            if len(answer) == request["max_tokens"]:
                break
        progress.text = stop.cut(self._text(answer))

    def _text(self, tokens: list[int]) -> str:
        return self.llama.detokenize(tokens).decode("utf-8", "replace")

    def _guided(self, lark: str | None) -> LogitsProcessorList | None:
        if lark is None:
            return None
        if self.grammars is None:
            self.grammars = Grammars(self.tokenizer, self.llama.n_vocab())
        guide = self.grammars.start(lark)

        def process(input_ids: Any, scores: Any) -> Any:
            refused = guide.refused(input_ids, int(np.argmax(scores)))
            if refused is not None:
                scores[refused] = -np.inf
            return scores

        return LogitsProcessorList([process])


if __name__ == "__main__":
    serve(LlamaCppPython())

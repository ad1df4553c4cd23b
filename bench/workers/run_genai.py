"""onnxruntime-genai over the same model directory that this project's engine loads.

Its generators are kept, one per grammar, and rewound to what the next prompt shares with the last: that is
its prefix cache. Grammars go to its own llguidance, with forced tokens on.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime_genai as og
from serving import Backend, Progress, StopText, common_prefix, serve, versions
from tokenizers import Tokenizer

# Grammars whose generators are kept. Each holds a KV cache of the whole context.
_KEPT = 4


@dataclass
class _Sequence:
    generator: Any
    tokens: list[int] = field(default_factory=list)


class GenAI(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        og.disable_telemetry_events()
        config = og.Config(request["model"])
        session = {"intra_op_num_threads": request["threads"]}
        config.overlay(json.dumps({"model": {"decoder": {"session_options": session}}}))
        self.model = og.Model(config)
        self.tokenizer = Tokenizer.from_file(str(Path(request["model"]) / "tokenizer.json"))
        self.context = request["context"]
        self.speculative = request.get("speculative", {})
        self.search = request.get("search", {})
        self.kept: OrderedDict[Any, _Sequence] = OrderedDict()
        settings = {
            **session,
            "context": self.context,
            "speculative": self.speculative,
            "search": self.search,
        }
        return {"settings": settings, "versions": versions("onnxruntime-genai", "onnxruntime")}

    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        prompt = request["prompt"]
        sequence = self._sequence(request)
        # The last token is computed in any case: its logits are wanted.
        progress.cached = min(common_prefix(sequence.tokens, prompt), len(prompt) - 1)
        if sequence.tokens:
            sequence.generator.rewind_to(progress.cached)
        sequence.tokens = list(prompt)
        sequence.generator.append_tokens(np.array(prompt[progress.cached :], dtype=np.int32))
        self._decode(sequence, request, progress)

    def _decode(self, sequence: _Sequence, request: dict[str, Any], progress: Progress) -> None:
        generator, stop = sequence.generator, StopText(request["stop"])
        answer: list[int] = []
        progress.finish = "length"
        while len(answer) < request["max_tokens"]:
            generator.generate_next_token()
            # Forced and drafted tokens come several at a time.
            new = generator.get_sequence(0)[len(sequence.tokens) :].tolist()
            sequence.tokens += new
            answer += new
            progress.add(len(new))
            if generator.is_done() or stop.found(self.tokenizer.decode, answer):
                progress.finish = "stop"
                break
        progress.text = stop.cut(self.tokenizer.decode(answer))

    def _sequence(self, request: dict[str, Any]) -> _Sequence:
        key = (request["grammar"], request["temperature"], request["seed"])
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        while len(self.kept) >= _KEPT:
            self.kept.popitem(last=False)
        self.kept[key] = _Sequence(og.Generator(self.model, self._params(request)))
        return self.kept[key]

    def _params(self, request: dict[str, Any]) -> Any:
        params = og.GeneratorParams(self.model)
        sampled = request["temperature"] > 0
        options: dict[str, Any] = {"max_length": self.context, "do_sample": sampled, **self.search}
        if sampled:
            options |= {"temperature": request["temperature"], "random_seed": request["seed"] or 0}
        params.set_search_options(**options)
        if self.speculative:
            params.set_speculative_options(**self.speculative)
        if request["grammar"] is not None:
            params.set_guidance("lark_grammar", request["grammar"], True)
        return params


if __name__ == "__main__":
    serve(GenAI())

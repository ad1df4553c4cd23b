"""transformers on PyTorch, eager, weights from the same GGUF; its cache is kept and cropped between calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from generation import Generation
from serving import Backend, Progress, common_prefix, serve, versions
from transformers import AutoModelForCausalLM, DynamicCache


class Transformers(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        torch.set_num_threads(request["threads"])
        directory = Path(request["model"])
        dtype = request["dtype"]
        self.model = AutoModelForCausalLM.from_pretrained(directory, dtype=getattr(torch, dtype)).eval()
        self.generation = Generation(directory / "tokenizer.json", self.model.config.vocab_size)
        self.cache, self.cached = DynamicCache(config=self.model.config), []
        settings = {
            "dtype": dtype,
            "threads": torch.get_num_threads(),
            "attention": self.model.config._attn_implementation,
        }
        return {"settings": settings, "versions": versions("transformers", "torch", "llguidance")}

    @torch.inference_mode()
    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        prompt = request["prompt"]
        progress.cached = min(common_prefix(self.cached, prompt), len(prompt) - 1)
        surplus = len(self.cached) - progress.cached
        # If anything fails from here on, nothing counts as cached.
        self.cached = []
        if not progress.cached:
            self.cache = DynamicCache(config=self.model.config)
        elif surplus:
            self.cache.crop(-surplus)
        arguments = self.generation.arguments(request, progress)
        sequence = self.model.generate(**arguments, past_key_values=self.cache)[0].tolist()
        self.cached = sequence[: self.cache.get_seq_length()]
        self.generation.finish(request, sequence, progress)


if __name__ == "__main__":
    serve(Transformers())

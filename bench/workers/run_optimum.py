"""optimum's ORTModelForCausalLM over its own export: fp32, a growing cache, nothing fused or quantised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime
import torch
from generation import Generation
from optimum.onnxruntime import ORTModelForCausalLM
from serving import Backend, Progress, common_prefix, serve, versions


class Optimum(Backend):
    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        torch.set_num_threads(request["threads"])
        directory = Path(request["model"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = request["threads"]
        self.model = ORTModelForCausalLM.from_pretrained(directory, session_options=options)
        self.generation = Generation(directory / "tokenizer.json", self.model.config.vocab_size)
        self.past: Any = None
        self.cached: list[int] = []
        settings = {
            "threads": request["threads"],
            "dtype": "float32",
            "io_binding": self.model.use_io_binding,
        }
        found = versions("optimum-onnx", "optimum", "onnxruntime", "transformers", "llguidance")
        return {"settings": settings, "versions": found}

    @torch.inference_mode()
    def generate(self, request: dict[str, Any], progress: Progress) -> None:
        prompt = request["prompt"]
        progress.cached = min(common_prefix(self.cached, prompt), len(prompt) - 1)
        arguments = self.generation.arguments(request, progress)
        if progress.cached:
            arguments["past_key_values"] = _cropped(self.past, progress.cached)
        self.past, self.cached = None, []
        output = self.model.generate(**arguments, return_dict_in_generate=True)
        sequence, self.past = output.sequences[0].tolist(), output.past_key_values
        self.cached = sequence[: self.past[0][0].shape[2]]
        self.generation.finish(request, sequence, progress)


def _cropped(past: Any, length: int) -> Any:
    return tuple(tuple(part[:, :, :length].contiguous() for part in layer) for layer in past)


if __name__ == "__main__":
    serve(Optimum())
